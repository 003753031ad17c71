//! The ledger's port, as gates and settlers speak it with the shell.

use crate::door::error::thrown;
use crate::json::Value;
use crate::ledger::{Entry, LedgerOp, LedgerOutcome, Stored};
use crate::verify::ReplayKey;
use alloc::string::ToString as _;
use alloc::vec::Vec;
use wasm_bindgen::JsValue;

/// `{key}` reads, `{key, expected, record, dueAt?}` writes, `{key, expected}` removes.
pub(super) fn describe_op(op: LedgerOp) -> Vec<(&'static str, Value)> {
    let key = |key: ReplayKey| ("key", key.to_string().into());
    match op {
        LedgerOp::Read(own) => Vec::from([key(own)]),
        LedgerOp::Write { entry, expected } => {
            let mut members =
                Vec::from([key(entry.key()), ("expected", expected.into()), ("record", entry.to_record().into())]);
            members.extend(entry.due_at().map(|due_at| ("dueAt", due_at.into())));
            members
        }
        LedgerOp::Remove { key: own, expected } => Vec::from([key(own), ("expected", expected.into())]),
    }
}

pub(super) fn read_ledger_outcome(outcome: &Value) -> LedgerOutcome {
    if let Some(written) = outcome.get("written").and_then(Value::as_bool) {
        return LedgerOutcome::Written(written);
    }
    match outcome.get("found") {
        // `false` where there is no record.
        Some(Value::Bool(false)) => LedgerOutcome::Found(None),
        Some(found) => {
            read_stored(found).map_or(LedgerOutcome::Unreachable, |stored| LedgerOutcome::Found(Some(stored)))
        }
        None => LedgerOutcome::Unreachable,
    }
}

/// `{record, version}`.
pub(super) fn read_stored(found: &Value) -> Option<Stored> {
    let entry = Entry::from_record(found.get("record")?.as_str()?).ok()?;
    Some(Stored { entry, version: found.get("version")?.as_u64()? })
}

/// A getter or a proxy called into wasm while wasm was reading it.
pub(super) fn busy<E>(_: E) -> JsValue {
    thrown("internal_error", "A call into wasm came back into wasm.".into())
}
