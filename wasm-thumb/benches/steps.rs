//! How long each step takes alone, on a photo of 12 megapixels: `cargo xtask bench --only micro`.
//!
//! The photo is a generated one, unless `BENCH_PHOTO` names another JPEG.

use std::sync::LazyLock;
use std::{env, fs};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use wasm_thumb::steps::{self, Light, Rows};

const WIDTH_PX: u16 = 4000;
const HEIGHT_PX: u16 = 3000;

static PHOTO: LazyLock<Vec<u8>> = LazyLock::new(|| match env::var_os("BENCH_PHOTO") {
    Some(file) => fs::read(file).expect("BENCH_PHOTO names a file"),
    None => coded(false),
});
static PROGRESSIVE: LazyLock<Vec<u8>> = LazyLock::new(|| coded(true));

fn main() {
    // Made before anything is timed.
    LazyLock::force(&PHOTO);
    LazyLock::force(&PROGRESSIVE);
    divan::main();
}

/// As most cameras do: half as many samples of colour across and down.
fn coded(is_progressive: bool) -> Vec<u8> {
    let coding = fixtures::Coding { sampling: (2, 2), is_progressive, restart_interval: 0 };
    fixtures::coded_jpeg(WIDTH_PX, HEIGHT_PX, coding)
}

fn pixels() -> ItemsCount {
    let (width, height) = steps::header(&PHOTO).expect("a photo");
    ItemsCount::new(u64::from(width) * u64::from(height))
}

#[divan::bench]
fn a_header(bencher: Bencher) {
    bencher.bench(|| steps::header(black_box(&PHOTO)));
}

#[divan::bench(args = [8, 4, 2, 1])]
fn b_decode(bencher: Bencher, denominator: u32) {
    bencher.counter(pixels()).bench(|| steps::decode(black_box(&PHOTO), denominator));
}

#[divan::bench(args = [8, 4, 2, 1])]
fn c_decode_progressive(bencher: Bencher, denominator: u32) {
    bencher.counter(pixels()).bench(|| steps::decode(black_box(&PROGRESSIVE), denominator));
}

/// Of what was decoded at this scale.
#[divan::bench(args = [8, 4, 2, 1])]
fn d_reduce(bencher: Bencher, denominator: u32) {
    let rows = Rows::of(&PHOTO, denominator).expect("a photo");
    bencher.bench(|| black_box(&rows).reduce());
}

#[divan::bench]
fn e_resize(bencher: Bencher) {
    let light = Rows::of(&PHOTO, 8).and_then(|rows| rows.reduce()).expect("a photo");
    bencher.with_inputs(|| light.clone()).bench_values(Light::resize);
}

#[divan::bench]
fn f_encode(bencher: Bencher) {
    let finished =
        Rows::of(&PHOTO, 8).and_then(|rows| rows.reduce()).and_then(Light::resize).expect("a thumbnail");
    bencher.bench(|| black_box(&finished).encode());
}

/// All of them together.
#[divan::bench]
fn g_thumbnail(bencher: Bencher) {
    let options = wasm_thumb::Options::default();
    bencher.counter(pixels()).bench(|| wasm_thumb::thumbnail(black_box(&PHOTO), &options));
}
