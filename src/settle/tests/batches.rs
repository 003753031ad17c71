//! Many checks in one transaction.

use super::chain::cancellation;
use super::world::{Fault, World};
use crate::authorization::Authorization;
use crate::ledger::tests::NOW;
use crate::ledger::{Evidence, State, Stored};
use crate::ledger::{Grant, tests::ticket};
use crate::protocol::Method;
use crate::settle::{Batch, Finding, Relayer, RelayerConfig, Round, RoundStep, SettleOutcome};
use crate::signature::SecretKey;
use crate::verify::ReplayKey;
use alloc::collections::BTreeMap;
use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

fn batching(batch: Batch, confirmations: u64) -> World {
    let mut world = World::new();
    let config =
        RelayerConfig { rpc: vec!["http://node".to_string()], confirmations, max_fee_per_gas: 1_000_000_000, batch };
    world.relayer = Relayer::new(config, SecretKey::from_bytes(&mut [0x11; 32]).unwrap());
    world
}

/// A world with so many granted checks of one payer, all alike but for their nonces.
fn checks(count: u8) -> (World, Vec<ReplayKey>) {
    let mut world = batching(Batch::default(), 1);
    let keys = (0..count).map(|number| world.grant([number; 32])).collect();
    (world, keys)
}

/// One round; `fault` is asked for every step. What was found, or `None` after a crash.
fn round_with(world: &mut World, fault: impl Fn(usize) -> Fault) -> Option<BTreeMap<ReplayKey, Finding>> {
    let ahead = world.now + world.relayer.config().batch.age;
    let is_near = |own: &&Stored| own.entry.due_at().is_some_and(|due_at| due_at <= ahead);
    let due: Vec<Stored> = world.ledger.values().filter(is_near).cloned().collect();
    let mut found = vec![];
    let mut step = Round::begin(&world.relayer, due, world.now);
    for number in 0.. {
        let fault = fault(number);
        if fault == Fault::CrashBefore {
            return None;
        }
        let (outcome, mut then) = match step {
            RoundStep::Done(last) => {
                found.extend(last);
                return Some(found.into_iter().collect());
            }
            RoundStep::Http { request, then } => (SettleOutcome::Http(world.post(&request, fault)), then),
            RoundStep::Ledger { op, then, .. } => (SettleOutcome::Ledger(world.store(op, fault)), then),
        };
        if fault == Fault::CrashAfter {
            return None;
        }
        found.extend(then.take_found());
        step = then.resume(&world.relayer, outcome, world.now);
    }
    None
}

/// The next round in which anything is due.
fn round(world: &mut World) -> BTreeMap<ReplayKey, Finding> {
    let open = world.ledger.values().filter(|own| !own.entry.state().is_final());
    world.now = open.filter_map(|own| own.entry.due_at()).min().unwrap_or(0).max(world.now);
    round_with(world, |_| Fault::None).unwrap()
}

fn all(keys: &[ReplayKey], finding: Finding) -> BTreeMap<ReplayKey, Finding> {
    keys.iter().map(|key| (*key, finding)).collect()
}

#[test]
fn s52_a_hundred_checks_go_in_one_transaction_and_each_is_settled_by_its_own_event() {
    let (mut world, keys) = checks(100);
    assert_eq!(round(&mut world), all(&keys, Finding::Sent));
    assert_eq!((world.chain.pool.len(), world.sent.len()), (1, 1));
    world.chain.mine(NOW + 2);
    assert_eq!(round(&mut world), all(&keys, Finding::Settled));
    for key in keys {
        assert_eq!(world.paid(key), 1);
        assert_eq!(world.entry(key).transaction().unwrap().hash, world.chain.head().transactions[0].hash);
    }
}

#[test]
fn s47_the_bytes_are_not_kept_and_are_made_again() {
    let (mut world, keys) = checks(5);
    round(&mut world);
    assert!(keys.iter().all(|key| world.entry(*key).transaction().unwrap().raw.len() < 60));
    world.chain.pool.clear();
    assert_eq!(round(&mut world), all(&keys, Finding::SentAgain));
    assert_eq!((world.sent.len(), &world.sent[0]), (2, &world.sent[1].clone()));
    world.chain.mine(world.now);
    assert_eq!(round(&mut world), all(&keys, Finding::Settled));
}

