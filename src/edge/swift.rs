//! The two ends that nearly every request comes to, written as text without a document in between: who may pass, and the
//! gate's own answer. With something to tell an operator's hook, the same is described in [`super::request`].

use super::spelling::push_spelled;
use crate::gate::{Admission, Response};
use crate::json::Value;
use crate::ticket::{Paid, Ticket};
use alloc::string::{String, ToString as _};
use core::fmt::Write as _;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Answer;
    #[wasm_bindgen(method, setter, structural)]
    fn set_body(this: &Answer, body: &str);
}

/// `{do: "admit", …}`.
pub(super) fn admitted(admission: &Admission) -> JsValue {
    let mut text = String::with_capacity(512);
    text.push_str("{\"do\":\"admit\"");
    if admission.charges {
        text.push_str(",\"charges\":true");
    }
    if let Some((name, value)) = &admission.receipt {
        text.push_str(",\"receipt\":[");
        push_string(&mut text, name);
        text.push(',');
        push_string(&mut text, value);
        text.push(']');
    }
    if let Some(ticket) = &admission.ticket {
        push(&mut text, ",\"ticket\":{\"route\":", &admission.route);
        push_ticket(&mut text, ticket);
        text.push('}');
    }
    text.push('}');
    parsed(&text)
}

fn push_ticket(text: &mut String, ticket: &Ticket) {
    push(text, ",\"scope\":", &ticket.scope);
    if let Some(payer) = &ticket.payer {
        text.push_str(",\"payer\":\"");
        push_spelled(text, payer);
        text.push('"');
    }
    if let Some(id) = &ticket.id {
        push(text, ",\"jti\":", id);
    }
    text.push_str(",\"expires\":");
    text.push_str(&Value::from(ticket.expires_at).to_string());
    if let Some(Paid { network, asset, amount }) = &ticket.paid {
        // A string takes whatever is written to it.
        let _ = write!(text, ",\"paid\":{{\"network\":\"{network}\",\"asset\":\"");
        push_spelled(text, asset);
        let _ = write!(text, "\",\"amount\":\"{amount}\"}}");
    }
}

/// `{do: "respond", …}`. The body, which is text of JSON itself, does not become text of text on its way.
pub(super) fn answered(response: &Response) -> JsValue {
    let mut text = String::with_capacity(1024);
    text.push_str("{\"do\":\"respond\",\"status\":");
    text.push_str(&Value::from(u64::from(response.status)).to_string());
    let mut before = ",\"headers\":{";
    for (name, value) in &response.headers {
        push(&mut text, before, name);
        push(&mut text, ":", value);
        before = ",";
    }
    text.push_str(if response.headers.is_empty() { "}" } else { "}}" });
    let answer = parsed(&text);
    answer.unchecked_ref::<Answer>().set_body(&response.body);
    answer
}

fn parsed(text: &str) -> JsValue {
    // What we write is JSON.
    js_sys::JSON::parse(text).unwrap_or(JsValue::UNDEFINED)
}

fn push(text: &mut String, before: &str, value: &str) {
    text.push_str(before);
    push_string(text, value);
}

/// Most texts stand for themselves; the others are written by who knows how.
fn push_string(text: &mut String, value: &str) {
    if value.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'<')) {
        text.push('"');
        text.push_str(value);
        text.push('"');
    } else {
        text.push_str(&Value::from(value).to_string());
    }
}
