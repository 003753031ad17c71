//! The operator's configuration, read strictly: a typing error is an error, with the place where it stands.

use super::Gate;
use super::price::Defaults;
use super::routes::Routes;
use crate::address::Address;
use crate::asset::{Asset, AssetTable};
use crate::json::Value;
use crate::network::Network;
use crate::ticket::Keyset;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt::Display;

/// What is wrong with a configuration, and where. Its code is `invalid_config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    place: String,
    problem: String,
}

impl ConfigError {
    /// The stable code.
    pub const CODE: &str = "invalid_config";
}

/// Names the place and says what would be right. Never holds a secret.
impl Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}.", self.place, self.problem)
    }
}

impl core::error::Error for ConfigError {}

/// An object whose members are taken one by one; what is left at the end is a typing error.
pub(super) struct Reader<'a> {
    place: String,
    members: &'a [(String, Value)],
    taken: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(place: String, value: &'a Value) -> Result<Self, ConfigError> {
        match value.members() {
            Some(members) => Ok(Self { place, members, taken: Vec::new() }),
            None => Err(ConfigError { place, problem: "is an object".into() }),
        }
    }

    pub(super) fn wrong(&self, name: &str, problem: impl Display) -> ConfigError {
        ConfigError { place: self.place_of(name), problem: problem.to_string() }
    }

    pub(super) fn missing(&self, name: &str) -> ConfigError {
        self.wrong(name, "is missing")
    }

    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.into() } else { format!("{}.{name}", self.place) }
    }

    pub(super) fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.taken.push(name);
        let (_, value) = self.members.iter().find(|(member, _)| member == name)?;
        (*value != Value::Null).then_some(value)
    }

    fn typed<T>(
        &mut self,
        name: &'static str,
        kind: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.wrong(name, format!("is {kind}"))),
        }
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<&'a str>, ConfigError> {
        self.typed(name, "a string", Value::as_str)
    }

    pub(super) fn number(&mut self, name: &'static str) -> Result<Option<u64>, ConfigError> {
        self.typed(name, "a whole number, not negative", Value::as_u64)
    }

    pub(super) fn truth(&mut self, name: &'static str) -> Result<Option<bool>, ConfigError> {
        self.typed(name, "true or false", Value::as_bool)
    }

    pub(super) fn elements(&mut self, name: &'static str) -> Result<Option<&'a [Value]>, ConfigError> {
        self.typed(name, "an array", Value::elements)
    }

    pub(super) fn address(&mut self, name: &'static str) -> Result<Option<Address>, ConfigError> {
        let text = self.text(name)?;
        text.map(|text| match Address::from_config(text) {
            Ok(Address::ZERO) => Err(self.wrong(name, "is the zero address")),
            Ok(address) => Ok(address),
            Err(error) => Err(self.wrong(name, format!("is no address: {error}"))),
        })
        .transpose()
    }

    pub(super) fn reader(&mut self, name: &'static str) -> Result<Option<Reader<'a>>, ConfigError> {
        let place = self.place_of(name);
        self.value(name).map(|value| Reader::new(place, value)).transpose()
    }

    pub(super) fn readers(&mut self, name: &'static str) -> Result<Option<Vec<Reader<'a>>>, ConfigError> {
        let Some(elements) = self.elements(name)? else { return Ok(None) };
        let place = |index: usize| format!("{}[{index}]", self.place_of(name));
        elements
            .iter()
            .enumerate()
            .map(|(index, value)| Reader::new(place(index), value))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Whatever was not asked for does not belong there.
    pub(super) fn end(self) -> Result<(), ConfigError> {
        match self.members.iter().find(|(name, _)| !self.taken.contains(&name.as_str())) {
            Some((name, _)) => Err(self.wrong(name, "is not an option here")),
            None => Ok(()),
        }
    }
}

/// A day; no ticket lives longer unless the operator says so.
const DEFAULT_MAX_TTL: u64 = 86_400;

impl Gate {
    /// Reads a gate from plain data: the options of the npm package's `createGate`, without its functions.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn from_config(config: &Value) -> Result<Self, ConfigError> {
        let mut config = Reader::new(String::new(), config)?;
        let mut tickets = config.reader("tickets")?.ok_or_else(|| config.missing("tickets"))?;
        let max_ttl = tickets.number("maxTtl")?.unwrap_or(DEFAULT_MAX_TTL);
        let keyset = read_keyset(&mut tickets, max_ttl)?;
        tickets.end()?;
        let office = match config.value("office") {
            Some(Value::Bool(false)) => None,
            _ => Some(config.text("office")?.unwrap_or("/token")),
        };
        if office.is_some_and(|path| !super::is_canonical(path)) {
            return Err(config.wrong("office", "is a path such as \"/token\", or false"));
        }
        let defaults = Defaults {
            pay_to: config.address("payTo")?,
            network: match config.text("network")? {
                Some(text) => Some(Network::from_caip2(text).map_err(|error| config.wrong("network", error))?),
                None => None,
            },
            max_timeout_seconds: config.number("maxTimeoutSeconds")?.unwrap_or(300),
            assets: read_assets(&mut config)?,
        };
        let routes = Routes::from_config(&mut config, &defaults, max_ttl)?;
        let gate = Self {
            keyset,
            routes,
            office: office.map(Into::into),
            skew: config.number("skew")?.unwrap_or(600),
            settles: config.truth("settles")?.unwrap_or(false),
            cors: config.truth("cors")?.unwrap_or(true),
        };
        config.end()?;
        Ok(gate)
    }

    /// The gate's name: the issuer of its tickets.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.keyset.issuer()
    }
}

fn read_keyset(tickets: &mut Reader<'_>, max_ttl: u64) -> Result<Keyset, ConfigError> {
    let issuer =
        tickets.text("issuer")?.filter(|issuer| !issuer.is_empty()).ok_or_else(|| tickets.missing("issuer"))?;
    let mut keys = Vec::new();
    for mut key in tickets.readers("keys")?.ok_or_else(|| tickets.missing("keys"))? {
        let kid = key.text("kid")?.ok_or_else(|| key.missing("kid"))?;
        let secret = key.text("secret")?.ok_or_else(|| key.missing("secret"))?;
        key.end()?;
        keys.push((kid, secret.as_bytes()));
    }
    Keyset::new(issuer, keys, max_ttl).map_err(|error| tickets.wrong("keys", format!("cannot be used: {error}")))
}

fn read_assets(config: &mut Reader<'_>) -> Result<AssetTable, ConfigError> {
    let mut own = Vec::new();
    for mut asset in config.readers("assets")?.unwrap_or_default() {
        let network = asset.text("network")?.ok_or_else(|| asset.missing("network"))?;
        let text = |asset: &mut Reader<'_>, name| -> Result<String, ConfigError> {
            Ok(asset.text(name)?.ok_or_else(|| asset.missing(name))?.to_string())
        };
        own.push(Asset {
            network: Network::from_caip2(network).map_err(|error| asset.wrong("network", error))?,
            address: asset.address("address")?.ok_or_else(|| asset.missing("address"))?,
            symbol: text(&mut asset, "symbol")?.into(),
            name: text(&mut asset, "name")?.into(),
            version: text(&mut asset, "version")?.into(),
            decimals: asset
                .number("decimals")?
                .and_then(|decimals| u8::try_from(decimals).ok())
                .filter(|decimals| *decimals <= 36)
                .ok_or_else(|| asset.wrong("decimals", "is a number from 0 to 36"))?,
        });
        asset.end()?;
    }
    Ok(AssetTable::with_own(own))
}
