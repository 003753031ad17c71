//! A payment's way through the ledger: taken on once, and its success told once.
//!
//! A server that settles here may remember nothing: it serves whatever `/verify` calls valid and `/settle` a success.
//! If the same payment were a success each time it is settled, it would open that server as often as it is sent there.

use super::Facilitator;
use super::service::{Door, Step, answer, problem, word};
use crate::authorization::Authorization;
use crate::dialect::facilitator::{write_settle_answer, write_verify_answer};
use crate::gate::{Effect, Outcome};
use crate::ledger::{Claim, Entry, Evidence, LedgerOp, LedgerOutcome, State, Stored};
use crate::protocol::{Dialect, Refusal, SETTLEMENT_PENDING, SettleAnswer, VerifyAnswer};
use crate::verify::{ReplayKey, VerifiedPayment};
use alloc::string::String;

/// A request that waits for an outcome.
#[derive(Debug)]
pub struct Flow(Stage);

#[derive(Debug)]
enum Stage {
    Body(Door),
    /// Was it used before? Otherwise it is valid.
    Verifying(Watch),
    /// The payment is on its way into the ledger.
    Writing(Watch),
    /// What became of it?
    Reading(Watch),
    /// The transfer would revert: the record goes, and the payment is free to come again.
    Releasing(Watch),
    /// The relayer has it in hand.
    Waiting(Watch),
    /// Its server came back for it: the relayer looks at it now, and not when it would have.
    Hurrying(Watch),
    /// It is being written down that its success is told, with this.
    Telling(Watch, SettleAnswer),
}

/// A payment that is asked about.
#[derive(Debug)]
struct Watch {
    key: ReplayKey,
    /// What was signed: somebody can sign one nonce twice, for two payees or two amounts.
    authorization: Authorization,
    /// The answer is in this.
    dialect: Dialect,
    /// In the spelling of the question.
    network: String,
    /// How often it was looked at; bounds the loop.
    turns: u8,
    /// It was taken on by an earlier request.
    is_back: bool,
}

/// The stock SDK's word; v1 has none of its own for it.
const WOULD_REVERT: &str = "invalid_exact_evm_transaction_simulation_failed";
/// The finding on a record whose success was told.
const TOLD: &str = "told";
const USED: &str = "payment_already_used";
const WAIT_MS: u32 = 200;
/// Ten seconds: less than the patience of the servers that ask.
const MAX_TURNS: u8 = 50;

impl Flow {
    pub(super) const fn reading_body(door: Door) -> Self {
        Self(Stage::Body(door))
    }

    /// Goes on with the outcome of the effect that was asked for. `now` in seconds since the epoch.
    #[must_use]
    pub fn resume(self, facilitator: &Facilitator, outcome: Outcome, now: u64) -> Step {
        match (self.0, outcome) {
            (Stage::Body(door), Outcome::Body(body)) => facilitator.receive(door, body, now),
            (Stage::Writing(watch), Outcome::Ledger(LedgerOutcome::Written(true)))
            | (Stage::Hurrying(watch), Outcome::Ledger(LedgerOutcome::Written(_))) => watch.wait(),
            (Stage::Writing(watch), Outcome::Ledger(LedgerOutcome::Written(false))) => {
                Watch { is_back: true, ..watch }.read()
            }
            (Stage::Releasing(watch) | Stage::Telling(watch, _), Outcome::Ledger(LedgerOutcome::Written(false)))
            | (Stage::Waiting(watch), Outcome::Woke) => watch.read(),
            (Stage::Telling(watch, success), Outcome::Ledger(LedgerOutcome::Written(true))) => watch.answer(&success),
            (Stage::Verifying(watch), Outcome::Ledger(LedgerOutcome::Found(stored))) => {
                watch.verdict(facilitator, stored.as_ref())
            }
            (Stage::Releasing(watch), Outcome::Ledger(LedgerOutcome::Written(true))) => watch.refuse(WOULD_REVERT),
            (Stage::Reading(watch), Outcome::Ledger(LedgerOutcome::Found(Some(stored)))) => {
                watch.found(facilitator, &stored, now)
            }
            // Whether it was taken on is not known, so this is no verdict: the server asks again.
            (_, Outcome::Ledger(_)) => problem(503, "ledger_unreachable"),
            _ => problem(500, "internal_error"),
        }
    }
}

