//! One payment's record, and the moves that it can make.

use super::credit::worth;
use super::{State, TransitionError};
use crate::authorization::Authorization;
use crate::protocol::IssuedTicket;
use crate::seal::Seal;
use crate::verify::{ReplayKey, VerifiedPayment};
use crate::{address::Address, amount::Amount, network::Network};
use alloc::string::{String, ToString as _};

/// A payment's record. Holds all that is needed to repeat its answer and to cash it after a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(super) key: ReplayKey,
    pub(super) state: State,
    /// The gate that sold it, by its ticket issuer; its settler cashes it.
    pub(super) gate: String,
    /// What was bought; the same payment for another scope is a conflict (S42).
    pub(super) scope: String,
    pub(super) network: Network,
    pub(super) asset: Address,
    pub(super) authorization: Authorization,
    pub(super) seal: Seal,
    /// What the handler charged, where the authorization is a ceiling.
    pub(super) charge: Option<Amount>,
    pub(super) claim: Claim,
    pub(super) grant: Option<Grant>,
    pub(super) transaction: Option<Transaction>,
    /// Set with a final state.
    pub(super) closed: Option<(u64, Evidence)>,
    /// When to look at it next, in seconds since the epoch.
    pub(super) due_at: Option<u64>,
    /// How often settling was tried.
    pub(super) attempts: u32,
    /// What a facilitator is asked to settle it with.
    pub(super) handover: Option<Handover>,
    /// What the last look at it came to: a code of the settler's.
    pub(super) finding: Option<String>,
    /// In millionths of a unit, rounded up.
    pub(super) worth: u64,
    /// Whether it is settled before it is granted.
    pub(super) settles_first: bool,
    /// Whether it is granted before it is settled, within limits.
    pub(super) on_credit: bool,
    /// For how many seconds it is kept after it could matter.
    pub(super) keep: u64,
}

/// A claim that is not granted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Seconds since the epoch.
    pub at: u64,
    /// Until then nobody else may take it over.
    pub lease_until: u64,
}

/// For how long after its lease a claim stays, in seconds: what its holder wrote in time may arrive late, and clocks
/// differ.
const GRACE: u64 = 30;

impl Claim {
    /// When nothing that its holder wrote can still be on its way.
    const fn released_at(&self) -> u64 {
        self.lease_until.saturating_add(GRACE)
    }
}

/// A grant: the answer that is repeated to whoever presents the same payment (S41).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Seconds since the epoch.
    pub at: u64,
    /// The very bytes that were given out.
    pub ticket: IssuedTicket,
}

/// A transaction that cashes the check. Stored before it is sent (S47).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Its hash.
    pub hash: [u8; 32],
    /// The signed bytes, to send the very same again. Empty where somebody else sent it (S49).
    pub raw: alloc::vec::Vec<u8>,
    /// Its place in the relayer's sequence.
    pub nonce: u64,
    /// Seconds since the epoch.
    pub sent_at: u64,
}

/// A payment as a facilitator gets it, and what that facilitator said.
#[derive(Clone, PartialEq, Eq)]
pub struct Handover {
    /// The body of `POST /settle`: fixed before it is sent, and the same bytes every time.
    pub body: String,
    /// Why the facilitator refused, by its code, where nothing before that was left in the dark.
    pub refusal: Option<String>,
}

/// Without the body: it holds the payer's signature (S28).
impl core::fmt::Debug for Handover {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Handover({:?})", self.refusal)
    }
}

/// Why a record is closed (S47, S48).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The asset logged the exact transfer in this entry's transaction.
    Transferred,
    /// The payer cancelled the authorization.
    Cancelled,
    /// Nothing was charged.
    Waived,
    /// Its window closed without a transfer.
    Expired,
    /// The payer signed its nonce twice, and the other authorization was used.
    Diverted,
    /// A facilitator says that it made the transfer, and no chain was asked.
    Reported,
    /// A facilitator refused it until its window closed, and no chain was asked.
    Refused,
}

impl Evidence {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Transferred,
        Self::Cancelled,
        Self::Waived,
        Self::Expired,
        Self::Diverted,
        Self::Reported,
        Self::Refused,
    ];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transferred => "transferred",
            Self::Cancelled => "cancelled",
            Self::Waived => "waived",
            Self::Expired => "expired",
            Self::Diverted => "diverted",
            Self::Reported => "reported",
            Self::Refused => "refused",
        }
    }
}

