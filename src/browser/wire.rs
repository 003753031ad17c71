//! Steps and outcomes as JSON, the only language between the core and the shell.

use crate::address::Address;
use crate::json::{Object, Value};
use crate::payer::{Notice, Outcome, PayerError, RequestHead, ResponseHead, Send, Step};
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn error(error: &PayerError) -> Value {
    Object::new().value("error", error.to_value()).end()
}

/// What only a shell that breaks the rules can meet.
pub(super) fn internal_error() -> Value {
    let told = Object::new().text("code", "internal_error").text("message", "The payer's handle is gone.").end();
    Object::new().value("error", told).end()
}

pub(super) fn nothing() -> Value {
    Object::new().end()
}

pub(super) fn wallet(wallet: u32, address: &str) -> Value {
    Object::new().number("wallet", wallet.into()).text("address", address).end()
}

pub(super) fn payer(payer: u32, account: &str, needs_full: bool) -> Value {
    let told = Object::new().number("payer", payer.into()).text("account", account);
    told.value("needsFull", needs_full.into()).end()
}

pub(super) fn saving() -> Value {
    Object::new().text("do", "save").end()
}

pub(super) fn document(document: Value) -> Value {
    Object::new().value("document", document).end()
}

pub(super) fn begun(flow: u32, step: Value) -> Option<Value> {
    let Value::Object(mut members) = step else { return None };
    members.push(("flow".into(), u64::from(flow).into()));
    Some(Value::Object(members))
}

pub(super) fn with_news(step: Value, notices: Vec<Notice>) -> Value {
    let Value::Object(mut members) = step else { return step };
    let notice = |notice| {
        let (kind, detail) = match notice {
            Notice::Payment(detail) => ("payment", detail),
            Notice::Ticket(detail) => ("ticket", detail),
            Notice::Receipt(detail) => ("receipt", detail),
        };
        Object::new().text("type", kind).value("detail", detail).end()
    };
    if !notices.is_empty() {
        members.push(("notices".into(), Value::Array(notices.into_iter().map(notice).collect())));
    }
    Value::Object(members)
}

pub(super) fn read_request(request: &Value) -> Option<RequestHead> {
    let flag = |name| request.get(name)?.as_bool();
    Some(RequestHead {
        method: request.owned("method")?,
        url: request.owned("url")?,
        authorized: flag("authorized")?,
        paid: flag("paid")?,
        replayable: flag("replayable")?,
        most: RequestHead::read_most(request.get("maxAmount")),
    })
}

pub(super) fn read_outcome(outcome: &Value) -> Option<Outcome> {
    Some(match outcome.text("got")? {
        "ready" => Outcome::Ready,
        "failed" => Outcome::Failed,
        "signed" if cfg!(feature = "outside-wallets") => {
            Outcome::Signed(outcome.owned("signature").unwrap_or_default())
        }
        "response" => Outcome::Response(ResponseHead {
            status: outcome.number("status")?.try_into().ok()?,
            url: outcome.owned("url")?,
            redirected: outcome.get("redirected")?.as_bool()?,
            challenge: outcome.owned("challenge"),
            receipt: outcome.owned("receipt"),
            date: outcome.number("date"),
            body: outcome.owned("body"),
        }),
        _ => return None,
    })
}

/// None for the step that never leaves, [`Step::Random`], and for those that a lean payer never takes.
pub(super) fn step(step: &Step, account: Address) -> Option<Value> {
    let act = |name: &str| Object::new().text("do", name);
    let act = match step {
        Step::Send(send) => self::send(act("send"), send),
        Step::Lock(name) => act("lock").text("name", name),
        Step::Unlock(name) => act("unlock").text("name", name),
        Step::Save => act("save"),
        Step::Allow(needed) => act("ask").text("option", "permit2").value("about", needed.clone()),
        Step::Confirm(change) if cfg!(feature = "full-payer") => {
            act("ask").text("option", "confirm").value("about", change.clone())
        }
        // A lent key needs to see nothing.
        Step::Sign(_) if cfg!(not(feature = "outside-wallets")) => act("sign"),
        Step::Sign(payment) => act("sign").value("typedData", payment.typed_data()),
        Step::SignIn(statement) if cfg!(feature = "full-payer") => {
            act("sign").text("message", &statement.text(account))
        }
        Step::Sleep(milliseconds) => act("sleep").number("milliseconds", (*milliseconds).into()),
        Step::Done => act("done"),
        Step::Rethrow => act("rethrow"),
        Step::Fail { error, offer } => act("fail").value("error", error.to_value()).value_if("offer", offer.clone()),
        Step::Random | Step::SignIn(_) | Step::Confirm(_) => return None,
    };
    Some(act.end())
}

fn send(act: Object, send: &Send) -> Object {
    let headers = Object::new();
    let (url, body, headers): (Option<&str>, Option<&str>, Option<Object>) = match send {
        Send::Plain => (None, None, None),
        Send::Ticket { url, ticket } => {
            let authorization = ["Bearer ", ticket].concat();
            (url.as_deref(), None, Some(headers.text("authorization", &authorization)))
        }
        Send::Payment { url, name, header, strip_authorization } => {
            let stripped = strip_authorization.then_some(Value::Null);
            (url.as_deref(), None, Some(headers.text(name, header).value_if("authorization", stripped)))
        }
        Send::Office { url, body } => (Some(url), Some(body), Some(headers.text("content-type", "application/json"))),
    };
    act.text_if("url", url)
        .value_if("headers", headers.map(Object::end))
        .text_if("body", body)
        .value("mayFollowRedirects", send.may_follow_redirects().into())
}
