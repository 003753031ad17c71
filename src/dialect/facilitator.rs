//! The API of facilitators: `POST /verify`, `POST /settle` and `GET /supported` (x402 specification, section 7).

use super::{v1, v2};
use crate::address::Address;
use crate::amount::Amount;
use crate::encoding::{bytes_from_hex, hex};
use crate::json::{Object, Value, parse};
use crate::network::Network;
use crate::protocol::{Dialect, Kind, PaymentRequirements, ReceivedPayment, Refusal, SettleAnswer, VerifyAnswer};
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// An answer of a facilitator that we read, in bytes.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// A body that our own facilitator reads, in bytes: a payment and its requirements.
pub const MAX_REQUEST_BYTES: usize = 32 * 1024;

/// What a server asks a facilitator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// In which it asks, and is answered.
    pub dialect: Dialect,
    /// The chain in the spelling of the question, for the answer; empty where it names none.
    pub network: String,
    /// The payment as it came in, and what that server wants for it. An error for anything but one well-formed payment
    /// with its requirements, of one version.
    pub about: Result<(ReceivedPayment, PaymentRequirements), Refusal>,
}

/// Reads the body of `/verify` and `/settle`. What is in no version is answered as in the newest.
#[must_use]
pub fn read_request(body: &str) -> Request {
    let document = match parse(body) {
        Ok(document) => document,
        Err(fault) => {
            return Request { dialect: Dialect::V2, network: String::new(), about: Err(Refusal::Json(fault)) };
        }
    };
    let version = document.number("x402Version");
    let dialect = if version == Some(v1::VERSION) { Dialect::V1 } else { Dialect::V2 };
    let named = document.get("paymentRequirements").and_then(|wanted| wanted.owned("network"));
    let is_one = |name: &String| match dialect {
        Dialect::V1 => Network::from_v1_name(name).is_ok(),
        _ => Network::from_caip2(name).is_ok(),
    };
    Request { dialect, network: named.filter(is_one).unwrap_or_default(), about: read_about(&document) }
}

fn read_about(document: &Value) -> Result<(ReceivedPayment, PaymentRequirements), Refusal> {
    let member = |name| document.get(name).ok_or(Refusal::Shape(name));
    let (payment, wanted) = (member("paymentPayload")?, member("paymentRequirements")?);
    let version = member("x402Version")?.as_u64().ok_or(Refusal::Version)?;
    let payment = match version {
        v1::VERSION => v1::read_payment(payment)?,
        v2::VERSION => v2::read_payment(payment)?,
        _ => return Err(Refusal::Version),
    };
    Ok((payment, v2::read_requirements(wanted, version)?))
}

/// Writes the body of `/verify` and `/settle`: a payment and the requirements that it is to meet, of one version.
#[must_use]
pub fn write_request(payment: Value, requirements: Value) -> String {
    let version = payment.get("x402Version").cloned();
    Object::new()
        .value_if("x402Version", version)
        .value("paymentPayload", payment)
        .value("paymentRequirements", requirements)
        .end()
        .to_string()
}

/// Reads the answer of `/settle`; `None` where it is none.
#[must_use]
pub fn read_settle_answer(body: &str) -> Option<SettleAnswer> {
    let document = parse(body).ok()?;
    let success = document.get("success")?.as_bool()?;
    Some(SettleAnswer {
        success,
        transaction: match document.text("transaction") {
            // Nothing was sent.
            Some("") => None,
            _ => stated(&document, "transaction", |hash| bytes_from_hex(hash).ok()).ok()?,
        },
        network: document.text("network").and_then(|network| Network::from_caip2(network).ok()),
        payer: read_payer(&document, success).ok()?,
        amount: stated(&document, "amount", |amount| Amount::from_decimal(amount).ok()).ok()?,
        reason: read_reason(document.text("errorReason")),
    })
}

/// Writes the answer of `/settle`. `network` is in the spelling of the question.
#[must_use]
pub fn write_settle_answer(answer: &SettleAnswer, network: &str) -> Value {
    Object::new()
        .value("success", answer.success.into())
        .text_if("errorReason", answer.reason.as_deref())
        .value_if("payer", answer.payer.map(|payer| payer.to_string().into()))
        // Empty where nothing was sent: the member is required.
        .value("transaction", answer.transaction.map_or_else(String::new, |hash| hex(&hash)).into())
        .text("network", network)
        .value_if("amount", answer.amount.map(|amount| amount.to_string().into()))
        .end()
}

