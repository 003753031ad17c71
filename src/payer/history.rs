//! What was paid, for its owner to look back at. Nothing is decided by it: what counts is the tally, and what is pending.

use super::budget::ApprovedPayment;
use super::full::IS_FULL;
use super::report::describe_payment;
use super::{Payer, PayerError};
use crate::encoding::hex;
use crate::json::{Object, Value};
use crate::protocol::Receipt;
use crate::time::to_rfc3339;
use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Payments that are kept at most; the oldest go first (S73).
const MAX_ENTRIES: usize = 256;

/// What is known of a payment, in the order of an export's columns. Of these a record has every one up to the nonce.
const TEXTS: [&str; 8] = ["origin", "url", "amount", "symbol", "asset", "network", "payTo", "nonce"];

/// All payments that are remembered, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    at: u64,
    valid_before: u64,
    texts: [String; TEXTS.len()],
    state: String,
    /// The server's word for it.
    transaction: Option<String>,
    /// The name of the ticket that it bought.
    ticket: Option<String>,
}

/// How a payment ended, as far as its server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Honoured,
    Refused,
}

/// Signed, or about to be, and without an answer: it can be cashed until it expires.
const PENDING: &str = "pending";
/// Expired without an answer. It counts as spent.
const UNKNOWN: &str = "unknown";

impl Ending {
    const fn name(self) -> &'static str {
        match self {
            Self::Honoured => "honoured",
            Self::Refused => "refused",
        }
    }
}

impl History {
    /// Notes a payment that is about to be signed.
    pub(super) fn note(&mut self, payment: &ApprovedPayment, origin: &str, url: &str) {
        if !IS_FULL {
            return;
        }
        let told = describe_payment(payment, origin, url);
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push(Entry {
            at: payment.at(),
            valid_before: payment.authorization().deadline(),
            texts: TEXTS.map(|name| told.text(name).unwrap_or_default().to_owned()),
            state: PENDING.to_owned(),
            transaction: None,
            ticket: None,
        });
    }

    /// Forgets a payment that was never released.
    pub(super) fn forget(&mut self, nonce: &[u8; 32]) {
        let nonce = hex(nonce);
        self.entries.retain(|entry| *entry.nonce() != nonce);
    }

    /// Notes how it ended. What was honoured once stays so.
    pub(super) fn close(&mut self, nonce: &[u8; 32], ending: Ending, receipt: Option<&Receipt>, ticket: Option<&str>) {
        let nonce = hex(nonce);
        let found = self.entries.iter_mut().find(|entry| *entry.nonce() == nonce);
        let Some(entry) = found.filter(|entry| entry.state != Ending::Honoured.name()) else { return };
        ending.name().clone_into(&mut entry.state);
        entry.transaction = receipt.and_then(|receipt| receipt.transaction).map(|hash| hex(&hash));
        entry.ticket = ticket.map(str::to_owned);
    }

    fn remembered(&self) -> Result<&[Entry], PayerError> {
        if IS_FULL { Ok(&self.entries) } else { Err(PayerError::NeedsFullBuild("history")) }
    }

    /// All that it is, for a record.
    pub(super) fn write(&self) -> Value {
        self.entries.iter().map(|entry| entry.write(&entry.state)).collect::<Vec<_>>().into()
    }

    /// Reads what [`Self::write`] wrote. The small build has no history, and passes over it.
    pub(super) fn read(record: &[Value]) -> Option<Self> {
        if !IS_FULL {
            return Some(Self::default());
        }
        let entries: Option<Vec<Entry>> = record.iter().map(Entry::read).collect();
        Some(Self { entries: entries? })
    }
}

impl Entry {
    fn nonce(&self) -> &String {
        let [.., nonce] = &self.texts;
        nonce
    }

    /// Its state now.
    fn state(&self, now: u64) -> &str {
        if self.state == PENDING && self.valid_before <= now { UNKNOWN } else { &self.state }
    }

    fn write(&self, state: &str) -> Value {
        let told = Object::new().number("at", self.at);
        let told = TEXTS.iter().zip(&self.texts).fold(told, |told, (name, text)| told.text(name, text));
        told.number("validBefore", self.valid_before)
            .text("state", state)
            .text_if("transaction", self.transaction.as_deref())
            .text_if("ticket", self.ticket.as_deref())
            .end()
    }

    fn read(record: &Value) -> Option<Self> {
        let texts = TEXTS.map(|name| record.owned(name));
        if texts.iter().any(Option::is_none) {
            return None;
        }
        Some(Self {
            at: record.number("at")?,
            valid_before: record.number("validBefore")?,
            texts: texts.map(Option::unwrap_or_default),
            state: record.owned("state")?,
            transaction: record.owned("transaction"),
            ticket: record.owned("ticket"),
        })
    }

    /// Its line of a CSV file, in the order of [`HEAD`].
    fn line(&self, now: u64) -> String {
        let times = [self.at, self.valid_before].map(to_rfc3339);
        let [at, valid_before] = &times;
        let last = [
            self.state(now),
            self.transaction.as_deref().unwrap_or_default(),
            self.ticket.as_deref().unwrap_or_default(),
        ];
        let cells =
            [at.as_str()].into_iter().chain(self.texts.iter().map(String::as_str)).chain([valid_before.as_str()]);
        cells.chain(last).map(cell).collect::<Vec<_>>().join(",")
    }
}

const HEAD: &str = "at,origin,url,amount,symbol,asset,network,payTo,nonce,validBefore,state,transaction,ticket";

/// A cell that a spreadsheet shows and does not run: servers choose some of these texts.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    ["\"", guard, &text.replace('"', "\"\""), "\""].concat()
}

impl Payer {
    /// Every payment that is remembered, the oldest first, as plain data.
    ///
    /// # Errors
    /// [`PayerError::NeedsFullBuild`].
    pub fn history(&self, now: u64) -> Result<Value, PayerError> {
        let told = |entry: &Entry| entry.write(entry.state(now));
        Ok(self.history.remembered()?.iter().map(told).collect::<Vec<_>>().into())
    }

    /// The same as a CSV file ([RFC 4180]), with times in UTC.
    ///
    /// [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180
    ///
    /// # Errors
    /// [`PayerError::NeedsFullBuild`].
    pub fn history_as_csv(&self, now: u64) -> Result<String, PayerError> {
        let lines = self.history.remembered()?.iter().map(|entry| entry.line(now));
        let mut file = [HEAD.to_string()].into_iter().chain(lines).collect::<Vec<_>>().join("\r\n");
        file.push_str("\r\n");
        Ok(file)
    }
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
