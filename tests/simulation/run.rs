//! One run: a seed chooses the policy, the people and everything that happens; then the faults stop, and the world has
//! to come to rest.

use crate::chain::{AMOUNT, Event};
use crate::facilitator::{FACILITATOR, Untruth};
use crate::judge::{self, Violation};
use crate::node::Lie;
use crate::rng::Rng;
use crate::scene::{Batching, CHEAP, DEPTHS, MAX_FEE, NONCES, PAYERS, SCOPES, START, Scene};
use crate::sign_in::proof_of;
use crate::tally::Tally;
use crate::world::{Action, Fault, INSTANCES, Place, Sabotage, World};
use x402_wasm::gate::Effect;
use x402_wasm::http::HttpRequest;
use x402_wasm::ledger::{Entry, State};
use x402_wasm::settle::RoundStep;

/// What a run came to.
pub(crate) struct Ended {
    pub(crate) tally: Tally,
    pub(crate) violation: Option<Violation>,
    pub(crate) trace: Vec<String>,
}

/// Signatures of transactions are recovered in one of so many runs.
const THOROUGH: u64 = 32;

pub(crate) fn run(scene: &Scene, seed: u64, sabotage: Sabotage, is_traced: bool) -> Ended {
    let mut rng = Rng::new(seed);
    let gate = rng.below(scene.gates.len());
    let confirmations = match sabotage {
        Sabotage::BelievesTooFewConfirmations => 3,
        _ => 1 + rng.below(DEPTHS),
    };
    let batching = rng.pick(&Batching::ALL);
    let mut world = World::new(scene, gate, confirmations, batching, sabotage);
    if seed.is_multiple_of(THOROUGH) {
        world = world.thorough();
    }
    world.trace = is_traced.then(Vec::new);
    let policy = world.policy;
    world.say(|| format!("{policy:?}, {confirmations} confirmations, {batching:?}"));
    let mut cast = Cast::new(&mut rng);
    for _ in 0..cast.actions {
        let action = cast.next(&mut rng, &world);
        if let Some(action) = action {
            world.act(action);
        }
        if world.judge.violation.is_some() {
            break;
        }
    }
    if world.judge.violation.is_none() && sabotage != Sabotage::NeverLooksAgain {
        come_to_rest(&mut world, &cast);
    }
    if world.judge.violation.is_none() {
        last_judgement(&mut world, &cast);
    }
    world.tally.runs = 1;
    Ended { tally: world.tally, violation: world.judge.violation, trace: world.trace.unwrap_or_default() }
}

/// Who comes in this run, and how troubled it is.
struct Cast {
    payments: Vec<usize>,
    /// These are presented first, one right after the other.
    crowd: Vec<usize>,
    actions: usize,
    /// Of so many steps, one goes wrong.
    calm: usize,
    arrivals: usize,
    is_faithful: bool,
    /// Money comes and goes while transactions are on their way.
    is_restless: bool,
}

impl Cast {
    fn new(rng: &mut Rng) -> Self {
        let count = 1 + rng.below(4);
        let one_payer = rng.once_in(2).then(|| rng.below(PAYERS));
        let payments =
            (0..count).map(|_| one_payer.unwrap_or_else(|| rng.below(PAYERS)) * NONCES + rng.below(NONCES)).collect();
        let crowd: Vec<usize> = if rng.once_in(6) { crowd(rng, one_payer) } else { vec![] };
        let payments = if crowd.is_empty() { payments } else { crowd.clone() };
        Self {
            payments,
            crowd,
            actions: 20 + rng.below(70),
            calm: rng.pick(&[2, 4, 8, 40]),
            arrivals: 2 + rng.below(5),
            is_faithful: rng.once_in(3),
            is_restless: rng.once_in(8),
        }
    }

