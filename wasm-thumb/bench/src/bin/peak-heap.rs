//! `peak-heap FILE…`: how many bytes the engine has on the heap at most while it makes a thumbnail, besides the
//! file itself; a line for each file. An allocator that counts slows everything down, hence a program of its own.

#[path = "../../../tests/common/counting.rs"]
mod counting;

use std::{env, fs};

use anyhow::{Context, Result};
use wasm_thumb::Options;

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;

fn main() -> Result<()> {
    for path in env::args().skip(1) {
        let file = fs::read(&path).with_context(|| path.clone())?;
        let (made, taken) = counting::measured(|| wasm_thumb::thumbnail(&file, &Options::default()));
        match made {
            Ok(_) => println!("{} {}", taken.bytes, taken.requests),
            Err(error) => println!("error {error}"),
        }
    }
    Ok(())
}
