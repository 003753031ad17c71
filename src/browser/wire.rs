//! Steps and outcomes as JSON, the only language between the core and the shell.

use crate::json::Value;
use crate::payer::{Notice, Outcome, PayerError, RequestHead, ResponseHead, Send, Step};
use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

type Member = (&'static str, Option<Value>);

fn object(members: &[Member]) -> Value {
    Value::object(members.to_vec())
}

pub(super) fn error(error: &PayerError) -> Value {
    object(&[("error", Some(error.to_value()))])
}

/// What only a shell that breaks the rules can meet.
pub(super) fn internal_error() -> Value {
    let told =
        object(&[("code", Some("internal_error".into())), ("message", Some("The payer's handle is gone.".into()))]);
    object(&[("error", Some(told))])
}

pub(super) fn wallet(wallet: u32, address: String) -> Value {
    object(&[("wallet", Some(u64::from(wallet).into())), ("address", Some(address.into()))])
}

pub(super) fn payer(payer: u32, account: String) -> Value {
    object(&[("payer", Some(u64::from(payer).into())), ("account", Some(account.into()))])
}

pub(super) fn record(record: String) -> Value {
    object(&[("record", Some(record.into()))])
}

pub(super) fn document(document: Value) -> Value {
    object(&[("document", Some(document))])
}

pub(super) fn begun(flow: u32, step: Value) -> Option<Value> {
    let Value::Object(mut members) = step else { return None };
    members.push(("flow".into(), u64::from(flow).into()));
    Some(Value::Object(members))
}

pub(super) fn with_news(step: Value, notices: Vec<Notice>, record: Option<String>) -> Value {
    let Value::Object(mut members) = step else { return step };
    let notice = |notice| {
        let (kind, detail) = match notice {
            Notice::Payment(detail) => ("payment", detail),
            Notice::Ticket(detail) => ("ticket", detail),
        };
        object(&[("type", Some(kind.into())), ("detail", Some(detail))])
    };
    if !notices.is_empty() {
        members.push(("notices".into(), Value::Array(notices.into_iter().map(notice).collect())));
    }
    members.extend(record.map(|record| ("record".into(), record.into())));
    Value::Object(members)
}

pub(super) fn read_request(request: &Value) -> Option<RequestHead> {
    let flag = |name| request.get(name)?.as_bool();
    Some(RequestHead {
        method: request.get("method")?.as_str()?.to_owned(),
        url: request.get("url")?.as_str()?.to_owned(),
        authorized: flag("authorized")?,
        paid: flag("paid")?,
        replayable: flag("replayable")?,
    })
}

pub(super) fn read_outcome(outcome: &Value) -> Option<Outcome> {
    let text = |name| outcome.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(match outcome.get("got")?.as_str()? {
        "ready" => Outcome::Ready,
        "failed" => Outcome::Failed,
        "signed" => Outcome::Signed(text("signature").unwrap_or_default()),
        "response" => Outcome::Response(ResponseHead {
            status: outcome.get("status")?.as_u64()?.try_into().ok()?,
            url: text("url")?,
            redirected: outcome.get("redirected")?.as_bool()?,
            challenge: text("challenge"),
            receipt: text("receipt"),
            body: text("body"),
        }),
        _ => return None,
    })
}

/// None for the one step that never leaves: [`Step::Random`].
pub(super) fn step(step: &Step) -> Option<Value> {
    let act = |name: &str, (member, value): Member| object(&[("do", Some(name.into())), (member, value)]);
    Some(match step {
        Step::Send(send) => self::send(send),
        Step::Lock(name) => act("lock", ("name", Some(name.as_str().into()))),
        Step::Unlock(name) => act("unlock", ("name", Some(name.as_str().into()))),
        Step::Save => act("save", ("", None)),
        Step::Sign(payment) => act("sign", ("typedData", Some(payment.typed_data()))),
        Step::Sleep(milliseconds) => act("sleep", ("milliseconds", Some(u64::from(*milliseconds).into()))),
        Step::Done => act("done", ("", None)),
        Step::Rethrow => act("rethrow", ("", None)),
        Step::Fail { error, offer } => {
            object(&[("do", Some("fail".into())), ("error", Some(error.to_value())), ("offer", offer.clone())])
        }
        Step::Random => return None,
    })
}

fn send(send: &Send) -> Value {
    let (url, body, headers): (Option<&str>, Option<&str>, Option<Value>) = match send {
        Send::Plain => (None, None, None),
        Send::Ticket { url, ticket } => {
            let authorization = ["Bearer ", ticket].concat();
            (url.as_deref(), None, Some(object(&[("authorization", Some(authorization.into()))])))
        }
        Send::Payment { url, header, strip_authorization } => {
            let stripped = strip_authorization.then_some(Value::Null);
            let headers = object(&[("payment-signature", Some(header.as_str().into())), ("authorization", stripped)]);
            (url.as_deref(), None, Some(headers))
        }
        Send::Office { url, body } => {
            (Some(url), Some(body), Some(object(&[("content-type", Some("application/json".into()))])))
        }
    };
    object(&[
        ("do", Some("send".into())),
        ("url", url.map(Value::from)),
        ("headers", headers),
        ("body", body.map(Value::from)),
        ("mayFollowRedirects", Some(send.may_follow_redirects().into())),
    ])
}
