//! Payers, gates, a store, a relayer and a chain, moved one step at a time. It decides nothing: an [`Action`] says what
//! happens next and what goes wrong with it, so a list of actions is a whole run.

use crate::chain::{Chain, Event};
use crate::facilitator::Untruth;
use crate::judge::Judge;
use crate::node::Lie;
use crate::scene::{Batching, Policy, START, Scene, When};
use crate::store::Store;
use crate::tally::Tally;
use crate::visit::Visit;
use crate::wire::Deed;
use x402_wasm::gate::{Effect, Gate};
use x402_wasm::ledger::Stored;
use x402_wasm::settle::{Relayer, RoundStep};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Office,
    Resource,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A payment is presented.
    Arrive {
        payment: usize,
        scope: usize,
        place: Place,
        instance: usize,
    },
    /// Somebody signs in.
    SignIn {
        proof: usize,
        instance: usize,
    },
    /// A ticket that was handed out is shown.
    Show {
        ticket: usize,
        instance: usize,
    },
    /// A request goes on.
    Go {
        visit: usize,
        fault: Fault,
    },
    /// The settler goes on, or takes what is due.
    Settle(Fault),
    /// An operation that was late arrives at the store.
    Arrives(usize),
    /// A request that was late arrives at the node.
    Sent(usize),
    Mine {
        is_empty: bool,
    },
    Stranger(Event),
    Replace,
    /// The mempool forgets.
    Drop,
    Reorganise {
        depth: usize,
        is_forgotten: bool,
    },
    BaseFee(u64),
    GasMoney(bool),
    /// So many seconds pass.
    Pass(u64),
    /// The clock of an instance is set.
    SetClock {
        instance: usize,
        off: i64,
    },
    /// An instance dies, and all that it was doing; the first one is the settler's.
    Crash(usize),
    /// The store loses a closed record: no store may, this is for the tests of the tests.
    Forget,
}

/// What goes wrong with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// It does not arrive.
    Lost,
    /// It is carried out, and its answer does not come back.
    AnswerLost,
    /// It is carried out twice, and the second answer comes back.
    Twice,
    /// It is answered as lost and arrives later, or never.
    Late,
    Garbage,
    BadStatus,
    Lie(Lie),
    HandlerFails,
    Untrue(Untruth),
}

/// A guard that is taken away, for the tests of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sabotage {
    Nothing,
    StoreWithoutCompare,
    StoreWithoutLimits,
    StoreCountsAnew,
    StoreForgetsLinks,
    StoreForgets,
    SendsBeforeWriting,
    BelievesTheStoreWrote,
    BelievesAllOfThemAreWritten,
    BelievesTheReceiptOfMany,
    ForgetsWhatItSent,
    IgnoresScope,
    ServesWhileSettling,
    BelievesTooFewConfirmations,
    NeverLooksAgain,
}

pub(crate) const INSTANCES: usize = 3;
/// An operation arrives at the store within so many seconds or never; shorter than a claim's lease.
pub(crate) const LATEST: u64 = 10;

/// No request outlives so many seconds.
const LONGEST: u64 = 200;

