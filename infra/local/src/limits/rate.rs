//! How many files an address may have signed: a token bucket for each, in bounded memory.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What counts as one client: an IPv4 address, or the 64 bits of an IPv6 address that a provider hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Block(IpAddr);

impl Block {
    /// The block that an address is in.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// How many addresses are remembered, some 4 MB.
const MOST_BLOCKS: usize = 50_000;

/// A token bucket for each address. It holds a minute's worth; what is taken beyond that is a debt.
///
/// Of a bucket only the moment is kept at which it will be full again (the generic cell rate algorithm of ATM
/// Forum's Traffic Management 4.0, appendix I), so one that is full need not be kept at all.
#[derive(Debug)]
pub struct Rate {
    per_minute: u32,
    full_at: Mutex<HashMap<Block, Instant>>,
    most_blocks: usize,
}

/// When to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later(pub Duration);

impl Rate {
    /// So many a minute for each address; 0 for any number.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, full_at: Mutex::default(), most_blocks: MOST_BLOCKS }
    }

    /// Whether the address has something left, without taking it.
    pub fn check(&self, address: IpAddr, now: Instant) -> Result<(), Later> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let block = Block::of(address);
        let Some(&full) = full_at.get(&block) else {
            return self.make_room(&mut full_at, now);
        };
        // As long as one whole token is there.
        let allowed = self.time_of(self.per_minute).saturating_sub(self.time_of(1));
        match full.saturating_duration_since(now).saturating_sub(allowed) {
            Duration::ZERO => Ok(()),
            wait => Err(Later(wait)),
        }
    }

    /// Takes `count`, even if there are fewer: then the address waits the longer.
    pub fn take(&self, address: IpAddr, count: u32, now: Instant) {
        if self.per_minute == 0 || count == 0 {
            return;
        }
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full = full_at.entry(Block::of(address)).or_insert(now);
        *full = (*full).max(now) + self.time_of(count);
    }

    /// How long it takes for so many tokens to come.
    fn time_of(&self, count: u32) -> Duration {
        Duration::from_mins(1) * count / self.per_minute.max(1)
    }

    /// Forgets the buckets that are full. If none is, a newcomer has to wait: better than to forget who is in debt.
    fn make_room(&self, full_at: &mut HashMap<Block, Instant>, now: Instant) -> Result<(), Later> {
        if full_at.len() < self.most_blocks {
            return Ok(());
        }
        full_at.retain(|_, full| *full > now);
        if full_at.len() < self.most_blocks { Ok(()) } else { Err(Later(self.time_of(1))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_minutes_worth_at_once_and_then_one_at_a_time() {
        let (rate, start) = (Rate::new(60), Instant::now());
        for _ in 0..60 {
            assert_eq!(rate.check(v4(1), start), Ok(()));
            rate.take(v4(1), 1, start);
        }
        assert_eq!(rate.check(v4(1), start), Err(Later(Duration::from_secs(1))));
        assert_eq!(rate.check(v4(2), start), Ok(()), "others are not concerned");
        let later = start + Duration::from_secs(1);
        assert_eq!(rate.check(v4(1), later), Ok(()));
        rate.take(v4(1), 1, later);
        assert!(rate.check(v4(1), later).is_err());
    }

    #[test]
    fn what_was_taken_beyond_is_paid_back() {
        let (rate, start) = (Rate::new(60), Instant::now());
        rate.take(v4(1), 160, start);
        assert_eq!(rate.check(v4(1), start), Err(Later(Duration::from_secs(101))));
        assert_eq!(rate.check(v4(1), start + Duration::from_secs(101)), Ok(()));
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        let block = |text: &str| Block::of(text.parse().unwrap());
        assert_eq!(block("2001:db8:1:2::1"), block("2001:db8:1:2:ffff::9"));
        assert_ne!(block("2001:db8:1:2::1"), block("2001:db8:1:3::1"));
        assert_eq!(block("::ffff:192.0.2.1"), block("192.0.2.1"));
    }

    #[test]
    fn memory_is_bounded_and_debts_are_not_forgotten() {
        let (rate, start) = (Rate { most_blocks: 3, ..Rate::new(60) }, Instant::now());
        for last in 1..=3 {
            rate.take(v4(last), 100, start);
        }
        assert!(rate.check(v4(4), start).is_err(), "nobody new while all are in debt");
        assert!(rate.check(v4(1), start).is_err());
        let later = start + Duration::from_secs(101);
        assert_eq!(rate.check(v4(4), later), Ok(()));
        assert!(rate.full_at.lock().unwrap().is_empty(), "those who owe nothing are forgotten");
    }
}