impl Entry {
    /// A new record in state claimed.
    #[must_use]
    pub fn claimed(payment: &VerifiedPayment, gate: &str, scope: &str, claim: Claim) -> Self {
        Self {
            key: payment.replay_key(),
            state: State::Claimed,
            gate: gate.to_string(),
            scope: scope.to_string(),
            network: payment.asset().network,
            asset: payment.asset().address,
            authorization: *payment.authorization(),
            seal: payment.seal().clone(),
            charge: None,
            claim,
            grant: None,
            transaction: None,
            closed: None,
            due_at: Some(claim.released_at()),
            attempts: 0,
            handover: None,
            finding: None,
            worth: worth(payment.authorization().amount(), payment.asset().decimals),
            settles_first: false,
            on_credit: false,
            keep: 0,
        }
    }

    /// With the body that a facilitator is asked to settle it with.
    #[must_use]
    pub fn for_facilitator(mut self, body: String) -> Self {
        self.handover = Some(Handover { body, refusal: None });
        self
    }

    /// The record's key.
    #[must_use]
    pub const fn key(&self) -> ReplayKey {
        self.key
    }

    /// Where it is in its life.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// The ticket issuer of the gate that sold it.
    #[must_use]
    pub fn gate(&self) -> &str {
        &self.gate
    }

    /// What was bought.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The chain of the payment.
    #[must_use]
    pub const fn network(&self) -> Network {
        self.network
    }

    /// The asset's contract.
    #[must_use]
    pub const fn asset(&self) -> Address {
        self.asset
    }

    /// The signed fields.
    #[must_use]
    pub const fn authorization(&self) -> &Authorization {
        &self.authorization
    }

