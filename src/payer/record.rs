//! The payer's state as one text: what was spent, who is paid, what is on its way, what was bought.
//!
//! It holds tickets and signatures that are good for something: whoever stores it keeps it like a purse.

use super::Payer;
use super::by_origin::ByOrigin;
use super::error::PayerError;
use super::full::OfFull;
use super::history::History;
use super::pending::PendingPayment;
use super::tickets::{HeldTicket, KnownPath, Scope};
use crate::address::Address;
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
        let pin = |(origin, payee): &(String, Address)| pair(origin.as_str().into(), payee.to_string());
        Object::new()
            .number("v", VERSION)
            .shown("total", &self.budget.tally.total)
            .value("spans", self.budget.tally.write_spans())
            .value_if("origins", self.budget.by_origin.as_ref().map(|by_origin| by_origin.get().write()))
            .value("payees", write_list(&self.budget.pinned, pin))
            .value("pending", write_list(&self.pending.payments, write_pending))
            .value("tickets", write_list(&self.tickets.held, write_ticket))
            .value("signers", write_list(&self.signers, pin))
            .value("paths", write_list(&self.tickets.paths, write_path))
            .value_if("history", self.history.write())
            .end()
            .to_string()
    }

    /// Takes the saved state up again.
    pub(super) fn restore(&mut self, record: &str) -> Result<(), PayerError> {
        parse(record).ok().and_then(|record| self.read(&record)).ok_or(PayerError::DamagedState)
    }

    fn read(&mut self, record: &Value) -> Option<()> {
        if record.number("v")? != VERSION {
            return None;
        }
        let tally = &mut self.budget.tally;
        tally.read(record.text("total")?, record.list("spans")?)?;
        let by_origin = OfFull::make(|| ByOrigin::read(record.list("origins"), tally).ok_or(()));
        self.budget.by_origin = by_origin.ok()?;
        self.budget.pinned = read_pins(record.list("payees")?)?;
        // A record from before there were signatures to look at.
        self.signers = read_pins(record.list("signers").unwrap_or_default())?;
        for pending in record.list("pending")? {
            self.pending.payments.push(read_pending(pending)?);
        }
        for ticket in record.list("tickets")? {
            self.tickets.held.push(read_ticket(ticket)?);
        }
        for path in record.list("paths")? {
            self.tickets.paths.push(read_path(path)?);
        }
        self.history = History::read(record.list("history").unwrap_or_default())?;
        Some(())
    }
}

fn read_pins(list: &[Value]) -> Option<Vec<(String, Address)>> {
    let mut pins = Vec::new();
    for pin in list {
        let [origin, account] = pin.elements()? else { return None };
        pins.push((origin.as_str()?.to_owned(), Address::from_wire(account.as_str()?).ok()?));
    }
    Some(pins)
}

pub(super) fn pair(first: Value, second: String) -> Value {
    Value::Array(Vec::from([first, second.into()]))
}

pub(super) fn write_list<T>(list: &[T], write: impl Fn(&T) -> Value) -> Value {
    let mut elements = Vec::new();
    for element in list {
        elements.push(write(element));
    }
    Value::Array(elements)
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
    Some(PendingPayment {
        purchase: record.owned("purchase")?,
        network: Network::from_caip2(record.text("network")?).ok()?,
        asset: Address::from_wire(record.text("asset")?).ok()?,
        authorization: Authorization::read_from(record)?,
        signature: match record.text("signature") {
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
    let ticket = IssuedTicket {
        text: record.owned("ticket")?,
        scope: record.owned("scope"),
        expires_at: record.number("expires")?,
        id: record.owned("jti"),
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
    Some(KnownPath { method: record.owned("method")?, path: record.owned("path")?, scope: read_scope(record)? })
}

fn read_scope(record: &Value) -> Option<Scope> {
    Some(Scope { origin: record.owned("origin")?, name: record.owned("name")? })
}
