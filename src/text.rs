//! Cutting texts by their bytes, and making them of bytes: what does so in general weighs more than all that is done here.

use alloc::string::String;
use alloc::vec::Vec;

/// Whether bytes are looked up in tables. What a page would download, it works out.
pub(crate) const HAS_TABLES: bool = !cfg!(feature = "browser");

/// Whether UTF-8 is read as fast as it can be. What a page reads is a few kilobytes.
const IS_FAST: bool = cfg!(any(feature = "worker", feature = "full-payer"));

/// The text that these bytes are in UTF-8.
pub(crate) fn from_utf8(bytes: Vec<u8>) -> Option<String> {
    if IS_FAST { String::from_utf8(bytes).ok() } else { character_by_character(&bytes) }
}

fn character_by_character(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut bytes = bytes.iter().copied();
    while let Some(first) = bytes.next() {
        // As many ones as the character has bytes; none where it is a single one.
        let length = first.leading_ones();
        let mut code = u32::from(first & 0xff_u8.unbounded_shr(length));
        for _ in 1..length {
            let next = bytes.next().filter(|next| next & 0xc0 == 0x80)?;
            code = code.wrapping_shl(6) | u32::from(next & 0x3f);
        }
        let character = char::from_u32(code)?;
        // Neither a byte from the middle of a character, nor one that could be said shorter.
        if character.len_utf8() != usize::try_from(length).ok()?.max(1) || length == 1 {
            return None;
        }
        text.push(character);
    }
    Some(text)
}

/// The text before the first of these ASCII characters, and the rest from there on.
#[inline(never)]
#[allow(clippy::manual_contains, reason = "`contains` brings a search for long texts along")]
pub(crate) fn split_before<'a>(text: &'a str, ends: &[u8]) -> (&'a str, &'a str) {
    let end = text.bytes().position(|byte| ends.iter().any(|end| *end == byte));
    end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}

const MOST_TENS: u64 = u64::MAX / 10;

/// A number: digits and nothing else, below 2^64.
#[inline(never)]
pub(crate) fn number(digits: &str) -> Option<u64> {
    let mut number = if digits.is_empty() { None } else { Some(0_u64) };
    for digit in digits.bytes() {
        let value = digit.wrapping_sub(b'0');
        number = number.filter(|number| value < 10 && *number <= MOST_TENS)?.wrapping_mul(10).checked_add(value.into());
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agrees(bytes: &[u8]) {
        assert_eq!(character_by_character(bytes), String::from_utf8(bytes.to_vec()).ok(), "{bytes:x?}");
    }

    /// Each second byte that could make a difference, behind each first, and as much of the rest as there may be.
    #[test]
    fn the_short_way_to_read_utf_8_reads_what_the_long_one_does() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                for rest in [&[][..], &[0x80], &[0x80, 0xbf], &[0x80, 0xbf, 0x80], &[0xbf, 0x7f], &[0xc0]] {
                    agrees(&[&[first, second], rest].concat());
                }
            }
            agrees(&[first]);
        }
        for bytes in ["", "a₮\u{10ffff}é", "\u{7ff}\u{800}\u{ffff}\u{10000}"] {
            agrees(bytes.as_bytes());
        }
    }

    #[test]
    fn a_number_is_digits_and_nothing_else() {
        for (text, read) in [("0", 0), ("007", 7), ("18446744073709551615", u64::MAX)] {
            assert_eq!(number(text), Some(read));
        }
        for text in ["", "+7", "-7", "7 ", "7:", "7/", "٣", "18446744073709551616", "100000000000000000000"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text: String) {
            prop_assert_eq!(character_by_character(text.as_bytes()), Some(text));
        }
    }
}
