//! The ledger held against the chain.

use super::chain::payment;
use super::world::World;
use crate::address::Address;
use crate::encoding::hex;
use crate::http::HttpAnswer;
use crate::json::Value;
use crate::ledger::tests::{NOW, ticket};
use crate::ledger::{Entry, Grant, LedgerOutcome, State, Stored};
use crate::protocol::Method;
use crate::settle::{Finding, Payee, ReconcileOutcome, ReconcileStep, Reconciliation, SettleOutcome};
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;

const PAGE: usize = 2;

fn payee(world: &World) -> Payee {
    let asset = &world.chain.asset;
    Payee { network: asset.network, asset: asset.address, account: Address::from_bytes([0x22; 20]) }
}

fn reconcile(world: &mut World, blocks: u64) -> Result<Value, Finding> {
    let mut step = Reconciliation::begin(payee(world), blocks, &world.relayer);
    loop {
        let (outcome, then) = match step {
            ReconcileStep::Done(report) => return Ok(report),
            ReconcileStep::Failed(finding) => return Err(finding),
            ReconcileStep::Http(request, then) => {
                let body = world.chain.answer(&request.body.unwrap());
                let answer = HttpAnswer { status: 200, body, retry_after: None };
                (ReconcileOutcome::Http(SettleOutcome::Http(Ok(answer))), then)
            }
            ReconcileStep::Read(key, then) => {
                (ReconcileOutcome::Found(LedgerOutcome::Found(world.ledger.get(&key).cloned())), then)
            }
            ReconcileStep::Page(after, then) => {
                let behind = world.ledger.iter().filter(|(key, _)| key.to_string() > after).take(PAGE);
                let rows: Vec<_> = behind.map(|(key, stored)| (key.to_string(), stored.entry.clone())).collect();
                let last = rows.last().map(|(key, _)| key.clone());
                (ReconcileOutcome::Page(rows.into_iter().map(|(_, entry)| entry).collect(), last), then)
            }
        };
        step = then.resume(outcome, &world.relayer);
    }
}

fn differences(report: &Value) -> Vec<String> {
    let all = report.get("differences").unwrap().elements().unwrap().iter();
    all.map(|difference| difference.get("difference").unwrap().as_str().unwrap().to_string()).collect()
}

fn number(report: &Value, name: &str) -> u64 {
    report.get(name).unwrap().as_u64().unwrap()
}

/// Five cashed checks.
fn cashed() -> World {
    let mut world = World::new();
    let keys: Vec<_> = (1..=5).map(|nonce| world.grant([nonce; 32])).collect();
    for key in &keys {
        world.look(*key);
    }
    world.chain.mine(world.now + 1);
    for key in keys {
        assert_eq!(world.look(key), Finding::Settled);
    }
    world
}

#[test]
fn a_ledger_and_a_chain_that_agree_differ_in_nothing() {
    let mut world = cashed();
    let report = reconcile(&mut world, 10_000).unwrap();
    assert_eq!(differences(&report), Vec::<String>::new());
    assert_eq!((number(&report, "payments"), number(&report, "records")), (5, 5));
    // What lies before the window is proved by its own receipt.
    world.chain.mine_empty(30);
    let report = reconcile(&mut world, 10).unwrap();
    assert_eq!((differences(&report), number(&report, "payments")), (vec![], 0));
}

#[test]
fn s51_whatever_one_side_does_not_know_is_told() {
    let mut world = cashed();
    // Forgotten by the ledger.
    let lost = *world.ledger.keys().next().unwrap();
    let forgotten = world.ledger.remove(&lost).unwrap();
    let report = reconcile(&mut world, 10_000).unwrap();
    assert_eq!(differences(&report), ["unknown_to_ledger"]);
    let difference = &report.get("differences").unwrap().elements().unwrap()[0];
    assert_eq!(difference.get("jti").unwrap().as_str().unwrap(), lost.to_string());
    world.ledger.insert(lost, forgotten);

    // Cashed by somebody else, and not looked at yet.
    let open = world.grant([9; 32]);
    let events = payment(world.entry(open).authorization());
    world.chain.mine_foreign(NOW + 50, events);
    assert_eq!(differences(&reconcile(&mut world, 10_000).unwrap()), ["not_settled_in_ledger"]);
    world.look(open);
    assert_eq!(world.entry(open).state(), State::Settled);
    assert_eq!(differences(&reconcile(&mut world, 10_000).unwrap()), Vec::<String>::new());

    // Called settled by a transaction that is on no chain.
    let mut stored = world.ledger[&open].clone();
    let record = stored.entry.to_record();
    let hash = hex(&stored.entry.transaction().unwrap().hash);
    stored.entry = Entry::from_record(&record.replace(&hash, &hex(&[7; 32]))).unwrap();
    world.ledger.insert(open, stored);
    assert_eq!(differences(&reconcile(&mut world, 10_000).unwrap()), ["other_transaction"]);
}

#[test]
fn s48_a_record_is_not_proved_by_the_transfer_of_another() {
    let mut world = cashed();
    // Settled, it says, in a transaction that paid as much of the same payer's money for another check.
    let stored = world.ledger.values().next().unwrap().clone();
    let (nonce, key) = (hex(stored.entry.authorization().nonce()), hex(stored.entry.key().as_bytes()));
    let record = stored.entry.to_record().replace(&nonce, &hex(&[0x99; 32])).replace(&key, &hex(&[0x98; 32]));
    let entry = Entry::from_record(&record).unwrap();
    world.ledger.insert(entry.key(), Stored { entry, version: 1 });
    assert_eq!(differences(&reconcile(&mut world, 10_000).unwrap()), ["not_on_chain"]);
}

#[test]
fn a_permit_is_found_by_the_call_that_cashed_it() {
    let upto = |world: &World| Method::Upto { facilitator: world.relayer() };
    for method in [&(|_: &World| Method::Permit2) as &dyn Fn(&World) -> Method, &upto] {
        let mut world = cashed();
        let claim = world.claim_by(method(&world), [0x77; 32]);
        let key = world.put(claim.granted(Grant { at: NOW, ticket: ticket() }, Some(NOW)).unwrap());
        world.look(key);
        world.chain.mine(world.now + 1);
        // On the chain, and not looked at yet.
        assert_eq!(differences(&reconcile(&mut world, 10_000).unwrap()), ["not_settled_in_ledger"]);
        assert_eq!(world.look(key), Finding::Settled);
        let report = reconcile(&mut world, 10_000).unwrap();
        assert_eq!((differences(&report), number(&report, "payments")), (vec![], 6));

        world.ledger.remove(&key);
        let report = reconcile(&mut world, 10_000).unwrap();
        assert_eq!(differences(&report), ["unknown_to_ledger"]);
        let difference = &report.get("differences").unwrap().elements().unwrap()[0];
        assert_eq!(difference.text("jti"), Some(&*key.to_string()));
    }
}

#[test]
fn a_plain_transfer_to_the_payee_is_no_payment_of_the_gates() {
    let mut world = cashed();
    let entry = world.claim([8; 32]);
    let transfer = payment(entry.authorization()).split_off(1);
    world.chain.mine_foreign(NOW + 50, transfer);
    let report = reconcile(&mut world, 10_000).unwrap();
    assert_eq!((differences(&report), number(&report, "payments")), (vec![], 5));
}

#[test]
fn s51_a_node_of_another_chain_is_not_believed() {
    let mut world = cashed();
    world.chain.id += 1;
    assert_eq!(reconcile(&mut world, 10_000).unwrap_err(), Finding::WrongChain);
}
