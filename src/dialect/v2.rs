//! x402 version 2: JSON in base64 headers (x402 specification v2 and its HTTP transport).

use super::shape::{address, closed, string};
use super::{MAX_CHALLENGE_BYTES, MAX_HEADER_BYTES, UnreadableChallenge};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::authorization::eip3009::TransferAuthorization;
use crate::encoding::{base64, bytes_from_base64, bytes_from_hex, hex};
use crate::json::{Object, Value, parse};
use crate::network::Network;
use crate::protocol::{
    AssetDomain, Challenge, Dialect, IssuedTicket, Method, Offer, OfficeOffer, PaymentRequirements, Receipt,
    ReceivedChallenge, ReceivedPayment, Refusal, SignedPayment, Terms,
};
use crate::signature::Signature;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Carries the challenge of a 402.
pub const CHALLENGE_HEADER: &str = "PAYMENT-REQUIRED";
/// Carries the payment.
pub const PAYMENT_HEADER: &str = "PAYMENT-SIGNATURE";
/// Carries the receipt.
pub const RECEIPT_HEADER: &str = "PAYMENT-RESPONSE";
/// Our extension: where the same payment buys a ticket, and the ticket in the receipt.
const TICKET: &str = "ticket";

const VERSION: u64 = 2;

/// Writes the value of [`CHALLENGE_HEADER`].
#[must_use]
pub fn write_challenge(challenge: &Challenge<'_>) -> String {
    let Challenge { resource, accepts, .. } = challenge;
    let accepts: Vec<Value> = accepts.iter().map(|own| write_requirements(&own.requirements)).collect();
    let resource = Object::new()
        .text("url", resource.url)
        .text_if("description", resource.description)
        .text_if("mimeType", resource.mime_type)
        .end();
    let document = Object::new()
        .number("x402Version", VERSION)
        .text("error", challenge.code)
        .value("resource", resource)
        .value("accepts", accepts.into())
        .value_if("extensions", challenge.office.map(|office| Object::new().value(TICKET, write_office(office)).end()))
        .end();
    to_header(&document)
}

/// Reads the value of [`CHALLENGE_HEADER`]. Offers of other schemes, chains or methods are left out.
///
/// # Errors
/// Not a challenge of version 2.
pub fn read_challenge(header: &str) -> Result<ReceivedChallenge, UnreadableChallenge> {
    let document = from_header(header, MAX_CHALLENGE_BYTES).map_err(|_| UnreadableChallenge)?;
    if document.get("x402Version").and_then(Value::as_u64) != Some(VERSION) {
        return Err(UnreadableChallenge);
    }
    let accepts = document.get("accepts").and_then(Value::elements).ok_or(UnreadableChallenge)?;
    let offer =
        |element: &Value| Some(Offer { requirements: read_requirements(element).ok()?, echo: Some(element.clone()) });
    let office = document.get("extensions").and_then(|extensions| extensions.get(TICKET));
    Ok(ReceivedChallenge {
        dialect: Dialect::V2,
        offers: accepts.iter().filter_map(offer).collect(),
        office: office.and_then(|extension| read_office(extension.get("info")?)),
        resource: document.get("resource").cloned(),
        error: document.get("error").and_then(Value::as_str).map(ToOwned::to_owned),
    })
}

/// Writes a payment, for [`to_header`] or as the body of an office.
#[must_use]
pub fn write_payment(payment: &SignedPayment, resource: Option<&Value>) -> Value {
    let SignedPayment { offer, authorization, signature } = payment;
    let (name, signed) = match authorization {
        Authorization::Eip3009(transfer) => ("authorization", transfer.fields()),
        Authorization::Permit2(permit) => {
            let fields = permit.fields(offer.requirements.asset);
            ("permit2Authorization", fields.shown("from", &permit.owner))
        }
    };
    let payload = Object::new().text("signature", &signature.to_hex()).value(name, signed.end()).end();
    Object::new()
        .number("x402Version", VERSION)
        .value_if("resource", resource.cloned())
        .value("accepted", offer.echo.clone().unwrap_or_else(|| write_requirements(&offer.requirements)))
        .value("payload", payload)
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
    match document.get("x402Version") {
        Some(version) if version.as_u64() == Some(VERSION) => {}
        Some(_) => return Err(Refusal::Version),
        None => return Err(Refusal::Shape("x402Version")),
    }
    let accepted = document.get("accepted").ok_or(Refusal::Shape("accepted"))?;
    let PaymentRequirements { method, network, asset, amount, pay_to, max_timeout_seconds, domain } =
        read_requirements(accepted)?;
    let terms = Terms {
        method,
        network,
        asset,
        amount: Some(amount),
        pay_to: Some(pay_to),
        max_timeout_seconds: Some(max_timeout_seconds),
        domain,
    };
    let payload = document.get("payload").ok_or(Refusal::Shape("payload"))?;
    closed(payload, &["signature", "authorization"], "payload")?;
    let authorization = read_authorization(payload.get("authorization").ok_or(Refusal::Shape("authorization"))?)?;
    let signature = read_signature(string(payload, "signature")?)?;
    Ok(ReceivedPayment { terms, authorization: authorization.into(), signature })
}

/// Writes the value of [`RECEIPT_HEADER`] for an accepted payment.
#[must_use]
pub fn write_receipt(receipt: &Receipt) -> String {
    let ticket = |ticket: &IssuedTicket| {
        Object::new()
            .text("token", &ticket.text)
            .text_if("scope", ticket.scope.as_deref())
            .number("expiresAt", ticket.expires_at)
            .text_if("id", ticket.id.as_deref())
            .end()
    };
    let document = Object::new()
        .value("success", true.into())
        .value_if("payer", receipt.payer.map(|payer| payer.to_string().into()))
        // Empty while the check is not cashed: the field is required.
        .value("transaction", receipt.transaction.map_or_else(String::new, |hash| hex(&hash)).into())
        .value_if("network", receipt.network.map(|network| network.to_string().into()))
        .value_if("extensions", receipt.ticket.as_ref().map(|issued| Object::new().value(TICKET, ticket(issued)).end()))
        .end();
    to_header(&document)
}

