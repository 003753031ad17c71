//! Signing in where money is lent, moves first, or bounces.

use super::extensions::proof;
use super::*;
use crate::ledger::Transaction;

const ON_CREDIT: &str = r#""credit": {"perPayer": "0.02"}, "seed": "0123456789abcdef01234567",
    "signIn": {"origin": "https://cinema.example"},"#;
const FIRST: &str = r#""when": "before", "seed": "0123456789abcdef01234567",
    "signIn": {"origin": "https://cinema.example"},"#;

fn buying(nonce: u8) -> Request {
    at_office("matinee", &v2::write_payment(&payment("matinee", nonce), None))
}

/// The ticket that a sign-in gives back, or the code of its refusal.
fn signed_in(world: &mut World) -> Result<String, String> {
    // Another second, another invitation.
    world.now += 1;
    let request = proof(world, "/films/moon", 0x46);
    match world.run(&request) {
        End::Admitted(admission) => Ok(v2::read_receipt(&admission.receipt.unwrap().1).unwrap().ticket.unwrap().text),
        end => Err(end.code().1),
    }
}

impl World {
    /// What a settler writes.
    fn change_only_entry(&mut self, work: impl FnOnce(Entry) -> Entry) {
        let entry = work(self.only_entry());
        self.version += 1;
        self.records.insert(entry.key(), (entry.to_record(), self.version));
    }
}

#[test]
fn s45_who_signs_in_borrows_nothing() {
    let mut world = World { options: ON_CREDIT, ..World::new() };
    let first = world.run(&buying(1)).ticket();
    assert_eq!(signed_in(&mut world), Ok(first.clone()));
    assert_eq!(signed_in(&mut world), Ok(first));
    let second = world.run(&buying(2)).ticket();
    assert_eq!(signed_in(&mut world), Ok(second.clone()));
    // Notes and proofs lie beside the payments, and take nothing of the credit for two.
    assert_eq!((world.entries().count(), world.records.len()), (2, 6));
    assert_eq!(world.run(&buying(3)).code(), (202, "settlement_pending".into()));
    assert_eq!(signed_in(&mut world), Ok(second), "what is not paid yet opens nothing, and hides nothing");
}

#[test]
fn s40_where_the_money_comes_first_a_sign_in_does_too() {
    let mut world = World { options: FIRST, ..World::new() };
    assert_eq!(world.run(&buying(1)).code(), (202, "settlement_pending".into()));
    assert_eq!(signed_in(&mut world), Err("sign_in_without_payment".into()));
    let transaction = Transaction { hash: [3; 32], raw: Vec::new(), nonce: 1, sent_at: NOW };
    world.change_only_entry(|entry| entry.settled(transaction, NOW).unwrap());
    assert_eq!(signed_in(&mut world), Err("sign_in_without_payment".into()), "its ticket is not fixed yet");
    let ticket = world.run(&buying(1)).ticket();
    assert_eq!(signed_in(&mut world), Ok(ticket));
}

#[test]
fn s47_s50_a_sign_in_opens_nothing_while_its_check_would_revert() {
    let mut world = World { options: ON_CREDIT, ..World::new() };
    let ticket = world.run(&buying(1)).ticket();
    for doubt in ["simulation_reverts", "transaction_reverted"] {
        world.change_only_entry(|entry| entry.noted(doubt));
        assert_eq!(signed_in(&mut world), Err("sign_in_without_payment".into()), "{doubt}");
    }
    world.change_only_entry(|entry| entry.noted("sent"));
    assert_eq!(signed_in(&mut world), Ok(ticket));
}
