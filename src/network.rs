//! Networks by their CAIP-2 id (S17).

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
        if id.starts_with('0') || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NetworkError);
        }
        Self::from_chain_id(id.parse().map_err(|_| NetworkError)?)
    }

    /// The chain id, as EIP-155 transactions and EIP-712 domains carry it.
    #[must_use]
    pub const fn chain_id(self) -> u64 {
        self.chain_id
    }
}

impl core::fmt::Display for Network {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "eip155:{}", self.chain_id)
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
}
