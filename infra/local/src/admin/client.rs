//! The side of the commands.

use std::io;
use std::path::Path;

use thiserror::Error;

use super::answer::answer;
use super::{Answer, Request};
use crate::store::{OpenError, Settings, Store};

/// The question could not be put.
#[derive(Debug, Error)]
pub enum AskError {
    /// There is no data directory.
    #[error("{0} is no data directory of imagasaur")]
    NoData(std::path::PathBuf),
    /// The running system did not answer.
    #[error("the running system: {0}")]
    Io(#[from] io::Error),
    /// The running system said something that this version does not understand.
    #[error("the running system has another version: {0}")]
    Answer(#[from] serde_json::Error),
    /// No system runs, and the store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It was understood and could not be done.
    #[error("{0}")]
    Failed(String),
}

/// Asks the system that runs on `data`, or the store itself if none runs. `then` is called with the answer while what
/// was asked for still holds.
pub fn ask<T>(data: &Path, request: Request, then: impl FnOnce(Answer) -> T) -> Result<T, AskError> {
    if !data.join("imagasaur.redb").is_file() {
        return Err(AskError::NoData(data.to_owned()));
    }
    #[cfg(unix)]
    if let Some(stream) = connect(data)? {
        return converse(stream, &request, then);
    }
    let store = Store::open(data, Settings::default())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let (answer, _kept) = runtime.block_on(answer(&store, request));
    succeeded(answer).map(then)
}

fn succeeded(answer: Answer) -> Result<Answer, AskError> {
    match answer {
        Answer::Failed(reason) => Err(AskError::Failed(reason)),
        answer => Ok(answer),
    }
}

/// A connection to the running system; `None` if none runs.
#[cfg(unix)]
fn connect(data: &Path) -> io::Result<Option<std::os::unix::net::UnixStream>> {
    use io::ErrorKind::{ConnectionRefused, NotFound};
    let connected = super::socket::Place::open(data)
        .and_then(|place| std::os::unix::net::UnixStream::connect(place.path()));
    match connected {
        Ok(stream) => Ok(Some(stream)),
        // A crash leaves a socket on which nobody listens.
        Err(error) if matches!(error.kind(), NotFound | ConnectionRefused) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn converse<T>(
    mut stream: std::os::unix::net::UnixStream,
    request: &Request,
    then: impl FnOnce(Answer) -> T,
) -> Result<T, AskError> {
    use std::io::{BufRead as _, BufReader, Write as _};
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut reply = String::new();
    BufReader::new(&stream).read_line(&mut reply)?;
    succeeded(serde_json::from_str(&reply)?).map(then)
}
