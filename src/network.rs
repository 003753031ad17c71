//! Networks by their CAIP-2 id (S17), and by the names that x402 v1 has for some of them.

use crate::encoding::decimal;
use crate::spell::Spell;
use crate::text::number;
use alloc::string::String;

/// An EVM chain, written `eip155:<chain id>` ([CAIP-2]).
///
/// [CAIP-2]: https://chainagnostic.org/CAIPs/caip-2
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    chain_id: u64,
}

/// The text is not `eip155:` and a canonical chain id from 1 to 2^53 − 1, the largest that every peer can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkError;

impl core::fmt::Display for NetworkError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a network is written eip155:<chain id>, such as eip155:84532")
    }
}

impl core::error::Error for NetworkError {}

impl Network {
    const MAX_CHAIN_ID: u64 = (1 << 53) - 1;

    /// The EVM chain with this id.
    ///
    /// # Errors
    /// Zero, or an id above 2^53 − 1.
    pub const fn from_chain_id(chain_id: u64) -> Result<Self, NetworkError> {
        if chain_id == 0 || chain_id > Self::MAX_CHAIN_ID { Err(NetworkError) } else { Ok(Self { chain_id }) }
    }

    /// Reads `eip155:<chain id>`; one spelling a chain.
    ///
    /// # Errors
    /// Another namespace, leading zeros, signs, blanks, or an id out of range.
    pub fn from_caip2(text: &str) -> Result<Self, NetworkError> {
        let id = text.strip_prefix("eip155:").ok_or(NetworkError)?;
        if id.starts_with('0') {
            return Err(NetworkError);
        }
        Self::from_chain_id(number(id).ok_or(NetworkError)?)
    }

    /// Reads a name of x402 v1, such as `base-sepolia`.
    ///
    /// # Errors
    /// Any other text, CAIP-2 ids included: a dialect has one spelling.
    pub fn from_v1_name(name: &str) -> Result<Self, NetworkError> {
        let (_, chain_id) = V1_NAMES.iter().find(|(own, _)| *own == name).ok_or(NetworkError)?;
        Self::from_chain_id((*chain_id).into())
    }

    /// Its name in x402 v1, if it has one.
    #[must_use]
    pub fn v1_name(self) -> Option<&'static str> {
        self.v1_name_among(V1_NAMES)
    }

    /// Its name in x402 v1, if the packages of that time know it. They refuse a whole 402 for one name that they do
    /// not know, so nothing else may be offered to them.
    #[must_use]
    pub fn legacy_name(self) -> Option<&'static str> {
        self.v1_name_among(V1_NAMES.get(..LEGACY_NAMES)?)
    }

    fn v1_name_among(self, names: &[(&'static str, u32)]) -> Option<&'static str> {
        names.iter().find(|(_, chain_id)| u64::from(*chain_id) == self.chain_id).map(|(name, _)| *name)
    }

    /// The chain id, as EIP-155 transactions and EIP-712 domains carry it.
    #[must_use]
    pub const fn chain_id(self) -> u64 {
        self.chain_id
    }
}

/// How many of [`V1_NAMES`], from the first, npm `x402` 1.2.0 knows; it also knows two of Solana.
const LEGACY_NAMES: usize = 15;

/// The names of x402 v1. Behind the first fifteen are those of npm `@x402/evm` and of `x402-rs`.
const V1_NAMES: &[(&str, u32)] = &[
    ("base", 8453),
    ("base-sepolia", 84_532),
    ("polygon", 137),
    ("polygon-amoy", 80_002),
    ("avalanche", 43_114),
    ("avalanche-fuji", 43_113),
    ("sei", 1329),
    ("sei-testnet", 1328),
    ("iotex", 4689),
    ("abstract", 2741),
    ("abstract-testnet", 11_124),
    ("peaq", 3338),
    ("story", 1514),
    ("educhain", 41_923),
    ("skale-base-sepolia", 324_705_682),
    ("ethereum", 1),
    ("sepolia", 11_155_111),
    ("megaeth", 4326),
    ("monad", 143),
    ("stable", 988),
    ("stable-testnet", 2201),
    ("celo", 42_220),
    ("flare", 14),
    ("xdc", 50),
    ("xrpl-evm", 1_440_000),
    ("celo-sepolia", 11_142_220),
    ("radius", 723_487),
    ("radius-testnet", 72_344),
];

impl Spell for Network {
    #[inline(never)]
    fn spell(&self) -> String {
        ["eip155:", &decimal(self.chain_id)].concat()
    }
}

impl core::fmt::Display for Network {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.spell())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn s17_one_spelling_per_network() {
        assert_eq!(Network::from_caip2("eip155:84532").unwrap().chain_id(), 84_532);
        assert_eq!(Network::from_caip2("eip155:8453").unwrap().to_string(), "eip155:8453");
        for refused in [
            "eip155:084532",
            "eip155:0",
            "eip155:",
            "eip155:+1",
            "eip155: 1",
            "eip155-1",
            "EIP155:1",
            "base-sepolia",
            "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
            "84532",
            "eip155:9007199254740992",
            "eip155:٨",
            "eip155:99999999999999999999999",
        ] {
            assert_eq!(Network::from_caip2(refused), Err(NetworkError), "{refused}");
        }
        assert!(Network::from_caip2("eip155:9007199254740991").is_ok());
    }

    #[test]
    fn s17_v1_names_go_both_ways_and_each_chain_has_one() {
        for (name, chain_id) in V1_NAMES {
            let network = Network::from_v1_name(name).unwrap();
            assert_eq!(network.chain_id(), u64::from(*chain_id));
            assert_eq!(network.v1_name(), Some(*name));
        }
        for refused in ["", "Base", "base ", "eip155:8453", "solana", "8453"] {
            assert_eq!(Network::from_v1_name(refused), Err(NetworkError), "{refused}");
        }
    }

    #[test]
    fn only_what_the_legacy_packages_know_is_a_legacy_name() {
        let named = |id| Network::from_chain_id(id).unwrap();
        assert_eq!(named(84_532).legacy_name(), Some("base-sepolia"));
        assert_eq!(named(324_705_682).legacy_name(), Some("skale-base-sepolia"));
        for unknown_to_them in [1, 42_220, 10] {
            assert_eq!(named(unknown_to_them).legacy_name(), None);
        }
        assert_eq!(named(1).v1_name(), Some("ethereum"));
        assert_eq!(named(10).v1_name(), None);
    }
}
