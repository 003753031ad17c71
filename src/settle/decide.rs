//! What is to be done about a payment, given what the chain says.
//!
//! | the chain says | then |
//! |---|---|
//! | our transaction made the exact transfer, deep enough | settled (S48) |
//! | the nonce is used, not by that | find the event, then its transaction: settled by whoever sent it (S49), or failed |
//! | the nonce is unused and the window is over, deep enough | failed (S47) |
//! | nothing is sent yet, or what was sent can never get into a block | build, sign, write down, send |
//! | our transaction waits for a block | help it: see `line` |
//! | nothing that can be relied on | look again later; the record stays open (S46) |

use super::chain::{self, Block, Receipt, Whereabouts};
use super::event::Use;
use super::fees::Fees;
use super::line::{Help, Line, has_rested};
use super::method::{self, read_nonce_state};
use super::question::{Question, Search};
use super::rpc::{Answer, mentions};
use super::trace::{self, Identity, Trace};
use super::transaction::{ContractCall, Terms};
use super::{Finding, Relayer};
use crate::chain::abi::Call;
use crate::json::Value;
use crate::ledger::{Entry, Evidence, Transaction, TransitionError};
use alloc::vec::Vec;

/// What to do next. In place of one, a [`Finding`] says why nothing can be done now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Ask(Question),
    /// The facilitator's turn.
    HandOver,
    /// Write the entry; once it is written, send these transactions, its own last.
    Write {
        entry: Entry,
        send: Vec<Vec<u8>>,
        finding: Finding,
    },
}

type Decided = Result<Decision, Finding>;

/// Two days of two-second blocks.
const SEARCH_LIMIT: u64 = 100_000;
/// That of the fastest chains in the asset table.
const MOST_BLOCKS_PER_SECOND: u64 = 4;
/// The authorization may have been used a while before it was presented here.
const SECONDS_BEFORE_CLAIM: u64 = 600;
/// The longest wait between two looks at a payment whose window may still be open.
const LONGEST_WAIT: u64 = 60;
/// Where nothing but the operator is likely to help.
const LONGEST_WAIT_UNEXPLAINED: u64 = 3_600;

/// When to look again: after as long as has passed already, so that waits double.
pub(super) fn look_again_at(entry: &Entry, finding: Finding, now: u64) -> u64 {
    let sent = entry.transaction().map(|transaction| transaction.sent_at);
    let since = sent.or(entry.grant().map(|grant| grant.at)).unwrap_or(entry.claim().at);
    let unexplained = matches!(finding, Finding::Unexplained | Finding::NoSettler);
    let longest = if unexplained { LONGEST_WAIT_UNEXPLAINED } else { LONGEST_WAIT };
    now.saturating_add(now.saturating_sub(since).clamp(1, longest))
}

impl Relayer {
    /// Weighs the answers to `question`.
    pub(super) fn decide(&self, entry: &Entry, question: Question, answers: &[Answer], now: u64) -> Decided {
        match question {
            Question::Follow(transaction) => self.follow(entry, transaction, answers, now),
            Question::Prepare => self.prepare(entry, answers, now),
            Question::Displaced(_) => displaced(entry, answers),
            Question::Search(search) => self.search(entry, search, answers, now),
            Question::Identify { search, suspects } => self.identify(entry, search, &suspects, answers, now),
            Question::Witness { head, hash } => self.witness(entry, head, hash, answers, now),
            Question::Expiry { block, searched } => expiry(entry, block, searched, answers, now),
        }
    }

