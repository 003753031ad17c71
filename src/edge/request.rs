//! What gates and facilitators speak with the shell alike: a request's head, an answer, and what is asked on the way.

use super::port::{describe_http, describe_op, pair, read_http, read_ledger_outcome};
use crate::gate::{Admission, BodyFault, Effect, Header, Outcome, RequestHead, Response};
use crate::json::{Object, Value};
use crate::ticket::{Paid, Ticket};
use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};

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

pub(super) fn describe_response(response: Response) -> Value {
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

pub(super) fn describe_admission(what: &str, admission: Admission, flow: Option<u32>) -> Value {
    Object::new()
        .text("do", what)
        .number_if("flow", flow.map(u64::from))
        .value_if("charges", admission.charges.then(|| true.into()))
        .value_if("ticket", admission.ticket.as_ref().map(|ticket| describe_ticket(&admission.route, ticket)))
        .value_if("receipt", admission.receipt.map(pair))
        .end()
}

fn describe_ticket(route: &str, ticket: &Ticket) -> Value {
    let paid = |paid: Paid| {
        Object::new().shown("network", &paid.network).shown("asset", &paid.asset).shown("amount", &paid.amount).end()
    };
    Object::new()
        .text("route", route)
        .text("scope", &ticket.scope)
        .value_if("payer", ticket.payer.map(|payer| payer.to_string().into()))
        .text_if("jti", ticket.id.as_deref())
        .number("expires", ticket.expires_at)
        .value_if("paid", ticket.paid.map(paid))
        .end()
}

pub(super) fn describe_effect(effect: Effect, flow: u32) -> Value {
    let described = |what: &str| Object::new().text("do", what).number("flow", flow.into());
    match effect {
        Effect::ReadBody { max_bytes } => {
            described("readBody").number("maxBytes", u64::try_from(max_bytes).unwrap_or_default()).end()
        }
        Effect::Handle(admission) => describe_admission("handle", admission, Some(flow)),
        Effect::Sleep { ms } => described("sleep").number("ms", ms.into()).end(),
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
