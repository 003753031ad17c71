//! How long a record is remembered: longer than what it guards (S44), and not for ever.

use super::{Entry, State};

/// How long a payer whose check bounced gets no credit, in seconds: thirty days.
const PROBATION: u64 = 2_592_000;

impl Entry {
    /// Kept for so many seconds after it could matter.
    #[must_use]
    pub fn kept(mut self, seconds: u64) -> Self {
        self.keep = seconds;
        self
    }

    /// Until when it has to be remembered: the payment could be presented again, or its ticket shown (S44). Whoever
    /// owes from credit is remembered longer.
    #[must_use]
    pub fn keep_until(&self) -> u64 {
        let expiry = self.grant.as_ref().map_or(0, |grant| grant.ticket.expires_at);
        let probation = if self.on_credit && self.state == State::Failed { PROBATION } else { 0 };
        self.authorization.deadline().max(expiry).saturating_add(self.keep).saturating_add(probation)
    }

    /// Nobody will need it any more.
    #[must_use]
    pub fn is_over(&self, now: u64) -> bool {
        let untouched = self.due_at == Some(self.keep_until()) && self.attempts == 0;
        let forgettable = match self.state {
            State::Settled | State::Failed => true,
            // Nobody cashes it here; or nothing was ever sent, and nothing given for it.
            State::Granted => untouched,
            State::Claimed => self.settles_first,
            State::Settling | State::Unknown => false,
        };
        forgettable && now >= self.keep_until()
    }
}
