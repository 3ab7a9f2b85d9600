//! Time for one thumbnail.

use anyhow::Result;

use super::{Bench, Figures, peers};
use crate::shell::Run;

pub(super) fn run(bench: &Bench) -> Result<Figures> {
    let (pictures, word) = bench.pictures("pictures.json")?;
    let json = bench.dir.join("speed.json");
    bench
        .with_peers(Bench::engine_bench().arg("speed").arg("--pictures").arg(pictures))
        .args(["--rounds", bench.rounds()])
        .arg("--json")
        .arg(&json)
        .run()?;
    Figures::read(&json, word)
}

impl Bench {
    /// Tells `engine-bench` where the peers are.
    pub(super) fn with_peers(&self, run: Run) -> Run {
        let places = [
            ("--python", &self.peers.python),
            ("--sharp", &self.peers.sharp),
            ("--package", &self.peers.package),
        ];
        let run = run.arg("--scripts").arg(peers::scripts());
        let there = places.into_iter().filter_map(|(name, place)| Some((name, place.as_ref()?)));
        there.fold(run, |run, (name, place)| run.arg(name).arg(place))
    }
}
