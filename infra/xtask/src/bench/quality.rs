//! How near the thumbnails come to what they should be.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Bench, Figures};
use crate::test;

#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub(super) fn run(bench: &Bench) -> Result<Figures> {
    let (photos, word) = match (&bench.photos, test::corpus()) {
        (Some(photos), _) => (photos.clone(), None),
        (None, Some(corpus)) => (corpus.join("photos"), None),
        (None, None) => (bench.generated()?, Some("quality of real photos: there are none".to_owned())),
    };
    let Bench { dir, peers, .. } = bench;
    let places = [("--python", &peers.python), ("--sharp", &peers.sharp)];
    let there = places.into_iter().filter_map(|(name, place)| Some((name, place.as_ref()?)));
    let run =
        Bench::engine_bench().args(["quality", "--json", "--out"]).arg(dir.join("quality")).arg(&photos);
    let output = there.fold(run, |run, (name, place)| run.arg(name).arg(place)).output_of_any_exit()?;
    let values: Value = serde_json::from_slice(&output).context("it could not be measured")?;
    println!("\nmeans of all photos: bytes, and how far the file is from what it should be");
    for subject in values["subjects"].as_array().context("no subjects")? {
        let name = subject["subject"].as_str().unwrap_or_default();
        let bytes = subject["mean_bytes"].as_f64().unwrap_or_default();
        println!("{name:16}{bytes:>8.0} bytes{}", scores(&subject["mean_encoded"]));
    }
    Ok(Figures { values, skipped: word.into_iter().collect() })
}

/// Each score with its name.
fn scores(of: &Value) -> String {
    let Some(scores) = of.as_object() else { return String::new() };
    let score = |(name, value): (&String, &Value)| Some(format!("   {name} {:.3}", value.as_f64()?));
    scores.iter().filter_map(score).collect::<Vec<_>>().concat()
}
