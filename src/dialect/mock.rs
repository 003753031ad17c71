//! The dialect of the Python package x402-mock 0.3.0: JSON bodies, an office, no x402 headers.

use super::UnreadableChallenge;
use super::shape::{address, closed, string};
use crate::amount::Amount;
use crate::asset::AssetTable;
use crate::authorization::Authorization;
use crate::authorization::eip3009::TransferAuthorization;
use crate::authorization::permit2::{PERMIT2, Permit, Spender};
use crate::encoding::{bytes_from_hex, decimal};
use crate::json::{Object, Value, parse};
use crate::network::Network;
use crate::protocol::{
    AssetDomain, Challenge, Dialect, IssuedTicket, Method, Offer, OfficeOffer, OwnRequirement, PaymentRequirements,
    ReceivedChallenge, ReceivedPayment, Refusal, SignedPayment, Terms,
};
use crate::signature::Signature;
use crate::spell::Spell as _;
use crate::text::{self, split_before};
use alloc::borrow::ToOwned;
use alloc::vec::Vec;

const VERSION: &str = "Version 0.1";

/// Its client signs EIP-3009 for these symbols and Permit2 for every other.
const EIP3009_CURRENCIES: [&str; 3] = ["USDC", "EURC", "AXLUSDC"];

/// The members of both types of permit, and of each alone.
const COMMON: [&str; 5] = ["permit_type", "signature", "created_at", "token", "chain_id"];
const ERC3009: [&str; 6] = ["authorizer", "recipient", "value", "validAfter", "validBefore", "nonce"];
const PERMIT2_MEMBERS: [&str; 6] = ["owner", "spender", "amount", "nonce", "deadline", "permit2_address"];
/// Its server and client allow an authorization this long, in seconds.
const LIFETIME: u64 = 600;

/// A ticket whose lifetime its server does not tell is used for this long, in seconds.
const DEFAULT_TTL: u64 = 300;

/// Adds to a 402's body; nothing where no office sells tickets, since this dialect knows no other way to pay.
#[must_use]
pub fn write_challenge(challenge: &Challenge<'_>, body: Object) -> Object {
    let Some(office) = challenge.office else { return body };
    let components: Vec<Value> = challenge.accepts.iter().filter_map(write_component).collect();
    let scheme = Object::new().value("payment_components", components.into()).text("protocol_version", VERSION).end();
    body.text("reason", reason(challenge))
        .text("access_token_endpoint", &office.endpoint)
        .value("payment_scheme", scheme)
        .text(
            "payment_instruction",
            "Payment required: sign one of the payment_components and post it to access_token_endpoint.",
        )
}

/// Its own five reasons where it has one; it has none for a payment that is not enough.
fn reason<'a>(challenge: &Challenge<'a>) -> &'a str {
    match challenge.code {
        "payment_required" => "Missing authorization token",
        "ticket_expired" => "Token has expired",
        "ticket_malformed" | "ticket_too_large" | "ticket_algorithm" => "Invalid token format",
        "ticket_forged" | "ticket_key_unknown" | "ticket_issuer" | "ticket_scope" => "Signature verification failed",
        _ => challenge.message,
    }
}

fn write_component(own: &OwnRequirement) -> Option<Value> {
    let OwnRequirement { requirements, asset } = own;
    let units = requirements.amount.to_units(asset.decimals);
    // Its client reads the amount as a double: 15 digits survive that.
    let exact = units.bytes().filter(u8::is_ascii_digit).count() <= 15;
    let signed_as = method_of(&asset.symbol);
    (exact && requirements.method == signed_as).then(|| {
        Object::new()
            .text("payment_type", "evm")
            .value("amount", Value::Number(units))
            .text("currency", &asset.symbol)
            .value("metadata", Object::new().end())
            .spelled("caip2", &requirements.network)
            .spelled("pay_to", &requirements.pay_to)
            .spelled("token", &asset.address)
            .text("token_name", &asset.name)
            .number("token_decimals", asset.decimals.into())
            .text("token_version", &asset.version)
            .end()
    })
}