    fn follow(&self, entry: &Entry, transaction: Transaction, answers: &[Answer], now: u64) -> Decided {
        let [used, line @ .., whereabouts] = answers else { return Err(Finding::RpcUnusable) };
        let line = Line::read(line.try_into().map_err(|_| Finding::RpcUnusable)?)?;
        let used = read(used, |result| read_nonce_state(entry, result))?;
        let head = line.head;
        let whereabouts = read(whereabouts, chain::read_receipt)?;
        let is_shared = Terms::of(&transaction).is_some_and(|terms| terms.is_shared);
        if let Whereabouts::InBlock(receipt) = &whereabouts {
            if receipt.hash != transaction.hash {
                return Err(Finding::RpcUnusable);
            }
            if let Some(moved) = self.paid_by(entry, &transaction, receipt, head, now) {
                return moved;
            }
        }
        if let Some(question) = self.past_sending(entry, used, head) {
            return Ok(Decision::Ask(question));
        }
        match whereabouts {
            // It claims success and moved nothing. Another one would cost gas and move nothing either.
            Whereabouts::InBlock(receipt) if receipt.succeeded && !is_shared => Err(Finding::Unexplained),
            // As long as its block can be abandoned it can come back.
            Whereabouts::InBlock(receipt) if self.is_deep(head, receipt.block) && has_rested(&transaction, now) => {
                Ok(self.anew())
            }
            Whereabouts::InBlock(_) => Err(Finding::Reverted),
            Whereabouts::NoBlock if line.mined > transaction.nonce && self.key().is_some() => {
                Ok(Decision::Ask(Question::Displaced(self.deep_block(head))))
            }
            Whereabouts::NoBlock if self.key().is_none() => Ok(Decision::HandOver),
            Whereabouts::NoBlock => self.wait(entry, transaction, line, now),
        }
    }

    /// Somebody has to send it, and not what was sent before.
    const fn anew(&self) -> Decision {
        if self.key().is_some() { Decision::Ask(Question::Prepare) } else { Decision::HandOver }
    }

    /// Settled, or about to be, by this receipt; `None` where it does not show this check's transfer.
    pub(super) fn paid_by(
        &self,
        entry: &Entry,
        transaction: &Transaction,
        receipt: &Receipt,
        head: Block,
        now: u64,
    ) -> Option<Decided> {
        if !receipt.succeeded || trace::judged(entry, &receipt.logs) != Use::Payment {
            return None;
        }
        let transaction = Transaction { hash: receipt.hash, ..transaction.clone() };
        Some(if self.is_deep(head, receipt.block) {
            write(entry.clone().settled(transaction, now), Vec::new(), Finding::Settled)
        } else {
            let due_at = look_again_at(entry, Finding::Shallow, now);
            write(entry.clone().settling(transaction, due_at), Vec::new(), Finding::Shallow)
        })
    }

    fn wait(&self, entry: &Entry, transaction: Transaction, line: Line, now: u64) -> Decided {
        let terms = Terms::of(&transaction);
        let own = match terms {
            Some(terms) if terms.is_shared => Vec::new(),
            _ => Vec::from([transaction.raw.clone()]),
        };
        match (self.help(&transaction, line, now), terms) {
            (Help::TooDear, _) => Err(Finding::FeeTooHigh),
            (Help::Raise(fees), Some(terms)) if !terms.is_shared => {
                self.sent(entry, transaction.nonce, (fees, terms.gas_limit), Finding::Replaced, now)
            }
            (Help::Clear(place, fees), _) => {
                let due_at = look_again_at(entry, Finding::WayCleared, now);
                let send = self.filler(entry, place, fees).into_iter().chain(own).collect();
                write(entry.clone().settling(transaction, due_at), send, Finding::WayCleared)
            }
            _ => {
                let due_at = look_again_at(entry, Finding::SentAgain, now);
                write(entry.clone().settling(transaction, due_at), own, Finding::SentAgain)
            }
        }
    }

    /// A transaction that does nothing but take a place in the line.
    pub(super) fn filler(&self, entry: &Entry, nonce: u64, fees: Fees) -> Option<Vec<u8>> {
        const GAS: u64 = 21_000;
        let (network, to) = (entry.network(), self.address());
        Some(ContractCall { network, nonce, fees, gas_limit: GAS, to, data: Vec::new() }.sign(self.key()?).raw)
    }

