//! Recursive length prefix, the encoding of transactions ([yellow paper], appendix B). What is read is what we wrote.
//!
//! [yellow paper]: https://ethereum.github.io/yellowpaper/paper.pdf

use alloc::vec::Vec;

const STRING: u8 = 0x80;
const LIST: u8 = 0xc0;

/// A list that grows item by item.
#[derive(Clone, Default)]
pub(super) struct List {
    payload: Vec<u8>,
}

impl List {
    /// Appends a byte string.
    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        // A single small byte is its own encoding.
        if !matches!(bytes, [0..STRING]) {
            self.payload.extend(header(STRING, bytes.len()));
        }
        self.payload.extend_from_slice(bytes);
        self
    }

    /// Appends an integer: big-endian without leading zeros, zero as the empty string.
    pub(super) fn integer(self, big_endian: &[u8]) -> Self {
        self.bytes(significant(big_endian))
    }

    /// Appends a list.
    pub(super) fn list(mut self, inner: &Self) -> Self {
        self.payload.extend(inner.encode());
        self
    }

    /// The list with its header.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut encoded = header(LIST, self.payload.len());
        encoded.extend_from_slice(&self.payload);
        encoded
    }
}

/// The content of each item of a list, which fills all of `encoded`.
pub(super) fn read_list(encoded: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut content, []) = read_item(encoded)? else { return None };
    let mut items = Vec::new();
    while !content.is_empty() {
        let (item, rest) = read_item(content)?;
        items.push(item);
        content = rest;
    }
    Some(items)
}

/// The content of the first item, and what follows it.
fn read_item(encoded: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = encoded.split_first()?;
    match *first {
        0..STRING => encoded.split_at_checked(1),
        kind => match kind & 0x3f {
            short @ 0..56 => rest.split_at_checked(short.into()),
            long => {
                let (digits, rest) = rest.split_at_checked(usize::from(long.wrapping_sub(55)))?;
                rest.split_at_checked(usize::try_from(read_number(digits)?).ok()?)
            }
        },
    }
}

/// An integer of at most 64 bits.
pub(super) fn read_number(big_endian: &[u8]) -> Option<u64> {
    (big_endian.len() <= 8).then(|| big_endian.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

fn header(kind: u8, length: usize) -> Vec<u8> {
    let digits = length.to_be_bytes();
    let mut header = Vec::with_capacity(9);
    match significant(&digits) {
        [] => header.push(kind),
        [short @ 0..56] => header.push(kind.wrapping_add(*short)),
        long => {
            let count = u8::try_from(long.len()).unwrap_or_default();
            header.push(kind.wrapping_add(55).wrapping_add(count));
            header.extend_from_slice(long);
        }
    }
    header
}

fn significant(big_endian: &[u8]) -> &[u8] {
    let zeros = big_endian.iter().take_while(|byte| **byte == 0).count();
    big_endian.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    fn only(item: List) -> Vec<u8> {
        item.payload
    }

    /// The examples of the RLP page of ethereum.org and of Ethereum's RLP test suite.
    #[test]
    fn the_published_examples() {
        let empty = List::default();
        assert_eq!(only(empty.clone().bytes(b"dog")), b"\x83dog");
        assert_eq!(empty.clone().bytes(b"cat").bytes(b"dog").encode(), b"\xc8\x83cat\x83dog");
        assert_eq!(only(empty.clone().bytes(b"")), [0x80]);
        assert_eq!(empty.encode(), [0xc0]);
        assert_eq!(only(empty.clone().integer(&[0])), [0x80]);
        assert_eq!(only(empty.clone().bytes(&[0])), [0x00]);
        assert_eq!(only(empty.clone().integer(&[0, 0, 15])), [0x0f]);
        assert_eq!(only(empty.clone().integer(&[0x7f])), [0x7f]);
        assert_eq!(only(empty.clone().integer(&[0x80])), [0x81, 0x80]);
        assert_eq!(only(empty.clone().integer(&1024_u64.to_be_bytes())), [0x82, 0x04, 0x00]);
        let one = List::default().list(&empty);
        let two = List::default().list(&empty).list(&one);
        let nested = List::default().list(&empty).list(&one).list(&two);
        assert_eq!(nested.encode(), hex!("c7c0c1c0c3c0c1c0"));
        let text = b"Lorem ipsum dolor sit amet, consectetur adipisicing elit";
        assert_eq!(only(empty.bytes(text)), [b"\xb8\x38".as_slice(), text].concat());
    }

    #[test]
    fn what_was_written_is_read() {
        for length in [0, 1, 55, 56, 255, 256, 70_000] {
            let long = alloc::vec![0x81; length];
            let list =
                List::default().integer(&1024_u64.to_be_bytes()).bytes(&long).list(&List::default()).integer(&[9]);
            let encoded = list.encode();
            assert_eq!(read_list(&encoded), Some(alloc::vec![&[4, 0][..], &long, &[], &[9]]));
            for end in 0..encoded.len().min(300) {
                assert_eq!(read_list(&encoded[..end]), None, "{end}");
            }
        }
        assert_eq!(read_number(&[0xff; 8]), Some(u64::MAX));
        assert_eq!(read_number(&[0; 9]), None);
        assert_eq!(read_list(&[0xff; 9]), None);
    }

    #[test]
    fn lengths_at_the_borders_of_the_headers() {
        let header_of = |length: usize| {
            let encoded = only(List::default().bytes(&alloc::vec![1; length]));
            encoded[..encoded.len() - length].to_vec()
        };
        assert_eq!(header_of(55), [0xb7]);
        assert_eq!(header_of(56), [0xb8, 56]);
        assert_eq!(header_of(255), [0xb8, 255]);
        assert_eq!(header_of(256), [0xb9, 1, 0]);
        assert_eq!(header_of(65_536), [0xba, 1, 0, 0]);
        assert_eq!(List::default().bytes(&[1; 60]).encode()[..3], [0xf8, 62, 0xb8]);
    }
}
