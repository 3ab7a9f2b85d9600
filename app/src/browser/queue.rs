//! Files that are still to be sent, kept by the browser until they are: a reload or a crash does not lose them.
//!
//! Each page of the site keeps its files under a tag of its own, and holds a lock of that name as long as it lives.
//! Files under a tag that nobody holds are of a page that is gone, and the next page takes them over.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Date, Function, Math, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::window;

const DATABASE: &str = "imagasaur";
const STORE: &str = "files";

#[wasm_bindgen]
extern "C" {
    /// The Web Locks API, which `web-sys` does not have yet.
    #[derive(Clone, Debug)]
    type LockManager;
    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, while_held: &Function) -> Promise;
    #[wasm_bindgen(method)]
    fn query(this: &LockManager) -> Promise;
}

/// The files that this page keeps.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    database: IdbDatabase,
    locks: LockManager,
    tag: String,
    /// How many files this page has kept.
    count: Rc<Cell<u32>>,
}

impl Queue {
    /// None where the browser keeps nothing (private windows) or has no locks (pages without TLS).
    pub(crate) async fn open() -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
        let factory = window().indexed_db().ok()??;
        let opening = factory.open_with_u32(DATABASE, 1).ok()?;
        let on_upgrade = Closure::once_into_js({
            let opening = opening.clone();
            move || create(&opening)
        });
        opening.set_onupgradeneeded(Some(on_upgrade.unchecked_ref()));
        let database = result(&opening).await?.unchecked_into();
        let tag = format!("{:x}{:x}", bits(Date::now()), bits(Math::random() * 1e15));
        let locks = locks.unchecked_into();
        hold(&locks, &tag);
        Some(Self { database, locks, tag, count: Rc::default() })
    }

    /// Keeps a file; returns the name to remove it by. None if there is no room.
    pub(crate) async fn keep(&self, file: &File) -> Option<String> {
        self.count.set(self.count.get() + 1);
        // By time, so that the queue keeps its order.
        let key = format!("{}/{:012x}{:04x}", self.tag, bits(Date::now()), self.count.get());
        let request = self.store(true)?.put_with_key(file, &key.as_str().into()).ok()?;
        result(&request).await?;
        Some(key)
    }

    /// Forgets a file.
    pub(crate) fn remove(&self, key: &str) {
        if let Some(store) = self.store(true) {
            let _ = store.delete(&key.into());
        }
    }

    /// Takes over what pages left that are gone. Only one page does so at a time.
    pub(crate) async fn take_over(&self) -> Vec<(String, File)> {
        let Some(living) = held(&self.locks).await else { return Vec::new() };
        let mut taken = Vec::new();
        let keys = match self.store(false).and_then(|store| store.get_all_keys().ok()) {
            Some(request) => result(&request).await.map(JsCast::unchecked_into::<Array>).unwrap_or_default(),
            None => return taken,
        };
        for key in keys.iter().filter_map(|key: JsValue| key.as_string()) {
            let Some((tag, name)) = key.split_once('/') else { continue };
            if !living.iter().any(|held| held == tag) {
                let new_key = format!("{}/{name}", self.tag);
                taken.extend(self.rename(&key, &new_key).await.map(|file| (new_key, file)));
            }
        }
        taken
    }

    /// One transaction reads, moves and removes, so that of two pages one gets the file.
    async fn rename(&self, key: &str, new_key: &str) -> Option<File> {
        let store = self.store(true)?;
        let file: File = result(&store.get(&key.into()).ok()?).await?.dyn_into().ok()?;
        store.put_with_key(&file, &new_key.into()).ok()?;
        store.delete(&key.into()).ok()?;
        Some(file)
    }

    fn store(&self, writes: bool) -> Option<IdbObjectStore> {
        let mode = if writes { IdbTransactionMode::Readwrite } else { IdbTransactionMode::Readonly };
        self.database.transaction_with_str_and_mode(STORE, mode).ok()?.object_store(STORE).ok()
    }
}

fn create(opening: &IdbOpenDbRequest) {
    if let Ok(database) = opening.result() {
        let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
    }
}

/// Waits for a request. None if it fails.
async fn result(request: &IdbRequest) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await.ok()?;
    request.result().ok()
}

/// Holds the lock until the page is gone: what it waits for never comes.
fn hold(locks: &LockManager, tag: &str) {
    let for_ever = Closure::once_into_js(|| Promise::new(&mut |_, _| ()));
    let _ = locks.request(tag, for_ever.unchecked_ref());
}

/// The names of the locks that pages hold.
async fn held(locks: &LockManager) -> Option<Vec<String>> {
    let snapshot = JsFuture::from(locks.query()).await.ok()?;
    let held: Array = Reflect::get(&snapshot, &"held".into()).ok()?.dyn_into().ok()?;
    Some(held.iter().filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string()).collect())
}

/// A number's whole part.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2⁵³ and not negative")]
fn bits(number: f64) -> u64 {
    number as u64
}
