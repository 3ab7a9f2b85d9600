//! Tells open pages what became of images.
//!
//! The processor says when an image is finished, the API when one is deleted; [`Announce`] is what they say it to.
//! Three things listen: [`Hub`], which serves the pages that are connected to this process; `Gateway`, which posts to
//! those that API Gateway holds for a function; and [`Nobody`], for installations whose pages ask by themselves.
//!
//! To announce never fails: what cannot be said is logged, and a page that hears nothing asks.

#![forbid(unsafe_code)]

#[cfg(feature = "aws")]
pub mod gateway;
mod hub;
mod view;

use std::fmt::Debug;
use std::sync::Arc;

use futures::future::BoxFuture;
use wire::{EntryKey, ImageId, LiveMessage};

#[cfg(feature = "aws")]
pub use self::gateway::Gateway;
pub use self::hub::{Hub, HubSettings, Lost, Subscription};
pub use self::view::{created_at, finished};

/// What happened to an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is ready or has failed: its entry is there.
    Finished(EntryKey),
    /// It was deleted.
    Deleted(ImageId),
}

impl Event {
    /// The same for pages; `at` is its place in the order of all, where there is one.
    #[must_use]
    pub fn message(&self, at: Option<String>) -> LiveMessage {
        match self {
            Self::Finished(entry) => LiveMessage::Image { image: Box::new(finished(entry)), at },
            Self::Deleted(key) => LiveMessage::Deleted { key: *key, at },
        }
    }
}

/// Who is told what happened.
pub trait Announce: Debug + Send + Sync {
    /// Tells it to all who listen.
    fn announce(&self, event: Event) -> BoxFuture<'_, ()>;
}

/// Who is told, shared by all who have something to say.
pub type Announcer = Arc<dyn Announce>;

/// Nobody listens: pages ask by themselves.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Announce for Nobody {
    fn announce(&self, _: Event) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
