//! From what an operator writes to what is asked for.

use super::reader::{ConfigError, Reader};
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::{Asset, AssetTable};
use crate::network::Network;
use crate::protocol::{AssetDomain, Method, OwnRequirement, PaymentRequirements};
use alloc::vec::Vec;

/// What a route inherits from the gate.
pub(super) struct Defaults {
    pub(super) pay_to: Option<Address>,
    pub(super) network: Option<Network>,
    pub(super) max_timeout_seconds: u64,
    pub(super) assets: AssetTable,
    /// The account that cashes the checks, where it is known: some are good for it alone.
    pub(super) relayer: Option<Address>,
}

/// Reads `price` or `amount` with `asset`, `network`, `payTo`, `maxTimeoutSeconds`; or a list of such under `accepts`.
pub(super) fn read_requirements(
    route: &mut Reader<'_>,
    defaults: &Defaults,
) -> Result<Vec<OwnRequirement>, ConfigError> {
    let mut requirements = match route.readers("accepts")? {
        None => Vec::from([read_requirement(route, defaults)?]),
        Some(offers) if offers.is_empty() => return Err(route.wrong("accepts", "offers at least one way to pay")),
        Some(offers) => offers
            .into_iter()
            .map(|mut offer| {
                let requirement = read_requirement(&mut offer, defaults)?;
                offer.end()?;
                Ok(requirement)
            })
            .collect::<Result<_, _>>()?,
    };
    let direct: Vec<_> = requirements.iter().filter_map(|own| as_permit_to_payee(own, defaults.relayer)).collect();
    requirements.extend(direct);
    Ok(requirements)
}

/// The same price in x402-mock's form of Permit2, which only the payee itself can cash.
fn as_permit_to_payee(own: &OwnRequirement, relayer: Option<Address>) -> Option<OwnRequirement> {
    let is_possible = own.requirements.method == Method::Permit2 && Some(own.requirements.pay_to) == relayer;
    let requirements = PaymentRequirements { method: Method::PermitToPayee, ..own.requirements.clone() };
    is_possible.then(|| OwnRequirement { requirements, asset: own.asset.clone() })
}

/// `scheme` and `method`; the stock SDK writes the latter as `extra.assetTransferMethod`.
fn read_method(reader: &mut Reader<'_>, asset: &Asset, relayer: Option<Address>) -> Result<Method, ConfigError> {
    let scheme = reader.text("scheme")?.unwrap_or("exact");
    let mut method = reader.text("method")?;
    if let Some(mut extra) = reader.reader("extra")? {
        method = extra.text("assetTransferMethod")?.or(method);
        // What the stock SDK repeats of the asset.
        for (name, own) in [("name", &asset.name), ("version", &asset.version)] {
            if extra.text(name)?.is_some_and(|text| text != own) {
                return Err(extra.wrong(name, "is not the one known of this asset"));
            }
        }
        extra.end()?;
    }
    match (scheme, method) {
        ("exact", Some("eip3009") | None) if asset.has_eip3009 => Ok(Method::Eip3009),
        ("exact", Some("permit2") | None) => Ok(Method::Permit2),
        ("upto", Some("permit2") | None) => relayer.map(|facilitator| Method::Upto { facilitator }).ok_or_else(|| {
            reader.wrong(
                "scheme",
                "is \"upto\", which one account settles: that of relayer(), or the `account` of facilitator() or elsewhere()",
            )
        }),
        ("exact" | "upto", _) => {
            Err(reader.wrong("method", "is \"permit2\", or \"eip3009\" where scheme and asset have it"))
        }
        _ => Err(reader.wrong("scheme", "is \"exact\" or \"upto\"")),
    }
}

fn read_requirement(reader: &mut Reader<'_>, defaults: &Defaults) -> Result<OwnRequirement, ConfigError> {
    let network = match reader.text("network")? {
        Some(text) => Some(Network::from_caip2(text).map_err(|error| reader.wrong("network", error))?),
        None => defaults.network,
    };
    let network = network.ok_or_else(|| reader.missing("network"))?;
    let asset = read_asset(reader, network, &defaults.assets)?;
    let amount = read_amount(reader, &asset)?;
    if amount == Amount::ZERO {
        return Err(reader.wrong("price", "is above zero: list the route under `free` instead"));
    }
    let pay_to = reader.address("payTo")?.or(defaults.pay_to).ok_or_else(|| reader.missing("payTo"))?;
    let max_timeout_seconds = reader.number("maxTimeoutSeconds")?.unwrap_or(defaults.max_timeout_seconds);
    if !(10..=86_400).contains(&max_timeout_seconds) {
        return Err(reader.wrong("maxTimeoutSeconds", "is from 10 seconds to a day"));
    }
    let method = read_method(reader, &asset, defaults.relayer)?;
    let requirements = PaymentRequirements {
        method,
        network,
        asset: asset.address,
        amount,
        pay_to,
        max_timeout_seconds,
        domain: (method == Method::Eip3009).then(|| AssetDomain::of(&asset)),
    };
    Ok(OwnRequirement { requirements, asset })
}

fn read_asset(reader: &mut Reader<'_>, network: Network, assets: &AssetTable) -> Result<Asset, ConfigError> {
    match reader.address("asset")? {
        Some(address) => assets.find(network, address).ok_or_else(|| {
            reader.wrong("asset", "is not known on this network: describe it under `assets`, from its own contract")
        }),
        None => assets
            .default_for(network)
            .ok_or_else(|| reader.wrong("network", "has no default asset here: name one with `asset` and `amount`")),
    }
}

fn read_amount(reader: &mut Reader<'_>, asset: &Asset) -> Result<Amount, ConfigError> {
    match (reader.text("price")?, reader.text("amount")?) {
        (Some(price), None) => {
            let units = price.strip_prefix('$').unwrap_or(price);
            Amount::from_units(units, asset.decimals).map_err(|error| reader.wrong("price", error))
        }
        (None, Some(amount)) => Amount::from_decimal(amount).map_err(|error| reader.wrong("amount", error)),
        (None, None) => Err(reader.missing("price")),
        (Some(_), Some(_)) => Err(reader.wrong("price", "and `amount` are two ways to say one thing: keep one")),
    }
}
