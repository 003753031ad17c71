//! Gates by handle, and requests on their way through them.

use super::event::describe_event;
use super::port::{pair, pairs};
use super::request::{Head, describe_effect, read_outcome};
use super::written::{admission, answered, operation};
use crate::door::error::thrown;
use crate::door::shelf::Shelf;
use crate::door::value::{from_js, to_js};
use crate::gate::{Effect, Flow, Gate, Inquiry, Step};
use crate::json::{Object, Value};
use crate::settle::{FacilitatorClient, FacilitatorConfigError, Payee, RelayerConfig};
use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

static GATES: Shelf<Gate> = Shelf::new();
static FLOWS: Shelf<(u32, Flow)> = Shelf::new();

/// What a paid answer is dressed in, by the order in which the shell tells what is there.
const DRESS: [&str; 3] = ["cache-control", "access-control-allow-origin", "access-control-expose-headers"];

/// Reads a configuration and returns the gate's handle. `settler`, `{kind, options}` where there is one, is only looked
/// at: what is wrong with it is said now, not when something is cashed.
#[wasm_bindgen(js_name = gateOpen)]
pub fn gate_open(config: JsValue, settler: JsValue) -> Result<u32, JsValue> {
    check_settler(&from_js(&settler)?)?;
    let gate = Gate::from_config(&from_js(&config)?).map_err(|error| thrown(error.code(), error.to_string()))?;
    GATES.insert(gate)
}

fn check_settler(settler: &Value) -> Result<(), JsValue> {
    match (settler.get("kind").and_then(Value::as_str), settler.get("options")) {
        (Some("relayer"), Some(options)) => check_relayer(options),
        // The lean build opens no gate that has one.
        (Some("facilitator"), Some(options)) if cfg!(feature = "full-gate") => FacilitatorClient::from_value(options)
            .map(drop)
            .map_err(|error| thrown(FacilitatorConfigError::CODE, error.to_string())),
        _ => Ok(()),
    }
}

// By itself, so that a start without a relayer does not compile it: a host compiles a function when it is first called.
#[inline(never)]
fn check_relayer(options: &Value) -> Result<(), JsValue> {
    RelayerConfig::check(options).map_err(|error| thrown(error.code(), error.to_string()))
}

/// A request comes in for the route table. `now` in seconds since the epoch, here and everywhere.
#[wasm_bindgen(js_name = gateBegin)]
pub fn gate_begin(gate: u32, request: &web_sys::Request, now: u32) -> Result<JsValue, JsValue> {
    with_gate(gate, |own| own.begin(&Head(request), now.into())).and_then(|step| keep(gate, step))
}

/// A request comes in for a handler that was registered under this scope.
#[wasm_bindgen(js_name = gateBeginScope)]
pub fn gate_begin_scope(gate: u32, scope: &str, request: &web_sys::Request, now: u32) -> Result<JsValue, JsValue> {
    with_gate(gate, |own| own.begin_scope(scope, &Head(request), now.into())).and_then(|step| keep(gate, step))
}

/// A request comes in for the office.
#[wasm_bindgen(js_name = gateBeginOffice)]
pub fn gate_begin_office(gate: u32, request: &web_sys::Request, now: u32) -> Result<JsValue, JsValue> {
    with_gate(gate, |own| own.begin_office(&Head(request), now.into())).and_then(|step| keep(gate, step))
}

/// Goes on with the outcome of a step: `{body}`, `{fault}`, `{found}`, `{written}`, `{unreachable}`, `{status}`,
/// `{woke}` or `{http}`.
#[wasm_bindgen(js_name = flowResume)]
pub fn flow_resume(flow: u32, outcome: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let outcome = read_outcome(&from_js(&outcome)?);
    let (gate, flow) = FLOWS.take(flow, "This request is not waiting for anything.")?;
    with_gate(gate, |own| flow.resume(own, outcome, now.into())).and_then(|step| keep(gate, step))
}

