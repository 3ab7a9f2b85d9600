//! The decoder of PNG.
#![no_main]

use wasm_thumb::Format;

libfuzzer_sys::fuzz_target!(
    init: wasm_thumb_fuzz::pass_over_checksums(),
    |data: &[u8]| wasm_thumb_fuzz::of_format(data, Format::Png)
);
