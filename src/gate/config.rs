//! The operator's configuration, read strictly: a typing error is an error, with the place where it stands.

use super::Gate;
use super::cashless;
use super::elsewhere::Elsewhere;
use super::event::Hooks;
use super::examine::read_chains;
use super::extension::Extensions;
use super::facilitated::Facilitated;
use super::full::{self, IS_FULL};
use super::operator::Operator;
use super::paywall::Paywall;
use super::policy::{Credit, HOUR, When};
use super::price::Defaults;
use super::reader::{ConfigError, Reader};
use super::routes::Routes;
use crate::address::Address;
use crate::asset::{Asset, AssetTable};
use crate::json::Value;
use crate::network::Network;
use crate::ticket::Keyset;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// A day; no ticket lives longer unless the operator says so.
const DEFAULT_MAX_TTL: u64 = 86_400;
/// A day, in which the operator can look back.
const DEFAULT_KEEP: u64 = 86_400;

impl Gate {
    /// Reads a gate from plain data: the options of the npm package's `createGate`, without its functions.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place. Where nothing is, what this gate needs to be opened:
    /// [`ConfigError::NEEDS_CASHIER`], [`ConfigError::NEEDS_FULL`], [`ConfigError::NEEDS_RELAYER`].
    pub fn from_config(config: &Value) -> Result<Self, ConfigError> {
        let mut config = Reader::new(String::new(), config)?;
        cashless::check(&mut config)?;
        let relayer = Relayer::from_config(&mut config)?;
        let gate = Self::read(&mut config, &relayer)?;
        full::check(&mut config)?;
        config.end()?;
        if matches!(relayer, Relayer::Unasked) && gate.routes.name_the_relayer() {
            return Err(config.needs("relayer", "is the account that cashes", ConfigError::NEEDS_RELAYER));
        }
        Ok(gate)
    }

    /// The networks whose payments a gate of this configuration accepts on the signature alone: without a node it knows
    /// neither balance nor used nonces, and cannot see that an account has code.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn unchecked(config: &Value) -> Result<Vec<String>, ConfigError> {
        let mut config = Reader::new(String::new(), config)?;
        let relayer = Relayer::from_config(&mut config)?;
        let sold = Self::read(&mut config, &relayer)?.routes.networks();
        let asked = config.value("chains");
        let sold = sold.into_iter().map(|network| network.to_string());
        Ok(sold.filter(|network| asked.is_none_or(|chains| chains.get(network).is_none())).collect())
    }

    fn read(config: &mut Reader<'_>, relayer: &Relayer) -> Result<Self, ConfigError> {
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
        let facilitated = Facilitated::from_config(config)?;
        let elsewhere = Elsewhere::from_config(config)?;
        // The lean build does not read who a facilitator is. It reads on, to say what it needs and not what is wrong.
        let unread = (!IS_FULL && config.value("settleVia").is_some()).then_some(Address::ZERO);
        let defaults = Defaults {
            pay_to: config.address("payTo")?,
            network: match config.text("network")? {
                Some(text) => Some(Network::from_caip2(text).map_err(|error| config.wrong("network", error))?),
                None => None,
            },
            max_timeout_seconds: config.number("maxTimeoutSeconds")?.unwrap_or(300),
            assets: read_assets(config)?,
            relayer: relayer
                .account()
                .or(facilitated.account())
                .or(elsewhere.as_ref().and_then(|other| other.account))
                .or(unread),
        };
        let settles = config.truth("settles")?.unwrap_or(false) || elsewhere.is_some();
        let when = When::from_config(config)?.or(elsewhere.and_then(|other| other.when)).unwrap_or(When::After);
        let routes = Routes::from_config(config, &defaults, max_ttl, when)?;
        if !settles && routes.scopes().any(|route| route.when == When::Before) {
            return Err(config.wrong("settle", "is missing: nobody would settle what is settled before it is served"));
        }
        config.durable(settles && routes.scopes().any(|route| route.when == When::After))?;
        let chains = if IS_FULL { read_chains(config, &routes)? } else { Vec::new() };
        let credit = Credit::from_config(config)?;
        let keep = config.number("keep")?.unwrap_or(DEFAULT_KEEP);
        if keep < credit.map_or(0, Credit::needs) {
            return Err(config.wrong("keep", format!("is at least {HOUR} seconds where credit.perHour counts")));
        }
        let paywall = if IS_FULL { Paywall::from_config(config)? } else { None };
        Ok(Self {
            keyset,
            routes,
            chains,
            office: office.map(Into::into),
            skew: config.number("skew")?.unwrap_or(600),
            settles,
            credit,
            keep,
            operator: Operator::from_config(config)?,
            facilitated,
            cors: config.truth("cors")?.unwrap_or(true),
            hooks: Hooks::from_config(config)?,
            extensions: Extensions::from_config(config)?,
            // The page shows what was paid for by coming again with a cookie.
            cookies: IS_FULL && (config.truth("cookies")?.unwrap_or(false) || paywall.is_some()),
            paywall,
        })
    }

    /// The gate's name: the issuer of its tickets.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.keyset.issuer()
    }
}

/// Whoever sends the transfers with a key of the operator's own.
enum Relayer {
    Nobody,
    /// There is one, and its account costs a curve multiplication: it is worked out for those who need it.
    Unasked,
    Account(Address),
}

impl Relayer {
    fn from_config(config: &mut Reader<'_>) -> Result<Self, ConfigError> {
        match config.value("relayer") {
            Some(Value::Bool(true)) => Ok(Self::Unasked),
            _ => Ok(config.address("relayer")?.map_or(Self::Nobody, Self::Account)),
        }
    }

    /// The zero address, which nobody can configure, stands for the one that is not known yet.
    const fn account(&self) -> Option<Address> {
        match self {
            Self::Nobody => None,
            Self::Unasked => Some(Address::ZERO),
            Self::Account(account) => Some(*account),
        }
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

pub(crate) fn read_assets(config: &mut Reader<'_>) -> Result<AssetTable, ConfigError> {
    let mut own = Vec::new();
    for asset in config.readers("assets")?.unwrap_or_default() {
        own.push(read_asset(asset)?);
    }
    Ok(AssetTable::with_own(own))
}

#[inline(never)]
fn read_asset(mut asset: Reader<'_>) -> Result<Asset, ConfigError> {
    let network = asset.text("network")?.ok_or_else(|| asset.missing("network"))?;
    let text = |asset: &mut Reader<'_>, name| -> Result<String, ConfigError> {
        Ok(asset.text(name)?.ok_or_else(|| asset.missing(name))?.to_string())
    };
    let own = Asset {
        network: Network::from_caip2(network).map_err(|error| asset.wrong("network", error))?,
        address: asset.address("address")?.ok_or_else(|| asset.missing("address"))?,
        symbol: text(&mut asset, "symbol")?.into(),
        has_eip3009: asset.truth("eip3009")?.unwrap_or(true),
        name: text(&mut asset, "name")?.into(),
        version: text(&mut asset, "version")?.into(),
        decimals: asset
            .number("decimals")?
            .and_then(|decimals| u8::try_from(decimals).ok())
            .filter(|decimals| *decimals <= 36)
            .ok_or_else(|| asset.wrong("decimals", "is a number from 0 to 36"))?,
    };
    asset.end()?;
    Ok(own)
}