/// Forgets a flow whose request went away.
#[wasm_bindgen(js_name = flowDrop)]
pub fn flow_drop(flow: u32) {
    drop(FLOWS.take(flow, ""));
}

/// What a paid answer gets on top of the handler's own headers and its receipt: `[name, value]` of each. `existing` are the
/// handler's own `Cache-Control`, `Access-Control-Allow-Origin` and `Access-Control-Expose-Headers`, null where there is none.
#[wasm_bindgen(js_name = gateDress)]
pub fn gate_dress(gate: u32, existing: JsValue) -> Result<JsValue, JsValue> {
    let existing = from_js(&existing)?;
    let own = |name: &str| {
        let place = DRESS.iter().position(|dress| *dress == name)?;
        existing.elements()?.get(place)?.as_str().map(Cow::Borrowed)
    };
    Ok(to_js(pairs(with_gate(gate, |gate| gate.dress(own))?)))
}

/// Who is paid in what, for comparisons of the ledger with the chain: a list of `{network, asset, account}`.
#[wasm_bindgen(js_name = gatePayees)]
pub fn gate_payees(gate: u32) -> Result<JsValue, JsValue> {
    let describe = |Payee { network, asset, account }: Payee| {
        Object::new().shown("network", &network).shown("asset", &asset).shown("account", &account).end()
    };
    let payees: Vec<Value> = with_gate(gate, |own| own.payees().into_iter().map(describe).collect())?;
    Ok(to_js(payees.into()))
}

/// The networks whose payments a gate of this configuration accepts on the signature alone, with blanks between them.
#[wasm_bindgen(js_name = gateUnchecked)]
pub fn gate_unchecked(config: JsValue) -> Result<String, JsValue> {
    let networks = Gate::unchecked(&from_js(&config)?).map_err(|error| thrown(error.code(), error.to_string()))?;
    Ok(networks.join(" "))
}

fn with_gate<T>(handle: u32, act: impl FnOnce(&Gate) -> T) -> Result<T, JsValue> {
    GATES.look(handle, "This gate is closed.", act)
}

/// Keeps the flow of a step that is not the last, and describes the step.
fn keep(gate: u32, mut step: Step) -> Result<JsValue, JsValue> {
    let mut events = Vec::new();
    while let Step::Tell(event, next) = step {
        events.push(describe_event(event));
        step = *next;
    }
    match step {
        Step::Respond(response) => Ok(answered(&response, events)),
        Step::Admit(own) => Ok(admission("admit", None, &own, events)),
        Step::Need(Effect::Handle(own), flow) => {
            Ok(admission("handle", Some(FLOWS.insert((gate, flow))?), &own, events))
        }
        Step::Need(Effect::Ledger(op), flow) => Ok(operation(&op, FLOWS.insert((gate, flow))?, events)),
        other => describe(gate, other, events),
    }
}

/// The steps between a request and its answer. By itself, because most requests have none.
#[inline(never)]
fn describe(gate: u32, step: Step, events: Vec<Value>) -> Result<JsValue, JsValue> {
    let mut described = match step {
        Step::File(name) => Object::new().text("do", "file").value("name", name.into()).end(),
        Step::Inquire(inquiry) => {
            Object::new().text("do", if inquiry == Inquiry::Report { "report" } else { "reconcile" }).end()
        }
        Step::Deliver { receipt } => Object::new().text("do", "deliver").value_if("receipt", receipt.map(pair)).end(),
        Step::Need(effect, flow) => describe_effect(effect, FLOWS.insert((gate, flow))?),
        // Those are described where they come from.
        Step::Respond(_) | Step::Admit(_) | Step::Tell(..) => Value::Null,
    };
    if let Value::Object(members) = &mut described
        && !events.is_empty()
    {
        members.push(("events".into(), events.into()));
    }
    Ok(to_js(described))
}
