//! All uploads and the tools that move them on.

use web_sys::{BeforeUnloadEvent, Event as DomEvent, File};
use wire::{Config, ImageId, SignedUpload};

use super::judge::{Verdict, judge};
use super::state::{Event, Failure, Upload};
use super::store::Uploads;
use super::summary::{Speed, Summary};
use crate::bridge::Pool;
use crate::browser::memory;
use crate::browser::post::Post;
use crate::browser::queue::Queue;
use crate::browser::spawn;
use crate::gallery::Gallery;
use crate::reactive::prelude::*;
use crate::small_map::SmallMap;
use crate::{api, browser};

/// The most workers, however many cores there are: each holds a whole photo in memory.
const MOST_WORKERS: usize = 4;
/// The total is counted this often while something moves, ms.
const COUNT_EVERY_MS: u32 = 250;
/// So many files are added between two frames: thousands at once must not freeze the page.
const ADDED_A_FRAME: usize = 40;

/// All uploads and the tools that move them. A handle: copies share everything.
#[derive(Clone, Copy)]
pub(crate) struct Flow {
    pub(crate) uploads: Uploads,
    pub(crate) summary: RwSignal<Summary>,
    pub(crate) skipped: RwSignal<Vec<Skipped>>,
    pub(crate) online: RwSignal<bool>,
    /// How many uploads an earlier life of the page has left.
    pub(crate) restored: RwSignal<usize>,
    pub(super) gallery: Gallery,
    pub(super) tools: StoredValue<Tools, LocalStorage>,
    config: StoredValue<Option<Config>>,
}

/// A file that nobody meant to upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) name: String,
    pub(crate) reason: String,
}

/// Leave to send a file.
pub(super) struct Leave {
    pub(super) signed: SignedUpload,
    /// When it came, ms.
    pub(super) since_ms: f64,
}

/// What belongs to the browser and cannot be plain data.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says of another activity whether it runs")]
pub(super) struct Tools {
    pub(super) pool: Option<Pool>,
    pub(super) files: SmallMap<u32, File>,
    pub(super) posts: SmallMap<u32, Post>,
    pub(super) leaves: SmallMap<u32, Leave>,
    /// Leave for further files is being asked for.
    pub(super) is_signing: bool,
    /// Nothing is asked for before this moment: the server said that it is busy.
    pub(super) busy_until_ms: f64,
    pub(super) queue: Option<Queue>,
    /// Under which name the browser keeps a file.
    pub(super) kept: SmallMap<u32, String>,
    /// When an image was first found missing, ms.
    pub(super) missing_since: SmallMap<ImageId, f64>,
    pub(super) is_watching: bool,
    /// The server tells of its own accord what becomes of images.
    pub(super) is_live: bool,
    /// Polls since something last arrived.
    pub(super) asked: u32,
    is_counting: bool,
    speed: Speed,
    last_id: u32,
}

impl Flow {
    /// Makes the flow, starts the first worker, and goes on with what an earlier life of the page left.
    pub(crate) fn start(gallery: Gallery) -> Self {
        let flow = Self {
            uploads: Uploads::new(),
            summary: RwSignal::new(Summary::default()),
            skipped: RwSignal::new(Vec::new()),
            online: RwSignal::new(browser::is_online()),
            restored: RwSignal::new(0),
            gallery,
            tools: StoredValue::new_local(Tools::default()),
            config: StoredValue::new(None),
        };
        let workers = browser::cores().clamp(1, MOST_WORKERS);
        let worker_url = browser::meta("worker").unwrap_or_default();
        let pool = Pool::open(worker_url, workers, move |job, news| flow.hear(job, news));
        flow.tools.update_value(|tools| tools.pool = Some(pool));
        flow.listen();
        flow.resume_remembered();
        spawn(async move {
            let config = api::config().await.ok();
            let live_url = config.as_ref().and_then(|config| config.live_url.clone());
            flow.config.set_value(config);
            if let Some(url) = live_url {
                flow.listen_live(url);
            }
        });
        spawn(flow.restore_kept());
        flow
    }

