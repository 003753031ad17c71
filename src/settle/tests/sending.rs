//! Transactions: their fees, and their place in the sequence of the one key.

use super::world::{Fault, World};
use crate::json::Value;
use crate::ledger::State;
use crate::ledger::tests::NOW;
use crate::seal::Seal;
use crate::settle::Finding;
use alloc::string::String;
use alloc::vec::Vec;

#[test]
fn s51_fees_of_the_node_are_bounded_by_the_operator() {
    let (mut world, key) = World::granted();
    world.look(key);
    let sent = &world.chain.pool[0];
    assert_eq!((sent.max_priority_fee, sent.max_fee, sent.gas_limit), (7, 2_007, 96_000));

    let (mut world, key) = World::granted();
    world.chain.tip = u64::MAX;
    world.look(key);
    let sent = &world.chain.pool[0];
    assert_eq!((sent.max_priority_fee, sent.max_fee), (1_000_000_000, 1_000_000_000));

    let (mut world, key) = World::granted();
    world.chain.base_fee = 1_000_000_001;
    assert_eq!(world.look(key), Finding::FeeTooHigh);
    assert!(world.sent.is_empty());
    assert_eq!(world.entry(key).state(), State::Granted);
}

#[test]
fn s52_signatures_with_leading_zeros_are_cashed() {
    let mut world = World::new();
    let mut short = [false, false];
    for number in 0..2_000_u64 {
        let mut nonce = [0; 32];
        nonce[..8].copy_from_slice(&number.to_be_bytes());
        let entry = world.claim(nonce);
        let Seal::Key(signature) = entry.seal() else { panic!("not a key's: {entry:?}") };
        let kinds = [signature.r()[0] == 0, signature.s()[0] == 0];
        if (kinds[0] && !short[0]) || (kinds[1] && !short[1]) {
            short = [short[0] || kinds[0], short[1] || kinds[1]];
            let key = world.grant(nonce);
            assert_eq!(world.look(key), Finding::Sent);
            world.chain.mine(world.now);
            assert_eq!(world.look(key), Finding::Settled);
        }
        if short == [true, true] {
            return;
        }
    }
    panic!("no such signature in 2000");
}

#[test]
fn s52_a_hundred_checks_go_through_one_key() {
    let mut world = World::new();
    let keys: Vec<_> = (0..100).map(|number| world.grant([number; 32])).collect();
    for key in &keys {
        assert_eq!(world.look_with(*key, |_| Fault::None), Some(Finding::Sent));
    }
    let nonces: Vec<_> = world.chain.pool.iter().map(|sent| sent.nonce).collect();
    assert_eq!(nonces, (0..100).collect::<Vec<_>>());
    world.chain.mine(NOW + 2);
    for key in keys {
        assert_eq!(world.look(key), Finding::Settled);
        assert_eq!(world.paid(key), 1);
    }
}

#[test]
fn s52_a_transaction_whose_place_was_taken_is_made_anew() {
    let (mut world, first) = World::granted();
    let second = world.grant([0x78; 32]);
    // The first is written and never arrives, so the second gets the same place.
    world.look_with(first, |number| if number == 2 { Fault::CrashBefore } else { Fault::None });
    world.look(second);
    assert_eq!(world.entry(first).transaction().unwrap().nonce, world.entry(second).transaction().unwrap().nonce);
    assert_eq!(world.look(first), Finding::SendRefused, "underpriced");
    world.chain.mine(world.now);
    assert_eq!(world.look(first), Finding::Sent);
    assert_eq!(world.entry(first).transaction().unwrap().nonce, 1);
    world.chain.mine(world.now);
    for key in [first, second] {
        assert_eq!(world.look(key), Finding::Settled);
        assert_eq!(world.paid(key), 1);
    }
}

#[test]
fn s28_the_public_record_says_why_a_check_is_still_on_its_way() {
    let told = |world: &World, key| {
        let public = world.entry(key).to_public();
        let finding = public.get("finding").and_then(Value::as_str).map(String::from);
        (finding, public.get("nextLookAt").and_then(Value::as_u64))
    };
    let (mut world, key) = World::granted();
    assert_eq!(told(&world, key), (None, Some(NOW)), "nobody has looked yet");

    world.chain.balance = 0;
    assert_eq!(world.look(key), Finding::WouldRevert);
    assert_eq!(told(&world, key), (Some("simulation_reverts".into()), Some(NOW + 2)));

    world.chain.balance = 1_000_000;
    world.chain.relayer_has_gas_money = false;
    assert_eq!(world.look(key), Finding::NoGasMoney, "what the node answers to the sending is told too");
    assert_eq!(told(&world, key), (Some("relayer_out_of_gas_money".into()), Some(NOW + 3)));

    world.chain.relayer_has_gas_money = true;
    world.look(key);
    world.chain.mine(world.now);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!(told(&world, key), (Some("settled".into()), None), "a closed record is looked at no more");
}
