//! Holding the ledger against the chain: each payment to us that the chain shows has its settled record, and each settled
//! record its transfer.

use super::chain::{self, At, Receipt, Whereabouts};
use super::event::{AUTHORIZATION_USED, Log, TRANSFER, Use};
use super::nodes::{Turn, checked_answers};
use super::rpc::{Answer, Call};
use super::{Finding, Relayer, SettleOutcome, permit2, trace};
use crate::address::Address;
use crate::encoding::hex;
use crate::http::HttpRequest;
use crate::json::{Object, Value};
use crate::ledger::{Entry, LedgerOutcome, State};
use crate::network::Network;
use crate::verify::ReplayKey;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Who is paid in what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "three names of one place")]
pub struct Payee {
    /// On this chain.
    pub network: Network,
    /// In this asset.
    pub asset: Address,
    /// To this account.
    pub account: Address,
}

/// What the runtime is asked to do. It hands what comes of it to [`Reconciliation::resume`].
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum ReconcileStep {
    /// Send this; answered with [`ReconcileOutcome::Http`].
    Http(HttpRequest, Box<Reconciliation>),
    /// Read this record; answered with [`ReconcileOutcome::Found`].
    Read(ReplayKey, Box<Reconciliation>),
    /// Read the records behind this key, in the order of the keys; answered with [`ReconcileOutcome::Page`].
    Page(String, Box<Reconciliation>),
    /// What differs.
    Done(Value),
    /// The chain cannot be seen.
    Failed(Finding),
}

/// What became of a step.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum ReconcileOutcome {
    /// The node's answer.
    Http(SettleOutcome),
    /// The store's.
    Found(LedgerOutcome),
    /// Records, and the last one's key; none at the end.
    Page(Vec<Entry>, Option<String>),
}

/// A comparison that is under way.
#[derive(Debug)]
pub struct Reconciliation {
    turn: Turn,
    payee: Payee,
    blocks: u64,
    window: Option<(u64, u64)>,
    /// From here on the window has been searched.
    searched: u64,
    /// When the window begins.
    since: u64,
    transactions: Vec<[u8; 32]>,
    seen: Vec<Seen>,
    reading: Option<Seen>,
    /// Behind this key; `None`: all records were seen.
    page: Option<String>,
    settled: Vec<Entry>,
    shown: Vec<ReplayKey>,
    payments: u64,
    records: u64,
    differences: Vec<Value>,
}

/// A payment as the chain shows it.
#[derive(Clone, Copy, Debug)]
struct Seen {
    key: ReplayKey,
    transaction: [u8; 32],
}

const SPAN: u64 = 2_000;
/// So many transactions are asked about at once.
const RECEIPTS: usize = 20;

impl Reconciliation {
    /// Compares the last `blocks` of the chain, as far as they are final for this relayer.
    #[must_use]
    pub fn begin(payee: Payee, blocks: u64, relayer: &Relayer) -> ReconcileStep {
        let reconciliation = Box::new(Self {
            turn: relayer.nodes().turn(0, 0),
            payee,
            blocks,
            window: None,
            searched: 0,
            since: 0,
            transactions: vec![],
            seen: vec![],
            reading: None,
            page: Some(String::new()),
            settled: vec![],
            shown: vec![],
            payments: 0,
            records: 0,
            differences: vec![],
        });
        reconciliation.next(relayer)
    }

