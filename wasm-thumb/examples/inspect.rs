//! `inspect FILE…`: what each file tells without its pixels.
#![allow(clippy::print_stdout, reason = "its output")]

use std::{env, fs, io};

use wasm_thumb::{Limits, inspect, position};

fn main() -> io::Result<()> {
    for path in env::args_os().skip(1) {
        let bytes = fs::read(&path)?;
        println!("{}\n{:#?}\n{:?}", path.display(), inspect(&bytes, &Limits::default()), position(&bytes));
    }
    Ok(())
}
