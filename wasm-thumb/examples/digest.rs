//! `digest FILE…`: for each file a line with the SHA-256 of its thumbnail, or the code of the error, and its path.
//!
//! Small enough to be built for other machines, so that their bytes can be compared with those of this one.
#![allow(clippy::print_stdout, reason = "its output")]

use std::{env, fs, io};

use sha2::{Digest, Sha256};
use wasm_thumb::{Options, thumbnail};

fn main() -> io::Result<()> {
    for path in env::args_os().skip(1) {
        let bytes = fs::read(&path)?;
        let outcome = match thumbnail(&bytes, &Options::default()) {
            Ok(made) => hex::encode(Sha256::digest(&made.bytes)),
            Err(error) => error.code().to_owned(),
        };
        println!("{outcome} {}", path.display());
    }
    Ok(())
}
