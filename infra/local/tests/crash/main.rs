//! Kills the real program again and again, at random and at chosen points, and looks at what is left.
//!
//! Needs the feature `fail-points`; `cargo xtask crash` builds it and says for how long.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod load;
mod order;
mod poison;
mod system;
mod verify;

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use imagasaur::fail_point;

use self::load::Clients;
use self::system::Place;

/// How many kills there are in a round, and in all if nothing is said.
const KILLS: usize = 100;

/// The longest that a process lives, so that one may die of each point, or of the clock.
const LONGEST_LIFE: Duration = Duration::from_millis(1500);

/// Points that uploads, deletions and their clearing up pass in any case.
const MUST_BE_HIT: [&str; 9] = [
    "put.marked",
    "put.written",
    "put.applied",
    "put.committed",
    "queue.received",
    "queue.acked",
    "delete.applied",
    "delete.committed",
    "recover.released",
];

/// Numbers that need not be good, only different.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_half_done_however_often_it_is_killed() {
    let limit = std::env::var("IMAGASAUR_CRASH_SECONDS").ok().map(|seconds| seconds.parse().unwrap());
    let limit = limit.map_or(Duration::ZERO, Duration::from_secs);
    let mut dice = Dice(u64::from(std::process::id()) | 1 << 32);
    let mut hits = BTreeMap::new();
    let (start, mut rounds, mut uploads) = (Instant::now(), 0, 0);
    // Each time with a new store: what a round leaves is looked at whole.
    while rounds == 0 || start.elapsed() < limit {
        uploads += kill_and_look(&mut dice, &mut hits).await;
        rounds += 1;
        let (kills, seconds) = (rounds * KILLS, start.elapsed().as_secs());
        println!(
            "figure: {kills} kills in {seconds} s, {uploads} uploads begun, none lost; died at {hits:?}"
        );
    }
    let missed: Vec<_> = MUST_BE_HIT.iter().filter(|name| !hits.contains_key(*name)).collect();
    assert!(missed.is_empty(), "never died at {missed:?}");
}

/// Kills it [`KILLS`] times. Returns how many uploads were begun.
async fn kill_and_look(dice: &mut Dice, hits: &mut BTreeMap<&'static str, usize>) -> usize {
    let (place, clients) = (Place::new(), Clients::new());
    for kill in 0..KILLS {
        let name = fail_point::NAMES[kill / 2 % fail_point::NAMES.len()];
        // The points of a start are passed once, the others often.
        let count = if name.starts_with("recover") { 1 } else { 1 + dice.roll(12) };
        let point = format!("{name}={count}");
        let env = [("IMAGASAUR_FAIL_POINT", point.as_str())];
        let is_chosen = kill % 2 == 1;
        let Some(mut running) = place.start(if is_chosen { &env } else { &[] }) else {
            *hits.entry(name).or_default() += 1;
            continue;
        };
        let tasks = clients.begin(&running, &place);
        let life = if is_chosen { LONGEST_LIFE } else { Duration::from_millis(30 + dice.roll(700)) };
        let ended = tokio::task::spawn_blocking(move || {
            let ended = running.ended_within(life);
            running.kill();
            ended
        });
        if let Some(status) = ended.await.unwrap() {
            assert!(status.signal().is_some(), "it ended by itself: {status}\n{}", place.last_lines());
            *hits.entry(name).or_default() += 1;
        }
        for task in tasks {
            task.await.unwrap();
        }
        if kill % 10 == 9 {
            let running = place.start(&[]).unwrap();
            verify::after_crash(&clients, &running, &place, false).await;
            running.kill();
        }
    }
    let running = place.start(&[]).unwrap();
    verify::at_the_end(&clients, &running, &place).await;
    running.kill();
    let check = place.command(&["check", "--json"]);
    let told = String::from_utf8_lossy(&check.stdout);
    assert!(check.status.success(), "{told}\n{}", String::from_utf8_lossy(&check.stderr));
    clients.ledger.lock().unwrap().images.len()
}
