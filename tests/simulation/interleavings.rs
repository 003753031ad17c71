//! Small cases in every order: all that three requests, a settler and two crashes can do, without luck.
//!
//! Flows cannot be copied, so a schedule is carried out from its beginning each time; two schedules that lead to the
//! same state are followed once, and counted both.

use crate::judge;
use crate::scene::{Batching, Scene};
use crate::world::{Action, Fault, Place, Sabotage, World};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::thread;
use x402_wasm::gate::Effect;
use x402_wasm::ledger::State;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Case {
    gate: usize,
    /// Payment and place of each request; each has an instance of its own, the first one the settler too.
    requests: [(usize, Place); 3],
    crashes: usize,
}

struct Search<'a> {
    scene: &'a Scene,
    case: Case,
    /// How many schedules lead on from a state.
    known: BTreeMap<u64, u128>,
    steps: u64,
}

impl<'a> Search<'a> {
    fn replay(&mut self, schedule: &[Action]) -> World<'a> {
        let mut world = World::new(self.scene, self.case.gate, 1, Batching::Together, Sabotage::Nothing);
        for action in schedule {
            world.act(*action);
        }
        self.steps += 1;
        if let Some(violation) = &world.judge.violation {
            panic!("{}: {}\n{schedule:#?}", violation.invariant, violation.detail);
        }
        world
    }

    fn explore(&mut self, schedule: &mut Vec<Action>) -> u128 {
        let mut world = self.replay(schedule);
        let state = fingerprint(&world, schedule);
        if let Some(count) = self.known.get(&state) {
            return *count;
        }
        let next = self.choices(&world, schedule);
        let mut count = 0;
        for action in &next {
            schedule.push(*action);
            count += self.explore(schedule);
            schedule.pop();
        }
        if next.is_empty() {
            self.at_the_end(&mut world, schedule);
            count = 1;
        }
        self.known.insert(state, count);
        count
    }

    fn choices(&self, world: &World<'_>, schedule: &[Action]) -> Vec<Action> {
        let mut choices = vec![];
        for (instance, (payment, place)) in self.case.requests.into_iter().enumerate() {
            let arrive = Action::Arrive { payment, scope: 0, place, instance };
            if !schedule.contains(&arrive) {
                choices.push(arrive);
            }
        }
        for visit in 0..world.visits.len() {
            // Whoever waits goes on at the end.
            if !matches!(world.waits_for(visit), Effect::Sleep { .. }) {
                choices.push(Action::Go { visit, fault: Fault::None });
            }
        }
        if world.is_busy() || !world.store.due(world.now(0)).is_empty() {
            choices.push(Action::Settle(Fault::None));
        }
        if !world.chain.pool.is_empty() {
            choices.push(Action::Mine { is_empty: false });
        }
        let crashes = schedule.iter().filter(|action| matches!(action, Action::Crash(_))).count();
        if crashes < self.case.crashes {
            let mut alive: Vec<_> = world.visits.iter().map(|visit| visit.guest.instance).collect();
            alive.extend(world.is_busy().then_some(0));
            alive.sort_unstable();
            alive.dedup();
            choices.extend(alive.into_iter().map(Action::Crash));
        }
        choices
    }

    /// Whatever happened, the same payment comes again, and everything comes to rest.
    fn at_the_end(&mut self, world: &mut World<'_>, schedule: &[Action]) {
        world.act(Action::Pass(31));
        for (payment, place) in self.case.requests {
            world.act(Action::Arrive { payment, scope: 0, place, instance: 0 });
        }
        for _ in 0..80 {
            for visit in (0..world.visits.len()).rev() {
                world.act(Action::Go { visit, fault: Fault::None });
            }
            world.act(Action::Settle(Fault::None));
            world.act(Action::Mine { is_empty: false });
            let now = world.now(0);
            let due = world.store.rows.values().filter(|row| !row.entry.state().is_final());
            let due = due.filter_map(|row| row.entry.due_at()).min();
            if due.is_none() && world.visits.is_empty() {
                break;
            }
            world.act(Action::Pass(due.unwrap_or(now).saturating_sub(now).min(2)));
        }
        for (payment, _) in self.case.requests {
            let state = world
                .store
                .entry(self.scene.payments[payment].key)
                .map(|entry| (entry.state(), entry.grant().is_some()));
            world.judge.demand(judge::NOT_LOST, state == Some((State::Settled, true)), || format!("{state:?}"));
        }
        if let Some(violation) = &world.judge.violation {
            panic!("{}: {}\n{schedule:#?}", violation.invariant, violation.detail);
        }
    }
}

/// All that could make a difference to what follows.
fn fingerprint(world: &World<'_>, schedule: &[Action]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for row in world.store.rows.values() {
        (&row.record, row.version).hash(&mut hasher);
    }
    let mut visits: Vec<_> =
        world.visits.iter().map(|visit| format!("{}{:?}", visit.guest.instance, visit.pending)).collect();
    visits.sort_unstable();
    let arrivals = schedule.iter().filter(|action| matches!(action, Action::Arrive { .. }));
    let mut arrivals: Vec<_> = arrivals.map(|action| format!("{action:?}")).collect();
    arrivals.sort_unstable();
    let crashes = schedule.iter().filter(|action| matches!(action, Action::Crash(_))).count();
    let chain = (format!("{:?}", world.chain.blocks), format!("{:?}", world.chain.pool));
    let settler = format!("{:?}", (&world.cashing, &world.aside, &world.due));
    (visits, arrivals, crashes, chain, settler).hash(&mut hasher);
    hasher.finish()
}

#[test]
fn s40_three_requests_and_two_crashes_in_every_order() {
    let scene = Scene::new();
    let (office, resource) = (Place::Office, Place::Resource);
    let same = [(0, office), (0, resource), (0, resource)];
    let two = [(0, office), (0, resource), (1, resource)];
    let (before, after, credit) = (0, 4, 8);
    let cases = [
        ("one payment, served first", after, same),
        ("two payments, served first", after, two),
        ("one payment, settled first", before, same),
        ("two payments, on credit", credit, two),
    ];
    thread::scope(|threads| {
        for (name, gate, requests) in cases {
            let scene = &scene;
            threads.spawn(move || {
                let case = Case { gate, requests, crashes: 2 };
                let mut search = Search { scene, case, known: BTreeMap::new(), steps: 0 };
                let count = search.explore(&mut vec![]);
                println!("{name}: {count} interleavings, {} states, {} schedules", search.known.len(), search.steps);
                assert!(count > 1_000_000, "{name}");
            });
        }
    });
}
