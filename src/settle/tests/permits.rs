//! Checks of Permit2 in each form, on their way through the chain.

use super::permit2::USED;
use super::world::{Fault, World};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::permit2::PERMIT2;
use crate::encoding::bare_hex;
use crate::keccak::keccak256;
use crate::ledger::tests::{NOW, ticket};
use crate::ledger::{Entry, Evidence, Grant, State};
use crate::protocol::Method;
use crate::settle::event::TRANSFER;
use crate::settle::permit2::NONCES_WITHDRAWN;
use crate::settle::trace::{self, Identity};
use crate::settle::{Finding, method};
use crate::verify::ReplayKey;
use alloc::vec;
use alloc::vec::Vec;
use hex_literal::hex as literal;

const PAYEE: Address = Address::from_bytes([0x22; 20]);

fn in_parts(call: crate::chain::abi::Call) -> (Address, Vec<u8>) {
    (call.to, call.data)
}

fn granted(world: &mut World, entry: Entry) -> ReplayKey {
    world.put(entry.granted(Grant { at: NOW, ticket: ticket() }, Some(NOW)).unwrap())
}

/// A world with one granted check of this method, and the call that cashes it.
fn with_check(method: fn(&World) -> Method) -> (World, ReplayKey, (Address, Vec<u8>)) {
    let mut world = World::new();
    let entry = world.claim_by(method(&world), [0x77; 32]);
    let call = in_parts(method::cash(&entry));
    let key = granted(&mut world, entry);
    (world, key, call)
}

fn exact(_: &World) -> Method {
    Method::Permit2
}

fn upto(world: &World) -> Method {
    Method::Upto { facilitator: world.relayer() }
}

fn moved(world: &World) -> Vec<u64> {
    let transfers = world.chain.logs_until(world.chain.blocks.len()).filter(|log| log.topics[0] == TRANSFER);
    transfers.map(|log| Amount::from_be_bytes(log.data.clone().try_into().unwrap()).to_u64().unwrap()).collect()
}

fn withdraw(world: &mut World, key: ReplayKey, timestamp: u64) {
    let nonce = *world.entry(key).authorization().nonce();
    let owner = world.entry(key).authorization().payer().to_word();
    let (mut data, mut mask) = ([[0; 32]; 2], [0; 32]);
    data[0][1..].copy_from_slice(&nonce[..31]);
    mask[31 - usize::from(nonce[31] / 8)] = 1 << (nonce[31] % 8);
    data[1] = mask;
    let used = vec![USED, owner, nonce];
    world.chain.mine_foreign(timestamp, vec![(used, vec![]), (vec![NONCES_WITHDRAWN, owner], data.concat())]);
    for log in world.chain.blocks.last_mut().unwrap().logs_mut().filter(|log| log.topics[0] == NONCES_WITHDRAWN) {
        log.contract = PERMIT2;
    }
}

#[test]
fn the_selectors_are_those_of_the_written_signatures() {
    let selector = |text: &str| keccak256(&[text.as_bytes()])[..4].to_vec();
    let permit = "((address,uint256),uint256,uint256)";
    let written = [
        (alloc::format!("settle({permit},address,(address,uint256),bytes)"), literal!("13cd3b53")),
        (alloc::format!("settle({permit},uint256,address,(address,address,uint256),bytes)"), literal!("ff11e7b4")),
        (alloc::format!("permitTransferFrom({permit},(address,uint256),address,bytes)"), literal!("30f28b7a")),
        ("nonceBitmap(address,uint256)".into(), literal!("4fe02b44")),
    ];
    for (text, bytes) in written {
        assert_eq!(selector(&text), bytes, "{text}");
    }
    assert_eq!(NONCES_WITHDRAWN, keccak256(&[b"UnorderedNonceInvalidation(address,uint256,uint256)"]));
}

#[test]
fn s48_every_form_is_settled_by_its_exact_transfer() {
    for form in [exact, upto] {
        let (mut world, key, _) = with_check(form);
        assert_eq!(world.look(key), Finding::Sent);
        world.chain.mine(NOW + 2);
        assert_eq!(world.look(key), Finding::Settled);
        assert_eq!(moved(&world), [10_000]);
    }
}

