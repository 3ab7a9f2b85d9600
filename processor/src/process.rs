//! The course of one original: look, read, verify, make, write, look again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_sdk_s3::Client;
use live::{Announcer, Event, Nobody};
use thiserror::Error;
use wasm_thumb::Limits;
use wire::FailureCode;
use wire::key::{Larger, Outcome};

use crate::engine::{Engine, EngineError};
use crate::event::Created;
use crate::larger;
use crate::make::{self, Made};
use crate::products::Products;
use crate::record::{LogOnly, Record, Reporter};
use crate::settings::Settings;
use crate::store::{Body, Head, Store, StoreError};

/// How often an original may change while it is processed before that has to be tried another time.
const MAX_ROUNDS: u32 = 4;

/// Why an original has to be tried again.
#[derive(Debug, Error)]
pub enum Retry {
    /// S3 did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine had no time.
    #[error("the picture took longer than {} ms", .0.as_millis())]
    TooSlow(Duration),
    /// Somebody writes the original again and again.
    #[error("the original changed while it was processed, {} times", MAX_ROUNDS)]
    Overwritten,
}

/// What became of one original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its thumbnail is there.
    Ready,
    /// No thumbnail can be made, and the reason is recorded.
    Failed(FailureCode),
    /// It was deleted in the meantime.
    Gone,
}

/// What an original is, compared with what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Now {
    Same,
    Changed,
    Gone,
}

/// What becomes of an original first.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) head: Head,
    pub(crate) products: Products,
    /// The bytes, if more is to be made of them.
    pub(crate) original: Option<Vec<u8>>,
}

/// Makes thumbnails of originals.
#[derive(Clone, Debug)]
pub struct Processor {
    pub(crate) store: Store,
    engine: Engine,
    limits: Limits,
    settings: Arc<Settings>,
    pub(crate) announcer: Announcer,
    reporter: Reporter,
}

impl Processor {
    /// A processor that reaches S3 as `s3` does, with its own time-outs.
    #[must_use]
    pub fn new(s3: &Client, settings: Settings) -> Self {
        Self {
            store: Store::new(s3, settings.processed_bucket.clone(), settings.s3_patience),
            engine: Engine::new(settings.engine_budget),
            limits: Limits { max_pixels: settings.max_pixels, ..Limits::default() },
            settings: Arc::new(settings),
            announcer: Arc::new(Nobody),
            reporter: Arc::new(LogOnly),
        }
    }

    /// The same, telling `announcer` of each image that is finished.
    #[must_use]
    pub fn announcing(self, announcer: Announcer) -> Self {
        Self { announcer, ..self }
    }

    /// The same, telling `reporter` of each try.
    #[must_use]
    pub fn reporting(self, reporter: Reporter) -> Self {
        Self { reporter, ..self }
    }

    /// Brings one original to its end: ready, failed or gone. Doing it again changes nothing.
    pub async fn process(&self, created: &Created) -> Result<Fate, Retry> {
        let mut record = Record::new(created);
        // In a box, for it is deep: compilers have a limit.
        let ended = Box::pin(self.rounds(created, &mut record)).await;
        record.end(ended.as_ref().copied().map_err(ToString::to_string));
        self.reporter.report(&record);
        ended
    }

    async fn rounds(&self, created: &Created, record: &mut Record) -> Result<Fate, Retry> {
        for _ in 0..MAX_ROUNDS {
            match self.round(created, record).await {
                Ok(Some(fate)) => return Ok(fate),
                Ok(None) => {}
                Err(Retry::Store(error)) if error.is_overwritten() => {}
                Err(Retry::Store(error)) if error.is_permanent() => {
                    tracing::error!(key = %created.key, %error, "no other try will help");
                    self.record_given_up(created).await?;
                    return Ok(Fate::Failed(FailureCode::Internal));
                }
                Err(error) => return Err(error),
            }
        }
        Err(Retry::Overwritten)
    }

