//! Huffman codes made for what is to be written: T.81, K.2, and C.2.

use super::symbols::Counts;

/// The longest code that the format has.
const MAX_BITS: usize = 16;

/// The codes of a table.
#[derive(Clone)]
pub(super) struct Codes {
    /// How many symbols have codes of 1 to 16 bits.
    pub(super) counts: [u8; MAX_BITS],
    /// The symbols in the order of their codes.
    pub(super) symbols: Vec<u8>,
    /// Bits of each symbol's code; 0 where it has none.
    pub(super) lengths: [u8; 256],
    /// Each symbol's code.
    pub(super) bits: [u16; 256],
}

impl Codes {
    /// The shortest codes for symbols that occur so often.
    pub(super) fn new(occurrences: &Counts) -> Self {
        let (mut symbols, lengths) = depths(occurrences);
        let mut per_length = [0u32; 257];
        for &length in &lengths {
            per_length[length] += 1;
        }
        limit(&mut per_length);
        // The code of only ones is not allowed; it belongs to the symbol that was added for this.
        if let Some(longest) = per_length.iter().rposition(|&count| count > 0) {
            per_length[longest] -= 1;
        }
        let counts: [u8; MAX_BITS] =
            std::array::from_fn(|index| u8::try_from(per_length[index + 1]).unwrap_or(u8::MAX));
        symbols.sort_by_key(|&symbol| (std::cmp::Reverse(occurrences[usize::from(symbol)]), symbol));
        Self::from_table(counts, symbols)
    }

    fn from_table(counts: [u8; MAX_BITS], symbols: Vec<u8>) -> Self {
        let (mut lengths, mut bits) = ([0; 256], [0; 256]);
        let (mut code, mut next) = (0u16, symbols.iter());
        for (length, &count) in (1u8..).zip(&counts) {
            for &symbol in next.by_ref().take(usize::from(count)) {
                lengths[usize::from(symbol)] = length;
                bits[usize::from(symbol)] = code;
                code += 1;
            }
            code <<= 1;
        }
        Self { counts, symbols, lengths, bits }
    }

    /// What a table takes in the file, bytes, beside the marker that several share.
    pub(super) fn table_bytes(&self) -> u64 {
        1 + MAX_BITS as u64 + self.symbols.len() as u64
    }

    /// What it takes to write symbols that occur so often, bits, without the bits after them.
    pub(super) fn total_bits(&self, occurrences: &Counts) -> u64 {
        occurrences
            .iter()
            .zip(&self.lengths)
            .map(|(&count, &length)| u64::from(count) * u64::from(length))
            .sum()
    }
}

/// The symbols that occur, and the depths of the leaves of their tree, one more than symbols: that of a symbol
/// which does not exist and is rarer than any.
fn depths(occurrences: &Counts) -> (Vec<u8>, Vec<usize>) {
    let symbols: Vec<u8> = (0..=255).filter(|&symbol| occurrences[usize::from(symbol)] > 0).collect();
    // Weights of the trees that are not yet part of a greater one, and which leaves they hold.
    let weight = |&symbol: &u8| u64::from(occurrences[usize::from(symbol)]) * 512;
    let mut leaves: Vec<u64> = symbols.iter().map(weight).collect();
    leaves.push(1);
    leaves.sort_unstable();
    let mut depths = Vec::with_capacity(leaves.len());
    if leaves.len() == 1 {
        return (symbols, depths);
    }
    // Both the leaves and the trees made of them come in rising order, so the two smallest are at their fronts.
    let count = leaves.len();
    let mut trees: Vec<u64> = Vec::with_capacity(count);
    let mut parents = vec![0; 2 * count - 1];
    let (mut leaf, mut tree) = (0, 0);
    for made in 0..count - 1 {
        let mut sum = 0;
        for _ in 0..2 {
            let is_leaf = leaf < count && trees.get(tree).is_none_or(|&weight| leaves[leaf] <= weight);
            if is_leaf {
                sum += leaves[leaf];
                parents[leaf] = count + made;
                leaf += 1;
            } else {
                sum += trees[tree];
                parents[count + tree] = count + made;
                tree += 1;
            }
        }
        trees.push(sum);
    }
    let mut depth = vec![0; 2 * count - 1];
    for node in (0..2 * count - 2).rev() {
        depth[node] = depth[parents[node]] + 1;
    }
    depths.extend_from_slice(&depth[..count]);
    (symbols, depths)
}

/// Brings codes that are too long to 16 bits: T.81, figure K.3. Two of them go where one shorter prefix is freed
/// by moving a leaf down.
fn limit(per_length: &mut [u32; 257]) {
    for length in (MAX_BITS + 1..per_length.len()).rev() {
        while per_length[length] > 0 {
            let Some(shorter) = (1..length - 1).rev().find(|&shorter| per_length[shorter] > 0) else {
                return;
            };
            per_length[length] -= 2;
            per_length[length - 1] += 1;
            per_length[shorter + 1] += 2;
            per_length[shorter] -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(occurrences: &Counts) -> Codes {
        let codes = Codes::new(occurrences);
        let used = occurrences.iter().filter(|&&count| count > 0).count();
        assert_eq!(codes.symbols.len(), used);
        assert_eq!(codes.counts.iter().map(|&count| usize::from(count)).sum::<usize>(), used);
        // Kraft's sum, with room for the code of only ones.
        let sum: u64 =
            codes.lengths.iter().filter(|&&length| length > 0).map(|&length| 1 << (16 - length)).sum();
        assert!(sum < 1 << 16, "{sum}");
        for (symbol, &count) in occurrences.iter().enumerate() {
            assert_eq!(count > 0, codes.lengths[symbol] > 0, "{symbol}");
            assert!(codes.lengths[symbol] <= 16);
            let length = u32::from(codes.lengths[symbol]);
            assert!(length == 0 || u32::from(codes.bits[symbol]) < (1 << length) - 1, "{symbol}: only ones");
        }
        codes
    }

    #[test]
    fn no_code_is_longer_than_sixteen_bits_nor_of_only_ones() {
        let mut counts = [0; 256];
        check(&counts);
        counts[7] = 1;
        assert_eq!(check(&counts).lengths[7], 1);
        check(&[1; 256]);
        check(&[u32::MAX; 256]);
        // Fibonacci's numbers make the deepest tree.
        let (mut a, mut b) = (1, 1);
        for count in counts.iter_mut().take(45) {
            *count = a;
            (a, b) = (b, a + b);
        }
        check(&counts);
        check(&std::array::from_fn(|symbol| 1 << (symbol % 31)));
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        let counts = std::array::from_fn(|symbol| if symbol < 4 { [8, 4, 2, 1][symbol] } else { 0 });
        assert_eq!(check(&counts).lengths[..4], [1, 2, 3, 4]);
    }
}