    /// Goes on with what became of the step.
    #[must_use]
    pub fn resume(mut self: Box<Self>, outcome: ReconcileOutcome, relayer: &Relayer) -> ReconcileStep {
        let weighed = match outcome {
            ReconcileOutcome::Http(outcome) => {
                let count = self.calls().len();
                checked_answers(outcome, self.payee.network, count).and_then(|answers| self.weigh(&answers, relayer))
            }
            ReconcileOutcome::Found(LedgerOutcome::Found(found)) => {
                self.compare(found.as_ref().map(|stored| &stored.entry));
                Ok(())
            }
            ReconcileOutcome::Found(_) => Err(Finding::LedgerUnreachable),
            ReconcileOutcome::Page(entries, last) => {
                self.page = last;
                self.records = self.records.saturating_add(u64::try_from(entries.len()).unwrap_or_default());
                let is_new = |entry: &Entry| {
                    is_settled_in(entry, self.payee, self.since)
                        && entry.transaction().is_some()
                        && !self.shown.contains(&entry.key())
                };
                self.settled.extend(entries.into_iter().filter(is_new));
                Ok(())
            }
        };
        let finding = match weighed {
            Ok(()) => return self.next(relayer),
            Err(finding) => finding,
        };
        // What was asked follows from what is known so far, so the next node is asked the same.
        match relayer.nodes().after(self.turn, finding, 0) {
            Some(turn) => {
                self.turn = turn;
                self.next(relayer)
            }
            None => ReconcileStep::Failed(finding),
        }
    }

    fn next(mut self: Box<Self>, relayer: &Relayer) -> ReconcileStep {
        let calls = self.calls();
        if !calls.is_empty() {
            return ReconcileStep::Http(relayer.nodes().checked_request(self.turn, calls), self);
        }
        if let Some(seen) = self.seen.pop() {
            self.reading = Some(seen);
            return ReconcileStep::Read(seen.key, self);
        }
        match self.page.clone() {
            Some(after) => ReconcileStep::Page(after, self),
            None => ReconcileStep::Done(self.report()),
        }
    }

    /// What the chain is asked now; nothing where it is the ledger's turn.
    fn calls(&self) -> Vec<Call> {
        let Payee { asset, account, .. } = self.payee;
        let Some((from, to)) = self.window else { return vec![chain::block(At::Latest)] };
        if self.searched <= to {
            let end = self.searched.saturating_add(SPAN.saturating_sub(1)).min(to);
            return vec![
                chain::block(At::Block(from)),
                chain::transfers_to(asset, &TRANSFER, account, self.searched, end),
            ];
        }
        if !self.transactions.is_empty() {
            let both = |hash| [chain::receipt(hash), chain::transaction(hash)];
            return self.transactions.iter().take(RECEIPTS).flat_map(both).collect();
        }
        if self.seen.is_empty() && self.page.is_none() {
            return self.unproven().map(|(_, hash)| chain::receipt(hash)).collect();
        }
        vec![]
    }

    /// The next settled records whose transfer was not met in the window.
    fn unproven(&self) -> impl Iterator<Item = (&Entry, &[u8; 32])> {
        self.settled.iter().filter_map(|entry| Some((entry, &entry.transaction()?.hash))).take(RECEIPTS)
    }

    fn weigh(&mut self, answers: &[Answer], relayer: &Relayer) -> Result<(), Finding> {
        let unusable = Finding::RpcUnusable;
        let Some((_, to)) = self.window else {
            let head = chain::read_block(read(answers.first())?).ok_or(unusable)?;
            let to = head.number.saturating_sub(relayer.config().confirmations.saturating_sub(1));
            let from = to.saturating_sub(self.blocks.saturating_sub(1));
            (self.window, self.searched) = (Some((from, to)), from);
            return Ok(());
        };
        if self.searched <= to {
            self.since = chain::read_block(read(answers.first())?).ok_or(unusable)?.timestamp;
            for log in chain::read_logs(read(answers.get(1))?).ok_or(unusable)? {
                if !self.transactions.contains(&log.transaction) {
                    self.transactions.push(log.transaction);
                }
            }
            self.searched = self.searched.saturating_add(SPAN);
            return Ok(());
        }
        let receipt = |answer| chain::read_receipt(read(Some(answer))?).ok_or(unusable);
        if self.transactions.is_empty() {
            self.prove(&answers.iter().map(receipt).collect::<Result<Vec<_>, _>>()?);
            return Ok(());
        }
        let mut seen = vec![];
        for pair in answers.chunks(2) {
            let [first, second] = pair else { return Err(unusable) };
            let Whereabouts::InBlock(receipt) = receipt(first)? else { return Err(unusable) };
            let call = chain::read_transaction(read(Some(second))?).ok_or(unusable)?;
            seen.extend(payments(&receipt, &call, self.payee));
        }
        self.transactions.drain(..RECEIPTS.min(self.transactions.len()));
        self.shown.extend(seen.iter().map(|seen| seen.key));
        self.seen.extend(seen);
        Ok(())
    }