    fn next(&mut self, rng: &mut Rng, world: &World<'_>) -> Option<Action> {
        let visits = world.visits.len();
        if let Some(payment) = self.crowd.pop() {
            let place = rng.pick(&[Place::Office, Place::Resource]);
            return Some(Action::Arrive { payment, scope: 0, place, instance: rng.below(INSTANCES) });
        }
        Some(match rng.below(100) {
            0..10 if self.arrivals > 0 => {
                self.arrivals -= 1;
                let payment = rng.pick(&self.payments);
                let twin = rng.once_in(12);
                Action::Arrive {
                    payment: if twin { Scene::twin(payment) } else { payment },
                    // Mostly at one route, sometimes at both.
                    scope: usize::from(rng.once_in(8)) % SCOPES.len(),
                    place: rng.pick(&[Place::Office, Place::Resource]),
                    instance: rng.below(INSTANCES),
                }
            }
            0..46 if visits > 0 => {
                let visit = rng.below(visits);
                Action::Go { visit, fault: self.fault(rng, world.waits_for(visit)) }
            }
            46..72 => Action::Settle(self.settler_fault(rng, world)),
            72..80 => Action::Mine { is_empty: rng.once_in(4) },
            80..88 => Action::Pass(rng.pick(&[1, 1, 1, 2, 5, 16, 35])),
            88..90 if !world.store.late.is_empty() => Action::Arrives(rng.below(world.store.late.len())),
            88..91 if !world.sent_late.is_empty() => Action::Sent(rng.below(world.sent_late.len())),
            91 if !world.tickets.is_empty() => {
                Action::Show { ticket: rng.below(world.tickets.len()), instance: rng.below(INSTANCES) }
            }
            92 if world.policy.named => {
                let payer = world.scene.payments[rng.pick(&self.payments)].payer;
                let proof = proof_of(payer, usize::from(rng.once_in(8)) % SCOPES.len(), rng.below(2));
                Action::SignIn { proof, instance: rng.below(INSTANCES) }
            }
            88..92 if self.is_restless => {
                let payer = world.scene.payments[rng.pick(&self.payments)].payer;
                let balance = world.chain.balance(world.scene, payer);
                let is_rich = balance >= AMOUNT;
                Action::Stranger(if is_rich {
                    Event::Drained(payer, balance)
                } else {
                    Event::Refilled(payer, 2 * AMOUNT)
                })
            }
            92..95 if !self.is_faithful => Action::Stranger(self.deed(rng, world)),
            95 => Action::Crash(rng.below(INSTANCES)),
            96 => Action::Reorganise { depth: 1 + rng.below(3), is_forgotten: rng.once_in(2) },
            97 => rng.pick(&[Action::Drop, Action::Replace]),
            98 => match rng.below(3) {
                0 => Action::BaseFee(rng.pick(&[CHEAP / 2, 1_000, 5_000, MAX_FEE * 2])),
                1 => Action::GasMoney(rng.once_in(2)),
                _ => Action::SetClock { instance: rng.below(INSTANCES), off: rng.pick(&[-20, -5, 0, 5, 20]) },
            },
            99 if world.sabotage == Sabotage::StoreForgets => Action::Forget,
            99 if rng.once_in(12) => Action::Pass(rng.pick(&[120, 400, 1_200, 5_000])),
            _ => return None,
        })
    }

    fn deed(&self, rng: &mut Rng, world: &World<'_>) -> Event {
        let payment = rng.pick(&self.payments);
        let payer = world.scene.payments[payment].payer;
        match rng.below(5) {
            0 => Event::Paid(payment),
            1 => Event::Paid(Scene::twin(payment)),
            2 => Event::Cancelled(payment),
            3 => Event::Drained(payer, world.chain.balance(world.scene, payer)),
            _ => Event::Refilled(payer, AMOUNT),
        }
    }

    fn fault(&self, rng: &mut Rng, effect: &Effect) -> Fault {
        if !rng.once_in(self.calm) {
            return Fault::None;
        }
        match effect {
            Effect::Ledger(_) => rng.pick(&STORE_FAULTS),
            Effect::Http(request) => http_fault(rng, request),
            Effect::Handle(_) => Fault::HandlerFails,
            _ => Fault::None,
        }
    }

    fn settler_fault(&self, rng: &mut Rng, world: &World<'_>) -> Fault {
        match &world.cashing {
            // Whose word it is, is less to be relied on than the wire.
            Some(RoundStep::Http { request, .. }) if request.url.starts_with(FACILITATOR) && rng.once_in(4) => {
                http_fault(rng, request)
            }
            _ if !rng.once_in(self.calm) => Fault::None,
            Some(RoundStep::Http { request, .. }) => http_fault(rng, request),
            _ => rng.pick(&STORE_FAULTS),
        }
    }
}

/// Other checks each, so that many are due together; of one payer, their money does not suffice for all.
fn crowd(rng: &mut Rng, one_payer: Option<usize>) -> Vec<usize> {
    match one_payer {
        Some(payer) => (0..NONCES).map(|nonce| payer * NONCES + nonce).collect(),
        None => (0..PAYERS + rng.below(3)).map(|place| place % PAYERS * NONCES + place / PAYERS).collect(),
    }
}

const STORE_FAULTS: [Fault; 4] = [Fault::Lost, Fault::AnswerLost, Fault::Twice, Fault::Late];

fn http_fault(rng: &mut Rng, request: &HttpRequest) -> Fault {
    if !request.url.starts_with(FACILITATOR) {
        return node_fault(rng);
    }
    rng.pick(&[
        Fault::Lost,
        Fault::AnswerLost,
        Fault::Twice,
        Fault::Late,
        Fault::Garbage,
        Fault::BadStatus,
        Fault::Untrue(Untruth::StillPending),
        Fault::Untrue(Untruth::NoTransaction),
        Fault::Untrue(Untruth::AnotherTransaction),
        Fault::Untrue(Untruth::Refusal),
        Fault::Untrue(Untruth::FalseRefusal),
    ])
}

fn node_fault(rng: &mut Rng) -> Fault {
    rng.pick(&[
        Fault::Lost,
        Fault::AnswerLost,
        Fault::Twice,
        Fault::Late,
        Fault::Garbage,
        Fault::BadStatus,
        Fault::Lie(Lie::Lag(1)),
        Fault::Lie(Lie::Lag(3)),
        Fault::Lie(Lie::OldState(2)),
        Fault::Lie(Lie::HeadTime(100_000)),
        Fault::Lie(Lie::HeadTime(-300)),
        Fault::Lie(Lie::WrongChain),
    ])
}

