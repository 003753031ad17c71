//! The operator's options, read as strictly as a gate's.

use super::Facilitator;
use crate::gate::{ConfigError, Reader, read_assets};
use crate::http::is_http_url;
use crate::json::Value;
use crate::keccak::keccak256;
use crate::network::Network;
use alloc::string::String;
use alloc::vec::Vec;

/// A secret that cannot be guessed has at least so many characters.
const LEAST_SECRET: usize = 16;

impl Facilitator {
    /// Reads a facilitator from plain data: the options of the npm package's `createFacilitator`, without its functions
    /// and with the `signer` of its relayer.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn from_config(config: &Value) -> Result<Self, ConfigError> {
        let mut config = Reader::new(String::new(), config)?;
        let mut networks = Vec::new();
        for value in config.elements("networks")?.unwrap_or_default() {
            let network = value.as_str().and_then(|text| Network::from_caip2(text).ok());
            networks.push(network.ok_or_else(|| wrong_networks(&config))?);
        }
        if networks.is_empty() {
            return Err(wrong_networks(&config));
        }
        config.durable(true)?;
        let mut secrets = Vec::new();
        for value in config.elements("secrets")?.unwrap_or_default() {
            let secret = value.as_str().filter(|secret| secret.len() >= LEAST_SECRET);
            let secret = secret.ok_or_else(|| config.wrong("secrets", "are texts of 16 characters at least"))?;
            secrets.push(keccak256(&[secret.as_bytes()]));
        }
        let mut payees = Vec::new();
        for value in config.elements("payees")?.unwrap_or_default() {
            let payee = value.as_str().and_then(|text| crate::address::Address::from_config(text).ok());
            payees.push(payee.ok_or_else(|| config.wrong("payees", "are addresses"))?);
        }
        let path = config.text("path")?.unwrap_or_default();
        if !path.is_empty() && (!crate::gate::is_canonical(path) || path.ends_with('/')) {
            return Err(config.wrong("path", "is a path such as \"/facilitator\""));
        }
        let rpc = config.text("rpc")?;
        if rpc.is_some_and(|url| !is_http_url(url)) {
            return Err(config.wrong("rpc", "is the http or https URL of a node"));
        }
        let facilitator = Self {
            name: config.text("name")?.ok_or_else(|| config.missing("name"))?.into(),
            path: path.into(),
            networks,
            payees,
            secrets,
            assets: read_assets(&mut config)?,
            skew: config.number("skew")?.unwrap_or(600),
            rpc: rpc.map(Into::into),
            signer: config.address("signer")?.ok_or_else(|| config.missing("signer"))?,
        };
        config.end()?;
        Ok(facilitator)
    }
}

fn wrong_networks(config: &Reader<'_>) -> ConfigError {
    config.wrong("networks", "is a list of chains such as \"eip155:84532\"")
}
