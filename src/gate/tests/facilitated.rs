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
    let all = METERED_KINDS.replace("[{", r#"[{"x402Version":2,"scheme":"exact","network":"eip155:84532"},{"#);
    let gate = world(METERED, &[]).gate();
    let mut asked = 0;
    for nonce in [1, 2] {
        let request = with("/films/moon", "payment-signature", header("matinee", nonce));
        let mut store = World::new();
        let mut step = gate.begin(&request, NOW);
        while let Step::Need(effect, flow) = step {
            if matches!(effect, Effect::Http(_)) {
                asked += 1;
                store.answers.push_back(answer(200, &all));
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

const METERED: &str = r#""settleVia":{"url":"http://settler","account":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8"},"#;
const METERED_KINDS: &str = r#"{"kinds":[{"x402Version":2,"scheme":"upto","network":"eip155:84532"}],
    "signers":{"eip155:*":["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]}}"#;

fn metered() -> Request {
    with("/search", "payment-signature", header("GET /search", 1))
}

#[test]
fn a_facilitator_is_told_what_was_charged_and_nothing_else_about_the_payment_changes() {
    for (charge, amount) in
        [(None, "10000"), (Some("4200"), "4200"), (Some("42%"), "4200"), (Some("99999999"), "10000")]
    {
        let mut world = World {
            charge: charge.map(|text| format!(r#"{{"amount":"{text}"}}"#)),
            ..world(METERED, &[answer(200, METERED_KINDS)])
        };
        let request = metered();
        let end = world.run(&request);
        assert!(matches!(end, End::Delivered(Some(_))), "{charge:?} {end:?}");
        let body = parse(&world.only_entry().handover().unwrap().body).unwrap();
        assert_eq!(body.get("paymentRequirements").unwrap().text("amount"), Some(amount));
        let sent = v2::from_header(&request.headers[0].1, 16_384).unwrap();
        assert_eq!(body.get("paymentPayload"), Some(&sent));
        let accepted = sent.get("accepted").unwrap().to_string();
        let wanted = body.get("paymentRequirements").unwrap().to_string();
        assert_eq!(wanted, accepted.replace("\"10000\"", &format!("\"{amount}\"")));
    }
}

#[test]
fn a_ceiling_is_taken_only_for_an_account_that_the_facilitator_names_as_its_own() {
    let other = METERED_KINDS.replace("0x7099", "0x8099");
    for (options, kinds) in [
        (METERED, KINDS),
        (METERED, &*METERED_KINDS.replace("upto", "exact")),
        (METERED, &METERED_KINDS.replace("eip155:*", "eip155:1")),
        (METERED, &METERED_KINDS.replace("signers", "others")),
        (METERED, &other),
        (SETTLER, METERED_KINDS),
    ] {
        let mut world = world(options, &[answer(200, kinds)]);
        assert_eq!(world.run(&metered()).code(), (502, "facilitator_unsupported".into()), "{kinds}");
        assert!(world.records.is_empty() && world.handled == 0);
    }
}

#[test]
fn a_payment_by_permit2_is_handed_over_for_the_offer_that_asks_for_permit2() {
    let route =
        r#""GET /both": {"accepts": [{"price": "$0.01"}, {"price": "$0.01", "method": "permit2"}]}, "GET /permit2""#;
    let config = CONFIG.replace(r#""GET /permit2""#, route).replacen('{', &format!("{{{SETTLER}"), 1);
    let gate = Gate::from_config(&parse(&config).unwrap()).unwrap();
    let own = &gate.routes.by_scope("GET /both").unwrap().requirements[1];
    let key = SecretKey::from_bytes(&mut [0x46; 32]).unwrap();
    let authorization = own.requirements.check(key.address(), [1; 32], NOW + 300).unwrap();
    let signature = key.sign(&authorization.digest(&own.asset));
    let offer = Offer { requirements: own.requirements.clone(), echo: None };
    let payment = v2::write_payment(&SignedPayment { offer, authorization, signature }, None);
    let request = at_office("GET /both", &payment);
    let mut store = World::new();
    store.answers.push_back(answer(200, KINDS));
    let mut step = gate.begin(&request, NOW);
    while let Step::Need(effect, flow) = step {
        let outcome = store.carry_out(effect, &request);
        step = flow.resume(&gate, outcome, NOW);
    }
    let body = parse(&store.only_entry().handover().unwrap().body).unwrap();
    assert_eq!(body.get("paymentRequirements"), payment.get("accepted"));
}

#[test]
fn what_a_facilitator_refuses_is_told_in_its_word() {
    let refusal = r#"{"isValid":false,"invalidReason":"insufficient_funds"}"#;
    for (request, route) in [(paid(), Some("GET /films/:id")), (bought(), None)] {
        let options = r#""verifyVia":{"url":"http://verifier"},"hooks":["onRefused"],"#;
        let mut world = world(options, &[answer(200, refusal)]);
        world.run(&request);
        let [event] = &world.told[..] else { panic!("not one event: {:?}", world.told) };
        assert_eq!((event.kind, event.facts.text("code")), (EventKind::Refused, Some("insufficient_funds")));
        assert_eq!(event.facts.text("route"), route);
        assert_eq!(event.facts.text("amount"), Some("10000"));
    }
}