/// Reads the body of a 402. Amounts come in units, so components of assets that `assets` does not know, or knows with
/// other decimals, are left out (S56).
///
/// # Errors
/// Not a challenge of this dialect.
pub fn read_challenge(document: &Value, assets: &AssetTable) -> Result<ReceivedChallenge, UnreadableChallenge> {
    let endpoint = document.text("access_token_endpoint").ok_or(UnreadableChallenge)?;
    let components = document
        .get("payment_scheme")
        .and_then(|scheme| scheme.list("payment_components"))
        .ok_or(UnreadableChallenge)?;
    let mut offers = Vec::new();
    for component in components {
        if let Some(offer) = read_component(component, assets) {
            offers.push(offer);
        }
    }
    Ok(ReceivedChallenge {
        dialect: Dialect::Mock,
        offers,
        office: Some(OfficeOffer { endpoint: endpoint.to_owned(), scope: None, ttl: None }),
        resource: None,
        extensions: None,
        error: document.owned("reason"),
    })
}

/// How its clients pay in this currency.
fn method_of(currency: &str) -> Method {
    let is_known = EIP3009_CURRENCIES.iter().any(|known| known.eq_ignore_ascii_case(currency));
    if is_known { Method::Eip3009 } else { Method::PermitToPayee }
}

fn read_component(component: &Value, assets: &AssetTable) -> Option<Offer> {
    if component.text("payment_type")? != "evm" {
        return None;
    }
    let network = Network::from_caip2(component.text("caip2")?).ok()?;
    let asset = address(component, "token").ok()?;
    let decimals = assets.find(network, asset)?.decimals;
    if number_text(component.get("token_decimals")?)? != decimal(decimals.into()) {
        return None;
    }
    let method = method_of(component.text("currency")?);
    let amount = read_units(number_text(component.get("amount")?)?, decimals)?;
    let pay_to = address(component, "pay_to").ok()?;
    let domain = if method == Method::Eip3009 {
        let (name, version) = (component.text("token_name")?, number_text(component.get("token_version")?)?);
        Some(AssetDomain { name: name.to_owned(), version: version.to_owned() })
    } else {
        None
    };
    let requirements =
        PaymentRequirements { method, network, asset, amount, pay_to, max_timeout_seconds: LIFETIME, domain };
    Some(Offer { requirements, echo: None })
}

/// Writes the body of `POST /token`. `r` and `s` keep their leading zeros.
#[must_use]
pub fn write_permit(payment: &SignedPayment) -> Value {
    let SignedPayment { offer, authorization, signature } = payment;
    let kind = match authorization {
        Authorization::Eip3009(_) => "ERC3009",
        Authorization::Permit2(_) => "Permit2",
    };
    let signature = Object::new()
        .text("signature_type", kind)
        .number("v", signature.v().into())
        .hex("r", &signature.r())
        .hex("s", &signature.s())
        .end();
    let permit = Object::new()
        .text("permit_type", kind)
        .value("signature", signature)
        .spelled("token", &offer.requirements.asset)
        .number("chain_id", offer.requirements.network.chain_id());
    let permit = match authorization {
        Authorization::Eip3009(TransferAuthorization { from, to, value, valid_after, valid_before, nonce }) => permit
            .spelled("authorizer", from)
            .spelled("recipient", to)
            .value("value", Value::Number(value.spell()))
            .number("validAfter", *valid_after)
            .number("validBefore", *valid_before)
            .hex("nonce", nonce),
        Authorization::Permit2(Permit { owner, amount, nonce, deadline, spender, .. }) => permit
            .spelled("owner", owner)
            .spelled("spender", &spender.address())
            .value("amount", Value::Number(amount.spell()))
            .value("nonce", Value::Number(Amount::from_be_bytes(*nonce).spell()))
            .number("deadline", *deadline)
            .spelled("permit2_address", &PERMIT2),
    };
    let permit = permit.end();
    Object::new().text("version", VERSION).value("permit", permit).end()
}

