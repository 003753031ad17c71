//! A store behind the ledger's port: rows of text with versions, and operations that go astray.

use std::collections::BTreeMap;
use x402_wasm::ledger::{Entry, Facts, LedgerOp, LedgerOutcome, Limits, Link, State, Stored, StoredLink};
use x402_wasm::verify::ReplayKey;

pub(crate) struct Row {
    pub(crate) record: String,
    pub(crate) version: u64,
    /// What the text says, read once.
    pub(crate) entry: Entry,
}

/// A change of a row, to be judged.
pub(crate) struct Change {
    pub(crate) before: Option<Entry>,
    pub(crate) after: Option<Entry>,
}

#[allow(clippy::struct_excessive_bools, reason = "each is a guard of its own")]
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) rows: BTreeMap<[u8; 32], Row>,
    /// What leads to payments: text and version.
    pub(crate) links: BTreeMap<[u8; 32], (String, u64)>,
    /// Operations still on their way, and when they set out.
    pub(crate) late: Vec<(u64, LedgerOp)>,
    pub(crate) changes: Vec<Change>,
    /// The last version that each key saw: none sees one twice.
    pub(crate) versions: BTreeMap<[u8; 32], u64>,
    /// Guards that a test of the tests takes away.
    pub(crate) without_compare: bool,
    pub(crate) without_limits: bool,
    /// The first version of every row is 1.
    pub(crate) counts_anew: bool,
    pub(crate) forgets_links: bool,
}

impl Store {
    pub(crate) fn carry_out(&mut self, op: LedgerOp) -> LedgerOutcome {
        match op {
            LedgerOp::Read(key) => match self.links.get(key.as_bytes()) {
                Some((record, version)) => {
                    LedgerOutcome::Linked(StoredLink { link: Link::from_record(record).unwrap(), version: *version })
                }
                None => LedgerOutcome::Found(self.rows.get(key.as_bytes()).map(Row::stored)),
            },
            LedgerOp::Write { entry, expected } => self.write(entry.key(), expected, Some(entry)),
            LedgerOp::Link { link, expected } => self.tie(link.key, expected, Some(link)),
            LedgerOp::Remove { key, expected } if self.links.contains_key(key.as_bytes()) => {
                self.tie(key, expected, None)
            }
            LedgerOp::Remove { key, expected } => self.write(key, expected, None),
            LedgerOp::Lend { entry, limits } => {
                if !self.rows.contains_key(entry.key().as_bytes()) && !self.lends(&entry, limits) {
                    return LedgerOutcome::NoCredit;
                }
                self.write(entry.key(), 0, Some(entry))
            }
        }
    }

    /// The next version of a key.
    fn next(&mut self, key: ReplayKey, version: u64) -> u64 {
        let last = self.versions.entry(*key.as_bytes()).or_default();
        *last = if self.counts_anew { version + 1 } else { *last + 1 };
        *last
    }

    fn tie(&mut self, key: ReplayKey, expected: u64, link: Option<Link>) -> LedgerOutcome {
        let version = self.links.get(key.as_bytes()).map_or(0, |(_, version)| *version);
        if version != expected && !self.without_compare {
            return LedgerOutcome::Moved;
        }
        let next = self.next(key, version);
        match link.filter(|_| !self.forgets_links) {
            Some(link) => self.links.insert(*key.as_bytes(), (link.to_record(), next)),
            None => self.links.remove(key.as_bytes()),
        };
        LedgerOutcome::Written(next)
    }

    fn write(&mut self, key: ReplayKey, expected: u64, entry: Option<Entry>) -> LedgerOutcome {
        let version = self.rows.get(key.as_bytes()).map_or(0, |row| row.version);
        if version != expected && !self.without_compare {
            return LedgerOutcome::Moved;
        }
        let next = self.next(key, version);
        let before = self.rows.remove(key.as_bytes()).map(|row| row.entry);
        let after = entry.map(|entry| {
            let record = entry.to_record();
            let entry = Entry::from_record(&record).unwrap();
            self.rows.insert(*key.as_bytes(), Row { record, version: next, entry: entry.clone() });
            entry
        });
        self.changes.push(Change { before, after });
        LedgerOutcome::Written(next)
    }

    fn lends(&self, entry: &Entry, limits: Limits) -> bool {
        let is_theirs = |other: &Entry| other.authorization().payer() == entry.authorization().payer();
        let bounced = |row: &Row| row.entry.facts().on_credit && row.entry.state() == State::Failed;
        let worth = entry.facts().worth;
        let fits = |most: u64, counts: &dyn Fn(&Entry) -> bool| worth + self.lent(counts) <= most;
        self.without_limits
            || !self.rows.values().any(|row| bounced(row) && is_theirs(&row.entry))
                && fits(limits.payer, &|other| is_theirs(other) && !other.state().is_final())
                && fits(limits.all, &|other| !other.state().is_final())
                && limits.window.is_none_or(|(most, since)| fits(most, &|other| other.facts().since > since))
    }

    /// The worth of what is served on credit and counts.
    pub(crate) fn lent(&self, counts: &dyn Fn(&Entry) -> bool) -> u64 {
        let lent = self.rows.values().map(|row| &row.entry).filter(|entry| entry.facts().on_credit && counts(entry));
        lent.map(Entry::facts).map(|Facts { worth, .. }| worth).sum()
    }

    /// What is due, the longest due first, as it is now: by the time that somebody looks it may have moved.
    pub(crate) fn due(&self, now: u64) -> Vec<(String, u64)> {
        let is_due = |row: &&Row| row.entry.due_at().is_some_and(|due_at| due_at <= now);
        let mut due: Vec<_> = self.rows.values().filter(is_due).collect();
        due.sort_by_key(|row| row.entry.due_at());
        let links = self.links.values().filter(|(record, _)| Link::from_record(record).unwrap().due_at <= now);
        due.into_iter().map(|row| (row.record.clone(), row.version)).chain(links.cloned()).collect()
    }

    pub(crate) fn entry(&self, key: ReplayKey) -> Option<&Entry> {
        self.rows.get(key.as_bytes()).map(|row| &row.entry)
    }
}

impl Row {
    fn stored(&self) -> Stored {
        Stored { entry: Entry::from_record(&self.record).unwrap(), version: self.version }
    }
}
