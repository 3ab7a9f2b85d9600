//! Lossless streams of every kind, written at random: all transforms, caches, several groups of codes with codes of any
//! length, copies from near and far. Encoders use a part of what the format has.

use super::{chunk, decode, random, reference};
use crate::decode::{Channels, Scale};

/// The most colours of a palette of which eight, four and two pixels are in a number, and more.
const PALETTES: [u32; 4] = [2, 4, 16, 200];
const MAX_BITS: u32 = 15;
const MAX_COPY: u32 = 4096;
/// The farthest that a symbol tells.
const MAX_DISTANCE: u32 = (1 << 20) - 120;

struct Writer {
    bytes: Vec<u8>,
    bits: u64,
    count: u32,
    /// For numbers without a pattern.
    state: u32,
}

/// A complete code: for each symbol the length and the bits, the first at the bottom.
struct Code(Vec<(u32, u32)>);

/// What is written of pixels: a symbol of green and its companions.
struct Pixels {
    width: u32,
    height: u32,
    cache_bits: Option<u32>,
    groups: Option<Groups>,
    /// The greatest green of a literal.
    most_green: u32,
    /// One in so many symbols is a copy, if there are copies.
    copy_in: Option<u32>,
}

/// Squares of 2ⁿ pixels, and the groups of each.
struct Groups {
    bits: u32,
    numbers: Vec<u32>,
}

