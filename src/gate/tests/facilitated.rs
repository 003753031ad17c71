//! A gate that has a facilitator at its side.

use super::*;

const BOTH: &str = r#""settleVia":{"url":"http://settler"},"verifyVia":{"url":"http://verifier/"},"#;
const SETTLER: &str = r#""settleVia":{"url":"http://settler"},"#;
const VERIFIER: &str = r#""verifyVia":{"url":"http://verifier"},"#;
const KINDS: &str = r#"{"kinds":[{"x402Version":2,"scheme":"exact","network":"eip155:84532"}]}"#;
const VALID: &str = r#"{"isValid":true}"#;

#[allow(clippy::unnecessary_wraps, reason = "what the shell answers with")]
fn answer(status: u16, body: &str) -> Result<HttpAnswer, HttpFault> {
    Ok(HttpAnswer { status, body: body.into(), retry_after: None })
}

fn world(options: &'static str, answers: &[Result<HttpAnswer, HttpFault>]) -> World {
    World { options, answers: answers.iter().cloned().collect(), ..World::new() }
}

fn paid() -> Request {
    with("/films/moon", "payment-signature", header("matinee", 1))
}

fn bought() -> Request {
    at_office("matinee", &v2::write_payment(&payment("matinee", 1), None))
}

#[test]
fn kinds_then_verdict_then_the_ledger_and_the_film() {
    let mut world = world(BOTH, &[answer(200, KINDS), answer(200, VALID)]);
    assert!(matches!(world.run(&paid()), End::Delivered(Some(_))));
    let urls: Vec<_> = world.asked.iter().map(|(url, _)| url.as_str()).collect();
    assert_eq!(urls, ["http://settler/supported", "http://verifier/verify"]);
    // What is verified now is what is settled later, to the byte.
    let entry = world.only_entry();
    assert_eq!(entry.handover().unwrap().body, world.asked[1].1);
    // Presented again it is the same payment, and nobody is asked about it.
    assert!(matches!(world.run(&paid()), End::Admitted(_)));
    assert_eq!(world.asked.len(), 2);
}

