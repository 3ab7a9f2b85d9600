//! The search for the numbers of the encoder: of the sets of numbers that make files of the same length, the one
//! with the best score.
//!
//! Numbers are changed a few at a time, by chance; what is better is kept. Every third picture is not looked at
//! for that, and shows at the end whether what was found holds for other pictures.

use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_thumb::Quality;
use wasm_thumb::steps::{PlaneTuning, Tuning, encode};

use super::reference::{self, Picture, SIDE};
use super::score::{self, Score};
use super::source;

/// What `engine-bench tune` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// How many changes to try
    #[arg(long, default_value_t = 300)]
    tries: u32,
    /// Mean length of the files, bytes
    #[arg(long, default_value_t = 3050.0)]
    bytes: f64,
    /// The quality at which the files have that length
    #[arg(long, default_value_t = 85)]
    quality: u8,
    /// What the search begins with, by chance
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// How many ΔE2000 a point of SSIMULACRA2 is worth, inverted
    #[arg(long, default_value_t = 10.0)]
    colour: f64,
    /// Numbers to begin with, comma-separated, as this command prints them
    #[arg(long, value_delimiter = ',')]
    from: Vec<u32>,
    /// Pictures of 100×100 pixels as raw 32-bit floats, as `--save` wrote them
    #[arg(long)]
    saved: Option<PathBuf>,
    /// Where to save the references made of the pictures
    #[arg(long)]
    save: Option<PathBuf>,
    /// The pictures
    pictures: Vec<PathBuf>,
}

/// Searches.
pub fn run(arguments: &Arguments) -> Result<()> {
    let samples = samples(arguments)?;
    let (held_out, seen): (Vec<_>, Vec<_>) =
        samples.into_iter().enumerate().partition(|(at, _)| at / 5 % 3 == 2);
    let strip = |set: Vec<(usize, Sample)>| set.into_iter().map(|(_, sample)| sample).collect::<Vec<_>>();
    let (held_out, seen) = (strip(held_out), strip(seen));
    let mut numbers = Numbers::of(&Tuning::DEFAULT);
    if !arguments.from.is_empty() {
        numbers.0.copy_from_slice(&arguments.from.iter().map(|&n| f64::from(n)).collect::<Vec<_>>());
    }
    let mut random = Random(u64::from(arguments.seed) * 0x9E37_79B9_7F4A_7C15 + 1);
    let mut best = evaluate(&seen, &mut numbers, arguments)?;
    println!("{} seen, {} held out", seen.len(), held_out.len());
    println!("begin: {best:.4?}; held out: {:.4?}", evaluate(&held_out, &mut numbers.clone(), arguments)?);
    for round in 0..arguments.tries {
        let mut changed = numbers.clone();
        changed.change(&mut random);
        let found = evaluate(&seen, &mut changed, arguments)?;
        if found.value > best.value {
            (best, numbers) = (found, changed);
            println!("{round}: {best:.4?}\n{}", numbers.text());
        }
    }
    println!("end: {best:.4?}; held out: {:.4?}", evaluate(&held_out, &mut numbers.clone(), arguments)?);
    println!("{}", numbers.text());
    Ok(())
}

struct Sample {
    reference: Picture,
    pixels: Vec<[u8; 3]>,
}

impl Sample {
    fn new(reference: Picture) -> Self {
        let pixels = reference.iter().map(|pixel| pixel.map(|value| (value * 255.0 + 0.5) as u8)).collect();
        Self { reference, pixels }
    }
}

/// Of each picture the middle and four parts of it.
fn samples(arguments: &Arguments) -> Result<Vec<Sample>> {
    let mut references: Vec<Picture> = Vec::new();
    if let Some(saved) = &arguments.saved {
        let bytes = std::fs::read(saved)?;
        let floats: Vec<f32> =
            bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        references.extend(floats.as_chunks::<3>().0.chunks_exact(SIDE * SIDE).map(<[_]>::to_vec));
    }
    for path in &arguments.pictures {
        let source = source::read(path).with_context(|| path.display().to_string())?;
        let (width, height) = (source.width as f64, source.height as f64);
        references.push(reference::thumbnail(&source));
        let side = width.min(height) * 0.6;
        for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            references.push(reference::part(&source, x * (width - side), y * (height - side), side));
        }
    }
    if let Some(save) = &arguments.save {
        let bytes: Vec<u8> =
            references.iter().flatten().flatten().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(save, bytes)?;
    }
    Ok(references.into_iter().map(Sample::new).collect())
}

/// The numbers of a tuning one after the other.
#[derive(Clone)]
struct Numbers([f64; NUMBERS]);

