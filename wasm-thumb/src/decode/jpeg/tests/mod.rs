//! Against other decoders, over generated files.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

mod damage;
mod turbo;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{Opened, Scale};
use crate::decode::{Area, RowSink, Samples};

const SAMPLINGS: [SamplingFactor; 8] = [
    SamplingFactor::F_1_1,
    SamplingFactor::F_2_1,
    SamplingFactor::F_1_2,
    SamplingFactor::F_2_2,
    SamplingFactor::F_4_1,
    SamplingFactor::F_4_2,
    SamplingFactor::F_1_4,
    SamplingFactor::F_2_4,
];
const SIZES: [(u16, u16); 9] =
    [(1, 1), (8, 8), (7, 9), (16, 17), (33, 31), (65, 40), (3, 70), (129, 5), (150, 117)];

/// How a test file is coded.
#[derive(Clone, Copy, Debug)]
struct Coding {
    size: (u16, u16),
    colour: ColorType,
    sampling: SamplingFactor,
    /// 0 for a sequential file.
    progressive_scans: u8,
    restart_interval: u16,
    quality: u8,
    has_own_tables: bool,
}

/// Waves of all kinds, with a little noise.
fn picture((width, height): (u16, u16), channels: usize) -> Vec<u8> {
    let mut seed = 7u32;
    let mut samples = Vec::new();
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let (x, y) = (f64::from(x), f64::from(y));
        for channel in 0..channels {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(seed >> 24) / 8.0;
            let wave = (x / (5.0 + 3.0 * channel as f64)).sin() + (y / 7.0 + x / 90.0).cos();
            samples.push((112.0 + 50.0 * wave + noise) as u8);
        }
    }
    samples
}

fn encode(coding: Coding) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, coding.quality);
    encoder.set_sampling_factor(coding.sampling);
    if coding.progressive_scans > 0 {
        encoder.set_progressive_scans(coding.progressive_scans);
    }
    if coding.restart_interval > 0 {
        encoder.set_restart_interval(coding.restart_interval);
    }
    encoder.set_optimized_huffman_tables(coding.has_own_tables);
    let channels = match coding.colour {
        ColorType::Luma => 1,
        ColorType::Cmyk | ColorType::CmykAsYcck => 4,
        _ => 3,
    };
    let (width, height) = coding.size;
    encoder.encode(&picture(coding.size, channels), width, height, coding.colour).unwrap();
    bytes
}

fn codings(colour: ColorType) -> impl Iterator<Item = Coding> {
    let sizes = SIZES.into_iter().flat_map(|size| SAMPLINGS.map(|sampling| (size, sampling)));
    let ways = [
        (0, 0, 90, false),
        (0, 1, 60, false),
        (0, 3, 98, false),
        (0, 0, 75, true),
        (4, 0, 90, true),
        (9, 2, 75, false),
    ];
    sizes.flat_map(move |(size, sampling)| {
        ways.map(|(progressive_scans, restart_interval, quality, has_own_tables)| Coding {
            size,
            colour,
            sampling,
            progressive_scans,
            restart_interval,
            quality,
            has_own_tables,
        })
    })
}

/// Takes the rows of a part of a picture.
struct Rows {
    wanted: Area,
    next: u32,
    samples: Vec<u8>,
}

impl RowSink for Rows {
    fn wanted(&self) -> Area {
        self.wanted
    }

    fn row(&mut self, y: u32, first: u32, step: u32, samples: Samples<'_>) {
        assert_eq!((y, first, step), (self.next, self.wanted.columns.0, 1), "rows come from the top");
        let Samples::Eight(samples) = samples else { panic!("samples of another depth") };
        self.samples.extend(samples);
        self.next += 1;
    }
}

fn try_part(bytes: &[u8], scale: Scale, wanted: Area) -> Result<Vec<u8>, crate::Error> {
    let mut rows = Rows { wanted, next: wanted.rows.0, samples: Vec::new() };
    Opened::new(bytes)?.decode(scale, &mut rows)?;
    assert_eq!(rows.next, wanted.rows.1);
    Ok(rows.samples)
}

fn try_decode(bytes: &[u8], scale: Scale) -> Result<Vec<u8>, crate::Error> {
    let (width, height) = Opened::new(bytes)?.dimensions();
    let scaled = |side: u32| (0, side.div_ceil(scale.denominator()));
    try_part(bytes, scale, Area { columns: scaled(width), rows: scaled(height) })
}

fn decode(bytes: &[u8], scale: Scale) -> Vec<u8> {
    try_decode(bytes, scale).unwrap()
}

fn code(bytes: &[u8], scale: Scale) -> Option<&'static str> {
    try_decode(bytes, scale).err().map(|error| error.code())
}