/// Reads the answer of `/verify`; `None` where it is none.
#[must_use]
pub fn read_verify_answer(body: &str) -> Option<VerifyAnswer> {
    let document = parse(body).ok()?;
    let is_valid = document.get("isValid")?.as_bool()?;
    Some(VerifyAnswer {
        is_valid,
        payer: read_payer(&document, is_valid).ok()?,
        reason: read_reason(document.text("invalidReason")),
    })
}

/// Writes the answer of `/verify`.
#[must_use]
pub fn write_verify_answer(answer: &VerifyAnswer) -> Value {
    Object::new()
        .value("isValid", answer.is_valid.into())
        .text_if("invalidReason", answer.reason.as_deref())
        .value_if("payer", answer.payer.map(|payer| payer.to_string().into()))
        .end()
}

/// Reads the answer of `/supported`; `None` where it is none. Kinds that are not written as such are left out.
#[must_use]
pub fn read_supported(body: &str) -> Option<Vec<Kind>> {
    let document = parse(body).ok()?;
    let kind = |kind: &Value| {
        let text = |name: &str| kind.get(name)?.as_str().map(ToOwned::to_owned);
        Some(Kind { version: kind.get("x402Version")?.as_u64()?, scheme: text("scheme")?, network: text("network")? })
    };
    Some(document.get("kinds")?.elements()?.iter().filter_map(kind).collect())
}

/// The accounts that the answer of `/supported` names for this network, by its id or by its family's pattern.
#[must_use]
pub fn read_signers(body: &str, network: Network) -> Vec<Address> {
    let document = parse(body).ok();
    let signers = document.as_ref().and_then(|document| document.get("signers")).and_then(Value::members);
    let network = network.to_string();
    let of_network = signers.unwrap_or_default().iter().filter(|(name, _)| name == "eip155:*" || *name == network);
    let listed = of_network.flat_map(|(_, accounts)| accounts.elements().unwrap_or_default());
    listed.filter_map(|account| Address::from_wire(account.as_str()?).ok()).collect()
}

/// A body of [`write_request`] that asks for this amount: what a payment of `upto` came to.
#[must_use]
pub fn with_amount(body: &str, amount: Amount) -> Option<String> {
    let mut document = parse(body).ok()?;
    let Value::Object(members) = &mut document else { return None };
    let (_, Value::Object(wanted)) = members.iter_mut().find(|(name, _)| name == "paymentRequirements")? else {
        return None;
    };
    let (_, own) = wanted.iter_mut().find(|(name, _)| name == "amount")?;
    *own = amount.to_string().into();
    Some(document.to_string())
}

/// Writes the answer of `/supported`. `signer` sends the transactions.
#[must_use]
pub fn write_supported(kinds: &[Kind], signer: Address) -> Value {
    let kind = |kind: &Kind| {
        Object::new()
            .number("x402Version", kind.version)
            .text("scheme", &kind.scheme)
            .text("network", &kind.network)
            .end()
    };
    let signers = Vec::from([Value::from(signer.to_string())]);
    Object::new()
        .value("kinds", kinds.iter().map(kind).collect::<Vec<_>>().into())
        .value("extensions", Vec::new().into())
        .value("signers", Object::new().value("eip155:*", signers.into()).end())
        .end()
}

/// A member is there and says nothing that can be read, which is not the same as if it were absent (S51).
struct Unreadable;

/// What a member says, where it is there.
fn stated<T>(document: &Value, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Unreadable> {
    let said = document.get(name).map(|value| value.as_str().and_then(read).ok_or(Unreadable));
    said.transpose()
}

/// Whose payment a good answer is about. In a refusal stock facilitators write anything, and nothing hangs on it.
fn read_payer(document: &Value, is_good: bool) -> Result<Option<Address>, Unreadable> {
    let payer = stated(document, "payer", |payer| Address::from_wire(payer).ok());
    if is_good { payer } else { Ok(payer.unwrap_or_default()) }
}

/// A code as peers write them. Anything else is somebody's text, which is not handed on (S28, S29).
fn read_reason(text: Option<&str>) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.filter(|text| (1..=80).contains(&text.len()) && text.bytes().all(plain)).map(ToOwned::to_owned)
}
