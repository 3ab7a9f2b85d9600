//! The figures, as a table and as JSON.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

/// All of one file: by subject, milliseconds of every round.
#[derive(Debug)]
pub(crate) struct FileFigures {
    pub(crate) name: String,
    pub(crate) times_ms: BTreeMap<&'static str, Vec<f64>>,
    /// By subject, why it made no thumbnail.
    pub(crate) failures: BTreeMap<&'static str, String>,
}

/// Id and heading of each, in the order of the table.
pub(crate) const SUBJECTS: [(&str, &str); 5] = [
    ("engine", "wasm-thumb"),
    ("native", "native"),
    ("bitmap_medium", "bitmap, medium"),
    ("bitmap_high", "bitmap, high"),
    ("bitmap_jpeg", "bitmap, to JPEG"),
];

impl FileFigures {
    pub(crate) fn new(file: &Path) -> Self {
        let folder = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Self { name: format!("{folder}/{name}"), times_ms: BTreeMap::new(), failures: BTreeMap::new() }
    }

    /// Median in milliseconds.
    pub(crate) fn median(&self, subject: &str) -> Option<f64> {
        let mut times = self.times_ms.get(subject)?.clone();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied()
    }

    /// How many times as long as the engine in the browser another one took.
    fn ratio(&self, subject: &str) -> Option<f64> {
        Some(self.median(subject)? / self.median("engine")?)
    }
}

pub(crate) fn print(files: &[FileFigures], version: &str, rounds: usize) {
    println!(
        "Chromium {version}: milliseconds for one thumbnail, median of {rounds}; × as long as wasm-thumb in it"
    );
    let headings: Vec<String> = SUBJECTS.iter().map(|(_, heading)| format!("{heading:>18}")).collect();
    println!("{:46}{}", "", headings.concat());
    for file in files {
        let name: String = file.name.chars().take(45).collect();
        let cells: Vec<String> = SUBJECTS.iter().map(|(id, _)| format!("{:>18}", cell(file, id))).collect();
        println!("{name:46}{}", cells.concat());
    }
    let compared = || files.iter().filter_map(|file| Some((file, file.ratio("bitmap_medium")?)));
    let slower: Vec<_> = compared().filter(|(_, ratio)| *ratio < 1.0).map(|(file, _)| &file.name).collect();
    let ratios: Vec<f64> = compared().map(|(_, ratio)| ratio).collect();
    println!(
        "createImageBitmap (medium) took {:.2} × as long, geometric mean of {} files",
        mean(&ratios),
        ratios.len()
    );
    println!(
        "slower than createImageBitmap: {}",
        if slower.is_empty() { "none".to_owned() } else { format!("{slower:?}") }
    );
    let over: Vec<f64> = files.iter().filter_map(|file| Some(1.0 / file.ratio("native")?)).collect();
    let most = over.iter().copied().fold(0.0, f64::max);
    println!(
        "against native the engine took {:.2} × as long, geometric mean; {most:.2} × at most",
        mean(&over)
    );
}

fn cell(file: &FileFigures, subject: &str) -> String {
    match (file.median(subject), file.ratio(subject)) {
        (Some(ms), _) if subject == "engine" => format!("{ms:.2}"),
        (Some(ms), Some(ratio)) => format!("{ms:.2} ({ratio:.2}×)"),
        (Some(ms), None) => format!("{ms:.2}"),
        (None, _) => "refused".to_owned(),
    }
}

fn mean(ratios: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are few files")]
    let count = ratios.len() as f64;
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / count).exp()
}

pub(crate) fn to_json(files: &[FileFigures], version: &str, rounds: usize) -> Value {
    let files = files.iter().map(|file| {
        let medians: BTreeMap<_, _> = SUBJECTS.iter().map(|(id, _)| (*id, file.median(id))).collect();
        json!({ "name": file.name, "median_ms": medians, "failures": file.failures })
    });
    json!({ "browser": format!("Chromium {version}"), "rounds": rounds, "files": files.collect::<Vec<_>>() })
}
