//! Any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wasm_thumb_fuzz::whole(data));
