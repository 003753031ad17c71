//! A deterministic simulation of payers, gates, a store, a relayer and a chain, with the very machines that ship.
//!
//! | file | its idea |
//! |---|---|
//! | `run`, `cast` | a seed makes a run: who comes, what happens, what goes wrong, and the rest at the end |
//! | `scene`, `world`, `visit`, `sign_in`, `settler` | who takes part, and one step of each |
//! | `carry` | what a machine asks for, carried out, and what goes wrong on the way |
//! | `store`, `chain`, `node`, `wire`, `multicall`, `facilitator` | models of what the machines talk to |
//! | `judge` | the invariants, looked at after every step |
//! | `interleavings` | small cases in every order |
//! | `sabotage` | guards taken away one by one: each is missed by the invariant that it serves |
//!
//! `X402_RUNS=10000000` runs more, from `X402_FIRST` on; `X402_SEED=… cargo test --test simulation replay` prints one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    reason = "a test that cannot go on fails, and loudly"
)]
#![cfg(not(target_arch = "wasm32"))]

mod carry;
mod cast;
mod chain;
mod facilitator;
mod interleavings;
mod judge;
mod multicall;
mod node;
mod rng;
mod run;
mod sabotage;
mod scene;
mod settler;
mod sign_in;
mod store;
mod tally;
mod visit;
mod wire;
mod world;

use run::run;
use scene::Scene;
use std::env;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use tally::Tally;
use world::Sabotage;
use x402_wasm::ledger::LIFE;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[test]
fn s53_every_run_holds_every_invariant() {
    let runs = number("X402_RUNS").unwrap_or(100_000);
    let first = number("X402_FIRST").unwrap_or(0);
    let tally = run_many(first, runs);
    println!("{tally}");
    assert_eq!(tally.runs, runs);
    if runs >= 20_000 {
        is_not_idle(&tally);
    }
}

fn run_many(first: u64, runs: u64) -> Tally {
    let next = AtomicU64::new(first);
    let failed = AtomicBool::new(false);
    let work = || {
        let scene = Scene::new();
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + runs || failed.load(Ordering::Relaxed) {
                return tally;
            }
            let ended = run(&scene, seed, Sabotage::Nothing, false);
            tally.add(&ended.tally);
            if let Some(violation) = ended.violation {
                failed.store(true, Ordering::Relaxed);
                panic!(
                    "{}: {}\nreplay: X402_SEED={seed} cargo test --profile simulation --test simulation replay -- --nocapture",
                    violation.invariant, violation.detail
                );
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut all = Tally::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            let tally = worker.join().unwrap_or_else(|_| panic!("see above"));
            all.add(&tally);
        }
    });
    all
}

/// A simulation in which something never happens proves nothing about it.
fn is_not_idle(tally: &Tally) {
    let least = tally.runs / 2_000;
    for (row, count) in LIFE.iter().zip(&tally.moves) {
        assert!(*count >= 10, "{:?} -> {:?} happened {count} times", row.from, row.to);
    }
    assert!(tally.faults.len() >= 20, "{} kinds of faults", tally.faults.len());
    assert!(tally.faults.values().all(|count| *count >= least), "a fault hardly ever happens");
    for deed in [
        "tickets handed out",
        "transactions sent",
        "settled",
        "failed",
        "forgotten",
        "answered 409",
        "signed in",
        "handed over",
        "transactions of many mined",
        "transactions of many that replace another",
        "transactions of many in which some failed",
    ] {
        assert!(tally.deeds.get(deed).is_some_and(|count| *count >= least), "{deed}");
    }
}

#[test]
fn replay() {
    let Some(seed) = number("X402_SEED") else { return };
    let ended = run(&Scene::new(), seed, Sabotage::Nothing, true);
    for line in &ended.trace {
        println!("{line}");
    }
    if let Some(violation) = ended.violation {
        panic!("{}: {}", violation.invariant, violation.detail);
    }
}
