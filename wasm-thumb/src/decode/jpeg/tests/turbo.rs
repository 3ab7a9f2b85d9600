//! Against libjpeg-turbo, over files that its own encoder makes: every sampling, sequential and progressive, with
//! restarts and without, at odd sizes, at every scale.

use std::io::Write;
use std::process::{Command, Stdio};

use super::*;

/// Sampling factors, of luma and, if they are not 1×1, of chroma.
const SAMPLINGS: [&str; 12] =
    ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "3x1", "3x2", "2x2,2x1,2x1", "1x1,2x2,1x2"];
const SIZES: [(u16, u16); 3] = [(227, 149), (33, 31), (7, 70)];

/// Slow waves: what smaller scales leave of fast ones is a matter of taste.
fn smooth((width, height): (u16, u16), channels: usize) -> Vec<u8> {
    let mut samples = Vec::new();
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (f64::from(y), f64::from(x)))) {
        for channel in 0..channels {
            let wave = (x / (40.0 + 9.0 * channel as f64)).sin() + (y / 50.0 + x / 190.0).cos();
            samples.push((127.0 + 55.0 * wave) as u8);
        }
    }
    samples
}
const WAYS: [&[&str]; 5] = [
    &["-quality", "90"],
    &["-quality", "75", "-optimize", "-restart", "3B"],
    &["-quality", "98", "-restart", "1"],
    &["-quality", "85", "-progressive"],
    &["-quality", "92", "-progressive", "-restart", "2B"],
];

/// What a program makes of its input; `None`, and a word about it, where there is no such program.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        println!("skipped: no {program}; install libjpeg-turbo-progs");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    // Beside reading: a program may tell something before it has been told everything.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).unwrap());
        child.wait_with_output().unwrap()
    });
    Some(output.stdout)
}

/// Samples of a PNM file.
fn pnm(file: &[u8]) -> &[u8] {
    let header = file.iter().enumerate().filter(|(_, byte)| byte.is_ascii_whitespace()).nth(3);
    &file[header.unwrap().0 + 1..]
}

/// How far samples may be off: the most and on average.
///
/// At full scale the transform is rounded in other places (1), and so are colours and stretched chroma. At 1/8 luma
/// is exact, and what is not stretched is as well. Otherwise: libjpeg-turbo's smaller transforms take into account
/// some of the coefficients that have no place in as few samples, and it does not blend chroma at 1/8.
fn tolerance(scale: Scale, is_exact: bool) -> (u8, f64) {
    match scale {
        Scale::Full => (3, 0.1),
        Scale::Half => (8, 0.7),
        Scale::Quarter => (8, 1.2),
        Scale::Eighth if is_exact => (0, 0.0),
        Scale::Eighth => (8, 2.5),
    }
}

#[test]
fn pixels_are_those_of_libjpeg_turbo() {
    for (size, sampling, way) in SIZES
        .into_iter()
        .flat_map(|size| SAMPLINGS.map(|sampling| (size, sampling)))
        .flat_map(|(size, sampling)| WAYS.map(|way| (size, sampling, way)))
    {
        for is_gray in [true, false] {
            if is_gray && sampling != "1x1" {
                continue;
            }
            let (kind, channels) = if is_gray { ("P5", 1) } else { ("P6", 3) };
            let mut ppm = format!("{kind}\n{} {}\n255\n", size.0, size.1).into_bytes();
            ppm.extend(smooth(size, channels));
            let arguments = [way, &["-sample", sampling]].concat();
            let Some(jpeg) = run("cjpeg", &arguments, &ppm) else { return };
            for (scale, name) in
                [(Scale::Full, "1/1"), (Scale::Half, "1/2"), (Scale::Quarter, "1/4"), (Scale::Eighth, "1/8")]
            {
                let Some(expected) = run("djpeg", &["-dct", "int", "-scale", name, "-pnm"], &jpeg) else {
                    return;
                };
                let (most, mean) = difference(&decode(&jpeg, scale), pnm(&expected));
                let (may_be, mean_may_be) = tolerance(scale, sampling == "1x1");
                let what = format!("{sampling} {way:?} {size:?} {scale:?}: {most}, {mean:.3} on average");
                assert!(most <= may_be && mean <= mean_may_be, "{what}");
            }
        }
    }
}

#[test]
fn at_an_eighth_a_progressive_file_is_the_same_picture() {
    let size = (700, 500);
    let mut ppm = format!("P6\n{} {}\n255\n", size.0, size.1).into_bytes();
    ppm.extend(picture(size, 3));
    // Coarse ones have short codes, fine ones some of more bits than a look-up tells.
    for (quality, sampling) in
        ["30", "90", "100"].into_iter().flat_map(|q| ["1x1", "2x1", "1x2"].map(|s| (q, s)))
    {
        let common = ["-quality", quality, "-sample", sampling];
        let Some(sequential) = run("cjpeg", &common, &ppm) else { return };
        for way in
            [&["-progressive"][..], &["-progressive", "-restart", "37B"], &["-progressive", "-restart", "5"]]
        {
            let Some(progressive) = run("cjpeg", &[&common[..], way].concat(), &ppm) else { return };
            let is_same = decode(&progressive, Scale::Eighth) == decode(&sequential, Scale::Eighth);
            assert!(is_same, "{quality} {sampling} {way:?}");
        }
    }
}
