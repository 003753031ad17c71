//! Steps and outcomes as JSON, the only language between the core and the shell.

use crate::address::Address;
use crate::json::{Object, Value};
use crate::payer::{Notice, Outcome, Payer, RequestHead, ResponseHead, Send, Step};
use crate::spell::Spell as _;
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::vec::Vec;

pub(super) fn error(told: Value) -> Value {
    Object::new().value("error", told).end()
}

/// What only a shell that breaks the rules can meet.
pub(super) fn internal_error() -> Value {
    Object::new().text("code", "internal_error").text("message", "The payer's handle is gone.").end()
}

pub(super) fn nothing() -> Value {
    Object::new().end()
}

pub(super) fn wallet(wallet: u32, address: Address) -> Value {
    Object::new().number("wallet", wallet.into()).spelled("address", &address).end()
}

pub(super) fn payer(payer: u32, account: Address, needs_full: bool) -> Value {
    let told = Object::new().number("payer", payer.into()).spelled("account", &account);
    told.value("needsFull", needs_full.into()).end()
}

pub(super) fn saving() -> Value {
    Object::new().text("do", "save").end()
}

/// An answer, and behind it the state as it is kept.
#[allow(clippy::single_char_add_str, reason = "texts are pushed by what is there anyway")]
pub(super) fn with_record(answer: &Value, payer: &Payer) -> Value {
    let mut text = answer.spell();
    text.push_str("\n");
    Value::spelled_out(payer.record_behind(text))
}

pub(super) fn document(document: Value) -> Value {
    Object::new().value("document", document).end()
}

/// `None` where there are none.
pub(super) fn notices(notices: Vec<Notice>) -> Option<Value> {
    let mut told = Vec::new();
    for notice in notices {
        let (kind, detail) = match notice {
            Notice::Payment(detail) => ("payment", detail),
            Notice::Ticket(detail) => ("ticket", detail),
            Notice::Receipt(detail) => ("receipt", detail),
        };
        told.push(Object::new().text("type", kind).value("detail", detail).end());
    }
    (!told.is_empty()).then_some(Value::Array(told))
}

pub(super) fn read_request(request: &Value) -> Option<RequestHead> {
    let flag = |name| request.get(name)?.as_bool();
    let (authorized, paid, replayable) = (flag("authorized")?, flag("paid")?, flag("replayable")?);
    let (method, url) = (request.text("method")?, request.text("url")?);
    Some(RequestHead {
        method: method.to_owned(),
        url: url.to_owned(),
        authorized,
        paid,
        replayable,
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
        "response" => {
            let status = outcome.number("status")?.try_into().ok()?;
            let (url, redirected) = (outcome.text("url")?, outcome.get("redirected")?.as_bool()?);
            Outcome::Response(Box::new(ResponseHead {
                status,
                url: url.to_owned(),
                redirected,
                challenge: outcome.owned("challenge"),
                receipt: outcome.owned("receipt"),
                date: outcome.number("date"),
                body: outcome.owned("body"),
            }))
        }
        _ => return None,
    })
}

/// A step, to which its news may be added. None for the step that never leaves, [`Step::Random`], and for those that a
/// lean payer never takes.
pub(super) fn step(step: Step, payer: &Payer) -> Option<Object> {
    let act = |name: &str| Object::new().text("do", name);
    Some(match step {
        Step::Send(send) => self::send(act("send"), send),
        Step::Lock(name) => act("lock").value("name", name.into()),
        Step::Unlock(name) => act("unlock").value("name", name.into()),
        Step::Save => act("save"),
        Step::Allow(needed) => act("ask").text("option", "permit2").value("about", needed),
        Step::Confirm(change) if cfg!(feature = "full-payer") => {
            act("ask").text("option", "confirm").value("about", change)
        }
        // A lent key needs to see nothing.
        Step::Sign(_) if cfg!(not(feature = "outside-wallets")) => act("sign"),
        Step::Sign(payment) => act("sign").value("typedData", payment.typed_data()),
        Step::SignIn(statement) if cfg!(feature = "full-payer") => {
            act("sign").value("message", statement.text(payer.account()).into())
        }
        Step::Sleep(milliseconds) => act("sleep").number("milliseconds", milliseconds.into()),
        Step::Done => act("done"),
        Step::Rethrow => act("rethrow"),
        Step::Fail { error, offer } => act("fail").value("error", error.to_value()).value_if("offer", offer),
        Step::Random | Step::SignIn(_) | Step::Confirm(_) => return None,
    })
}

fn send(act: Object, send: Send) -> Object {
    let stays = !send.may_follow_redirects();
    let headers = Object::new();
    let (url, headers, body) = match send {
        Send::Plain => (None, headers, None),
        Send::Ticket { url, ticket } => {
            (url, headers.value("authorization", ["Bearer ", &ticket].concat().into()), None)
        }
        Send::Payment { url, name, header, strip_authorization } => {
            let stripped = strip_authorization.then_some(Value::Null);
            (url, headers.value(name, header.into()).value_if("authorization", stripped), None)
        }
        Send::Office { url, body } => (Some(url), headers.text("content-type", "application/json"), Some(body)),
    };
    act.value_if("url", url.map(Value::from))
        .value_if("headers", stays.then(|| headers.end()))
        .value_if("body", body.map(Value::from))
        .value("mayFollowRedirects", (!stays).into())
}
