//! Signing in instead of paying again: asked once, and where it is refused the request is paid for as usual.

use super::Payer;
use super::answer::{ResourceAnswer, read_resource_answer};
use super::config::SignIn;
use super::flow::{Flow, Phase};
use super::full::IS_FULL;
use super::step::{Outcome, Send, Step};
use crate::extension::sign_in::{HEADER, Statement};
use crate::signature::Signature;
use alloc::boxed::Box;

impl Flow {
    /// The step to take before a payment, where there is reason to.
    pub(super) fn invited(&mut self, payer: &Payer) -> Option<Step> {
        let deal = self.deal.as_deref().filter(|_| IS_FULL && !self.asked_to_sign_in)?;
        let wanted = match payer.budget.config.sign_in {
            SignIn::Never => false,
            SignIn::Auto => payer.tickets.lost(&deal.place.origin, &deal.scope),
            SignIn::Always => true,
        };
        let extensions = deal.challenge.extensions.as_ref().filter(|_| wanted)?;
        let statement = Box::new(Statement::invited(extensions, &deal.place.origin)?);
        self.phase = Phase::SigningIn(statement.clone());
        Some(Step::SignIn(statement))
    }

    /// A wallet that cannot, or whose owner does not want to, is no reason not to pay.
    pub(super) fn signed_in(&mut self, payer: &mut Payer, statement: &Statement, outcome: Outcome, now: u64) -> Step {
        let account = payer.account;
        let signature = match outcome {
            Outcome::Signed(hex) => Signature::from_wallet_hex(&hex).ok(),
            _ => None,
        };
        let signature = signature.filter(|own| own.recover(&statement.digest(account)) == Ok(account));
        self.asked_to_sign_in = true;
        let Some((signature, deal)) = signature.zip(self.deal.as_deref()) else { return self.buy(payer, now) };
        let send = Send::Payment {
            url: deal.elsewhere(),
            name: HEADER,
            header: statement.to_header(account, &signature),
            strip_authorization: deal.foreign,
        };
        self.phase = Phase::Presenting;
        Step::Send(send)
    }

    pub(super) fn presented(&mut self, payer: &mut Payer, outcome: Outcome, now: u64) -> Step {
        match outcome {
            Outcome::Response(response) => match read_resource_answer(&response) {
                ResourceAnswer::AskedAgain => self.buy(payer, now),
                ResourceAnswer::Paid(ticket) => self.served(payer, ticket, now),
                ResourceAnswer::Later | ResourceAnswer::Unpaid => Step::Done,
            },
            _ => Step::Rethrow,
        }
    }
}
