//! Faults and crashes at every step.

use super::world::{Fault, World};
use crate::ledger::tests::{NOW, ticket};
use crate::ledger::{Evidence, Grant, State};
use crate::settle::Finding;
use alloc::vec;

#[test]
fn s53_a_granted_check_is_cashed_within_two_looks() {
    let (mut world, key) = World::granted();
    assert_eq!(world.look(key), Finding::Sent);
    assert_eq!(world.entry(key).state(), State::Settling);
    world.chain.mine(NOW + 2);
    assert_eq!(world.look(key), Finding::Settled);
    let entry = world.entry(key);
    assert_eq!(entry.state(), State::Settled);
    assert_eq!(entry.closed(), Some((NOW + 2, Evidence::Transferred)));
    assert_eq!(entry.transaction().unwrap().hash, world.chain.head().transactions[0].hash);
    assert_eq!((world.paid(key), world.sent.len()), (1, 1));
    assert_eq!(world.look(key), Finding::NotDue);
}

#[test]
fn s53_only_what_is_due_is_looked_at() {
    let (mut world, key) = World::granted();
    assert_eq!(world.look(key), Finding::Sent);
    world.now = world.entry(key).due_at().unwrap() - 1;
    assert_eq!(world.look_with(key, |_| Fault::None), Some(Finding::NotDue));
    let entry = world.claim([1; 32]).granted(Grant { at: NOW, ticket: ticket() }, None).unwrap();
    let unsettled = world.put(entry);
    assert_eq!(world.look_with(unsettled, |_| Fault::None), Some(Finding::NotDue));
}

#[test]
fn s43_a_claim_whose_lease_ran_out_is_released() {
    let mut world = World::new();
    let entry = world.claim([1; 32]);
    let key = world.put(entry);
    world.now = NOW + 59;
    assert_eq!(world.look_with(key, |_| Fault::None), Some(Finding::NotDue));
    assert!(world.ledger.contains_key(&key));
    world.now = NOW + 60;
    assert_eq!(world.look_with(key, |_| Fault::Conflict), Some(Finding::Moved));
    assert!(world.ledger.contains_key(&key));
    assert_eq!(world.look(key), Finding::Released);
    assert!(!world.ledger.contains_key(&key));
}

#[test]
fn s53_a_crash_at_any_step_of_any_look_loses_nothing_and_pays_once() {
    for crash in [Fault::CrashBefore, Fault::CrashAfter] {
        for looks_before in 0..2 {
            for step in 0..4 {
                let (mut world, key) = World::granted();
                for _ in 0..looks_before {
                    world.look(key);
                    world.chain.mine(world.now + 1);
                }
                world.now = world.now.max(world.entry(key).due_at().unwrap());
                world.look_with(key, |number| if number == step { crash } else { Fault::None });
                for _ in 0..3 {
                    world.chain.mine(world.now + 1);
                    world.look(key);
                }
                let context = (crash, looks_before, step);
                assert_eq!(world.entry(key).state(), State::Settled, "{context:?}");
                assert_eq!((world.paid(key), world.chain.transactions()), (1, 1), "{context:?}");
            }
        }
    }
}

#[test]
fn s46_while_the_chain_is_out_of_sight_nothing_is_closed() {
    let faults = [
        Fault::Lost,
        Fault::Status(500),
        Fault::Status(199),
        Fault::Answer(429, ""),
        Fault::Answer(200, "<html>"),
        Fault::Answer(200, "[]"),
        Fault::Answer(200, r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}"#),
    ];
    for fault in faults {
        let (mut world, key) = World::granted();
        let at_first = |number| if number == 0 { fault } else { Fault::None };
        world.look_with(key, at_first).unwrap();
        assert_eq!(world.entry(key).state(), State::Granted, "{fault:?}");
        assert!(world.entry(key).due_at() > Some(world.now));
        world.look(key);
        world.now = world.entry(key).due_at().unwrap();
        world.look_with(key, at_first).unwrap();
        assert_eq!(world.entry(key).state(), State::Unknown, "{fault:?}");
        world.chain.mine(world.now);
        assert_eq!(world.look(key), Finding::Settled);
    }
}