    /// What makes it the payer's.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// What is to be cashed, in atomic units.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.charge.unwrap_or(self.authorization.amount())
    }

    /// The claim that opened it.
    #[must_use]
    pub const fn claim(&self) -> &Claim {
        &self.claim
    }

    /// What was given out for it.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    /// The transaction that cashes it, once there is one.
    #[must_use]
    pub const fn transaction(&self) -> Option<&Transaction> {
        self.transaction.as_ref()
    }

    /// When it was closed and why.
    #[must_use]
    pub const fn closed(&self) -> Option<(u64, Evidence)> {
        self.closed
    }

    /// When somebody has to look at it again, in seconds since the epoch.
    #[must_use]
    pub const fn due_at(&self) -> Option<u64> {
        self.due_at
    }

    /// How often settling was tried.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Nothing was sent, and nothing will be for now: the payment may be given back.
    #[must_use]
    pub fn is_returnable(&self) -> bool {
        self.state == State::Claimed && self.is_bounced() || self.is_refused()
    }

    /// A facilitator refused it, and nothing was ever left in the dark.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let refused = self.handover.as_ref().is_some_and(|handover| handover.refusal.is_some());
        refused && self.state == State::Settling && self.transaction.is_none()
    }

    /// What a facilitator is asked to settle it with, where one is.
    #[must_use]
    pub const fn handover(&self) -> Option<&Handover> {
        self.handover.as_ref()
    }

    /// What the last look at it came to: a code of the settler's.
    #[must_use]
    pub fn finding(&self) -> Option<&str> {
        self.finding.as_deref()
    }

    /// With what this look came to, for whoever asks why a check is still on its way.
    #[must_use]
    pub fn noted(mut self, finding: &str) -> Self {
        self.finding = Some(finding.to_string());
        self
    }

    /// Whether it is settled before it is granted.
    #[must_use]
    pub const fn settles_first(&self) -> bool {
        self.settles_first
    }

    /// Settled before it is granted: due at once.
    #[must_use]
    pub fn settled_first(mut self) -> Self {
        self.settles_first = true;
        self.due_at = Some(self.claim.at);
        self
    }

    /// Granted before it is settled, within limits.
    #[must_use]
    pub fn on_credit(mut self) -> Self {
        self.on_credit = true;
        self
    }

    /// Takes over a claim whose lease has run out.
    ///
    /// # Errors
    /// The record is not claimed any more.
    pub fn reclaim(self, claim: Claim) -> Result<Self, TransitionError> {
        let mut entry = self.moved(State::Claimed)?;
        entry.claim = claim;
        entry.due_at = Some(claim.released_at());
        Ok(entry)
    }

    /// Charges less than the authorization's ceiling. More is cut down to it.
    #[must_use]
    pub fn charged(self, amount: Amount) -> Self {
        Self { charge: Some(amount.min(self.authorization.amount())), ..self }
    }

    /// Fixes the answer. From here on the check is to be cashed, at `due_at` at the latest (`None`: by nobody here).
    /// Where it settles first it is cashed already.
    ///
    /// # Errors
    /// The record is not claimed any more, or, where it settles first, not settled or granted already.
    pub fn granted(self, grant: Grant, due_at: Option<u64>) -> Result<Self, TransitionError> {
        let (from, to) = (self.state, if self.settles_first { State::Settled } else { State::Granted });
        if self.settles_first && from != to {
            return Err(TransitionError { from, to });
        }
        let mut granted = self.moved(to)?;
        granted.grant = Some(grant);
        granted.due_at = due_at.filter(|_| to == State::Granted).or(Some(granted.keep_until()));
        Ok(granted)
    }

    /// A transaction is about to be sent; look again at `due_at`.
    ///
    /// # Errors
    /// The record is claimed or closed.
    pub fn settling(self, transaction: Transaction, due_at: u64) -> Result<Self, TransitionError> {
        let mut entry = self.moved(State::Settling)?.postponed(due_at);
        entry.transaction = Some(transaction);
        Ok(entry)
    }

    /// A facilitator is about to be asked; look again at `due_at`. Where it was asked before and its answer never came,
    /// the outcome stays unknown, whatever it says next (S46).
    ///
    /// # Errors
    /// The record is claimed or closed.
    pub fn handed_over(self, due_at: u64) -> Result<Self, TransitionError> {
        let in_the_dark = self.state == State::Settling && self.transaction.is_none() && !self.is_refused();
        let to = if in_the_dark || self.state == State::Unknown { State::Unknown } else { State::Settling };
        Ok(self.moved(to)?.answered(None, due_at))
    }

    /// The facilitator refused; look again at `due_at`. Nothing is closed by that: who holds the authorization can
    /// still use it (S47).
    #[must_use]
    pub fn refused(self, reason: String, due_at: u64) -> Self {
        self.answered(Some(reason), due_at)
    }

    fn answered(mut self, refusal: Option<String>, due_at: u64) -> Self {
        if let Some(handover) = &mut self.handover {
            handover.refusal = refusal;
        }
        self.postponed(due_at)
    }

    /// The facilitator reports the transfer, and no chain can be asked.
    ///
    /// # Errors
    /// The record is claimed or closed.
    pub fn reported(self, transaction: Transaction, now: u64) -> Result<Self, TransitionError> {
        let mut entry = self.settled(transaction, now)?;
        entry.closed = Some((now, Evidence::Reported));
        Ok(entry)
    }

    /// Its window is over, and nobody can say what became of it: unknown it stays, and nobody looks again.
    ///
    /// # Errors
    /// Nothing was sent yet, or the record is closed.
    pub fn given_up(self) -> Result<Self, TransitionError> {
        let mut entry = self.moved(State::Unknown)?;
        entry.due_at = None;
        Ok(entry)
    }

    /// Nothing new: the same state, looked at again at `due_at`.
    #[must_use]
    pub fn postponed(mut self, due_at: u64) -> Self {
        self.due_at = Some(due_at);
        self.attempts = self.attempts.saturating_add(1);
        self
    }

    /// The outcome is out of sight; look again at `due_at`.
    ///
    /// # Errors
    /// Nothing was sent yet, or the record is closed.
    pub fn unknown(self, due_at: u64) -> Result<Self, TransitionError> {
        Ok(self.moved(State::Unknown)?.postponed(due_at))
    }

    /// The exact transfer was seen in this transaction, whoever sent it (S48, S49).
    ///
    /// # Errors
    /// The record is claimed or closed.
    pub fn settled(self, transaction: Transaction, now: u64) -> Result<Self, TransitionError> {
        let closed = Some((now, Evidence::Transferred));
        let mut entry = self.closed_as(State::Settled, closed)?;
        entry.transaction = Some(transaction);
        Ok(entry)
    }

    /// Nothing was charged, so there is nothing to cash.
    ///
    /// # Errors
    /// The record is claimed or closed.
    pub fn waived(self, now: u64) -> Result<Self, TransitionError> {
        self.closed_as(State::Settled, Some((now, Evidence::Waived)))
    }

    /// The authorization can never move money any more.
    ///
    /// # Errors
    /// The record is claimed or closed.
    pub fn failed(self, evidence: Evidence, now: u64) -> Result<Self, TransitionError> {
        self.closed_as(State::Failed, Some((now, evidence)))
    }

    /// A closed record is due when it can be forgotten.
    fn closed_as(self, to: State, closed: Option<(u64, Evidence)>) -> Result<Self, TransitionError> {
        if self.state.is_final() {
            return Err(TransitionError { from: self.state, to });
        }
        let mut entry = self.moved(to)?;
        entry.closed = closed;
        entry.due_at = Some(entry.keep_until());
        Ok(entry)
    }

    #[inline(never)]
    fn moved(mut self, to: State) -> Result<Self, TransitionError> {
        let from = self.state;
        let in_order = match (from, to) {
            (State::Claimed, State::Claimed | State::Granted) => !self.settles_first,
            (State::Claimed, _) => self.settles_first,
            (State::Settled, _) => self.settles_first && self.grant.is_none(),
            _ => true,
        };
        if from.may_become(to) && in_order {
            self.state = to;
            Ok(self)
        } else {
            Err(TransitionError { from, to })
        }
    }
}
