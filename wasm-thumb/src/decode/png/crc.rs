//! CRC-32 as chunks carry it (PNG 3, 5.5 and annex D).

/// How many bytes are taken at once.
const STRIDE: usize = 16;
/// The polynomial, least significant bit first.
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// The tables: in entry `[n][byte]` what `byte` makes of a remainder after `n` zeroes more.
///
/// They are made where they are needed, in microseconds. As constants they would be 16 KiB of the module, which no
/// compression makes smaller.
#[derive(Debug)]
pub(super) struct Crc(Box<[[u32; 256]; STRIDE]>);

impl Crc {
    pub(super) fn new() -> Self {
        let mut tables = Box::new([[0; 256]; STRIDE]);
        let mut zeroes = [0; 256];
        for (entry, byte) in zeroes.iter_mut().zip(0_u32..) {
            *entry = (0..8).fold(byte, |rest, _| (rest >> 1) ^ if rest & 1 == 1 { POLYNOMIAL } else { 0 });
        }
        let mut previous = zeroes;
        for table in tables.iter_mut() {
            *table = previous;
            previous = previous.map(|rest| (rest >> 8) ^ zeroes[usize::from(rest.to_le_bytes()[0])]);
        }
        Self(tables)
    }

    pub(super) fn of(&self, bytes: &[u8]) -> u32 {
        let (blocks, tail) = bytes.as_chunks::<STRIDE>();
        let mut rest = u32::MAX;
        for block in blocks {
            let mut mixed = *block;
            for (byte, part) in mixed.iter_mut().zip(rest.to_le_bytes()) {
                *byte ^= part;
            }
            let parts = mixed.iter().zip(self.0.iter().rev());
            rest = parts.fold(0, |sum, (&byte, table)| sum ^ table[usize::from(byte)]);
        }
        for &byte in tail {
            let [low, ..] = rest.to_le_bytes();
            rest = (rest >> 8) ^ self.0[0][usize::from(low ^ byte)];
        }
        !rest
    }
}
