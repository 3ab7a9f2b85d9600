//! Counts what passed, failed and was skipped, and says so at the end.

use std::time::{Duration, Instant};

use anyhow::Result;

#[derive(Debug, Default)]
pub(super) struct Report {
    parts: Vec<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    name: String,
    took: Duration,
    result: Result<Vec<String>>,
}

impl Report {
    pub(super) fn run(&mut self, name: &str, part: impl FnOnce() -> Result<Vec<String>>) {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let result = part();
        if let Err(error) = &result {
            eprintln!("== {name} FAILED: {error:#}");
        }
        self.parts.push(Outcome { name: name.to_owned(), took: start.elapsed(), result });
    }

    /// Prints the summary; true if nothing failed.
    #[expect(clippy::print_stdout, reason = "the summary is what the command is for")]
    pub(super) fn print(&self) -> bool {
        println!();
        let mut skipped = Vec::new();
        for part in &self.parts {
            let verdict = match &part.result {
                Ok(notes) => {
                    skipped.extend(notes.iter().map(|note| format!("{}: {note}", part.name)));
                    "passed".to_owned()
                }
                Err(error) => format!("FAILED: {error:#}"),
            };
            println!("{:8} {:>5.0} s  {verdict}", part.name, part.took.as_secs_f64());
        }
        for note in &skipped {
            println!("skipped: {note}");
        }
        if skipped.is_empty() {
            println!("nothing was skipped");
        }
        let failed = self.parts.iter().filter(|part| part.result.is_err()).count();
        println!("{} passed, {failed} failed", self.parts.len() - failed);
        failed == 0
    }
}
