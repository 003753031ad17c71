//! The steps that nearly every request comes to, written as text without a document in between: who may pass, and the gate's
//! own answer.

use crate::gate::{Admission, Response};
use crate::json::{Value, Written};
use crate::ledger::{Entry, Facts, LedgerOp, Limits};
use crate::spell::Spell as _;
use crate::ticket::{Paid, Ticket};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Answer;
    #[wasm_bindgen(method, setter, structural)]
    fn set_body(this: &Answer, body: &str);

    type Operation;
    #[wasm_bindgen(method, setter, structural)]
    fn set_record(this: &Operation, record: &str);
}

/// `{do, flow?, charges?, ticket?, receipt?, events?}`.
pub(super) fn admission(what: &str, flow: Option<u32>, admission: &Admission, events: Vec<Value>) -> JsValue {
    let mut step = Written::new(512);
    step.text("do", what).number_if("flow", flow.map(u64::from)).flag("charges", admission.charges);
    if let Some(ticket) = &admission.ticket {
        step.open("ticket").text("route", &admission.route);
        write_ticket(&mut step, ticket);
        step.close();
    }
    if let Some((name, value)) = &admission.receipt {
        step.texts("receipt", &[name, value]);
    }
    parsed(step, events)
}

fn write_ticket(step: &mut Written, ticket: &Ticket) {
    step.text("scope", &ticket.scope);
    if let Some(payer) = &ticket.payer {
        step.spelled("payer", payer);
    }
    step.text_if("jti", ticket.id.as_deref()).number("expires", ticket.expires_at);
    if let Some(Paid { network, asset, amount }) = &ticket.paid {
        step.open("paid").spelled("network", network).spelled("asset", asset).spelled("amount", amount).close();
    }
}

/// `{do: "respond", status, headers, body, events?}`. The body, which is text of JSON itself, does not become text of text on
/// its way.
pub(super) fn answered(response: &Response, events: Vec<Value>) -> JsValue {
    let mut step = Written::new(2048);
    step.text("do", "respond").number("status", response.status.into()).open("headers");
    for (name, value) in &response.headers {
        step.text(name, value);
    }
    step.close();
    let answer = parsed(step, events);
    answer.unchecked_ref::<Answer>().set_body(&response.body);
    answer
}

/// `{do: "ledger", flow, key, ...}`, as `describe_op` has it. The record, which is text of JSON itself, crosses beside it.
pub(super) fn operation(op: &LedgerOp, flow: u32, events: Vec<Value>) -> JsValue {
    let mut step = Written::new(512);
    step.text("do", "ledger").number("flow", flow.into());
    let record = match op {
        LedgerOp::Read(key) => {
            step.spelled("key", key);
            None
        }
        LedgerOp::Remove { key, expected } => {
            step.spelled("key", key).exact("expected", *expected);
            None
        }
        LedgerOp::Link { link, expected } => {
            step.spelled("key", &link.key).exact("expected", *expected).exact("dueAt", link.due_at);
            Some(link.to_record())
        }
        LedgerOp::Write { entry, expected } => Some(write_entry(&mut step, entry, *expected, None)),
        LedgerOp::Lend { entry, limits } => Some(write_entry(&mut step, entry, 0, Some(limits))),
    };
    let step = parsed(step, events);
    if let Some(record) = record {
        step.unchecked_ref::<Operation>().set_record(&record);
    }
    step
}

fn write_entry(step: &mut Written, entry: &Entry, expected: u64, limits: Option<&Limits>) -> String {
    let Facts { state, worth, since, on_credit } = entry.facts();
    step.spelled("key", &entry.key()).exact("expected", expected).open("facts");
    step.text("state", state.name()).spelled("payer", &entry.authorization().payer());
    step.exact("worth", worth).exact("since", since);
    step.bare("onCredit", if on_credit { "true" } else { "false" });
    if let Some(Limits { payer, all, window }) = limits {
        step.open("limits").exact("payer", *payer).exact("all", *all);
        if let Some((most, since)) = window {
            step.exact("window", *most).exact("windowSince", *since);
        }
        step.close();
    }
    step.close();
    if let Some(due_at) = entry.due_at() {
        step.exact("dueAt", due_at);
    }
    entry.to_record()
}

fn parsed(mut step: Written, events: Vec<Value>) -> JsValue {
    if !events.is_empty() {
        step.bare("events", &Value::from(events).spell());
    }
    // What we write is JSON.
    js_sys::JSON::parse(&step.end()).unwrap_or(JsValue::UNDEFINED)
}