#[test]
fn s52_one_bad_check_stops_nobody() {
    let (mut world, keys) = checks(5);
    let bad = *world.entry(keys[2]).authorization();
    world.chain.mine_foreign(NOW + 1, cancellation(&bad));
    let found = round(&mut world);
    assert_eq!(found[&keys[2]], Finding::WouldRevert);
    assert_eq!(found.values().filter(|finding| **finding == Finding::Sent).count(), 4);
    world.chain.mine(world.now);
    round(&mut world);
    assert!(keys.iter().enumerate().all(|(place, key)| world.paid(*key) == usize::from(place != 2)));
    assert_eq!(round(&mut world), all(&keys[2..3], Finding::Failed), "looked at alone, in its turn");
    assert_eq!(world.entry(keys[2]).closed().unwrap().1, Evidence::Cancelled);
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn s48_money_for_three_of_five_pays_three_and_no_event_counts_twice() {
    let (mut world, keys) = checks(5);
    world.chain.balance = 30_000;
    let found = round(&mut world);
    let count = |finding| found.values().filter(|own| **own == finding).count();
    assert_eq!((count(Finding::Sent), count(Finding::WouldRevert)), (3, 2));
    for _ in 0..4 {
        world.chain.mine(world.now);
        round(&mut world);
    }
    assert_eq!(world.sent.len(), 1, "no gas for what would revert");
    let settled = keys.iter().filter(|key| world.entry(**key).state() == State::Settled).count();
    assert_eq!((settled, keys.iter().map(|key| world.paid(*key)).sum::<usize>()), (3, 3));
    assert!(keys.iter().all(|key| (world.entry(*key).state() == State::Settled) == (world.paid(*key) == 1)));
}

#[test]
fn s52_what_fails_in_a_transaction_of_many_goes_alone_afterwards() {
    let (mut world, keys) = checks(5);
    round(&mut world);
    world.chain.burns = Some([3; 32]);
    world.chain.mine(world.now);
    let found = round(&mut world);
    assert_eq!(found[&keys[3]], Finding::Reverted);
    assert_eq!(found.values().filter(|finding| **finding == Finding::Settled).count(), 4);
    world.now += 20;
    assert_eq!(round(&mut world), all(&keys[3..4], Finding::Sent));
    assert_eq!(world.chain.pool[0].to, world.chain.asset.address, "not through Multicall3");
    world.chain.burns = None;
    world.chain.mine(world.now);
    assert_eq!(round(&mut world), all(&keys[3..4], Finding::Settled));
}

#[test]
fn s52_one_check_goes_directly_and_a_chain_without_the_contract_is_served_too() {
    let (mut world, keys) = checks(1);
    round(&mut world);
    assert_eq!(world.chain.pool[0].to, world.chain.asset.address);
    let (mut world, more) = checks(3);
    world.chain.has_multicall = false;
    assert_eq!(round(&mut world), all(&more, Finding::Sent));
    assert_eq!(world.chain.pool.len(), 3);
    assert_eq!(keys.len(), 1);
}

#[test]
fn s48_permit2_goes_alone() {
    let (mut world, keys) = checks(2);
    for method in [Method::Permit2, Method::Permit2] {
        let nonce = [0x50 + u8::try_from(world.ledger.len()).unwrap(); 32];
        let entry = world.claim_by(method, nonce).granted(Grant { at: NOW, ticket: ticket() }, Some(NOW)).unwrap();
        assert!(matches!(entry.authorization(), Authorization::Permit2(_)));
        world.put(entry);
    }
    assert!(round(&mut world).values().all(|finding| *finding == Finding::Sent));
    assert_eq!((world.chain.pool.len(), keys.len()), (3, 2));
}

#[test]
fn s53_a_crash_or_fault_at_any_step_loses_nothing_and_pays_once() {
    let faults = [
        Fault::CrashBefore,
        Fault::CrashAfter,
        Fault::LedgerUnreachable,
        Fault::Conflict,
        Fault::Lost,
        Fault::AnswerLost,
        Fault::Status(500),
    ];
    for fault in faults {
        for rounds_before in 0..3 {
            for step in 0..9 {
                let (mut world, keys) = checks(4);
                for _ in 0..rounds_before {
                    round(&mut world);
                    if rounds_before == 2 {
                        // A block without it: its fees are due to be raised.
                        world.chain.base_fee = 5_000;
                        world.now += 10;
                        world.chain.mine(world.now);
                    }
                }
                world.now += 1;
                round_with(&mut world, |number| if number == step { fault } else { Fault::None });
                for _ in 0..12 {
                    world.now += 20;
                    world.chain.mine(world.now);
                    round(&mut world);
                }
                let context = (fault, rounds_before, step);
                for key in &keys {
                    assert_eq!(world.entry(*key).state(), State::Settled, "{context:?}");
                    assert_eq!(world.paid(*key), 1, "{context:?}");
                }
            }
        }
    }
}

#[test]
fn s47_where_one_record_was_moved_nothing_is_sent() {
    let (mut world, keys) = checks(4);
    round_with(&mut world, |number| if number == 3 { Fault::Conflict } else { Fault::None });
    assert!(world.sent.is_empty());
    world.now += 1;
    round(&mut world);
    for _ in 0..6 {
        world.now += 20;
        world.chain.mine(world.now);
        round(&mut world);
    }
    assert!(keys.iter().all(|key| world.paid(*key) == 1));
}

#[test]
fn s47_a_stuck_one_is_replaced_by_those_that_remain() {
    let (mut world, keys) = checks(4);
    round(&mut world);
    let first = world.chain.pool[0].clone();
    world.chain.base_fee = 5_000;
    let gone = *world.entry(keys[0]).authorization();
    world.chain.mine_foreign(NOW + 2, cancellation(&gone));
    world.now = NOW + 11;
    world.chain.mine(world.now);
    let found = round(&mut world);
    assert_eq!(found[&keys[0]], Finding::Failed);
    assert!(keys[1..].iter().all(|key| found[key] == Finding::Replaced));
    let [second] = world.chain.pool.as_slice() else { panic!("one at a place") };
    assert_eq!(second.nonce, first.nonce);
    assert!(second.max_fee > first.max_fee && second.data.len() < first.data.len());
    world.chain.mine(world.now);
    assert_eq!(round(&mut world), all(&keys[1..], Finding::Settled));
    assert_eq!(world.chain.transactions(), 2);
}

#[test]
fn s47_an_abandoned_block_with_many_checks_settles_none_of_them() {
    let mut world = batching(Batch::default(), 3);
    let keys: Vec<_> = (0..4).map(|number| world.grant([number; 32])).collect();
    round(&mut world);
    let ours = world.chain.pool[0].clone();
    world.chain.mine(NOW + 2);
    assert_eq!(round(&mut world), all(&keys, Finding::Shallow));
    world.chain.blocks.pop();
    assert_eq!(round(&mut world), all(&keys, Finding::SentAgain));
    assert_eq!(world.chain.pool[0].hash, ours.hash);
    world.chain.mine(world.now);
    world.chain.mine_empty(2);
    assert_eq!(round(&mut world), all(&keys, Finding::Settled));
    assert_eq!(world.chain.transactions(), 1);
}

#[test]
fn s52_checks_wait_for_others_until_they_are_enough_or_old_enough() {
    let mut world = batching(Batch { count: 3, age: 60, gas_price: None }, 1);
    let first = world.grant([1; 32]);
    assert_eq!(round(&mut world), all(&[first], Finding::WaitsForOthers));
    assert_eq!(world.entry(first).due_at(), Some(NOW + 60));
    let second = world.grant([2; 32]);
    assert_eq!(round(&mut world), all(&[second], Finding::WaitsForOthers));
    let third = world.grant([3; 32]);
    assert_eq!(round(&mut world), all(&[first, second, third], Finding::Sent), "enough");
    assert_eq!(world.chain.pool.len(), 1);

    let mut world = batching(Batch { count: 3, age: 60, gas_price: None }, 1);
    let keys = [world.grant([1; 32]), world.grant([2; 32])];
    round(&mut world);
    assert!(world.sent.is_empty());
    assert_eq!(round(&mut world), all(&keys, Finding::Sent), "old enough");
    assert_eq!((world.now, world.chain.pool.len()), (NOW + 60, 1));
}

#[test]
fn s52_nobody_waits_until_the_window_closes_nor_at_the_counter() {
    let mut world = batching(Batch { count: 3, age: 3_600, gas_price: None }, 1);
    let key = world.grant([1; 32]);
    round(&mut world);
    assert_eq!(world.entry(key).due_at(), Some(NOW + 300 - 120));
    let urgent = world.claim([2; 32]).settled_first();
    let urgent = world.put(urgent);
    assert_eq!(round(&mut world), all(&[key, urgent], Finding::Sent), "and takes the others along");
}

#[test]
fn s51_those_who_wait_go_while_gas_is_cheap() {
    let mut world = batching(Batch { count: 3, age: 60, gas_price: Some(1_500) }, 1);
    world.chain.base_fee = 1_494;
    let keys = [world.grant([1; 32]), world.grant([2; 32])];
    assert_eq!(round(&mut world), all(&keys, Finding::WaitsForOthers), "the tip counts");
    assert_eq!(round(&mut world), all(&keys, Finding::WaitsForOthers));
    world.chain.base_fee = 1_493;
    assert_eq!(round(&mut world), all(&keys, Finding::Sent));
    assert!(world.now < NOW + 60);
}