/// Reads the value of [`RECEIPT_HEADER`]; `None` where it does not report success.
#[must_use]
pub fn read_receipt(header: &str) -> Option<Receipt> {
    let document = from_header(header, MAX_CHALLENGE_BYTES).ok()?;
    if !document.get("success")?.as_bool()? {
        return None;
    }
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let ticket = document.get("extensions").and_then(|extensions| extensions.get(TICKET));
    Some(Receipt {
        payer: text("payer").and_then(|payer| Address::from_wire(payer).ok()),
        network: text("network").and_then(|network| Network::from_caip2(network).ok()),
        transaction: text("transaction").and_then(|hash| bytes_from_hex(hash).ok()),
        ticket: ticket.and_then(read_ticket),
    })
}

/// A document as the value of a header: base64 over ASCII JSON.
#[must_use]
pub fn to_header(document: &Value) -> String {
    base64(document.to_string().as_bytes())
}

/// The document in a header.
///
/// # Errors
/// Longer than `max_bytes`, two headers in one, or not base64 of one strict JSON document.
pub fn from_header(header: &str, max_bytes: usize) -> Result<Value, Refusal> {
    if header.len() > max_bytes {
        return Err(Refusal::TooLarge);
    }
    // Repeated headers arrive joined by a comma (S23).
    if header.contains(',') {
        return Err(Refusal::Ambiguous);
    }
    let bytes = bytes_from_base64(header).map_err(|_| Refusal::Encoding)?;
    parse(core::str::from_utf8(&bytes).map_err(|_| Refusal::Encoding)?).map_err(Refusal::Json)
}

fn write_requirements(requirements: &PaymentRequirements) -> Value {
    let PaymentRequirements { network, asset, amount, pay_to, max_timeout_seconds, domain, .. } = requirements;
    let extra = |domain: &AssetDomain| Object::new().text("name", &domain.name).text("version", &domain.version).end();
    Object::new()
        .text("scheme", "exact")
        .shown("network", network)
        .shown("amount", amount)
        .shown("asset", asset)
        .shown("payTo", pay_to)
        .number("maxTimeoutSeconds", *max_timeout_seconds)
        .value_if("extra", domain.as_ref().map(extra))
        .end()
}

pub(super) fn read_requirements(value: &Value) -> Result<PaymentRequirements, Refusal> {
    if string(value, "scheme")? != "exact" {
        return Err(Refusal::Scheme);
    }
    let extra = value.get("extra");
    let extra_text = |name: &str| extra?.get(name)?.as_str().map(ToOwned::to_owned);
    if extra_text("assetTransferMethod").is_some_and(|method| method != "eip3009") {
        return Err(Refusal::Scheme);
    }
    Ok(PaymentRequirements {
        method: Method::Eip3009,
        network: Network::from_caip2(string(value, "network")?).map_err(|_| Refusal::Shape("network"))?,
        asset: address(value, "asset")?,
        amount: Amount::from_decimal(string(value, "amount")?).map_err(|_| Refusal::Shape("amount"))?,
        pay_to: address(value, "payTo")?,
        max_timeout_seconds: value
            .get("maxTimeoutSeconds")
            .and_then(Value::as_u64)
            .ok_or(Refusal::Shape("maxTimeoutSeconds"))?,
        domain: extra_text("name").zip(extra_text("version")).map(|(name, version)| AssetDomain { name, version }),
    })
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

fn read_signature(hex: &str) -> Result<Signature, Refusal> {
    let is_hex = hex.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    match hex.len() {
        132 if is_hex => Signature::from_hex(hex).map_err(|_| Refusal::Signature),
        // What wraps a contract wallet's signature is longer than 65 bytes.
        133.. if is_hex => Err(Refusal::WrappedSignature),
        _ => Err(Refusal::Shape("signature")),
    }
}

fn write_office(office: &OfficeOffer) -> Value {
    let kind = |name: &str| Object::new().text("type", name).end();
    let info = Object::new()
        .text("endpoint", &office.endpoint)
        .text_if("scope", office.scope.as_deref())
        .number_if("ttl", office.ttl)
        .end();
    let properties = Object::new()
        .value("endpoint", kind("string"))
        .value("scope", kind("string"))
        .value("ttl", kind("integer"))
        .end();
    let schema = Object::new()
        .text("$schema", "https://json-schema.org/draft/2020-12/schema")
        .text("type", "object")
        .value("properties", properties)
        .value("required", Vec::from([Value::from("endpoint")]).into())
        .end();
    Object::new().value("info", info).value("schema", schema).end()
}

fn read_office(info: &Value) -> Option<OfficeOffer> {
    Some(OfficeOffer {
        endpoint: info.get("endpoint")?.as_str()?.to_owned(),
        scope: info.get("scope").and_then(Value::as_str).map(ToOwned::to_owned),
        ttl: info.get("ttl").and_then(Value::as_u64),
    })
}

fn read_ticket(value: &Value) -> Option<IssuedTicket> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    Some(IssuedTicket {
        text: text("token")?,
        scope: text("scope"),
        expires_at: value.get("expiresAt")?.as_u64()?,
        id: text("id"),
    })
}

#[cfg(test)]
mod tests;
