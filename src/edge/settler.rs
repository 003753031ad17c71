//! Relayers by handle, and checks on their way to be cashed.

use super::event::describe_event;
use super::port::{busy, describe_op, read_ledger_outcome, read_stored};
use crate::door::error::thrown;
use crate::door::slab::Slab;
use crate::door::value::{from_js, to_js};
use crate::gate::Event;
use crate::json::{Object, Value};
use crate::ledger::{LedgerOp, LedgerOutcome, State};
use crate::settle::{Cashing, Relayer, RelayerConfig, SettleOutcome, SettleStep};
use alloc::string::{String, ToString as _};
use core::cell::RefCell;
use wasm_bindgen::prelude::*;

std::thread_local! {
    static RELAYERS: RefCell<Slab<Relayer>> = const { RefCell::new(Slab::new()) };
    /// Each with its relayer and the state that its record had when the look began.
    static CASHINGS: RefCell<Slab<(u32, State, Cashing)>> = const { RefCell::new(Slab::new()) };
}

/// Reads a relayer's configuration and returns its handle.
#[wasm_bindgen(js_name = relayerOpen)]
pub fn relayer_open(config: JsValue) -> Result<u32, JsValue> {
    let (config, key) =
        RelayerConfig::from_value(&from_js(&config)?).map_err(|error| thrown(error.code(), error.to_string()))?;
    RELAYERS.with(|relayers| Ok(relayers.try_borrow_mut().map_err(busy)?.insert(Relayer::new(config, key))))
}

/// The account that sends the transactions and pays for gas.
#[wasm_bindgen(js_name = relayerAddress)]
pub fn relayer_address(relayer: u32) -> Result<String, JsValue> {
    with_relayer(relayer, |own| own.address().to_string())
}

/// Looks at one stored record, `{record, version}`.
#[wasm_bindgen(js_name = cashingBegin)]
pub fn cashing_begin(relayer: u32, stored: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let stored = read_stored(&from_js(&stored)?)
        .ok_or_else(|| thrown("damaged_record", "The stored record is not one that this version wrote.".into()))?;
    let before = stored.entry.state();
    let step = with_relayer(relayer, |own| own.begin(stored, now.into()))?;
    keep(relayer, before, step)
}

/// Goes on with the outcome of a step: `{status, body}`, `{unreachable}`, or what the ledger answered.
#[wasm_bindgen(js_name = cashingResume)]
pub fn cashing_resume(cashing: u32, outcome: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let outcome = read_outcome(&from_js(&outcome)?);
    let (relayer, before, cashing) = CASHINGS
        .with(|cashings| Ok::<_, JsValue>(cashings.try_borrow_mut().map_err(busy)?.remove(cashing)))?
        .ok_or_else(|| thrown("internal_error", "This check is not being cashed.".into()))?;
    let step = with_relayer(relayer, |own| own.resume(cashing, outcome, now.into()))?;
    keep(relayer, before, step)
}

fn with_relayer<T>(handle: u32, act: impl FnOnce(&Relayer) -> T) -> Result<T, JsValue> {
    RELAYERS.with(|relayers| match relayers.try_borrow().map_err(busy)?.get(handle) {
        Some(relayer) => Ok(act(relayer)),
        None => Err(thrown("internal_error", "This relayer is closed.".into())),
    })
}

/// Keeps the continuation of a step that is not the last, and describes the step.
fn keep(relayer: u32, before: State, step: SettleStep) -> Result<JsValue, JsValue> {
    let described = |what: &str, then| {
        let keep = |cashings: &RefCell<Slab<_>>| {
            Ok::<_, JsValue>(cashings.try_borrow_mut().map_err(busy)?.insert((relayer, before, then)))
        };
        Ok::<_, JsValue>(Object::new().text("do", what).number("cashing", CASHINGS.with(keep)?.into()))
    };
    let step = match step {
        SettleStep::Http { url, body, then } => described("http", then)?.text("url", &url).text("body", &body),
        SettleStep::Ledger { op, then } => {
            let news = match &op {
                LedgerOp::Write { entry, .. } => Event::of_move(before, entry).map(describe_event),
                LedgerOp::Read(_) | LedgerOp::Remove { .. } => None,
            };
            describe_op(op, described("ledger", then)?.value_if("news", news))
        }
        SettleStep::Done(finding) => Object::new().text("do", "done").text("finding", finding.code()),
    };
    Ok(to_js(&step.end()))
}

fn read_outcome(outcome: &Value) -> SettleOutcome {
    let status = outcome.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    if let (Some(status), Some(body)) = (status, outcome.get("body").and_then(Value::as_str)) {
        return SettleOutcome::Http { status, body: body.into() };
    }
    match read_ledger_outcome(outcome) {
        // Both kinds of step can meet silence, and each stage of the machine reads either as such.
        LedgerOutcome::Unreachable => SettleOutcome::HttpFailed,
        answered => SettleOutcome::Ledger(answered),
    }
}
