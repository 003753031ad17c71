//! x402 version 2: JSON in base64 headers (x402 specification v2 and its HTTP transport).

mod permit2;
mod requirements;
mod ticket;

pub(super) use requirements::read_requirements;
pub use requirements::write_requirements;

pub use super::header::{from_header, to_header};
use super::shape::{address, closed, string};
use super::words::v2_word;
use super::{MAX_CHALLENGE_BYTES, MAX_HEADER_BYTES, UnreadableChallenge};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::authorization::eip3009::TransferAuthorization;
use crate::encoding::{bytes_from_hex, hex};
use crate::json::{Object, Value};
use crate::network::Network;
use crate::protocol::{
    Challenge, Dialect, Method, Offer, PaymentRequirements, Receipt, ReceivedChallenge, ReceivedPayment, Refusal,
    SignedPayment, Terms,
};
use crate::seal::Seal;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Carries the challenge of a 402.
pub const CHALLENGE_HEADER: &str = "PAYMENT-REQUIRED";
/// Carries the payment.
pub const PAYMENT_HEADER: &str = "PAYMENT-SIGNATURE";
/// Carries the receipt.
pub const RECEIPT_HEADER: &str = "PAYMENT-RESPONSE";
/// Our extension.
pub const TICKET: &str = "ticket";
/// The extension of signed offers and receipts.
const SIGNED: &str = "offer-receipt";
pub use ticket::write_office;

pub(super) const VERSION: u64 = 2;

/// Writes the value of [`CHALLENGE_HEADER`], with the office as its only extension.
#[must_use]
pub fn write_challenge(challenge: &Challenge<'_>) -> String {
    write_challenge_with(challenge, Object::new().value_if(TICKET, challenge.office.map(write_office)))
}

/// The same with these extensions.
#[must_use]
pub fn write_challenge_with(challenge: &Challenge<'_>, extensions: Object) -> String {
    to_header(&challenge_document(challenge, extensions))
}

/// What is in that header.
#[must_use]
pub fn challenge_document(challenge: &Challenge<'_>, extensions: Object) -> Value {
    let extensions = extensions.end();
    let has_some = extensions.members().is_some_and(|members| !members.is_empty());
    let Challenge { resource, accepts, .. } = challenge;
    let accepts: Vec<Value> = accepts.iter().filter_map(|own| write_requirements(&own.requirements)).collect();
    let resource = Object::new()
        .text("url", resource.url)
        .text_if("description", resource.description)
        .text_if("mimeType", resource.mime_type)
        .end();
    Object::new()
        .number("x402Version", VERSION)
        .text("error", v2_word(challenge.code))
        .value("resource", resource)
        .value("accepts", accepts.into())
        .value_if("extensions", has_some.then_some(extensions))
        .end()
}

/// Reads the value of [`CHALLENGE_HEADER`]. Offers of other schemes, chains or methods are left out.
///
/// # Errors
/// Not a challenge of version 2.
pub fn read_challenge(header: &str) -> Result<ReceivedChallenge, UnreadableChallenge> {
    let document = from_header(header, MAX_CHALLENGE_BYTES).map_err(|_| UnreadableChallenge)?;
    let offers = read_accepts(&document, VERSION)?;
    let office = document.get("extensions").and_then(|extensions| extensions.get(TICKET));
    Ok(ReceivedChallenge {
        dialect: Dialect::V2,
        offers,
        office: office.and_then(|extension| ticket::read_office(extension.get("info")?)),
        resource: document.get("resource").cloned(),
        extensions: document.get("extensions").cloned(),
        error: document.owned("error"),
    })
}

