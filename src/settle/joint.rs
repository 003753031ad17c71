//! What is to be done about checks that share a transaction, given what the chain says. Each may fail alone, and each is
//! judged by its own event.
//!
//! | the chain says | then |
//! |---|---|
//! | nothing is sent yet, and some would revert among the others | those wait, and are looked at alone then |
//! | nothing is sent yet, and all would pay | signed together, written down in each record, sent |
//! | one of the transactions with their place is in a block | settled, or deep enough soon, each by its own event (S48) |
//! | a nonce is used, a window over, a place taken | that check is looked at alone |
//! | none is in a block | help it: see `line` |
//!
//! The bytes are not kept; they are made again of the records, and are the same ones for the same checks. Where one of
//! them is out of the way meanwhile, those that remain take the same place with higher fees, once it is time for that.

use super::chain::{self, Receipt, Whereabouts, read_bytes};
use super::decide::{Decision, look_again_at, read, with_margin};
use super::fees::Fees;
use super::line::{Help, Line};
use super::method;
use super::rpc::Answer;
use super::transaction::{ContractCall, Terms};
use super::{Finding, Relayer};
use crate::chain::abi::Call;
use crate::chain::multicall::{read_list, together};
use crate::ledger::{Entry, State, Stored, Transaction};
use alloc::vec;
use alloc::vec::Vec;

/// By then a transaction of others is usually in a block, in seconds.
const REST: u64 = 5;

/// What a record is to become, and why.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) stored: Stored,
    pub(super) before: State,
    pub(super) finding: Finding,
}

impl Plan {
    pub(super) fn new(from: &Stored, entry: Entry, finding: Finding) -> Self {
        let entry = entry.noted(finding.code());
        Self { before: from.entry.state(), stored: Stored { entry, version: from.version }, finding }
    }
}

/// What answers come to.
pub(super) enum Weighed {
    /// These are asked about again; the others wait.
    Fewer(Vec<Stored>, Vec<Plan>),
    /// All of it is written, then this is sent; the rest is looked at one by one.
    Write { plan: Vec<Plan>, send: Vec<Vec<u8>>, left: Vec<Stored> },
    /// Gas is not cheap yet.
    Wait,
    /// Each is looked at alone.
    Alone,
}

/// One call for all of them.
pub(super) fn cash(members: &[Stored], may_fail: bool) -> Call {
    let calls: Vec<_> = members.iter().map(|own| (method::cash(&own.entry), may_fail)).collect();
    together(&calls)
}

/// For those for which nothing was sent yet.
pub(super) fn try_out(
    relayer: &Relayer,
    members: &[Stored],
    must_go: bool,
    answers: &[Answer],
    now: u64,
) -> Result<Weighed, Finding> {
    let [results, head, nonce, tip, gas] = answers else { return Err(Finding::RpcUnusable) };
    let head = read(head, chain::read_block)?;
    let tip = read(tip, chain::read_quantity)?;
    let price = head.base_fee.saturating_add(tip);
    if !must_go && relayer.config().batch.gas_price.is_none_or(|cheap| price > cheap) {
        return Ok(Weighed::Wait);
    }
    let fees = Fees::offer(head, tip, relayer.config().max_fee_per_gas).ok_or(Finding::FeeTooHigh)?;
    // A chain without the contract answers with nothing.
    let returned = results.as_ref().ok().and_then(read_bytes);
    let Some(results) = returned.as_deref().and_then(|bytes| read_list(bytes, members.len())) else {
        return Ok(Weighed::Alone);
    };
    let (mut good, mut bad) = (vec![], vec![]);
    for (own, (would_pay, _)) in members.iter().zip(results) {
        if would_pay {
            good.push(own.clone());
        } else {
            // Not at once: alone it would pay now where those before it take the last of its payer's money.
            let due_at = look_again_at(&own.entry, Finding::WouldRevert, now).max(now.saturating_add(REST));
            bad.push(Plan::new(own, own.entry.clone().postponed(due_at), Finding::WouldRevert));
        }
    }
    match (bad.is_empty(), gas) {
        (false, _) => Ok(Weighed::Fewer(good, bad)),
        (true, Err(_)) => Ok(Weighed::Alone),
        (true, Ok(gas)) => {
            let gas_limit = with_margin(chain::read_quantity(gas).ok_or(Finding::RpcUnusable)?);
            let nonce = read(nonce, chain::read_quantity)?;
            let (plan, send) = relayer.send_together(members, nonce, (fees, gas_limit), Finding::Sent, now)?;
            Ok(Weighed::Write { plan, send, left: vec![] })
        }
    }
}