#[test]
fn s46_a_send_without_an_answer_is_unknown_and_never_signed_again() {
    for fault in [Fault::Lost, Fault::AnswerLost, Fault::Answer(502, "Bad Gateway"), Fault::Answer(200, "?")] {
        let (mut world, key) = World::granted();
        world.look_with(key, |number| if number == 2 { fault } else { Fault::None }).unwrap();
        assert_eq!(world.entry(key).state(), State::Unknown, "{fault:?}");
        assert_eq!(world.look(key), Finding::SentAgain);
        assert_eq!(world.entry(key).state(), State::Settling);
        assert_eq!(world.sent[0], world.sent[1]);
        world.chain.mine(world.now);
        assert_eq!(world.look(key), Finding::Settled);
        assert_eq!(world.paid(key), 1);
    }
}

#[test]
fn s46_waits_double_up_to_a_minute() {
    let (mut world, key) = World::granted();
    let mut waits = vec![];
    for _ in 0..9 {
        world.look_with(key, |number| if number == 0 { Fault::Lost } else { Fault::None });
        let due_at = world.entry(key).due_at().unwrap();
        waits.push(due_at - world.now);
        world.now = due_at;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert_eq!(world.entry(key).attempts(), 9);
    // Its window is open no more, but nobody has seen that on the chain.
    world.now = NOW + 10_000;
    assert_eq!(world.look(key), Finding::Sent);
    assert_eq!(world.entry(key).due_at(), Some(world.now + 1));
}

#[test]
fn s47_what_is_not_written_is_not_sent() {
    for (fault, finding) in [(Fault::Conflict, Finding::Moved), (Fault::LedgerUnreachable, Finding::LedgerUnreachable)]
    {
        let (mut world, key) = World::granted();
        let at_write = |number| if number == 1 { fault } else { Fault::None };
        assert_eq!(world.look_with(key, at_write), Some(finding));
        assert!(world.sent.is_empty());
        assert_eq!(world.look(key), Finding::Sent);
    }
}

#[test]
fn s53_a_relayer_without_gas_money_goes_on_once_it_has_some() {
    let (mut world, key) = World::granted();
    world.chain.relayer_has_gas_money = false;
    assert_eq!(world.look(key), Finding::NoGasMoney);
    assert_eq!(world.look(key), Finding::NoGasMoney);
    world.chain.relayer_has_gas_money = true;
    assert_eq!(world.look(key), Finding::SentAgain);
    world.chain.mine(world.now);
    assert_eq!(world.look(key), Finding::Settled);
}

#[test]
fn s53_a_payer_who_lacks_the_money_may_get_it() {
    let (mut world, key) = World::granted();
    let balance = core::mem::take(&mut world.chain.balance);
    assert_eq!(world.look(key), Finding::WouldRevert);
    assert_eq!(world.look(key), Finding::WouldRevert);
    assert!(world.sent.is_empty());
    world.chain.balance = balance;
    assert_eq!(world.look(key), Finding::Sent);
    world.chain.mine(world.now);
    assert_eq!(world.look(key), Finding::Settled);
}

#[test]
fn s40_what_settles_first_is_cashed_without_a_grant() {
    let mut world = World::new();
    let claimed = world.claim([1; 32]).settled_first();
    let key = world.put(claimed);
    assert_eq!(world.look(key), Finding::Sent);
    world.chain.mine(world.now + 1);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!((world.entry(key).state(), world.entry(key).grant()), (State::Settled, None));
    assert_eq!((world.paid(key), world.sent.len()), (1, 1));
}

#[test]
fn s44_closed_records_are_forgotten_when_their_time_is_over_and_open_ones_never() {
    let (mut world, key) = World::granted();
    world.look(key);
    world.chain.mine(world.now + 1);
    assert_eq!(world.look(key), Finding::Settled);
    let until = world.entry(key).keep_until();
    assert!(until >= NOW + 900, "the ticket lives as long");
    world.now = until - 1;
    assert_eq!(world.look(key), Finding::NotDue);
    world.now = until;
    assert_eq!(world.look(key), Finding::Forgotten);
    assert!(world.ledger.is_empty());

    let key = world.grant([2; 32]);
    world.now = until + 100 * 86_400;
    assert_eq!(world.look_with(key, |_| Fault::Lost), Some(Finding::RpcUnreachable));
    assert!(world.ledger.contains_key(&key));
}
