//! A payment's way through the ledger: taken on once, and its success told once.
//!
//! A server that settles here may remember nothing: it serves whatever `/verify` calls valid and `/settle` a success.
//! If the same payment were a success each time it is settled, it would open that server as often as it is sent there.

use super::Facilitator;
use super::service::{Door, Step, Tone, answer, problem, word};
use crate::authorization::Authorization;
use crate::dialect::facilitator::{write_settle_answer, write_verify_answer};
use crate::gate::{Effect, Outcome};
use crate::ledger::{Claim, Entry, Evidence, LedgerOp, LedgerOutcome, State, Stored};
use crate::protocol::{Refusal, SETTLEMENT_PENDING, SettleAnswer, VerifyAnswer};
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
    tone: Tone,
    /// What the chain says against it; counts only where it was not taken on before.
    objection: Option<Refusal>,
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
/// For how long a record is kept after its payment could come again, in seconds: a day.
const KEEP: u64 = 86_400;
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
            (Stage::Writing(watch), Outcome::Ledger(LedgerOutcome::Written(_)))
            | (Stage::Hurrying(watch), Outcome::Ledger(LedgerOutcome::Written(_) | LedgerOutcome::Moved)) => {
                watch.wait()
            }
            (Stage::Writing(watch), Outcome::Ledger(LedgerOutcome::Moved)) => Watch { is_back: true, ..watch }.read(),
            (Stage::Releasing(watch) | Stage::Telling(watch, _), Outcome::Ledger(LedgerOutcome::Moved))
            | (Stage::Waiting(watch), Outcome::Woke) => watch.read(),
            (Stage::Telling(watch, success), Outcome::Ledger(LedgerOutcome::Written(_))) => watch.answer(&success),
            (Stage::Releasing(watch), Outcome::Ledger(LedgerOutcome::Written(_))) => watch.refuse(WOULD_REVERT),
            (Stage::Reading(watch), Outcome::Ledger(LedgerOutcome::Found(Some(stored)))) => match watch.tone.door {
                Door::Verify => watch.verdict(watch.is_used(facilitator, &stored.entry)),
                Door::Settle => watch.found(facilitator, &stored, now),
            },
            (Stage::Reading(watch), Outcome::Ledger(LedgerOutcome::Found(None))) => watch.unheard_of(),
            // Whether it was taken on is not known, so this is no verdict: the server asks again.
            (_, Outcome::Ledger(_)) => problem(503, "ledger_unreachable"),
            _ => problem(500, "internal_error"),
        }
    }
}

impl Facilitator {
    /// Writes the payment down, due at once: from here on it is the relayer's.
    pub(super) fn take_on(&self, payment: &VerifiedPayment, tone: Tone, now: u64) -> Step {
        let claim = Claim { at: now, lease_until: now };
        let entry = Entry::claimed(payment, &self.name, "settle", claim).kept(self.skew.saturating_add(KEEP));
        let entry = entry.settled_first();
        let watch = Watch::over(payment, tone, None);
        Step::Need(Effect::Ledger(LedgerOp::Write { entry, expected: 0 }), Flow(Stage::Writing(watch)))
    }
}

/// Was it taken on before? Otherwise what the chain says against it is the answer.
pub(super) fn look_up(payment: &VerifiedPayment, tone: Tone, objection: Option<Refusal>) -> Step {
    Watch { is_back: true, ..Watch::over(payment, tone, objection) }.read()
}

impl Watch {
    fn over(payment: &VerifiedPayment, tone: Tone, objection: Option<Refusal>) -> Self {
        let (key, authorization) = (payment.replay_key(), *payment.authorization());
        Self { key, authorization, tone, objection, turns: 0, is_back: false }
    }

    fn wait(self) -> Step {
        Step::Need(Effect::Sleep { ms: WAIT_MS }, Flow(Stage::Waiting(self)))
    }

    fn read(mut self) -> Step {
        self.turns = self.turns.saturating_add(1);
        Step::Need(Effect::Ledger(LedgerOp::Read(self.key)), Flow(Stage::Reading(self)))
    }

    fn unheard_of(&self) -> Step {
        match (self.objection, self.tone.door) {
            (Some(refusal), _) => self.tone.refuse(refusal),
            (None, Door::Verify) => self.verdict(false),
            // It was there a moment ago.
            (None, Door::Settle) => problem(503, "ledger_unreachable"),
        }
    }

    /// What is on its way, or was told to nobody, is not: its server may come back for it.
    fn is_used(&self, facilitator: &Facilitator, entry: &Entry) -> bool {
        let is_it = entry.gate() == facilitator.name && *entry.authorization() == self.authorization;
        !is_it || entry.state() == State::Failed || is_told(entry)
    }

    fn verdict(&self, is_used: bool) -> Step {
        let reason = is_used.then(|| word(self.tone.dialect, USED));
        let payer = Some(self.authorization.payer());
        answer(200, &write_verify_answer(&VerifyAnswer { is_valid: !is_used, payer, reason }))
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
                self.answer(&SettleAnswer { transaction, reason: Some(word(self.tone.dialect, USED)), ..open })
            }
            (State::Settled, _) => {
                let op = LedgerOp::Write { entry: entry.clone().noted(TOLD), expected: stored.version };
                let success = SettleAnswer { success: true, transaction, ..open };
                Step::Need(Effect::Ledger(op), Flow(Stage::Telling(self, success)))
            }
            (State::Failed, Some((_, evidence))) => {
                let code = if evidence == Evidence::Expired { Refusal::Expired.code() } else { USED };
                self.answer(&SettleAnswer { reason: Some(word(self.tone.dialect, code)), ..open })
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

    fn refuse(&self, code: &'static str) -> Step {
        self.answer(&SettleAnswer::not_settled(Some(word(self.tone.dialect, code))))
    }

    fn answer(&self, settled: &SettleAnswer) -> Step {
        answer(200, &write_settle_answer(settled, &self.tone.network))
    }
}

fn is_told(entry: &Entry) -> bool {
    entry.finding() == Some(TOLD)
}