#[test]
fn s52_the_payee_cashes_a_direct_permit_from_its_own_account() {
    let mut world = World::new();
    world.pay_to = world.relayer();
    let entry = world.claim_by(Method::PermitToPayee, [0x77; 32]);
    let key = granted(&mut world, entry);
    assert_eq!(world.look(key), Finding::Sent);
    world.chain.mine(NOW + 2);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!(moved(&world), [10_000]);
}

#[test]
fn s48_upto_moves_what_was_charged_and_not_its_ceiling() {
    let mut world = World::new();
    let entry = world.claim_by(upto(&world), [0x77; 32]).charged(Amount::from(4_200));
    let key = granted(&mut world, entry);
    world.look(key);
    world.chain.mine(NOW + 2);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!(moved(&world), [4_200]);
    assert_eq!(world.entry(key).amount(), Amount::from(4_200));
}

#[test]
fn s48_a_charge_of_nothing_is_settled_without_a_transaction() {
    let mut world = World::new();
    let entry = world.claim_by(upto(&world), [0x77; 32]).charged(Amount::ZERO);
    let key = granted(&mut world, entry);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!((world.sent.len(), world.entry(key).state()), (0, State::Settled));
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Waived);
    assert_eq!(world.entry(key).transaction(), None);
}

#[test]
fn s14_more_than_the_ceiling_is_never_charged() {
    let mut world = World::new();
    let entry = world.claim_by(upto(&world), [0x77; 32]).charged(Amount::MAX);
    assert_eq!(entry.amount(), Amount::from(10_000));
}

#[test]
fn s49_a_permit_that_somebody_else_cashed_is_settled_by_that_transaction() {
    let (mut world, key, call) = with_check(exact);
    let theirs = world.chain.mine_call(NOW + 2, call);
    world.chain.mine_empty(1);
    assert_eq!(world.look(key), Finding::Settled);
    assert_eq!(world.entry(key).transaction().unwrap().hash, theirs);
    assert_eq!((world.sent.len(), moved(&world).len()), (0, 1));
}

/// Two checks of one payer for the same price look alike on the chain: one transfer must not pay for both.
#[test]
fn s49_one_transfer_never_pays_for_two_permits() {
    let (mut world, key, _) = with_check(exact);
    let entry = world.claim_by(Method::Permit2, [0x78; 32]);
    let other_call = in_parts(method::cash(&entry));
    let other = granted(&mut world, entry);
    world.chain.mine_call(NOW + 2, other_call);
    withdraw(&mut world, key, NOW + 4);
    assert_eq!(world.look(other), Finding::Settled);
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Cancelled);
}

#[test]
fn s49_a_nonce_withdrawn_after_its_use_is_paid_nevertheless() {
    let (mut world, key, call) = with_check(exact);
    world.chain.mine_call(NOW + 2, call);
    withdraw(&mut world, key, NOW + 4);
    assert_eq!(world.look(key), Finding::Settled);
}

#[test]
fn s47_a_withdrawn_nonce_is_failed_at_the_required_depth() {
    let mut world = World::with_confirmations(3);
    let entry = world.claim_by(Method::Permit2, [0x77; 32]);
    let key = granted(&mut world, entry);
    withdraw(&mut world, key, NOW + 2);
    assert_eq!(world.look(key), Finding::Shallow);
    world.chain.mine_empty(2);
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Cancelled);
}

/// Permit2 leaves no trace of a nonce that was used for something else. Until the window is over that is no evidence.
#[test]
fn s47_a_nonce_used_elsewhere_is_failed_only_after_its_window() {
    let (mut world, key, _) = with_check(exact);
    let authorization = *world.entry(key).authorization();
    let used = vec![USED, authorization.payer().to_word(), *authorization.nonce()];
    world.chain.mine_foreign(NOW + 2, vec![(used, vec![])]);
    assert_eq!(world.look(key), Finding::Unexplained);
    assert_eq!(world.entry(key).state(), State::Granted);
    // A block of the deadline itself would still have taken it.
    world.chain.mine(NOW + 300);
    assert_eq!(world.look(key), Finding::Unexplained);
    world.chain.mine(NOW + 301);
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Diverted);
}

