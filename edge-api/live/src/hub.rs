//! The pages that are connected to this process.
//!
//! Each message has a place: the hub's own random number, which tells a restart, and a count. The latest messages are
//! kept, so that a page which lost its connection for a while is told what it missed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use wire::LiveMessage;

use crate::{Announce, Event};

/// How much is kept, and for how many.
#[derive(Clone, Copy, Debug)]
pub struct HubSettings {
    /// How many messages are kept for pages that come back.
    pub recent: usize,
    /// How many messages a page may be behind before it is dropped.
    pub behind: usize,
    /// How many pages are connected at most.
    pub connections: usize,
    /// How often a page is asked whether it is still there; one that says nothing for twice as long is dropped.
    pub heartbeat: Duration,
    /// How long a page may take to take one message.
    pub send_time: Duration,
}

impl Default for HubSettings {
    fn default() -> Self {
        Self {
            recent: 1_000,
            behind: 256,
            connections: 1_000,
            heartbeat: Duration::from_secs(20),
            send_time: Duration::from_secs(10),
        }
    }
}

/// Tells the pages that are connected to this process. A clone is another handle on the same.
#[derive(Clone, Debug)]
pub struct Hub {
    shared: Arc<Shared>,
    settings: HubSettings,
}

#[derive(Debug)]
struct Shared {
    /// Tells this run from others.
    run: u64,
    recent: Mutex<Recent>,
    sender: broadcast::Sender<Arc<str>>,
    places: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Recent {
    /// How many messages there have been.
    count: u64,
    /// The latest of them, the oldest first.
    messages: VecDeque<Arc<str>>,
}

/// A page's place among those who listen.
#[derive(Debug)]
pub struct Subscription {
    missed: VecDeque<Arc<str>>,
    receiver: broadcast::Receiver<Arc<str>>,
    _place: OwnedSemaphorePermit,
}

/// Why a subscription ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The page is too far behind.
    Behind,
    /// The hub is gone.
    Closed,
}

impl Hub {
    /// A hub to which nobody listens yet.
    #[must_use]
    pub fn new(settings: HubSettings) -> Self {
        let shared = Shared {
            // Without randomness every run has the same number, and a page may miss that there was a restart.
            run: getrandom::u64().unwrap_or_default(),
            recent: Mutex::default(),
            sender: broadcast::channel(settings.behind.max(1)).0,
            places: Arc::new(Semaphore::new(settings.connections)),
        };
        Self { shared: Arc::new(shared), settings }
    }

    /// How it was set up.
    #[must_use]
    pub fn settings(&self) -> &HubSettings {
        &self.settings
    }

    /// How many listen.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.settings.connections - self.shared.places.available_permits()
    }

    /// Listens from now on, or from after `since` if that is still known. `None` if there is no place left.
    #[must_use]
    pub fn subscribe(&self, since: Option<&str>) -> Option<Subscription> {
        let place = self.shared.places.clone().try_acquire_owned().ok()?;
        // Nothing is announced meanwhile, so nothing comes twice or not at all.
        let recent = self.shared.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.shared.sender.subscribe();
        let first_kept = recent.count - recent.messages.len() as u64;
        let known = since
            .and_then(|since| self.count_of(since))
            .filter(|count| (first_kept..=recent.count).contains(count));
        let start = LiveMessage::Start {
            at: self.place(known.unwrap_or(recent.count)),
            complete: known.is_some() || since.is_none(),
        };
        let passed_over = known
            .map_or(recent.messages.len(), |count| usize::try_from(count - first_kept).unwrap_or(usize::MAX));
        let missed = recent.messages.iter().skip(passed_over).cloned();
        let missed = std::iter::once(json(&start)).chain(missed).collect();
        Some(Subscription { missed, receiver, _place: place })
    }

    fn place(&self, count: u64) -> String {
        format!("{:016x}-{count}", self.shared.run)
    }

    /// How many messages there were at a place of this run.
    fn count_of(&self, place: &str) -> Option<u64> {
        let (run, count) = place.split_once('-')?;
        (u64::from_str_radix(run, 16).ok()? == self.shared.run).then_some(())?;
        count.parse().ok()
    }
}

