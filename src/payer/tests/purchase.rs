//! One purchase and what comes after it: tickets, lines, lost answers, restarts.

use super::gate::{Gate, ORIGIN, own};
use super::world::{End, Fault, World, get, signs};
use crate::payer::{Notice, Outcome, Send, Step};
use crate::protocol::Dialect;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString as _;
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";
const OTHER_FILM: &str = "https://cinema.example/films/2";
const PREMIERE: &str = "https://cinema.example/premiere/1";

#[test]
fn a_film_is_bought_once_and_watched_twice_in_both_dialects() {
    for dialect in [Dialect::V2, Dialect::Mock] {
        let mut world = World::new(Gate::new(dialect));
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!(world.sent.len(), 3);
        assert!(
            matches!(&world.sent[1], Send::Office { url, .. } if url == "https://cinema.example/token?path=/films/1")
        );
        assert!(matches!(&world.notices[..], [Notice::Payment(_), Notice::Ticket(_)]));
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!(world.sent.len(), 4, "the ticket goes with the first request to a known path");
        assert_eq!((world.gate.cashed.len(), world.signatures), (1, 1));
        assert_eq!(world.spent_today(), "0.01");
    }
}

#[test]
fn a_ticket_of_the_same_scope_opens_another_path_without_a_signature() {
    let mut world = World::new(Gate::new(Dialect::V2));
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.get(OTHER_FILM).status(), 200);
    assert_eq!(world.signatures, 1);
    assert_eq!(world.get(PREMIERE).status(), 200);
    assert_eq!(world.signatures, 2, "another scope is another purchase");
}

#[test]
fn a_payment_goes_to_the_resource_where_no_office_is() {
    let mut world = World::new(Gate::without_office());
    assert_eq!(world.get(FILM).status(), 200);
    assert!(matches!(&world.sent[1], Send::Payment { url: None, .. }));
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.signatures, 2);
}

#[test]
fn a_ticket_in_a_receipt_is_kept() {
    let mut world = World::new(Gate { ticket_in_receipt: true, ..Gate::without_office() });
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.signatures, 1);
}

#[test]
fn whatever_is_no_402_passes_untouched() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let mut paid = get(FILM);
    paid.paid = true;
    assert_eq!(world.fetch(paid).status(), 402, "somebody else's payment is somebody else's business");
    let mut running = world.begin(get(FILM));
    let mut foreign = world.gate.turn_away(FILM, "x");
    foreign.challenge = None;
    foreign.body = Some("<h1>Subscribe!</h1>".to_string());
    assert_eq!(running.resume_with(&mut world, Outcome::Response(Box::new(foreign))), &Step::Done);
    assert_eq!(world.signatures, 0);
}

#[test]
fn an_expired_ticket_is_renewed_and_a_refused_one_once() {
    let mut world = World::new(Gate::new(Dialect::V2));
    assert_eq!(world.get(FILM).status(), 200);
    world.now += 900;
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.signatures, 2);
    world.gate.revoked = true;
    assert_eq!(world.get(FILM).code(), "payment_not_honoured");
    assert_eq!(world.signatures, 3);
    assert_eq!(world.get(FILM).code(), "payment_not_honoured");
    assert_eq!(world.signatures, 3, "S63: the payment that bought nothing is shown again, not repeated");
}

#[test]
fn s63_a_hundred_at_once_share_one_payment() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let requests = (0..100).map(|n| get(&format!("{ORIGIN}/films/{n}"))).collect();
    let mut turn = 0_usize;
    let ends = world.fetch_all(requests, |runnable| {
        turn += 1;
        turn * 7919 % runnable
    });
    assert!(ends.iter().all(|end| end.status() == 200));
    assert_eq!((world.signatures, world.gate.cashed.len()), (1, 1));
}

#[test]
fn s63_a_lost_answer_is_asked_for_again_with_the_same_payment() {
    for gate in [Gate::new(Dialect::V2), Gate::new(Dialect::Mock), Gate::without_office()] {
        let mut world = World::new(gate);
        world.faults =
            [Fault::LostAnswer, Fault::LostRequest, Fault::Status(503), Fault::Status(429), Fault::Twice].into();
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!(world.slept, [250, 500, 1000, 2000]);
        assert_eq!((world.signatures, world.gate.cashed.len()), (1, 1));
        assert_eq!(world.spent_today(), "0.01");
    }
}

#[test]
fn s63_an_unknown_outcome_is_taken_up_by_the_next_request() {
    for gate in [Gate::new(Dialect::V2), Gate::new(Dialect::Mock), Gate::without_office()] {
        let mut world = World::new(gate);
        world.faults = [Fault::LostAnswer; 6].into();
        assert_eq!(world.get(FILM).code(), "payment_outcome_unknown");
        assert_eq!(world.payments_sent(), 6);
        world.crash();
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!((world.signatures, world.gate.cashed.len()), (1, 1));
    }
}

