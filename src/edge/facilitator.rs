//! Facilitators of our own by handle, and requests on their way through them.

use super::request::{Head, describe_effect, read_outcome};
use crate::door::error::thrown;
use crate::door::shelf::Shelf;
use crate::door::value::{from_js, to_js};
use crate::facilitator::{Facilitator, Flow, Step};
use crate::gate::{Header, Response};
use crate::json::{Object, Value};
use alloc::string::{String, ToString as _};
use wasm_bindgen::prelude::*;

static FACILITATORS: Shelf<Facilitator> = Shelf::new();
static FLOWS: Shelf<(u32, Flow)> = Shelf::new();

/// Reads a configuration and returns the facilitator's handle.
#[wasm_bindgen(js_name = facilitatorOpen)]
pub fn facilitator_open(config: JsValue) -> Result<u32, JsValue> {
    let facilitator =
        Facilitator::from_config(&from_js(&config)?).map_err(|error| thrown(error.code(), error.to_string()))?;
    FACILITATORS.insert(facilitator)
}

/// A request comes in.
#[wasm_bindgen(js_name = facilitatorBegin)]
pub fn facilitator_begin(facilitator: u32, request: &web_sys::Request) -> Result<JsValue, JsValue> {
    with_facilitator(facilitator, |own| own.begin(&Head(request))).and_then(|step| keep(facilitator, step))
}

/// Goes on with the outcome of a step, in the words of `flowResume`.
#[wasm_bindgen(js_name = facilitatorResume)]
pub fn facilitator_resume(flow: u32, outcome: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let outcome = read_outcome(&from_js(&outcome)?);
    let (facilitator, flow) = FLOWS.take(flow, "This request is not waiting for anything.")?;
    with_facilitator(facilitator, |own| flow.resume(own, outcome, now.into())).and_then(|step| keep(facilitator, step))
}

/// Forgets a flow whose request went away.
#[wasm_bindgen(js_name = facilitatorDrop)]
pub fn facilitator_drop(flow: u32) {
    drop(FLOWS.take(flow, ""));
}

fn with_facilitator<T>(handle: u32, act: impl FnOnce(&Facilitator) -> T) -> Result<T, JsValue> {
    FACILITATORS.look(handle, "This facilitator is closed.", act)
}

fn keep(facilitator: u32, step: Step) -> Result<JsValue, JsValue> {
    let described = match step {
        Step::Respond(response) => describe_response(response),
        Step::Need(effect, flow) => describe_effect(effect, FLOWS.insert((facilitator, flow))?),
    };
    Ok(to_js(described))
}

fn describe_response(response: Response) -> Value {
    Object::new()
        .text("do", "respond")
        .number("status", response.status.into())
        .value("headers", Value::Object(response.headers.into_iter().map(header).collect()))
        .value("body", response.body.into())
        .end()
}

fn header((name, value): Header) -> (String, Value) {
    (name.into(), value.into())
}
