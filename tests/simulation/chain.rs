//! A chain: blocks with their times, an asset with EIP-3009, transactions of one transfer or many, a mempool that forgets,
//! and blocks that are abandoned.

use crate::scene::{PAYERS, Scene};
use crate::wire::{Cash, Deed, Sent};

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
    /// Many may fail one by one in a transaction that succeeds.
    pub(crate) succeeded: bool,
    pub(crate) events: Vec<Event>,
}

/// What used up a nonce.
#[derive(Clone, Copy)]
pub(crate) struct Use {
    pub(crate) block: usize,
    pub(crate) hash: [u8; 32],
    pub(crate) event: Event,
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

/// What a transfer needs, and a transaction of many before its first.
pub(crate) const GAS_OF_ONE: u64 = 80_000;
pub(crate) const GAS_OF_MANY: u64 = 30_000;

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
            self.include(Mined { hash: sent.hash, nonce: Some(sent.nonce), succeeded: false, events: vec![] });
            let moved = match &sent.deed {
                Deed::TakePlace => Err("a place is taken, and nothing moves"),
                Deed::Cash(payment) => self.perform(scene, *payment, timestamp),
                Deed::CashMany(calls) => self.perform_all(scene, calls, sent.gas_limit, timestamp).map(|_| ()),
            };
            self.latest().succeeded = moved.is_ok();
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
            let hash = [self.strangers; 32];
            self.include(Mined { hash, nonce: None, succeeded: true, events: vec![event] });
        }
        happens
    }

    /// The relayer's next place is taken by something that is not ours, such as an operator's own transaction.
    pub(crate) fn replace(&mut self, scene: &Scene, timestamp: u64) {
        self.mine(scene, timestamp, true);
        self.strangers += 1;
        let (hash, nonce) = ([0x80 | self.strangers; 32], Some(self.next_nonce()));
        self.include(Mined { hash, nonce, succeeded: false, events: vec![] });
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

    fn latest(&mut self) -> &mut Mined {
        self.blocks.last_mut().and_then(|block| block.transactions.last_mut()).unwrap()
    }

    /// Moves the money of a payment in the latest transaction.
    fn perform(&mut self, scene: &Scene, payment: usize, timestamp: u64) -> Result<(), &'static str> {
        let event = self.transfer(scene, payment, timestamp)?;
        self.latest().events.push(event);
        Ok(())
    }

    /// One after the other, each on what those before it left behind; whether each succeeded.
    fn perform_all(
        &mut self,
        scene: &Scene,
        calls: &[Cash],
        gas_limit: u64,
        timestamp: u64,
    ) -> Result<Vec<bool>, &'static str> {
        let mut gas = gas_limit.saturating_sub(GAS_OF_MANY);
        let mut results = vec![];
        for Cash { payment, may_fail } in calls {
            let has_gas = gas >= GAS_OF_ONE;
            gas = gas.saturating_sub(GAS_OF_ONE);
            let succeeded = has_gas && self.perform(scene, *payment, timestamp).is_ok();
            if !succeeded && !may_fail {
                self.latest().events.clear();
                return Err("execution reverted: Multicall3: call failed");
            }
            results.push(succeeded);
        }
        Ok(results)
    }

    /// What would become of these in the next block.
    pub(crate) fn simulate_all(&mut self, scene: &Scene, calls: &[Cash]) -> Result<Vec<bool>, &'static str> {
        let timestamp = self.blocks[self.head()].timestamp + 1;
        self.blocks.push(Block { timestamp, transactions: vec![] });
        self.include(Mined { hash: [0; 32], nonce: None, succeeded: false, events: vec![] });
        let results = self.perform_all(scene, calls, u64::MAX, timestamp);
        self.blocks.pop();
        results
    }

    fn is_next(&self, sent: &Sent) -> bool {
        sent.nonce == self.next_nonce() && sent.max_fee >= self.base_fee
    }

    pub(crate) fn next_nonce(&self) -> u64 {
        self.nonces_until(self.head())
    }

    /// How many of the relayer's transactions lie up to that block.
    pub(crate) fn nonces_until(&self, block: usize) -> u64 {
        self.mined().filter(|(number, mined)| *number <= block && mined.nonce.is_some()).count() as u64
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

    fn events(&self) -> impl Iterator<Item = Event> {
        self.mined().flat_map(|(_, mined)| &mined.events).copied()
    }

    /// What used up the nonce of a payment until that block.
    pub(crate) fn use_of(&self, scene: &Scene, payment: usize, until: usize) -> Option<Use> {
        let key = scene.payments[payment].key;
        let is_use = |event: &Event| match event {
            Event::Paid(other) | Event::Cancelled(other) => scene.payments[*other].key == key,
            _ => false,
        };
        self.mined().take_while(|(block, _)| *block <= until).find_map(|(block, mined)| {
            let event = *mined.events.iter().find(|event| is_use(event))?;
            Some(Use { block, hash: mined.hash, event })
        })
    }

    pub(crate) fn balance(&self, scene: &Scene, payer: usize) -> u64 {
        self.events().fold(BALANCE, |balance, event| match event {
            Event::Paid(payment) if scene.payments[payment].payer == payer => balance - AMOUNT,
            Event::Drained(other, amount) if other == payer => balance - amount,
            Event::Refilled(other, amount) if other == payer => balance + amount,
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
            .events()
            .filter_map(|event| match event {
                Event::Paid(payment) => Some(scene.payments[payment].key),
                _ => None,
            })
            .collect();
        let twice = paid.iter().enumerate().any(|(place, key)| paid[..place].contains(key));
        !twice && (0..PAYERS).all(|payer| self.balance(scene, payer) <= 100 * BALANCE)
    }
}
