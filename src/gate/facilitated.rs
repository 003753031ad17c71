//! A facilitator at the gate's side: whether it settles what is sold here, what it says of a payment, and what it is
//! handed to settle.

use super::flow::{Flow, Stage};
use super::full::IS_FULL;
use super::purchase::Purchase;
use super::reader::{ConfigError, Reader};
use super::routes::{Route, Routes};
use super::step::{Effect, Outcome, Step};
use super::{Gate, GateError};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::authorization::permit2::Spender;
use crate::dialect::facilitator::{read_signers, read_supported, read_verify_answer, with_amount, write_request};
use crate::dialect::v2;
use crate::http::HttpAnswer;
use crate::json::Value;
use crate::ledger::{Entry, LedgerOp, LedgerOutcome};
use crate::network::Network;
use crate::protocol::{Kind, Method, Offer, SignedPayment};
use crate::seal::Seal;
use crate::settle::FacilitatorClient;
use crate::verify::VerifiedPayment;
use alloc::string::{String, ToString as _};
use core::sync::atomic::{AtomicBool, Ordering};

/// The facilitators that the operator named.
pub(super) struct Facilitated {
    settler: Option<FacilitatorClient>,
    verifier: Option<FacilitatorClient>,
    /// The settler was heard to settle on every network of this gate.
    settles_all: AtomicBool,
}

/// What was asked last about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The ledger: a payment that was taken before gets its answer, whatever a facilitator says by now (S41).
    Ledger,
    /// The settler: what it settles. It asked for a rest so often.
    Kinds { rests: u8 },
    /// The verifier: what it says of this payment.
    Verdict,
}

const MOST_RESTS: u8 = 2;
/// The longest that a visitor waits for a facilitator's rest, in seconds.
const LONGEST_REST: u32 = 5;

impl Facilitated {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Self, ConfigError> {
        let mut client = |name| match config.value(name) {
            Some(options) if IS_FULL => match FacilitatorClient::from_value(options) {
                Ok((client, _)) => Ok(Some(client)),
                Err(error) => Err(config.wrong(name, error)),
            },
            _ => Ok(None),
        };
        Ok(Self { settler: client("settleVia")?, verifier: client("verifyVia")?, settles_all: AtomicBool::new(false) })
    }

    const fn is_there(&self) -> bool {
        IS_FULL && (self.settler.is_some() || self.verifier.is_some())
    }

    /// The payment as it came, where a facilitator will be asked with it.
    pub(super) fn document(&self, read: impl FnOnce() -> Option<Value>) -> Option<Value> {
        if self.is_there() { read() } else { None }
    }

    /// Who sends the settler's transfers.
    pub(super) fn account(&self) -> Option<Address> {
        self.settler.as_ref().and_then(FacilitatorClient::account)
    }

    pub(super) const fn settles(&self) -> bool {
        IS_FULL && self.settler.is_some()
    }
}

impl Gate {
    /// A payment that is good by our own checks: on to the ledger, or to a facilitator first.
    pub(super) fn consult(&self, mut purchase: Purchase, now: u64) -> Step {
        if !self.facilitated.is_there() {
            return self.buy(purchase, now);
        }
        let document = purchase.order.document.take();
        purchase.body =
            self.routes.by_scope(&purchase.order.scope).and_then(|route| body(&purchase.payment, route, document));
        if purchase.body.is_none() {
            return purchase.fail(self, GateError::FacilitatorUnsupported);
        }
        let op = LedgerOp::Read(purchase.payment.replay_key());
        need(Effect::Ledger(op), purchase, Asked::Ledger)
    }

    /// What was asked is answered. Nothing is claimed yet, so whatever fails leaves the payment unused (S43).
    pub(super) fn consulted(&self, purchase: Purchase, asked: Asked, outcome: Outcome, now: u64) -> Step {
        match (asked, outcome) {
            (Asked::Ledger, Outcome::Ledger(LedgerOutcome::Found(Some(stored)))) => purchase.found(self, stored, now),
            (Asked::Ledger, Outcome::Ledger(LedgerOutcome::Found(None))) => self.ask_kinds(purchase, 0, now),
            (Asked::Ledger, _) => purchase.fail(self, GateError::LedgerUnreachable),
            (Asked::Kinds { rests }, Outcome::Woke) => self.ask_kinds(purchase, rests, now),
            (Asked::Kinds { .. }, Outcome::Http(Ok(HttpAnswer { status: 200..300, body, .. }))) => {
                match self.judge_kinds(&body, &purchase.payment) {
                    Ok(()) => self.ask_verdict(purchase, now),
                    Err(error) => purchase.fail(self, error),
                }
            }
            (Asked::Kinds { rests }, Outcome::Http(Ok(HttpAnswer { status: 429, retry_after, .. })))
                if rests < MOST_RESTS =>
            {
                let ms = retry_after.unwrap_or(1).clamp(1, LONGEST_REST).saturating_mul(1_000);
                need(Effect::Sleep { ms }, purchase, Asked::Kinds { rests: rests.saturating_add(1) })
            }
            (Asked::Verdict, Outcome::Http(Ok(answer))) => self.judge_verdict(purchase, &answer, now),
            _ => purchase.fail(self, GateError::FacilitatorUnreachable),
        }
    }

