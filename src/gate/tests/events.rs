//! What the operator's hooks are told: each way through the gate, and exactly its events.

use super::*;
use crate::ledger::tests::{entry, ticket as issued};
use crate::ledger::{Evidence, Grant, Transaction};

/// A gate whose every event is heard.
fn loud() -> Gate {
    loud_with(EventKind::ALL.map(EventKind::hook).as_slice())
}

fn loud_with(hooks: &[&str]) -> Gate {
    loud_as(hooks, CONFIG)
}

fn loud_as(hooks: &[&str], config: &str) -> Gate {
    let hooks = hooks.iter().map(|name| Value::from(*name)).collect::<Vec<_>>();
    let config = config.replacen('{', &format!("{{\"hooks\": {},", Value::from(hooks)), 1);
    Gate::from_config(&parse(&config).unwrap()).unwrap()
}

impl World {
    /// The events of a request, as their hooks' names, each with its code or `again`.
    fn heard(&mut self, request: &Request) -> Vec<String> {
        self.heard_at(&loud(), request, |_| {})
    }

    /// The same at another gate, while `meanwhile` happens whenever the request waits.
    fn heard_at(&mut self, gate: &Gate, request: &Request, mut meanwhile: impl FnMut(&mut Self)) -> Vec<String> {
        self.told.clear();
        let mut step = gate.begin(request, self.now);
        loop {
            step = match step {
                Step::Tell(event, next) => {
                    self.told.push(event);
                    *next
                }
                Step::Need(effect, flow) => {
                    if matches!(effect, Effect::Sleep { .. }) {
                        meanwhile(self);
                    }
                    let outcome = self.carry_out(effect, request);
                    flow.resume(gate, outcome, self.now)
                }
                Step::Respond(_) | Step::Admit(_) | Step::Deliver { .. } | Step::Inquire(_) | Step::File(_) => break,
            };
        }
        self.told.iter().map(summary).collect()
    }

    fn change(&mut self, work: impl FnOnce(Entry) -> Entry) {
        let (record, version) = self.records.values_mut().next().unwrap();
        *record = work(Entry::from_record(record).unwrap()).to_record();
        *version += 1;
    }
}

fn summary(event: &Event) -> String {
    let code = event.facts.get("code").and_then(Value::as_str).unwrap_or_default();
    let again = if event.facts.get("again").is_some() { "again" } else { "" };
    format!("{} {code}{again}", event.kind.hook()).trim_end().into()
}

fn paying(scope: &str, nonce: u8) -> Request {
    with("/films/moon", "payment-signature", header(scope, nonce))
}

fn body(nonce: u8) -> Value {
    v2::write_payment(&payment("matinee", nonce), None)
}

#[test]
fn each_way_through_the_gate_tells_exactly_its_events() {
    let mut world = World::new();
    let ticket = World::new().run(&at_office("matinee", &body(1))).ticket();
    let office_without_scope = Request { body: body(9).to_string(), ..request("POST", "/token") };
    let mut expired = payment("matinee", 1);
    expired.authorization.transfer_mut().valid_before = NOW;
    let expired = v2::write_payment(&expired, None);
    let mut head = paying("matinee", 7);
    head.method = "HEAD";
    let mut twice = paying("matinee", 7);
    twice.headers.push(("x-payment", "e30=".into()));
    for (request, events) in [
        // Nothing is sold here.
        (request("GET", "/"), &[][..]),
        (request("GET", "/nowhere"), &[]),
        (request("OPTIONS", "/films/moon"), &[]),
        (request("GET", "/token"), &[]),
        // The ticket check.
        (request("GET", "/films/moon"), &["onChallenge payment_required"]),
        (with("/films/moon", "authorization", "Bearer a.b.c"), &["onChallenge ticket_malformed"]),
        (with("/films/premiere", "authorization", format!("Bearer {ticket}")), &["onChallenge ticket_scope"]),
        (with("/films/moon", "authorization", format!("Bearer {ticket}")), &["onAdmitted"]),
        (head, &["onChallenge payment_required"]),
        // The office.
        (at_office("matinee", &body(1)), &["onVerified", "onTicket"]),
        (at_office("matinee", &body(1)), &["onVerified", "onTicket again"]),
        (at_office("matinee", &mock::write_permit(&payment("matinee", 2))), &["onVerified", "onTicket"]),
        (at_office("matinee", &expired), &["onRefused invalid_exact_evm_payload_authorization_valid_before"]),
        (at_office("nothing", &body(3)), &["onRefused unknown_scope"]),
        (office_without_scope, &["onRefused unknown_scope"]),
        (Request { body: "{".into(), ..request("POST", "/token") }, &["onRefused invalid_json"]),
        (Request { body: " ".repeat(20_000), ..request("POST", "/token") }, &["onRefused payment_too_large"]),
        // A payment on the resource.
        (paying("matinee", 3), &["onVerified", "onTicket"]),
        (paying("matinee", 3), &["onVerified", "onTicket again"]),
        (twice, &["onRefused ambiguous_payment"]),
        (with("/films/moon", "payment-signature", "e30="), &["onRefused invalid_payload"]),
        (
            with("/films/premiere", "payment-signature", header("matinee", 4)),
            &["onRefused no_matching_payment_requirements"],
        ),
        // The same authorization for something else.
        (
            Request { method: "POST", ..with("/reviews", "payment-signature", header("matinee", 1)) },
            &["onVerified", "onRefused payment_used_elsewhere"],
        ),
    ] {
        assert_eq!(world.heard(&request), events, "{} {} {:?}", request.method, request.url, request.headers);
    }
}