impl Writer {
    fn put(&mut self, value: u32, count: u32) {
        self.bits |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.bits.to_le_bytes()[0]);
            self.bits >>= 8;
            self.count -= 8;
        }
    }

    fn below(&mut self, end: u32) -> u32 {
        random(&mut self.state) % end
    }

    fn symbol(&mut self, code: &Code, symbol: u32) {
        let (length, bits) = code.0[symbol as usize];
        self.put(bits, length);
    }

    /// A code for so many symbols, some of which have long codes.
    fn code(&mut self, symbols: u32) -> Code {
        let mut lengths = vec![0; 1];
        while lengths.len() < symbols as usize {
            // The last leaf again and again, so that it becomes a deep one.
            let last = u32::try_from(lengths.len() - 1).unwrap();
            let leaf = if self.below(4) == 0 { last } else { self.below(last + 1) } as usize;
            if lengths[leaf] < MAX_BITS {
                lengths[leaf] += 1;
                lengths.push(lengths[leaf]);
            }
        }
        self.put(0, 1);
        // Lengths of 0 to 15 are told in four bits each.
        self.put(15, 4);
        for length in [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] {
            self.put(if length < 16 { 4 } else { 0 }, 3);
        }
        self.put(0, 1);
        for &length in &lengths {
            self.put(length.reverse_bits() >> 28, 4);
        }
        let mut codes = vec![(0, 0); symbols as usize];
        let mut next = 0_u32;
        for length in 1..=MAX_BITS {
            next <<= 1;
            for (code, _) in codes.iter_mut().zip(&lengths).filter(|(_, told)| **told == length) {
                *code = (length, next.reverse_bits() >> (32 - length));
                next += 1;
            }
        }
        Code(codes)
    }

    /// The symbol of a length or a distance, of which the first is told, and the bits after it.
    fn number(&mut self, code: &Code, first: u32, number: u32) {
        let number = number - 1;
        if number < 4 {
            return self.symbol(code, first + number);
        }
        let high = number.ilog2();
        self.symbol(code, first + 2 * high + (number >> (high - 1) & 1));
        self.put(number & ((1 << (high - 1)) - 1), high - 1);
    }

    fn pixels(&mut self, pixels: &Pixels, is_main: bool) {
        self.put(pixels.cache_bits.is_some().into(), 1);
        if let Some(bits) = pixels.cache_bits {
            self.put(bits, 4);
        }
        let cached = pixels.cache_bits.map_or(0, |bits| 1 << bits);
        if is_main {
            self.put(pixels.groups.is_some().into(), 1);
        }
        let mut codes_of = vec![0];
        if let Some(Groups { bits, numbers }) = &pixels.groups {
            self.put(bits - 2, 3);
            let (across, down) = (pixels.width.div_ceil(1 << bits), pixels.height.div_ceil(1 << bits));
            self.values((across, down), &numbers.iter().map(|number| number << 8).collect::<Vec<_>>());
            codes_of.clone_from(numbers);
        }
        let count = codes_of.iter().max().unwrap() + 1;
        let codes: Vec<_> =
            (0..count).map(|_| [280 + cached, 256, 256, 256, 40].map(|symbols| self.code(symbols))).collect();
        let mut done = 0;
        while done < pixels.width * pixels.height {
            let group = pixels.groups.as_ref().map_or(0, |Groups { bits, numbers }| {
                let (x, y) = ((done % pixels.width) >> bits, (done / pixels.width) >> bits);
                numbers[(y * pixels.width.div_ceil(1 << bits) + x) as usize]
            });
            let [green, red, blue, alpha, distance] = &codes[group as usize];
            if done > 0 && pixels.copy_in.is_some_and(|one_in| self.below(one_in) == 0) {
                let most = MAX_COPY.min(pixels.width * pixels.height - done);
                let count = 1 + self.below(most);
                self.number(green, 256, count);
                let is_near = done > 8 * pixels.width + 8 && self.below(2) == 0;
                let far = done.min(MAX_DISTANCE);
                let told = match self.below(4) {
                    _ if is_near => 1 + self.below(120),
                    0 => 120 + far,
                    1 => 121,
                    _ => 121 + self.below(far),
                };
                self.number(distance, 0, told);
                done += count;
            } else if cached > 0 && self.below(2) == 0 {
                // The other decoder forgets that what nothing had been put at is black, whose place is the first.
                let index = 1 + self.below(cached - 1);
                self.symbol(green, 280 + index);
                done += 1;
            } else {
                let of_green = self.below(pixels.most_green + 1);
                self.symbol(green, of_green);
                for code in [red, blue, alpha] {
                    let sample = self.below(256);
                    self.symbol(code, sample);
                }
                done += 1;
            }
        }
    }

    /// A picture within the picture, of these greens and reds.
    fn values(&mut self, (width, height): (u32, u32), values: &[u32]) {
        assert_eq!((width * height) as usize, values.len());
        self.put(0, 1);
        let codes = [280, 256, 256, 256, 40].map(|symbols| self.code(symbols));
        for value in values {
            for (code, shift) in codes.iter().zip([8, 16, 0, 24]) {
                self.symbol(code, value >> shift & 0xFF);
            }
        }
    }

    /// The sides of squares and what these hold: a value of so many bits in green, or any.
    fn squares(&mut self, width: u32, height: u32, modes: Option<u32>) {
        let bits = 2 + self.below(4);
        self.put(bits - 2, 3);
        let (across, down) = (width.div_ceil(1 << bits), height.div_ceil(1 << bits));
        let values: Vec<_> = (0..across * down)
            .map(|_| match modes {
                Some(modes) => self.below(modes) << 8,
                None => random(&mut self.state),
            })
            .collect();
        self.values((across, down), &values);
    }
}

