//! The options of a payer, read strictly: what is not understood might have been a limit.

use super::cap::Cap;
use super::error::PayerError;
use super::evidence::Evidence;
use super::full::{IS_FULL, OfFull, lacking};
use super::rules::Rules;
use super::url::Location;
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::{Asset, AssetTable};
use crate::json::Value;
use crate::network::Network;
use alloc::borrow::{Cow, ToOwned as _};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// All that its owner fixed when the payer was made (S76).
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) limits: Limits,
    /// On which chains it pays; on no other.
    pub(super) networks: Vec<Network>,
    /// In which assets.
    pub(super) assets: AssetTable,
    /// Whether its owner can be asked to let Permit2 take something (S65).
    pub(super) permit2: bool,
    /// When it signs in instead of paying.
    pub(super) sign_in: SignIn,
    /// What it wants of signed offers and receipts.
    pub(super) evidence: Option<Evidence>,
    /// What its owner said beyond the one budget.
    pub(super) rules: Option<OfFull<Rules>>,
    /// What it wants and this build does not have: then it is for show, and nothing is begun.
    pub(super) lacks: Option<&'static str>,
}

/// When a server that offers it is shown the key instead of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignIn {
    Never,
    /// Where the payer knows that it paid, and its ticket is gone.
    Auto,
    Always,
}

/// What may be spent, on whom. Amounts in units at [`UNIT_DECIMALS`].
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) caps: Caps,
    /// How long a signature may be good, in seconds.
    pub(super) max_validity: u64,
    /// Who may be paid, by origin; an origin that is not listed is pinned to its first payee.
    pub(super) payees: Vec<(String, Vec<Address>)>,
}

/// The caps that there are.
pub(super) type Caps = Vec<(Cap, Amount)>;

/// Digits behind the point in which the budget counts: enough for every asset that is allowed.
pub(super) const UNIT_DECIMALS: u8 = 18;

const MAX_VALIDITY: u64 = 86_400;

const NO_OPTIONS: &Value = &Value::Object(Vec::new());

impl Config {
    /// Reads the options.
    ///
    /// # Errors
    /// [`PayerError::UnknownOption`] and [`PayerError::InvalidOption`].
    pub(super) fn read(options: &Value) -> Result<Self, Box<PayerError>> {
        known(options, "", &["budget", "networks", "assets", "permit2", "signIn", "offerReceipt", "confirm"])?;
        Ok(Self {
            limits: read_limits(options.get("budget").unwrap_or(NO_OPTIONS))?,
            networks: read_networks(options)
                .ok_or_else(|| invalid("networks", "a list of chains, such as [\"eip155:84532\"]"))?,
            assets: AssetTable::with_own(read_assets(options)?),
            sign_in: read_sign_in(options)?,
            evidence: options.get("offerReceipt").filter(|_| IS_FULL).map(read_evidence).transpose()?,
            rules: OfFull::make(|| Rules::read(options))?,
            lacks: lacking(options),
            permit2: match options.get("permit2") {
                None => false,
                Some(_) if !cfg!(feature = "permit2") => false,
                Some(Value::Bool(true)) => true,
                Some(_) => {
                    return Err(invalid("permit2", "a function that asks for an allowance and resolves to true"));
                }
            },
        })
    }
}

fn read_limits(budget: &Value) -> Result<Limits, Box<PayerError>> {
    known(
        budget,
        "budget.",
        &["perPayment", "perHour", "perDay", "total", "maxValidity", "payees", "origins", "allow"],
    )?;
    let caps = read_caps(budget, &Cap::OF_BUDGET)?;
    let max_validity = budget.get("maxValidity").map_or(Some(600), Value::as_u64);
    let mut payees = Vec::new();
    if let Some(listed) = budget.get("payees") {
        read_accounts(listed, &mut payees).ok_or_else(|| invalid("budget.payees", ACCOUNTS_BY_ORIGIN))?;
    }
    let max_validity = max_validity
        .filter(|seconds| (1..=MAX_VALIDITY).contains(seconds))
        .ok_or_else(|| invalid("budget.maxValidity", "1 to 86400 seconds"))?;
    Ok(Limits { caps, max_validity, payees })
}

