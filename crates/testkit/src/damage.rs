//! Damage to files, as chance and malice would do it.

use crate::chance::Chance;

/// Words that mean something in a PDF where they do not belong.
const TOKENS: &[&[u8]] = &[
    b"endobj",
    b"endstream",
    b"stream\r\n",
    b"1 0 R",
    b"99999999 0 R",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"/Kids [1 0 R 1 0 R]",
    b"/Parent 1 0 R",
    b"/Length 4294967295",
    b"/Prev 0",
    b"/Count -1",
    b"/Filter [/FlateDecode /FlateDecode /FlateDecode]",
    b"startxref\n0\n%%EOF",
    b"xref\n0 4294967295\n",
    b"trailer<</Root 1 0 R/Prev 9>>",
    b"-2147483649",
    b"1e308",
    b"\0\0\0\0",
];

/// One to four injuries to a copy of the file. The same chance gives the same file.
#[must_use]
pub fn damage(file: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..=chance.below(4) {
        injure(&mut bytes, chance);
    }
    bytes
}

fn injure(bytes: &mut Vec<u8>, chance: &mut Chance) {
    if bytes.is_empty() {
        return;
    }
    match chance.below(7) {
        0 => flip_bits(bytes, chance),
        1 => bytes.truncate(chance.below(bytes.len())),
        2 => repeat(bytes, chance),
        3 => cut_out(bytes, chance),
        4 => change_number(bytes, chance),
        5 => insert_token(bytes, chance),
        _ => overwrite(bytes, chance),
    }
}

fn flip_bits(bytes: &mut [u8], chance: &mut Chance) {
    for _ in 0..=chance.below(16) {
        let at = chance.below(bytes.len());
        bytes[at] ^= 1 << chance.below(8);
    }
}

fn span(bytes: &[u8], chance: &mut Chance) -> std::ops::Range<usize> {
    let start = chance.below(bytes.len());
    let length = chance.below(4096.min(bytes.len() - start) + 1);
    start..start + length
}

fn repeat(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let piece = bytes[span(bytes, chance)].to_vec();
    let at = chance.below(bytes.len());
    bytes.splice(at..at, piece);
}

fn cut_out(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let range = span(bytes, chance);
    bytes.drain(range);
}

fn overwrite(bytes: &mut [u8], chance: &mut Chance) {
    let range = span(bytes, chance);
    bytes[range].fill_with(|| chance.byte());
}

fn insert_token(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let token = *chance.one_of(TOKENS);
    let at = chance.below(bytes.len());
    bytes.splice(at..at, token.iter().copied());
}

/// Offsets, lengths and object numbers are digits: gives some digits another value.
fn change_number(bytes: &mut [u8], chance: &mut Chance) {
    let start = chance.below(bytes.len());
    let digits = bytes[start..]
        .iter_mut()
        .filter(|byte| byte.is_ascii_digit());
    for byte in digits.take(1 + chance.below(6)) {
        *byte = b'0' + chance.byte() % 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_does_the_same_damage() {
        let file = crate::contract::Contract::new(1).bytes();
        let twice = [1, 1].map(|seed| damage(&file, &mut Chance::seeded(seed)));
        assert_eq!(twice[0], twice[1]);
        assert_ne!(twice[0], file);
    }

    #[test]
    fn damage_never_fails_whatever_the_file() {
        let mut chance = Chance::seeded(7);
        for length in [0, 1, 2, 3, 100] {
            for _ in 0..200 {
                let _ = damage(&vec![b'7'; length], &mut chance);
            }
        }
    }
}
