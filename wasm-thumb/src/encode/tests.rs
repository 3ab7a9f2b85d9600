//! What is encoded is judged by a decoder that is not the engine's.
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers")]

use jpeg_decoder::{Decoder, PixelFormat};
use sha2::{Digest, Sha256};

use super::blocks::{Block, Grid};
use super::quantise::Table;
use super::symbols::{PlaneCosts, Quantised, Statistics, size};
use super::{Bands, Tuning, jpeg, means, trellis};
use crate::Quality;
use crate::scale::Small;

fn quality(number: u8) -> Quality {
    Quality::new(number).unwrap()
}

fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Small {
    let pixels =
        (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect();
    Small { width, height, pixels }
}

fn photo(width: u32, height: u32) -> Small {
    let scene = fixtures::photo(width, height, 1);
    picture(width, height, |x, y| scene.get_pixel(x, y).0)
}

fn noise(width: u32, height: u32) -> Small {
    picture(width, height, |x, y| {
        let hash = (x + y * 4099).wrapping_mul(0x9E37_79B1);
        let [a, b, c, _] = (hash ^ hash >> 15).wrapping_mul(0x85EB_CA77).to_le_bytes();
        [a, b, c]
    })
}

/// Black and white squares of one pixel: every coefficient at its end.
fn extremes(width: u32, height: u32) -> Small {
    picture(width, height, |x, y| {
        [if (x ^ y) & 1 == 0 { 0 } else { 255 }, if x & 1 == 0 { 0 } else { 255 }, 0]
    })
}

fn decoded(file: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut decoder = Decoder::new(file);
    let bytes = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    let pixels = match info.pixel_format {
        PixelFormat::L8 => bytes.iter().map(|&gray| [gray; 3]).collect(),
        _ => bytes.as_chunks().0.to_vec(),
    };
    (info.width.into(), info.height.into(), pixels)
}

/// The greatest and the mean difference of a value.
fn difference(picture: &Small, file: &[u8]) -> (u8, f64) {
    let (width, height, pixels) = decoded(file);
    assert_eq!((width, height), (picture.width, picture.height));
    let of = picture.pixels.as_flattened().iter().zip(pixels.as_flattened()).map(|(a, b)| a.abs_diff(*b));
    let mean = of.clone().map(f64::from).sum::<f64>() / pixels.as_flattened().len() as f64;
    (of.max().unwrap_or(0), mean)
}

#[test]
fn at_quality_100_nothing_is_seen_of_it() {
    for picture in [photo(100, 100), photo(33, 71), noise(64, 40), extremes(40, 40)] {
        let (most, mean) = difference(&picture, &jpeg(&picture, quality(100)).unwrap());
        assert!(most <= 4 && mean < 0.8, "{most} {mean}");
    }
}

#[test]
fn the_default_stays_close() {
    let picture = photo(100, 100);
    let (_, mean) = difference(&picture, &jpeg(&picture, Quality::default()).unwrap());
    assert!(mean < 5.0, "{mean}");
}

#[test]
fn any_size_comes_out_as_it_went_in() {
    for (width, height) in
        [(1, 1), (7, 3), (8, 8), (9, 1), (1, 100), (4096, 1), (1, 4096), (100, 4), (601, 599)]
    {
        for number in [1, 85, 100] {
            let picture = photo(width, height);
            let (most, _) = difference(&picture, &jpeg(&picture, quality(number)).unwrap());
            assert!(number < 100 || most <= 4, "{width}×{height} at {number}: {most}");
        }
    }
}

#[test]
fn the_worst_pictures_can_be_written() {
    for number in [1, 2, 49, 50, 97, 98, 99, 100] {
        for picture in [noise(104, 99), extremes(64, 64), noise(700, 600)] {
            difference(&picture, &jpeg(&picture, quality(number)).unwrap());
        }
        for value in [0, 1, 254, 255] {
            let plain = picture(100, 100, |_, _| [value; 3]);
            let (most, _) = difference(&plain, &jpeg(&plain, quality(number)).unwrap());
            assert!(number < 50 || most <= 3, "{value} at {number}: {most}");
        }
    }
}

#[test]
fn a_higher_quality_is_not_smaller_and_not_worse() {
    for picture in [photo(100, 100), noise(100, 100)] {
        let mut last = (0, f64::INFINITY);
        for number in [1, 5, 10, 20, 30, 40, 50, 60, 65, 70, 75, 80, 83, 85, 88, 90, 92, 94, 96, 98, 100] {
            let file = jpeg(&picture, quality(number)).unwrap();
            let (_, mean) = difference(&picture, &file);
            assert!(file.len() >= last.0, "{number}: {} bytes after {}", file.len(), last.0);
            assert!(mean <= last.1 * 1.02, "{number}: off by {mean} after {}", last.1);
            last = (file.len(), mean);
        }
    }
}

#[test]
fn a_picture_without_colours_has_one_component() {
    let gray = picture(100, 100, |x, y| [(x * y % 251) as u8; 3]);
    let file = jpeg(&gray, quality(90)).unwrap();
    let mut decoder = Decoder::new(file.as_slice());
    decoder.decode().unwrap();
    assert_eq!(decoder.info().unwrap().pixel_format, PixelFormat::L8);
    let mut tinted = gray;
    tinted.pixels[5000][2] ^= 0x40;
    let (_, _, pixels) = decoded(&jpeg(&tinted, quality(100)).unwrap());
    assert_ne!(pixels[5000][1], pixels[5000][2]);
}

#[test]
fn nothing_is_written_twice_nor_for_nothing() {
    let file = jpeg(&photo(100, 100), quality(85)).unwrap();
    let (mut markers, mut at) = (vec![file[1]], 2);
    while file[at + 1] != 0xDA {
        markers.push(file[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
    }
    assert_eq!(markers, [0xD8, 0xDB, 0xC0, 0xC4]);
    assert_eq!(file[file.len() - 2..], [0xFF, 0xD9]);
}

#[test]
fn files_are_what_they_were() {
    let golden = [
        (photo(100, 100), 85, "photo"),
        (photo(100, 67), 30, "photo"),
        (noise(100, 100), 97, "noise"),
        (photo(700, 500), 85, "large"),
        (picture(40, 40, |x, _| [x as u8 * 6; 3]), 85, "gray"),
    ];
    let found: Vec<String> = golden
        .into_iter()
        .map(|(picture, number, name)| {
            let hash = Sha256::digest(jpeg(&picture, quality(number)).unwrap());
            format!("{name} at {number}: {hash:x}")[..name.len() + 23].to_owned()
        })
        .collect();
    assert_eq!(found, GOLDEN);
}

const GOLDEN: [&str; 5] = [
    "photo at 85: acf4358d1169af3",
    "photo at 30: c76243565c03300",
    "noise at 97: 10a3024edc2075e",
    "large at 85: dd6e9a9b83b3529",
    "gray at 85: 9500e06e20aaf25",
];

/// Blocks, tables, and costs as the encoder comes to them.
fn prepared(picture: &Small, number: u8) -> (Vec<Block>, usize, [Table; 2], [PlaneCosts; 2]) {
    let grid = Grid::new(picture);
    let tables = Table::pair(quality(number), &Tuning::DEFAULT);
    let mut blocks = Vec::new();
    grid.read(0..grid.rows(), &mut blocks);
    let components = grid.components;
    let plane = |index: usize| (index % components).min(1);
    let mut plain: Vec<Quantised> = blocks
        .iter()
        .enumerate()
        .map(|(index, block)| trellis::nearest(block, &tables[plane(index)]))
        .collect();
    for component in 0..components {
        means::nearest((&blocks, &mut plain), (component, components), &tables[component.min(1)]);
    }
    let mut statistics = Statistics::new();
    statistics.add(&plain, components);
    let costs = PlaneCosts::of(&statistics, &tables);
    (blocks, components, tables, costs)
}

/// What the choice is meant to make small, for everything but the mean.
fn cost(block: &Block, choice: &Quantised, table: &Table, costs: &PlaneCosts) -> u64 {
    let mut sum = 0;
    let square = |&value: &i16| u64::from(value.unsigned_abs()).pow(2);
    let weight = table.block_weight(block, block.coefficients[1..].iter().map(square).sum());
    for place in 1..64 {
        let kept = i64::from(choice.values[place]) * i64::from(table.step(place));
        let off = (i64::from(block.coefficients[place]) - kept).unsigned_abs();
        sum += off * off * weight;
    }
    choice.for_each(|symbol, _| sum += costs.rest[symbol]);
    sum
}

#[test]
fn the_best_choice_is_never_worse_than_the_nearest() {
    let mut better = 0;
    for (picture, number) in
        [(photo(100, 100), 85), (photo(100, 100), 20), (noise(50, 50), 90), (extremes(60, 60), 60)]
    {
        let (blocks, components, tables, costs) = prepared(&picture, number);
        for (index, block) in blocks.iter().enumerate() {
            let plane = (index % components).min(1);
            let of = |choice: &Quantised| cost(block, choice, &tables[plane], &costs[plane]);
            let best = of(&trellis::best(block, &tables[plane], &costs[plane]));
            let nearest = of(&trellis::nearest(block, &tables[plane]));
            assert!(best <= nearest, "block {index} at {number}: {best} after {nearest}");
            better += u32::from(best < nearest);
        }
    }
    assert!(better > 300, "{better}");
}

#[test]
fn the_best_choice_is_that_of_trying_everything() {
    let (mut blocks, components, tables, costs) = prepared(&photo(60, 60), 80);
    for (index, block) in blocks.iter_mut().enumerate() {
        let (table, costs) = (&tables[(index % components).min(1)], &costs[(index % components).min(1)]);
        // With only ten coefficients left, everything can be tried.
        for place in 11..64 {
            block.coefficients[place] = 0;
        }
        let nearest = trellis::nearest(block, table);
        let mut choices = vec![Quantised::NOTHING];
        for place in 1..=10 {
            let value = nearest.values[place];
            let smaller = (1i16 << size(value.unsigned_abs()).saturating_sub(1)) - 1;
            let mut options = vec![0, value, smaller * value.signum()];
            options.sort_unstable();
            options.dedup();
            let with = |choice: &Quantised, value: i16| {
                let mut choice = *choice;
                choice.values[place] = value;
                choice.set |= u64::from(value != 0) << place;
                choice
            };
            choices = choices
                .iter()
                .flat_map(|choice| options.iter().map(move |&value| with(choice, value)))
                .collect();
        }
        let least = choices.iter().map(|choice| cost(block, choice, table, costs)).min().unwrap();
        let found = cost(block, &trellis::best(block, table, costs), table, costs);
        // Only what could not pay is left out of the search.
        assert!(found == least || found - least < least / 50, "block {index}: {found}, not {least}");
    }
}

#[test]
fn the_best_means_are_never_worse_than_the_nearest() {
    let (blocks, components, tables, costs) = prepared(&photo(200, 200), 60);
    for component in 0..components {
        let (table, costs) = (&tables[component.min(1)], &costs[component.min(1)]);
        let of = |chosen: &[Quantised]| {
            let (mut sum, mut before) = (0, 0);
            for (block, chosen) in blocks.iter().zip(chosen).skip(component).step_by(components) {
                let value = chosen.values[0];
                let kept = i64::from(value) * i64::from(table.step(0));
                let off = (i64::from(block.coefficients[0]) - kept).unsigned_abs();
                sum += off * off * 16 * u64::from(block.visible);
                sum += costs.means[size((value - before).unsigned_abs())];
                before = value;
            }
            sum
        };
        let mut nearest = vec![Quantised::NOTHING; blocks.len()];
        means::nearest((&blocks, &mut nearest), (component, components), table);
        let mut best = nearest.clone();
        let last = means::choose((&blocks, &mut best), (component, components), table, costs, 0);
        assert_eq!(last, best[blocks.len() - components + component].values[0]);
        assert!(of(&best) < of(&nearest), "{component}: {} after {}", of(&best), of(&nearest));
    }
}

#[test]
fn a_large_picture_is_gone_through_in_bands() {
    let rows = |picture: &Small| {
        let rows = Bands::new(Grid::new(picture), Table::pair(quality(85), &Tuning::DEFAULT)).rows;
        (rows.len(), rows.iter().map(ExactSizeIterator::len).sum::<usize>())
    };
    assert_eq!(rows(&photo(1600, 30)), (1, 4));
    let large = noise(1600, 1200);
    assert_eq!(rows(&large), (6, 150));
    let (most, _) = difference(&large, &jpeg(&large, quality(100)).unwrap());
    assert!(most <= 4, "{most}");
}
