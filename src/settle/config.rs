//! A relayer's configuration, checked member by member.

use super::Batch;
use super::nodes::MOST_NODES;
use crate::amount::Amount;
use crate::encoding::bytes_from_hex;
use crate::http::is_http_url;
use crate::json::Value;
use crate::signature::SecretKey;
use alloc::string::String;
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// How a relayer reaches its chain and what it may spend.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelayerConfig {
    /// The nodes' http or https URLs; they must take batched JSON-RPC.
    pub rpc: Vec<String>,
    /// How deep a block must lie, its own included, before what it holds closes a record. 1 to 100.
    pub confirmations: u64,
    /// The most that a gas may cost, in wei, tip included.
    pub max_fee_per_gas: u64,
    /// How checks are cashed together.
    pub batch: Batch,
}

/// What is wrong with a relayer's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RelayerConfigError {
    /// Not an object.
    Shape,
    /// A member that does not belong there.
    UnknownMember(String),
    /// `rpc`.
    Rpc,
    /// `key`. What stands there is not repeated.
    Key,
    /// `when`.
    When,
    /// `confirmations`.
    Confirmations,
    /// `maxFeePerGas`.
    MaxFeePerGas,
    /// `batch`.
    Batch,
}

impl RelayerConfigError {
    /// The stable code. Part of the public API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Shape => "invalid_relayer",
            Self::UnknownMember(_) => "unknown_relayer_member",
            Self::Rpc => "invalid_relayer_rpc",
            Self::Key => "invalid_relayer_key",
            Self::When => "unsupported_relayer_when",
            Self::Confirmations => "invalid_relayer_confirmations",
            Self::MaxFeePerGas => "invalid_relayer_max_fee_per_gas",
            Self::Batch => "invalid_relayer_batch",
        }
    }
}

impl core::fmt::Display for RelayerConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Shape => f.write_str("a relayer is an object with rpc and key"),
            Self::UnknownMember(name) => {
                write!(
                    f,
                    "a relayer has no member \"{name}\"; it has rpc, key, when, confirmations, maxFeePerGas and batch"
                )
            }
            Self::Rpc => f.write_str(
                "a relayer's rpc is the http or https URL of an Ethereum node, without a user name or password, or a list of up to ten",
            ),
            Self::Key => f.write_str("a relayer's key is 0x and 64 hex digits, the private key that pays for gas"),
            Self::When => f.write_str("a relayer settles \"before\" or \"after\" serving"),
            Self::Confirmations => f.write_str("a relayer's confirmations is a whole number from 1 to 100"),
            Self::MaxFeePerGas => f.write_str(
                "a relayer's maxFeePerGas is a decimal string of wei from \"1\" to \"18446744073709551615\"",
            ),
            Self::Batch => f.write_str(
                "a relayer's batch is { count?: 1 to 150, age?: 0 to 3600 seconds, gasPrice?: a decimal string of wei }",
            ),
        }
    }
}

impl core::error::Error for RelayerConfigError {}

/// 100 gwei. A node that names a wrong fee cannot empty the relayer's account at once (S51).
const DEFAULT_MAX_FEE_PER_GAS: u64 = 100_000_000_000;

const MEMBERS: [&str; 6] = ["rpc", "key", "when", "confirmations", "maxFeePerGas", "batch"];

impl RelayerConfig {
    /// Reads `{"rpc", "key", "when"?: "after", "confirmations"?: 1, "maxFeePerGas"?: "100000000000", "batch"?}`. The key is
    /// parsed once and kept apart, where nothing can print it (S70).
    ///
    /// # Errors
    /// The first member that is missing, wrong or unknown.
    pub fn from_value(value: &Value) -> Result<(Self, SecretKey), RelayerConfigError> {
        let (config, mut key) = Self::read(value)?;
        let key = SecretKey::from_bytes(&mut key).map_err(|_| RelayerConfigError::Key)?;
        Ok((config, key))
    }

    /// Only says what is wrong: a gate looks at what somebody else will cash with.
    ///
    /// # Errors
    /// Those of [`Self::from_value`].
    pub fn check(value: &Value) -> Result<(), RelayerConfigError> {
        Self::read(value).map(drop)
    }

