//! x402 version 1: a JSON body for the challenge, named networks, and base64 headers for payment and receipt. What it
//! shares with version 2 is read and written there.

use super::header::{from_header, to_header};
use super::shape::string;
use super::v2::{check_version, read_accepts, read_payload, receipt_document, write_payload};
use super::words::v1_word;
use super::{MAX_HEADER_BYTES, UnreadableChallenge};
use crate::json::{Object, Value};
use crate::network::Network;
use crate::protocol::{
    AssetDomain, Challenge, Dialect, Method, OwnRequirement, PaymentRequirements, Receipt, ReceivedChallenge,
    ReceivedPayment, Refusal, Resource, SignedPayment, Terms,
};
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Carries the payment.
pub const PAYMENT_HEADER: &str = "X-PAYMENT";
/// Carries the receipt.
pub const RECEIPT_HEADER: &str = "X-PAYMENT-RESPONSE";

pub(super) const VERSION: u64 = 1;

/// Adds to a 402's body; nothing where no offer can be told to packages of this version, which need at least one.
#[must_use]
pub fn write_challenge(challenge: &Challenge<'_>, body: Object) -> Object {
    // A payment names nothing but its network: it means the first way to pay there, so only that is offered.
    let mut networks = Vec::new();
    let mut offers = Vec::new();
    for own in challenge.accepts {
        let network = own.requirements.network;
        if own.requirements.method == Method::Eip3009 && !networks.contains(&network) {
            networks.push(network);
            offers.extend(write_requirements(own, &challenge.resource));
        }
    }
    if offers.is_empty() {
        return body;
    }
    body.number("x402Version", VERSION)
        .text("error", v1_word(challenge.code))
        .value("accepts", offers.into())
        .value_if("payer", challenge.payer.map(|payer| payer.to_string().into()))
}

/// Every member that the packages demand, and none of them null: they refuse the whole 402 for one that is.
fn write_requirements(own: &OwnRequirement, resource: &Resource<'_>) -> Option<Value> {
    let PaymentRequirements { network, asset, amount, pay_to, max_timeout_seconds, domain, .. } = &own.requirements;
    let extra = |domain: &AssetDomain| Object::new().text("name", &domain.name).text("version", &domain.version).end();
    let requirements = Object::new()
        .text("scheme", "exact")
        .text("network", network.legacy_name()?)
        .shown("maxAmountRequired", amount)
        .text("resource", resource.url)
        .text("description", resource.description.unwrap_or_default())
        .text("mimeType", resource.mime_type.unwrap_or_default())
        .shown("payTo", pay_to)
        .number("maxTimeoutSeconds", *max_timeout_seconds)
        .shown("asset", asset)
        .value_if("extra", domain.as_ref().map(extra))
        .end();
    Some(requirements)
}

/// Reads the body of a 402. Offers of other schemes, chains or methods are left out: this version has no Permit2.
///
/// # Errors
/// Not a challenge of version 1.
pub fn read_challenge(document: &Value) -> Result<ReceivedChallenge, UnreadableChallenge> {
    let offers = read_accepts(document, VERSION)?;
    let error = document.owned("error");
    Ok(ReceivedChallenge { dialect: Dialect::V1, offers, office: None, resource: None, extensions: None, error })
}

/// Writes a payment, for [`to_header`] or as the body of an office. The network is spelled as it was offered.
#[must_use]
pub fn write_payment(payment: &SignedPayment) -> Value {
    let offered = payment.offer.echo.as_ref().and_then(|echo| echo.get("network")).cloned();
    Object::new()
        .number("x402Version", VERSION)
        .text("scheme", "exact")
        .value_if("network", offered)
        .value("payload", write_payload(payment))
        .end()
}

/// Reads the value of [`PAYMENT_HEADER`].
///
/// # Errors
/// Anything but one well-formed payment of scheme `exact` with an EIP-3009 authorization.
pub fn read_payment_header(header: &str) -> Result<ReceivedPayment, Refusal> {
    read_payment(&from_header(header, MAX_HEADER_BYTES)?)
}

/// Reads a payment from its document.
///
/// # Errors
/// As [`read_payment_header`].
pub fn read_payment(document: &Value) -> Result<ReceivedPayment, Refusal> {
    check_version(document, VERSION)?;
    if string(document, "scheme")? != "exact" {
        return Err(Refusal::Scheme);
    }
    let network = string(document, "network")?;
    let terms = Terms {
        method: Method::Eip3009,
        network: Network::from_v1_name(network).map_err(|_| Refusal::Shape("network"))?,
        asset: None,
        amount: None,
        pay_to: None,
        max_timeout_seconds: None,
        domain: None,
    };
    let (authorization, seal) = read_payload(document, &terms)?;
    Ok(ReceivedPayment { dialect: Dialect::V1, terms, authorization, seal })
}

/// Writes the value of [`RECEIPT_HEADER`] for an accepted payment.
#[must_use]
pub fn write_receipt(receipt: &Receipt) -> String {
    let name = |network: Network| network.v1_name().map_or_else(|| network.to_string(), ToOwned::to_owned);
    to_header(&receipt_document(receipt, receipt.network.map(name)))
}

#[cfg(test)]
mod tests;
