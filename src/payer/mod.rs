//! The paying side: what may be paid, what was, and the flow that a request takes through a 402.
//!
//! [`Payer`] is the state that all requests share; a [`Flow`] is one request. A flow says what to do next as a
//! [`Step`] and is resumed with its [`Outcome`]; whoever drives it does exactly that and decides nothing.

mod allowance;
mod answer;
mod budget;
mod by_origin;
mod cancel;
mod cap;
mod choose;
mod clock;
mod config;
mod deal;
mod error;
mod evidence;
mod explain;
mod flow;
mod full;
mod history;
mod limit;
mod pending;
mod quote;
mod record;
mod report;
mod rows;
mod rules;
mod sign_in;
mod step;
mod tally;
mod tickets;
mod url;
mod wallet;

#[cfg(test)]
mod tests;

use crate::address::Address;
use crate::json::Value;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use budget::Budget;
use config::Config;
use full::{HAS_OUTSIDE_WALLETS, IS_FULL};
use history::History;
use pending::PendingPayments;
use tickets::Tickets;

pub use budget::ApprovedPayment;
pub use cancel::Cancellation;
pub use cap::Cap;
pub use error::{Objection, PayerError};
pub use explain::explain;
pub use flow::Flow;
pub use limit::{List, OriginCap};
pub use quote::quote;
pub use step::{Notice, Outcome, RequestHead, ResponseHead, Send, Step};

/// What all requests of one payer share.
#[derive(Clone, Debug)]
pub struct Payer {
    account: Address,
    budget: Budget,
    pending: PendingPayments,
    tickets: Tickets,
    history: History,
    /// The first signer of each origin whose offers were signed.
    signers: Vec<(String, Address)>,
}

impl Payer {
    /// A payer for this account, whose key is ours or lent to us; with `saved`, the one that [`Payer::to_record`] wrote.
    ///
    /// # Errors
    /// An option that is not understood, or a record that is not ours: never an empty budget in its place. And an option of
    /// the full build's in the lean one: a key cannot move.
    pub fn open(options: &Value, account: Address, saved: Option<&str>) -> Result<Self, Box<PayerError>> {
        let payer = Self::read_open(options, account, saved)?;
        match payer.lacks() {
            Some(lacking) => Err(PayerError::NeedsFullBuild(lacking).boxed()),
            None => Ok(payer),
        }
    }

    /// The same for an account whose key is in a wallet outside. A build that [lacks](Self::lacks) something for that has it
    /// for show until a fuller build opens it: all options are judged, and it tells what it holds.
    ///
    /// # Errors
    /// As [`Self::open`], but for what the build lacks.
    pub fn open_outside(options: &Value, account: Address, saved: Option<&str>) -> Result<Self, Box<PayerError>> {
        let mut payer = Self::read_open(options, account, saved)?;
        if !HAS_OUTSIDE_WALLETS {
            payer.budget.config.lacks = Some("wallet");
        }
        Ok(payer)
    }

    /// The option, or `wallet`, that asks for what this build does not have. Such a payer begins nothing.
    #[must_use]
    pub fn lacks(&self) -> Option<&'static str> {
        self.budget.config.lacks.filter(|_| !IS_FULL)
    }

    fn read_open(options: &Value, account: Address, saved: Option<&str>) -> Result<Self, Box<PayerError>> {
        let budget = Budget::new(Config::read(options)?);
        let (pending, tickets) = (PendingPayments::default(), Tickets::default());
        let history = History::default();
        let mut payer = Self { account, budget, pending, tickets, history, signers: Vec::new() };
        if let Some(record) = saved {
            payer.restore(record)?;
        }
        Ok(payer)
    }

    /// Whose money it is.
    #[must_use]
    pub const fn account(&self) -> Address {
        self.account
    }
}