#[test]
fn s63_a_new_signature_comes_only_after_the_old_one_has_expired() {
    let mut world = World::new(Gate::without_office());
    world.faults = [Fault::LostRequest; 12].into();
    assert_eq!(world.get(FILM).code(), "payment_outcome_unknown");
    world.now = NOW_EXPIRES - 1;
    assert_eq!(world.get(FILM).code(), "payment_outcome_unknown");
    assert_eq!(world.signatures, 1);
    world.now = NOW_EXPIRES;
    world.faults.clear();
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.signatures, 2);
    assert_eq!(world.spent_today(), "0.02", "S62: without evidence it counts as spent");
}

const NOW_EXPIRES: u64 = super::NOW + 300;

#[test]
fn an_office_that_needs_a_while_is_asked_again() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.faults = [Fault::Status(202), Fault::Status(202)].into();
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.signatures, world.slept.len()), (1, 2));
}

#[test]
fn s63_a_refused_payment_is_an_error_with_the_offices_code_and_stays_spent() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.gate.accepts = Vec::from([own(10_000)]);
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Send(Send::Office { .. })) {
        assert_eq!(world.step(&mut running), None);
    }
    world.gate.accepts = Vec::from([own(20_000)]);
    assert_eq!(world.step(&mut running), None);
    let Step::Fail { error, .. } = running.next_step() else { panic!("{:?}", running.next_step()) };
    assert_eq!(error.code(), "payment_refused");
    assert!(error.to_string().contains("no_matching_payment_requirements"));
    assert_eq!(world.spent_today(), "0.01");
}

#[test]
fn s63_a_second_402_after_paying_is_an_error() {
    let mut world = World::new(Gate::without_office());
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Send(Send::Payment { .. })) {
        assert_eq!(world.step(&mut running), None);
    }
    let again = world.gate.turn_away(FILM, "payment_invalid");
    let Step::Fail { error, .. } = running.resume_with(&mut world, Outcome::Response(Box::new(again))) else {
        panic!()
    };
    assert_eq!(error.code(), "payment_not_honoured");
    assert!(error.to_string().contains("payment_invalid"));
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.signatures, 1, "the same payment goes first the next time");
}

#[test]
fn s62_a_crash_at_any_step_never_forgets_what_was_spent() {
    for dialect in [Dialect::V2, Dialect::Mock] {
        for steps in 0..12 {
            let mut world = World::new(Gate::new(dialect));
            let mut running = world.begin(get(FILM));
            let _done = (0..steps).any(|_| world.step(&mut running).is_some());
            world.crash();
            let counted = world.spent_today() == "0.01";
            assert!(counted || world.signatures == 0, "signed and forgotten after {steps} steps");
            assert_eq!(world.get(FILM).status(), 200);
            assert_eq!(world.gate.cashed.len(), 1, "bought twice when killed after {steps} steps");
        }
    }
}

#[test]
fn s62_what_never_left_is_given_back() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.wallet = |_| Outcome::Failed;
    assert_eq!(world.get(FILM).code(), "wallet_refused");
    assert_eq!((world.spent_today().as_str(), world.payments_sent()), ("0", 0));
    world.crash();
    assert_eq!(world.spent_today(), "0", "the store was told as well");
    world.wallet = signs;
    world.store_works = false;
    assert_eq!(world.get(FILM).code(), "store_failed");
    assert_eq!((world.spent_today().as_str(), world.payments_sent(), world.signatures), ("0", 0, 1));
    world.store_works = true;
    assert_eq!(world.get(FILM).status(), 200);
}

#[test]
fn s62_an_abandoned_request_gives_back_only_what_never_left() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Sign(_)) {
        assert_eq!(world.step(&mut running), None);
    }
    assert_eq!(world.spent_today(), "0.01");
    running.abandon(&mut world);
    assert_eq!(world.spent_today(), "0");

    let mut running = world.begin(get(FILM));
    while world.payments_sent() == 0 {
        assert_eq!(world.step(&mut running), None);
    }
    running.abandon(&mut world);
    assert_eq!(world.spent_today(), "0.01");
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.signatures, world.gate.cashed.len()), (1, 1));
}

#[test]
fn no_answer_before_anything_was_paid_is_the_hosts_own_error() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let mut running = world.begin(get(FILM));
    assert_eq!(running.resume_with(&mut world, Outcome::Failed), &Step::Rethrow);
    assert_eq!(world.get(FILM).status(), 200);
    let mut running = world.begin(get(FILM));
    assert!(matches!(running.next_step(), Step::Send(Send::Ticket { .. })));
    let step = running.resume_with(&mut world, Outcome::Failed);
    assert_eq!(step, &Step::Send(Send::Plain), "perhaps a redirect, which tickets do not follow");
    assert_ne!(world.get(FILM), End::NetworkError);
}
