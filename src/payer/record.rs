//! The payer's state as one text: what was spent, who is paid, what is on its way, what was bought.
//!
//! It holds tickets and signatures that are good for something: whoever stores it keeps it like a purse.

use super::Payer;
use super::error::PayerError;
use super::history::History;
use super::pending::PendingPayments;
use super::tickets::Tickets;
use crate::address::Address;
use crate::amount::Amount;
use crate::json::{Object, Value, parse};
use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const VERSION: u64 = 1;

impl Payer {
    /// The state to save.
    #[must_use]
    pub fn to_record(&self) -> String {
        let span = |(span, spent): &(u64, Amount)| pair((*span).into(), spent.to_string());
        let pin = |(origin, payee): &(String, Address)| pair(origin.as_str().into(), payee.to_string());
        Object::new()
            .number("v", VERSION)
            .shown("total", &self.budget.tally.total)
            .value("spans", write_list(&self.budget.tally.spans, span))
            .value("payees", write_list(&self.budget.pinned, pin))
            .value("pending", self.pending.rows.write())
            .value("tickets", self.tickets.held.write())
            .value("signers", write_list(&self.signers, pin))
            .value("paths", self.tickets.paths.write())
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
        tally.total = Amount::from_decimal(record.text("total")?).ok()?;
        for span in record.list("spans")? {
            let [span, spent] = span.elements()? else { return None };
            tally.spans.push((span.as_u64()?, Amount::from_decimal(spent.as_str()?).ok()?));
        }
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

fn pair(first: Value, second: String) -> Value {
    Value::Array(Vec::from([first, second.into()]))
}

fn write_list<T>(list: &[T], write: impl Fn(&T) -> Value) -> Value {
    let mut elements = Vec::new();
    for element in list {
        elements.push(write(element));
    }
    Value::Array(elements)
}
