//! Routes that settle before they serve, and tickets that can be withdrawn.

use super::*;
use crate::ledger::{Evidence, Transaction};

const BEFORE: &str = r#""when": "before","#;

fn transaction() -> Transaction {
    Transaction { hash: [3; 32], raw: Vec::new(), nonce: 1, sent_at: NOW }
}

impl World {
    fn settling_first() -> Self {
        Self { options: BEFORE, ..Self::new() }
    }

    /// The settler's work on the only record.
    fn settler(&mut self, work: impl FnOnce(Entry) -> Entry) {
        let (record, version) = self.records.values_mut().next().unwrap();
        *record = work(Entry::from_record(record).unwrap()).to_record();
        self.version += 1;
        *version = self.version;
    }
}

fn settled(entry: Entry) -> Entry {
    entry.settled(transaction(), NOW).unwrap().noted("settled")
}

fn on_resource() -> Request {
    with("/films/moon", "payment-signature", header("matinee", 1))
}

fn bought() -> Request {
    at_office("matinee", &v2::write_payment(&payment("matinee", 1), None))
}

/// Until the request waits for the settler.
fn until_it_waits(world: &mut World, request: &Request) -> Step {
    let mut step = world.begin(request);
    loop {
        if matches!(step, Step::Need(Effect::Sleep { .. }, _)) {
            return step;
        }
        step = world.advance(step, request).unwrap_err();
    }
}

fn finish(world: &mut World, mut step: Step, request: &Request) -> End {
    loop {
        match world.advance(step, request) {
            Ok(end) => return end,
            Err(next) => step = next,
        }
    }
}

#[test]
fn s40_a_route_that_settles_first_serves_when_the_money_is_there() {
    let mut world = World::settling_first();
    let request = on_resource();
    let waiting = until_it_waits(&mut world, &request);
    assert_eq!(world.only_entry().due_at(), Some(NOW), "the settler is called at once");
    assert_eq!((world.only_entry().grant(), world.handled), (None, 0));
    world.settler(settled);
    let End::Admitted(admission) = finish(&mut world, waiting, &request) else { panic!("not admitted") };
    let receipt = v2::read_receipt(&admission.receipt.unwrap().1).unwrap();
    assert_eq!(receipt.transaction, Some([3; 32]), "the receipt names the transfer");
    let ticket = receipt.ticket.unwrap().text;
    assert_eq!(world.run(&bought()).ticket(), ticket, "and the office knows it");
    assert!(matches!(world.run(&with("/films/b", "authorization", format!("Bearer {ticket}"))), End::Admitted(_)));
}

#[test]
fn s46_a_settlement_that_takes_long_is_pending_and_no_second_signature_is_asked_for() {
    let mut world = World::settling_first();
    for request in [on_resource(), bought()] {
        let response = world.run(&request).answer();
        assert_eq!(response.status, 202);
        assert!(response.body.contains("settlement_pending"));
        assert!(response.headers.iter().any(|(name, _)| *name == "Retry-After"));
        assert!(response.headers.iter().all(|(name, _)| *name != "PAYMENT-REQUIRED"));
    }
    world.settler(settled);
    let ticket = world.run(&bought()).ticket();
    assert_eq!(world.run(&bought()).ticket(), ticket);
    assert_eq!(world.records.len(), 1);
}

#[test]
fn s43_an_empty_account_is_told_at_once_and_its_payment_stays_unused() {
    let mut world = World::settling_first();
    for request in [on_resource(), bought()] {
        let waiting = until_it_waits(&mut world, &request);
        world.settler(|entry| entry.postponed(NOW + 1).noted("simulation_reverts"));
        let end = finish(&mut world, waiting, &request);
        assert_eq!(end.code(), (402, "transfer_would_revert".into()));
        assert!(world.records.is_empty());
    }
    let waiting = until_it_waits(&mut world, &bought());
    world.settler(settled);
    finish(&mut world, waiting, &bought()).ticket();
}

