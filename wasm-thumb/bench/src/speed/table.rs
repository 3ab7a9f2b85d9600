//! The figures as tables for people.

use super::report::{About, FileReport, Report, SetReport};

/// Prints a line for each file, and one for each set.
pub(super) fn print(report: &Report) {
    for About { name, version, call, .. } in &report.subjects {
        println!("{name:20} {version:26} {call}");
    }
    println!("milliseconds for one thumbnail, median of {}; × as long as the engine takes", report.rounds);
    for set in &report.sets {
        println!("\n{}", heading(&set.title, report));
        for file in &set.files {
            println!("{}", file_line(file, report));
        }
        println!("{}", mean_line("geometric mean", set, report));
    }
    println!("\n{}", heading("geometric means; ratios: range, processor time", report));
    for set in &report.sets {
        println!("{}", mean_line(&set.title, set, report));
        println!("{}", spread_line(set, report));
        println!("{}", processor_line(set, report));
    }
    if let Some(part) = report.restlessness() {
        println!(
            "a quarter of the engine's repetitions took {:.0} % longer than the shortest, or more",
            part * 100.0
        );
    }
}

fn heading(title: &str, report: &Report) -> String {
    line(title, report, |about| about.name.clone())
}

fn file_line(file: &FileReport, report: &Report) -> String {
    let median = |id: &str| file.timings.get(id).map(|timing| timing.median_ms);
    let engine = median(&report.subjects[0].id);
    let megapixels = f64::from(file.width) * f64::from(file.height) / 1e6;
    line(&format!("{} {megapixels:.1} MP", shortened(&file.name)), report, |about| {
        match (median(&about.id), engine) {
            (Some(its), Some(ours)) => cell(its, its / ours),
            (Some(its), None) => format!("{its:.2}"),
            (None, _) => "failed".to_owned(),
        }
    })
}

fn mean_line(title: &str, set: &SetReport, report: &Report) -> String {
    line(title, report, |about| {
        set.means.get(&about.id).map_or_else(|| "–".to_owned(), |mean| cell(mean.ms, mean.ratio))
    })
}

fn spread_line(set: &SetReport, report: &Report) -> String {
    let files = set.files.len();
    line(&format!("  {files} file{}", if files == 1 { "" } else { "s" }), report, |about| {
        match set.means.get(&about.id) {
            Some(mean) if about.id != report.subjects[0].id => {
                format!("{:.2}–{:.2}×", mean.least_ratio, mean.greatest_ratio)
            }
            _ => String::new(),
        }
    })
}

/// The ratio once more, by the time that a processor was at work.
fn processor_line(set: &SetReport, report: &Report) -> String {
    line("", report, |about| match set.means.get(&about.id) {
        Some(mean) if about.id != report.subjects[0].id => format!("({:.2}×)", mean.processor_ratio),
        _ => String::new(),
    })
}

fn cell(ms: f64, ratio: f64) -> String {
    format!("{ms:.2} {:>8}", format!("({ratio:.2}×)"))
}

fn line(title: &str, report: &Report, cell: impl Fn(&About) -> String) -> String {
    let cells = report.subjects.iter().map(|about| format!("{:>19}", cell(about)));
    format!("{title:42}{}", cells.collect::<String>())
}

fn shortened(name: &str) -> String {
    name.chars().take(32).collect()
}
