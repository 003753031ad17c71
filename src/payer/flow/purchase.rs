//! The part of a flow that spends: in line, choose, count, sign, pay, and pay with the same again.

use super::{Flow, Phase, fail, said};
use crate::dialect::v2::read_receipt;
use crate::payer::answer::{OfficeAnswer, ResourceAnswer, read_office_answer, read_resource_answer};
use crate::payer::budget::ApprovedPayment;
use crate::payer::choose::choose;
use crate::payer::clock::Clock;
use crate::payer::full::IS_FULL;
use crate::payer::history::{HONOURED, REFUSED};
use crate::payer::report::{describe_payment, describe_ticket};
use crate::payer::step::{Notice, Outcome, ResponseHead, Step};
use crate::payer::{Payer, PayerError};
use crate::protocol::{IssuedTicket, Offer, SignedPayment};
use alloc::boxed::Box;

/// The waits before a payment is sent again, in milliseconds.
const BACK_OFF: [u32; 5] = [250, 500, 1000, 2000, 4000];

impl Flow {
    /// First in line. What others bought or left behind meanwhile comes before a payment of one's own.
    #[inline(never)]
    pub(in crate::payer) fn buy(&mut self, payer: &mut Payer, now: u64) -> Step {
        let Some(deal) = &self.deal else { return Step::Done };
        if let Some(ticket) = self.ticket_at_hand(payer, deal, now) {
            let unlock = Step::Unlock(deal.purchase.clone());
            let send = self.enter(ticket, None);
            self.next.push(send);
            return unlock;
        }
        if let Some(payment) = payer.pending.again(&deal.purchase, &deal.challenge.offers, payer.account, now) {
            return self.send(Box::new(payment), 0);
        }
        if let Some(step) = self.invited(payer) {
            return step;
        }
        let Some(deal) = &self.deal else { return Step::Done };
        let most = &self.request.most;
        let stands_by = |offer: &Offer| payer.check_signed(deal, offer, now);
        let (offers, origin) = (&deal.challenge.offers, &deal.place.origin);
        let step = match choose(offers, &payer.budget, origin, payer.account, most, now, stands_by) {
            Ok(offer) => {
                self.phase = Phase::Drawing(Box::new(offer.clone()));
                Step::Random
            }
            Err((error, offer)) => {
                let failure = Step::Fail { error, offer: offer.map(|offer| payer.describe_offer(offer)) };
                match self.ask(payer, now) {
                    Some(question) => return question,
                    None => failure,
                }
            }
        };
        self.leave_question(step)
    }

    pub(super) fn approve(&mut self, payer: &mut Payer, offer: &Offer, nonce: [u8; 32], now: u64) -> Step {
        let Some(deal) = &self.deal else { return Step::Done };
        let (most, clock) = (&self.request.most, Clock::of(now, deal.date));
        match payer.budget.approve(offer, &deal.place.origin, payer.account, most, nonce, clock) {
            Ok(payment) => {
                payer.pending.note(&deal.purchase, &payment, None);
                payer.history.note(&payment, &deal.place.origin, &deal.url);
                payer.pin_signer(deal, offer, now);
                self.phase = Phase::Recording(Box::new(payment));
                Step::Save
            }
            Err(error) => Step::Fail { error, offer: Some(payer.describe_offer(offer)) },
        }
    }

    pub(super) fn unsigned(&mut self, payer: &mut Payer, payment: &ApprovedPayment, error: Box<PayerError>) -> Step {
        payer.give_back(payment, self.origin());
        self.next.push(fail(error));
        Step::Save
    }

    /// Signed, and saved before it is sent (S62).
    pub(super) fn signed(
        &mut self,
        payer: &mut Payer,
        payment: Box<ApprovedPayment>,
        signed: Result<Box<SignedPayment>, Box<PayerError>>,
    ) -> Step {
        match signed {
            Ok(signed) => {
                let purchase = self.deal.as_ref().map(|deal| deal.purchase.as_str());
                payer.pending.note(purchase.unwrap_or_default(), &payment, Some(&signed.signature));
                self.phase = Phase::Keeping(payment, signed);
                Step::Save
            }
            Err(error) => self.unsigned(payer, &payment, error),
        }
    }

    pub(super) fn release(&mut self, payment: &ApprovedPayment, signed: Box<SignedPayment>) -> Step {
        if let Some(deal) = &self.deal {
            let notice = describe_payment(payment, &deal.place.origin, &deal.url);
            self.notices.push(Notice::Payment(notice));
        }
        self.send(signed, 0)
    }

    pub(super) fn send(&mut self, payment: Box<SignedPayment>, tries: usize) -> Step {
        let Some(deal) = &self.deal else { return Step::Done };
        let send = deal.send(&payment);
        self.phase = Phase::Paying(payment, tries);
        Step::Send(send)
    }