/// The picture as another decoder has it.
fn reference(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.decode().unwrap()
}

/// The greatest difference and the mean.
fn difference(one: &[u8], other: &[u8]) -> (u8, f64) {
    assert_eq!(one.len(), other.len());
    let differences = || one.iter().zip(other).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = differences().map(u64::from).sum();
    (differences().max().unwrap_or(0), sum as f64 / one.len() as f64)
}

#[test]
fn pixels_are_those_of_another_decoder() {
    // The transform is rounded in other places, and so are colours; chroma that is stretched, once more.
    for colour in [ColorType::Luma, ColorType::Rgb, ColorType::Cmyk, ColorType::CmykAsYcck] {
        for coding in codings(colour) {
            let bytes = encode(coding);
            let (most, mean) = difference(&decode(&bytes, Scale::Full), &reference(&bytes));
            let is_exact = colour == ColorType::Luma;
            let (may_be, mean_may_be) = if is_exact { (1, 0.1) } else { (4, 0.5) };
            assert!(most <= may_be && mean <= mean_may_be, "{coding:?}: {most}, {mean:.3} on average");
        }
    }
}

#[test]
fn a_smaller_scale_is_the_picture_made_smaller() {
    for coding in codings(ColorType::Luma).filter(|coding| coding.size.0 > 100) {
        let bytes = encode(coding);
        let (width, height) = (usize::from(coding.size.0), usize::from(coding.size.1));
        let full = decode(&bytes, Scale::Full);
        for scale in [Scale::Half, Scale::Quarter, Scale::Eighth] {
            let side = scale.denominator() as usize;
            let small = decode(&bytes, scale);
            let small_width = width.div_ceil(side);
            assert_eq!(small.len(), small_width * height.div_ceil(side));
            let mut sum = 0.0;
            let whole = || (0..height / side).flat_map(|y| (0..width / side).map(move |x| (x, y)));
            for (x, y) in whole() {
                let cells =
                    (0..side * side).map(|i| full[(y * side + i / side) * width + x * side + i % side]);
                let mean = cells.map(f64::from).sum::<f64>() / (side * side) as f64;
                sum += (mean - f64::from(small[y * small_width + x])).abs();
            }
            let count = whole().count().max(1) as f64;
            assert!(sum / count < 2.5, "{coding:?} {scale:?}: {} on average", sum / count);
        }
    }
}

/// A file of this coding with nothing special about it.
fn plain(progressive_scans: u8, restart_interval: u16) -> Vec<u8> {
    encode(Coding {
        size: (150, 117),
        colour: ColorType::Rgb,
        sampling: SamplingFactor::F_2_2,
        progressive_scans,
        restart_interval,
        quality: 90,
        // The encoder cannot make tables for a file of restarts.
        has_own_tables: restart_interval == 0,
    })
}

/// Where the marker is first.
fn find(bytes: &[u8], marker: u8) -> usize {
    bytes.windows(2).position(|pair| pair == [0xFF, marker]).unwrap()
}

#[test]
fn what_lies_between_segments_is_passed_over() {
    let whole = plain(0, 3);
    let at = find(&whole, 0xDB);
    for garbage in [&[0xFF, 0xFF, 0xFF][..], b"\0\x01garbage", &[0xFF, 0x00, 0x12]] {
        let with_garbage = [&whole[..at], garbage, &whole[at..]].concat();
        assert_eq!(decode(&with_garbage, Scale::Full), decode(&whole, Scale::Full));
    }
}

#[test]
fn the_height_may_be_told_after_the_data() {
    let whole = plain(0, 0);
    let at = find(&whole, 0xC0) + 5;
    let height = [whole[at], whole[at + 1]];
    let mut late = whole.clone();
    late[at..at + 2].fill(0);
    late.truncate(whole.len() - 2);
    assert_eq!(code(&late, Scale::Full), Some("corrupt"));
    late.extend([0xFF, 0xDC, 0, 4, height[0], height[1], 0xFF, 0xD9]);
    assert_eq!(decode(&late, Scale::Full), decode(&whole, Scale::Full));
}

#[test]
fn adobe_says_when_three_components_are_red_green_and_blue() {
    let whole = plain(0, 0);
    // Without JFIF's segment, which comes first and knows no RGB.
    let adobe = |transform| {
        let segment = [&b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0"[..], &[transform]].concat();
        [&whole[..2], &segment, &whole[20..]].concat()
    };
    assert_eq!(decode(&adobe(1), Scale::Full), decode(&whole, Scale::Full));
    let (rgb, ycc) = (decode(&adobe(0), Scale::Full), reference(&adobe(0)));
    assert!(difference(&rgb, &ycc).0 <= 2);
    assert_ne!(rgb, decode(&whole, Scale::Full));
}