    /// One go at the original as it is now; `None` if it has changed since.
    async fn round(&self, created: &Created, record: &mut Record) -> Result<Option<Fate>, Retry> {
        let id = created.key.id;
        let Some(Derived { head, mut products, original }) = self.derive(created, record).await? else {
            // An earlier try may have been cut off after it wrote and before it looked once more.
            self.store.remove_others(id, &[]).await?;
            return Ok(Some(Fate::Gone));
        };
        let fate = match products.entry.outcome {
            Outcome::Ready { .. } => Fate::Ready,
            Outcome::Failed(code) => Fate::Failed(code),
        };
        let mut told = None;
        if let Some(original) = original {
            // The thumbnail is what somebody is waiting for. What there was before stays until all is there.
            let began = Instant::now();
            self.store.put_pictures(std::mem::take(&mut products.pictures)).await?;
            self.store.put_entry(&products.entry, &products.metadata).await?;
            record.stages.write = began.elapsed();
            match self.look_again(created, &head).await? {
                Now::Same => {}
                Now::Changed => return Ok(None),
                Now::Gone => return Ok(Some(Fate::Gone)),
            }
            self.announcer.announce(Event::Finished(products.entry.clone())).await;
            told = Some(products.entry.clone());
            products.add(self.make_larger(original, record).await?);
        }
        let began = Instant::now();
        let entry = self.store.put(products).await?;
        let now = self.look_again(created, &head).await?;
        record.stages.write += began.elapsed();
        match now {
            Now::Changed => Ok(None),
            Now::Gone => Ok(Some(Fate::Gone)),
            Now::Same => {
                if told.as_ref() != Some(&entry) {
                    self.announcer.announce(Event::Finished(entry)).await;
                }
                Ok(Some(fate))
            }
        }
    }

    /// An image that was deleted meanwhile must not come back, and the result has to be that of what is there.
    async fn look_again(
        &self,
        Created { bucket, key, .. }: &Created,
        head: &Head,
    ) -> Result<Now, StoreError> {
        match self.store.head(bucket, key).await? {
            None => {
                self.store.remove_others(key.id, &[]).await?;
                Ok(Now::Gone)
            }
            Some(now) if now.etag != head.etag => Ok(Now::Changed),
            Some(_) => Ok(Now::Same),
        }
    }

    /// What becomes of an original first, made and not written; `None` if it is gone.
    pub(crate) async fn derive(
        &self,
        Created { bucket, key, .. }: &Created,
        record: &mut Record,
    ) -> Result<Option<Derived>, Retry> {
        let began = Instant::now();
        let Some(head) = self.store.head(bucket, key).await? else { return Ok(None) };
        record.bytes = head.bytes;
        let made = if let Err(code) = self.judge(&head) {
            Err(code)
        } else {
            let Some(body) = self.store.read(bucket, key, &head).await? else { return Ok(None) };
            record.stages.read = began.elapsed();
            self.make(body, &head, record).await?
        };
        Ok(Some(match made {
            Ok(Made { thumbnail, metadata, placeholder, original }) => {
                let products = Products::ready(key, &head, thumbnail, metadata, placeholder);
                let is_all = self.settings.larger.is_empty();
                Derived { head, products, original: (!is_all).then_some(original) }
            }
            Err(code) => {
                let products = Products::failed(key, &head, code);
                Derived { head, products, original: None }
            }
        }))
    }

    /// What is made beside the thumbnail. A picture of which nothing larger can be made has its thumbnail all the
    /// same.
    pub(crate) async fn make_larger(
        &self,
        original: Vec<u8>,
        record: &mut Record,
    ) -> Result<Vec<(Larger, Vec<u8>)>, Retry> {
        let (limits, settings) = (self.limits, self.settings.clone());
        let began = Instant::now();
        let made = self.engine.run(move || larger::make(&original, &settings.larger, &limits)).await;
        record.stages.larger = began.elapsed();
        match made {
            Ok(made) => Ok(made),
            Err(EngineError::Refused(code)) => {
                tracing::warn!(key = record.key, %code, "nothing larger than a thumbnail can be made");
                Ok(Vec::new())
            }
            Err(EngineError::TooSlow(budget)) => Err(Retry::TooSlow(budget)),
        }
    }

    /// What can be said before the bytes are read.
    fn judge(&self, head: &Head) -> Result<(), FailureCode> {
        if head.bytes > self.settings.max_bytes {
            return Err(FailureCode::TooManyPixels);
        }
        make::judge_type(head.content_type.as_deref())
    }

    /// Verifies the bytes and makes what is wanted of them.
    async fn make(
        &self,
        body: Body,
        head: &Head,
        record: &mut Record,
    ) -> Result<Result<Made, FailureCode>, Retry> {
        if head.sha256.is_some_and(|declared| declared != body.sha256) {
            return Ok(Err(FailureCode::ChecksumMismatch));
        }
        let (limits, with_position) = (self.limits, self.settings.with_position);
        let began = Instant::now();
        let made = self.engine.run(move || make::make(body, &limits, with_position)).await;
        record.stages.engine = began.elapsed();
        match made {
            Ok(made) => {
                record.size = Some((made.thumbnail.source_width, made.thumbnail.source_height));
                record.format = Some(made.thumbnail.format);
                Ok(Ok(made))
            }
            Err(EngineError::Refused(code)) => Ok(Err(code)),
            Err(EngineError::TooSlow(budget)) => Err(Retry::TooSlow(budget)),
        }
    }
}