impl Announce for Hub {
    fn announce(&self, event: Event) -> BoxFuture<'_, ()> {
        let mut recent = self.shared.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.count += 1;
        let text = json(&event.message(Some(self.place(recent.count))));
        recent.messages.push_back(text.clone());
        if recent.messages.len() > self.settings.recent {
            recent.messages.pop_front();
        }
        // An error means that nobody listens.
        drop(self.shared.sender.send(text));
        Box::pin(std::future::ready(()))
    }
}

impl Subscription {
    /// The next message, as it is sent.
    pub async fn next(&mut self) -> Result<Arc<str>, Lost> {
        if let Some(missed) = self.missed.pop_front() {
            return Ok(missed);
        }
        self.receiver.recv().await.map_err(|error| match error {
            RecvError::Lagged(_) => Lost::Behind,
            RecvError::Closed => Lost::Closed,
        })
    }
}

fn json(message: &LiveMessage) -> Arc<str> {
    // A message always has a JSON form: its types have no maps with other keys than text.
    serde_json::to_string(message).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use wire::ImageId;

    use super::*;

    fn deleted(number: u64) -> Event {
        Event::Deleted(ImageId::new(number, [0; 10]))
    }

    async fn next(subscription: &mut Subscription) -> Value {
        serde_json::from_str(&subscription.next().await.unwrap()).unwrap()
    }

    fn hub(recent: usize, behind: usize) -> Hub {
        Hub::new(HubSettings { recent, behind, ..HubSettings::default() })
    }

    #[tokio::test]
    async fn who_comes_back_is_told_what_was_missed_once_and_in_order() {
        let hub = hub(10, 10);
        hub.announce(deleted(1)).await;
        let mut first = hub.subscribe(None).unwrap();
        let start = next(&mut first).await;
        assert_eq!((&start["type"], &start["complete"]), (&"start".into(), &true.into()));
        for number in 2..6 {
            hub.announce(deleted(number)).await;
        }
        let seen = next(&mut first).await["at"].as_str().unwrap().to_owned();
        let mut again = hub.subscribe(Some(&seen)).unwrap();
        hub.announce(deleted(6)).await;
        let start = next(&mut again).await;
        assert_eq!((&start["at"], &start["complete"]), (&seen.as_str().into(), &true.into()));
        for number in 3..7 {
            assert_eq!(next(&mut again).await["key"], ImageId::new(number, [0; 10]).to_string());
        }
    }

    #[tokio::test]
    async fn who_was_away_too_long_or_before_a_restart_is_told_to_list_again() {
        let hub = hub(3, 10);
        let old = next(&mut hub.subscribe(None).unwrap()).await["at"].as_str().unwrap().to_owned();
        for number in 0..4 {
            hub.announce(deleted(number)).await;
        }
        let of_another_run = format!("{:016x}-4", 0);
        let to_come = format!("{}-9", old.split_once('-').unwrap().0);
        for since in [&old, &of_another_run, &to_come, "", "x"] {
            let mut again = hub.subscribe(Some(since)).unwrap();
            assert_eq!(next(&mut again).await["complete"], false, "{since}");
            hub.announce(deleted(9)).await;
            assert_eq!(next(&mut again).await["type"], "deleted", "only what is new follows");
        }
    }

    #[tokio::test]
    async fn who_does_not_listen_is_dropped_and_costs_no_more() {
        let hub = hub(3, 4);
        let mut slow = hub.subscribe(None).unwrap();
        for number in 0..6 {
            hub.announce(deleted(number)).await;
        }
        slow.next().await.unwrap();
        assert_eq!(slow.next().await, Err(Lost::Behind));
    }

    #[tokio::test]
    async fn places_are_limited_and_given_back() {
        let hub = Hub::new(HubSettings { connections: 1, ..HubSettings::default() });
        let first = hub.subscribe(None).unwrap();
        assert!(hub.subscribe(None).is_none());
        drop(first);
        assert!(hub.subscribe(None).is_some());
        assert_eq!(hub.connections(), 0);
    }
}
