//! From decoded rows to a reduced picture in linear light: squares of whole pixels are summed as they come.
//!
//! All in integers: the average is exact but for its last rounding, and does not depend on the order of pixels.

use super::average::Divisor;
use super::light;
use super::{Crop, Reduced};
use crate::Error;
use crate::colour::srgb::LINEAR_OF_8;
use crate::decode::{Area, Channels, Order, RowSink, Samples};
use crate::limits::zeroes;

/// Takes the rows of a picture and keeps averages of squares of them. Encoded values are taken for sRGB.
pub(crate) struct Reducer {
    area: Area,
    /// Side of the squares.
    factor: u32,
    channels: Channels,
    order: Order,
    /// Squares across and down.
    size: (u32, u32),
    /// Sums of light, the channels of a square together: of every square, or of one row of them.
    sums: Vec<u32>,
    /// The row of squares that `sums` holds if it is one, and whether anything has been added to it.
    summed: Option<u32>,
    /// Light of a row whose samples take more than a look-up.
    light: Vec<u16>,
    pixels: Vec<[u16; 4]>,
}

impl Reducer {
    /// The caller has checked [`Crop::reduced_bytes`].
    pub(crate) fn new(crop: &Crop, channels: Channels, order: Order) -> Result<Self, Error> {
        let size = crop.reduced_size();
        let (across, down) = (size.0 as usize, size.1 as usize);
        let rows_summed = match order {
            _ if crop.factor == 1 => 0,
            Order::Rows => 1,
            Order::Any => down,
        };
        Ok(Self {
            area: Area { columns: crop.columns, rows: crop.rows },
            factor: crop.factor,
            channels,
            order,
            size,
            sums: zeroes(across * rows_summed * channels.count())?,
            summed: None,
            light: Vec::new(),
            pixels: zeroes(across * down)?,
        })
    }

    /// The averages.
    pub(crate) fn finish(mut self) -> Reduced {
        match self.order {
            _ if self.factor == 1 => {}
            Order::Rows => self.settle(),
            Order::Any => {
                for row in 0..self.size.1 {
                    self.divide(row);
                }
            }
        }
        Reduced { width: self.size.0, height: self.size.1, pixels: self.pixels }
    }

    /// Divides what has been summed of a row of squares and makes room for the next.
    fn settle(&mut self) {
        if let Some(row) = self.summed.take() {
            self.divide(row);
            self.sums.fill(0);
        }
    }

    fn divide(&mut self, row: u32) {
        match self.channels {
            Channels::Gray => self.divide_by_channels::<1>(row),
            Channels::GrayAlpha => self.divide_by_channels::<2>(row),
            Channels::Rgb => self.divide_by_channels::<3>(row),
            Channels::Rgba | Channels::Cmyk => self.divide_by_channels::<4>(row),
        }
    }

    fn divide_by_channels<const N: usize>(&mut self, row: u32) {
        let ((left, right), (top, bottom)) = (self.area.columns, self.area.rows);
        let height = self.factor.min(bottom - top - row * self.factor);
        let last_width = right - left - (self.size.0 - 1) * self.factor;
        let (divisor, last) = (Divisor::new(self.factor * height), Divisor::new(last_width * height));
        let across = self.size.0 as usize;
        let first = if self.order == Order::Rows { 0 } else { row as usize * across };
        let sums = &self.sums.as_chunks::<N>().0[first..][..across];
        let pixels = &mut self.pixels[row as usize * across..][..across];
        for (pixel, sums) in pixels.iter_mut().zip(sums) {
            *pixel = widen(sums.map(|sum| divisor.average(sum)));
        }
        if let (Some(pixel), Some(sums)) = (pixels.last_mut(), sums.last()) {
            *pixel = widen(sums.map(|sum| last.average(sum)));
        }
    }

