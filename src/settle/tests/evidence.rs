//! What closes a record, and what does not.

use super::chain::{Lie, cancellation, payment};
use super::world::World;
use crate::address::Address;
use crate::ledger::tests::NOW;
use crate::ledger::{Evidence, State};
use crate::settle::Finding;
use alloc::string::ToString as _;
use alloc::vec;

#[test]
fn s47_only_the_clock_of_the_chain_ends_a_window() {
    let (mut world, key) = World::granted();
    world.chain.balance = 0;
    world.now = NOW + 100_000;
    assert_eq!(world.look(key), Finding::WouldRevert);
    assert_eq!(world.entry(key).state(), State::Granted);
    world.chain.mine(NOW + 299);
    assert_eq!(world.look(key), Finding::WouldRevert);
    world.chain.mine(NOW + 300);
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Expired);
    assert!(world.sent.is_empty());
}

#[test]
fn s47_expiry_and_inclusion_want_the_configured_depth() {
    let mut world = World::with_confirmations(3);
    let key = world.grant([0x77; 32]);
    world.chain.balance = 0;
    world.chain.mine(NOW + 300);
    world.chain.mine_empty(1);
    assert_eq!(world.look(key), Finding::Shallow);
    assert_eq!(world.entry(key).state(), State::Granted);
    world.chain.mine_empty(1);
    assert_eq!(world.look(key), Finding::Failed);

    let mut world = World::with_confirmations(3);
    let key = world.grant([0x77; 32]);
    world.look(key);
    world.chain.mine(NOW + 2);
    world.chain.mine_empty(1);
    assert_eq!(world.look(key), Finding::Shallow);
    assert_eq!(world.entry(key).state(), State::Settling);
    world.chain.mine_empty(1);
    assert_eq!(world.look(key), Finding::Settled);
}

#[test]
fn s47_a_reorganisation_takes_the_receipt_and_the_same_bytes_are_sent_again() {
    let mut world = World::with_confirmations(2);
    let key = world.grant([0x77; 32]);
    world.look(key);
    world.chain.mine(NOW + 2);
    assert_eq!(world.look(key), Finding::Shallow);
    world.chain.blocks.pop();
    world.chain.mine_empty(3);
    assert_eq!(world.look(key), Finding::SentAgain);
    assert_eq!(world.sent[0], world.sent[1]);
    world.chain.mine(NOW + 20);
    world.chain.mine_empty(1);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!(world.paid(key), 1);
}

#[test]
fn s47_a_node_that_lags_behind_cannot_make_a_paid_check_expire() {
    let (mut world, key) = World::granted();
    let events = payment(world.entry(key).authorization());
    world.chain.mine_foreign(NOW + 2, events);
    world.chain.mine(NOW + 300);
    world.chain.lag = 2;
    assert_eq!(world.look(key), Finding::Shallow);
    assert_eq!(world.entry(key).state(), State::Granted);
    world.chain.lag = 0;
    assert_eq!(world.look(key), Finding::Settled);
}

#[test]
fn s47_a_cancelled_authorization_is_failed() {
    for sent_before in [false, true] {
        let (mut world, key) = World::granted();
        if sent_before {
            world.look(key);
        }
        let events = cancellation(world.entry(key).authorization());
        world.chain.mine_foreign(NOW + 2, events);
        world.chain.mine(NOW + 4);
        assert_eq!(world.look(key), Finding::Failed);
        assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Cancelled);
    }
}

#[test]
fn s47_a_revert_ends_nothing_and_costs_gas_at_most_every_fifteen_seconds() {
    let (mut world, key) = World::granted();
    world.look(key);
    let balance = core::mem::take(&mut world.chain.balance);
    world.chain.mine(NOW + 2);
    world.chain.balance = balance;
    assert_eq!(world.look(key), Finding::Reverted);
    assert_eq!(world.entry(key).state(), State::Unknown);
    let mut looks = vec![];
    while world.sent.len() < 2 && world.now < NOW + 60 {
        looks.push(world.look(key));
    }
    assert_eq!(looks.last(), Some(&Finding::Sent));
    assert!(world.now >= NOW + 16, "{}", world.now);
    assert_ne!(world.sent[0], world.sent[1]);
    world.chain.mine(world.now);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!(world.paid(key), 1);
}

#[test]
fn s48_success_without_the_transfer_is_not_settled() {
    let (mut world, key) = World::granted();
    world.chain.asset_is_mute = true;
    world.look(key);
    world.chain.mine(NOW + 2);
    for _ in 0..8 {
        assert_eq!(world.look(key), Finding::Unexplained);
        assert_eq!(world.entry(key).state(), State::Unknown);
    }
    assert_eq!(world.sent.len(), 1, "no gas is spent on more of the same");
    world.chain.mine(NOW + 300);
    assert_eq!(world.look(key), Finding::Failed);
}