    fn read(value: &Value) -> Result<(Self, Zeroizing<[u8; 32]>), RelayerConfigError> {
        let members = value.members().ok_or(RelayerConfigError::Shape)?;
        if let Some((name, _)) = members.iter().find(|(name, _)| !MEMBERS.contains(&name.as_str())) {
            return Err(RelayerConfigError::UnknownMember(name.clone()));
        }
        let rpc = value.get("rpc").and_then(read_nodes).ok_or(RelayerConfigError::Rpc)?;
        let key = value.get("key").and_then(Value::as_str).and_then(read_key).ok_or(RelayerConfigError::Key)?;
        if value.get("when").is_some_and(|when| !matches!(when.as_str(), Some("before" | "after"))) {
            return Err(RelayerConfigError::When);
        }
        let confirmations = match value.get("confirmations") {
            None => 1,
            Some(number) => {
                number.as_u64().filter(|n| (1..=100).contains(n)).ok_or(RelayerConfigError::Confirmations)?
            }
        };
        let max_fee_per_gas = match value.get("maxFeePerGas") {
            None => DEFAULT_MAX_FEE_PER_GAS,
            Some(wei) => wei.as_str().and_then(read_wei).ok_or(RelayerConfigError::MaxFeePerGas)?,
        };
        let batch = value.get("batch").map_or(Ok(Batch::default()), Batch::from_value)?;
        Ok((Self { rpc, confirmations, max_fee_per_gas, batch }, key))
    }
}

fn read_key(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    bytes_from_hex(text).ok().map(Zeroizing::new).filter(|key| SecretKey::is_one(key))
}

/// One URL, or a list of them.
pub(super) fn read_nodes(value: &Value) -> Option<Vec<String>> {
    let one = core::slice::from_ref(value);
    let nodes = value.elements().unwrap_or(one).iter();
    let urls: Vec<String> =
        nodes.map(|url| url.as_str().filter(|url| is_http_url(url)).map(Into::into)).collect::<Option<_>>()?;
    (1..=MOST_NODES).contains(&urls.len()).then_some(urls)
}

pub(super) fn read_wei(text: &str) -> Option<u64> {
    Amount::from_decimal(text).ok()?.to_u64().filter(|wei| *wei > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use alloc::string::ToString as _;

    const KEY: &str = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    fn read(members: &str) -> Result<RelayerConfig, RelayerConfigError> {
        let text = alloc::format!(r#"{{"rpc":"http://127.0.0.1:8545","key":"{KEY}"{members}}}"#);
        RelayerConfig::from_value(&parse(&text).unwrap()).map(|(config, _)| config)
    }

    #[test]
    fn two_members_are_enough() {
        let config = RelayerConfig {
            rpc: Vec::from(["http://127.0.0.1:8545".to_string()]),
            confirmations: 1,
            max_fee_per_gas: DEFAULT_MAX_FEE_PER_GAS,
            batch: Batch::default(),
        };
        assert_eq!(read(""), Ok(config.clone()));
        assert_eq!(
            read(r#","when":"after","confirmations":100,"maxFeePerGas":"18446744073709551615""#),
            Ok(RelayerConfig { confirmations: 100, max_fee_per_gas: u64::MAX, ..config })
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        use RelayerConfigError::{Batch, Confirmations, MaxFeePerGas, UnknownMember, When};
        for (members, error) in [
            (r#","when":"never""#, When),
            (r#","when":1"#, When),
            (r#","confirmations":0"#, Confirmations),
            (r#","confirmations":101"#, Confirmations),
            (r#","confirmations":1.5"#, Confirmations),
            (r#","confirmations":"1""#, Confirmations),
            (r#","maxFeePerGas":"0""#, MaxFeePerGas),
            (r#","maxFeePerGas":"0x1""#, MaxFeePerGas),
            (r#","maxFeePerGas":1"#, MaxFeePerGas),
            (r#","maxFeePerGas":"18446744073709551616""#, MaxFeePerGas),
            (r#","batch":{"count":0}"#, Batch),
            (r#","confirmation":1"#, UnknownMember("confirmation".to_string())),
        ] {
            assert_eq!(read(members), Err(error), "{members}");
        }
    }

    #[test]
    fn nodes_are_one_url_or_up_to_ten() {
        let list = |count: usize| Value::from(alloc::vec![Value::from("http://a"); count]);
        assert_eq!(read_nodes(&"http://a".into()), Some(alloc::vec!["http://a".to_string()]));
        assert_eq!(read_nodes(&list(10)).map(|nodes| nodes.len()), Some(10));
        for wrong in [list(0), list(11), "ws://a".into(), Value::Null, Value::from(alloc::vec![Value::Null])] {
            assert_eq!(read_nodes(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn s28_a_wrong_key_is_not_repeated() {
        for key in ["", "0x59c6995e", &KEY[2..], &alloc::format!("{KEY}00"), &alloc::format!("0x{}", "00".repeat(32))] {
            let value = Value::object([("rpc", Some("http://localhost".into())), ("key", Some(key.into()))]);
            let error = RelayerConfig::from_value(&value).map(|(config, _)| config).unwrap_err();
            assert_eq!(error, RelayerConfigError::Key);
            assert!(key.is_empty() || !error.to_string().contains(key));
        }
    }
}
