//! One request on its way through a 402: ask, read the challenge, get in line, pay once, enter.
//!
//! Everything that happens between two steps is here; nothing here waits, sends or keeps time.

mod confirm;
mod purchase;

use self::confirm::Doubt;
use super::answer::read_reason;
use super::budget::ApprovedPayment;
use super::deal::{Deal, read_challenge};
use super::full::IS_FULL;
use super::step::{Notice, Outcome, RequestHead, ResponseHead, Send, Step};
use super::url::Location;
use super::{Payer, PayerError};
use crate::address::Address;
use crate::extension::sign_in::Statement;
use crate::protocol::{Offer, SignedPayment};
use crate::signature::SecretKey;
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// A flow that held so many tickets in vain buys one of its own.
const MAX_REFUSED: usize = 2;

/// One request.
#[derive(Debug)]
pub struct Flow {
    request: RequestHead,
    pub(super) phase: Phase,
    /// Steps that follow whatever becomes of the ones before.
    next: Vec<Step>,
    /// Tickets that the gate refused this request.
    refused: Vec<String>,
    pub(super) deal: Option<Box<Deal>>,
    pub(super) notices: Vec<Notice>,
    /// The wallet was asked to sign in, once for this request.
    pub(super) asked_to_sign_in: bool,
    /// In line for a question to the owner.
    asks: bool,
}

#[derive(Debug)]
pub(super) enum Phase {
    /// The request is out, perhaps with a ticket that opened its path before.
    Asking { ticket: Option<String> },
    /// The request is out with a ticket that the challenge asked for.
    Entering { ticket: String, paid: Option<Box<SignedPayment>> },
    /// In line for the purchase.
    Waiting,
    /// The wallet signs a text.
    SigningIn(Box<Statement>),
    /// The proof is out.
    Presenting,
    /// The owner is asked about a payee.
    Confirming(Doubt),
    /// Chosen; a nonce is being drawn.
    Drawing(Box<Offer>),
    /// Counted; the count is being saved.
    Recording(Box<ApprovedPayment>),
    /// Saved; the owner is asked whether Permit2 may take it.
    Allowing(Box<ApprovedPayment>),
    /// Saved; the wallet is at work.
    Signing(Box<ApprovedPayment>),
    /// Signed by a key of ours, or not, because it is another account's.
    Signed(Box<ApprovedPayment>, Result<Box<SignedPayment>, Box<PayerError>>),
    /// Signed; the signature is being saved.
    Keeping(Box<ApprovedPayment>, Box<SignedPayment>),
    /// The payment is out.
    Paying(Box<SignedPayment>, usize),
    /// The payment was out, and its answer was lost.
    Pausing(Box<SignedPayment>, usize),
    /// Nothing but `next`.
    Over,
}

impl Flow {
    /// Takes a request up.
    #[must_use]
    pub fn begin(payer: &Payer, request: RequestHead, now: u64) -> (Self, Step) {
        let untouched = request.paid || request.authorized;
        let place = Location::parse(&request.url).filter(|_| !untouched);
        let known = place.and_then(|place| {
            let ticket = payer.tickets.for_path(&place.origin, &request.method, &place.path, now)?;
            Some(ticket.to_owned())
        });
        let step = match (payer.lacks(), known.clone()) {
            (Some(lacking), _) => fail(PayerError::NeedsFullBuild(lacking).boxed()),
            (None, Some(ticket)) => Step::Send(Send::Ticket { url: None, ticket }),
            (None, None) => Step::Send(Send::Plain),
        };
        let phase = if request.paid { Phase::Over } else { Phase::Asking { ticket: known } };
        let next = if request.paid { Vec::from([Step::Done]) } else { Vec::new() };
        (
            Self {
                request,
                phase,
                next,
                refused: Vec::new(),
                deal: None,
                notices: Vec::new(),
                asked_to_sign_in: false,
                asks: false,
            },
            step,
        )
    }

