//! What a person can do with uploads, and what all steps share.

use leptos::prelude::*;
use web_sys::{BeforeUnloadEvent, Event as DomEvent, File};
use wire::{Config, ImageId};

use super::judge::{Verdict, judge};
use super::state::{Event, Failure, State, Upload};
use super::store::Uploads;
use super::summary::{Speed, Summary};
use crate::bridge::Pool;
use crate::browser::memory;
use crate::browser::post::Post;
use crate::gallery::Gallery;
use crate::small_map::SmallMap;
use crate::{api, browser};

/// The most workers, however many cores there are: each holds a whole photo in memory.
const MOST_WORKERS: usize = 4;
/// The total is counted this often while something moves, ms.
const COUNT_EVERY_MS: u32 = 250;

/// All uploads and the tools that move them. A handle: copies share everything.
#[derive(Clone, Copy)]
pub(crate) struct Flow {
    pub(crate) uploads: Uploads,
    pub(crate) summary: RwSignal<Summary>,
    pub(crate) skipped: RwSignal<Vec<Skipped>>,
    pub(crate) online: RwSignal<bool>,
    pub(super) gallery: Gallery,
    pub(super) tools: StoredValue<Tools, LocalStorage>,
    config: StoredValue<Option<Config>>,
}

/// A file that nobody meant to upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) name: String,
    pub(crate) reason: &'static str,
}

/// What belongs to the browser and cannot be plain data.
pub(super) struct Tools {
    pool: Option<Pool>,
    pub(super) files: SmallMap<u32, File>,
    pub(super) posts: SmallMap<u32, Post>,
    /// When an image was first found missing, ms.
    pub(super) missing_since: SmallMap<ImageId, f64>,
    pub(super) is_watching: bool,
    /// Polls since something last arrived.
    pub(super) asked: u32,
    is_counting: bool,
    speed: Speed,
    next_id: u32,
}

impl Flow {
    /// Makes the flow, starts the first worker, and goes on with what an earlier life of the page left.
    pub(crate) fn start(gallery: Gallery) -> Self {
        let tools = Tools {
            pool: None,
            files: SmallMap::default(),
            posts: SmallMap::default(),
            missing_since: SmallMap::default(),
            is_watching: false,
            asked: 0,
            is_counting: false,
            speed: Speed::default(),
            next_id: 1,
        };
        let flow = Self {
            uploads: Uploads::new(),
            summary: RwSignal::new(Summary::default()),
            skipped: RwSignal::new(Vec::new()),
            online: RwSignal::new(browser::is_online()),
            gallery,
            tools: StoredValue::new_local(tools),
            config: StoredValue::new(None),
        };
        let workers = browser::cores().clamp(1, MOST_WORKERS);
        let worker_url = browser::meta("worker").unwrap_or_default();
        let pool = Pool::open(worker_url, workers, move |job, news| flow.hear(job, news));
        flow.tools.update_value(|tools| tools.pool = Some(pool));
        flow.listen();
        flow.resume_remembered();
        leptos::task::spawn_local(async move { flow.config.set_value(api::config().await.ok()) });
        flow
    }

    /// Adds files that were dropped, pasted or chosen.
    pub(crate) fn add(self, files: Vec<File>) {
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
        self.skipped.update(|all| all.extend(skipped));
        self.uploads.add(uploads);
        for (id, file) in jobs {
            self.tools.update_value(|tools| {
                tools.files.insert(id, file);
            });
            self.prepare(id);
        }
        self.count();
    }

    /// Takes an upload off the list, and stops it if it still runs.
    pub(crate) fn remove(self, id: u32) {
        let (pool, post) = self
            .tools
            .try_update_value(|tools| {
                tools.files.remove(id);
                (tools.pool.clone(), tools.posts.remove(id))
            })
            .unwrap_or_default();
        if let Some(pool) = pool {
            pool.cancel(id);
        }
        let removed = self.uploads.remove(id);
        if let Some(post) = post {
            post.abort();
        }
        if let Some(upload) = removed {
            if let Some(preview) = upload.preview {
                browser::revoke_url(&preview.url);
            }
            if let Some(key) = upload.key {
                memory::forget(key);
            }
        }
        self.send_next();
        self.count();
    }

    /// Takes everything off the list that is in the gallery.
    pub(crate) fn clear_finished(self) {
        for id in self.uploads.find(usize::MAX, |upload| matches!(upload.state, State::Ready(_))) {
            self.remove(id);
        }
    }

    /// Tries a failed upload again, from the step that failed.
    pub(crate) fn retry(self, id: u32) {
        if self.uploads.apply(id, Event::Retried) {
            if self.uploads.get(id).is_some_and(|upload| upload.state == State::Waiting) {
                self.prepare(id);
            }
            self.send_next();
            self.count();
        }
    }

    /// Tries every failed upload again for which it may help.
    pub(crate) fn retry_all(self) {
        for id in
            self.uploads.find(usize::MAX, |upload| matches!(&upload.state, State::Failed(f) if f.retryable))
        {
            self.retry(id);
        }
    }

    /// Gives a file to the workers.
    fn prepare(self, id: u32) {
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
            if summary.is_settled() {
                tools.speed = Speed::default();
            }
            !summary.is_settled() && !std::mem::replace(&mut tools.is_counting, true)
        });
        if self.summary.get_untracked() != summary {
            self.summary.set(summary);
        }
        if starts == Some(true) {
            leptos::task::spawn_local(async move {
                browser::sleep(COUNT_EVERY_MS).await;
                self.tools.update_value(|tools| tools.is_counting = false);
                self.count();
            });
        }
    }

    fn next_id(self) -> u32 {
        self.tools
            .try_update_value(|tools| {
                tools.next_id += 1;
                tools.next_id - 1
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
