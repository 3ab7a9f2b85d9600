//! The engine compiled for the machine, as the speed benchmark has it: `engine-bench worker`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};

#[derive(Debug)]
pub(crate) struct Native {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Native {
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let mut process = Command::new(program)
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {}", program.display()))?;
        let requests = process.stdin.take().context("no pipe")?;
        let mut answers = BufReader::new(process.stdout.take().context("no pipe")?);
        // It says its version first.
        answers.read_line(&mut String::new())?;
        Ok(Self { process, requests, answers })
    }

    /// Milliseconds for one thumbnail; none where the engine refuses the file.
    pub(crate) fn time(&mut self, file: &Path) -> Result<Option<f64>> {
        writeln!(self.requests, "time {}", file.display())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let nanoseconds = answer.split(' ').next().and_then(|first| first.parse::<f64>().ok());
        Ok(nanoseconds.map(|nanoseconds| nanoseconds / 1e6))
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
