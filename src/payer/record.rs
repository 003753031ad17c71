//! The payer's state as one text: what was spent, who is paid, what is on its way, what was bought.
//!
//! It holds tickets and signatures that are good for something: whoever stores it keeps it like a purse.

use super::Payer;
use super::error::PayerError;
use super::pending::PendingPayment;
use super::tickets::{HeldTicket, KnownPath, Scope};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::json::{Object, Value, parse};
use crate::network::Network;
use crate::protocol::IssuedTicket;
use crate::signature::Signature;
use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const VERSION: u64 = 1;

impl Payer {
    /// The state to save.
    #[must_use]
    pub fn to_record(&self) -> String {
        let span = |(span, spent): &(u64, Amount)| Value::Array(Vec::from([(*span).into(), spent.to_string().into()]));
        let pin = |(origin, payee): &(String, Address)| {
            Value::Array(Vec::from([origin.as_str().into(), payee.to_string().into()]))
        };
        Object::new()
            .number("v", VERSION)
            .shown("total", &self.budget.tally.total)
            .value("spans", write_list(&self.budget.tally.spans, span))
            .value("payees", write_list(&self.budget.pinned, pin))
            .value("pending", write_list(&self.pending.payments, write_pending))
            .value("tickets", write_list(&self.tickets.held, write_ticket))
            .value("paths", write_list(&self.tickets.paths, write_path))
            .end()
            .to_string()
    }

    /// Takes the saved state up again.
    pub(super) fn restore(&mut self, record: &str) -> Result<(), PayerError> {
        let restore = |record: &Value, payer: &mut Self| {
            if record.get("v")?.as_u64()? != VERSION {
                return None;
            }
            payer.budget.tally.total = Amount::from_decimal(record.get("total")?.as_str()?).ok()?;
            payer.budget.tally.spans = read_list(record, "spans", |span| {
                let [span, spent] = span.elements()? else { return None };
                Some((span.as_u64()?, Amount::from_decimal(spent.as_str()?).ok()?))
            })?;
            payer.budget.pinned = read_list(record, "payees", |pin| {
                let [origin, payee] = pin.elements()? else { return None };
                Some((origin.as_str()?.to_owned(), Address::from_wire(payee.as_str()?).ok()?))
            })?;
            payer.pending.payments = read_list(record, "pending", read_pending)?;
            payer.tickets.held = read_list(record, "tickets", read_ticket)?;
            payer.tickets.paths = read_list(record, "paths", read_path)?;
            Some(())
        };
        parse(record).ok().and_then(|record| restore(&record, self)).ok_or(PayerError::DamagedState)
    }
}

fn write_list<T>(list: &[T], write: impl Fn(&T) -> Value) -> Value {
    Value::Array(list.iter().map(write).collect())
}

fn read_list<T>(record: &Value, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    record.get(name)?.elements()?.iter().map(read).collect()
}

fn write_pending(pending: &PendingPayment) -> Value {
    let signature = pending.signature.map(|signature| signature.to_hex());
    let record = Object::new()
        .text("purchase", &pending.purchase)
        .shown("network", &pending.network)
        .shown("asset", &pending.asset);
    pending.authorization.write_to(record).text_if("signature", signature.as_deref()).end()
}

fn read_pending(record: &Value) -> Option<PendingPayment> {
    let text = |name| record.get(name)?.as_str();
    Some(PendingPayment {
        purchase: text("purchase")?.to_owned(),
        network: Network::from_caip2(text("network")?).ok()?,
        asset: Address::from_wire(text("asset")?).ok()?,
        authorization: Authorization::read_from(record)?,
        signature: match text("signature") {
            Some(signature) => Some(Signature::from_hex(signature).ok()?),
            None => None,
        },
    })
}

fn write_ticket(held: &HeldTicket) -> Value {
    let IssuedTicket { text, scope, expires_at, id } = &held.ticket;
    Object::new()
        .text("origin", &held.scope.origin)
        .text("name", &held.scope.name)
        .text("ticket", text)
        .text_if("scope", scope.as_deref())
        .number("expires", *expires_at)
        .text_if("jti", id.as_deref())
        .end()
}

fn read_ticket(record: &Value) -> Option<HeldTicket> {
    let owned = |name| record.get(name).and_then(Value::as_str).map(str::to_owned);
    let ticket = IssuedTicket {
        text: owned("ticket")?,
        scope: owned("scope"),
        expires_at: record.get("expires")?.as_u64()?,
        id: owned("jti"),
    };
    Some(HeldTicket { scope: read_scope(record)?, ticket })
}

fn write_path(known: &KnownPath) -> Value {
    Object::new()
        .text("origin", &known.scope.origin)
        .text("name", &known.scope.name)
        .text("method", &known.method)
        .text("path", &known.path)
        .end()
}

fn read_path(record: &Value) -> Option<KnownPath> {
    let owned = |name| record.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(KnownPath { method: owned("method")?, path: owned("path")?, scope: read_scope(record)? })
}

fn read_scope(record: &Value) -> Option<Scope> {
    let owned = |name| record.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Scope { origin: owned("origin")?, name: owned("name")? })
}
