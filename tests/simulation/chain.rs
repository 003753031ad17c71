//! A chain: blocks with their times, an asset with EIP-3009, a mempool that forgets, and blocks that are abandoned.

use crate::scene::{PAYERS, Scene};
use crate::wire::Sent;

/// What the asset recorded of a payer's nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// This payment of the scene moved its money.
    Paid(usize),
    /// The nonce of this payment was cancelled.
    Cancelled(usize),
    /// A payer moved all that was left elsewhere; how much that was.
    Drained(usize, u64),
    Refilled(usize, u64),
}

#[derive(Clone, Debug)]
pub(crate) struct Mined {
    pub(crate) hash: [u8; 32],
    /// Its place in the relayer's sequence; `None` where a stranger sent it.
    pub(crate) nonce: Option<u64>,
    pub(crate) event: Option<Event>,
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) timestamp: u64,
    pub(crate) transactions: Vec<Mined>,
}

pub(crate) struct Chain {
    pub(crate) blocks: Vec<Block>,
    pub(crate) pool: Vec<Sent>,
    pub(crate) base_fee: u64,
    pub(crate) relayer_has_gas_money: bool,
    /// Blocks up to this one are never abandoned.
    pub(crate) last_final: usize,
    /// Every transaction that ever reached the node.
    pub(crate) seen: Vec<Sent>,
    confirmations: usize,
    strangers: u8,
}

/// Of every payer at first: enough for two checks.
pub(crate) const BALANCE: u64 = 20_000;
pub(crate) const AMOUNT: u64 = 10_000;

impl Chain {
    pub(crate) fn new(timestamp: u64, confirmations: usize) -> Self {
        Self {
            blocks: vec![Block { timestamp, transactions: vec![] }],
            pool: vec![],
            base_fee: 1_000,
            relayer_has_gas_money: true,
            last_final: 0,
            seen: vec![],
            confirmations,
            strangers: 0,
        }
    }

    pub(crate) fn head(&self) -> usize {
        self.blocks.len() - 1
    }

    /// Makes a block of what waits, or an empty one.
    pub(crate) fn mine(&mut self, scene: &Scene, timestamp: u64, is_empty: bool) {
        let timestamp = timestamp.max(self.blocks[self.head()].timestamp + 1);
        self.blocks.push(Block { timestamp, transactions: vec![] });
        while let (false, Some(place)) = (is_empty, self.pool.iter().position(|sent| self.is_next(sent))) {
            let sent = self.pool.remove(place);
            let event = sent.payment.and_then(|payment| self.transfer(scene, payment, timestamp).ok());
            self.include(Mined { hash: sent.hash, nonce: Some(sent.nonce), event });
        }
        let next = self.next_nonce();
        self.pool.retain(|sent| sent.nonce >= next);
        self.last_final = self.last_final.max((self.head() + 1).saturating_sub(self.confirmations));
    }

    /// A block with what somebody else sends: `false` where the asset refuses it.
    pub(crate) fn by_stranger(&mut self, scene: &Scene, timestamp: u64, event: Event) -> bool {
        let timestamp = timestamp.max(self.blocks[self.head()].timestamp + 1);
        let happens = match event {
            Event::Paid(payment) => self.transfer(scene, payment, timestamp).is_ok(),
            Event::Cancelled(payment) => self.use_of(scene, payment, self.head()).is_none(),
            Event::Drained(_, amount) | Event::Refilled(_, amount) => amount > 0,
        };
        if happens {
            self.mine(scene, timestamp, true);
            self.strangers += 1;
            self.include(Mined { hash: [self.strangers; 32], nonce: None, event: Some(event) });
        }
        happens
    }

    /// The relayer's next place is taken by something that is not ours, such as an operator's own transaction.
    pub(crate) fn replace(&mut self, scene: &Scene, timestamp: u64) {
        self.mine(scene, timestamp, true);
        self.strangers += 1;
        self.include(Mined { hash: [0x80 | self.strangers; 32], nonce: Some(self.next_nonce()), event: None });
        let next = self.next_nonce();
        self.pool.retain(|sent| sent.nonce >= next);
    }