#[test]
fn s12_the_payment_goes_on_as_it_came_and_other_dialects_as_v2() {
    let signed = payment("matinee", 1);
    let mut document = v2::write_payment(&signed, None);
    let Value::Object(members) = &mut document else { panic!() };
    members.push(("extensions".to_string(), parse(r#"{"strange":{"info":[1,"\u00e9"]}}"#).unwrap()));
    let Some((_, Value::Object(accepted))) = members.iter_mut().find(|(name, _)| name == "accepted") else { panic!() };
    accepted.push(("unknown".to_string(), "kept".into()));

    let mut world = world(SETTLER, &[answer(200, KINDS)]);
    world.run(&at_office("matinee", &document));
    let body = parse(&world.only_entry().handover().unwrap().body).unwrap();
    assert_eq!(body.get("paymentPayload"), Some(&document));
    assert_eq!(body.get("x402Version"), Some(&2_u64.into()));
    let requirements = v2::write_payment(&signed, None).get("accepted").cloned();
    assert_eq!(body.get("paymentRequirements").cloned(), requirements);

    let mut world = self::world(SETTLER, &[answer(200, KINDS)]);
    world.run(&at_office("matinee", &mock::write_permit(&signed)));
    let body = parse(&world.only_entry().handover().unwrap().body).unwrap();
    assert_eq!(body.get("paymentPayload"), Some(&v2::write_payment(&signed, None)));
}

#[test]
fn s21_kinds_that_cannot_be_heard_or_do_not_fit_serve_nothing() {
    let other = r#"{"kinds":[{"x402Version":1,"scheme":"exact","network":"base-sepolia"},
        {"x402Version":2,"scheme":"upto","network":"eip155:84532"},{"x402Version":2,"scheme":"exact","network":"eip155:1"}]}"#;
    for (kinds, code) in [
        (answer(200, other), "facilitator_unsupported"),
        (answer(200, r#"{"kinds":[]}"#), "facilitator_unsupported"),
        (answer(200, "<html>"), "facilitator_unreachable"),
        (answer(308, ""), "facilitator_unreachable"),
        (answer(500, KINDS), "facilitator_unreachable"),
        (Err(HttpFault::TooSlow), "facilitator_unreachable"),
    ] {
        for request in [paid(), bought()] {
            let mut world = world(SETTLER, core::slice::from_ref(&kinds));
            assert_eq!(world.run(&request).code(), (502, code.to_string()), "{kinds:?}");
            assert!(world.records.is_empty() && world.handled == 0);
        }
    }
}

#[test]
fn a_facilitator_that_is_busy_is_asked_again_twice() {
    let busy = || Ok(HttpAnswer { status: 429, body: String::new(), retry_after: Some(2) });
    let mut patient = world(SETTLER, &[busy(), busy(), answer(200, KINDS)]);
    assert!(matches!(patient.run(&paid()), End::Delivered(Some(_))));
    assert_eq!((patient.slept, patient.asked.len()), (2, 3));
    let mut world = world(SETTLER, &[busy(), busy(), busy(), answer(200, KINDS)]);
    assert_eq!(world.run(&paid()).code().0, 502);
}

#[test]
fn kinds_that_cover_all_routes_are_asked_for_once() {
    let gate = world(SETTLER, &[]).gate();
    let mut asked = 0;
    for nonce in [1, 2] {
        let request = with("/films/moon", "payment-signature", header("matinee", nonce));
        let mut store = World::new();
        let mut step = gate.begin(&request, NOW);
        while let Step::Need(effect, flow) = step {
            if matches!(effect, Effect::Http(_)) {
                asked += 1;
                store.answers.push_back(answer(200, KINDS));
            }
            let outcome = store.carry_out(effect, &request);
            step = flow.resume(&gate, outcome, NOW);
        }
    }
    assert_eq!(asked, 1);
}

#[test]
fn s51_only_a_clear_yes_of_the_verifier_passes() {
    let mut good = world(VERIFIER, &[answer(200, VALID)]);
    assert!(matches!(good.run(&paid()), End::Delivered(Some(_))));
    assert!(good.only_entry().handover().is_none(), "it is not this one that settles");
    let refusal = r#"{"isValid":false,"invalidReason":"insufficient_funds"}"#;
    let markup = r#"{"isValid":false,"invalidReason":"<b>no</b>"}"#;
    let other = r#"{"isValid":true,"payer":"0x0000000000000000000000000000000000000001"}"#;
    for (verdict, status, code) in [
        (answer(200, refusal), 402, "insufficient_funds"),
        (answer(400, refusal), 402, "insufficient_funds"),
        (answer(200, markup), 402, "facilitator_refused"),
        (answer(200, r#"{"isValid":false}"#), 402, "facilitator_refused"),
        (answer(503, VALID), 502, "facilitator_unreachable"),
        (answer(200, other), 502, "facilitator_unreachable"),
        (answer(200, r#"{"isValid":"true"}"#), 502, "facilitator_unreachable"),
        (answer(200, r#"{"isValid":true"#), 502, "facilitator_unreachable"),
        (answer(200, r#"{"isValid":false,"isValid":true}"#), 502, "facilitator_unreachable"),
        (answer(302, ""), 502, "facilitator_unreachable"),
        (Err(HttpFault::TooSlow), 502, "facilitator_unreachable"),
    ] {
        for request in [paid(), bought()] {
            let mut world = world(VERIFIER, core::slice::from_ref(&verdict));
            assert_eq!(world.run(&request).code(), (status, code.to_string()), "{verdict:?}");
            assert!(world.records.is_empty() && world.handled == 0);
        }
    }
    let mut world = world(VERIFIER, &[answer(200, refusal)]);
    let permit = at_office("matinee", &mock::write_permit(&payment("matinee", 1)));
    assert_eq!(world.run(&permit).code(), (400, "insufficient_funds".to_string()));
}

#[test]
fn s43_what_a_facilitator_refused_before_serving_may_come_again() {
    let mut world =
        world(r#""settleVia":{"url":"http://settler"},"when":"before","#, &[answer(200, KINDS), answer(200, KINDS)]);
    let mut step = world.begin(&paid());
    loop {
        step = match world.advance(step, &paid()) {
            Ok(end) => {
                assert_eq!(end.code(), (402, "transfer_would_revert".to_string()));
                break;
            }
            Err(next) => next,
        };
        for (record, version) in world.records.values_mut() {
            let entry = Entry::from_record(record).unwrap();
            if entry.state() == State::Claimed {
                let refused = entry.handed_over(NOW).unwrap().refused("insufficient_funds".to_string(), NOW + 1);
                (*record, *version) = (refused.to_record(), *version + 1);
            }
        }
    }
    assert!(world.records.is_empty() && world.handled == 0);
}
