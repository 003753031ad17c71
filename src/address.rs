//! Account and contract addresses: 20 bytes, whatever their letter case on the wire (S18).

// A page's payer spells few, and would carry it for each of them.
#[cfg(any(feature = "full-payer", feature = "edge"))]
mod spelling;

use crate::encoding::{EncodingError, bytes_from_hex, hex};
use crate::keccak::keccak256;
use crate::spell::Spell;
use alloc::string::String;

/// An EVM address. Identity is the bytes, never the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address([u8; 20]);

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// Not `0x` and 40 hex digits.
    Text(EncodingError),
    /// Mixed case that is not the EIP-55 checksum: probably a typing error.
    Checksum,
}

impl core::fmt::Display for AddressError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Text(_) => f.write_str("an address is 0x and 40 hex digits"),
            Self::Checksum => f.write_str("the address is misspelled: its EIP-55 checksum is wrong"),
        }
    }
}

impl core::error::Error for AddressError {}

impl Address {
    /// The address that no key has; never a signer, never a payee.
    pub const ZERO: Self = Self([0; 20]);

    /// From 20 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The 20 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The address in a 32-byte word whose other bytes are zero.
    #[must_use]
    pub fn from_word(word: &[u8; 32]) -> Option<Self> {
        let (zeros, bytes) = word.split_first_chunk::<12>()?;
        (*zeros == [0; 12]).then(|| bytes.try_into().ok().map(Self::from_bytes)).flatten()
    }

    /// Left-padded to the EVM's 32-byte word.
    #[inline(never)]
    #[must_use]
    pub fn to_word(self) -> [u8; 32] {
        let mut word = [0; 32];
        if let Some(low) = word.last_chunk_mut::<20>() {
            *low = self.0;
        }
        word
    }

    /// Reads an address from the wire, in any letter case.
    ///
    /// # Errors
    /// Anything but `0x` and 40 hex digits.
    pub fn from_wire(text: &str) -> Result<Self, AddressError> {
        bytes_from_hex(text).map(Self).map_err(AddressError::Text)
    }

    /// Reads an address that a person configured: mixed case must carry a valid [EIP-55] checksum.
    ///
    /// [EIP-55]: https://eips.ethereum.org/EIPS/eip-55
    ///
    /// # Errors
    /// Anything but `0x` and 40 hex digits, or a wrong checksum.
    pub fn from_config(text: &str) -> Result<Self, AddressError> {
        let address = Self::from_wire(text)?;
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let one_case =
            !digits.bytes().any(|b| b.is_ascii_uppercase()) || !digits.bytes().any(|b| b.is_ascii_lowercase());
        if one_case || address.to_checksummed() == text { Ok(address) } else { Err(AddressError::Checksum) }
    }

    /// The address of an uncompressed public key without its 0x04 byte.
    pub(crate) fn of_public_key(key: &[u8; 64]) -> Self {
        let hash = keccak256(&[key]);
        Self(hash.last_chunk().copied().unwrap_or_default())
    }

    /// The spelling with the [EIP-55] checksum, the only one that we write.
    ///
    /// [EIP-55]: https://eips.ethereum.org/EIPS/eip-55
    #[must_use]
    pub fn to_checksummed(self) -> String {
        // The same few are spelled with every request and every payment.
        #[cfg(any(feature = "full-payer", feature = "edge"))]
        return self.remembered();
        #[cfg(not(any(feature = "full-payer", feature = "edge")))]
        return self.spelled_anew();
    }

    fn spelled_anew(self) -> String {
        let mut text = hex(&self.0);
        let digits = text.get_mut(2..).unwrap_or_default();
        let hash = keccak256(&[digits.as_bytes()]);
        for (place, byte) in hash.into_iter().take(20).enumerate() {
            // A byte's two digits, the upper half first.
            for (half, bit) in [0x80, 0x08].into_iter().enumerate() {
                let digit = place.saturating_mul(2).saturating_add(half);
                if byte & bit != 0 {
                    digits.get_mut(digit..=digit).unwrap_or_default().make_ascii_uppercase();
                }
            }
        }
        text
    }
}

impl Spell for Address {
    #[inline(never)]
    fn spell(&self) -> String {
        self.to_checksummed()
    }
}

impl core::fmt::Display for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.spell())
    }
}

impl core::fmt::Debug for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// The examples of EIP-55.
    const CHECKSUMMED: [&str; 8] = [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ];

    #[test]
    fn s18_the_checksum_is_that_of_eip_55() {
        for text in CHECKSUMMED {
            assert_eq!(Address::from_config(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn s18_case_never_makes_another_address() {
        for text in CHECKSUMMED {
            let digits = &text[2..];
            let lower = Address::from_wire(&alloc::format!("0x{}", digits.to_lowercase())).unwrap();
            let upper = Address::from_wire(&alloc::format!("0x{}", digits.to_uppercase())).unwrap();
            assert_eq!(lower, upper);
            assert_eq!(lower, Address::from_wire(text).unwrap());
        }
    }

    #[test]
    fn s18_a_wrong_checksum_in_configuration_is_refused() {
        let wrong = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD";
        assert_eq!(Address::from_config(wrong), Err(AddressError::Checksum));
        assert!(Address::from_wire(wrong).is_ok());
        assert!(Address::from_config(&wrong.to_lowercase()).is_ok());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "0x", "52908400098527886E0F7030069857D2E4169EE7", "0x5290840009852788", "vitalik.eth"] {
            assert!(Address::from_wire(text).is_err(), "{text}");
        }
    }
}
