//! Strict text encodings: one spelling in, one spelling out.
//!
//! Hex is `0x` and digits of either case; base64 is canonical in alphabet, padding and trailing bits (S2, S23, S31).

mod swift;

use crate::text::from_utf8;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64UrlUnpadded, Encoding as _};

/// Why a text is not the encoding of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingError {
    /// The `0x` in front is missing, or spelled `0X`.
    Prefix,
    /// Too many or too few digits.
    Length,
    /// A character outside the alphabet, or a spelling that is not canonical.
    Character,
}

impl core::fmt::Display for EncodingError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Prefix => "hex starts with 0x",
            Self::Length => "wrong number of digits",
            Self::Character => "a character that does not belong there",
        })
    }
}

impl core::error::Error for EncodingError {}

/// Reads `0x` and exactly `2 * N` hex digits of either case.
///
/// # Errors
/// Any other text, `0X` and blanks included (S2).
pub fn bytes_from_hex<const N: usize>(text: &str) -> Result<[u8; N], EncodingError> {
    let mut bytes = [0; N];
    fill_from_hex(text, &mut bytes)?;
    Ok(bytes)
}

/// One copy of the code for all lengths.
fn fill_from_hex(text: &str, bytes: &mut [u8]) -> Result<(), EncodingError> {
    let digits = text.strip_prefix("0x").ok_or(EncodingError::Prefix)?;
    if digits.len() != bytes.len().saturating_mul(2) {
        return Err(EncodingError::Length);
    }
    base16ct::mixed::decode(digits, bytes).map(drop).map_err(|_| EncodingError::Character)
}

/// Reads hex with or without `0x`, of at most `2 * N` digits, and pads it with zeros on the left.
///
/// For peers that drop leading zeros: x402-mock 0.3.0 writes about one `r` or `s` in nine that way (S52).
///
/// # Errors
/// No digit at all, too many digits, or anything that is not a hex digit.
pub fn bytes_from_short_hex<const N: usize>(text: &str) -> Result<[u8; N], EncodingError> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let missing = N.saturating_mul(2).checked_sub(digits.len()).ok_or(EncodingError::Length)?;
    if digits.is_empty() {
        return Err(EncodingError::Length);
    }
    let mut padded = String::with_capacity(N.saturating_mul(2));
    padded.extend(core::iter::repeat_n('0', missing));
    padded.push_str(digits);
    let mut bytes = [0; N];
    base16ct::mixed::decode(&padded, &mut bytes).map_err(|_| EncodingError::Character)?;
    Ok(bytes)
}

/// Reads `0x` and an even number of hex digits of either case.
///
/// # Errors
/// Any other text.
pub fn vec_from_hex(text: &str) -> Result<Vec<u8>, EncodingError> {
    let digits = text.strip_prefix("0x").ok_or(EncodingError::Prefix)?;
    base16ct::mixed::decode_vec(digits).map_err(|error| match error {
        base16ct::Error::InvalidLength => EncodingError::Length,
        base16ct::Error::InvalidEncoding => EncodingError::Character,
    })
}

/// Writes decimal digits. Like everything that the payer writes, not by way of `core::fmt`: its padding and its integers
/// weigh more than a kilobyte.
#[must_use]
pub fn decimal(mut number: u64) -> String {
    // Room for a time, which a gate writes into each step: it is 1 % of a check. For a page it is only more code.
    let mut digits = Vec::with_capacity(if cfg!(feature = "edge") { 20 } else { 0 });
    loop {
        let [.., digit] = number.wrapping_rem(10).to_be_bytes();
        digits.push(b'0'.wrapping_add(digit));
        number = number.wrapping_div(10);
        if number == 0 {
            digits.reverse();
            return from_utf8(digits).unwrap_or_default();
        }
    }
}

/// Writes `0x` and lower-case digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::from("0x");
    text.push_str(&bare_hex(bytes));
    text
}

/// Writes lower-case digits without a prefix.
#[must_use]
pub fn bare_hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Writes standard base64 with padding ([RFC 4648] section 4), the form of every x402 header.
///
/// [RFC 4648]: https://www.rfc-editor.org/rfc/rfc4648
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    let mut letters = swift::STANDARD.encode(bytes);
    letters.resize(letters.len().next_multiple_of(4), b'=');
    swift::text(letters)
}

/// Reads standard base64 in its one spelling.
///
/// # Errors
/// Any other text: missing padding, the alphabet of URLs, blanks, or trailing bits that are not zero (S23).
pub fn bytes_from_base64(text: &str) -> Result<Vec<u8>, EncodingError> {
    if !text.len().is_multiple_of(4) {
        return Err(EncodingError::Character);
    }
    let padded = text.strip_suffix('=').unwrap_or(text);
    swift::STANDARD.decode(padded.strip_suffix('=').unwrap_or(padded).as_bytes())
}

/// Writes base64url without padding ([RFC 4648] section 5), the form of every ticket part.
///
/// [RFC 4648]: https://www.rfc-editor.org/rfc/rfc4648
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The same of what no secret is in, faster.
#[must_use]
pub fn base64url_of_public(bytes: &[u8]) -> String {
    swift::text(swift::URL.encode(bytes))
}

/// Reads canonical base64url without padding.
///
/// # Errors
/// Any other text: padding, the standard alphabet, blanks, or trailing bits that are not zero (S31).
pub fn bytes_from_base64url(text: &str) -> Result<Vec<u8>, EncodingError> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| EncodingError::Character)
}

/// The same of what no secret is in, faster.
///
/// # Errors
/// As [`bytes_from_base64url`].
pub fn public_from_base64url(text: &str) -> Result<Vec<u8>, EncodingError> {
    swift::URL.decode(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_has_one_prefix_and_an_exact_length() {
        assert_eq!(bytes_from_hex::<2>("0xAbcd"), Ok([0xab, 0xcd]));
        for refused in ["", "0x", "abcd", "0Xabcd", "0xabc", "0xabcdef", "0xabcg", " 0xabcd", "0xabcd ", "0x٠١٢٣"] {
            assert!(bytes_from_hex::<2>(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn s52_short_hex_is_padded_on_the_left() {
        assert_eq!(bytes_from_short_hex::<3>("0xfab"), Ok([0, 0x0f, 0xab]));
        assert_eq!(bytes_from_short_hex::<3>("010203"), Ok([1, 2, 3]));
        for refused in ["", "0x", "0x01020304", "0X01", "0xg", "0x 1"] {
            assert!(bytes_from_short_hex::<3>(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn s23_base64_is_standard_and_canonical() {
        assert_eq!(bytes_from_base64("+/8="), Ok(alloc::vec![0xfb, 0xff]));
        for refused in ["+/8", "-_8=", "+/8==", "+/9=", "+/9", "+/ 8=", "+/8=\n", "=", "A"] {
            assert!(bytes_from_base64(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn s31_base64url_has_one_spelling() {
        assert_eq!(bytes_from_base64url("-_8"), Ok(alloc::vec![0xfb, 0xff]));
        for refused in ["-_8=", "+/8", "-_9", "-_8\n", " -_8"] {
            assert!(bytes_from_base64url(refused).is_err(), "{refused:?}");
        }
    }
}
