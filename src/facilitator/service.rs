//! A request comes in: which door, who knocks, and what its payment is worth.

use super::settling::look_up;
use super::{Facilitator, Flow};
use crate::dialect::facilitator::{
    MAX_REQUEST_BYTES, Request, read_request, write_settle_answer, write_supported, write_verify_answer,
};
use crate::dialect::words::{v1_word, v2_word};
use crate::gate::{BodyFault, Effect, RequestHead, Response, split_url};
use crate::http::{HttpAnswer, HttpFault};
use crate::json::{Object, Value};
use crate::keccak::keccak256;
use crate::protocol::{
    Dialect, Kind, Method, OwnRequirement, PaymentRequirements, ReceivedPayment, Refusal, SettleAnswer, VerifyAnswer,
};
use crate::verify::{Candidate, Verdict, VerifiedPayment, inspect};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// What the shell does next.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "a shell handles every step")]
pub enum Step {
    /// Send this; the end.
    Respond(Response),
    /// Do this, then resume the flow with its outcome.
    Need(Effect, Flow),
}

/// What is asked about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Verify,
    Settle,
}

/// In what form a question is answered.
#[derive(Debug)]
pub(super) struct Tone {
    pub(super) door: Door,
    pub(super) dialect: Dialect,
    /// In the spelling of the question.
    pub(super) network: String,
}

impl Facilitator {
    /// A request comes in.
    #[must_use]
    pub fn begin(&self, head: &impl RequestHead) -> Step {
        let url = head.url();
        let path = split_url(&url).and_then(|(_, path)| path.strip_prefix(&*self.path));
        let (door, method) = match path {
            Some("/supported") => (None, "GET"),
            Some("/verify") => (Some(Door::Verify), "POST"),
            Some("/settle") => (Some(Door::Settle), "POST"),
            _ => return problem(404, "no_such_route"),
        };
        if head.method() != method {
            let mut response = response(405, &described("method_not_allowed"));
            response.headers.push(("Allow", method.into()));
            return Step::Respond(response);
        }
        if !self.lets_in(head.header("authorization").as_deref()) {
            return problem(401, "unauthorized");
        }
        match door {
            None => answer(200, &write_supported(&self.kinds(), self.signer)),
            Some(door) => Step::Need(Effect::ReadBody { max_bytes: MAX_REQUEST_BYTES }, Flow::reading_body(door)),
        }
    }

    /// Hashes are compared, so that the time it takes tells nothing about the secret (S34).
    fn lets_in(&self, authorization: Option<&str>) -> bool {
        let given = authorization.and_then(|value| value.split_once(' '));
        let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        self.secrets.is_empty()
            || given.is_some_and(|(_, secret)| self.secrets.contains(&keccak256(&[secret.trim().as_bytes()])))
    }

    fn kinds(&self) -> Vec<Kind> {
        let kind = |version, network| Kind { version, scheme: "exact".into(), network };
        let of_v2 = self.networks.iter().map(|network| kind(2, network.to_string()));
        let of_v1 = self.networks.iter().filter_map(|network| Some(kind(1, network.v1_name()?.into())));
        of_v2.chain(of_v1).collect()
    }

    /// The body arrived, or did not. `now` in seconds since the epoch.
    pub(super) fn receive(&self, door: Door, body: Result<String, BodyFault>, now: u64) -> Step {
        let body = match body {
            Ok(body) => body,
            Err(BodyFault::TooLarge) => return problem(413, "payment_too_large"),
            Err(BodyFault::NotText) => return problem(400, "invalid_encoding"),
            Err(BodyFault::TooSlow) => return problem(408, "body_too_slow"),
        };
        let Request { dialect, network, about } = read_request(&body);
        let tone = Tone { door, dialect, network };
        match about.and_then(|(payment, requirements)| self.inspect(&payment, requirements, now)) {
            Ok(candidate) => match &self.rpc {
                Some(rpc) => {
                    let request = candidate.ask(rpc, &[]);
                    Step::Need(Effect::Http(request), Flow::asking(candidate, tone))
                }
                None => match candidate.by_key() {
                    Ok(payment) => self.accept(&payment, tone, now),
                    Err(refusal) => tone.refuse(refusal),
                },
            },
            Err(refusal) => tone.refuse(refusal),
        }
    }

    /// The node answered. What it says nothing of use about is neither good nor bad: no verdict (S51).
    pub(super) fn weigh(
        &self,
        candidate: Candidate,
        tone: Tone,
        node: &Result<HttpAnswer, HttpFault>,
        now: u64,
    ) -> Step {
        match candidate.weigh(node, &[]) {
            Verdict::Good(payment) => self.accept(&payment, tone, now),
            // It may have been settled here, which is why it cannot be settled again.
            Verdict::Uncashable(payment, refusal) => look_up(&payment, tone, Some(refusal)),
            Verdict::Refused(refusal) => tone.refuse(refusal),
            Verdict::Unusable(_) => problem(503, "chain_unreachable"),
        }
    }

    fn accept(&self, payment: &VerifiedPayment, tone: Tone, now: u64) -> Step {
        match tone.door {
            Door::Verify => look_up(payment, tone, None),
            Door::Settle => self.take_on(payment, tone, now),
        }
    }

    /// The requirements are the asking server's; the assets, their domains and the chains are ours (S14, S56).
    fn inspect(
        &self,
        payment: &ReceivedPayment,
        requirements: PaymentRequirements,
        now: u64,
    ) -> Result<Candidate, Refusal> {
        // A ceiling is none of our kinds.
        if matches!(requirements.method, Method::Upto { .. }) {
            return Err(Refusal::Scheme);
        }
        let asset = self.assets.find(requirements.network, requirements.asset).ok_or(Refusal::NoMatch)?;
        let welcome = self.payees.is_empty() || self.payees.contains(&requirements.pay_to);
        if !welcome || !self.networks.contains(&requirements.network) {
            return Err(Refusal::NoMatch);
        }
        inspect(payment, &[OwnRequirement { requirements, asset }], now, self.skew)
    }
}

/// In the words of the stock SDKs: `invalidReason` of `/verify`, `errorReason` of `/settle`.
pub(super) fn word(dialect: Dialect, code: &'static str) -> String {
    if dialect == Dialect::V1 { v1_word(code) } else { v2_word(code) }.into()
}

impl Tone {
    pub(super) fn refuse(&self, refusal: Refusal) -> Step {
        let reason = Some(word(self.dialect, refusal.code()));
        let document = match self.door {
            Door::Verify => write_verify_answer(&VerifyAnswer { is_valid: false, payer: None, reason }),
            Door::Settle => write_settle_answer(&SettleAnswer::not_settled(reason), &self.network),
        };
        // What is malformed is told by its status too; what is refused is an ordinary answer.
        answer(if matches!(refusal.status(), 402 | 412) { 200 } else { refusal.status() }, &document)
    }
}

/// An answer that is none of the API's: a server must not take it for a verdict about its payment.
pub(super) fn problem(status: u16, code: &'static str) -> Step {
    answer(status, &described(code))
}

fn described(code: &str) -> Value {
    Object::new().text("error", code).text("code", code).end()
}

pub(super) fn answer(status: u16, body: &Value) -> Step {
    Step::Respond(response(status, body))
}

fn response(status: u16, body: &Value) -> Response {
    let headers = Vec::from([("Content-Type", "application/json".into()), ("Cache-Control", "no-store".into())]);
    Response { status, headers, body: body.to_string() }
}
