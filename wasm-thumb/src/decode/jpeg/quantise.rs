//! Quantisation tables (ITU-T T.81, B.2.4.1).

use super::defect::Defect;

/// Where the coefficients of a block, in the order in which they are coded, belong (T.81, figure A.6).
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The steps of the 64 coefficients, row by row.
pub(super) type Steps = [u16; 64];

/// Reads the tables of a DQT segment.
pub(super) fn parse(mut body: &[u8], tables: &mut [Option<Steps>; 4]) -> Result<(), Defect> {
    let short = Defect::Has("a quantisation table that is too short");
    while let Some((&kind, rest)) = body.split_first() {
        let mut steps = [0; 64];
        let bytes_each = if kind >> 4 == 0 { 1 } else { 2 };
        let (values, rest) = rest.split_at_checked(64 * bytes_each).ok_or(short)?;
        for (&at, value) in ZIGZAG.iter().zip(values.chunks_exact(bytes_each)) {
            steps[usize::from(at)] = value.iter().fold(0, |step, &byte| step << 8 | u16::from(byte));
        }
        let table = tables.get_mut(usize::from(kind & 15));
        *table.ok_or(Defect::Has("a quantisation table that is not 0 to 3"))? = Some(steps);
        body = rest;
    }
    Ok(())
}