/// Reads a permit from the body of `POST /token`.
///
/// # Errors
/// Anything but one well-formed permit of either type.
pub fn read_permit(document: &Value) -> Result<ReceivedPayment, Refusal> {
    if string(document, "version")? != VERSION {
        return Err(Refusal::Version);
    }
    let permit = document.get("permit").ok_or(Refusal::Shape("permit"))?;
    let uint = |name| {
        let text = permit.get(name).and_then(number_text).ok_or(Refusal::Shape(name))?;
        Amount::from_decimal(text).map_err(|_| Refusal::Shape(name))
    };
    let (method, authorization): (_, Authorization) = match string(permit, "permit_type")? {
        "ERC3009" => {
            closed(permit, &[&COMMON[..], &ERC3009].concat(), "permit")?;
            let transfer = TransferAuthorization {
                from: address(permit, "authorizer")?,
                to: address(permit, "recipient")?,
                value: uint("value")?,
                valid_after: uint("validAfter")?.to_u64().ok_or(Refusal::NotYetValid)?,
                valid_before: uint("validBefore")?.to_u64().ok_or(Refusal::LivesTooLong)?,
                nonce: bytes_from_hex(string(permit, "nonce")?).map_err(|_| Refusal::Shape("nonce"))?,
            };
            (Method::Eip3009, transfer.into())
        }
        "Permit2" => {
            closed(permit, &[&COMMON[..], &PERMIT2_MEMBERS].concat(), "permit")?;
            if permit.get("permit2_address").is_some() && address(permit, "permit2_address")? != PERMIT2 {
                return Err(Refusal::Shape("permit2_address"));
            }
            let (owner, amount, nonce) = (address(permit, "owner")?, uint("amount")?, uint("nonce")?.to_be_bytes());
            let deadline = uint("deadline")?.to_u64().ok_or(Refusal::LivesTooLong)?;
            let spender = Spender::Payee(address(permit, "spender")?);
            let permit2 = Permit::new(owner, amount, nonce, deadline, spender).ok_or(Refusal::Scheme)?;
            (Method::PermitToPayee, permit2.into())
        }
        _ => return Err(Refusal::Scheme),
    };
    let chain_id = uint("chain_id")?.to_u64().and_then(|id| Network::from_chain_id(id).ok());
    let terms = Terms {
        method,
        network: chain_id.ok_or(Refusal::Shape("chain_id"))?,
        asset: Some(address(permit, "token")?),
        amount: None,
        pay_to: None,
        max_timeout_seconds: None,
        domain: None,
    };
    let signature = permit.get("signature").ok_or(Refusal::Shape("signature"))?;
    closed(signature, &["signature_type", "created_at", "v", "r", "s"], "signature")?;
    let v = signature.number("v").ok_or(Refusal::Shape("signature"))?;
    let signature = Signature::from_short_hex(string(signature, "r")?, string(signature, "s")?, v)
        .map_err(|_| Refusal::Signature)?;
    Ok(ReceivedPayment { dialect: Dialect::Mock, terms, authorization, seal: signature.into() })
}

/// Writes the office's answer. `now` in seconds since the epoch. The members beside x402-mock's own tell a payer of
/// ours what the ticket opens.
#[must_use]
pub fn write_ticket(ticket: &IssuedTicket, now: u64) -> Value {
    Object::new()
        .text("access_token", &ticket.text)
        .text("token_type", "Bearer")
        .number("expires_in", ticket.expires_at.saturating_sub(now))
        .text_if("scope", ticket.scope.as_deref())
        .text_if("jti", ticket.id.as_deref())
        .end()
}

/// Reads an office's answer. `now` in seconds since the epoch.
#[must_use]
pub fn read_ticket(body: &str, now: u64) -> Option<IssuedTicket> {
    let document = parse(body).ok()?;
    let expires_in = document.get("expires_in").and_then(number_text).and_then(text::number);
    Some(IssuedTicket {
        text: document.owned("access_token")?,
        scope: document.owned("scope"),
        expires_at: now.saturating_add(expires_in.unwrap_or(DEFAULT_TTL)),
        id: document.owned("jti"),
    })
}

/// A number, or a string that holds one: this dialect's peers write both.
fn number_text(value: &Value) -> Option<&str> {
    match value {
        Value::Number(text) | Value::String(text) => Some(text),
        _ => None,
    }
}

/// Whole units of an asset with so many digits, from a JSON number: Python writes a millionth as `1e-06`, and one as `1.0`.
fn read_units(number: &str, decimals: u8) -> Option<Amount> {
    let (mantissa, exponent) = split_before(number, b"eE");
    let places = match exponent.get(1..) {
        Some(exponent) => text::number(exponent.strip_prefix('-')?)?.try_into().ok()?,
        None => 0,
    };
    let mantissa = mantissa.strip_suffix(".0").unwrap_or(mantissa);
    Amount::from_units(mantissa, decimals.checked_sub(places)?).ok()
}

#[cfg(test)]
mod tests;
