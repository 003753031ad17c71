//! What was paid, for its owner to look back at. Nothing is decided by it: what counts is the tally, and what is pending.

use super::budget::ApprovedPayment;
use super::full::IS_FULL;
use super::report::payment_facts;
use super::{Payer, PayerError};
use crate::encoding::hex;
use crate::json::{Object, Value};
use crate::protocol::Receipt;
use crate::time::to_rfc3339;
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Payments that are kept at most; the oldest go first (S73).
const MAX_ENTRIES: usize = 100;

/// What every payment has, and what only some have, in the order of a file's columns. Times are numbers.
const FACTS: [&str; 11] =
    ["at", "origin", "url", "amount", "symbol", "asset", "network", "payTo", "nonce", "validBefore", "state"];
const EXTRAS: [&str; 2] = ["transaction", "ticket"];

/// Signed, or about to be, and without an answer: it can be cashed until it expires.
const PENDING: &str = "pending";
/// Expired without an answer. It counts as spent.
const UNKNOWN: &str = "unknown";
/// Served, or a ticket was sold for it.
pub(super) const HONOURED: &str = "honoured";
/// Refused, with the signature in the server's hands.
pub(super) const REFUSED: &str = "refused";

/// All payments that are remembered, the oldest first, each as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    entries: Vec<Entry>,
}

/// A payment, and the JSON of it: records are written at each step of each payment, with all that was paid before.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    told: Value,
    written: String,
}

impl Entry {
    fn new(told: Value) -> Self {
        let written = told.to_string();
        Self { told, written }
    }
}

impl History {
    /// Notes a payment that is about to be signed.
    pub(super) fn note(&mut self, payment: &ApprovedPayment, origin: &str, url: &str) {
        if !IS_FULL {
            return;
        }
        let entry = payment_facts(payment, origin, url);
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push(Entry::new(entry.number("at", payment.at()).text("state", PENDING).end()));
    }

    /// Forgets a payment that was never released.
    pub(super) fn forget(&mut self, nonce: &[u8; 32]) {
        if IS_FULL {
            let nonce = hex(nonce);
            self.entries.retain(|entry| entry.told.text("nonce") != Some(&nonce));
        }
    }

    /// Notes how it ended. What was honoured once stays so.
    pub(super) fn close(&mut self, nonce: &[u8; 32], state: &str, receipt: Option<&Receipt>, ticket: Option<&str>) {
        if !IS_FULL {
            return;
        }
        let nonce = hex(nonce);
        let found = self.entries.iter_mut().find(|entry| entry.told.text("nonce") == Some(&nonce));
        let Some(entry) = found.filter(|entry| entry.told.text("state") != Some(HONOURED)) else { return };
        let transaction = receipt.and_then(|receipt| receipt.transaction).map(|hash| hex(&hash));
        let ended = in_state(&entry.told, state).text_if(EXTRAS[0], transaction.as_deref()).text_if(EXTRAS[1], ticket);
        *entry = Entry::new(ended.end());
    }

    fn remembered(&self) -> Result<&[Entry], Box<PayerError>> {
        if IS_FULL { Ok(&self.entries) } else { Err(PayerError::NeedsFullBuild("history").boxed()) }
    }

    /// Adds all that it is to a record, as its last member; nothing in the lean build. Most of a record is this, so it is
    /// copied once.
    pub(super) fn end_record(&self, mut record: String) -> String {
        if IS_FULL && record.pop() == Some('}') {
            const NAME: &str = ",\"history\":[";
            let entries = self.entries.iter().map(|entry| entry.written.len().saturating_add(1));
            record.reserve(entries.fold(NAME.len().saturating_add(2), usize::saturating_add));
            record.push_str(NAME);
            for (place, entry) in self.entries.iter().enumerate() {
                record.push_str(if place == 0 { "" } else { "," });
                record.push_str(&entry.written);
            }
            record.push_str("]}");
        }
        record
    }

    /// Reads what [`Self::end_record`] wrote. The lean build passes over it.
    pub(super) fn read(record: &[Value]) -> Option<Self> {
        if !IS_FULL {
            return Some(Self::default());
        }
        let is_whole = |entry: &&Value| FACTS.iter().all(|name| entry.get(name).is_some());
        let entries: Vec<Entry> = record.iter().filter(is_whole).cloned().map(Entry::new).collect();
        (entries.len() == record.len()).then_some(Self { entries })
    }
}

/// What stays, whatever becomes of the payment. Once in the module, and not unrolled at each of its places.
#[inline(never)]
fn facts_of(entry: &Value) -> Object {
    let mut facts = Object::new();
    for name in FACTS.iter().filter(|name| **name != "state") {
        facts = facts.value_if(name, entry.get(name).cloned());
    }
    facts
}

/// The payment in this state, without what came at its end.
fn in_state(entry: &Value, state: &str) -> Object {
    facts_of(entry).text("state", state)
}

/// The payment as it stands now.
fn told(entry: &Value, now: u64) -> Value {
    let is_over = entry.text("state") == Some(PENDING) && entry.number("validBefore") <= Some(now);
    if is_over { in_state(entry, UNKNOWN).end() } else { entry.clone() }
}

impl Payer {
    /// Every payment that is remembered, the oldest first, as plain data.
    ///
    /// # Errors
    /// [`PayerError::NeedsFullBuild`].
    pub fn history(&self, now: u64) -> Result<Value, Box<PayerError>> {
        Ok(self.history.remembered()?.iter().map(|entry| told(&entry.told, now)).collect::<Vec<_>>().into())
    }

    /// The same as a CSV file ([RFC 4180]), with times in UTC.
    ///
    /// [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180
    ///
    /// # Errors
    /// [`PayerError::NeedsFullBuild`].
    pub fn history_as_csv(&self, now: u64) -> Result<String, Box<PayerError>> {
        let entries = self.history.remembered()?;
        if !IS_FULL {
            return Ok(String::new());
        }
        let mut file = [&FACTS[..], &EXTRAS].concat().join(",");
        for entry in entries {
            let entry = told(&entry.told, now);
            let cells = FACTS.iter().chain(&EXTRAS).map(|name| match entry.number(name) {
                Some(seconds) => cell(&to_rfc3339(seconds)),
                None => cell(entry.text(name).unwrap_or_default()),
            });
            file.push_str("\r\n");
            file.push_str(&cells.collect::<Vec<_>>().join(","));
        }
        file.push_str("\r\n");
        Ok(file)
    }
}

/// A cell that a spreadsheet shows and does not run: servers choose some of these texts.
#[inline(never)]
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    ["\"", guard, &text.replace('"', "\"\""), "\""].concat()
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn s67_a_cell_is_text_to_a_spreadsheet() {
        for (text, expected) in [
            ("0.01", "\"0.01\""),
            ("=HYPERLINK(\"https://evil.example\")", "\"'=HYPERLINK(\"\"https://evil.example\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@sum", "\"'@sum\""),
            ("\t=1", "\"'\t=1\""),
            ("a,b\nc", "\"a,b\nc\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
