//! A handler that answers after its claim's lease is over: others may have been served meanwhile. Found by the
//! simulation, seed 480.

use super::*;

/// A request whose handler is about to run.
fn until_handled(world: &mut World, request: &Request) -> Step {
    let mut step = world.begin(request);
    while !matches!(step, Step::Need(Effect::Handle(_), _)) {
        step = world.advance(step, request).unwrap_err();
    }
    step
}

fn finish(world: &mut World, mut step: Step, request: &Request) -> End {
    loop {
        match world.advance(step, request) {
            Ok(end) => return end,
            Err(next) => step = next,
        }
    }
}

/// The claim ran out and was released, and the office sold a ticket for the same payment.
fn overtaken(status: u16) -> (World, End, String) {
    let mut world = World { status, ..World::new() };
    let request = with("/films/moon", "payment-signature", header("matinee", 1));
    let slow = until_handled(&mut world, &request);
    world.now += 61;
    world.records.clear();
    let ticket = world.run(&at_office("matinee", &v2::write_payment(&payment("matinee", 1), None))).ticket();
    // Another second, another ticket.
    world.now += 1;
    let end = finish(&mut world, slow, &request);
    (world, end, ticket)
}

#[test]
fn s41_a_slow_handler_never_gives_a_second_ticket() {
    let (world, end, ticket) = overtaken(200);
    let End::Delivered(Some((_, receipt))) = end else { panic!("not delivered: {end:?}") };
    assert_eq!(v2::read_receipt(&receipt).unwrap().ticket.unwrap().text, ticket);
    assert_eq!(world.only_entry().grant().unwrap().ticket.text, ticket);
}

#[test]
fn s43_a_slow_handler_that_fails_takes_back_nobody_elses_grant() {
    let (world, end, ticket) = overtaken(500);
    assert_eq!(end, End::Delivered(None));
    assert_eq!(world.only_entry().grant().unwrap().ticket.text, ticket);
}

/// The claim ran out and was released, and the same payment was claimed anew: another record, with another version.
#[test]
fn s39_a_slow_handler_does_not_take_a_claim_made_anew_for_its_own() {
    let request = with("/films/moon", "payment-signature", header("matinee", 1));
    for (status, state) in [(500, State::Claimed), (200, State::Granted)] {
        let mut world = World { status, ..World::new() };
        let slow = until_handled(&mut world, &request);
        let key = world.only_entry().key();
        let (_, version) = world.records[&key];
        assert!(matches!(world.store(LedgerOp::Remove { key, expected: version }), LedgerOutcome::Written(_)));
        world.now += 61;
        let quick = until_handled(&mut world, &request);
        let first = finish(&mut world, slow, &request);
        assert_eq!(world.only_entry().state(), state, "{status}");
        world.status = 200;
        world.now += 1;
        let End::Delivered(Some(second)) = finish(&mut world, quick, &request) else { panic!("not delivered") };
        if status == 200 {
            assert_eq!(first, End::Delivered(Some(second)), "one ticket for both");
        }
    }
}

#[test]
fn s41_a_slow_handler_that_nobody_overtook_is_paid() {
    let mut world = World::new();
    let request = with("/films/moon", "payment-signature", header("matinee", 1));
    let slow = until_handled(&mut world, &request);
    world.now += 31;
    assert!(matches!(finish(&mut world, slow, &request), End::Delivered(Some(_))));
    assert_eq!(world.only_entry().state(), State::Granted);
}

/// Found by the simulation, seed 1440.
#[test]
fn s44_a_request_that_slept_past_its_payments_window_is_granted_nothing() {
    let mut world = World::new();
    world.run(&at_office("matinee", &v2::write_payment(&payment("matinee", 1), None))).ticket();
    let request = with("/films/moon", "payment-signature", header("matinee", 1));
    // Somebody was there first; by the time that it asks who, the record is forgotten.
    let step = world.begin(&request);
    let asking = world.advance(step, &request).unwrap_err();
    world.records.clear();
    world.now = NOW + 300;
    assert_eq!(finish(&mut world, asking, &request).answer().status, 402);
    assert!(world.records.is_empty());
}