#[test]
fn s40_a_settlement_that_fails_grants_nothing() {
    let mut world = World::settling_first();
    let waiting = until_it_waits(&mut world, &bought());
    world.settler(|entry| entry.failed(Evidence::Cancelled, NOW).unwrap());
    assert_eq!(finish(&mut world, waiting, &bought()).code(), (402, "payment_failed".into()));
    assert_eq!(world.only_entry().grant(), None);
}

#[test]
fn s39_of_many_at_once_on_a_route_that_settles_first_each_gets_the_same_ticket() {
    for seed in 0..20_u64 {
        let mut world = World::settling_first();
        let request = bought();
        let mut waiting: Vec<Step> = (0..20).map(|_| world.begin(&request)).collect();
        let mut tickets = Vec::new();
        let mut random = seed;
        for turn in 0.. {
            if turn == 60 {
                world.settler(settled);
            }
            if waiting.is_empty() {
                break;
            }
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let step = waiting.swap_remove(usize::try_from(random >> 33).unwrap() % waiting.len());
            match world.advance(step, &request) {
                Ok(end) => tickets.push(end.ticket()),
                Err(next) => waiting.push(next),
            }
        }
        tickets.dedup();
        assert_eq!((tickets.len(), world.records.len()), (1, 1), "seed {seed}");
    }
}

#[test]
fn s36_s50_a_ticket_whose_payment_bounced_opens_nothing_where_that_is_asked_for() {
    let revocable = r#""ticket": {"ttl": 600, "scope": "matinee", "revocable": true}"#;
    let config = CONFIG.replace(r#""ticket": {"ttl": 600, "scope": "matinee"}"#, revocable);
    let options = config.trim_start().trim_start_matches('{').trim_end().trim_end_matches('}');
    let gate = || Gate::from_config(&parse(&format!("{{{options}}}")).unwrap()).unwrap();
    let ask = |world: &mut World, ticket: &str| {
        let request = with("/films/moon", "authorization", format!("Bearer {ticket}"));
        match gate().begin(&request, NOW) {
            Step::Need(effect, flow) => {
                let outcome = world.carry_out(effect, &request);
                flow.resume(&gate(), outcome, NOW)
            }
            other => other,
        }
    };
    let mut world = World::new();
    let ticket = world.run(&bought()).ticket();
    assert!(matches!(ask(&mut world, &ticket), Step::Admit(_)));
    // A revert withdraws it while it lasts (S47), evidence for good.
    world.settler(|entry| entry.settling(transaction(), NOW).unwrap().noted("transaction_reverted"));
    let withdrawn = |step: Step| matches!(step, Step::Respond(answer) if answer.status == 402 && answer.body.contains("ticket_revoked"));
    assert!(withdrawn(ask(&mut world, &ticket)));
    world.settler(|entry| entry.noted("sent"));
    assert!(matches!(ask(&mut world, &ticket), Step::Admit(_)));
    world.settler(|entry| entry.failed(Evidence::Expired, NOW).unwrap());
    assert!(withdrawn(ask(&mut world, &ticket)));
    world.records.clear();
    assert!(withdrawn(ask(&mut world, &ticket)), "unknown to the ledger");
    world.loses_answers = true;
    world.operations = 0;
    let silent = ask(&mut world, &ticket);
    assert!(matches!(silent, Step::Respond(answer) if answer.status == 503));
    // x402-mock's format names no payment, so such a route sells the other one to its clients.
    let request = at_office("matinee", &mock::write_permit(&payment("matinee", 2)));
    let mut step = gate().begin(&request, NOW);
    let mut world = World::new();
    let sold = loop {
        match step {
            Step::Need(effect, flow) => {
                let outcome = world.carry_out(effect, &request);
                step = flow.resume(&gate(), outcome, NOW);
            }
            other => break other,
        }
    };
    let Step::Respond(answer) = sold else { panic!("not sold") };
    assert_eq!(parse(&answer.body).unwrap().get("access_token").unwrap().as_str().unwrap().matches('.').count(), 2);
}
