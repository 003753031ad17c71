//! Serving before settling, up to a limit (S45).

use super::*;
use crate::ledger::{Evidence, Transaction};

/// Two matinees to a payer.
const CREDIT: &str = r#""credit": {"perPayer": "0.02"},"#;

fn buy(world: &mut World, nonce: u8) -> u16 {
    world.run(&at_office("matinee", &v2::write_payment(&payment("matinee", nonce), None))).answer().status
}

fn change(world: &mut World, place: usize, work: impl FnOnce(Entry) -> Entry) {
    world.version += 1;
    let (record, version) = world.records.values_mut().nth(place).unwrap();
    *record = work(Entry::from_record(record).unwrap()).to_record();
    *version = world.version;
}

#[test]
fn s45_above_a_limit_the_gate_settles_first() {
    let mut world = World { options: CREDIT, ..World::new() };
    assert_eq!((buy(&mut world, 1), buy(&mut world, 2)), (200, 200));
    assert_eq!(buy(&mut world, 3), 202, "settled first, and pending");
    let lent = |world: &World| {
        let entries = world.records.values().map(|(record, _)| Entry::from_record(record).unwrap());
        entries.filter(|entry| entry.facts().on_credit).count()
    };
    assert_eq!((lent(&world), world.records.len()), (2, 3));
    // On the resource the claim itself counts.
    let third = with("/films/moon", "payment-signature", header("matinee", 4));
    assert_eq!(world.run(&third).answer().status, 202);
    assert_eq!(world.handled, 0);

    let transaction = Transaction { hash: [3; 32], raw: Vec::new(), nonce: 1, sent_at: NOW };
    let place = world.records.values().position(|(record, _)| record.contains("granted")).unwrap();
    change(&mut world, place, |entry| entry.settled(transaction, NOW).unwrap());
    assert_eq!(buy(&mut world, 5), 200, "what is settled is lent no more");
    assert_eq!(buy(&mut world, 6), 202);
    assert_eq!(buy(&mut world, 1), 200, "what was granted stays so");
}

#[test]
fn s50_a_payer_whose_check_bounced_gets_no_credit() {
    let mut world = World { options: CREDIT, ..World::new() };
    assert_eq!(buy(&mut world, 1), 200);
    change(&mut world, 0, |entry| entry.failed(Evidence::Cancelled, NOW).unwrap());
    assert_eq!(buy(&mut world, 2), 202);
}

#[test]
fn s45_the_limit_holds_for_all_together_and_within_an_hour() {
    let mut world = World { options: r#""credit": {"perPayer": "1", "inAll": "0.01"},"#, ..World::new() };
    assert_eq!((buy(&mut world, 1), buy(&mut world, 2)), (200, 202));
    let mut world = World { options: r#""credit": {"perPayer": "1", "perHour": "0.01"},"#, ..World::new() };
    assert_eq!(buy(&mut world, 1), 200);
    let transaction = Transaction { hash: [3; 32], raw: Vec::new(), nonce: 1, sent_at: NOW };
    change(&mut world, 0, |entry| entry.settled(transaction, NOW).unwrap());
    assert_eq!(buy(&mut world, 2), 202, "also when it is settled by now");
}

#[test]
fn s43_a_claim_on_credit_that_is_released_frees_its_share() {
    let mut world = World { options: CREDIT, status: 500, ..World::new() };
    for _ in 0..5 {
        let request = with("/films/moon", "payment-signature", header("matinee", 1));
        assert_eq!(world.run(&request), End::Delivered(None));
    }
    assert_eq!((buy(&mut world, 2), buy(&mut world, 3), buy(&mut world, 4)), (200, 200, 202));
}

#[test]
fn s21_a_policy_that_cannot_be_kept_is_refused_at_the_start() {
    for (options, place) in [
        (r#""credit": {},"#, "credit.perPayer is missing"),
        (r#""credit": {"perPayer": 1},"#, "credit.perPayer is a string"),
        (r#""credit": {"perPayer": "0.0000001"},"#, "credit.perPayer is an amount in whole units"),
        (r#""credit": {"perPayer": "1", "perDay": "1"},"#, "credit.perDay is not an option here"),
        (r#""keep": 60, "credit": {"perPayer": "1", "perHour": "1"},"#, "keep is at least 3600 seconds"),
        (r#""when": "later","#, "when is \"before\" or \"after\""),
        (r#""operator": {"key": "short"},"#, "operator.key is a secret of at least 32 bytes"),
        (r#""operator": {"key": "0123456789abcdef0123456789abcdef", "path": "ledger"},"#, "operator.path is a path"),
    ] {
        let config = CONFIG.replacen('{', &format!("{{{options}"), 1);
        let error = Gate::from_config(&parse(&config).unwrap()).err().map(|error| error.to_string());
        assert!(error.as_ref().is_some_and(|error| error.contains(place)), "{place}: {error:?}");
    }
    let alone = CONFIG.replace("\"settles\": true", "\"when\": \"before\"");
    let error = Gate::from_config(&parse(&alone).unwrap()).err().map(|error| error.to_string());
    assert!(error.as_ref().is_some_and(|error| error.contains("settle is missing")), "{error:?}");
}
