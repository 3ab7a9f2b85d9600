//! Runs other programs and says so.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Of a longer command only so many words are shown.
const MAX_WORDS: usize = 12;

/// A program with its arguments, run in the repository's root.
#[derive(Debug)]
pub(crate) struct Run {
    command: Command,
}

impl Run {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(crate::place::root());
        Self { command }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// Runs it in another folder than the repository's root.
    pub(crate) fn within(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end; an error if it cannot be started or does not exit with 0.
    pub(crate) fn run(mut self) -> Result<()> {
        let line = self.line();
        eprintln!("  $ {line}");
        let status = self.command.status().with_context(|| format!("could not start {line}"))?;
        if !status.success() {
            bail!("{line}: {status}");
        }
        Ok(())
    }

    /// Runs it to its end and returns what it printed, whatever it exited with.
    pub(crate) fn output_of_any_exit(mut self) -> Result<Vec<u8>> {
        let line = self.line();
        eprintln!("  $ {line}");
        let output = self.command.stderr(Stdio::inherit()).output();
        Ok(output.with_context(|| format!("could not start {line}"))?.stdout)
    }

    /// Runs it to its end and returns what it printed; if it does not exit with 0, an error with all that it said.
    pub(crate) fn output(mut self) -> Result<String> {
        let line = self.line();
        let output = self.command.output().with_context(|| format!("could not start {line}"))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!("{line}: {}\n{said}{}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(said)
    }

    /// Whether it runs and exits with 0; prints nothing.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// Becomes the program where the system can, so that signals reach it; otherwise waits for its end.
    pub(crate) fn become_it(mut self) -> Result<()> {
        let line = self.line();
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            Err(self.command.exec()).with_context(|| format!("could not start {line}"))
        }
        #[cfg(not(unix))]
        {
            let status = self.command.status().with_context(|| format!("could not start {line}"))?;
            std::process::exit(status.code().unwrap_or(1));
        }
    }

    fn line(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let mut words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
        if words.len() > MAX_WORDS {
            words.truncate(MAX_WORDS);
            words.push("…".into());
        }
        words.join(" ")
    }
}
