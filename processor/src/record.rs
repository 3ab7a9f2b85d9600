//! What is told of each picture: one line of the log, and whoever counts.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasm_thumb::Format;

use crate::Fate;
use crate::event::Created;

/// One try to process one original.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Record {
    /// Key of the original.
    pub key: String,
    /// The id of the request by which it arrived.
    pub request_id: Option<String>,
    /// Size of the original.
    pub bytes: u64,
    /// Width and height of the upright picture, pixels.
    pub size: Option<(u32, u32)>,
    /// What it is.
    pub format: Option<Format>,
    /// How long each stage took.
    pub stages: Stages,
    /// What became of it; the message comes again if there is nothing.
    pub fate: Option<Fate>,
    /// Why the message has to come again.
    pub error: Option<String>,
    began: Instant,
}

/// How long each stage took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stages {
    /// Asking for the original, and reading it.
    pub read: Duration,
    /// Waiting for a core, the thumbnail, the metadata.
    pub engine: Duration,
    /// Waiting for a core, the larger pictures.
    pub larger: Duration,
    /// Writing what was made, and removing what was there before.
    pub write: Duration,
    /// All.
    pub total: Duration,
}

/// Who counts.
pub trait Report: Debug + Send + Sync {
    /// A try has ended.
    fn report(&self, record: &Record);
}

/// Shared by all who have something to report.
pub type Reporter = Arc<dyn Report>;

/// Nobody counts; there is the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogOnly;

impl Report for LogOnly {
    fn report(&self, _record: &Record) {}
}

impl Record {
    pub(crate) fn new(created: &Created) -> Self {
        Self {
            key: created.key.to_string(),
            request_id: created.request_id.clone(),
            bytes: 0,
            size: None,
            format: None,
            stages: Stages::default(),
            fate: None,
            error: None,
            began: Instant::now(),
        }
    }

    /// How it ended, in a word.
    #[must_use]
    pub fn result(&self) -> &'static str {
        match self.fate {
            Some(Fate::Ready) => "ready",
            Some(Fate::Failed(_)) => "failed",
            Some(Fate::Gone) => "gone",
            None => "retried",
        }
    }

    /// The code of a failure.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self.fate {
            Some(Fate::Failed(code)) => Some(code.as_str()),
            _ => None,
        }
    }

    /// Pixels of the picture.
    #[must_use]
    pub fn pixels(&self) -> Option<u64> {
        self.size.map(|(width, height)| u64::from(width) * u64::from(height))
    }

    /// The try has ended: the line of the log.
    pub(crate) fn end(&mut self, ended: Result<Fate, String>) {
        self.stages.total = self.began.elapsed();
        match ended {
            Ok(fate) => self.fate = Some(fate),
            Err(error) => self.error = Some(error),
        }
        let ms = |stage: Duration| u64::try_from(stage.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            key = self.key,
            request_id = self.request_id,
            code = self.code(),
            error = self.error,
            bytes = self.bytes,
            width = self.size.map(|(width, _)| width),
            height = self.size.map(|(_, height)| height),
            pixels = self.pixels(),
            format = self.format.map(Format::name),
            read_ms = ms(self.stages.read),
            engine_ms = ms(self.stages.engine),
            larger_ms = ms(self.stages.larger),
            write_ms = ms(self.stages.write),
            total_ms = ms(self.stages.total),
            "{}",
            self.result()
        );
    }
}
