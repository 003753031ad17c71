//! A payee that is another than before: the owner is asked, and nothing is signed before the answer (S57).

use super::{Flow, Phase};
use crate::address::Address;
use crate::json::{Object, Value};
use crate::payer::deal::Deal;
use crate::payer::full::{Full, IS_FULL};
use crate::payer::step::{Outcome, Step};
use crate::payer::{Payer, PayerError};
use crate::protocol::Offer;
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::String;

/// An offer that nothing but its payee is against.
#[derive(Debug)]
pub(in crate::payer) struct Doubt {
    offer: Box<Offer>,
    /// Who was paid there before.
    known: Address,
    _full: Full,
}

impl Flow {
    /// Asks the owner, where that is what it takes to pay: first in line, so that many requests ask once.
    pub(super) fn ask(&mut self, payer: &Payer, now: u64) -> Option<Step> {
        let deal = self.deal.as_deref().filter(|_| IS_FULL)?;
        let doubt = self.doubt(payer, deal, now)?;
        if self.asks {
            let told = doubt.tell(payer, deal);
            self.phase = Phase::Confirming(doubt);
            return Some(Step::Confirm(told));
        }
        let line = line_of(&deal.place.origin);
        self.asks = true;
        self.phase = Phase::Waiting;
        Some(Step::Lock(line))
    }

    fn doubt(&self, payer: &Payer, deal: &Deal, now: u64) -> Option<Doubt> {
        let full = Full::HERE?;
        payer.budget.config.rules.as_ref().filter(|rules| rules.get().confirm)?;
        let origin = &deal.place.origin;
        let known = payer.budget.pinned_payee(origin)?;
        let nothing_else = |offer: &&Offer| {
            let mut after_a_yes = payer.budget.clone();
            after_a_yes.repin(origin, known, offer.requirements.pay_to);
            let allowed = after_a_yes.check(&offer.requirements, origin, payer.account, &self.request.most, now);
            allowed.is_ok() && payer.check_signed(deal, offer, now).is_ok()
        };
        let offer = deal.challenge.offers.iter().find(nothing_else)?;
        Some(Doubt { offer: Box::new(offer.clone()), known, _full: full })
    }

    /// Takes the owner's answer. A yes is about the payee that was known then, and pins the new one.
    pub(super) fn confirmed(&mut self, payer: &mut Payer, doubt: &Doubt, answer: &Outcome, now: u64) -> Step {
        if *answer != Outcome::Ready {
            let offer = Some(payer.describe_offer(&doubt.offer));
            return self.leave_question(Step::Fail { error: PayerError::PayeeChanged.boxed(), offer });
        }
        let origin = self.origin().to_owned();
        payer.budget.repin(&origin, doubt.known, doubt.offer.requirements.pay_to);
        self.buy(payer, now)
    }

    /// Goes on, after the next one with a question was let in.
    pub(super) fn leave_question(&mut self, step: Step) -> Step {
        if !(IS_FULL && core::mem::take(&mut self.asks)) {
            return step;
        }
        self.next.push(step);
        Step::Unlock(line_of(self.origin()))
    }
}

impl Doubt {
    fn tell(&self, payer: &Payer, deal: &Deal) -> Value {
        Object::new()
            .text("code", PayerError::PayeeChanged.code())
            .text("origin", &deal.place.origin)
            .text("url", &deal.url)
            .spelled("known", &self.known)
            .spelled("payee", &self.offer.requirements.pay_to)
            .value("offer", payer.describe_offer(&self.offer))
            .end()
    }
}

fn line_of(origin: &str) -> String {
    ["payee ", origin].concat()
}