    /// The kinds are asked for when the first payment comes, not when the module is loaded (S74).
    fn ask_kinds(&self, purchase: Purchase, rests: u8, now: u64) -> Step {
        match &self.facilitated.settler {
            Some(settler) if !self.facilitated.settles_all.load(Ordering::Relaxed) => {
                need(Effect::Http(settler.supported()), purchase, Asked::Kinds { rests })
            }
            _ => self.ask_verdict(purchase, now),
        }
    }

    /// A payment of `upto` is good for one account alone, so it has to be this facilitator's.
    fn judge_kinds(&self, body: &str, payment: &VerifiedPayment) -> Result<(), GateError> {
        let kinds = read_supported(body).ok_or(GateError::FacilitatorUnreachable)?;
        let account = self.facilitated.account();
        let settles = |network: Network, upto: bool| {
            let is_its_own = || account.is_some_and(|account| read_signers(body, network).contains(&account));
            let (scheme, network_id) = (if upto { "upto" } else { "exact" }, network.to_string());
            let is_it = |kind: &Kind| kind.version == 2 && kind.scheme == scheme && kind.network == network_id;
            kinds.iter().any(is_it) && (!upto || is_its_own())
        };
        let all = sold(&self.routes).all(|(network, upto)| settles(network, upto));
        self.facilitated.settles_all.store(all, Ordering::Relaxed);
        if settles(payment.asset().network, payment.authorization().is_ceiling()) {
            Ok(())
        } else {
            Err(GateError::FacilitatorUnsupported)
        }
    }

    fn ask_verdict(&self, purchase: Purchase, now: u64) -> Step {
        match (&self.facilitated.verifier, &purchase.body) {
            (Some(verifier), Some(body)) => {
                let request = verifier.verify(body.clone());
                need(Effect::Http(request), purchase, Asked::Verdict)
            }
            _ => self.buy(purchase, now),
        }
    }

    /// A verdict counts for this payer only, and a good one only in an answer of success (S51).
    fn judge_verdict(&self, purchase: Purchase, answer: &HttpAnswer, now: u64) -> Step {
        let verdict = read_verify_answer(&answer.body);
        let of_this_payer = |payer| payer == purchase.payment.payer();
        match verdict {
            Some(verdict) if !verdict.is_valid => {
                purchase.refused_by_facilitator(self, verdict.reason.as_deref().unwrap_or("facilitator_refused"))
            }
            Some(verdict) if verdict.payer.is_none_or(of_this_payer) && (200..300).contains(&answer.status) => {
                self.buy(purchase, now)
            }
            _ => purchase.fail(self, GateError::FacilitatorUnreachable),
        }
    }
}

/// What a facilitator is asked with: the payment as it came where it is one of v2, otherwise the same one written so.
fn body(payment: &VerifiedPayment, route: &Route, document: Option<Value>) -> Option<String> {
    let authorization = *payment.authorization();
    let own = route.requirements.iter().map(|own| &own.requirements).find(|own| {
        is_by(own.method, &authorization)
            && own.asset == payment.asset().address
            && own.network == payment.asset().network
            && own.amount == authorization.amount()
            && own.pay_to == authorization.payee()
    })?;
    let requirements = v2::write_requirements(own)?;
    let payment = match (document.filter(v2::is_of), payment.seal()) {
        (Some(theirs), _) => theirs,
        (None, Seal::Key(signature)) => {
            let offer = Offer { requirements: own.clone(), echo: Some(requirements.clone()) };
            v2::write_payment(&SignedPayment { offer, authorization, signature: *signature }, None)
        }
        (None, _) => return None,
    };
    Some(write_request(payment, requirements))
}

fn need(effect: Effect, purchase: Purchase, asked: Asked) -> Step {
    Step::Need(effect, Flow { stage: Stage::Consulting { purchase, asked } })
}

/// The networks on which something is sold, and whether by `upto`.
fn sold(routes: &Routes) -> impl Iterator<Item = (Network, bool)> {
    let requirements = routes.scopes().flat_map(|route| &route.requirements);
    requirements.map(|own| (own.asset.network, matches!(own.requirements.method, Method::Upto { .. })))
}

/// The claim of a metered payment once it is known what is charged: that is what the facilitator is asked for.
pub(super) fn charged(claimed: Entry, amount: Amount) -> Entry {
    let entry = claimed.charged(amount);
    let body = entry.handover().filter(|_| IS_FULL).and_then(|handover| with_amount(&handover.body, entry.amount()));
    match body {
        Some(body) => entry.for_facilitator(body),
        None => entry,
    }
}

/// Whether a payment of this method is signed so.
const fn is_by(method: Method, authorization: &Authorization) -> bool {
    match (method, authorization) {
        (Method::Eip3009, Authorization::Eip3009(_)) => true,
        (_, Authorization::Eip3009(_)) => false,
        (method, Authorization::Permit2(permit)) => matches!(
            (method, permit.spender),
            (Method::Permit2, Spender::ExactProxy { .. })
                | (Method::Upto { .. }, Spender::UptoProxy { .. })
                | (Method::PermitToPayee, Spender::Payee(_))
        ),
    }
}
