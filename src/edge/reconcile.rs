//! Comparisons of a ledger with its chain, by handle.

use super::port::{describe_http, read_http, read_ledger_outcome, read_stored};
use super::settler::with_relayer;
use crate::address::Address;
use crate::door::error::thrown;
use crate::door::shelf::Shelf;
use crate::door::value::{from_js, to_js};
use crate::json::{Object, Value};
use crate::network::Network;
use crate::settle::{Payee, ReconcileOutcome, ReconcileStep, Reconciliation, SettleOutcome};
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use wasm_bindgen::prelude::*;

static UNDER_WAY: Shelf<(u32, Box<Reconciliation>)> = Shelf::new();

/// Compares the last `blocks` of the chain with the ledger, for a payee `{network, asset, account}`.
#[wasm_bindgen(js_name = reconcileBegin)]
pub fn reconcile_begin(relayer: u32, payee: JsValue, blocks: u32) -> Result<JsValue, JsValue> {
    let payee = read_payee(&from_js(&payee)?)
        .ok_or_else(|| thrown("internal_error", "A payee is a network, an asset and an account.".into()))?;
    let step = with_relayer(relayer, |own| Reconciliation::begin(payee, u64::from(blocks).max(1), own))?;
    keep(relayer, step)
}

fn read_payee(payee: &Value) -> Option<Payee> {
    let address = |name| Address::from_wire(payee.text(name)?).ok();
    let network = Network::from_caip2(payee.text("network")?).ok()?;
    Some(Payee { network, asset: address("asset")?, account: address("account")? })
}

/// Goes on with the outcome of a step: `{http}`, what the ledger answered, or `{page}`.
#[wasm_bindgen(js_name = reconcileResume)]
pub fn reconcile_resume(comparison: u32, outcome: JsValue) -> Result<JsValue, JsValue> {
    let outcome = read_outcome(&from_js(&outcome)?);
    let (relayer, comparison) = UNDER_WAY.take(comparison, "Nothing is being compared.")?;
    let step = with_relayer(relayer, |own| comparison.resume(outcome, own))?;
    keep(relayer, step)
}

fn read_outcome(outcome: &Value) -> ReconcileOutcome {
    if let Some(exchange) = outcome.get("http") {
        return ReconcileOutcome::Http(SettleOutcome::Http(read_http(exchange)));
    }
    match outcome.get("page").and_then(Value::elements) {
        Some(rows) => {
            // A record that cannot be read has no say; the log of its cashing names it.
            let entries = rows.iter().filter_map(|row| Some(read_stored(row)?.entry)).collect();
            let last = rows.last().and_then(|row| row.get("key")?.as_str().map(String::from));
            ReconcileOutcome::Page(entries, last)
        }
        None => ReconcileOutcome::Found(read_ledger_outcome(outcome)),
    }
}

fn keep(relayer: u32, step: ReconcileStep) -> Result<JsValue, JsValue> {
    let kept = |comparison| {
        UNDER_WAY.insert((relayer, comparison)).map(|handle| Object::new().number("comparison", handle.into()))
    };
    let step = match step {
        ReconcileStep::Http(request, then) => describe_http(request, kept(then)?.text("do", "http")),
        ReconcileStep::Read(key, then) => kept(then)?.text("do", "ledger").shown("key", &key),
        ReconcileStep::Page(after, then) => kept(then)?.text("do", "page").text("after", &after),
        ReconcileStep::Done(report) => Object::new().text("do", "done").value("report", report),
        ReconcileStep::Failed(finding) => {
            return Err(thrown(finding.code(), finding.to_string()));
        }
    };
    Ok(to_js(step.end()))
}