/// Reads these caps, as far as there are any.
pub(super) fn read_caps(from: &Value, caps: &[Cap]) -> Result<Caps, Box<PayerError>> {
    let mut read = Vec::new();
    for cap in caps {
        let text = match from.get(cap.member()) {
            Some(value) => Some(value.as_str().unwrap_or_default()),
            None => cap.default(),
        };
        if let Some(text) = text {
            let units = Amount::from_units(text, UNIT_DECIMALS).ok();
            read.push((*cap, units.ok_or_else(|| invalid(cap.name(), "a text of whole units, such as \"0.10\""))?));
        }
    }
    Ok(read)
}

fn read_sign_in(options: &Value) -> Result<SignIn, Box<PayerError>> {
    match options.get("signIn").map(|value| value.as_str().unwrap_or_default()) {
        _ if !IS_FULL => Ok(SignIn::Never),
        None | Some("auto") => Ok(SignIn::Auto),
        Some("never") => Ok(SignIn::Never),
        Some("always") => Ok(SignIn::Always),
        Some(_) => Err(invalid("signIn", "\"never\", \"auto\" or \"always\"")),
    }
}

fn read_evidence(options: &Value) -> Result<Evidence, Box<PayerError>> {
    known(options, "offerReceipt.", &["required", "signers"])?;
    let required = options.get("required").map_or(Some(false), Value::as_bool);
    let required = required.ok_or_else(|| invalid("offerReceipt.required", "true or false"))?;
    let mut signers = Vec::new();
    if let Some(listed) = options.get("signers") {
        read_accounts(listed, &mut signers).ok_or_else(|| invalid("offerReceipt.signers", ACCOUNTS_BY_ORIGIN))?;
    }
    Ok(Evidence { required, signers })
}

const ACCOUNTS_BY_ORIGIN: &str = "an object from origins, such as https://cinema.example, to lists of addresses";

fn read_accounts(listed: &Value, accounts: &mut Vec<(String, Vec<Address>)>) -> Option<()> {
    for (origin, listed) in listed.members()? {
        let mut addresses = Vec::new();
        for address in listed.elements()? {
            addresses.push(Address::from_config(address.as_str()?).ok()?);
        }
        Location::is_origin(origin).then(|| accounts.push((origin.clone(), addresses)))?;
    }
    Some(())
}

fn read_networks(options: &Value) -> Option<Vec<Network>> {
    let mut networks = Vec::new();
    for name in options.list("networks")? {
        networks.push(Network::from_caip2(name.as_str()?).ok()?);
    }
    (!networks.is_empty()).then_some(networks)
}

pub(super) fn read_assets(options: &Value) -> Result<Vec<Asset>, Box<PayerError>> {
    let mut assets = Vec::new();
    let Some(listed) = options.get("assets") else { return Ok(assets) };
    let expected = "a list of {network, address, symbol, name, version, decimals}";
    for asset in listed.elements().ok_or_else(|| invalid("assets", expected))? {
        known(asset, "assets.", &["network", "address", "symbol", "name", "version", "decimals", "eip3009"])?;
        assets.push(read_asset(asset).ok_or_else(|| invalid("assets", expected))?);
    }
    Ok(assets)
}

fn read_asset(asset: &Value) -> Option<Asset> {
    let network = Network::from_caip2(asset.text("network")?).ok()?;
    let address = Address::from_config(asset.text("address")?).ok()?;
    let (symbol, name, version) = (asset.text("symbol")?, asset.text("name")?, asset.text("version")?);
    let has_eip3009 = asset.get("eip3009").map_or(Some(true), Value::as_bool)?;
    let decimals = u8::try_from(asset.number("decimals")?).ok().filter(|digits| *digits <= UNIT_DECIMALS)?;
    let owned = |text: &str| Cow::Owned(text.to_owned());
    let (symbol, name, version) = (owned(symbol), owned(name), owned(version));
    Some(Asset { network, address, symbol, has_eip3009, name, version, decimals })
}