    /// What to let the owner know, once.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        core::mem::take(&mut self.notices)
    }

    /// Signs what a wallet is being asked to sign, with a key that is ours or lent to us (S54).
    #[must_use]
    pub fn sign_with(&mut self, key: &SecretKey, account: Address) -> Outcome {
        match core::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Signing(payment) => {
                let signed = payment.sealed_with(key).map(Box::new);
                self.phase = Phase::Signed(payment, signed);
                Outcome::Ready
            }
            Phase::SigningIn(statement) if IS_FULL => {
                let signature = key.sign(&statement.digest(account));
                self.phase = Phase::SigningIn(statement);
                Outcome::Signed(signature.to_hex())
            }
            other => {
                self.phase = other;
                Outcome::Failed
            }
        }
    }

    /// Takes what became of the last step.
    pub fn resume(&mut self, payer: &mut Payer, outcome: Outcome, now: u64) -> Step {
        if !self.next.is_empty() {
            let step = self.next.remove(0);
            return if self.request.paid && matches!(outcome, Outcome::Failed) { Step::Rethrow } else { step };
        }
        match (core::mem::replace(&mut self.phase, Phase::Over), outcome) {
            (Phase::Asking { ticket }, Outcome::Response(response)) if response.status == 402 => {
                self.challenged(payer, &response, ticket, now)
            }
            (Phase::Asking { .. }, Outcome::Response(_)) => Step::Done,
            // A redirect looks like no answer to whoever refuses redirects: ask where it leads, without the ticket.
            (Phase::Asking { ticket: Some(_) }, Outcome::Failed) if self.is_repeatable() => {
                self.phase = Phase::Asking { ticket: None };
                Step::Send(Send::Plain)
            }
            (Phase::Entering { ticket, paid }, Outcome::Response(response)) => {
                self.entered(payer, &response, ticket, paid.as_deref(), now)
            }
            (Phase::Waiting, Outcome::Ready) => self.buy(payer, now),
            (Phase::SigningIn(statement), outcome) if IS_FULL => self.signed_in(payer, &statement, outcome, now),
            (Phase::Presenting, outcome) if IS_FULL => self.presented(payer, outcome, now),
            (Phase::Confirming(doubt), outcome) if IS_FULL => self.confirmed(payer, &doubt, &outcome, now),
            (Phase::Drawing(offer), Outcome::Nonce(nonce)) => self.approve(payer, &offer, nonce, now),
            (Phase::Drawing(_), _) => fail(PayerError::NoRandomness.boxed()),
            (Phase::Recording(payment), Outcome::Ready) => match payment.allowance() {
                Some(needed) => {
                    self.phase = Phase::Allowing(payment);
                    Step::Allow(needed)
                }
                None => self.sign(payment),
            },
            (Phase::Allowing(payment), Outcome::Ready) => self.sign(payment),
            (Phase::Allowing(payment), _) => self.unsigned(payer, &payment, PayerError::AllowanceRefused.boxed()),
            (Phase::Recording(payment) | Phase::Keeping(payment, _), Outcome::Failed) => {
                payer.give_back(&payment, self.origin());
                fail(PayerError::StoreFailed.boxed())
            }
            (Phase::Signing(payment), Outcome::Signed(hex)) => {
                let signed = payment.sealed(&hex).map(Box::new);
                self.signed(payer, payment, signed)
            }
            (Phase::Signed(payment, signed), _) => self.signed(payer, payment, signed),
            (Phase::Signing(payment), _) => self.unsigned(payer, &payment, PayerError::WalletRefused.boxed()),
            (Phase::Keeping(payment, signed), _) => self.release(&payment, signed),
            (Phase::Paying(payment, tries), outcome) => self.answered(payer, outcome, payment, tries, now),
            (Phase::Pausing(payment, tries), _) => self.send(payment, tries),
            (Phase::Asking { .. } | Phase::Entering { .. }, _) => Step::Rethrow,
            (
                Phase::Waiting
                | Phase::SigningIn(_)
                | Phase::Presenting
                | Phase::Confirming(_)
                | Phase::Recording(_)
                | Phase::Over,
                _,
            ) => Step::Done,
        }
    }

    /// Gives the request up, because nobody waits for it any more. What never left is given back; what left stays
    /// counted, and is sent again by the next one to buy the same (S63).
    pub fn abandon(self, payer: &mut Payer) {
        let origin = self.origin().to_owned();
        if let Phase::Recording(payment)
        | Phase::Allowing(payment)
        | Phase::Signing(payment)
        | Phase::Signed(payment, _)
        | Phase::Keeping(payment, _) = self.phase
        {
            payer.give_back(&payment, &origin);
        }
    }

    /// Who asks for a payment.
    fn origin(&self) -> &str {
        self.deal.as_deref().map_or("", |deal| &deal.place.origin)
    }

    fn sign(&mut self, payment: Box<ApprovedPayment>) -> Step {
        self.phase = Phase::Signing(payment.clone());
        Step::Sign(payment)
    }

    fn is_repeatable(&self) -> bool {
        matches!(self.request.method.as_str(), "GET" | "HEAD")
    }

    /// A 402: what does it want, and is that at hand?
    fn challenged(&mut self, payer: &mut Payer, response: &ResponseHead, ticket: Option<String>, now: u64) -> Step {
        if let Some(text) = ticket {
            payer.tickets.drop_refused(&text);
            self.refused.push(text);
        }
        let challenge = match read_challenge(response, &payer.budget.config.assets) {
            Ok(Some(challenge)) => challenge,
            // A 402 of another world is not ours to touch.
            Ok(None) => return Step::Done,
            Err(error) => return fail(error),
        };
        let deal = match Deal::new(&self.request, response, challenge) {
            Ok(deal) => deal,
            Err(error) => return fail(error),
        };
        let purchase = deal.purchase.clone();
        let ticket = self.ticket_at_hand(payer, &deal, now);
        self.deal = Some(Box::new(deal));
        if let Some(ticket) = ticket {
            return self.enter(ticket, None);
        }
        self.phase = Phase::Waiting;
        Step::Lock(purchase)
    }

    fn ticket_at_hand(&self, payer: &Payer, deal: &Deal, now: u64) -> Option<String> {
        let ticket = payer.tickets.opening(&deal.place.origin, &deal.scope, now).filter(|_| deal.takes_tickets)?;
        let is_new = self.refused.len() < MAX_REFUSED && self.refused.iter().all(|refused| refused != ticket);
        is_new.then(|| ticket.to_owned())
    }

    /// The next time a ticket of this scope, or of the challenge's, is shown unasked.
    pub(super) fn remember(&self, payer: &mut Payer, scope: Option<&str>) {
        if let Some(Deal { place, scope: named, .. }) = self.deal.as_deref() {
            payer.tickets.remember(&place.origin, &self.request.method, &place.path, scope.unwrap_or(named));
        }
    }

    fn enter(&mut self, ticket: String, paid: Option<Box<SignedPayment>>) -> Step {
        self.phase = Phase::Entering { ticket: ticket.clone(), paid };
        Step::Send(Send::Ticket { url: self.deal.as_deref().and_then(Deal::elsewhere), ticket })
    }

    fn entered(
        &mut self,
        payer: &mut Payer,
        response: &ResponseHead,
        ticket: String,
        paid: Option<&SignedPayment>,
        now: u64,
    ) -> Step {
        if response.status != 402 {
            // Only now is the purchase complete: a ticket that opens nothing is not worth a second payment.
            if let Some(payment) = paid {
                payer.pending.close(payment.authorization.nonce());
            }
            self.remember(payer, None);
            return Step::Done;
        }
        if paid.is_some() {
            payer.tickets.drop_refused(&ticket);
            return fail(PayerError::NotHonoured(said(response, payer)).boxed());
        }
        self.challenged(payer, response, Some(ticket), now)
    }
}

fn fail(error: Box<PayerError>) -> Step {
    Step::Fail { error, offer: None }
}

/// The server's own word for why it asks again.
fn said(response: &ResponseHead, payer: &Payer) -> String {
    read_reason(response, read_challenge(response, &payer.budget.config.assets).ok().flatten())
}
