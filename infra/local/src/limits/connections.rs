//! How many connections there are, in all and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::rate::Block;

/// How many connections each client has; none is kept that has none.
type Counts = Mutex<HashMap<Block, usize>>;

/// The connections of one listener. A clone counts the same ones.
#[derive(Clone, Debug)]
pub struct Connections {
    places: Arc<Semaphore>,
    by_block: Arc<Counts>,
    per_address: usize,
}

/// Leave to be connected. Dropped, the place is free again.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
    counted: Option<(Block, Arc<Counts>)>,
}

impl Connections {
    /// At most `total`, of which `per_address` from one address.
    #[must_use]
    pub fn new(total: usize, per_address: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(total)), by_block: Arc::default(), per_address }
    }

    /// Waits until there is a place at all. Until then new connections queue up in the system's backlog.
    ///
    /// `None` never comes while the listener lives.
    pub async fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Gives the place to a client; `None` if its address has too many already. Addresses that are `exempt` are not
    /// counted.
    #[must_use]
    pub fn take(&self, permit: OwnedSemaphorePermit, address: IpAddr, exempt: bool) -> Option<Place> {
        if exempt {
            return Some(Place { _permit: permit, counted: None });
        }
        let block = Block::of(address);
        let mut by_block = self.by_block.lock().unwrap_or_else(PoisonError::into_inner);
        let count = by_block.entry(block).or_default();
        if *count >= self.per_address {
            return None;
        }
        *count += 1;
        Some(Place { _permit: permit, counted: Some((block, Arc::clone(&self.by_block))) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((block, by_block)) = &self.counted else { return };
        let mut by_block = by_block.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = by_block.get_mut(block) {
            *count -= 1;
            if *count == 0 {
                by_block.remove(block);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn an_address_has_its_share_and_gives_it_back() {
        let connections = Connections::new(10, 2);
        let [one, other] = [1, 2].map(|last| IpAddr::from(Ipv4Addr::new(192, 0, 2, last)));
        let mut places = Vec::new();
        for _ in 0..2 {
            places.push(connections.take(connections.free().await.unwrap(), one, false).unwrap());
        }
        assert!(connections.take(connections.free().await.unwrap(), one, false).is_none());
        assert!(connections.take(connections.free().await.unwrap(), one, true).is_some());
        assert!(connections.take(connections.free().await.unwrap(), other, false).is_some());
        places.pop();
        assert!(connections.take(connections.free().await.unwrap(), one, false).is_some());
        drop(places);
        assert!(connections.by_block.lock().unwrap().is_empty(), "nothing is kept of who is gone");
        assert_eq!(connections.places.available_permits(), 10);
    }
}