/// The offers in a challenge of this version that we can express.
pub(super) fn read_accepts(document: &Value, version: u64) -> Result<Vec<Offer>, UnreadableChallenge> {
    if document.number("x402Version") != Some(version) {
        return Err(UnreadableChallenge);
    }
    let mut offers = Vec::new();
    for element in document.list("accepts").ok_or(UnreadableChallenge)? {
        if let Ok(requirements) = read_requirements(element, version)
            && (version == VERSION || requirements.method == Method::Eip3009)
        {
            offers.push(Offer { requirements, echo: Some(element.clone()) });
        }
    }
    Ok(offers)
}

/// Writes a payment, for [`to_header`] or as the body of an office. What it echoes of the challenge stays as it came.
#[must_use]
pub fn write_payment(payment: &SignedPayment, challenge: Option<&ReceivedChallenge>) -> Value {
    let Offer { requirements, echo } = &payment.offer;
    Object::new()
        .number("x402Version", VERSION)
        .value_if("resource", challenge.and_then(|challenge| challenge.resource.clone()))
        .value_if("accepted", echo.clone().or_else(|| write_requirements(requirements)))
        .value("payload", write_payload(payment))
        .value_if("extensions", challenge.and_then(|challenge| challenge.extensions.clone()))
        .end()
}

/// Whether a document says that it is of this version.
#[must_use]
pub fn is_of(document: &Value) -> bool {
    document.number("x402Version") == Some(VERSION)
}

/// The URL that a payment says it is for; empty where it names none.
#[must_use]
pub fn resource_named(payment: &Value) -> &str {
    payment.get("resource").and_then(|resource| resource.text("url")).unwrap_or_default()
}

/// What was signed, and the signature: the same in both versions.
pub(super) fn write_payload(payment: &SignedPayment) -> Value {
    let SignedPayment { offer, authorization, signature } = payment;
    let (name, signed) = match authorization {
        Authorization::Eip3009(transfer) => ("authorization", transfer.fields()),
        Authorization::Permit2(permit) => {
            let fields = permit.fields(offer.requirements.asset);
            ("permit2Authorization", fields.shown("from", &permit.owner))
        }
    };
    Object::new().text("signature", &signature.to_hex()).value(name, signed.end()).end()
}

/// Reads the value of [`PAYMENT_HEADER`].
///
/// # Errors
/// Anything but one well-formed payment.
pub fn read_payment_header(header: &str) -> Result<ReceivedPayment, Refusal> {
    read_payment(&from_header(header, MAX_HEADER_BYTES)?)
}

/// Reads a payment from its document.
///
/// # Errors
/// As [`read_payment_header`].
pub fn read_payment(document: &Value) -> Result<ReceivedPayment, Refusal> {
    check_version(document, VERSION)?;
    let accepted = document.get("accepted").ok_or(Refusal::Shape("accepted"))?;
    let PaymentRequirements { method, network, asset, amount, pay_to, max_timeout_seconds, domain } =
        read_requirements(accepted, VERSION)?;
    let terms = Terms {
        method,
        network,
        asset: Some(asset),
        amount: Some(amount),
        pay_to: Some(pay_to),
        max_timeout_seconds: Some(max_timeout_seconds),
        domain,
    };
    let (authorization, seal) = read_payload(document, &terms)?;
    Ok(ReceivedPayment { dialect: Dialect::V2, terms, authorization, seal })
}

pub(super) fn check_version(document: &Value, version: u64) -> Result<(), Refusal> {
    match document.get("x402Version") {
        Some(stated) if stated.as_u64() == Some(version) => Ok(()),
        Some(_) => Err(Refusal::Version),
        None => Err(Refusal::Shape("x402Version")),
    }
}

pub(super) fn read_payload(document: &Value, terms: &Terms) -> Result<(Authorization, Seal), Refusal> {
    let payload = document.get("payload").ok_or(Refusal::Shape("payload"))?;
    let authorization = if terms.method == Method::Eip3009 {
        closed(payload, &["signature", "authorization"], "payload")?;
        read_authorization(payload.get("authorization").ok_or(Refusal::Shape("authorization"))?)?.into()
    } else {
        closed(payload, &["signature", "permit2Authorization"], "payload")?;
        let permit = payload.get("permit2Authorization").ok_or(Refusal::Shape("permit2Authorization"))?;
        permit2::read(permit, terms)?.into()
    };
    Ok((authorization, read_seal(string(payload, "signature")?)?))
}