    /// The chain's payment against the ledger's record.
    fn compare(&mut self, entry: Option<&Entry>) {
        let Some(Seen { key, transaction }) = self.reading.take() else { return };
        self.payments = self.payments.saturating_add(1);
        let difference = match entry {
            None => "unknown_to_ledger",
            Some(entry) if entry.state() != State::Settled => "not_settled_in_ledger",
            Some(entry) if entry.transaction().is_none_or(|own| own.hash != transaction) => "other_transaction",
            Some(_) => return,
        };
        self.differences.push(differs(difference, key, &transaction, entry));
    }

    /// The ledger's settled records against the chain's receipts.
    fn prove(&mut self, receipts: &[Whereabouts]) {
        let wrong: Vec<Value> = self
            .unproven()
            .zip(receipts)
            .filter(|((entry, _), receipt)| !matches!(receipt, Whereabouts::InBlock(receipt) if pays(receipt, entry)))
            .map(|((entry, hash), _)| differs("not_on_chain", entry.key(), hash, Some(entry)))
            .collect();
        self.differences.extend(wrong);
        self.settled.drain(..receipts.len().min(self.settled.len()));
    }

    fn report(&mut self) -> Value {
        let (from, to) = self.window.unwrap_or_default();
        Object::new()
            .shown("network", &self.payee.network)
            .shown("asset", &self.payee.asset)
            .shown("payTo", &self.payee.account)
            .number("fromBlock", from)
            .number("toBlock", to)
            .number("payments", self.payments)
            .number("records", self.records)
            .value("differences", core::mem::take(&mut self.differences).into())
            .end()
    }
}

fn read(answer: Option<&Answer>) -> Result<&Value, Finding> {
    answer.and_then(|answer| answer.as_ref().ok()).ok_or(Finding::RpcUnusable)
}

fn is_settled_in(entry: &Entry, payee: Payee, since: u64) -> bool {
    let own = Payee { network: entry.network(), asset: entry.asset(), account: entry.authorization().payee() };
    own == payee && entry.state() == State::Settled && entry.closed().is_some_and(|(at, _)| at >= since)
}

fn pays(receipt: &Receipt, entry: &Entry) -> bool {
    receipt.succeeded && trace::judged(entry, &receipt.logs) == Use::Payment
}

/// The payments to us in a transaction: each transfer, by the nonce that was used right before it, or by the permit that
/// was cashed. Other transfers are none of the gate's.
fn payments(receipt: &Receipt, (to, input): &(Option<Address>, Vec<u8>), payee: Payee) -> Vec<Seen> {
    let Payee { network, asset, account } = payee;
    let permit = to.and_then(|to| permit2::cashed(to, input));
    let mut used: Option<&Log> = None;
    let mut seen = vec![];
    for log in receipt.logs.iter().filter(|log| log.contract == asset) {
        match log.topics.as_slice() {
            [AUTHORIZATION_USED, ..] => used = Some(log),
            [TRANSFER, from, to] if *to == account.to_word() => {
                let Some(sender) = Address::from_word(from) else { continue };
                let key = match (used.take().map(|log| log.topics.as_slice()), permit) {
                    (Some([_, by, nonce]), _) if by == from => ReplayKey::of_transfer(network, asset, sender, nonce),
                    (None, Some((owner, nonce))) if owner == sender => ReplayKey::of_permit(network, owner, &nonce),
                    _ => continue,
                };
                seen.push(Seen { key, transaction: receipt.hash });
            }
            [TRANSFER, ..] => used = None,
            _ => {}
        }
    }
    seen
}

fn differs(difference: &str, key: ReplayKey, transaction: &[u8; 32], entry: Option<&Entry>) -> Value {
    Object::new()
        .text("difference", difference)
        .shown("jti", &key)
        .value("transaction", hex(transaction).into())
        .text_if("state", entry.map(|entry| entry.state().name()))
        .end()
}
