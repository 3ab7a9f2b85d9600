//! The figures as a picture for the README.
//!
//! A panel for each set of pictures, and in it a bar for each subject. Every panel has a scale of its own that
//! begins at zero, so that lengths may be compared within it; the number behind each bar is what counts.

mod svg;

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Deserialize;

use self::svg::{escaped, rectangle, text};
use super::report::{FileReport, Mean, Report, SetReport};

/// What `engine-bench plot` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct PlotArguments {
    /// The figures, as `cargo xtask bench --json` writes them
    pub(super) figures: PathBuf,
    /// Where the picture goes
    pub(super) svg: PathBuf,
}

/// What is needed of the figures.
#[derive(Debug, Deserialize)]
pub(super) struct Figures {
    /// The machine, in a line.
    pub(super) machine: String,
    pub(super) speed: Report,
}

// All in pixels of a picture that is 800 wide.
const WIDTH: f64 = 800.0;
const MARGIN: f64 = 20.0;
const COLUMNS: usize = 2;
const COLUMN_WIDTH: f64 = (WIDTH - 2.0 * MARGIN) / 2.0;
const HEADER_HEIGHT: f64 = 62.0;
const TITLE_HEIGHT: f64 = 20.0;
const BAR_HEIGHT: f64 = 13.0;
const BAR_STEP: f64 = 17.0;
const PANEL_GAP: f64 = 18.0;
const NAME_WIDTH: f64 = 96.0;
const VALUE_WIDTH: f64 = 112.0;
const BAR_WIDTH: f64 = COLUMN_WIDTH - NAME_WIDTH - VALUE_WIDTH;
const FOOTER_LINE: f64 = 16.0;

pub(super) fn draw(figures: &Figures) -> String {
    let Figures { machine, speed } = figures;
    let panel_height = TITLE_HEIGHT + to_f64(speed.subjects.len()) * BAR_STEP + PANEL_GAP;
    let all_panels = to_f64(speed.sets.len().div_ceil(COLUMNS)) * panel_height;
    let footer = footer(machine, speed);
    let height = HEADER_HEIGHT + all_panels + to_f64(footer.len()) * FOOTER_LINE + MARGIN;

    let mut body = String::new();
    body += &text("title", MARGIN, 30.0, "Milliseconds for a 100×100 thumbnail, one thread");
    body += &text(
        "note",
        MARGIN,
        48.0,
        "Less is better. Geometric means; × compares with wasm-thumb on the same files.",
    );
    for (index, set) in speed.sets.iter().enumerate() {
        let x = MARGIN + to_f64(index % COLUMNS) * COLUMN_WIDTH;
        let y = HEADER_HEIGHT + to_f64(index / COLUMNS) * panel_height;
        body += &panel(set, speed, x, y);
    }
    for (line, words) in footer.iter().enumerate() {
        let y = HEADER_HEIGHT + all_panels + to_f64(line) * FOOTER_LINE + 8.0;
        body += &text("note", MARGIN, y, words);
    }
    svg::document((WIDTH, height), "Speed of wasm-thumb beside its peers", &description(speed), &body)
}

fn panel(set: &SetReport, report: &Report, x: f64, y: f64) -> String {
    let mut out = text("panel", x, y + 12.0, &format!("{} ({})", set.title, extent(set)));
    let longest = set.means.values().map(|mean| mean.ms).fold(f64::MIN_POSITIVE, f64::max);
    for (index, about) in report.subjects.iter().enumerate() {
        let top = y + TITLE_HEIGHT + to_f64(index) * BAR_STEP;
        let base = top + BAR_HEIGHT - 2.5;
        out += &text("name", x + NAME_WIDTH - 8.0, base, short(&about.id, &about.name));
        let (length, value) = match set.means.get(&about.id) {
            Some(mean) => ((mean.ms / longest * BAR_WIDTH).max(1.0), value(*mean, index == 0)),
            None => (0.0, "cannot".to_owned()),
        };
        out += &rectangle(&about.id, (x + NAME_WIDTH, top), (length, BAR_HEIGHT));
        out += &text("value", x + NAME_WIDTH + length + 6.0, base, &value);
    }
    out
}