/// Writes the value of [`RECEIPT_HEADER`] for an accepted payment.
#[must_use]
pub fn write_receipt(receipt: &Receipt) -> String {
    to_header(&receipt_document(receipt, receipt.network.map(|network| network.to_string())))
}

/// A receipt with the network in the spelling of its version.
pub(super) fn receipt_document(receipt: &Receipt, network: Option<String>) -> Value {
    let has_some = receipt.ticket.is_some() || receipt.signed.is_some();
    let extensions = Object::new()
        .value_if(TICKET, receipt.ticket.as_ref().map(ticket::write))
        .value_if(SIGNED, receipt.signed.clone());
    Object::new()
        .value("success", true.into())
        .value_if("payer", receipt.payer.map(|payer| payer.to_string().into()))
        // Empty while the check is not cashed: the field is required.
        .value("transaction", receipt.transaction.map_or_else(String::new, |hash| hex(&hash)).into())
        .value_if("network", network.map(Value::from))
        .value_if("amount", receipt.amount.map(|amount| amount.to_string().into()))
        .value_if("extensions", has_some.then(|| extensions.end()))
        .end()
}

/// Reads the value of [`RECEIPT_HEADER`], or of version 1's; `None` where it does not report success.
#[must_use]
pub fn read_receipt(header: &str) -> Option<Receipt> {
    let document = from_header(header, MAX_CHALLENGE_BYTES).ok()?;
    if !document.get("success")?.as_bool()? {
        return None;
    }
    let extension = |name| document.get("extensions").and_then(|extensions| extensions.get(name));
    Some(Receipt {
        payer: document.text("payer").and_then(|payer| Address::from_wire(payer).ok()),
        network: document
            .text("network")
            .and_then(|network| Network::from_caip2(network).or_else(|_| Network::from_v1_name(network)).ok()),
        transaction: document.text("transaction").and_then(|hash| bytes_from_hex(hash).ok()),
        amount: document.text("amount").and_then(|amount| Amount::from_decimal(amount).ok()),
        ticket: extension(TICKET).and_then(ticket::read),
        signed: extension(SIGNED).cloned(),
    })
}

/// Why a settlement failed, from the same header.
#[must_use]
pub fn read_failure(header: &str) -> Option<String> {
    let document = from_header(header, MAX_CHALLENGE_BYTES).ok()?;
    document.text("errorReason").map(ToOwned::to_owned)
}

fn read_authorization(value: &Value) -> Result<TransferAuthorization, Refusal> {
    closed(value, &["from", "to", "value", "validAfter", "validBefore", "nonce"], "authorization")?;
    let uint = |name| Amount::from_decimal(string(value, name)?).map_err(|_| Refusal::Shape(name));
    Ok(TransferAuthorization {
        from: address(value, "from")?,
        to: address(value, "to")?,
        value: uint("value")?,
        // Beyond 64 bits of seconds nothing is ever valid, or valid for ever.
        valid_after: uint("validAfter")?.to_u64().ok_or(Refusal::NotYetValid)?,
        valid_before: uint("validBefore")?.to_u64().ok_or(Refusal::LivesTooLong)?,
        nonce: bytes_from_hex(string(value, "nonce")?).map_err(|_| Refusal::Shape("nonce"))?,
    })
}

/// Nobody signs in fewer than 65 bytes; what a contract takes may be longer (S2, S8).
fn read_seal(hex: &str) -> Result<Seal, Refusal> {
    let long_enough = hex.len() >= 132;
    Seal::from_hex(hex).filter(|_| long_enough).ok_or(Refusal::Shape("signature"))
}

#[cfg(test)]
mod tests;
