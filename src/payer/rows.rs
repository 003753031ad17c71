//! What a payer keeps from one visit to the next, as the rows that its record has of it: they are looked at when they are
//! read, and written as they are.

use crate::json::{Object, Value};
use alloc::vec::Vec;

/// Members of a row, and the texts that they have.
pub(super) type Facts<'a> = &'a [(&'static str, &'a str)];

/// Rows of one kind, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows(Vec<Value>);

impl Rows {
    /// Takes the rows of a record up, if all of them are whole.
    pub(super) fn read(rows: &[Value], is_whole: &dyn Fn(&Value) -> Option<()>) -> Option<Self> {
        rows.iter().all(|row| is_whole(row).is_some()).then(|| Self(rows.to_vec()))
    }

    /// As a record has them.
    pub(super) fn write(&self) -> Value {
        self.0.clone().into()
    }

    pub(super) fn iter(&self) -> core::slice::Iter<'_, Value> {
        self.0.iter()
    }

    /// The first row with these facts.
    #[inline(never)]
    pub(super) fn find(&self, facts: Facts<'_>) -> Option<&Value> {
        self.iter().find(|row| has(row, facts))
    }

    /// Adds a row with these facts in place of one that has them. Of more than `limit`, the oldest goes (S73).
    #[inline(never)]
    pub(super) fn put(&mut self, facts: Facts<'_>, row: Value, limit: usize) {
        self.remove(facts);
        if self.0.len() >= limit {
            self.0.remove(0);
        }
        self.0.push(row);
    }

    /// Drops the rows with these facts.
    #[inline(never)]
    pub(super) fn remove(&mut self, facts: Facts<'_>) {
        self.0.retain(|row| !has(row, facts));
    }

    /// Drops the rows whose time, in their member of this name, is over.
    #[inline(never)]
    pub(super) fn outlive(&mut self, name: &str, now: u64) {
        self.0.retain(|row| row.number(name) > Some(now));
    }
}

/// A row with these facts, to which others may be added.
#[inline(never)]
pub(super) fn row(facts: Facts<'_>) -> Object {
    facts.iter().fold(Object::new(), |row, (name, text)| row.text(name, text))
}

/// Whether a row has a text of each of these names.
#[inline(never)]
pub(super) fn has_texts(row: &Value, names: &[&str]) -> Option<()> {
    names.iter().try_for_each(|name| row.text(name).map(drop))
}

#[inline(never)]
fn has(row: &Value, facts: Facts<'_>) -> bool {
    facts.iter().all(|(name, text)| row.text(name) == Some(text))
}
