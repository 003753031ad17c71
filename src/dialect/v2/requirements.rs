//! One element of `accepts`: what is wanted, with scheme and method of transfer as the stock SDK writes them.

use super::super::shape::{Members, address, string};
use super::super::v1;
use crate::json::{Object, Value};
use crate::network::Network;
use crate::protocol::{AssetDomain, Method, PaymentRequirements, Refusal};

const TRANSFER_METHOD: &str = "assetTransferMethod";
const FACILITATOR: &str = "facilitatorAddress";

/// Writes them as version 2 does; `None` for what only another dialect can say.
#[must_use]
pub fn write_requirements(requirements: &PaymentRequirements) -> Option<Value> {
    let PaymentRequirements { method, network, asset, amount, pay_to, max_timeout_seconds, domain } = requirements;
    let domain = domain.as_ref();
    let extra = Object::new()
        .text_if("name", domain.map(|domain| domain.name.as_str()))
        .text_if("version", domain.map(|domain| domain.version.as_str()));
    let (scheme, extra) = match method {
        Method::Eip3009 => ("exact", domain.map(|_| extra)),
        Method::Permit2 => ("exact", Some(extra.text(TRANSFER_METHOD, "permit2"))),
        Method::Upto { facilitator } => {
            ("upto", Some(extra.text(TRANSFER_METHOD, "permit2").spelled(FACILITATOR, facilitator)))
        }
        Method::PermitToPayee => return None,
    };
    let requirements = Object::new()
        .text("scheme", scheme)
        .spelled("network", network)
        .spelled("amount", amount)
        .spelled("asset", asset)
        .spelled("payTo", pay_to)
        .number("maxTimeoutSeconds", *max_timeout_seconds)
        .value_if("extra", extra.map(Object::end));
    Some(requirements.end())
}

/// Reads those of either version, which differ in the network's name and the amount's.
pub(in crate::dialect) fn read_requirements(value: &Value, version: u64) -> Result<PaymentRequirements, Refusal> {
    let extra = value.get("extra").unwrap_or(&Value::Null);
    let method = match (string(value, "scheme")?, extra.text(TRANSFER_METHOD)) {
        ("exact", None | Some("eip3009")) => Method::Eip3009,
        ("exact", Some("permit2")) => Method::Permit2,
        ("upto", Some("permit2")) => Method::Upto { facilitator: address(extra, FACILITATOR)? },
        _ => return Err(Refusal::Scheme),
    };
    let network = string(value, "network")?;
    let (network, amount) = match version {
        v1::VERSION => (Network::from_v1_name(network), "maxAmountRequired"),
        _ => (Network::from_caip2(network), "amount"),
    };
    let network = network.map_err(|_| Refusal::Shape("network"))?;
    let mut members = Members::of(value);
    let read = PaymentRequirements {
        method,
        network,
        asset: members.address("asset"),
        amount: members.amount(amount),
        pay_to: members.address("payTo"),
        max_timeout_seconds: members.number("maxTimeoutSeconds"),
        domain: extra.owned("name").zip(extra.owned("version")).map(|(name, version)| AssetDomain { name, version }),
    };
    members.whole().map(|()| read)
}
