//! The workers themselves: starts them, posts jobs, hands reports on.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::ArrayBuffer;
use messages::{Job, Preview, Report, Trouble};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, File, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::desk::{Action, Desk, JobId, WorkerId};
use crate::browser::{self, spawn};
use crate::small_map::SmallMap;

/// When the first worker starts, ms after the page: a job that comes earlier starts it at once.
const FIRST_AFTER_MS: u32 = 400;

/// What the page hears about a job.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// A worker has it.
    Started,
    /// The preview and its bytes.
    Preview(Preview, ArrayBuffer),
    /// SHA-256 of the file, base64. The job is done.
    Digest(String),
    /// No preview. The job is done.
    Trouble(Trouble),
    /// The worker died over it. The job is done.
    Died,
}

type OnNews = Box<dyn Fn(JobId, News)>;

/// A handle on the workers; clones share them.
#[derive(Clone)]
pub(crate) struct Pool(Rc<Inner>);

struct Inner {
    url: String,
    desk: RefCell<Desk>,
    workers: RefCell<SmallMap<WorkerId, Running>>,
    /// Files whose job has not gone to a worker yet.
    files: RefCell<SmallMap<JobId, File>>,
    on_news: OnNews,
}

/// A worker, and the closures it calls, which must live as long.
struct Running {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Pool {
    /// Makes a pool of at most `most_workers`, and starts the first when the page has been drawn.
    pub(crate) fn open(url: String, most_workers: usize, on_news: impl Fn(JobId, News) + 'static) -> Self {
        let pool = Self(Rc::new(Inner {
            url,
            desk: RefCell::new(Desk::new(most_workers)),
            workers: RefCell::default(),
            files: RefCell::default(),
            on_news: Box::new(on_news),
        }));
        let first = pool.clone();
        spawn(async move {
            browser::sleep(FIRST_AFTER_MS).await;
            first.decide(Desk::open);
        });
        pool
    }

    /// Queues a file.
    pub(crate) fn add(&self, job: JobId, file: File) {
        self.0.files.borrow_mut().insert(job, file);
        self.decide(|desk| desk.add(job));
    }

    /// Drops a job wherever it is; no more news of it come.
    pub(crate) fn cancel(&self, job: JobId) {
        self.0.files.borrow_mut().remove(job);
        self.decide(|desk| desk.cancel(job));
    }

    fn decide(&self, event: impl FnOnce(&mut Desk) -> Vec<Action>) {
        let actions = event(&mut self.0.desk.borrow_mut());
        for action in actions {
            match action {
                Action::Start(worker) => self.start(worker),
                Action::Send(worker, job) => self.send(worker, job),
                Action::End(worker) => {
                    if let Some(running) = self.0.workers.borrow_mut().remove(worker) {
                        end(running);
                    }
                }
                Action::Fail(job) => {
                    self.0.files.borrow_mut().remove(job);
                    (self.0.on_news)(job, News::Died);
                }
            }
        }
    }

    fn start(&self, id: WorkerId) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = Worker::new_with_options(&self.0.url, &options) else {
            let pool = self.clone();
            spawn(async move { pool.decide(|desk| desk.died(id)) });
            return;
        };
        let weak = Rc::downgrade(&self.0);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(pool), Some((report, bytes))) = (upgrade(&weak), Report::from_message(&event.data()))
            {
                pool.hear(id, report, bytes);
            }
        });
        let weak = Rc::downgrade(&self.0);
        let on_error = Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(pool) = upgrade(&weak) {
                pool.decide(|desk| desk.died(id));
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let running = Running { worker, _on_message: on_message, _on_error: on_error };
        self.0.workers.borrow_mut().insert(id, running);
    }

    fn send(&self, id: WorkerId, job: JobId) {
        let Some(file) = self.0.files.borrow_mut().remove(job) else { return };
        let posted = self
            .0
            .workers
            .borrow()
            .get(id)
            .map(|running| running.worker.post_message(&Job { id: job, file }.to_message()));
        (self.0.on_news)(job, News::Started);
        if !matches!(posted, Some(Ok(()))) {
            self.decide(|desk| desk.died(id));
        }
    }

    fn hear(&self, id: WorkerId, report: Report, bytes: Option<ArrayBuffer>) {
        let tell = |job, news| (self.0.on_news)(job, news);
        match report {
            Report::Ready => self.decide(|desk| desk.ready(id)),
            Report::Preview { job, preview } => {
                tell(job, News::Preview(preview, bytes.unwrap_or_else(|| ArrayBuffer::new(0))));
            }
            Report::Digest { job, sha256 } => {
                tell(job, News::Digest(sha256));
                self.decide(|desk| desk.finished(id));
            }
            Report::Failed { job, trouble } => {
                tell(job, News::Trouble(trouble));
                self.decide(|desk| desk.finished(id));
            }
        }
    }
}

/// Ends a worker. Its closures are dropped a moment later: this may run within one of them.
fn end(running: Running) {
    running.worker.set_onmessage(None);
    running.worker.set_onerror(None);
    running.worker.terminate();
    spawn(async move { drop(running) });
}

fn upgrade(weak: &Weak<Inner>) -> Option<Pool> {
    weak.upgrade().map(Pool)
}