#[test]
fn s49_whoever_sent_it_paid() {
    for sent_before in [false, true] {
        let (mut world, key) = World::granted();
        if sent_before {
            world.look(key);
        }
        let events = payment(world.entry(key).authorization());
        let hash = world.chain.mine_foreign(NOW + 2, events);
        // Ours comes second and is reverted.
        world.chain.mine(NOW + 4);
        assert_eq!(world.look(key), Finding::Settled);
        assert_eq!(world.entry(key).transaction().unwrap().hash, hash);
        assert!(world.entry(key).transaction().unwrap().raw.is_empty());
        assert_eq!(world.paid(key), 1);
    }
}

#[test]
fn s49_a_payment_is_found_thousands_of_blocks_back() {
    let (mut world, key) = World::granted();
    let events = payment(world.entry(key).authorization());
    world.chain.mine_foreign(NOW + 2, events);
    world.chain.mine_empty(25_000);
    world.now = world.chain.head().timestamp;
    assert_eq!(world.look(key), Finding::Settled);
}

#[test]
fn s49_a_used_nonce_without_a_trace_stays_open() {
    let (mut world, key) = World::granted();
    let events = payment(world.entry(key).authorization());
    world.chain.mine_foreign(NOW - 100_000, events);
    world.chain.mine_empty(3_000);
    world.chain.blocks.last_mut().unwrap().timestamp = NOW + 1;
    assert_eq!(world.look(key), Finding::Unexplained);
    assert_eq!(world.entry(key).state(), State::Granted);
    world.now = NOW + 100_000;
    assert_eq!(world.look(key), Finding::Unexplained);
    assert_eq!(world.entry(key).due_at(), Some(world.now + 3_600));
}

#[test]
fn s49_a_nonce_that_was_signed_twice_and_used_elsewhere_is_failed() {
    let (mut world, key) = World::granted();
    let mut elsewhere = *world.entry(key).authorization();
    elsewhere.transfer_mut().to = Address::from_bytes([9; 20]);
    world.chain.mine_foreign(NOW + 2, payment(&elsewhere));
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Diverted);
}

#[test]
fn s51_a_node_of_another_chain_is_not_believed() {
    let (mut world, key) = World::granted();
    world.look(key);
    world.chain.mine(NOW + 2);
    world.chain.id = 8453;
    assert_eq!(world.look(key), Finding::WrongChain);
    assert_eq!(world.entry(key).state(), State::Unknown);
    world.chain.id = 84532;
    assert_eq!(world.look(key), Finding::Settled);
}

#[test]
fn s51_a_node_that_answers_beside_the_question_closes_nothing() {
    let lies: [Lie; 5] = [
        ("eth_getTransactionReceipt", |truth| {
            truth.replace(r#"{"transactionHash":"0x"#, r#"{"transactionHash":"0xffff"#)
        }),
        ("eth_getTransactionReceipt", |truth| {
            let (hash, rest) = truth.split_at(r#"{"transactionHash":"0x0000"#.len());
            alloc::format!("{}ffff{rest}", &hash[..hash.len() - 4])
        }),
        ("eth_getBlockByNumber", |_| "null".to_string()),
        ("eth_getBlockByNumber", |truth| truth.replace("baseFeePerGas", "gasPrice")),
        ("eth_call", |_| r#""0x""#.to_string()),
    ];
    for preempted in [false, true] {
        for lie in lies {
            let (mut world, key) = World::granted();
            if preempted {
                let events = payment(world.entry(key).authorization());
                world.chain.mine_foreign(NOW + 2, events);
            } else {
                world.look(key);
                world.chain.mine(NOW + 2);
            }
            world.chain.lie = Some(lie);
            assert_eq!(world.look(key), Finding::RpcUnusable, "{}", lie.0);
            world.chain.lie = None;
            assert_eq!(world.look(key), Finding::Settled);
        }
    }
}

#[test]
fn s51_expiry_is_shown_by_the_very_block_that_was_asked_for() {
    let mut world = World::with_confirmations(3);
    let key = world.grant([0x77; 32]);
    world.chain.balance = 0;
    world.chain.mine(NOW + 300);
    world.chain.mine_empty(1);
    // The head, whatever was asked for.
    world.chain.lie = Some(("eth_getBlockByNumber", |_| {
        alloc::format!(r#"{{"number":"0x2","timestamp":"0x{:x}","baseFeePerGas":"0x0"}}"#, NOW + 302)
    }));
    assert_eq!(world.look(key), Finding::RpcUnusable);
    assert_eq!(world.entry(key).state(), State::Granted);
}