#[test]
fn s43_a_handler_that_fails_releases_and_a_used_payment_is_refused() {
    let mut world = World { status: 500, ..World::new() };
    assert_eq!(world.heard(&paying("matinee", 1)), ["onVerified", "onReleased"]);
    world.status = 200;
    assert_eq!(world.heard(&paying("matinee", 1)), ["onVerified", "onTicket"]);
    world.records.values_mut().for_each(|(record, _)| {
        let old = format!("\"expiresAt\":{}", NOW + 600);
        assert!(record.contains(&old), "{record}");
        *record = record.replace(&old, &format!("\"expiresAt\":{NOW}"));
    });
    assert_eq!(world.heard(&paying("matinee", 1)), ["onVerified", "onRefused payment_already_used"]);
}

#[test]
fn s21_a_silent_store_is_told_as_such_and_no_ticket_is() {
    let mut world = World { loses_answers: true, ..World::new() };
    let request = at_office("matinee", &body(1));
    assert_eq!(world.heard(&request), ["onVerified", "onRefused ledger_unreachable"]);
    // It was written nevertheless.
    world.loses_answers = false;
    assert_eq!(world.heard(&request), ["onVerified", "onTicket again"]);
}

#[test]
fn s40_a_payment_that_waits_for_a_lease_is_verified_once() {
    let mut world = World::new();
    let request = paying("matinee", 1);
    let step = world.begin(&request);
    drop(world.advance(step, &request));
    assert_eq!(world.heard(&request), ["onVerified", "onTicket"]);
    assert!(world.slept >= 30);
}

#[test]
fn s39_a_payment_that_comes_to_the_ledger_twice_is_verified_once() {
    let Step::Tell(event, step) = loud().begin(&paying("matinee", 1), NOW) else { panic!("nothing is told") };
    assert_eq!(summary(&event), "onVerified");
    // Somebody else claimed it, and released it before it was read.
    let Step::Need(_, flow) = *step else { panic!("not written") };
    let Step::Need(_, flow) = flow.resume(&loud(), Outcome::Ledger(LedgerOutcome::Moved), NOW) else {
        panic!("not read")
    };
    let step = flow.resume(&loud(), Outcome::Ledger(LedgerOutcome::Found(None)), NOW);
    assert!(matches!(step, Step::Need(Effect::Ledger(LedgerOp::Write { .. }), _)), "{step:?}");
}