    /// Adds files that were dropped, pasted or chosen, a few before each frame.
    pub(crate) fn add(self, files: Vec<File>) {
        let mut rest = files.into_iter();
        let first = rest.by_ref().take(ADDED_A_FRAME).collect();
        self.add_now(first);
        if rest.len() > 0 {
            spawn(async move {
                while rest.len() > 0 {
                    browser::next_frame().await;
                    self.add_now(rest.by_ref().take(ADDED_A_FRAME).collect());
                }
            });
        }
    }

    fn add_now(self, files: Vec<File>) {
        let max_bytes = self.config.with_value(|config| config.as_ref().map(|config| config.max_bytes));
        let (mut uploads, mut jobs, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        for file in files {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes")]
            let (name, bytes) = (file.name(), file.size() as u64);
            let verdict = judge(&name, bytes, max_bytes);
            if let Verdict::Skip(reason) = verdict {
                skipped.push(Skipped { name, reason });
                continue;
            }
            let mut upload = Upload::new(self.next_id(), name, bytes);
            browser::mark(&format!("imagasaur:added:{}", upload.id));
            if let Verdict::Refuse(sentence) = verdict {
                upload.apply(Event::Failed(Failure { sentence, retryable: false }));
            } else {
                jobs.push((upload.id, file));
            }
            uploads.push(upload);
        }
        if !skipped.is_empty() {
            self.skipped.update(|all| all.extend(skipped));
        }
        self.uploads.add(uploads);
        for (id, file) in jobs {
            self.take_file(id, file);
        }
        self.count();
    }

    /// Adds a file that the browser has kept under this name.
    pub(super) fn add_kept(self, key: String, file: File) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes")]
        let upload = Upload::new(self.next_id(), file.name(), file.size() as u64);
        let id = upload.id;
        self.uploads.add(vec![upload]);
        self.tools.update_value(|tools| tools.kept.insert(id, key));
        self.take_file(id, file);
    }

    fn take_file(self, id: u32, file: File) {
        self.tools.update_value(|tools| tools.files.insert(id, file));
        self.prepare(id);
    }

    /// Gives a file to the workers.
    pub(super) fn prepare(self, id: u32) {
        let (pool, file) = self.tools.with_value(|tools| (tools.pool.clone(), tools.files.get(id).cloned()));
        if let (Some(pool), Some(file)) = (pool, file) {
            pool.add(id, file);
        }
    }

    /// Counts the total, now and from time to time until everything has settled.
    pub(super) fn count(self) {
        let mut summary = self.uploads.summary();
        let starts = self.tools.try_update_value(|tools| {
            let (sent, total) = (summary.sent_bytes, summary.total_bytes);
            summary.seconds_left = tools.speed.seconds_left(browser::now_ms(), sent, total);
            summary.bytes_per_second = tools.speed.bytes_per_second();
            if summary.is_settled() {
                tools.speed = Speed::default();
            }
            !summary.is_settled() && !std::mem::replace(&mut tools.is_counting, true)
        });
        if self.summary.get_untracked() != summary {
            self.summary.set(summary);
        }
        if starts == Some(true) {
            spawn(async move {
                browser::sleep(COUNT_EVERY_MS).await;
                self.tools.update_value(|tools| tools.is_counting = false);
                self.count();
            });
        }
    }

    pub(super) fn next_id(self) -> u32 {
        self.tools
            .try_update_value(|tools| {
                tools.last_id += 1;
                tools.last_id
            })
            .unwrap_or_default()
    }

    fn listen(self) {
        let window = browser::window();
        browser::on(&window, "online", move |_: DomEvent| {
            self.online.set(true);
            self.resume_all();
        });
        browser::on(&window, "offline", move |_: DomEvent| self.online.set(false));
        browser::on(&window, "beforeunload", move |event: BeforeUnloadEvent| {
            if self.uploads.summary().unsafe_to_leave > 0 {
                event.prevent_default();
                event.set_return_value("");
            }
        });
    }

    fn resume_remembered(self) {
        let remembered = memory::all().into_iter();
        let uploads: Vec<Upload> = remembered
            .map(|entry| Upload::remembered(self.next_id(), entry.key, entry.name, entry.bytes))
            .collect();
        if !uploads.is_empty() {
            self.uploads.add(uploads);
            self.watch();
            self.count();
        }
    }
}
