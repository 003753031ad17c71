//! Relayers by handle, and checks on their way to be cashed.

use super::event::describe_event;
use super::port::{describe_http, describe_op, read_http, read_ledger_outcome, read_link, read_stored};
use crate::door::error::thrown;
use crate::door::shelf::Shelf;
use crate::door::value::{from_js, to_js};
use crate::gate::Event;
use crate::json::{Object, Value};
use crate::ledger::{LedgerOp, State, StoredLink};
use crate::settle::{
    Cashing, FacilitatorClient, FacilitatorConfigError, Relayer, RelayerConfig, SettleOutcome, SettleStep, set_aside,
};
use alloc::string::ToString as _;
use wasm_bindgen::prelude::*;

static RELAYERS: Shelf<Relayer> = Shelf::new();
/// Each with its relayer and the state that its record had when the look began.
static CASHINGS: Shelf<(u32, State, Cashing)> = Shelf::new();

/// How long a record that cannot be read is left alone, in seconds.
const DAMAGED_WAIT: u64 = 3_600;

/// Reads a relayer's configuration and returns its handle.
#[wasm_bindgen(js_name = relayerOpen)]
pub fn relayer_open(config: JsValue) -> Result<u32, JsValue> {
    let (config, key) =
        RelayerConfig::from_value(&from_js(&config)?).map_err(|error| thrown(error.code(), error.to_string()))?;
    RELAYERS.insert(Relayer::new(config, key))
}

/// Reads how a facilitator is reached and returns the handle of a relayer that leaves the sending to it.
#[wasm_bindgen(js_name = handoverOpen)]
pub fn handover_open(config: JsValue) -> Result<u32, JsValue> {
    let (facilitator, config) = FacilitatorClient::from_value(&from_js(&config)?)
        .map_err(|error| thrown(FacilitatorConfigError::CODE, error.to_string()))?;
    RELAYERS.insert(Relayer::through(facilitator, config))
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

/// What is to be written for a record `{key, record, version}` that no settler here looks after, as a step of the ledger
/// with its `finding`. One that cannot even be read stays as it is, for somebody who can.
#[wasm_bindgen(js_name = recordAside)]
pub fn record_aside(stored: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let found = from_js(&stored)?;
    let now = u64::from(now);
    let step = match (read_stored(&found), read_link(&found)) {
        (Some(stored), _) => {
            let (op, finding) = set_aside(stored, now);
            describe_op(op, Object::new()).text("finding", finding.code())
        }
        // It is due when it can be forgotten, and nobody needs to hear of it.
        (None, Some(StoredLink { link, version: expected })) => {
            describe_op(LedgerOp::Remove { key: link.key, expected }, Object::new())
        }
        (None, None) => Object::new()
            .value_if("key", found.get("key").cloned())
            .value_if("expected", found.get("version").cloned())
            .value_if("record", found.get("record").cloned())
            .number("dueAt", now.saturating_add(DAMAGED_WAIT))
            .text("finding", "damaged_record"),
    };
    Ok(to_js(step.end()))
}

/// Goes on with the outcome of a step: `{http}`, or what the ledger answered.
#[wasm_bindgen(js_name = cashingResume)]
pub fn cashing_resume(cashing: u32, outcome: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let outcome = read_outcome(&from_js(&outcome)?);
    let (relayer, before, cashing) = CASHINGS.take(cashing, "This check is not being cashed.")?;
    let step = with_relayer(relayer, |own| own.resume(cashing, outcome, now.into()))?;
    keep(relayer, before, step)
}

pub(super) fn with_relayer<T>(handle: u32, act: impl FnOnce(&Relayer) -> T) -> Result<T, JsValue> {
    RELAYERS.look(handle, "This relayer is closed.", act)
}

/// Keeps the continuation of a step that is not the last, and describes the step.
fn keep(relayer: u32, before: State, step: SettleStep) -> Result<JsValue, JsValue> {
    let described = |what: &str, then| {
        let cashing = CASHINGS.insert((relayer, before, then))?;
        Ok::<_, JsValue>(Object::new().text("do", what).number("cashing", cashing.into()))
    };
    let step = match step {
        SettleStep::Http { request, then } => describe_http(request, described("http", then)?),
        SettleStep::Ledger { op, then } => {
            let news = match &op {
                LedgerOp::Write { entry, .. } => Event::of_move(before, entry).map(describe_event),
                LedgerOp::Lend { .. } | LedgerOp::Link { .. } | LedgerOp::Read(_) | LedgerOp::Remove { .. } => None,
            };
            describe_op(op, described("ledger", then)?.value_if("news", news))
        }
        SettleStep::Done(finding) => {
            Object::new().text("do", "done").text("finding", finding.code()).shown("message", &finding)
        }
    };
    Ok(to_js(step.end()))
}

fn read_outcome(outcome: &Value) -> SettleOutcome {
    match outcome.get("http") {
        Some(exchange) => SettleOutcome::Http(read_http(exchange)),
        None => SettleOutcome::Ledger(read_ledger_outcome(outcome)),
    }
}