    /// Abandons the last blocks, as far as they are not final. What was in them waits again, or is forgotten.
    pub(crate) fn reorganise(
        &mut self,
        depth: usize,
        is_forgotten: bool,
        known: impl Fn(&[u8; 32]) -> Option<Sent>,
    ) -> usize {
        let mut abandoned = 0;
        while abandoned < depth && self.head() > self.last_final {
            let block = self.blocks.pop().unwrap();
            let waiting = block.transactions.iter().filter_map(|mined| known(&mined.hash));
            self.pool.extend(waiting.filter(|_| !is_forgotten));
            abandoned += 1;
        }
        abandoned
    }

    fn include(&mut self, mined: Mined) {
        self.blocks.last_mut().unwrap().transactions.push(mined);
    }

    fn is_next(&self, sent: &Sent) -> bool {
        sent.nonce == self.next_nonce() && sent.max_fee >= self.base_fee
    }

    pub(crate) fn next_nonce(&self) -> u64 {
        self.mined().filter_map(|(_, mined)| mined.nonce).count() as u64
    }

    pub(crate) fn pending_nonce(&self) -> u64 {
        let waits = |nonce: &u64| self.pool.iter().any(|sent| sent.nonce == *nonce);
        (self.next_nonce()..u64::MAX).find(|nonce| !waits(nonce)).unwrap()
    }

    /// Every transaction with the number of its block.
    pub(crate) fn mined(&self) -> impl Iterator<Item = (usize, &Mined)> {
        self.blocks
            .iter()
            .enumerate()
            .flat_map(|(number, block)| block.transactions.iter().map(move |mined| (number, mined)))
    }

    /// What used up the nonce of a payment until that block, and where.
    pub(crate) fn use_of(&self, scene: &Scene, payment: usize, until: usize) -> Option<(usize, &Mined)> {
        let key = scene.payments[payment].key;
        self.mined().filter(|(number, _)| *number <= until).find(|(_, mined)| match mined.event {
            Some(Event::Paid(other) | Event::Cancelled(other)) => scene.payments[other].key == key,
            _ => false,
        })
    }

    pub(crate) fn balance(&self, scene: &Scene, payer: usize) -> u64 {
        self.mined().fold(BALANCE, |balance, (_, mined)| match mined.event {
            Some(Event::Paid(payment)) if scene.payments[payment].payer == payer => balance - AMOUNT,
            Some(Event::Drained(other, amount)) if other == payer => balance - amount,
            Some(Event::Refilled(other, amount)) if other == payer => balance + amount,
            _ => balance,
        })
    }

    /// What the asset does with a payment's transfer.
    pub(crate) fn transfer(&self, scene: &Scene, payment: usize, timestamp: u64) -> Result<Event, &'static str> {
        let authorization = &scene.payments[payment].authorization;
        if timestamp <= authorization.valid_after() || timestamp >= authorization.deadline() {
            Err("execution reverted: outside of the window")
        } else if self.use_of(scene, payment, self.head()).is_some() {
            Err("execution reverted: authorization is used or canceled")
        } else if self.balance(scene, scene.payments[payment].payer) < AMOUNT {
            Err("execution reverted: transfer amount exceeds balance")
        } else {
            Ok(Event::Paid(payment))
        }
    }

    pub(crate) fn receive(&mut self, sent: Sent) -> Result<(), &'static str> {
        if sent.nonce < self.next_nonce() {
            return Err("nonce too low: next nonce is larger");
        }
        if !self.relayer_has_gas_money {
            return Err("insufficient funds for gas * price + value");
        }
        match self.pool.iter().find(|other| other.nonce == sent.nonce) {
            Some(same) if same.hash == sent.hash => Err("already known"),
            Some(old) if sent.max_fee * 10 < old.max_fee * 11 || sent.tip * 10 < old.tip * 11 => {
                Err("replacement transaction underpriced")
            }
            _ => {
                self.pool.retain(|other| other.nonce != sent.nonce);
                self.seen.push(sent.clone());
                self.pool.push(sent);
                Ok(())
            }
        }
    }

    /// Money is neither made nor lost, and no nonce pays twice.
    pub(crate) fn is_sound(&self, scene: &Scene) -> bool {
        let paid: Vec<_> = self
            .mined()
            .filter_map(|(_, mined)| match mined.event {
                Some(Event::Paid(payment)) => Some(scene.payments[payment].key),
                _ => None,
            })
            .collect();
        let twice = paid.iter().enumerate().any(|(place, key)| paid[..place].contains(key));
        !twice && (0..PAYERS).all(|payer| self.balance(scene, payer) <= 100 * BALANCE)
    }
}