impl Facilitator {
    /// All that can be said without the ledger was good; now whether it was used before.
    pub(super) fn look_up(payment: &VerifiedPayment, dialect: Dialect, network: String) -> Step {
        let watch = Watch::over(payment, dialect, network);
        let read = Effect::Ledger(LedgerOp::Read(watch.key));
        Step::Need(read, Flow(Stage::Verifying(watch)))
    }

    /// Writes the payment down, due at once: from here on it is the relayer's.
    pub(super) fn take_on(&self, payment: &VerifiedPayment, dialect: Dialect, network: String, now: u64) -> Step {
        let claim = Claim { at: now, lease_until: now };
        let entry = Entry::claimed(payment, &self.name, "settle", claim).settled_first();
        let watch = Watch::over(payment, dialect, network);
        Step::Need(Effect::Ledger(LedgerOp::Write { entry, expected: 0 }), Flow(Stage::Writing(watch)))
    }
}

impl Watch {
    fn over(payment: &VerifiedPayment, dialect: Dialect, network: String) -> Self {
        Self {
            key: payment.replay_key(),
            authorization: *payment.authorization(),
            dialect,
            network,
            turns: 0,
            is_back: false,
        }
    }

    fn wait(self) -> Step {
        Step::Need(Effect::Sleep { ms: WAIT_MS }, Flow(Stage::Waiting(self)))
    }

    fn read(mut self) -> Step {
        self.turns = self.turns.saturating_add(1);
        Step::Need(Effect::Ledger(LedgerOp::Read(self.key)), Flow(Stage::Reading(self)))
    }

    fn found(self, facilitator: &Facilitator, stored: &Stored, now: u64) -> Step {
        let entry = &stored.entry;
        // A gate that shares the ledger sold something for it.
        if entry.gate() != facilitator.name {
            return self.refuse("payment_used_elsewhere");
        }
        if *entry.authorization() != self.authorization {
            return self.refuse(USED);
        }
        let payer = Some(entry.authorization().payer());
        let transaction = entry.transaction().map(|transaction| transaction.hash);
        let open = SettleAnswer { payer, ..SettleAnswer::not_settled(None) };
        match (entry.state(), entry.closed()) {
            (State::Settled, _) if is_told(entry) => {
                self.answer(&SettleAnswer { transaction, reason: Some(word(self.dialect, USED)), ..open })
            }
            (State::Settled, _) => {
                let op = LedgerOp::Write { entry: entry.clone().noted(TOLD), expected: stored.version };
                let success = SettleAnswer { success: true, transaction, ..open };
                Step::Need(Effect::Ledger(op), Flow(Stage::Telling(self, success)))
            }
            (State::Failed, Some((_, evidence))) => {
                let code = if evidence == Evidence::Expired { Refusal::Expired.code() } else { USED };
                self.answer(&SettleAnswer { reason: Some(word(self.dialect, code)), ..open })
            }
            _ if entry.is_returnable() => {
                let op = LedgerOp::Remove { key: self.key, expected: stored.version };
                Step::Need(Effect::Ledger(op), Flow(Stage::Releasing(self)))
            }
            _ if self.is_back && entry.due_at() > Some(now) => {
                let op = LedgerOp::Write { entry: entry.clone().postponed(now), expected: stored.version };
                Step::Need(Effect::Ledger(op), Flow(Stage::Hurrying(Self { is_back: false, ..self })))
            }
            _ if self.turns < MAX_TURNS => self.wait(),
            _ => self.answer(&SettleAnswer { transaction, reason: Some(SETTLEMENT_PENDING.into()), ..open }),
        }
    }

    /// What is on its way and was told to nobody is valid still: its server may come back for it.
    fn verdict(&self, facilitator: &Facilitator, stored: Option<&Stored>) -> Step {
        let is_ours = |entry: &Entry| entry.gate() == facilitator.name && *entry.authorization() == self.authorization;
        let is_used = stored
            .is_some_and(|Stored { entry, .. }| !is_ours(entry) || entry.state() == State::Failed || is_told(entry));
        let reason = is_used.then(|| word(self.dialect, USED));
        let payer = Some(self.authorization.payer());
        answer(200, &write_verify_answer(&VerifyAnswer { is_valid: !is_used, payer, reason }))
    }

    fn refuse(&self, code: &'static str) -> Step {
        self.answer(&SettleAnswer::not_settled(Some(word(self.dialect, code))))
    }

    fn answer(&self, settled: &SettleAnswer) -> Step {
        answer(200, &write_settle_answer(settled, &self.network))
    }
}

fn is_told(entry: &Entry) -> bool {
    entry.finding() == Some(TOLD)
}
