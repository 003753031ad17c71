//! Transactions that wait: their fees are raised, gaps before them are filled, and none is ever made beside another.

use super::world::{Fault, World};
use crate::address::Address;
use crate::ledger::tests::NOW;
use crate::ledger::{Evidence, State};
use crate::settle::Finding;
use alloc::vec::Vec;

/// A sent check over which the base fee rose, and a block without it so many seconds later.
fn stuck(seconds: u64) -> (World, crate::verify::ReplayKey) {
    let (mut world, key) = World::granted();
    world.look(key);
    world.chain.base_fee = 5_000;
    world.now += seconds;
    world.chain.mine(world.now);
    (world, key)
}

#[test]
fn s47_a_stuck_transaction_is_replaced_at_its_place_for_higher_fees() {
    let (mut world, key) = stuck(10);
    let first = world.chain.pool[0].clone();
    assert_eq!(world.look(key), Finding::Replaced);
    let [second] = world.chain.pool.as_slice() else { panic!("one at a place") };
    assert_eq!((second.nonce, second.max_fee, second.max_priority_fee), (first.nonce, 10_007, 8));
    assert_eq!((second.gas_limit, &second.data), (first.gas_limit, &first.data));
    assert_eq!(world.entry(key).transaction().unwrap().hash, second.hash);
    world.chain.mine(world.now);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!((world.paid(key), world.chain.transactions()), (1, 1));
}

#[test]
fn s47_fees_are_raised_only_where_blocks_were_made_without_it() {
    let (mut world, key) = stuck(9);
    assert_eq!(world.look(key), Finding::SentAgain, "a block may come any moment");
    let (mut world, key) = World::granted();
    world.look(key);
    world.now += 1_000;
    assert_eq!(world.look(key), Finding::SentAgain, "no block was made at all");
    assert_eq!(world.chain.pool[0].max_fee, 2_007);
}

#[test]
fn s51_fees_are_never_raised_above_the_limit() {
    let (mut world, key) = stuck(10);
    world.chain.base_fee = 1_000_000_001;
    assert_eq!(world.look(key), Finding::FeeTooHigh);
    assert_eq!(world.sent.len(), 1, "what cannot get in is not sent again either");
    // Room for the next block, and none for an eighth more.
    world.chain.base_fee = 1_000_000_000;
    assert_eq!(world.look(key), Finding::Replaced);
    assert_eq!(world.chain.pool[0].max_fee, 1_000_000_000);
    world.now += 100;
    world.chain.mine_empty(100);
    assert_eq!(world.look(key), Finding::SentAgain);
    assert_eq!(world.chain.pool[0].max_fee, 1_000_000_000);
}

#[test]
fn s49_the_one_that_was_replaced_may_be_the_one_that_is_mined() {
    let (mut world, key) = stuck(10);
    let first = world.chain.pool[0].clone();
    world.look(key);
    world.chain.base_fee = 1_000;
    world.chain.pool = Vec::from([first.clone()]);
    world.chain.mine(world.now);
    assert_eq!(world.look(key), Finding::Settled);
    let entry = world.entry(key);
    assert_eq!(entry.closed().unwrap().1, Evidence::Transferred);
    assert_eq!(entry.transaction().unwrap().hash, first.hash);
    assert_eq!(world.paid(key), 1);
}

#[test]
fn s53_a_crash_at_any_step_of_a_replacement_loses_nothing_and_pays_once() {
    for crash in [Fault::CrashBefore, Fault::CrashAfter, Fault::LedgerUnreachable, Fault::Lost, Fault::AnswerLost] {
        for step in 0..3 {
            let (mut world, key) = stuck(10);
            world.now = world.now.max(world.entry(key).due_at().unwrap());
            world.look_with(key, |number| if number == step { crash } else { Fault::None });
            for _ in 0..9 {
                world.now += 10;
                world.chain.mine(world.now);
                world.look(key);
            }
            assert_eq!(world.entry(key).state(), State::Settled, "{crash:?} {step}");
            assert_eq!((world.paid(key), world.chain.transactions()), (1, 1), "{crash:?} {step}");
        }
    }
}

#[test]
fn s52_a_gap_is_filled_and_nothing_is_made_twice() {
    let (mut world, first) = World::granted();
    let second = world.grant([0x78; 32]);
    world.look(first);
    world.look(second);
    // The node forgets the first, whose record is closed meanwhile.
    world.chain.pool.remove(0);
    world.ledger.remove(&first);
    assert_eq!(world.look(second), Finding::SentAgain, "nodes learn of things one after the other");
    world.now = NOW + 20;
    assert_eq!(world.look(second), Finding::WayCleared);
    let mut line: Vec<_> = world.chain.pool.iter().map(|sent| (sent.nonce, sent.to)).collect();
    line.sort_unstable_by_key(|(nonce, _)| *nonce);
    assert_eq!(line, [(0, world.relayer()), (1, world.chain.asset.address)]);
    world.chain.mine(world.now);
    assert_eq!(world.look(second), Finding::Settled);
    assert_eq!((world.paid(second), world.chain.transactions()), (1, 2));
}

#[test]
fn s52_a_transaction_before_it_that_nobody_looks_after_is_replaced() {
    let (mut world, first) = World::granted();
    let second = world.grant([0x78; 32]);
    world.look(first);
    world.chain.base_fee = 5_000;
    world.look(second);
    world.ledger.remove(&first);
    for seconds in [20, 30] {
        world.now = NOW + seconds;
        world.chain.mine(world.now);
        assert_eq!(world.look(second), Finding::SentAgain, "whoever looks after that one may still raise its fees");
    }
    world.now = NOW + 70;
    world.chain.mine(world.now);
    assert_eq!(world.look(second), Finding::WayCleared);
    world.chain.mine(world.now);
    assert_eq!(world.look(second), Finding::Settled);
    assert_eq!((world.paid(second), world.chain.transactions()), (1, 2));
}

#[test]
fn s47_nothing_is_made_anew_before_the_place_is_lost_for_good() {
    let mut world = World::with_confirmations(3);
    let key = world.grant([0x77; 32]);
    world.look(key);
    let ours = world.chain.pool.remove(0);
    // Something else of the same account takes the place.
    let mut theirs = ours.clone();
    (theirs.to, theirs.data, theirs.hash) = (Address::from_bytes([9; 20]), Vec::new(), [9; 32]);
    theirs.to = theirs.sender;
    world.chain.pool.push(theirs);
    world.chain.mine(world.now);
    assert_eq!(world.look(key), Finding::Displaced);
    assert_eq!(world.entry(key).state(), State::Unknown);
    // That block is abandoned: the first one counts again, and was the only one.
    world.chain.blocks.pop();
    world.chain.pool.push(ours);
    world.chain.mine(world.now);
    world.chain.mine_empty(2);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!((world.paid(key), world.sent.len()), (1, 1));
}