/// A file of a random stream of this size.
fn written(seed: u32, (width, height): (u32, u32), copy_in: u32) -> Vec<u8> {
    let state = seed.wrapping_mul(0x9E37_79B9) | 1;
    let mut writer = Writer { bytes: vec![0x2F], bits: 0, count: 0, state };
    writer.put(width - 1, 14);
    writer.put(height - 1, 14);
    writer.put(1, 1);
    writer.put(0, 3);
    let mut packed_width = width;
    let mut most_green = 255;
    let first = writer.below(4);
    for kind in (0..4).map(|n| (first + n) % 4) {
        if writer.below(3) == 0 {
            continue;
        }
        writer.put(1, 1);
        writer.put(kind, 2);
        match kind {
            0 => writer.squares(packed_width, height, Some(14)),
            1 => writer.squares(packed_width, height, None),
            2 => {}
            _ => {
                let colours = PALETTES[writer.below(4) as usize];
                writer.put(colours - 1, 8);
                let values: Vec<_> = (0..colours).map(|_| random(&mut writer.state)).collect();
                writer.values((colours, 1), &values);
                let together = match colours {
                    2 => 8,
                    4 => 4,
                    16 => 2,
                    _ => 1,
                };
                most_green = if together == 1 { colours - 1 } else { 255 };
                packed_width = packed_width.div_ceil(together);
            }
        }
    }
    writer.put(0, 1);
    let bits = 2 + writer.below(5);
    let squares = packed_width.div_ceil(1 << bits) * height.div_ceil(1 << bits);
    // Of five groups the first three are used.
    let groups = (writer.below(2) == 0)
        .then(|| Groups { bits, numbers: (0..squares).map(|_| writer.below(3) + 2 * (seed % 2)).collect() });
    let cache_bits = (writer.below(3) > 0).then(|| 1 + writer.below(11));
    let pixels =
        Pixels { width: packed_width, height, cache_bits, groups, most_green, copy_in: Some(copy_in) };
    writer.pixels(&pixels, true);
    writer.put(0, 7);
    chunk(*b"RIFF", &[b"WEBP".to_vec(), chunk(*b"VP8L", &writer.bytes)].concat())
}

#[test]
fn streams_of_every_kind_are_read_as_another_decoder_reads_them() {
    for seed in 0..120 {
        let size = [(97, 41), (1, 30), (64, 3), (130, 70)][seed as usize % 4];
        let file = written(seed, size, 4 + 40 * (seed / 60));
        let expected = reference(&file, Channels::Rgba).unwrap_or_else(|| panic!("{seed}: no reference"));
        let pixels = decode(&file, Scale::Full, None).unwrap_or_else(|error| panic!("{seed}: {error}"));
        assert!(pixels == expected, "{seed}");
    }
}

#[test]
fn what_is_taken_from_an_empty_place_of_the_cache_is_put_where_black_belongs() {
    let mut writer = Writer { bytes: vec![0x2F], bits: 0, count: 0, state: 1 };
    // Three pixels by one, alpha, no transform, a cache of two colours, one group.
    for (value, count) in [(2, 14), (0, 14), (1, 1), (0, 3), (0, 1), (1, 1), (1, 4), (0, 1)] {
        writer.put(value, count);
    }
    let codes = [282, 256, 256, 256, 40].map(|symbols| writer.code(symbols));
    // A pixel whose place is the first: 1, which is blue. Then from the second place, which is empty, and the first.
    for (code, symbol) in [(0, 0), (1, 0), (2, 1), (3, 0), (0, 281), (0, 280)] {
        writer.symbol(&codes[code], symbol);
    }
    writer.put(0, 7);
    let file = chunk(*b"RIFF", &[b"WEBP".to_vec(), chunk(*b"VP8L", &writer.bytes)].concat());
    assert_eq!(decode(&file, Scale::Full, None).unwrap(), [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn copies_reach_as_far_back_as_they_can() {
    for (seed, size) in [(1, (700, 2000)), (2, (1050, 1300)), (3, (16_383, 150))] {
        let file = written(seed, size, 2);
        let expected = reference(&file, Channels::Rgba).unwrap_or_else(|| panic!("{seed}: no reference"));
        assert!(decode(&file, Scale::Full, None).unwrap() == expected, "{size:?}");
    }
}

#[test]
fn streams_of_every_kind_are_cut_and_changed_without_harm() {
    let mut state = 7;
    for seed in 0..12 {
        let file = written(seed, (29, 23), 6);
        for len in 0..file.len() {
            let result = decode(&file[..len], Scale::Full, None);
            assert!(result.is_err() || len > file.len() / 3, "{seed} cut to {len} bytes");
        }
        for _ in 0..200 {
            let mut file = file.clone();
            let at = 25 + random(&mut state) as usize % (file.len() - 25);
            file[at] = random(&mut state).to_le_bytes()[0];
            let _ = decode(&file, Scale::Full, None);
        }
    }
}
