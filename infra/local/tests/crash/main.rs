//! Kills the real program again and again, at random and at chosen points, and looks at what is left.
//!
//! Needs the feature `fail-points`; `cargo xtask crash` builds it and says for how long.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod load;
mod order;
mod parts;
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

/// Points that uploads, deletions, their clearing up and failures pass in any case.
const MUST_BE_HIT: [&str; 12] = [
    "put.marked",
    "put.written",
    "put.applied",
    "put.committed",
    "queue.received",
    "queue.acked",
    "queue.retried",
    "queue.buried",
    "upload.aborted",
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
    let (start, mut rounds, mut told) = (Instant::now(), 0, Told::default());
    // Each time with a new store: what a round leaves is looked at whole.
    while rounds == 0 || start.elapsed() < limit {
        kill_and_look(&mut dice, &mut hits, &mut told).await;
        rounds += 1;
        let (kills, seconds) = (rounds * KILLS, start.elapsed().as_secs());
        println!(
            "figure: {kills} kills in {seconds} s, nothing lost, nothing there by half, each picture made once; \
             {told:?}; died at {hits:?}"
        );
    }
    let missed: Vec<_> = MUST_BE_HIT.iter().filter(|name| !hits.contains_key(*name)).collect();
    assert!(missed.is_empty(), "never died at {missed:?}");
}

/// What clients did in all.
#[derive(Debug, Default)]
struct Told {
    /// Pictures that they began to upload.
    uploads: usize,
    /// Times that they wrote one key over.
    overwrites: u64,
    /// Uploads in parts that they began, and of which they aborted so many and left so many for the end.
    in_parts: usize,
    aborted: usize,
    left: usize,
    /// Pictures whose tries have all ended with the process, and which an operator had tried again.
    unlucky: usize,
}

/// Kills it [`KILLS`] times.
async fn kill_and_look(dice: &mut Dice, hits: &mut BTreeMap<&'static str, usize>, told: &mut Told) {
    let (place, clients) = (Place::new(), Clients::new());
    for kill in 0..KILLS {
        let name = fail_point::NAMES[kill / 2 % fail_point::NAMES.len()];
        // The points of a start are passed once, the others often.
        let is_seldom = ["queue.retried", "queue.buried", "upload.aborted"].contains(&name);
        let most = if is_seldom || name.starts_with("recover") { 1 } else { 12 };
        let point = format!("{name}={}", 1 + dice.roll(most));
        let mut env = vec![("IMAGASAUR_FAIL_ONCE", load::AGAIN), ("IMAGASAUR_FAIL_ALWAYS", load::HOPELESS)];
        let is_chosen = kill % 2 == 1;
        if is_chosen {
            env.push(("IMAGASAUR_FAIL_POINT", &point));
        }
        let Some(mut running) = place.start(&env) else {
            *hits.entry(name).or_default() += 1;
            continue;
        };
        let tasks = clients.begin(&running, &place);
        let life = match is_chosen {
            true if is_seldom => 4 * LONGEST_LIFE,
            true => LONGEST_LIFE,
            false => Duration::from_millis(30 + dice.roll(700)),
        };
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
    {
        let ledger = clients.ledger.lock().unwrap();
        told.in_parts += ledger.part_turns;
        told.aborted += ledger.aborted.len();
        told.left += ledger.left.len();
    }
    let running = place.start(&[]).unwrap();
    told.unlucky += verify::at_the_end(&clients, &running, &place).await;
    running.kill();
    let check = place.command(&["check", "--json"]);
    let found = String::from_utf8_lossy(&check.stdout);
    assert!(check.status.success(), "{found}\n{}", String::from_utf8_lossy(&check.stderr));
    let ledger = clients.ledger.lock().unwrap();
    told.uploads += ledger.images.len();
    told.overwrites += ledger.counters.iter().map(|(answered, _)| answered).sum::<u64>();
}
