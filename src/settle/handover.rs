//! Handing a check to a facilitator, and what its answers are worth.
//!
//! | it answers | then |
//! |---|---|
//! | success and the transaction of this payment | the chain is asked about it; without a chain: settled, reported |
//! | success without one, or of something else | unknown, and an alarm (S51) |
//! | `settlement_pending` | asked again with the same bytes |
//! | a refusal | asked again until the window is over; then failed, if nothing was ever left in the dark |
//! | anything else, or nothing | unknown: asked again with the same bytes (S46) |

use super::decide::look_again_at;
use super::nodes::Turn;
use super::relayer::{Sending, write};
use super::{Finding, Relayer, SettleOutcome, SettleStep};
use crate::authorization::Authorization;
use crate::dialect::facilitator::read_settle_answer;
use crate::http::HttpAnswer;
use crate::ledger::{Entry, Evidence, State, Stored, Transaction};
use crate::protocol::{SETTLEMENT_PENDING, SettleAnswer};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// How long after the window, in seconds, a facilitator may still bring news of what it sent within.
const LATE_NEWS: u64 = 60;
/// The longest rest that a facilitator can ask for, in seconds.
const LONGEST_REST: u64 = 300;

/// What a facilitator's answer says about one payment.
enum Word {
    Paid([u8; 32]),
    Pending(Option<[u8; 32]>),
    Refused(String),
    Unclear(Finding),
}

/// Writes down that the facilitator is about to be asked, and asks it.
pub(super) fn hand_over(stored: Stored, turn: Turn, now: u64) -> SettleStep {
    let Stored { entry, version } = stored;
    let finding = if entry.handover().is_some() { Finding::Pending } else { Finding::NotForFacilitator };
    let due_at = look_again_at(&entry, finding, now);
    let handed = entry.clone().handed_over(due_at).ok().filter(|_| finding == Finding::Pending);
    match handed {
        // What is sent is in the record.
        Some(entry) => write(entry, version, Sending::HandOver, finding, turn),
        None => write(entry.postponed(due_at), version, Sending::NOTHING, finding, turn),
    }
}

impl Relayer {
    /// Weighs the facilitator's answer and writes down what it is worth.
    pub(super) fn weigh(&self, stored: Stored, outcome: SettleOutcome, turn: Turn, now: u64) -> SettleStep {
        let Stored { entry, version } = stored;
        let rest = asked_to_rest(&outcome);
        let (moved, finding) = match word(&entry, outcome) {
            Word::Paid(hash) if !self.sees_the_chain() => {
                (entry.clone().reported(sent_by_facilitator(hash, now), now), Finding::Reported)
            }
            Word::Paid(hash) if self.can_check(&entry) => {
                (entry.clone().settling(sent_by_facilitator(hash, now), now.saturating_add(1)), Finding::Pending)
            }
            Word::Paid(_) => (entry.clone().unknown(now.saturating_add(1)), Finding::Pending),
            other => self.not_yet(&entry, other, rest, now),
        };
        let moved = moved.unwrap_or_else(|_| entry.postponed(now.saturating_add(LONGEST_REST)));
        write(moved, version, Sending::NOTHING, finding, turn)
    }

    /// Whether the chain tells that a transaction which the facilitator names is this check's and not another one's, such as
    /// one of the same payer. Permit2's leave no event with their nonce: there the chain is searched for the right one.
    fn can_check(&self, entry: &Entry) -> bool {
        !self.sees_the_chain() || matches!(entry.authorization(), Authorization::Eip3009(_))
    }

    fn not_yet(&self, entry: &Entry, word: Word, rest: u64, now: u64) -> Moved {
        let finding = match &word {
            Word::Refused(_) => Finding::FacilitatorRefused,
            Word::Unclear(finding) => *finding,
            Word::Paid(_) | Word::Pending(_) => Finding::Pending,
        };
        let due_at = look_again_at(entry, finding, now).max(now.saturating_add(rest));
        let entry = entry.clone();
        // Where the chain can be asked, it closes the record, and nobody else does.
        let over = !self.sees_the_chain() && now >= entry.authorization().deadline().saturating_add(LATE_NEWS);
        match word {
            Word::Refused(_) if over && entry.state() == State::Settling && entry.transaction().is_none() => {
                (entry.failed(Evidence::Refused, now), Finding::Failed)
            }
            _ if over => (entry.given_up(), Finding::GivenUp),
            Word::Refused(reason) => (Ok(entry.refused(reason, due_at)), finding),
            Word::Pending(Some(hash)) if self.can_check(&entry) => {
                (entry.settling(sent_by_facilitator(hash, now), due_at), finding)
            }
            Word::Paid(_) | Word::Pending(_) | Word::Unclear(_) => (entry.unknown(due_at), finding),
        }
    }
}

type Moved = (Result<Entry, crate::ledger::TransitionError>, Finding);

fn sent_by_facilitator(hash: [u8; 32], now: u64) -> Transaction {
    Transaction { hash, raw: Vec::new(), nonce: 0, sent_at: now }
}

fn asked_to_rest(outcome: &SettleOutcome) -> u64 {
    match outcome {
        SettleOutcome::Http(Ok(HttpAnswer { retry_after: Some(seconds), .. })) => u64::from(*seconds).min(LONGEST_REST),
        _ => 0,
    }
}

/// Reads the answer and compares it with the record (S51). Success counts only in an answer of success.
fn word(entry: &Entry, outcome: SettleOutcome) -> Word {
    let SettleOutcome::Http(Ok(HttpAnswer { status, body, .. })) = outcome else {
        return Word::Unclear(Finding::FacilitatorUnclear);
    };
    let Some(answer) = read_settle_answer(&body) else { return Word::Unclear(Finding::FacilitatorUnclear) };
    let SettleAnswer { success, transaction, network, payer, amount, reason } = answer;
    let authorization = entry.authorization();
    let fits = network == Some(entry.network())
        && payer.is_none_or(|payer| payer == authorization.payer())
        && amount.is_none_or(|amount| amount == entry.amount());
    match (success, transaction, reason) {
        (true, _, _) if !(200..300).contains(&status) => Word::Unclear(Finding::FacilitatorUnclear),
        (true, Some(hash), _) if fits => Word::Paid(hash),
        (true, _, _) => Word::Unclear(Finding::FacilitatorContradicts),
        (false, hash, Some(reason)) if reason == SETTLEMENT_PENDING => Word::Pending(hash.filter(|_| fits)),
        (false, _, reason) => Word::Refused(reason.unwrap_or_else(|| "refused".to_string())),
    }
}