    /// Signs the transaction that cashes this check alone.
    fn sent(&self, entry: &Entry, nonce: u64, (fees, gas_limit): (Fees, u64), finding: Finding, now: u64) -> Decided {
        let Some(key) = self.key() else { return Ok(Decision::HandOver) };
        let Call { to, data } = method::cash(entry);
        let signed = ContractCall { network: entry.network(), nonce, fees, gas_limit, to, data }.sign(key);
        let transaction = Transaction { hash: signed.hash, raw: signed.raw.clone(), nonce, sent_at: now };
        write(entry.clone().settling(transaction, now.saturating_add(1)), Vec::from([signed.raw]), finding)
    }

    fn prepare(&self, entry: &Entry, answers: &[Answer], now: u64) -> Decided {
        let [used, head, nonce, tip, gas] = answers else { return Err(Finding::RpcUnusable) };
        let head = read(head, chain::read_block)?;
        if let Some(question) = self.past_sending(entry, read(used, |result| read_nonce_state(entry, result))?, head) {
            return Ok(Decision::Ask(question));
        }
        if self.key().is_none() {
            return Ok(Decision::HandOver);
        }
        if gas.as_ref().is_err_and(|message| mentions(message, "revert")) {
            return Err(Finding::WouldRevert);
        }
        let gas_limit = with_margin(read(gas, chain::read_quantity)?);
        let tip = read(tip, chain::read_quantity)?;
        let fees = Fees::offer(head, tip, self.config().max_fee_per_gas).ok_or(Finding::FeeTooHigh)?;
        self.sent(entry, read(nonce, chain::read_quantity)?, (fees, gas_limit), Finding::Sent, now)
    }

    fn search(&self, entry: &Entry, mut search: Search, answers: &[Answer], now: u64) -> Decided {
        let mut suspects = Vec::new();
        for answer in answers {
            for log in read(answer, chain::read_logs)? {
                match trace::of(entry, &log) {
                    Trace::Use => {
                        return Ok(Decision::Ask(Question::Witness { head: search.head, hash: log.transaction }));
                    }
                    Trace::Cancellation => {
                        return self.failed(entry, Evidence::Cancelled, search.head, log.block, now);
                    }
                    Trace::Withdrawal => search.withdrawn = Some(log.block),
                    Trace::Suspect => suspects.push(log.transaction),
                    Trace::Nothing => {}
                }
            }
        }
        if suspects.is_empty() {
            return self.search_on(entry, search, now);
        }
        Ok(Decision::Ask(Question::Identify { search, suspects }))
    }

    fn identify(&self, entry: &Entry, search: Search, suspects: &[[u8; 32]], answers: &[Answer], now: u64) -> Decided {
        let mut is_clear = true;
        for (hash, answer) in suspects.iter().zip(answers) {
            let (to, input) = read(answer, chain::read_transaction)?;
            match trace::identity(entry, to, &input) {
                Identity::Ours => return Ok(Decision::Ask(Question::Witness { head: search.head, hash: *hash })),
                Identity::Other => {}
                Identity::Unclear => is_clear = false,
            }
        }
        if is_clear { self.search_on(entry, search, now) } else { Err(Finding::Unexplained) }
    }

    /// Nothing found so far: further back, or at the end of the search what that means.
    fn search_on(&self, entry: &Entry, search: Search, now: u64) -> Decided {
        let head = search.head;
        match (search.further_back(), search.withdrawn) {
            (Some(search), _) => Ok(Decision::Ask(Question::Search(search))),
            (None, Some(block)) => self.failed(entry, Evidence::Cancelled, head, block, now),
            (None, None) if trace::is_complete(entry) && entry.authorization().is_over_at(head.timestamp) => {
                Ok(Decision::Ask(self.expiry_at(head, true)))
            }
            (None, None) => Err(Finding::Unexplained),
        }
    }

    fn expiry_at(&self, head: Block, searched: bool) -> Question {
        Question::Expiry { block: self.deep_block(head), searched }
    }

    /// The last block that is deep enough.
    const fn deep_block(&self, head: Block) -> u64 {
        head.number.saturating_sub(self.config().confirmations.saturating_sub(1))
    }

