//! `engine-bench quality` and `engine-bench speed`; `cargo xtask bench` runs both with the peers installed.

use anyhow::Result;
use clap::{Parser, Subcommand};
use engine_bench::{quality, speed};

#[derive(Parser)]
#[command(about = "The engine beside libvips, sharp and Pillow")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// How near the thumbnails come to what they should be, and in how many bytes
    Quality(quality::Arguments),
    /// Looks for better numbers for the encoder
    Tune(quality::tune::Arguments),
    /// How long the thumbnails take
    Speed(speed::Arguments),
    /// How much memory the thumbnails take
    Memory(speed::MemoryArguments),
    /// Makes one thumbnail a number of times and nothing else, to be looked at by a profiler
    One(speed::OneArguments),
    /// Makes photos to measure with
    Photos(speed::PhotosArguments),
    /// Draws what `speed` has found
    Plot(speed::PlotArguments),
    /// Makes thumbnails for `speed`, which starts it
    Worker,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Quality(arguments) => quality::run(&arguments),
        Command::Tune(arguments) => quality::tune::run(&arguments),
        Command::Speed(arguments) => speed::run(&arguments),
        Command::Memory(arguments) => speed::memory(&arguments),
        Command::One(arguments) => speed::one(&arguments),
        Command::Photos(arguments) => speed::photos(&arguments),
        Command::Plot(arguments) => speed::plot(&arguments),
        Command::Worker => speed::work(),
    }
}