fn value(mean: Mean, is_engine: bool) -> String {
    let ms = number(mean.ms);
    if is_engine { format!("{ms} ms") } else { format!("{ms} ms, {}×", number(mean.ratio)) }
}

/// Two digits or more, as many as mean something.
fn number(value: f64) -> String {
    let decimals = if value < 0.995 { 2 } else { usize::from(value < 9.95) };
    format!("{value:.decimals$}")
}

/// Names as they fit beside a bar.
fn short<'a>(id: &str, name: &'a str) -> &'a str {
    if id == "wasm" { "in wasm" } else { name }
}

/// How many files of what size.
fn extent(set: &SetReport) -> String {
    let megapixels = |file: &FileReport| f64::from(file.width) * f64::from(file.height) / 1e6;
    let least = set.files.iter().map(megapixels).fold(f64::INFINITY, f64::min);
    let most = set.files.iter().map(megapixels).fold(0.0, f64::max);
    let files = set.files.len();
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    if number(least) == number(most) {
        format!("{files}, {} MP", number(most))
    } else {
        format!("{files}, {}–{} MP", number(least), number(most))
    }
}

fn footer(machine: &str, report: &Report) -> Vec<String> {
    let versions: Vec<String> =
        report.subjects.iter().map(|about| format!("{} {}", about.name, about.version)).collect();
    vec![machine.to_owned(), versions.join(", "), "Repeat it: cargo xtask bench".to_owned()]
}

/// The same in words, for those who do not see the picture.
fn description(report: &Report) -> String {
    let mut words = String::new();
    for set in &report.sets {
        let means = report.subjects.iter().filter_map(|about| {
            let ms = number(set.means.get(&about.id)?.ms);
            Some(format!("{} {ms} ms", about.name))
        });
        let _ = write!(words, "{}: {}. ", set.title, means.collect::<Vec<_>>().join(", "));
    }
    escaped(words.trim_end())
}

#[expect(clippy::cast_precision_loss, reason = "rows and columns are few")]
fn to_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::report::{About, Timing};
    use super::super::subject::Took;
    use super::*;

    fn report() -> Report {
        let about = |id: &str, name: &str| About {
            id: id.to_owned(),
            name: name.to_owned(),
            version: "1 < 2".to_owned(),
            call: String::new(),
        };
        let subjects = vec![about("engine", "ours"), about("vips", "libvips")];
        let timings = [("engine", 10.0), ("vips", 30.0)].map(|(id, ms)| {
            let took = Took { ms, processor_ms: ms, thumbnail_bytes: 1 };
            (id.to_owned(), Timing::of(&[took]))
        });
        let file = FileReport {
            name: "a.jpg".to_owned(),
            width: 4000,
            height: 3000,
            bytes: 1,
            timings: timings.into(),
            failures: [].into(),
        };
        let sets = vec![SetReport::new("set", "JPEG & more", vec![file], &subjects)];
        Report { subjects, rounds: 1, sets }
    }

    #[test]
    fn the_longest_bar_fills_its_column_and_a_third_of_it_is_a_third_as_long() {
        let drawing = draw(&Figures { machine: "a machine".to_owned(), speed: report() });
        assert!(
            drawing.contains(&format!("class=\"vips\" x=\"116\" y=\"99\" width=\"{BAR_WIDTH}\"")),
            "{drawing}"
        );
        let third = format!("class=\"engine\" x=\"116\" y=\"82\" width=\"{:.1}\"", BAR_WIDTH / 3.0);
        assert!(drawing.contains(&third), "{drawing}");
        assert!(drawing.contains("30 ms, 3.0×"), "{drawing}");
    }

    #[test]
    fn words_are_escaped() {
        let drawing = draw(&Figures { machine: "<b>".to_owned(), speed: report() });
        assert!(drawing.contains("JPEG &amp; more"));
        assert!(drawing.contains("1 &lt; 2"));
        assert!(!drawing.contains("<b>"));
    }
}
