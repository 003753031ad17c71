//! Tests of the tests: a guard is taken away, and the invariant that it serves misses it.

use crate::judge;
use crate::run::run;
use crate::scene::{Batching, Scene};
use crate::world::{Action, Fault, Place, Sabotage, World};

/// Within so many seeds.
const SEEDS: u64 = 10_000;

fn is_caught(sabotage: Sabotage, by: &'static str) {
    let scene = Scene::new();
    let mut others = vec![];
    for seed in 0..SEEDS {
        match run(&scene, seed, sabotage, false).violation {
            Some(violation) if violation.invariant == by => {
                println!("{sabotage:?}: seed {seed}: {by}: {}", violation.detail);
                return;
            }
            Some(violation) => others.push(violation.invariant),
            None => {}
        }
    }
    panic!("{sabotage:?} is not caught by \"{by}\" within {SEEDS} runs; others: {others:?}");
}

#[test]
fn s39_a_store_that_does_not_compare_gives_two_tickets() {
    is_caught(Sabotage::StoreWithoutCompare, judge::ONE_TICKET);
}

/// It takes an abandoned claim and three parties at once, which luck brings about once in many thousand runs.
#[test]
fn s39_a_store_that_uses_a_version_twice_loses_a_grant() {
    let scene = Scene::new();
    let served_first = 4;
    let go_on = |fault| Action::Go { visit: 0, fault };
    let loses = |sabotage| {
        let mut world = World::new(&scene, served_first, 1, Batching::Together, sabotage);
        for action in [
            // A handler runs for longer than its lease, and the settler looks at its claim.
            Action::Arrive { payment: 0, scope: 0, place: Place::Resource, instance: 1 },
            go_on(Fault::None),
            Action::Pass(61),
            Action::Settle(Fault::None),
            // The handler fails, so its payment is released and buys a ticket.
            go_on(Fault::HandlerFails),
            go_on(Fault::None),
            Action::Arrive { payment: 0, scope: 0, place: Place::Office, instance: 2 },
            go_on(Fault::None),
            // The settler writes what it saw.
            Action::Settle(Fault::None),
        ] {
            world.act(action);
        }
        world.judge.violation.map(|violation| violation.invariant)
    };
    assert_eq!(loses(Sabotage::StoreCountsAnew), Some(judge::REMEMBERED));
    assert_eq!(loses(Sabotage::Nothing), None);
}

#[test]
fn s45_a_store_that_does_not_add_up_lends_too_much() {
    is_caught(Sabotage::StoreWithoutLimits, judge::CREDIT_BOUND);
}

#[test]
fn s39_a_store_that_forgets_ties_sells_twice_under_one_name() {
    is_caught(Sabotage::StoreForgetsLinks, judge::ONE_NAME);
}

#[test]
fn s44_a_store_that_forgets_grants_again() {
    is_caught(Sabotage::StoreForgets, judge::ONE_TICKET);
}

#[test]
fn s47_a_settler_that_sends_before_it_writes_is_seen() {
    is_caught(Sabotage::SendsBeforeWriting, judge::HASH_FIRST);
    is_caught(Sabotage::BelievesTheStoreWrote, judge::HASH_FIRST);
}

#[test]
fn s47_a_settler_that_sends_what_one_of_many_records_does_not_tell_is_seen() {
    is_caught(Sabotage::BelievesAllOfThemAreWritten, judge::HASH_FIRST);
}

#[test]
fn s48_a_settler_that_takes_a_transactions_success_for_that_of_each_check_is_refuted() {
    is_caught(Sabotage::BelievesTheReceiptOfMany, judge::EVIDENCE);
}

#[test]
fn s52_a_settler_that_forgets_what_it_sent_has_a_check_in_two_places() {
    is_caught(Sabotage::ForgetsWhatItSent, judge::ONE_LIVE);
}

#[test]
fn s42_a_gate_that_ignores_the_scope_sells_two_things_for_one_payment() {
    is_caught(Sabotage::IgnoresScope, judge::ONE_SCOPE);
}

#[test]
fn s40_a_gate_that_does_not_wait_serves_unpaid() {
    is_caught(Sabotage::ServesWhileSettling, judge::PAID_FIRST);
}

#[test]
fn s48_a_settler_that_believes_a_shallow_block_is_refuted() {
    is_caught(Sabotage::BelievesTooFewConfirmations, judge::EVIDENCE);
}

#[test]
fn s53_work_that_does_not_resume_stays_open() {
    is_caught(Sabotage::NeverLooksAgain, judge::CLOSED);
}