    /// Adds neighbouring pixels (every `step`-th) to the squares of row `row`, the first of them `offset` columns
    /// from the left.
    fn add<S, const N: usize, const L: usize>(
        &mut self,
        (row, offset, step): (u32, usize, usize),
        samples: &[S],
        light: impl Fn(&[S; N]) -> [u16; L],
    ) {
        let run = samples.as_chunks::<N>().0;
        let (across, factor) = (self.size.0 as usize, self.factor as usize);
        if factor == 1 {
            let pixels = &mut self.pixels[row as usize * across..][..across];
            for (pixel, samples) in pixels[offset..].iter_mut().step_by(step).zip(run) {
                *pixel = widen(light(samples));
            }
            return;
        }
        let first = if self.order == Order::Rows { 0 } else { row as usize * across };
        let squares = &mut self.sums.as_chunks_mut::<L>().0[first..][..across];
        let squares = &mut squares[offset / factor..];
        // Where the next pixel lies, from the left edge of the square; beyond it, if the step is a wide one.
        let mut place = offset % factor;
        let mut rest = run;
        for square in squares {
            if place >= factor {
                place -= factor;
                continue;
            }
            let here = if step == 1 { factor - place } else { (factor - place).div_ceil(step) };
            let (pixels, after) = rest.split_at(here.min(rest.len()));
            let mut sums = *square;
            for samples in pixels {
                let light = light(samples);
                sums = std::array::from_fn(|i| sums[i] + u32::from(light[i]));
            }
            *square = sums;
            place = place + here * step - factor;
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
}

impl RowSink for Reducer {
    fn wanted(&self) -> Area {
        self.area
    }

    fn row(&mut self, y: u32, first: u32, step: u32, samples: Samples<'_>) {
        let ((left, right), (top, bottom)) = (self.area.columns, self.area.rows);
        if !(top..bottom).contains(&y) || first >= right {
            return;
        }
        let step = step.max(1);
        let before = left.saturating_sub(first).div_ceil(step);
        let first = u64::from(first) + u64::from(before) * u64::from(step);
        let Some(width) = u64::from(right).checked_sub(first) else { return };
        let (before, step) = (before as usize, step as usize);
        let Ok(wanted) = usize::try_from(width.div_ceil(step as u64)) else { return };
        let Ok(offset) = usize::try_from(first - u64::from(left)) else { return };
        let row = (y - top) / self.factor;
        if self.order == Order::Rows && self.factor > 1 && self.summed != Some(row) {
            self.settle();
            self.summed = Some(row);
        }
        let samples = samples.cut(self.channels.count(), before, wanted);
        self.add_row((row, offset, step), samples);
    }
}

impl Reducer {
    fn add_row(&mut self, place: (u32, usize, usize), samples: Samples<'_>) {
        use Channels::{Cmyk, Gray, GrayAlpha, Rgb, Rgba};
        match (samples, self.channels) {
            (Samples::Eight(samples), Gray) => self.add(place, samples, |&[y]| [light_8(y)]),
            (Samples::Eight(samples), Rgb) => {
                self.add(place, samples, |&[r, g, b]| [light_8(r), light_8(g), light_8(b)]);
            }
            (Samples::Eight(samples), Rgba) => self.add(place, samples, |&[r, g, b, a]| {
                let colour = [light_8(r), light_8(g), light_8(b), u16::MAX];
                if a == 255 { colour } else { light::veil(colour, u16::from(a) * 257) }
            }),
            (samples, channels) => {
                let mut light = std::mem::take(&mut self.light);
                light::of(samples, channels, &mut light);
                match channels {
                    Gray => self.add(place, &light, |light: &[u16; 1]| *light),
                    GrayAlpha => self.add(place, &light, |light: &[u16; 2]| *light),
                    Rgb => self.add(place, &light, |light: &[u16; 3]| *light),
                    Rgba | Cmyk => self.add(place, &light, |light: &[u16; 4]| *light),
                }
                self.light = light;
            }
        }
    }
}

fn light_8(encoded: u8) -> u16 {
    LINEAR_OF_8[usize::from(encoded)]
}

/// Red, green, blue and alpha of what channels there are; of cyan, magenta, yellow and black these.
fn widen<const N: usize>(light: [u16; N]) -> [u16; 4] {
    match *light.as_slice() {
        [y] => [y, y, y, u16::MAX],
        [y, alpha] => [y, y, y, alpha],
        [r, g, b] => [r, g, b, u16::MAX],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => [0; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Size;
    use crate::colour::srgb::linear_of_16;
    use crate::decode::Scale;

    const CHANNELS: [Channels; 5] =
        [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba, Channels::Cmyk];

    /// Samples that are as good as random.
    fn noise(len: usize) -> Vec<u16> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u16::try_from(state >> 16).unwrap()
        };
        // Some pixels are wholly opaque or wholly transparent.
        (0..len).map(|_| if next() % 3 == 0 { next() % 2 * 65_535 } else { next() / 257 * 257 }).collect()
    }

    /// The averages, written down as plainly as can be.
    fn plain(crop: &Crop, channels: Channels, width: u32, samples: &[u16]) -> Vec<[u16; 4]> {
        let pixel = |x: u32, y: u32| {
            let count = channels.count();
            let values = &samples[(y * width + x) as usize * count..][..count];
            let alpha = if channels.has_alpha() { u64::from(values[count - 1]) } else { 65_535 };
            let light = |i: usize| (u64::from(linear_of_16(values[i])) * alpha + 32_767) / 65_535;
            match channels {
                Channels::Gray | Channels::GrayAlpha => [light(0), light(0), light(0), alpha],
                Channels::Rgb | Channels::Rgba => [light(0), light(1), light(2), alpha],
                Channels::Cmyk => [0, 1, 2, 3].map(|i| u64::from(linear_of_16(65_535 - values[i]))),
            }
        };
        let mut averages = Vec::new();
        for top in (crop.rows.0..crop.rows.1).step_by(crop.factor as usize) {
            for left in (crop.columns.0..crop.columns.1).step_by(crop.factor as usize) {
                let rows = top..(top + crop.factor).min(crop.rows.1);
                let columns = left..(left + crop.factor).min(crop.columns.1);
                let inside: Vec<_> = rows.flat_map(|y| columns.clone().map(move |x| pixel(x, y))).collect();
                let count = inside.len() as u64;
                averages.push(std::array::from_fn(|i| {
                    let sum: u64 = inside.iter().map(|light| light[i]).sum();
                    u16::try_from((sum + count / 2) / count).unwrap()
                }));
            }
        }
        averages
    }

    /// Every crop and channel with samples to feed it by.
    fn all(test: impl Fn(&Crop, Channels, (u32, u32), &[u16])) {
        for (width, height) in [(61, 47), (47, 61), (200, 9), (33, 33)] {
            for size in [Size::new(1, 1), Size::new(3, 2), Size::new(1, 6), Size::new(20, 20)] {
                let crop = Crop::cover(width, height, size.unwrap(), Scale::Full);
                for channels in CHANNELS {
                    let samples = noise((width * height) as usize * channels.count());
                    test(&crop, channels, (width, height), &samples);
                }
            }
        }
    }

    #[test]
    fn rows_of_each_depth_are_averaged() {
        all(|crop, channels, (width, _), samples| {
            let expected = plain(crop, channels, width, samples);
            let row = width as usize * channels.count();
            let eight: Vec<u8> = samples.iter().map(|&v| u8::try_from(v / 257).unwrap()).collect();
            let float: Vec<f32> = samples.iter().map(|&v| f32::from(v) / 65_535.0).collect();
            let reduce = |feed: &dyn Fn(&mut Reducer)| {
                let mut reducer = Reducer::new(crop, channels, Order::Rows).unwrap();
                feed(&mut reducer);
                reducer.finish().pixels
            };
            let of_eight = reduce(&|reducer| {
                for (y, row) in (0..).zip(eight.chunks(row)) {
                    reducer.row(y, 0, 1, Samples::Eight(row));
                }
            });
            assert!(of_eight == expected, "{crop:?} {channels:?} 8");
            let from_below = reduce(&|reducer| {
                for (y, row) in (0..).zip(samples.chunks(row)).collect::<Vec<_>>().into_iter().rev() {
                    reducer.row(y, 0, 1, Samples::Sixteen(row));
                }
            });
            assert!(from_below == expected, "{crop:?} {channels:?} 16");
            let of_floats = reduce(&|reducer| {
                for (y, row) in (0..).zip(float.chunks(row)) {
                    reducer.row(y, 0, 1, Samples::Float(row));
                }
            });
            assert!(of_floats == expected, "{crop:?} {channels:?} float");
        });
    }

    #[test]
    fn pieces_may_come_in_any_order() {
        all(|crop, channels, (width, height), samples| {
            let count = channels.count();
            let expected = plain(crop, channels, width, samples);
            let eight: Vec<u8> = samples.iter().map(|&v| u8::try_from(v / 257).unwrap()).collect();
            let pixel = |x: u32, y: u32| &eight[(y * width + x) as usize * count..][..count];
            let mut tiles = Reducer::new(crop, channels, Order::Any).unwrap();
            for (left, y) in (0..width).step_by(7).flat_map(|left| (0..height).map(move |y| (left, y))) {
                let piece = (left..(left + 7).min(width)).flat_map(|x| pixel(x, y)).copied();
                tiles.row(y, left, 1, Samples::Eight(&piece.collect::<Vec<_>>()));
            }
            assert!(tiles.finish().pixels == expected, "{crop:?} {channels:?} tiles");
            let mut laced = Reducer::new(crop, channels, Order::Any).unwrap();
            for (first, step) in [(4, 8), (0, 8), (2, 4), (1, 2)] {
                for y in 0..height {
                    let piece = (first..width).step_by(step as usize).flat_map(|x| pixel(x, y)).copied();
                    laced.row(y, first, step, Samples::Eight(&piece.collect::<Vec<_>>()));
                }
            }
            assert!(laced.finish().pixels == expected, "{crop:?} {channels:?} interlaced");
        });
    }
}
