//! The decoder of GIF.
#![no_main]

use wasm_thumb::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| wasm_thumb_fuzz::of_format(data, Format::Gif));