/// A transfer that came by way of a contract which may have used the nonce: nobody can tell.
#[test]
fn s49_a_transfer_by_an_unknown_contract_explains_nothing() {
    let (mut world, key, _) = with_check(exact);
    let authorization = *world.entry(key).authorization();
    let [from, to] = [authorization.payer(), PAYEE].map(Address::to_word);
    let used = (vec![USED, from, *authorization.nonce()], vec![]);
    let transfer = (vec![TRANSFER, from, to], Amount::from(10_000).to_be_bytes().to_vec());
    world.chain.mine_foreign(NOW + 2, vec![used, transfer]);
    world.chain.blocks.last_mut().unwrap().transactions[0].call.0 = Address::from_bytes([0x99; 20]);
    assert_eq!(world.look(key), Finding::Unexplained);
    world.chain.mine(NOW + 301);
    assert_eq!(world.look(key), Finding::Unexplained);
}

#[test]
fn s47_an_unused_permit_expires() {
    let (mut world, key, _) = with_check(exact);
    world.chain.balance = 0;
    assert_eq!(world.look(key), Finding::WouldRevert);
    world.chain.mine(NOW + 300);
    assert_eq!(world.look(key), Finding::WouldRevert);
    world.chain.mine(NOW + 301);
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Expired);
}

#[test]
fn s53_a_crash_at_any_step_moves_the_money_once() {
    for form in [exact, upto] {
        for step in 0..6 {
            for fault in [Fault::CrashBefore, Fault::CrashAfter] {
                let (mut world, key, _) = with_check(form);
                world.look_with(key, |number| if number == step { fault } else { Fault::None });
                for turn in 1..40 {
                    world.chain.mine(NOW + 2 * turn);
                    world.look(key);
                }
                assert_eq!(world.entry(key).state(), State::Settled, "{step} {fault:?}");
                assert_eq!(moved(&world), [10_000]);
            }
        }
    }
}

/// viem's `encodeFunctionData` for the same arguments.
#[test]
fn s52_the_calls_are_encoded_as_viem_encodes_them() {
    let mut world = World::new();
    let facilitator = Address::from_bytes([0x33; 20]);
    for (method, start, words) in [
        (Method::Permit2, "13cd3b53", 12),
        (Method::Upto { facilitator }, "ff11e7b4", 14),
        (Method::PermitToPayee, "30f28b7a", 12),
    ] {
        let data = method::cash(&world.claim_by(method, [0x77; 32])).data;
        let text = bare_hex(&data);
        assert!(text.starts_with(start) && text.len() == 8 + 64 * words, "{text}");
        let last = &text[text.len() - 64..];
        assert!((last.starts_with("1b") || last.starts_with("1c")) && last[2..].bytes().all(|digit| digit == b'0'));
    }
}

#[test]
fn s49_a_suspect_is_known_by_the_nonce_in_its_call() {
    let mut world = World::new();
    let entry = world.claim_by(Method::Permit2, [0x77; 32]);
    let crate::chain::abi::Call { to: proxy, data: call } = method::cash(&entry);
    let identity = |to: Address, change: fn(&mut Vec<u8>)| {
        let mut input = call.clone();
        change(&mut input);
        trace::identity(&entry, Some(to), &input)
    };
    assert_eq!(identity(proxy, |_| ()), Identity::Ours);
    // Another spelling of the same signature, such as that of ERC-2098.
    assert_eq!(identity(proxy, |input| input.truncate(input.len() - 32)), Identity::Ours);
    assert_eq!(identity(proxy, |input| input[4 + 3 * 32 - 1] ^= 1), Identity::Other);
    assert_eq!(identity(proxy, |input| input[0] ^= 1), Identity::Unclear);
    assert_eq!(identity(proxy, Vec::clear), Identity::Unclear);
    assert_eq!(identity(entry.asset(), |_| ()), Identity::Other);
    assert_eq!(identity(PERMIT2, |_| ()), Identity::Unclear);
    assert_eq!(trace::identity(&entry, None, &call), Identity::Unclear);
}
