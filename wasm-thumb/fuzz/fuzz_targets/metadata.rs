//! EXIF data.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wasm_thumb_fuzz::with_exif(data));