#[allow(clippy::unnecessary_box_returns, reason = "as it is handed on")]
pub(super) fn invalid(option: &'static str, expected: &'static str) -> Box<PayerError> {
    PayerError::InvalidOption { option, expected }.boxed()
}

/// Refuses members that are not options, and objects that are none. `null` is no value: it may have been a number.
pub(super) fn known(object: &Value, path: &str, names: &[&str]) -> Result<(), Box<PayerError>> {
    let Some(members) = object.members() else { return Err(PayerError::UnknownOption(path.to_owned()).boxed()) };
    match members.iter().find(|(name, value)| !names.contains(&name.as_str()) || matches!(value, Value::Null)) {
        Some((name, _)) => Err(PayerError::UnknownOption([path, name].concat()).boxed()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use alloc::format;

    fn read(options: &str) -> Result<Config, Box<PayerError>> {
        Config::read(&parse(options).unwrap())
    }

    #[test]
    fn s55_small_caps_hold_without_any_option() {
        let config = read(r#"{"networks":["eip155:84532"]}"#).unwrap();
        let caps: Vec<_> =
            config.limits.caps.iter().map(|(cap, limit)| (*cap, limit.to_units(UNIT_DECIMALS))).collect();
        assert_eq!(caps, [(Cap::PerPayment, "0.1".into()), (Cap::PerDay, "1".into())]);
        assert_eq!(config.limits.max_validity, 600);
    }

    #[test]
    fn s55_an_option_that_is_not_understood_is_refused() {
        for (options, code) in [
            (r#"{}"#, "invalid_option"),
            (r#"[]"#, "unknown_option"),
            (r#"{"networks":[]}"#, "invalid_option"),
            (r#"{"networks":["base"]}"#, "invalid_option"),
            (r#"{"networks":"eip155:1"}"#, "invalid_option"),
        ] {
            assert_eq!(read(options).unwrap_err().code(), code, "{options}");
        }
        for (budget, code) in [
            (r#"{"perWeek":"1"}"#, "unknown_option"),
            (r#"{"perDay":null}"#, "unknown_option"),
            (r#""1.00""#, "unknown_option"),
            (r#"{"perDay":1}"#, "invalid_option"),
            (r#"{"perDay":"-1"}"#, "invalid_option"),
            (r#"{"perPayment":"$1"}"#, "invalid_option"),
            (r#"{"total":"1e3"}"#, "invalid_option"),
            (r#"{"maxValidity":0}"#, "invalid_option"),
            (r#"{"maxValidity":86401}"#, "invalid_option"),
            (r#"{"maxValidity":"600"}"#, "invalid_option"),
            (r#"{"payees":{"https://cinema.example/":[]}}"#, "invalid_option"),
            (r#"{"payees":{"https://cinema.example":["vitalik.eth"]}}"#, "invalid_option"),
            (r#"{"payees":[]}"#, "invalid_option"),
        ] {
            let options = format!(r#"{{"networks":["eip155:84532"],"budget":{budget}}}"#);
            assert_eq!(read(&options).unwrap_err().code(), code, "{options}");
        }
    }

    #[test]
    fn s56_an_own_asset_is_described_in_full() {
        let asset = |decimals: &str| {
            format!(
                r#"{{"networks":["eip155:31337"],"assets":[{{"network":"eip155:31337","address":"0x5FbDB2315678afecb367f032d93F642f64180aa3","symbol":"DEV","name":"Dev","version":"1","decimals":{decimals}}}]}}"#
            )
        };
        assert!(read(&asset("6")).is_ok());
        assert!(read(&asset("18")).is_ok());
        for refused in ["19", "\"6\"", "-1", "6.0", "6,\"rpc\":\"x\""] {
            assert!(read(&asset(refused)).is_err(), "{refused}");
        }
    }
}
