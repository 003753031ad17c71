//! The ledger's port, as gates and settlers speak it with the shell.

use crate::door::error::thrown;
use crate::json::{Object, Value};
use crate::ledger::{Entry, LedgerOp, LedgerOutcome, Stored};
use wasm_bindgen::JsValue;

/// `{key}` reads, `{key, expected, record, dueAt?}` writes, `{key, expected}` removes.
pub(super) fn describe_op(op: LedgerOp, step: Object) -> Object {
    let (key, expected, entry) = match op {
        LedgerOp::Read(key) => (key, None, None),
        LedgerOp::Write { entry, expected } => (entry.key(), Some(expected), Some(entry)),
        LedgerOp::Remove { key, expected } => (key, Some(expected), None),
    };
    step.shown("key", &key)
        .number_if("expected", expected)
        .value_if("record", entry.as_ref().map(|entry| entry.to_record().into()))
        .number_if("dueAt", entry.and_then(|entry| entry.due_at()))
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
