//! `imagasaur queue`: what waits, and what was given up.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Answer, Request, ask};
use crate::queue::{DeadLetter, MessageId, Waiting, Which};
use crate::store::now_ms;

/// What is typed after `queue`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where pictures are kept
    #[arg(long, default_value = ".imagasaur", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Shows what waits, is being worked on, or was given up with the reason
    List {
        /// The most of each kind
        #[arg(long, default_value_t = 1000)]
        max: usize,
        /// One line of JSON each
        #[arg(long)]
        json: bool,
    },
    /// Tries again what was given up
    Retry(Chosen),
    /// Forgets what was given up; the originals stay
    Forget(Chosen),
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Chosen {
    /// The ids that `list` shows
    ids: Vec<u64>,
    /// Everything that was given up
    #[arg(long)]
    all: bool,
}

impl Chosen {
    fn which(self) -> Which {
        if self.all { Which::All } else { Which::These(self.ids.into_iter().map(MessageId).collect()) }
    }
}

/// Does what was typed.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (request, is_json) = match args.command {
        Command::List { max, json } => (Request::List { max }, json),
        Command::Retry(chosen) => (Request::Retry(chosen.which()), false),
        Command::Forget(chosen) => (Request::Forget(chosen.which()), false),
    };
    let answer = ask(&args.data, request, |answer| answer)?;
    show(&mut io::stdout().lock(), &answer, is_json)?;
    Ok(ExitCode::SUCCESS)
}

fn show(out: &mut impl Write, answer: &Answer, is_json: bool) -> io::Result<()> {
    let Answer::Queue { waiting, dead, waiting_count, dead_count } = answer else {
        let Answer::Count(count) = answer else { return Ok(()) };
        return writeln!(out, "{count} done");
    };
    let now_ms = now_ms();
    for line in waiting.iter().map(|message| of_waiting(message, now_ms)).chain(dead.iter().map(of_dead)) {
        if is_json {
            writeln!(out, "{line}")?;
        } else {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            let (id, tries) = (&line["id"], &line["tries"]);
            writeln!(
                out,
                "{id:>8}  {:10}  tries {tries}  {}  {}",
                text("state"),
                text("key"),
                text("reason")
            )?;
        }
    }
    if !is_json {
        writeln!(out, "{waiting_count} waiting or under way, {dead_count} given up")?;
    }
    Ok(())
}

fn of_waiting(message: &Waiting, now_ms: u64) -> Value {
    let state = match (message.is_under_way, message.visible_at_ms > now_ms) {
        (true, true) => "under way",
        (false, true) => "later",
        _ => "due",
    };
    json!({
        "id": message.id, "state": state, "tries": message.receive_count, "key": key(&message.body),
        "due_unix_ms": message.visible_at_ms,
    })
}

fn of_dead(letter: &DeadLetter) -> Value {
    json!({
        "id": letter.id, "state": "given up", "tries": letter.receive_count, "key": key(&letter.body),
        "reason": letter.reason, "given_up_unix_ms": letter.buried_ms,
    })
}

/// The key that an event names, as the event writes it.
fn key(event: &str) -> String {
    let event: Value = serde_json::from_str(event).unwrap_or_default();
    event.pointer("/Records/0/s3/object/key").and_then(Value::as_str).unwrap_or("?").to_owned()
}
