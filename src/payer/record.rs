//! The payer's state as one text: what was spent, who is paid, what is on its way, what was bought.
//!
//! It holds tickets and signatures that are good for something: whoever stores it keeps it like a purse.

use super::Payer;
use super::by_origin::ByOrigin;
use super::error::PayerError;
use super::full::OfFull;
use super::history::History;
use super::pending::PendingPayments;
use super::tickets::Tickets;
use crate::address::Address;
use crate::json::{Object, Value, parse};
use crate::spell::Spell as _;
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

const VERSION: u64 = 1;

impl Payer {
    /// The state to save.
    #[must_use]
    pub fn to_record(&self) -> String {
        self.record_behind(String::new())
    }

    /// The same behind another text.
    pub(crate) fn record_behind(&self, mut text: String) -> String {
        let pin = |(origin, payee): &(String, Address)| pair(origin.as_str().into(), payee.spell());
        let record = Object::new()
            .number("v", VERSION)
            .spelled("total", &self.budget.tally.total)
            .value("spans", self.budget.tally.write_spans())
            .value_if("origins", self.budget.by_origin.as_ref().map(|by_origin| by_origin.get().write()))
            .value("payees", write_list(&self.budget.pinned, pin))
            .value("pending", self.pending.rows.write())
            .value("tickets", self.tickets.held.write())
            .value("signers", write_list(&self.signers, pin))
            .value("paths", self.tickets.paths.write())
            .end();
        text.push_str(&record.spell());
        self.history.end_record(text)
    }

    /// Takes the saved state up again.
    pub(super) fn restore(&mut self, record: &str) -> Result<(), Box<PayerError>> {
        match parse(record).ok().and_then(|record| self.read(&record)) {
            Some(()) => Ok(()),
            None => Err(PayerError::DamagedState.boxed()),
        }
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
        self.pending = PendingPayments::read(record)?;
        self.tickets = Tickets::read(record)?;
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