    fn witness(&self, entry: &Entry, head: Block, hash: [u8; 32], answers: &[Answer], now: u64) -> Decided {
        let [receipt] = answers else { return Err(Finding::RpcUnusable) };
        let Whereabouts::InBlock(receipt) = read(receipt, chain::read_receipt)? else {
            return Err(Finding::Unexplained);
        };
        if receipt.hash != hash || !receipt.succeeded {
            return Err(Finding::RpcUnusable);
        }
        match trace::judged(entry, &receipt.logs) {
            Use::Payment if self.is_deep(head, receipt.block) => {
                let ours = entry.transaction().filter(|transaction| transaction.hash == hash).cloned();
                let theirs = Transaction { hash, raw: Vec::new(), nonce: 0, sent_at: now };
                write(entry.clone().settled(ours.unwrap_or(theirs), now), Vec::new(), Finding::Settled)
            }
            Use::Payment => Err(Finding::Shallow),
            Use::Diversion => self.failed(entry, Evidence::Diverted, head, receipt.block, now),
            Use::Unclear => Err(Finding::Unexplained),
        }
    }

    /// What to ask once no transaction of ours can move the money any more.
    fn past_sending(&self, entry: &Entry, used: bool, head: Block) -> Option<Question> {
        if used {
            let seconds = head.timestamp.saturating_sub(entry.claim().at).saturating_add(SECONDS_BEFORE_CLAIM);
            let blocks = seconds.saturating_mul(MOST_BLOCKS_PER_SECOND).min(SEARCH_LIMIT);
            let from = head.number.saturating_sub(blocks);
            Some(Question::Search(Search { head, from, to: head.number, withdrawn: None }))
        } else if entry.authorization().is_over_at(head.timestamp) {
            Some(self.expiry_at(head, false))
        } else {
            None
        }
    }

    fn is_deep(&self, head: Block, block: u64) -> bool {
        head.number.saturating_sub(block).saturating_add(1) >= self.config().confirmations
    }

    fn failed(&self, entry: &Entry, evidence: Evidence, head: Block, block: u64, now: u64) -> Decided {
        if !self.is_deep(head, block) {
            return Err(Finding::Shallow);
        }
        write(entry.clone().failed(evidence, now), Vec::new(), Finding::Failed)
    }
}

/// What is used of the estimate may differ a little from one block to the next.
pub(super) const fn with_margin(gas: u64) -> u64 {
    gas.saturating_add(gas.wrapping_div(5))
}

/// Whether the place of a transaction that is in no block is taken for good: then another one may be made.
fn displaced(entry: &Entry, answers: &[Answer]) -> Decided {
    let [count] = answers else { return Err(Finding::RpcUnusable) };
    let count = read(count, chain::read_quantity)?;
    match entry.transaction() {
        Some(transaction) if count <= transaction.nonce => Err(Finding::Displaced),
        _ => Ok(Decision::Ask(Question::Prepare)),
    }
}

fn expiry(entry: &Entry, number: u64, searched: bool, answers: &[Answer], now: u64) -> Decided {
    let [used, block] = answers else { return Err(Finding::RpcUnusable) };
    let used = read(used, |result| read_nonce_state(entry, result))?;
    let block = read(block, chain::read_block)?;
    if block.number != number {
        return Err(Finding::RpcUnusable);
    }
    if used && searched && entry.authorization().is_over_at(block.timestamp) {
        return write(entry.clone().failed(Evidence::Diverted, now), Vec::new(), Finding::Failed);
    }
    if used || !entry.authorization().is_over_at(block.timestamp) {
        return Err(Finding::Shallow);
    }
    write(entry.clone().failed(Evidence::Expired, now), Vec::new(), Finding::Failed)
}

pub(super) fn read<T>(answer: &Answer, reader: impl FnOnce(&Value) -> Option<T>) -> Result<T, Finding> {
    answer.as_ref().ok().and_then(reader).ok_or(Finding::RpcUnusable)
}

fn write(moved: Result<Entry, TransitionError>, send: Vec<Vec<u8>>, finding: Finding) -> Decided {
    let entry = moved.map_err(|_| Finding::NotDue)?;
    Ok(Decision::Write { entry, send, finding })
}
