//! One run: a seed chooses the policy, the people and everything that happens; then the faults stop, and the world has
//! to come to rest.

use crate::cast::Cast;
use crate::judge::{self, Violation};
use crate::rng::Rng;
use crate::scene::{Batching, DEPTHS, SCOPES, START, Scene};
use crate::tally::Tally;
use crate::world::{Action, Fault, INSTANCES, Place, Sabotage, World};
use x402_wasm::ledger::{Entry, State};

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
