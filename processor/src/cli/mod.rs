//! What can be typed to go through all originals once more: the same for a function's installation and on one machine.

mod command;
mod progress;
mod state;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

pub use self::command::{Command, command};
pub use self::progress::Progress;
use self::state::State;
use crate::Processor;
use crate::again::{Plan, Step, Summary, Task, go_through};

/// What is typed after `reprocess`.
#[derive(Clone, Debug, clap::Args)]
pub struct ReprocessArgs {
    #[command(flatten)]
    which: Which,
    /// Those that have failed, and no others
    #[arg(long)]
    failed: bool,
    /// Counts them and does nothing
    #[arg(long)]
    dry_run: bool,
    /// Begins at the first one, also if an earlier run was cut off
    #[arg(long)]
    restart: bool,
}

/// What is typed after `verify`.
#[derive(Clone, Debug, clap::Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    which: Which,
}

#[derive(Clone, Debug, clap::Args)]
struct Which {
    /// Those whose id begins with this
    #[arg(long, value_name = "ID", default_value = "")]
    prefix: String,
    /// How many at once
    #[arg(long, value_name = "N", default_value_t = cores())]
    jobs: usize,
    /// How many in a second at most
    #[arg(long, value_name = "N", value_parser = rate)]
    rate: Option<f64>,
}

/// The exit code if something else is there than would be made. One is for what could not be done.
const DIFFERENT: u8 = 2;

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| rate.is_finite() && *rate > 0.0);
    rate.ok_or_else(|| "not a number above 0".to_owned())
}

impl Which {
    fn plan(&self, uploads_bucket: &str, task: Task) -> Plan {
        Plan {
            uploads_bucket: uploads_bucket.to_owned(),
            id_prefix: self.prefix.clone(),
            only_failed: false,
            after: None,
            concurrency: self.jobs,
            per_second: self.rate,
            task,
        }
    }
}

/// Makes everything anew. How far it has come is kept in the file `state` until it is done.
pub async fn reprocess(
    processor: &Processor,
    uploads_bucket: &str,
    args: &ReprocessArgs,
    state: &Path,
) -> Result<ExitCode> {
    let mut plan = args.which.plan(uploads_bucket, Task::Count);
    plan.only_failed = args.failed;
    let mut state = State::load(state, format!("{} {}", args.which.prefix, args.failed), args.restart)?;
    plan.after = state.after();
    let count = go_through(processor, &plan, |_, _, _| ()).await?.seen;
    let continued = if plan.after.is_some() { " more, after those of a run that was cut off" } else { "" };
    if args.dry_run {
        say(&format!("{count} originals{continued}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    plan.task = Task::Reprocess;
    let summary = show(processor, &plan, count, |id| state.save(id)).await?;
    state.remove()?;
    let failed: Vec<_> = summary.failed.iter().map(|(code, count)| format!("{count} {code}")).collect();
    let failed = if failed.is_empty() { "0".to_owned() } else { failed.join(", ") };
    let Summary { seen, good, gone, errors, .. } = summary;
    say(&format!(
        "{seen} originals{continued}: {good} ready, failed: {failed}, {gone} gone, {errors} errors"
    ))?;
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes everything anew, writes nothing, and tells what is not as it would be made.
pub async fn verify(processor: &Processor, uploads_bucket: &str, args: &VerifyArgs) -> Result<ExitCode> {
    let mut plan = args.which.plan(uploads_bucket, Task::Count);
    let count = go_through(processor, &plan, |_, _, _| ()).await?.seen;
    plan.task = Task::Verify;
    let Summary { seen, good, different, errors, .. } = show(processor, &plan, count, |_| Ok(())).await?;
    say(&format!("{seen} originals: {good} as they would be made, {different} different, {errors} errors"))?;
    Ok(match (different, errors) {
        (0, 0) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(DIFFERENT),
        _ => ExitCode::FAILURE,
    })
}

/// Shows how far it is and what is wrong, and tells `done` of each.
async fn show(
    processor: &Processor,
    plan: &Plan,
    count: u64,
    mut done: impl FnMut(wire::ImageId) -> Result<()>,
) -> Result<Summary> {
    let mut progress = Progress::new(usize::try_from(count).unwrap_or(usize::MAX));
    let mut kept = Ok(());
    let summary = go_through(processor, plan, |created, step, _| {
        if let Step::Different(what) | Step::Error(what) = step {
            progress.clear();
            kept = std::mem::replace(&mut kept, Ok(())).and(say(&format!("{}: {what}", created.key)));
        }
        progress.advance();
        kept = std::mem::replace(&mut kept, Ok(())).and(done(created.key.id));
    })
    .await?;
    progress.clear();
    kept.context("how far it has come could not be kept")?;
    Ok(summary)
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
