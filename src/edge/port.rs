//! What gates and settlers speak with the shell alike: the ledger's port, and requests of our own.

use crate::gate::Header;
use crate::http::{HttpAnswer, HttpFault, HttpRequest};
use crate::json::{Object, Value};
use crate::ledger::{Entry, LedgerOutcome, Link, Stored, StoredLink};
#[cfg(feature = "cashier")]
use crate::ledger::{Facts, LedgerOp, Limits};
use alloc::vec::Vec;

/// `{key}` reads, `{key, expected, record, dueAt?, facts}` writes, with `limits` on credit, `{key, expected}` removes.
#[cfg(feature = "cashier")]
pub(super) fn describe_op(op: LedgerOp, step: Object) -> Object {
    let (key, expected, entry, limits) = match op {
        LedgerOp::Link { link, expected } => {
            let step = step.shown("key", &link.key).number("expected", expected);
            return step.value("record", link.to_record().into()).number("dueAt", link.due_at);
        }
        LedgerOp::Read(key) => (key, None, None, None),
        LedgerOp::Write { entry, expected } => (entry.key(), Some(expected), Some(entry), None),
        LedgerOp::Lend { entry, limits } => (entry.key(), Some(0), Some(entry), Some(limits)),
        LedgerOp::Remove { key, expected } => (key, Some(expected), None, None),
    };
    step.shown("key", &key)
        .number_if("expected", expected)
        .value_if("record", entry.as_ref().map(|entry| entry.to_record().into()))
        .value_if("facts", entry.as_ref().map(|entry| describe_facts(entry, limits)))
        .number_if("dueAt", entry.and_then(|entry| entry.due_at()))
}

/// What a store keeps beside a record.
#[cfg(feature = "cashier")]
fn describe_facts(entry: &Entry, limits: Option<Limits>) -> Value {
    let Facts { state, worth, since, on_credit } = entry.facts();
    let limits = limits.map(|Limits { payer, all, window }| {
        Object::new()
            .number("payer", payer)
            .number("all", all)
            .number_if("window", window.map(|(most, _)| most))
            .number_if("windowSince", window.map(|(_, since)| since))
            .end()
    });
    Object::new()
        .text("state", state.name())
        .shown("payer", &entry.authorization().payer())
        .number("worth", worth)
        .number("since", since)
        .value("onCredit", on_credit.into())
        .value_if("limits", limits)
        .end()
}

pub(super) fn read_ledger_outcome(outcome: &Value) -> LedgerOutcome {
    match outcome.get("written") {
        Some(Value::Bool(false)) => return LedgerOutcome::Moved,
        Some(version) => return version.as_u64().map_or(LedgerOutcome::Unreachable, LedgerOutcome::Written),
        None => {}
    }
    if outcome.get("noCredit").is_some() {
        return LedgerOutcome::NoCredit;
    }
    match outcome.get("found") {
        // `false` where there is no record.
        Some(Value::Bool(false)) => LedgerOutcome::Found(None),
        Some(found) => match (read_stored(found), read_link(found)) {
            (Some(stored), _) => LedgerOutcome::Found(Some(stored)),
            (None, Some(link)) => LedgerOutcome::Linked(link),
            (None, None) => LedgerOutcome::Unreachable,
        },
        None => LedgerOutcome::Unreachable,
    }
}

/// `{record, version}`.
pub(super) fn read_stored(found: &Value) -> Option<Stored> {
    let entry = Entry::from_record(found.get("record")?.as_str()?).ok()?;
    Some(Stored { entry, version: found.get("version")?.as_u64()? })
}

/// The same of a link.
pub(super) fn read_link(found: &Value) -> Option<StoredLink> {
    let link = Link::from_record(found.get("record")?.as_str()?).ok()?;
    Some(StoredLink { link, version: found.get("version")?.as_u64()? })
}

/// `{method, url, headers, body?, timeoutMs, maxBytes, credentials?}`.
pub(super) fn describe_http(request: HttpRequest, step: Object) -> Object {
    step.text("method", request.method)
        .value("url", request.url.into())
        .value("headers", pairs(request.headers))
        .value_if("body", request.body.map(Into::into))
        .number("timeoutMs", request.timeout_ms.into())
        .number("maxBytes", u64::try_from(request.max_bytes).unwrap_or_default())
        .text_if("credentials", request.credentials)
}

/// `{status, body, retryAfter?}`, or `{fault}`.
pub(super) fn read_http(exchange: &Value) -> Result<HttpAnswer, HttpFault> {
    let text = |name: &str| exchange.get(name).and_then(Value::as_str);
    let status = exchange.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    if let (Some(status), Some(body)) = (status, text("body")) {
        let retry_after = text("retryAfter").and_then(|seconds| seconds.parse().ok());
        return Ok(HttpAnswer { status, body: body.into(), retry_after });
    }
    Err(match text("fault") {
        Some("slow") => HttpFault::TooSlow,
        Some("large") => HttpFault::TooLarge,
        Some("encoding") => HttpFault::NotText,
        _ => HttpFault::Unreachable,
    })
}

/// Headers as `fetch` takes them.
pub(super) fn pairs(headers: Vec<Header>) -> Value {
    headers.into_iter().map(pair).collect::<Vec<Value>>().into()
}

/// A header as `[name, value]`.
pub(super) fn pair((name, value): Header) -> Value {
    Vec::from([name.into(), value.into()]).into()
}
