//! `permit2Authorization`: the signed fields of a permit, in objects that hold nothing else (S13).

use super::super::shape::{address, closed, string};
use crate::amount::Amount;
use crate::authorization::permit2::{Permit, Spender};
use crate::json::Value;
use crate::protocol::{Method, Permit2Refusal, Refusal, Terms};

/// Reads the permit of a payment for these terms. What it repeats of them must be the same.
pub(super) fn read(value: &Value, terms: &Terms) -> Result<Permit, Refusal> {
    let refused = Refusal::Permit2;
    closed(value, &["from", "permitted", "spender", "nonce", "deadline", "witness"], "permit2Authorization")?;
    let permitted = value.get("permitted").ok_or(Refusal::Shape("permitted"))?;
    closed(permitted, &["token", "amount"], "permitted")?;
    let witness = value.get("witness").ok_or(Refusal::Shape("witness"))?;
    let uint = |object: &Value, name| Amount::from_decimal(string(object, name)?).map_err(|_| Refusal::Shape(name));
    let to = address(witness, "to")?;
    // Beyond 64 bits of seconds nothing is ever valid, or valid for ever.
    let valid_after = uint(witness, "validAfter")?.to_u64().ok_or(refused(Permit2Refusal::NotYetValid))?;
    let spender = if matches!(terms.method, Method::Upto { .. }) {
        closed(witness, &["to", "facilitator", "validAfter"], "witness")?;
        Spender::UptoProxy { to, facilitator: address(witness, "facilitator")?, valid_after }
    } else {
        closed(witness, &["to", "validAfter"], "witness")?;
        Spender::ExactProxy { to, valid_after }
    };
    let (owner, amount) = (address(value, "from")?, uint(permitted, "amount")?);
    let nonce = uint(value, "nonce")?.to_be_bytes();
    let deadline = uint(value, "deadline")?.to_u64().ok_or(Refusal::LivesTooLong)?;
    let permit = Permit::new(owner, amount, nonce, deadline, spender).ok_or(Refusal::Scheme)?;
    if address(value, "spender")? != spender.address() {
        return Err(refused(Permit2Refusal::Spender));
    }
    if terms.asset != Some(address(permitted, "token")?) {
        return Err(refused(Permit2Refusal::Asset));
    }
    Ok(permit)
}
