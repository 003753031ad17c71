//! A payment's way through the ledger: taken on once, and the same answer to whoever settles it again (S41).

use super::Facilitator;
use super::service::{Door, Step, Tone, answer, problem, word};
use crate::dialect::facilitator::write_settle_answer;
use crate::gate::{Effect, Outcome};
use crate::ledger::{Claim, Entry, Evidence, LedgerOp, LedgerOutcome, State, Stored};
use crate::protocol::{Refusal, SETTLEMENT_PENDING, SettleAnswer};
use crate::verify::{Candidate, ReplayKey, VerifiedPayment};

/// A request that waits for an outcome.
#[derive(Debug)]
pub struct Flow(Stage);

#[derive(Debug)]
enum Stage {
    Body(Door),
    /// What does the chain say of the payment?
    Asking(Candidate, Tone),
    /// The payment is on its way into the ledger.
    Writing(Watch),
    /// What became of it?
    Reading(Watch),
    /// The transfer would revert: the record goes, and the payment is free to come again.
    Releasing(Watch),
    /// The relayer has it in hand.
    Waiting(Watch),
}

/// A payment whose end is waited for.
#[derive(Debug)]
struct Watch {
    key: ReplayKey,
    tone: Tone,
    /// What the chain says against it; counts only where it was not taken on before.
    objection: Option<Refusal>,
    /// How often it was looked at; bounds the loop.
    turns: u8,
}

/// The stock SDK's word; v1 has none of its own for it.
const WOULD_REVERT: &str = "invalid_exact_evm_transaction_simulation_failed";
const WAIT_MS: u32 = 200;
/// Ten seconds: less than the patience of the servers that ask.
const MAX_TURNS: u8 = 50;

impl Flow {
    pub(super) const fn reading_body(door: Door) -> Self {
        Self(Stage::Body(door))
    }

    pub(super) const fn asking(candidate: Candidate, tone: Tone) -> Self {
        Self(Stage::Asking(candidate, tone))
    }

    /// Goes on with the outcome of the effect that was asked for. `now` in seconds since the epoch.
    #[must_use]
    pub fn resume(self, facilitator: &Facilitator, outcome: Outcome, now: u64) -> Step {
        match (self.0, outcome) {
            (Stage::Body(door), Outcome::Body(body)) => facilitator.receive(door, body, now),
            (Stage::Asking(candidate, tone), Outcome::Http(node)) => facilitator.weigh(candidate, tone, &node, now),
            (Stage::Writing(watch), Outcome::Ledger(LedgerOutcome::Written(true))) => watch.wait(),
            (Stage::Writing(watch) | Stage::Releasing(watch), Outcome::Ledger(LedgerOutcome::Written(false)))
            | (Stage::Waiting(watch), Outcome::Woke) => watch.read(),
            (Stage::Releasing(watch), Outcome::Ledger(LedgerOutcome::Written(true))) => watch.refuse(WOULD_REVERT),
            (Stage::Reading(watch), Outcome::Ledger(LedgerOutcome::Found(Some(stored)))) => {
                watch.found(facilitator, &stored)
            }
            (
                Stage::Reading(Watch { tone, objection: Some(refusal), .. }),
                Outcome::Ledger(LedgerOutcome::Found(None)),
            ) => tone.refuse(refusal),
            // Whether it was taken on is not known, so this is no verdict: the server asks again.
            (Stage::Writing(_) | Stage::Reading(_) | Stage::Releasing(_), Outcome::Ledger(_)) => {
                problem(503, "ledger_unreachable")
            }
            _ => problem(500, "internal_error"),
        }
    }
}

impl Facilitator {
    /// Writes the payment down, due at once: from here on it is the relayer's.
    pub(super) fn take_on(&self, payment: &VerifiedPayment, tone: Tone, now: u64) -> Step {
        let claim = Claim { at: now, lease_until: now };
        let entry = Entry::claimed(payment, &self.name, "settle", claim).settled_first();
        let watch = Watch { key: entry.key(), tone, objection: None, turns: 0 };
        Step::Need(Effect::Ledger(LedgerOp::Write { entry, expected: 0 }), Flow(Stage::Writing(watch)))
    }
}

/// Was it taken on before? Otherwise what the chain says against it is the answer.
pub(super) fn look_up(payment: &VerifiedPayment, tone: Tone, objection: Refusal) -> Step {
    Watch { key: payment.replay_key(), tone, objection: Some(objection), turns: 0 }.read()
}

impl Watch {
    fn wait(self) -> Step {
        Step::Need(Effect::Sleep { ms: WAIT_MS }, Flow(Stage::Waiting(self)))
    }

    fn read(mut self) -> Step {
        self.turns = self.turns.saturating_add(1);
        Step::Need(Effect::Ledger(LedgerOp::Read(self.key)), Flow(Stage::Reading(self)))
    }

    fn found(self, facilitator: &Facilitator, stored: &Stored) -> Step {
        let entry = &stored.entry;
        // A gate that shares the ledger sold something for it.
        if entry.gate() != facilitator.name {
            return self.refuse("payment_used_elsewhere");
        }
        let payer = Some(entry.authorization().payer());
        let transaction = entry.transaction().map(|transaction| transaction.hash);
        let open = SettleAnswer { payer, ..SettleAnswer::not_settled(None) };
        match (entry.state(), entry.closed()) {
            (State::Settled, _) => self.answer(&SettleAnswer { success: true, transaction, ..open }),
            (State::Failed, Some((_, evidence))) => {
                let code = if evidence == Evidence::Expired { Refusal::Expired.code() } else { "payment_already_used" };
                self.answer(&SettleAnswer { reason: Some(word(self.tone.dialect, code)), ..open })
            }
            _ if entry.is_returnable() => {
                let op = LedgerOp::Remove { key: self.key, expected: stored.version };
                Step::Need(Effect::Ledger(op), Flow(Stage::Releasing(self)))
            }
            _ if self.turns < MAX_TURNS => self.wait(),
            _ => self.answer(&SettleAnswer { transaction, reason: Some(SETTLEMENT_PENDING.into()), ..open }),
        }
    }

    fn refuse(&self, code: &'static str) -> Step {
        self.answer(&SettleAnswer::not_settled(Some(word(self.tone.dialect, code))))
    }

    fn answer(&self, settled: &SettleAnswer) -> Step {
        answer(200, &write_settle_answer(settled, &self.tone.network))
    }
}
