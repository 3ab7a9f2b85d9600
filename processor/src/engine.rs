//! The calls to the engine: on threads that may be busy for long, no more at once than there are cores, and no longer
//! than a picture may take.
//!
//! A panic is caught rather than kept out by a process for each picture: the engine has no unsafe code and no state, so
//! what panics leaves nothing behind, and a process would cost more than the thumbnail does. Memory is told from the
//! header before it is taken, so that a picture which wants too much is refused. If the system ends the process all
//! the same, the queue counts the try, and the picture is recorded as failed after the last one.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use wire::FailureCode;

/// Why the engine has made nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum EngineError {
    /// It never will.
    #[error("refused: {0}")]
    Refused(FailureCode),
    /// It took too long, perhaps because the machine is busy.
    #[error("the engine took longer than {} ms", .0.as_millis())]
    TooSlow(Duration),
}

/// Where pictures are worked on.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    threads: Arc<Semaphore>,
    budget: Duration,
}

impl Engine {
    pub(crate) fn new(budget: Duration) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { threads: Arc::new(Semaphore::new(cores)), budget }
    }

    /// Does `work` when a core is free.
    ///
    /// A thread cannot be ended from outside: what takes too long keeps its core until it is done, so that there are
    /// never more such threads than cores.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, wasm_thumb::Error> + Send + 'static,
    ) -> Result<T, EngineError> {
        // It is never closed.
        let core = self.threads.clone().acquire_owned().await.ok();
        let thread = tokio::task::spawn_blocking(move || {
            let made = work();
            drop(core);
            made
        });
        match timeout(self.budget, thread).await {
            Ok(Ok(Ok(made))) => Ok(made),
            Ok(Ok(Err(error))) => {
                tracing::debug!(%error, code = error.code(), "the engine refuses the picture");
                Err(EngineError::Refused(error.code().parse().unwrap_or(FailureCode::Internal)))
            }
            Ok(Err(panic)) => {
                tracing::error!(%panic, "the engine panicked");
                Err(EngineError::Refused(FailureCode::Internal))
            }
            Err(_elapsed) => Err(EngineError::TooSlow(self.budget)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_the_failure_of_one_picture() {
        let engine = Engine::new(Duration::from_mins(1));
        let panicked = engine.run::<()>(|| panic!("on purpose")).await;
        assert_eq!(panicked, Err(EngineError::Refused(FailureCode::Internal)));
        for _ in 0..200 {
            // Each panic gave its core back.
            assert!(engine.run::<()>(|| panic!("on purpose")).await.is_err());
        }
        assert_eq!(engine.run(|| Ok(5)).await, Ok(5));
    }

    #[tokio::test]
    async fn what_takes_too_long_is_left_and_keeps_its_core() {
        let budget = Duration::from_millis(20);
        let engine = Engine::new(budget);
        let all = engine.threads.available_permits();
        let (end, ended) = mpsc::channel::<()>();
        let slow = engine.run(move || {
            let _ = ended.recv();
            Ok(())
        });
        assert_eq!(slow.await, Err(EngineError::TooSlow(budget)));
        assert_eq!(engine.threads.available_permits(), all - 1);
        drop(end);
        let cores = engine.threads.acquire_many(u32::try_from(all).unwrap()).await.unwrap();
        drop(cores);
    }
}
