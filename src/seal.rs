//! What makes an authorization its payer's: the signature of a key, or bytes that the payer's own contract judges (S8).

use crate::address::Address;
use crate::encoding::{hex, vec_from_hex};
use crate::signature::Signature;
use crate::word::{bytes_at, push_bytes, size_at, size_of_bytes, size_word};
use alloc::string::String;
use alloc::vec::Vec;
use hex_literal::hex;

/// A seal on an authorization. Which kind may count for an account, the chain alone knows: an account with code is
/// asked, and its key counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever judges seals judges every kind")]
pub enum Seal {
    /// 65 bytes in the form that contracts take from keys.
    Key(Signature),
    /// Whatever an account's contract takes ([ERC-1271]).
    ///
    /// [ERC-1271]: https://eips.ethereum.org/EIPS/eip-1271
    Contract(Vec<u8>),
    /// For an account that is to be deployed first ([ERC-6492]).
    ///
    /// [ERC-6492]: https://eips.ethereum.org/EIPS/eip-6492
    Undeployed(Deployment),
}

/// How an account comes to be, and the seal that it will take then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The contract that deploys it; anybody can name any.
    pub factory: Address,
    /// What the factory is called with.
    pub calldata: Vec<u8>,
    /// For the account's contract; never wrapped again.
    pub signature: Vec<u8>,
}

/// More than wallets of passkeys or several owners need, their deployment included.
const MAX_BYTES: usize = 4096;

/// The end of a wrapped seal.
const MAGIC: [u8; 32] = hex!("6492649264926492649264926492649264926492649264926492649264926492");

impl Seal {
    /// From `0x` and hex digits of at most 4,096 bytes; `None` for every other text.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = vec_from_hex(text).ok()?;
        (bytes.len() <= MAX_BYTES).then(|| Self::from_bytes(&bytes))
    }

    /// From any bytes. What is neither a key's signature nor well wrapped is left to the account's contract.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        if let Ok(signature) =
            bytes.try_into().map_err(drop).and_then(|bytes| Signature::from_bytes(bytes).map_err(drop))
        {
            return Self::Key(signature);
        }
        let unwrapped = bytes.strip_suffix(&MAGIC).and_then(Deployment::from_bytes);
        unwrapped.map_or_else(|| Self::Contract(bytes.to_vec()), Self::Undeployed)
    }

    /// The bytes that it was read from.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Key(signature) => signature.to_bytes().to_vec(),
            Self::Contract(bytes) => bytes.clone(),
            Self::Undeployed(deployment) => [&deployment.to_bytes()[..], &MAGIC].concat(),
        }
    }

    /// The same as `0x` and lower-case digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.to_bytes())
    }
}

impl From<Signature> for Seal {
    fn from(signature: Signature) -> Self {
        Self::Key(signature)
    }
}

impl Deployment {
    /// Three words before the two byte strings.
    const HEAD: usize = 96;

    /// One spelling: what would be written otherwise is not read.
    fn from_bytes(data: &[u8]) -> Option<Self> {
        let factory = data.get(12..32)?.try_into().ok()?;
        let part = |place| Some(bytes_at(data, size_at(data, place)?)?.to_vec());
        let read = Self { factory: Address::from_bytes(factory), calldata: part(32)?, signature: part(64)? };
        (read.to_bytes() == data && !read.signature.ends_with(&MAGIC)).then_some(read)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let second = Self::HEAD.saturating_add(size_of_bytes(self.calldata.len()));
        let mut data = [self.factory.to_word(), size_word(Self::HEAD), size_word(second)].concat();
        push_bytes(&mut data, &self.calldata);
        push_bytes(&mut data, &self.signature);
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn deployment(calldata: &[u8], signature: &[u8]) -> Deployment {
        Deployment {
            factory: Address::from_bytes([0xfa; 20]),
            calldata: calldata.to_vec(),
            signature: signature.to_vec(),
        }
    }

    fn signature() -> Signature {
        crate::signature::SecretKey::from_bytes(&mut [1; 32]).unwrap().sign(&crate::eip712::Digest::from_bytes([7; 32]))
    }

    #[test]
    fn s08_65_bytes_of_a_key_and_nothing_else_is_a_keys_seal() {
        let good = signature().to_bytes();
        assert_eq!(Seal::from_bytes(&good), Seal::Key(signature()));
        let mut low_v = good;
        low_v[64] -= 27;
        for other in [&good[..64], &low_v, &[&good[..], &[0]].concat(), &[]] {
            assert_eq!(Seal::from_bytes(other), Seal::Contract(other.to_vec()));
        }
        assert_eq!(Seal::from_hex(&hex(&[1; MAX_BYTES])), Some(Seal::Contract([1; MAX_BYTES].to_vec())));
        assert_eq!(Seal::from_hex(&hex(&[1; MAX_BYTES + 1])), None);
        assert_eq!(Seal::from_hex("0x012"), None);
    }

    /// The expected text is viem's `serializeErc6492Signature` for the same arguments.
    #[test]
    fn s08_a_wrapped_seal_is_laid_out_as_wallets_lay_it_out() {
        let expected = "0x000000000000000000000000fafafafafafafafafafafafafafafafafafafafa\
            0000000000000000000000000000000000000000000000000000000000000060\
            00000000000000000000000000000000000000000000000000000000000000a0\
            0000000000000000000000000000000000000000000000000000000000000003\
            0102030000000000000000000000000000000000000000000000000000000000\
            0000000000000000000000000000000000000000000000000000000000000002\
            0405000000000000000000000000000000000000000000000000000000000000\
            6492649264926492649264926492649264926492649264926492649264926492";
        let seal = Seal::Undeployed(deployment(&[1, 2, 3], &[4, 5]));
        assert_eq!(seal.to_hex(), expected);
        assert_eq!(Seal::from_hex(expected), Some(seal));
    }

    #[test]
    fn s08_what_is_wrapped_twice_or_oddly_is_opaque() {
        let once = Seal::Undeployed(deployment(&[1], &[2])).to_bytes();
        let twice = Seal::Undeployed(deployment(&[1], &once)).to_bytes();
        let zeros = [&[0; 96][..], &MAGIC].concat();
        let mut dirty = once.clone();
        dirty[0] = 1;
        let mut padded = once.clone();
        padded[159] = 1;
        for odd in [twice, zeros, dirty, padded, MAGIC.to_vec()] {
            assert_eq!(Seal::from_bytes(&odd), Seal::Contract(odd.clone()));
        }
    }

    proptest! {
        #[test]
        fn every_seal_is_written_as_it_was_read(bytes: Vec<u8>, calldata: Vec<u8>) {
            for seal in [Seal::from_bytes(&bytes), Seal::Undeployed(deployment(&calldata, &bytes))] {
                prop_assert_eq!(Seal::from_bytes(&seal.to_bytes()), seal);
            }
        }
    }
}