#[test]
fn s40_what_settles_first_tells_its_ticket_when_the_money_is_there() {
    let gate = loud_as(&EventKind::ALL.map(EventKind::hook), &CONFIG.replacen('{', r#"{"when": "before","#, 1));
    let mut world = World::new();
    let request = at_office("matinee", &body(1));
    let settled = |world: &mut World| world.change(|entry| entry.settled(transaction(), NOW).unwrap());
    let mut work = Some(settled);
    let heard = world.heard_at(&gate, &request, |world| work.take().into_iter().for_each(|work| work(world)));
    assert_eq!(heard, ["onVerified", "onTicket"]);
    assert_eq!(world.heard_at(&gate, &request, |_| {}), ["onVerified", "onTicket again"]);
    // The grant on the settled record tells of no second settlement.
    assert_eq!(Event::of_move(State::Settled, &world.only_entry()), None);
}

#[test]
fn s50_a_ticket_that_is_looked_up_tells_what_was_found() {
    let scope = r#""ticket": {"ttl": 600, "scope": "matinee"}"#;
    let revocable = CONFIG.replace(scope, r#""ticket": {"ttl": 600, "scope": "matinee", "revocable": true}"#);
    assert_ne!(revocable, CONFIG);
    let gate = loud_as(&EventKind::ALL.map(EventKind::hook), &revocable);
    let mut world = World::new();
    let ticket = world.run(&at_office("matinee", &body(1))).ticket();
    let visit = with("/films/moon", "authorization", format!("Bearer {ticket}"));
    assert_eq!(world.heard_at(&gate, &visit, |_| {}), ["onAdmitted"]);
    assert!(world.told[0].facts.get("payer").is_some());
    world.change(|entry| entry.failed(Evidence::Expired, NOW).unwrap());
    assert_eq!(world.heard_at(&gate, &visit, |_| {}), ["onChallenge ticket_revoked"]);
    world.loses_answers = true;
    world.operations = 0;
    assert_eq!(world.heard_at(&gate, &visit, |_| {}), ["onRefused ledger_unreachable"]);
}

#[test]
fn what_nobody_listens_to_is_not_made() {
    let gate = loud_with(&["onTicket"]);
    assert!(matches!(gate.begin(&request("GET", "/films/moon"), NOW), Step::Respond(_)));
    assert!(matches!(gate.begin(&paying("matinee", 1), NOW), Step::Need(..)));
}

#[test]
fn a_hook_that_there_is_not_is_an_error_of_the_configuration() {
    for (given, said) in [("[\"onTickets\"]", "onTickets"), ("[\"onTicket: string\"]", "no function"), ("{}", "array")]
    {
        let config = CONFIG.replacen('{', &format!("{{\"hooks\": {given},"), 1);
        let error = Gate::from_config(&parse(&config).unwrap()).err().map(|error| error.to_string());
        assert!(error.as_ref().is_some_and(|error| error.contains(said)), "{given}: {error:?}");
    }
}

#[test]
fn s28_events_hold_the_facts_of_a_payment_and_nothing_that_spends_or_opens() {
    let mut world = World::new();
    world.heard(&paying("matinee", 1));
    let facts = world.told[1].facts.to_string();
    let jti = world.only_entry().key().to_string();
    for known in [
        "\"route\":\"GET /films/:id\"",
        "\"scope\":\"matinee\"",
        "\"network\":\"eip155:84532\"",
        "\"amount\":\"10000\"",
        &payment("matinee", 1).authorization.payer().to_string(),
        &jti,
    ] {
        assert!(facts.contains(known), "{known} is not in {facts}");
    }
    let entry = world.only_entry();
    let settled = entry.clone().settled(transaction(), NOW).unwrap();
    world.told.extend(Event::of_move(State::Granted, &settled));
    let all = format!("{:?}", world.told);
    assert!(all.contains(&jti));
    for secret in [entry.grant().unwrap().ticket.text.as_str(), &payment("matinee", 1).signature.to_hex()[2..], "f86c"]
    {
        assert!(!all.contains(secret), "{secret}");
    }
}

fn transaction() -> Transaction {
    Transaction { hash: [3; 32], raw: Vec::from([0xf8, 0x6c]), nonce: 0, sent_at: NOW }
}

#[test]
fn s47_each_final_state_is_told_and_an_outcome_is_lost_once() {
    let granted = entry().granted(Grant { at: NOW, ticket: issued() }, Some(NOW)).unwrap();
    let settling = granted.clone().settling(transaction(), NOW).unwrap();
    let unknown = settling.clone().unknown(NOW).unwrap();
    let settled = settling.clone().settled(transaction(), NOW).unwrap();
    let failed = granted.clone().failed(Evidence::Expired, NOW).unwrap();
    for (before, entry, told) in [
        (State::Claimed, &granted, None),
        (State::Granted, &settling, None),
        (State::Settling, &unknown, Some(EventKind::Unknown)),
        (State::Unknown, &unknown, None),
        (State::Unknown, &settling, None),
        (State::Unknown, &settled, Some(EventKind::Settled)),
        (State::Settling, &settled, Some(EventKind::Settled)),
        (State::Granted, &failed, Some(EventKind::SettleFailed)),
    ] {
        let event = Event::of_move(before, entry);
        assert_eq!(event.as_ref().map(|event| event.kind), told, "{before:?} {:?}", entry.state());
        let jti = event.as_ref().and_then(|event| event.facts.get("jti")).and_then(Value::as_str).map(Into::into);
        assert_eq!(jti, told.map(|_| entry.key().to_string()));
    }
}
