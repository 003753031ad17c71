//! Relayers by handle, and rounds through what is due.

use super::event::describe_event;
use super::port::{describe_http, describe_op, read_http, read_ledger_outcome, read_link, read_stored};
use crate::door::error::thrown;
use crate::door::shelf::Shelf;
use crate::door::value::{from_js, to_js};
use crate::gate::Event;
use crate::json::{Object, Value};
use crate::ledger::{LedgerOp, StoredLink};
use crate::settle::{
    FacilitatorClient, FacilitatorConfigError, Finding, FundsCheck, FundsStep, Relayer, RelayerConfig, Round,
    RoundStep, SettleOutcome, set_aside,
};
use crate::verify::ReplayKey;
use alloc::string::ToString as _;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

static RELAYERS: Shelf<Relayer> = Shelf::new();
/// Each with its relayer.
static ROUNDS: Shelf<(u32, Round)> = Shelf::new();
static FUNDS: Shelf<(u32, FundsCheck)> = Shelf::new();

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

/// Looks at stored records, `[{record, version}]`: those that are due, and those that wait for others.
#[wasm_bindgen(js_name = roundBegin)]
pub fn round_begin(relayer: u32, records: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let records = from_js(&records)?;
    let stored = records.elements().unwrap_or_default().iter().filter_map(read_stored).collect();
    let step = with_relayer(relayer, |own| Round::begin(own, stored, now.into()))?;
    keep(relayer, step)
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
#[wasm_bindgen(js_name = roundResume)]
pub fn round_resume(round: u32, outcome: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let outcome = read_outcome(&from_js(&outcome)?);
    let (relayer, round) = ROUNDS.take(round, "Nothing is being cashed.")?;
    let step = with_relayer(relayer, |own| round.resume(own, outcome, now.into()))?;
    keep(relayer, step)
}

/// Asks whether a relayer can pay for gas.
#[wasm_bindgen(js_name = fundsBegin)]
pub fn funds_begin(relayer: u32, now: u32) -> Result<JsValue, JsValue> {
    let step = with_relayer(relayer, |own| FundsCheck::begin(own, now.into()))?;
    keep_check(relayer, step)
}

/// Goes on with a node's answer, `{http}`; throws where the relayer cannot pay, or no node says whether it can.
#[wasm_bindgen(js_name = fundsResume)]
pub fn funds_resume(check: u32, outcome: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let outcome = read_outcome(&from_js(&outcome)?);
    let (relayer, check) = FUNDS.take(check, "Nothing is being checked.")?;
    let step = with_relayer(relayer, |own| check.resume(own, outcome, now.into()))?;
    keep_check(relayer, step)
}

fn keep_check(relayer: u32, step: FundsStep) -> Result<JsValue, JsValue> {
    match step {
        FundsStep::Http(request, check) => {
            let check = FUNDS.insert((relayer, check))?;
            Ok(to_js(describe_http(request, Object::new().text("do", "http").number("check", check.into())).end()))
        }
        FundsStep::Enough => Ok(to_js(Object::new().text("do", "done").end())),
        FundsStep::Failed(finding) => Err(thrown(finding.code(), finding.to_string())),
    }
}

pub(super) fn with_relayer<T>(handle: u32, act: impl FnOnce(&Relayer) -> T) -> Result<T, JsValue> {
    RELAYERS.look(handle, "This relayer is closed.", act)
}

/// Keeps the continuation of a step that is not the last, and describes the step; `looked` is what was found meanwhile.
fn keep(relayer: u32, step: RoundStep) -> Result<JsValue, JsValue> {
    let kept = |what: &str, mut then: Round| {
        let found = describe_found(then.take_found());
        let round = ROUNDS.insert((relayer, then))?;
        Ok::<_, JsValue>(Object::new().text("do", what).number("round", round.into()).value("looked", found))
    };
    let step = match step {
        RoundStep::Http { request, then } => describe_http(request, kept("http", then)?),
        RoundStep::Ledger { op, before, then } => {
            let news = match &op {
                LedgerOp::Write { entry, .. } => Event::of_move(before, entry).map(describe_event),
                LedgerOp::Lend { .. } | LedgerOp::Link { .. } | LedgerOp::Read(_) | LedgerOp::Remove { .. } => None,
            };
            describe_op(op, kept("ledger", then)?.value_if("news", news))
        }
        RoundStep::Done(found) => Object::new().text("do", "done").value("looked", describe_found(found)),
    };
    Ok(to_js(step.end()))
}

fn describe_found(found: Vec<(ReplayKey, Finding)>) -> Value {
    let one = |(key, finding): (ReplayKey, Finding)| {
        Object::new().shown("payment", &key).text("finding", finding.code()).shown("message", &finding).end()
    };
    found.into_iter().map(one).collect::<Vec<_>>().into()
}

fn read_outcome(outcome: &Value) -> SettleOutcome {
    match outcome.get("http") {
        Some(exchange) => SettleOutcome::Http(read_http(exchange)),
        None => SettleOutcome::Ledger(read_ledger_outcome(outcome)),
    }
}