/// The faults stop. Everybody goes on until nothing is open.
fn come_to_rest(world: &mut World<'_>, cast: &Cast) {
    world.say(|| "the faults stop".to_owned());
    world.chain.base_fee = 1_000;
    world.chain.relayer_has_gas_money = true;
    world.sent_late.clear();
    world.store.late.clear();
    world.clocks = [0; INSTANCES];
    for round in 0..400 {
        for _ in 0..60 {
            if world.visits.is_empty() {
                break;
            }
            world.act(Action::Go { visit: 0, fault: Fault::None });
            settle_all(world);
            // A request that waits sees the next block.
            if !world.visits.is_empty() {
                world.act(Action::Pass(1));
                world.act(Action::Mine { is_empty: false });
            }
        }
        settle_all(world);
        let open: Vec<u64> = open(world).filter_map(Entry::due_at).collect();
        let is_late = world.elapsed > 20_000;
        if world.judge.violation.is_some() || open.is_empty() && world.visits.is_empty() || is_late {
            break;
        }
        let now = START + world.elapsed;
        let next = open.into_iter().min().unwrap_or(now).saturating_sub(now);
        world.act(Action::Pass(next.clamp(1, 60)));
        world.act(Action::Mine { is_empty: false });
        if round == 5 {
            present_again(world, cast);
        }
    }
}

fn settle_all(world: &mut World<'_>) {
    for _ in 0..60 {
        world.act(Action::Settle(Fault::None));
        let is_due = !world.store.due(world.now(0)).is_empty();
        if !world.is_busy() && !is_due || world.judge.violation.is_some() {
            break;
        }
    }
}

/// What somebody still has to look after.
fn open<'a>(world: &'a World<'_>) -> impl Iterator<Item = &'a Entry> {
    let cashed = world.policy.settles;
    let is_open = move |entry: &&Entry| {
        !entry.state().is_final() && (cashed || entry.state() != State::Granted) && !is_given_up(entry)
    };
    world.store.rows.values().map(|row| &row.entry).filter(is_open)
}

/// Nobody can say what a facilitator did, and no chain is asked: unknown for ever.
fn is_given_up(entry: &Entry) -> bool {
    entry.state() == State::Unknown && entry.due_at().is_none()
}

/// Everybody comes once more with the same payment.
fn present_again(world: &mut World<'_>, cast: &Cast) {
    for payment in &cast.payments {
        for place in [Place::Office, Place::Resource] {
            world.act(Action::Arrive { payment: *payment, scope: 0, place, instance: 0 });
        }
    }
}

fn last_judgement(world: &mut World<'_>, cast: &Cast) {
    let open: Vec<String> =
        open(world).map(|entry| format!("{} {:?}", entry.state().name(), entry.finding())).collect();
    world.judge.demand(judge::CLOSED, open.is_empty(), || open.join(", "));
    who_paid_is_served(world, cast);
    // Long after: nothing is remembered, and nothing can be used again.
    for _ in 0..3 {
        world.act(Action::Pass(3 * 86_400));
        world.act(Action::Mine { is_empty: false });
        settle_all(world);
    }
    present_again(world, cast);
    while !world.visits.is_empty() && world.judge.violation.is_none() {
        world.act(Action::Go { visit: 0, fault: Fault::None });
    }
    let tied = world.store.links.len();
    world.judge.demand(judge::CLOSED, tied == 0, || format!("{tied} links for ever"));
    // Whoever bounced on credit is remembered for a month.
    let is_on_probation = |entry: &Entry| entry.facts().on_credit && entry.state() == State::Failed;
    let remembered =
        world.store.rows.values().filter(|row| !is_on_probation(&row.entry) && !is_given_up(&row.entry)).count();
    world.judge.demand(judge::CLOSED, remembered == 0, || format!("{remembered} records for ever"));
}

/// While a payment could be presented again: where its money moved to us and it has a record, it gets its ticket.
fn who_paid_is_served(world: &mut World<'_>, cast: &Cast) {
    for payment in cast.payments.clone() {
        let key = world.scene.payments[payment].key;
        let deadline = world.scene.payments[payment].authorization.deadline();
        let Some(entry) = world.store.entry(key) else { continue };
        let can_come = world.now(0) + 10 < deadline && world.policy.settles && !world.policy.asks;
        if entry.state() != State::Settled || !can_come {
            continue;
        }
        let scope = SCOPES.iter().position(|scope| *scope == entry.scope()).unwrap();
        let before = served(world);
        world.act(Action::Arrive { payment, scope, place: Place::Office, instance: 0 });
        for _ in 0..12 {
            if !world.visits.is_empty() {
                world.act(Action::Go { visit: 0, fault: Fault::None });
            }
        }
        let is_served = served(world) > before;
        world.judge.demand(judge::NOT_LOST, is_served, || format!("{key} is paid and gets nothing"));
    }
}

fn served(world: &World<'_>) -> u64 {
    world.tally.deeds.get("tickets handed out").copied().unwrap_or_default()
}
