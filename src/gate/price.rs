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
}

/// Reads `price` or `amount` with `asset`, `network`, `payTo`, `maxTimeoutSeconds`; or a list of such under `accepts`.
pub(super) fn read_requirements(
    route: &mut Reader<'_>,
    defaults: &Defaults,
) -> Result<Vec<OwnRequirement>, ConfigError> {
    match route.readers("accepts")? {
        None => Ok(Vec::from([read_requirement(route, defaults)?])),
        Some(offers) if offers.is_empty() => Err(route.wrong("accepts", "offers at least one way to pay")),
        Some(offers) => offers
            .into_iter()
            .map(|mut offer| {
                let requirement = read_requirement(&mut offer, defaults)?;
                if offer.text("scheme")?.is_some_and(|scheme| scheme != "exact") {
                    return Err(offer.wrong("scheme", "is \"exact\", the only scheme so far"));
                }
                offer.end()?;
                Ok(requirement)
            })
            .collect(),
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
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network,
        asset: asset.address,
        amount,
        pay_to,
        max_timeout_seconds,
        domain: Some(AssetDomain::of(&asset)),
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
