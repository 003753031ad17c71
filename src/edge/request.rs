//! What gates and facilitators speak with the shell alike: a request's head, and what is asked on the way.

#[cfg(feature = "cashier")]
use super::port::describe_op;
use super::port::{describe_http, read_http, read_ledger_outcome};
use crate::gate::{BodyFault, Effect, Outcome, RequestHead};
use crate::json::{Object, Value};
use alloc::borrow::Cow;

pub(super) struct Head<'a>(pub(super) &'a web_sys::Request);

impl RequestHead for Head<'_> {
    fn method(&self) -> Cow<'_, str> {
        self.0.method().into()
    }

    fn url(&self) -> Cow<'_, str> {
        self.0.url().into()
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0.headers().get(name).ok().flatten().map(Cow::Owned)
    }
}

pub(super) fn describe_effect(effect: Effect, flow: u32) -> Value {
    let described = |what: &str| Object::new().text("do", what).number("flow", flow.into());
    match effect {
        Effect::ReadBody { max_bytes } => {
            described("readBody").number("maxBytes", u64::try_from(max_bytes).unwrap_or_default()).end()
        }
        // A gate's alone, which writes it itself.
        Effect::Handle(_) => described("handle").end(),
        // A gate writes it itself too.
        #[cfg(not(feature = "cashier"))]
        Effect::Ledger(_) => described("ledger").end(),
        Effect::Sleep { ms } => described("sleep").number("ms", ms.into()).end(),
        #[cfg(feature = "cashier")]
        Effect::Ledger(op) => describe_op(op, described("ledger")).end(),
        Effect::Http(request) => describe_http(request, described("http")).end(),
    }
}

pub(super) fn read_outcome(outcome: &Value) -> Outcome {
    let status = outcome.get("status").and_then(Value::as_u64).map(|status| u16::try_from(status).unwrap_or(500));
    if let Some(status) = status {
        Outcome::Handled { status, charge: outcome.get("charge").and_then(Value::as_str).map(Into::into) }
    } else if let Some(body) = outcome.get("body") {
        Outcome::Body(body.as_str().map(Into::into).ok_or(BodyFault::TooLarge))
    } else if let Some(fault) = outcome.get("fault").and_then(Value::as_str) {
        Outcome::Body(Err(match fault {
            "large" => BodyFault::TooLarge,
            "encoding" => BodyFault::NotText,
            _ => BodyFault::TooSlow,
        }))
    } else if outcome.get("woke").is_some() {
        Outcome::Woke
    } else if let Some(exchange) = outcome.get("http") {
        Outcome::Http(read_http(exchange))
    } else {
        Outcome::Ledger(read_ledger_outcome(outcome))
    }
}
