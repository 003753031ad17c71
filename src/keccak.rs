//! Keccak-256 with the original padding, as Ethereum uses it (not SHA3-256).

use sha3::{Digest as _, Keccak256};

/// The Keccak-256 hash of the concatenation of `parts`.
#[must_use]
pub fn keccak256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Keccak256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::keccak256;
    use hex_literal::hex;

    #[test]
    fn empty_input_has_the_well_known_hash() {
        let expected = hex!("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
        assert_eq!(keccak256(&[]), expected);
        assert_eq!(keccak256(&[b"", b""]), expected);
    }

    #[test]
    fn sha3_256_padding_is_not_used() {
        let sha3_of_empty = hex!("a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
        assert_ne!(keccak256(&[]), sha3_of_empty);
    }
}