/// For those whose transactions, of these hashes, have one place.
pub(super) fn follow(
    relayer: &Relayer,
    members: &[Stored],
    hashes: &[[u8; 32]],
    answers: &[Answer],
    now: u64,
) -> Result<Weighed, Finding> {
    let Some(([states, line @ ..], receipts)) = answers.split_first_chunk::<5>() else {
        return Err(Finding::RpcUnusable);
    };
    let line = Line::read(line)?;
    let receipt = find_receipt(hashes, receipts)?;
    let states = read(states, read_bytes)?;
    let states = read_list(&states, members.len()).ok_or(Finding::RpcUnusable)?;
    let (mut plan, mut waiting, mut left) = (vec![], vec![], vec![]);
    for (own, (_, state)) in members.iter().zip(states) {
        let entry = &own.entry;
        let Some(transaction) = entry.transaction() else { continue };
        let is_used = method::nonce_state_in(entry, state).ok_or(Finding::RpcUnusable)?;
        let paid = receipt.as_ref().and_then(|receipt| relayer.paid_by(entry, transaction, receipt, line.head, now));
        if let Some(Ok(Decision::Write { entry, finding, .. })) = paid {
            plan.push(Plan::new(own, entry, finding));
        } else if receipt.is_some()
            || is_used
            || line.mined > transaction.nonce
            || entry.authorization().is_over_at(line.head.timestamp)
        {
            left.push(own.clone());
        } else {
            waiting.push(own.clone());
        }
    }
    let mut send = vec![];
    if !waiting.is_empty() {
        let (more, raws) = relayer.wait_together(&waiting, line, now)?;
        plan.extend(more);
        send = raws;
    }
    Ok(Weighed::Write { plan, send, left })
}

/// That of the one transaction at their place which is in a block.
fn find_receipt(hashes: &[[u8; 32]], answers: &[Answer]) -> Result<Option<Receipt>, Finding> {
    for (hash, answer) in hashes.iter().zip(answers) {
        if let Whereabouts::InBlock(receipt) = read(answer, chain::read_receipt)? {
            return if receipt.hash == *hash { Ok(Some(receipt)) } else { Err(Finding::RpcUnusable) };
        }
    }
    Ok(None)
}

type Planned = Result<(Vec<Plan>, Vec<Vec<u8>>), Finding>;

impl Relayer {
    /// One transaction for all of them.
    fn sign_together(&self, members: &[Stored], nonce: u64, terms: (Fees, u64)) -> Option<(Transaction, Vec<u8>)> {
        let Call { to, data } = cash(members, true);
        let (fees, gas_limit) = terms;
        let network = members.first()?.entry.network();
        let call = ContractCall { network, nonce, fees, gas_limit, to, data };
        let signed = call.sign(self.key()?);
        Some((Transaction { hash: signed.hash, raw: call.head(), nonce, sent_at: 0 }, signed.raw))
    }

    fn send_together(&self, members: &[Stored], nonce: u64, terms: (Fees, u64), finding: Finding, now: u64) -> Planned {
        let (transaction, raw) = self.sign_together(members, nonce, terms).ok_or(Finding::NotDue)?;
        let transaction = Transaction { sent_at: now, ..transaction };
        let settling = |own: &Stored| {
            let entry = own.entry.clone().settling(transaction.clone(), now.saturating_add(1));
            entry.map(|entry| Plan::new(own, entry, finding)).map_err(|_| Finding::NotDue)
        };
        Ok((members.iter().map(settling).collect::<Result<_, _>>()?, vec![raw]))
    }

    /// For those whose transaction is in no block, and whose place is not taken.
    fn wait_together(&self, members: &[Stored], line: Line, now: u64) -> Planned {
        let known = || members.iter().filter_map(|own| Some((own.entry.transaction()?, own)));
        let terms = || known().filter_map(|(own, _)| Some((own, Terms::of(own)?)));
        let Some((latest, own_terms)) = terms().max_by_key(|(_, terms)| terms.fees.most) else {
            return Err(Finding::NotDue);
        };
        let help = self.help(latest, line, now);
        if let Help::Raise(fees) = help {
            // Two groups that met at one place need the gas of both.
            let (mut gas_limit, mut counted) = (0_u64, vec![]);
            for (own, terms) in terms() {
                if !counted.contains(&own.hash) {
                    gas_limit = gas_limit.saturating_add(terms.gas_limit);
                    counted.push(own.hash);
                }
            }
            return self.send_together(members, latest.nonce, (fees, gas_limit), Finding::Replaced, now);
        }
        let mut send = vec![];
        let finding = match help {
            Help::TooDear => Finding::FeeTooHigh,
            Help::Clear(place, fees) => {
                send.extend(members.first().and_then(|own| self.filler(&own.entry, place, fees)));
                Finding::WayCleared
            }
            Help::SendAgain | Help::Raise(_) => Finding::SentAgain,
        };
        if help != Help::TooDear {
            let same = self.sign_together(members, latest.nonce, (own_terms.fees, own_terms.gas_limit));
            // Where it is not the same any more it waits until its fees are due to be raised.
            let is_same = |own: &Transaction| known().all(|(known, _)| known.hash == own.hash);
            send.extend(same.filter(|(own, _)| is_same(own)).map(|(_, raw)| raw));
        }
        let later = |(transaction, own): (&Transaction, &Stored)| {
            let due_at = look_again_at(&own.entry, finding, now);
            let entry = own.entry.clone().settling(transaction.clone(), due_at).map_err(|_| Finding::NotDue)?;
            Ok(Plan::new(own, entry, finding))
        };
        Ok((known().map(later).collect::<Result<_, _>>()?, send))
    }
}