    pub(super) fn answered(
        &mut self,
        payer: &mut Payer,
        outcome: Outcome,
        payment: Box<SignedPayment>,
        tries: usize,
        now: u64,
    ) -> Step {
        let Some(deal) = &self.deal else { return Step::Done };
        let Outcome::Response(response) = outcome else { return self.again(payment, tries, now) };
        if deal.office.is_some() {
            return match read_office_answer(&response, now) {
                OfficeAnswer::Ticket(ticket) => {
                    self.tell_receipt(payer, &response, &payment, now);
                    payer.end(&payment, HONOURED, Some(&response), ticket.id.as_deref());
                    self.bought(payer, payment, ticket, now)
                }
                OfficeAnswer::Later => self.again(payment, tries, now),
                OfficeAnswer::Refused(error) => refused(payer, &payment, error),
            };
        }
        match read_resource_answer(&response) {
            ResourceAnswer::Later => self.again(payment, tries, now),
            ResourceAnswer::AskedAgain => {
                let error = PayerError::NotHonoured(said(&response, payer)).boxed();
                refused(payer, &payment, error)
            }
            ResourceAnswer::Unpaid => Step::Done,
            ResourceAnswer::Paid(ticket) => {
                payer.pending.close(payment.authorization.nonce());
                let bought = ticket.as_ref().and_then(|ticket| ticket.id.as_deref());
                payer.end(&payment, HONOURED, Some(&response), bought);
                self.tell_receipt(payer, &response, &payment, now);
                self.served(payer, ticket, now)
            }
        }
    }

    /// The last response is the answer, perhaps with a ticket for the next time.
    #[inline(never)]
    pub(in crate::payer) fn served(&mut self, payer: &mut Payer, ticket: Option<IssuedTicket>, now: u64) -> Step {
        self.next.push(Step::Done);
        match ticket {
            Some(ticket) => self.keep(payer, &ticket, ticket.scope.as_deref(), now),
            // Nothing to show the next time but the key that paid.
            None if IS_FULL && self.deal.as_ref().is_some_and(|deal| deal.invites()) => self.remember(payer, None),
            None => {}
        }
        Step::Save
    }

    /// Keeps a ticket for this scope, or for the challenge's.
    fn keep(&mut self, payer: &mut Payer, ticket: &IssuedTicket, scope: Option<&str>, now: u64) {
        self.remember(payer, scope);
        if let Some(deal) = &self.deal {
            let held = payer.tickets.keep(&deal.place.origin, scope.unwrap_or(&deal.scope), ticket, now);
            self.notices.push(Notice::Ticket(describe_ticket(&held)));
        }
    }

    /// The office's ticket is kept before it is used: it is what was paid for.
    fn bought(&mut self, payer: &mut Payer, payment: Box<SignedPayment>, ticket: IssuedTicket, now: u64) -> Step {
        let Some(deal) = &self.deal else { return Step::Done };
        self.next.push(Step::Unlock(deal.purchase.clone()));
        self.keep(payer, &ticket, None, now);
        let enter = self.enter(ticket.text, Some(payment));
        self.next.push(enter);
        Step::Save
    }

    /// The same payment once more, after a while, as long as it is good for something (S63).
    fn again(&mut self, payment: Box<SignedPayment>, tries: usize, now: u64) -> Step {
        match BACK_OFF.get(tries) {
            Some(pause) if payment.authorization.deadline() > now => {
                self.phase = Phase::Pausing(payment, tries.saturating_add(1));
                Step::Sleep(*pause)
            }
            _ => fail(PayerError::OutcomeUnknown.boxed()),
        }
    }
}

/// Refused with a signature in the server's hands: it stays pending, and is what is sent the next time.
fn refused(payer: &mut Payer, payment: &SignedPayment, error: Box<PayerError>) -> Step {
    payer.end(payment, REFUSED, None, None);
    fail(error)
}

impl Payer {
    fn end(&mut self, payment: &SignedPayment, state: &str, answer: Option<&ResponseHead>, ticket: Option<&str>) {
        if !IS_FULL {
            return;
        }
        let receipt = answer.and_then(|answer| read_receipt(answer.receipt.as_deref()?));
        self.history.close(payment.authorization.nonce(), state, receipt.as_ref(), ticket);
    }

    /// A payment that was never released: as if it had not been approved.
    pub(super) fn give_back(&mut self, payment: &ApprovedPayment, origin: &str) {
        self.pending.close(payment.authorization().nonce());
        self.history.forget(payment.authorization().nonce());
        self.budget.give_back(payment, origin);
    }
}