/// Which of a plane's numbers are steps, and which are costs; they follow the length of the files.
const STEPS: [usize; 4] = [0, 1, 2, 3];
const COST: usize = 4;
/// Numbers of each plane, and of both.
const EACH: usize = 6;
const NUMBERS: usize = 2 * EACH;

impl Numbers {
    fn of(tuning: &Tuning) -> Self {
        let flat = tuning.planes.map(|plane| {
            let PlaneTuning { mean, base, slope, bend, lambda, calm } = plane;
            [mean, base, slope, bend, lambda, calm].map(f64::from)
        });
        let mut numbers = [0.0; NUMBERS];
        numbers.copy_from_slice(flat.as_flattened());
        Self(numbers)
    }

    fn tuning(&self) -> Tuning {
        let plane = |numbers: &[f64]| {
            let n = |index: usize| numbers[index].round().max(0.0) as u32;
            PlaneTuning { mean: n(0), base: n(1), slope: n(2), bend: n(3), lambda: n(4), calm: n(5).max(1) }
        };
        Tuning { planes: [plane(&self.0[..EACH]), plane(&self.0[EACH..])] }
    }

    fn scaled(&self, factor: f64) -> Self {
        let mut scaled = self.clone();
        for plane in [0, EACH] {
            for step in STEPS {
                scaled.0[plane + step] *= factor;
            }
            scaled.0[plane + COST] *= factor * factor;
        }
        scaled
    }

    fn change(&mut self, random: &mut Random) {
        let count = 1 + random.next() % 3;
        for _ in 0..count {
            let index = random.next() as usize % NUMBERS;
            let strength = [0.05, 0.15, 0.4][random.next() as usize % 3];
            let by = (random.unit() * 2.0 - 1.0) * strength;
            self.0[index] = (self.0[index] * by.exp() + (random.unit() - 0.5) * 4.0).max(0.0);
        }
    }

    fn text(&self) -> String {
        self.0.map(|number| (number.round().max(0.0) as u32).to_string()).join(",")
    }
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
    }

    fn unit(&mut self) -> f64 {
        self.next() as f64 / f64::from(1 << 31)
    }
}

#[derive(Clone, Copy, Debug)]
struct Found {
    value: f64,
    #[expect(dead_code, reason = "printed")]
    ssimulacra2: f64,
    #[expect(dead_code, reason = "printed")]
    delta_e_2000: f64,
    #[expect(dead_code, reason = "printed")]
    delta_e_2000_p95: f64,
    #[expect(dead_code, reason = "printed")]
    bytes: f64,
}

/// Brings the files to the wanted length, and scores them.
fn evaluate(samples: &[Sample], numbers: &mut Numbers, arguments: &Arguments) -> Result<Found> {
    let quality = Quality::new(arguments.quality)?;
    let files = |numbers: &Numbers| -> Result<(Vec<Vec<u8>>, f64)> {
        let tuning = numbers.tuning();
        let side = SIDE as u32;
        let files =
            in_two(samples, |sample| Ok(encode(sample.pixels.clone(), (side, side), quality, &tuning)?))?;
        let bytes = files.iter().map(Vec::len).sum::<usize>() as f64 / files.len() as f64;
        Ok((files, bytes))
    };
    let (mut made, mut bytes) = files(numbers)?;
    // The length falls about as the power -0.8 of the steps.
    for round in 0..5 {
        let ratio = bytes / arguments.bytes;
        if (ratio - 1.0).abs() < 0.002 {
            break;
        }
        *numbers = numbers.scaled(ratio.powf(if round < 3 { 1.2 } else { 0.8 }));
        (made, bytes) = files(numbers)?;
    }
    let pairs: Vec<(&Sample, &Vec<u8>)> = samples.iter().zip(&made).collect();
    let scores = in_two(&pairs, |(sample, file)| Score::new(&sample.reference, &score::decode(file)?))?;
    let Score { ssimulacra2, delta_e_2000, delta_e_2000_p95, .. } = Score::mean(&scores);
    // What is left of the difference in length, at the rate at which the score grows with it.
    let value = ssimulacra2
        - arguments.colour * (delta_e_2000 + delta_e_2000_p95 / 3.0)
        - 52.0 * (bytes / arguments.bytes).ln();
    Ok(Found { value, ssimulacra2, delta_e_2000, delta_e_2000_p95, bytes })
}

/// Does the work on two threads.
fn in_two<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let (first, second) = items.split_at(items.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| second.iter().map(&work).collect::<Result<Vec<R>>>());
        let mut all = first.iter().map(&work).collect::<Result<Vec<R>>>()?;
        all.extend(other.join().expect("the work does not panic")?);
        Ok(all)
    })
}
