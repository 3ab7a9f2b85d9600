//! The call to the engine, and how its errors are told.

use std::time::{Duration, Instant};

use wasm_thumb::{Limits, Options, Thumbnail};
use wire::FailureCode;

/// A finished thumbnail and how long it took.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) thumbnail: Thumbnail,
    pub(crate) took: Duration,
}

/// Makes the thumbnail on a thread that may be busy for long.
///
/// A panic of the engine is a failure of this one picture: the thread that carries it ends, nothing else does.
pub(crate) async fn run(original: Vec<u8>, limits: Limits) -> Result<Made, FailureCode> {
    let made = tokio::task::spawn_blocking(move || {
        let start = Instant::now();
        let options = Options { limits, ..Options::default() };
        wasm_thumb::thumbnail(&original, &options).map(|thumbnail| Made { thumbnail, took: start.elapsed() })
    });
    match made.await {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(error)) => {
            tracing::info!(%error, code = error.code(), "the engine refuses the picture");
            Err(error.code().parse().unwrap_or(FailureCode::Internal))
        }
        Err(panic) => {
            tracing::error!(%panic, "the engine panicked");
            Err(FailureCode::Internal)
        }
    }
}
