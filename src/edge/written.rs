//! The steps that nearly every request comes to, written as text without a document in between: who may pass, and the gate's
//! own answer.

use crate::encoding::decimal;
use crate::gate::{Admission, Response};
use crate::json::{Value, Written, write_string};
use crate::ledger::{Entry, Facts, LedgerOp, Limits};
use crate::ticket::{Paid, Ticket};
use alloc::string::{String, ToString as _};
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
    let mut text = String::with_capacity(512);
    push(&mut text, "{\"do\":", what);
    if let Some(flow) = flow {
        push_bare(&mut text, ",\"flow\":", &decimal(flow.into()));
    }
    if admission.charges {
        text.push_str(",\"charges\":true");
    }
    if let Some(ticket) = &admission.ticket {
        push(&mut text, ",\"ticket\":{\"route\":", &admission.route);
        push_ticket(&mut text, ticket);
        text.push('}');
    }
    if let Some((name, value)) = &admission.receipt {
        push(&mut text, ",\"receipt\":[", name);
        push(&mut text, ",", value);
        text.push(']');
    }
    ended(text, events)
}

fn push_ticket(text: &mut String, ticket: &Ticket) {
    push(text, ",\"scope\":", &ticket.scope);
    if let Some(payer) = &ticket.payer {
        push(text, ",\"payer\":", &payer.to_checksummed());
    }
    if let Some(id) = &ticket.id {
        push(text, ",\"jti\":", id);
    }
    push_bare(text, ",\"expires\":", &decimal(ticket.expires_at));
    if let Some(Paid { network, asset, amount }) = &ticket.paid {
        push(text, ",\"paid\":{\"network\":", &network.to_string());
        push(text, ",\"asset\":", &asset.to_checksummed());
        push(text, ",\"amount\":", &amount.to_string());
        text.push('}');
    }
}

/// `{do: "respond", status, headers, body, events?}`. The body, which is text of JSON itself, does not become text of text on
/// its way.
pub(super) fn answered(response: &Response, events: Vec<Value>) -> JsValue {
    let mut text = String::with_capacity(2048);
    push_bare(&mut text, "{\"do\":\"respond\",\"status\":", &decimal(response.status.into()));
    text.push_str(",\"headers\":{");
    let mut before = "";
    for (name, value) in &response.headers {
        push(&mut text, before, name);
        push(&mut text, ":", value);
        before = ",";
    }
    text.push('}');
    let answer = ended(text, events);
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
            exact(step.spelled("key", key), "expected", *expected);
            None
        }
        LedgerOp::Link { link, expected } => {
            exact(exact(step.spelled("key", &link.key), "expected", *expected), "dueAt", link.due_at);
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
    let mut facts = Written::new(256);
    facts.text("state", state.name()).spelled("payer", &entry.authorization().payer());
    exact(exact(&mut facts, "worth", worth), "since", since);
    facts.bare("onCredit", if on_credit { "true" } else { "false" });
    if let Some(Limits { payer, all, window }) = limits {
        let mut limits = Written::new(128);
        exact(exact(&mut limits, "payer", *payer), "all", *all);
        if let Some((most, since)) = window {
            exact(exact(&mut limits, "window", *most), "windowSince", *since);
        }
        facts.bare("limits", &limits.end());
    }
    exact(step.spelled("key", &entry.key()), "expected", expected).bare("facts", &facts.end());
    if let Some(due_at) = entry.due_at() {
        exact(step, "dueAt", due_at);
    }
    entry.to_record()
}

/// An integer that JavaScript holds exactly is a number, and every other one a text, as in `to_js`.
fn exact<'a>(step: &'a mut Written, name: &str, number: u64) -> &'a mut Written {
    if number < 1 << 53 { step.number(name, number) } else { step.text(name, &decimal(number)) }
}

fn parsed(mut step: Written, events: Vec<Value>) -> JsValue {
    if !events.is_empty() {
        step.bare("events", &Value::from(events).to_string());
    }
    // What we write is JSON.
    js_sys::JSON::parse(&step.end()).unwrap_or(JsValue::UNDEFINED)
}

fn ended(mut text: String, events: Vec<Value>) -> JsValue {
    if !events.is_empty() {
        push_bare(&mut text, ",\"events\":", &Value::from(events).to_string());
    }
    text.push('}');
    // What we write is JSON.
    js_sys::JSON::parse(&text).unwrap_or(JsValue::UNDEFINED)
}

fn push_bare(text: &mut String, before: &str, value: &str) {
    text.push_str(before);
    text.push_str(value);
}

#[inline(never)]
fn push(text: &mut String, before: &str, value: &str) {
    text.push_str(before);
    write_string(text, value);
}
