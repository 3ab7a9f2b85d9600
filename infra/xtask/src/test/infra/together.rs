//! Runs checks beside each other, as many as there are cores.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

/// A check with a name; what it prints is shown in one piece.
pub(super) struct Job {
    name: String,
    work: Box<dyn FnOnce() -> Result<String> + Send>,
}

impl Job {
    pub(super) fn new(
        name: impl Into<String>,
        work: impl FnOnce() -> Result<String> + Send + 'static,
    ) -> Self {
        Self { name: name.into(), work: Box::new(work) }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Job({})", self.name)
    }
}

/// Runs them all, whatever fails; an error names all that failed.
pub(super) fn together(jobs: Vec<Job>) -> Result<()> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let waiting = Mutex::new(VecDeque::from(jobs));
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(job) = next(&waiting) {
                    let start = Instant::now();
                    let result = (job.work)();
                    let took = start.elapsed().as_secs_f64();
                    match result {
                        Ok(said) => {
                            let last = said.trim_end().lines().last().unwrap_or_default().to_owned();
                            eprintln!("  {}: {took:.0} s  {last}", job.name);
                        }
                        Err(error) => {
                            eprintln!("  {} FAILED: {error:#}", job.name);
                            if let Ok(mut failed) = failed.lock() {
                                failed.push(job.name);
                            }
                        }
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_default();
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join(", ")) }
}

fn next(waiting: &Mutex<VecDeque<Job>>) -> Option<Job> {
    waiting.lock().ok()?.pop_front()
}
