//! Files that break off, and files that are damaged.

use super::*;

const SCALES: [Scale; 4] = [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth];
const GREY: u8 = 128;

/// Where the data of the first scan begins.
fn data_of(whole: &[u8]) -> usize {
    let scan = find(whole, 0xDA) + 2;
    scan + usize::from(whole[scan]) * 256 + usize::from(whole[scan + 1])
}

/// How much of a picture of one sample a pixel is as in another one, from the top; what follows must be grey.
fn told_part(one: &[u8], whole: &[u8]) -> f64 {
    let same = one.iter().zip(whole).take_while(|(a, b)| a == b).count();
    assert!(one[same..].iter().all(|&sample| sample == GREY), "not grey after {same} of {}", one.len());
    same as f64 / whole.len() as f64
}

#[test]
fn an_end_marker_is_not_asked_for() {
    for (scans, interval) in [(0, 0), (0, 2), (4, 0), (4, 2)] {
        let whole = plain(scans, interval);
        for scale in SCALES {
            assert_eq!(decode(&whole[..whole.len() - 2], scale), decode(&whole, scale));
        }
    }
}

#[test]
fn a_sequential_file_may_lack_a_quarter_of_its_units_and_no_more() {
    // One block a unit, 19 across, 15 down.
    let coding = Coding {
        size: (150, 117),
        colour: ColorType::Luma,
        sampling: SamplingFactor::F_1_1,
        progressive_scans: 0,
        restart_interval: 0,
        quality: 90,
        has_own_tables: false,
    };
    let whole = encode(coding);
    // At 1/8, rows of samples are rows of blocks.
    let averages = decode(&whole, Scale::Eighth);
    let (mut least, mut most) = (1.0_f64, 0.0_f64);
    for len in data_of(&whole)..whole.len() {
        for ending in [&[][..], &[0xFF, 0xD9]] {
            let cut = [&whole[..len], ending].concat();
            let shown = try_decode(&cut, Scale::Eighth);
            let full = try_decode(&cut, SCALES[len % 3]);
            assert_eq!(shown.is_ok(), full.is_ok(), "{len}");
            match shown {
                Err(error) => assert_eq!(error.code(), "corrupt"),
                Ok(shown) => {
                    let part = told_part(&shown, &averages);
                    assert!(part >= 0.75, "{len} of {}: {part}", whole.len());
                    (least, most) = (least.min(part), most.max(part));
                }
            }
        }
    }
    assert!(least < 0.76 && most > 0.99, "{least} to {most}");
}

#[test]
fn what_is_not_wanted_may_be_missing() {
    let whole = plain(0, 0);
    let full = decode(&whole, Scale::Eighth);
    let wanted = Area { columns: (3, 11), rows: (2, 6) };
    let expected: Vec<u8> =
        (2..6).flat_map(|y| full[(y * 19 + 3) * 3..(y * 19 + 11) * 3].iter().copied()).collect();
    assert_eq!(try_part(&whole, Scale::Eighth, wanted).unwrap(), expected);
    let cut = |len: usize| &whole[..len];
    let enough = (0..whole.len()).find(|&len| try_part(cut(len), Scale::Eighth, wanted).is_ok()).unwrap();
    assert_eq!(try_part(cut(enough), Scale::Eighth, wanted).unwrap(), expected);
    assert_eq!(code(cut(enough), Scale::Eighth), Some("corrupt"));
}

/// Where the scans that tell more than averages begin.
fn details_of(whole: &[u8]) -> usize {
    let mut scans = (0..whole.len() - 6).filter(|&at| whole[at..at + 2] == [0xFF, 0xDA]);
    scans.find(|&at| whole[at + 5 + 2 * usize::from(whole[at + 4])] != 0).unwrap()
}

#[test]
fn a_progressive_file_is_shown_once_its_averages_are_there() {
    for interval in [0, 2] {
        let whole = plain(4, interval);
        let details = details_of(&whole);
        let averages = decode(&whole, Scale::Eighth);
        for len in (details..whole.len()).step_by(7) {
            assert_eq!(code(&whole[..len], SCALES[len % 3]), None, "{len} of {}", whole.len());
            assert_eq!(decode(&whole[..len], Scale::Eighth), averages);
        }
        let half = usize::midpoint(data_of(&whole), details);
        for scale in SCALES {
            assert_eq!(code(&whole[..half], scale), Some("corrupt"));
        }
    }
}

#[test]
fn after_a_damaged_interval_the_picture_goes_on() {
    let whole = plain(0, 2);
    let full = decode(&whole, Scale::Eighth);
    let places: Vec<usize> = (data_of(&whole)..whole.len() - 2)
        .filter(|&at| whole[at] == 0xFF && (0xD0..=0xD7).contains(&whole[at + 1]))
        .collect();
    let (from, to) = (places[9] + 2, places[10]);
    // An interval without data, one with other data, and one that is not there at all.
    let empty = [&whole[..from], &whole[to..]].concat();
    let mut other = whole.clone();
    other[from..to].fill(0xAA);
    let gone = [&whole[..from - 2], &whole[to..]].concat();
    for damaged in [empty, other, gone] {
        let shown = decode(&damaged, Scale::Eighth);
        let differing = shown.chunks(3).zip(full.chunks(3)).filter(|(a, b)| a != b).count();
        // Two units of four blocks each, and as chroma is not stretched, nothing else.
        assert!((1..=8).contains(&differing), "{differing}");
        assert_eq!(code(&damaged, Scale::Full), None);
    }
}

#[test]
fn walking_over_data_tells_what_reading_it_does() {
    let samplings =
        [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_1_2, SamplingFactor::F_2_2];
    for (sampling, restart_interval) in samplings.into_iter().flat_map(|s| [0, 7, 90].map(|r| (s, r))) {
        for colour in [ColorType::Luma, ColorType::Rgb, ColorType::Cmyk] {
            let coding = Coding {
                size: (900, 700),
                colour,
                sampling,
                progressive_scans: 0,
                restart_interval,
                quality: 93,
                has_own_tables: restart_interval == 0,
            };
            let whole = encode(coding);
            // Large enough for several walks; without its end it is read code by code.
            assert!(whole.len() > 100_000);
            let walked = decode(&whole, Scale::Eighth);
            let read = decode(&whole[..whole.len() - 300], Scale::Eighth);
            let most = walked.len() * 95 / 100;
            assert!(walked[..most] == read[..most], "{coding:?}");
            assert!(walked != read, "{coding:?}");
        }
    }
}

#[test]
fn truncation_at_every_byte_is_corrupt_or_a_picture() {
    for whole in [plain(0, 0), plain(0, 2), plain(4, 0), plain(9, 3)] {
        let mut was_shown = false;
        for len in 0..whole.len() {
            // Less is needed at 1/8, of a progressive file.
            let scale = SCALES[len % 3];
            match try_decode(&whole[..len], scale) {
                Ok(_) => was_shown = true,
                Err(error) => assert!(error.code() == "corrupt" && !was_shown, "{len}: {error}"),
            }
        }
        assert!(was_shown);
    }
}

#[test]
fn damage_at_any_place_gives_an_error_or_a_picture() {
    for whole in [plain(0, 0), plain(0, 2), plain(4, 0), plain(9, 3)] {
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= [0x01, 0x80, 0xFF, 0x10][at % 4];
            let scale = SCALES[at / 4 % 4];
            let Ok(opened) = Opened::new(&damaged) else { continue };
            if opened.decoded_bytes(scale) < 2 << 20 {
                let _ = try_decode(&damaged, scale);
            }
        }
    }
}
