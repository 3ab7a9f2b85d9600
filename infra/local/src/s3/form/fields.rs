//! Reading a form: a few short fields, then the file.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::Stream;
use hyper::body::Body;
use multer::{Field, Multipart};
use s3s::{S3Error, S3ErrorCode, S3Result};

use crate::s3::body::SharedBody;
use crate::server::BodyError;

/// The most bytes of the fields before the file, as on AWS.
const MAX_FIELD_BYTES: usize = 20 << 10;

/// The most fields before the file.
const MAX_FIELDS: usize = 100;

/// The most bytes read before the file: the fields and what surrounds them. The parser gathers the head of a field
/// without a limit of its own, and takes a piece more than it needs at every step.
const MAX_BYTES_BEFORE_FILE: u64 = 512 << 10;

/// The most bytes after the file, where fields are not heeded.
const MAX_BYTES_AFTER_FILE: u64 = 128 << 10;

/// Before and after the file the body is handed on in pieces of so many bytes at most.
const SMALL_PIECE_BYTES: usize = 1 << 10;

/// Within the file what is read has another limit.
const UNLIMITED: u64 = u64::MAX;

/// The fields before the file, names in lower case, each once.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: Vec<(String, String)>,
    /// The file's name, without folders.
    file_name: String,
}

impl Fields {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find_map(|(known, value)| (known == name).then_some(value))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The file's name stands for a variable.
    fn expand(&mut self) {
        for (_, value) in &mut self.fields {
            if value.contains("${filename}") {
                *value = value.replace("${filename}", &self.file_name);
            }
        }
    }
}

/// A form as it comes.
pub(super) struct FormReader {
    parts: Multipart<'static>,
    file: Option<Field<'static>>,
    budget: Arc<AtomicU64>,
}

impl FormReader {
    pub(super) fn new(content_type: &str, body: SharedBody) -> S3Result<Self> {
        let boundary = multer::parse_boundary(content_type).map_err(|_| malformed())?;
        let budget = Arc::new(AtomicU64::new(MAX_BYTES_BEFORE_FILE));
        let pieces = Pieces { body, budget: Arc::clone(&budget), rest: Bytes::new(), is_next_due: true };
        Ok(Self { parts: Multipart::new(pieces, boundary), file: None, budget })
    }

    /// Reads up to the file.
    pub(super) async fn fields(&mut self) -> S3Result<Fields> {
        let mut fields = Fields::default();
        let mut bytes = 0;
        while let Some(mut field) = self.parts.next_field().await.map_err(|error| from_parser(&error))? {
            let name = field.name().ok_or_else(malformed)?.to_ascii_lowercase();
            if name == "file" {
                fields.file_name = base_name(field.file_name().unwrap_or_default()).to_owned();
                self.file = Some(field);
                fields.expand();
                return Ok(fields);
            }
            let mut value = Vec::new();
            bytes += name.len();
            while let Some(piece) = field.chunk().await.map_err(|error| from_parser(&error))? {
                bytes += piece.len();
                if bytes > MAX_FIELD_BYTES || fields.fields.len() == MAX_FIELDS {
                    return Err(too_much_before_file());
                }
                value.extend_from_slice(&piece);
            }
            let value = String::from_utf8(value).map_err(|_| malformed())?;
            // Which of two would count for the policy, and which for the object?
            if fields.get(&name).is_some() {
                let message = format!("POST requires exactly one {name} field");
                return Err(S3Error::with_message(S3ErrorCode::InvalidArgument, message));
            }
            fields.fields.push((name, value));
        }
        let message = "POST requires exactly one file upload per request.";
        Err(S3Error::with_message(S3ErrorCode::IncorrectNumberOfFilesInPostRequest, message))
    }

    /// The file's bytes.
    pub(super) fn file(
        &mut self,
    ) -> S3Result<impl Stream<Item = Result<Bytes, multer::Error>> + Send + use<>> {
        self.budget.store(UNLIMITED, Ordering::Relaxed);
        self.file.take().ok_or_else(malformed)
    }

    /// Reads what follows the file, once that has been read: a form that breaks off there is not whole.
    pub(super) async fn end(&mut self) -> S3Result<()> {
        self.budget.store(MAX_BYTES_AFTER_FILE, Ordering::Relaxed);
        while self.parts.next_field().await.map_err(|error| from_parser(&error))?.is_some() {}
        Ok(())
    }
}

/// Browsers of old give the whole path.
fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A body for the parser, which takes all that is ready into memory: it is given one piece at a time.
struct Pieces {
    body: SharedBody,
    budget: Arc<AtomicU64>,
    rest: Bytes,
    is_next_due: bool,
}

impl Stream for Pieces {
    type Item = Result<Bytes, FormError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.is_next_due {
            self.is_next_due = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        while self.rest.is_empty() {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(cx)) else {
                return Poll::Ready(None);
            };
            self.rest = frame.map_err(FormError::Body)?.into_data().unwrap_or_default();
        }
        self.is_next_due = false;
        let budget = self.budget.load(Ordering::Relaxed);
        if budget == UNLIMITED {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        let length = self.rest.len().min(SMALL_PIECE_BYTES);
        let Some(left) = budget.checked_sub(length as u64) else {
            return Poll::Ready(Some(Err(FormError::TooMuch)));
        };
        self.budget.store(left, Ordering::Relaxed);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }
}

#[derive(Debug, thiserror::Error)]
enum FormError {
    #[error("{0}")]
    Body(#[from] BodyError),
    #[error("too much besides the file")]
    TooMuch,
}

fn from_parser(error: &multer::Error) -> S3Error {
    match error {
        multer::Error::StreamReadFailed(source)
            if matches!(source.downcast_ref(), Some(FormError::TooMuch)) =>
        {
            too_much_before_file()
        }
        _ => malformed(),
    }
}

fn malformed() -> S3Error {
    let message = "The body of your POST request is not well-formed multipart/form-data.";
    S3Error::with_message(S3ErrorCode::MalformedPOSTRequest, message)
}

fn too_much_before_file() -> S3Error {
    let message = "Your POST request fields preceding the upload file was too large.";
    S3Error::with_message(S3ErrorCode::MaxPostPreDataLengthExceededError, message)
}