pub(crate) struct World<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) policy: Policy,
    pub(crate) gate: &'a Gate,
    pub(crate) batching: Batching,
    pub(crate) relayer: Relayer,
    pub(crate) chain: Chain,
    pub(crate) store: Store,
    pub(crate) judge: Judge,
    pub(crate) tally: Tally,
    pub(crate) visits: Vec<Visit>,
    pub(crate) cashing: Option<RoundStep>,
    /// What the settler was told is due, and nobody cashes: it may have moved meanwhile.
    pub(crate) aside: Vec<(String, u64)>,
    /// The same of what is to be cashed.
    pub(crate) due: Vec<Stored>,
    pub(crate) sent_late: Vec<String>,
    pub(crate) tickets: Vec<(String, usize)>,
    pub(crate) elapsed: u64,
    /// How far off each instance's clock is, in seconds.
    pub(crate) clocks: [i64; INSTANCES],
    pub(crate) sabotage: Sabotage,
    pub(crate) is_thorough: bool,
    pub(crate) trace: Option<Vec<String>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        scene: &'a Scene,
        gate: usize,
        confirmations: usize,
        batching: Batching,
        sabotage: Sabotage,
    ) -> Self {
        let (policy, gate) = &scene.gates[gate];
        let believed = if sabotage == Sabotage::BelievesTooFewConfirmations { 1 } else { confirmations };
        let store = Store {
            without_compare: sabotage == Sabotage::StoreWithoutCompare,
            without_limits: sabotage == Sabotage::StoreWithoutLimits,
            counts_anew: sabotage == Sabotage::StoreCountsAnew,
            forgets_links: sabotage == Sabotage::StoreForgetsLinks,
            ..Store::default()
        };
        Self {
            scene,
            policy: *policy,
            gate,
            batching,
            relayer: policy.relayer(believed, batching),
            chain: Chain::new(START - 1, confirmations),
            store,
            judge: Judge::default(),
            tally: Tally::default(),
            visits: vec![],
            cashing: None,
            aside: vec![],
            due: vec![],
            sent_late: vec![],
            tickets: vec![],
            elapsed: 0,
            clocks: [0; INSTANCES],
            sabotage,
            is_thorough: false,
            trace: None,
        }
    }

    /// Signatures of the relayer are recovered too.
    pub(crate) fn thorough(mut self) -> Self {
        self.is_thorough = true;
        self
    }

    pub(crate) fn say(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(line());
        }
    }

    /// By the clock of an instance.
    pub(crate) fn now(&self, instance: usize) -> u64 {
        (START + self.elapsed).saturating_add_signed(self.clocks[instance])
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.tally.steps += 1;
        self.say(|| format!("{action:?}"));
        let time = START + self.elapsed;
        match action {
            Action::Arrive { payment, scope, place, instance } => self.arrive(payment, scope, place, instance),
            Action::SignIn { proof, instance } => self.sign_in(proof, instance),
            Action::Show { ticket, instance } => self.show(ticket, instance),
            Action::Go { visit, fault } => self.go(visit, fault),
            Action::Settle(fault) => self.settle(fault),
            Action::Arrives(place) => {
                let (_, op) = self.store.late.remove(place);
                self.tally.fault("store: arrives late");
                self.store.carry_out(op);
            }
            Action::Sent(place) => {
                let body = self.sent_late.remove(place);
                if body.starts_with('[') {
                    self.tally.fault("node: arrives late");
                    self.node(Lie::Nothing).answer(&body);
                } else {
                    self.tally.fault("facilitator: arrives late");
                    self.arrives_at_facilitator(&body);
                }
            }
            Action::Mine { is_empty } => {
                self.chain.mine(self.scene, time, is_empty);
                self.judge.mined(self.scene, &self.chain, &self.store);
                self.count_mined();
            }
            Action::Stranger(event) => {
                if self.chain.by_stranger(self.scene, time, event) {
                    self.tally.deed(match event {
                        Event::Paid(_) => "cashed by a stranger",
                        Event::Cancelled(_) => "cancelled",
                        Event::Drained(..) => "drained",
                        Event::Refilled(..) => "refilled",
                    });
                }
            }
            Action::Replace => {
                self.chain.replace(self.scene, time);
                self.tally.fault("chain: a nonce taken");
            }
            Action::Drop => {
                self.chain.pool.clear();
                self.tally.fault("chain: the mempool forgets");
            }
            Action::Reorganise { depth, is_forgotten } => {
                let seen = std::mem::take(&mut self.chain.seen);
                let known = |hash: &[u8; 32]| seen.iter().find(|sent| sent.hash == *hash).cloned();
                if self.chain.reorganise(depth, is_forgotten, known) > 0 {
                    self.tally.fault("chain: a reorganisation");
                }
                self.chain.seen = seen;
            }
            Action::BaseFee(fee) => {
                self.chain.base_fee = fee;
                self.tally.fault("chain: the base fee jumps");
            }
            Action::GasMoney(has) => {
                self.chain.relayer_has_gas_money = has;
                self.tally.fault("chain: gas money comes and goes");
            }
            Action::Pass(seconds) => self.pass(seconds),
            Action::SetClock { instance, off } => {
                self.clocks[instance] = off;
                self.tally.fault("clock set");
            }
            Action::Crash(instance) => self.crash(instance),
            Action::Forget => {
                let closed = self.store.rows.iter().find(|(_, row)| row.entry.state().is_final()).map(|(key, _)| *key);
                if let Some(key) = closed {
                    self.store.rows.remove(&key);
                }
            }
        }
        self.check();
    }

    fn count_mined(&mut self) {
        for mined in &self.chain.blocks[self.chain.head()].transactions {
            let sent = self.chain.seen.iter().find(|sent| sent.hash == mined.hash);
            let Some(Deed::CashMany(calls)) = sent.map(|sent| &sent.deed) else { continue };
            self.tally.deed("transactions of many mined");
            if mined.events.len() < calls.len() {
                self.tally.deed("transactions of many in which some failed");
            }
        }
    }

    fn pass(&mut self, seconds: u64) {
        self.elapsed += seconds;
        let too_late = self.elapsed.saturating_sub(LATEST);
        self.store.late.retain(|(since, _)| *since >= too_late);
        let too_old = self.elapsed.saturating_sub(LONGEST);
        self.visits.retain(|visit| visit.guest.since >= too_old);
    }

    fn crash(&mut self, instance: usize) {
        self.tally.fault("a crash");
        self.visits.retain(|visit| visit.guest.instance != instance);
        if instance == 0 {
            self.cashing = None;
            self.aside.clear();
            self.due.clear();
        }
    }

    fn check(&mut self) {
        let earliest = (0..INSTANCES).map(|instance| self.now(instance)).min().unwrap();
        for change in std::mem::take(&mut self.store.changes) {
            self.judge.changed(self.scene, &self.chain, &change, earliest, &mut self.tally);
        }
        self.judge.at_rest(self.scene, &self.chain, &self.store, self.policy.when);
    }

    /// Whether anything waits for somebody to go on.
    pub(crate) fn is_busy(&self) -> bool {
        self.cashing.is_some() || !self.aside.is_empty() || !self.due.is_empty()
    }

    pub(crate) fn must_pay_first(&self) -> bool {
        self.policy.when == When::Before
    }

    pub(crate) fn waits_for(&self, visit: usize) -> &Effect {
        &self.visits[visit].pending.0
    }
}
