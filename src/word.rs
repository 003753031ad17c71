//! The EVM's words of 32 bytes, and byte strings laid out in them ([contract ABI]).
//!
//! [contract ABI]: https://docs.soliditylang.org/en/latest/abi-spec.html

use crate::amount::Amount;
use alloc::vec::Vec;

/// Bytes of a word.
pub(crate) const WORD: usize = 32;

/// A number as a word.
pub(crate) fn word(number: u64) -> [u8; WORD] {
    Amount::from(number).to_be_bytes()
}

/// A length or an offset as a word.
pub(crate) fn size_word(size: usize) -> [u8; WORD] {
    word(u64::try_from(size).unwrap_or(u64::MAX))
}

/// Appends a byte string: its length, and its bytes filled up with zeros to whole words.
pub(crate) fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(size_word(bytes.len()));
    out.extend(bytes);
    out.resize(out.len().saturating_add(padding(bytes.len())), 0);
}

/// The length of what [`push_bytes`] appends.
pub(crate) fn size_of_bytes(length: usize) -> usize {
    length.saturating_add(padding(length)).saturating_add(WORD)
}

/// The length or offset that stands at this place.
pub(crate) fn size_at(data: &[u8], place: usize) -> Option<usize> {
    let word = data.get(place..place.checked_add(WORD)?)?;
    let amount = Amount::from_be_bytes(word.try_into().ok()?);
    usize::try_from(amount.to_u64()?).ok()
}

/// The byte string that begins at this place.
pub(crate) fn bytes_at(data: &[u8], place: usize) -> Option<&[u8]> {
    let start = place.checked_add(WORD)?;
    data.get(start..start.checked_add(size_at(data, place)?)?)
}

const fn padding(length: usize) -> usize {
    length.wrapping_neg() % WORD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_fill_whole_words_and_come_back() {
        for length in [0, 1, 31, 32, 33, 64, 65] {
            let bytes = alloc::vec![0xab; length];
            let mut data = alloc::vec![0; WORD];
            push_bytes(&mut data, &bytes);
            assert_eq!(data.len(), WORD + size_of_bytes(length));
            assert_eq!(data.len() % WORD, 0);
            assert_eq!(bytes_at(&data, WORD), Some(&bytes[..]));
        }
    }

    #[test]
    fn s51_what_points_outside_is_nothing() {
        let mut data = size_word(33).to_vec();
        data.extend([0; 32]);
        for (bytes, place) in [(&data[..], 0), (&data[..], 33), (&[0xff; 64], 0), (&[], 0), (&[0; 32], usize::MAX)] {
            assert_eq!(bytes_at(bytes, place), None);
        }
    }
}
