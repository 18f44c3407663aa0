//! Small numbers as runs and packed bits: Parquet's "RLE/bit-packing hybrid"
//! (parquet-format, Encodings.md, RLE = 3).

/// Values that are packed together.
const GROUP: usize = 8;

/// How many bits a number up to `max` takes.
pub(super) const fn width(max: u32) -> u32 {
    u32::BITS - max.leading_zeros()
}

/// Appends `values`, each of at most `width` bits, to `out`.
pub(super) fn encode(values: &[u32], width: u32, out: &mut Vec<u8>) {
    let mut literal = 0;
    let mut at = 0;
    while at < values.len() {
        let run = run(&values[at..]);
        if run < GROUP {
            at += GROUP;
            continue;
        }
        pack(&values[literal..at], width, out);
        varint(run << 1, out);
        let bytes = values[at].to_le_bytes();
        let length = usize::try_from(width.div_ceil(8)).expect("at most four bytes");
        out.extend_from_slice(&bytes[..length]);
        at += run;
        literal = at;
    }
    pack(&values[literal..], width, out);
}

/// How many values at the beginning are the same; fewer than a group counts as none.
fn run(values: &[u32]) -> usize {
    let Some((group, rest)) = values.split_first_chunk::<GROUP>() else { return 0 };
    let first = group[0];
    if group.iter().any(|value| *value != first) {
        return 0;
    }
    GROUP + rest.iter().take_while(|value| **value == first).count()
}

/// Whole groups, the last one filled up with zeros.
fn pack(values: &[u32], width: u32, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    varint((values.len().div_ceil(GROUP) << 1) | 1, out);
    let (mut bits, mut held) = (0_u64, 0_u32);
    let padding = values.len().next_multiple_of(GROUP) - values.len();
    for value in values.iter().copied().chain(std::iter::repeat_n(0, padding)) {
        bits |= u64::from(value) << held;
        held += width;
        if held >= u32::BITS {
            let [a, b, c, d, ..] = bits.to_le_bytes();
            out.extend_from_slice(&[a, b, c, d]);
            bits >>= u32::BITS;
            held -= u32::BITS;
        }
    }
    // A group is `width` bytes long, so what is held now are whole bytes.
    let rest = usize::try_from(held / 8).expect("fewer than four bytes are held");
    out.extend_from_slice(&bits.to_le_bytes()[..rest]);
}

/// Unsigned LEB128.
fn varint(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits are a byte");
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(values: &[u32], bits: u32, expected: &Expect) {
        let mut out = Vec::new();
        encode(values, bits, &mut out);
        expected.assert_eq(&format!("{out:02x?}"));
    }

    #[test]
    fn the_examples_of_the_format() {
        check(&[0, 1, 2, 3, 4, 5, 6, 7], 3, &expect!["[03, 88, c6, fa]"]);
        check(&[1; 100], 1, &expect!["[c8, 01, 01]"]);
        check(&[0; 9], 0, &expect!["[12]"]);
        check(&[], 5, &expect!["[]"]);
        check(&[5], 3, &expect!["[03, 05, 00, 00]"]);
    }

    /// The plain reading of the format, bit by bit.
    fn decode(bytes: &[u8], bits: u32, count: usize) -> Vec<u32> {
        let (mut out, mut at) = (Vec::new(), 0);
        while out.len() < count {
            let (mut header, mut shift) = (0_usize, 0);
            loop {
                header |= usize::from(bytes[at] & 0x7f) << shift;
                shift += 7;
                at += 1;
                if bytes[at - 1] & 0x80 == 0 {
                    break;
                }
            }
            if header & 1 == 0 {
                let length = bits.div_ceil(8) as usize;
                let mut value = [0; 4];
                value[..length].copy_from_slice(&bytes[at..at + length]);
                at += length;
                out.extend(std::iter::repeat_n(u32::from_le_bytes(value), header >> 1));
                continue;
            }
            let groups = header >> 1;
            for index in 0..groups * GROUP {
                let bit = |n: usize| u32::from(bytes[at + n / 8] >> (n % 8) & 1);
                let from = index * bits as usize;
                out.push((0..bits).map(|n| bit(from + n as usize) << n).sum());
            }
            at += groups * bits as usize;
        }
        assert_eq!(at, bytes.len());
        out.truncate(count);
        out
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read(
            runs in prop::collection::vec((any::<u32>(), 1_usize..40), 0..30),
            bits in 0_u32..=20,
        ) {
            let mask = (1_u32 << bits) - 1;
            let values: Vec<u32> =
                runs.iter().flat_map(|(v, n)| std::iter::repeat_n(v & mask, *n)).collect();
            let mut out = Vec::new();
            encode(&values, bits, &mut out);
            prop_assert_eq!(decode(&out, bits, values.len()), values);
        }
    }
}
