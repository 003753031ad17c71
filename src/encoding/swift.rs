//! Base64 for what whoever sees the text may know: headers, and the claims of tickets.
//!
//! Gates look letters up; a table's cache lines tell where it was read, so tags and keys go through `base64ct`, which reads
//! none. In a page's payer every byte is downloaded and few are encoded: it has no tables and works each letter out.

use super::EncodingError;
use crate::text::{HAS_TABLES, from_utf8};
use alloc::string::String;
use alloc::vec::Vec;

pub(super) struct Alphabet {
    last: [u8; 2],
    /// The 64 letters.
    letters: [u8; 64],
    /// For each byte the number that it stands for as one of them.
    numbers: [u8; 256],
}

const NO_LETTER: u8 = 0xff;

pub(super) static STANDARD: Alphabet = Alphabet::ending_in(*b"+/");
pub(super) static URL: Alphabet = Alphabet::ending_in(*b"-_");

impl Alphabet {
    #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "when it is compiled")]
    #[allow(clippy::arithmetic_side_effects, reason = "when it is compiled")]
    const fn ending_in(last: [u8; 2]) -> Self {
        let mut letters = [0; 64];
        let mut numbers = [0; 256];
        let mut place = 0;
        while HAS_TABLES && place < 256 {
            letters[place % 64] = letter(place as u8 % 64, last);
            numbers[place] = number(place as u8, last);
            place += 1;
        }
        Self { last, letters, numbers }
    }

    fn letter(&self, bits: u32) -> u8 {
        let [.., low] = bits.to_be_bytes();
        let number = low & 63;
        if HAS_TABLES {
            return self.letters.get(usize::from(number)).copied().unwrap_or_default();
        }
        letter(number, self.last)
    }

    fn number(&self, letter: u8) -> u32 {
        if HAS_TABLES {
            return self.numbers.get(usize::from(letter)).copied().unwrap_or(NO_LETTER).into();
        }
        number(letter, self.last).into()
    }

    /// Four letters as 24 bits; more bits where one of them is none.
    #[cfg_attr(not(feature = "browser"), inline(always))]
    #[allow(clippy::inline_always, reason = "all that a gate's loop does, and code for size would call it")]
    fn bits(&self, [a, b, c, d]: [u8; 4]) -> u32 {
        let [a, b, c, d] = [self.number(a), self.number(b), self.number(c), self.number(d)];
        // What is no letter has its two highest bits set, and they stay visible.
        a.wrapping_shl(18) | b.wrapping_shl(12) | c.wrapping_shl(6) | d | ((a | b | c | d) & 0xc0).wrapping_shl(24)
    }

    /// Without padding.
    pub(super) fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        let (triples, rest) = bytes.as_chunks::<3>();
        let mut text = Vec::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
        // Each four into their place, as in reading.
        text.resize(triples.len().saturating_mul(4), 0);
        for (&[a, b, c], four) in triples.iter().zip(text.as_chunks_mut::<4>().0) {
            *four = self.four(u32::from_be_bytes([0, a, b, c]));
        }
        let end = match *rest {
            [a] => self.four(u32::from_be_bytes([0, a, 0, 0])),
            [a, b] => self.four(u32::from_be_bytes([0, a, b, 0])),
            _ => return text,
        };
        text.extend_from_slice(end.get(..=rest.len()).unwrap_or_default());
        text
    }

    fn four(&self, bits: u32) -> [u8; 4] {
        let letter = |shift| self.letter(bits.wrapping_shr(shift));
        [letter(18), letter(12), letter(6), letter(0)]
    }

    /// Without padding, in the one spelling: what the last letter says beyond the last byte is zero.
    pub(super) fn decode(&self, text: &[u8]) -> Result<Vec<u8>, EncodingError> {
        let mut all = 0;
        let (fours, rest) = text.as_chunks::<4>();
        // Each three into their place: to append them one by one would look for room each time.
        let mut bytes = Vec::with_capacity(text.len().div_ceil(4).saturating_mul(3));
        bytes.resize(fours.len().saturating_mul(3), 0);
        for (four, three) in fours.iter().zip(bytes.as_chunks_mut::<3>().0) {
            let bits = self.bits(*four);
            all |= bits;
            [_, three[0], three[1], three[2]] = bits.to_be_bytes();
        }
        let (bits, beyond) = match *rest {
            [] => (0, 0),
            [a, b] => (self.bits([a, b, b'A', b'A']), 0xffff),
            [a, b, c] => (self.bits([a, b, c, b'A']), 0xff),
            _ => return Err(EncodingError::Character),
        };
        let [none, ..] = (all | bits).to_be_bytes();
        if none != 0 || bits & beyond != 0 {
            return Err(EncodingError::Character);
        }
        let [_, a, b, _] = bits.to_be_bytes();
        bytes.extend_from_slice([a, b].get(..rest.len().saturating_sub(1)).unwrap_or_default());
        Ok(bytes)
    }
}

const fn letter(number: u8, last: [u8; 2]) -> u8 {
    match number {
        0..26 => number.wrapping_add(b'A'),
        26..52 => number.wrapping_sub(26).wrapping_add(b'a'),
        52..62 => number.wrapping_sub(52).wrapping_add(b'0'),
        62 => last[0],
        _ => last[1],
    }
}

const fn number(letter: u8, last: [u8; 2]) -> u8 {
    match letter {
        b'A'..=b'Z' => letter.wrapping_sub(b'A'),
        b'a'..=b'z' => letter.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => letter.wrapping_sub(b'0').wrapping_add(52),
        _ if letter == last[0] => 62,
        _ if letter == last[1] => 63,
        _ => NO_LETTER,
    }
}

/// Text that is ASCII.
pub(super) fn text(letters: Vec<u8>) -> String {
    from_utf8(letters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{base64, base64url_of_public, bytes_from_base64, public_from_base64url};
    use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn s31_both_ways_to_write_are_one(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(base64(&bytes), Base64::encode_string(&bytes));
            prop_assert_eq!(base64url_of_public(&bytes), Base64UrlUnpadded::encode_string(&bytes));
        }

        #[test]
        fn s31_both_ways_to_read_are_one(text in "[A-Za-z0-9+/_=é-]{0,12}|[AQgwBz/+=]{0,9}|[AQgwBz_-]{0,9}") {
            prop_assert_eq!(bytes_from_base64(&text).ok(), Base64::decode_vec(&text).ok());
            prop_assert_eq!(public_from_base64url(&text).ok(), Base64UrlUnpadded::decode_vec(&text).ok());
        }
    }
}
