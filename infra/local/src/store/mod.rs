//! Objects that survive a crash: an index in one database, bodies as files.
//!
//! In reading order: [`record`] says what is known of an object, [`digest`] hashes a body as it passes,
//! `bodies` keeps the files, `space` knows how much room there is, `staged` receives a body, `write` makes it an
//! object, `writer` commits what waits together, [`multipart`] puts one together from parts, `read`, `list` and
//! `delete` are what their names say, `format` makes the tables, `recover` clears up after a crash, `snapshot` copies
//! the index for back-ups, [`event`] is what a new object announces.
//!
//! # Layout of the data directory
//!
//! ```text
//! imagasaur.redb     index, queue, everything that has to change together
//! bodies/xx/<id>     one file a body; the name is random and never derived from a key
//! incoming/<id>      empty; "this body may not be in the index"
//! ```
//!
//! # What holds at any moment, also after `kill -9` or a power failure
//!
//! - What the index names is on disk, whole: a body is synced before the transaction that names it.
//! - An object and the message that announces it come into being in one transaction.
//! - A body that the index does not name has a row in `garbage` or a marker in `incoming/`, so the next start
//!   finds it without looking at the others.

mod bodies;
mod census;
mod db;
mod delete;
pub mod digest;
mod error;
pub mod event;
mod format;
mod index;
mod list;
pub mod multipart;
mod read;
pub mod record;
mod recover;
mod refs;
mod snapshot;
mod space;
mod staged;
mod tables;
mod write;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use self::db::{Db, now_ms};
pub(crate) use self::digest::Hasher;
pub use self::digest::{Algorithm, Checksums, Expectations};
pub use self::error::{Mismatch, OpenError, StoreError};
pub use self::event::{EventName, Rule};
pub use self::index::{Index, Totals};
pub use self::list::{After, ListPage, ListQuery};
pub use self::read::read_range;
pub use self::record::{BodyId, Multipart, ObjectMeta, ObjectRecord};
pub use self::snapshot::SweepPause;
pub(crate) use self::space::Space;
pub use self::staged::Staged;
pub use self::write::{Condition, PutOptions};

use tokio::sync::Semaphore;

use self::bodies::Bodies;
use self::snapshot::Sweeping;
use crate::queue::Queue;

/// The longest key, bytes of UTF-8, as in S3.
pub const MAX_KEY_BYTES: usize = 1024;

/// How many bodies are synced at a time. More would hold threads without being any faster.
const SYNCS_AT_ONCE: usize = 64;

/// What is fixed when a store is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The buckets there are; none can be made or removed later.
    pub buckets: Vec<String>,
    /// Which new objects are announced on the queue.
    pub notifications: Vec<Rule>,
    /// The largest body accepted, bytes.
    pub max_object_bytes: u64,
    /// The most bytes that all bodies together may have; the disk is the limit otherwise.
    pub max_storage_bytes: Option<u64>,
}

impl Default for Settings {
    /// The three buckets of Imagasaur; originals are announced; bodies up to 5 GiB, as for one PUT of S3.
    fn default() -> Self {
        Self {
            buckets: ["uploads", "processed", "frontend"].map(str::to_owned).to_vec(),
            notifications: vec![Rule { bucket: "uploads".to_owned(), prefix: "uploads/".to_owned() }],
            max_object_bytes: 5 << 30,
            max_storage_bytes: None,
        }
    }
}

/// Objects and the queue that announces them. A clone is another handle on the same store.
#[derive(Clone, Debug)]
pub struct Store {
    db: Arc<Db>,
    bodies: Arc<Bodies>,
    queue: Queue,
    space: Arc<Space>,
    syncs: Arc<Semaphore>,
    sweeping: Arc<Sweeping>,
    index: Arc<PathBuf>,
    settings: Arc<Settings>,
    created_ms: u64,
}

impl Store {
    /// Opens the store in `dir`, making it if there is none, and clears up what a crash left behind.
    ///
    /// Blocks; call it before the first request is served. A second process is refused.
    pub fn open(dir: &Path, settings: Settings) -> Result<Self, OpenError> {
        let bodies = Arc::new(Bodies::open(dir)?);
        let path = dir.join("imagasaur.redb");
        let database = db::open_file(&path)?;
        let facts = format::prepare_tables(&database)?;
        recover::run(&database, &bodies)?;
        // The name of a new database's file.
        bodies::sync_dir(dir)?;
        let space = Space::new(dir, settings.max_storage_bytes, facts.body_bytes);
        let db = Arc::new(Db::start(&path, database, Arc::clone(&space))?);
        Ok(Self {
            bodies,
            queue: Queue::new(Arc::clone(&db), Arc::clone(&space)),
            db,
            space,
            syncs: Arc::new(Semaphore::new(SYNCS_AT_ONCE)),
            sweeping: Arc::default(),
            index: Arc::new(path),
            settings: Arc::new(settings),
            created_ms: facts.created_ms,
        })
    }

    /// The queue of messages about new objects.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// The names of the buckets.
    #[must_use]
    pub fn buckets(&self) -> &[String] {
        &self.settings.buckets
    }

    /// The largest body accepted, bytes.
    #[must_use]
    pub fn max_object_bytes(&self) -> u64 {
        self.settings.max_object_bytes
    }

    /// When the data directory was first used, milliseconds since 1970.
    #[must_use]
    pub fn created_ms(&self) -> u64 {
        self.created_ms
    }

    /// The bytes of all bodies; what copies share is counted once.
    #[must_use]
    pub fn stored_bytes(&self) -> u64 {
        self.space.stored_bytes()
    }

    /// Fails if there is no room for another byte. Asks the disk.
    pub fn check_room(&self) -> Result<(), StoreError> {
        self.space.check(1)
    }

    /// Fails unless the bucket exists.
    pub fn check_bucket(&self, bucket: &str) -> Result<(), StoreError> {
        if self.buckets().iter().any(|known| known == bucket) {
            Ok(())
        } else {
            Err(StoreError::NoSuchBucket(bucket.to_owned()))
        }
    }

    /// Fails unless the bucket exists and the key is one that S3 would take.
    pub fn check_name(&self, bucket: &str, key: &str) -> Result<(), StoreError> {
        self.check_bucket(bucket)?;
        if key.is_empty() || key.len() > MAX_KEY_BYTES {
            return Err(StoreError::KeyLength(key.len()));
        }
        Ok(())
    }
}
