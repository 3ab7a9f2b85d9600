//! Going through originals once more: to make what the engine makes now (`reprocess`), or to see whether that is what
//! is there (`verify`).

mod find;
mod verify;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use tokio::time::{Instant, sleep_until};
use wire::ImageId;

use crate::event::Created;
use crate::{Fate, Processor, Retry, StoreError};

/// Which originals are gone through, and how fast.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where originals are.
    pub uploads_bucket: String,
    /// Those whose id begins with this.
    pub id_prefix: String,
    /// Those that have failed, or all.
    pub only_failed: bool,
    /// Those after this one.
    pub after: Option<ImageId>,
    /// How many at once.
    pub concurrency: usize,
    /// How many in a second at most.
    pub per_second: Option<f64>,
    /// What is done with each.
    pub task: Task,
}

/// What is done with each original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Nothing: they are counted.
    Count,
    /// It is processed as if it had just arrived.
    Reprocess,
    /// What would be made of it is compared with what is there.
    Verify,
}

/// What became of one original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was only counted.
    Counted,
    /// It was processed.
    Processed(Fate),
    /// What is there is what would be made.
    Same,
    /// It is not; what is different.
    Different(String),
    /// S3 did not do what was asked, in several tries.
    Error(String),
}

/// How far the work is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many originals there were.
    pub seen: u64,
    /// Are ready, or the same.
    pub good: u64,
    /// Have failed, by the code.
    pub failed: BTreeMap<&'static str, u64>,
    /// Were deleted meanwhile.
    pub gone: u64,
    /// Have something else than would be made.
    pub different: u64,
    /// Could not be worked on.
    pub errors: u64,
}

/// How often one original is tried.
const TRIES: u32 = 3;

/// The wait before another try.
const PAUSE: Duration = Duration::from_secs(1);

/// Goes through the originals in the order of their keys, newest first. `seen` is told of each in that order, also
/// where several are worked on at once: whoever begins again after the last one told misses none.
pub async fn go_through(
    processor: &Processor,
    plan: &Plan,
    mut seen: impl FnMut(&Created, &Step, &Summary),
) -> Result<Summary, StoreError> {
    let mut summary = Summary::default();
    let mut originals = processor.originals(plan);
    let mut pace = Pace::new(plan.per_second);
    loop {
        let found = originals.next().await?;
        if found.is_empty() {
            return Ok(summary);
        }
        let starts = found.into_iter().map(|created| (created, pace.next()));
        let mut steps = stream::iter(starts.collect::<Vec<_>>())
            .map(|(created, start)| async move {
                if let Some(start) = start {
                    sleep_until(start).await;
                }
                let step = step(processor, plan.task, &created).await;
                (created, step)
            })
            .buffered(plan.concurrency.max(1));
        while let Some((created, step)) = steps.next().await {
            summary.add(&step);
            seen(&created, &step, &summary);
        }
    }
}

async fn step(processor: &Processor, task: Task, created: &Created) -> Step {
    let mut tries = 0;
    loop {
        let done = match task {
            Task::Count => Ok(Step::Counted),
            Task::Reprocess => processor.process(created).await.map(Step::Processed),
            Task::Verify => processor.compare(created).await,
        };
        tries += 1;
        match done {
            Ok(step) => return step,
            Err(error) if tries == TRIES => return Step::Error(error.to_string()),
            Err(Retry::Store(_) | Retry::TooSlow(_) | Retry::Overwritten) => tokio::time::sleep(PAUSE).await,
        }
    }
}

impl Summary {
    fn add(&mut self, step: &Step) {
        self.seen += 1;
        match step {
            Step::Counted => {}
            Step::Same | Step::Processed(Fate::Ready) => self.good += 1,
            Step::Processed(Fate::Failed(code)) => *self.failed.entry(code.as_str()).or_default() += 1,
            Step::Processed(Fate::Gone) => self.gone += 1,
            Step::Different(_) => self.different += 1,
            Step::Error(_) => self.errors += 1,
        }
    }
}

/// When each may begin.
struct Pace {
    apart: Option<Duration>,
    next: Instant,
}

impl Pace {
    fn new(per_second: Option<f64>) -> Self {
        let apart = per_second.and_then(|rate| Duration::try_from_secs_f64(1.0 / rate).ok());
        Self { apart, next: Instant::now() }
    }

    fn next(&mut self) -> Option<Instant> {
        let start = self.next.max(Instant::now());
        self.next = start + self.apart?;
        Some(start)
    }
}
