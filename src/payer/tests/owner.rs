//! What an owner can say beyond one budget: caps for each origin, the only assets and payees, and a question.

use super::NOW;
use super::gate::{Gate, ORIGIN, own};
use super::world::{World, get, key};
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::json::{Value, parse};
use crate::payer::budget::{ApprovedPayment, Budget};
use crate::payer::config::Config;
use crate::payer::{Outcome, Payer, PayerError, Step};
use crate::protocol::{Dialect, Offer};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use proptest::prelude::*;

const FILM: &str = "https://cinema.example/films/1";
const STRANGER: Address = Address::from_bytes([0x66; 20]);

fn options(budget: &str) -> String {
    format!(r#"{{"networks":["eip155:84532"],"budget":{{{budget}}},"confirm":true}}"#)
}

fn world(budget: &str) -> World {
    World::with_options(Gate::without_office(), &options(budget))
}

fn budget(limits: &str) -> Budget {
    Budget::new(Config::read(&parse(&options(limits)).unwrap()).unwrap())
}

fn offer(amount: u64) -> Offer {
    Offer { requirements: own(amount).requirements, echo: None }
}

fn approve(budget: &mut Budget, amount: u64, origin: &str, now: u64) -> Result<ApprovedPayment, Box<PayerError>> {
    budget.approve(&offer(amount), origin, key().address(), &Amount::MAX, [0; 32], now)
}

fn code<T>(result: &Result<T, Box<PayerError>>) -> &'static str {
    result.as_ref().map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn s55_each_cap_of_an_origin_holds_to_the_last_atomic_unit() {
    for (caps, amounts, expected) in [
        (r#""perPayment":"0.02""#, &[20_000, 20_001][..], "over_origin_per_payment"),
        (r#""perHour":"0.03""#, &[20_000, 10_000, 1], "over_origin_per_hour"),
        (r#""perDay":"0.03""#, &[20_000, 10_000, 1], "over_origin_per_day"),
        (r#""total":"0.03""#, &[20_000, 10_000, 1], "over_origin_total"),
        (r#""perPayment":"0""#, &[1], "over_origin_per_payment"),
    ] {
        let mut budget = budget(&format!(r#""origins":{{"{ORIGIN}":{{{caps}}}}}"#));
        let (last, before) = amounts.split_last().unwrap();
        for amount in before {
            assert_eq!(code(&approve(&mut budget, *amount, ORIGIN, NOW)), "ok", "{caps} {amount}");
        }
        let refused = approve(&mut budget, *last, ORIGIN, NOW);
        assert_eq!(code(&refused), expected, "{caps}");
        assert_eq!(code(&approve(&mut budget, 100_000, "https://theatre.example", NOW)), "ok", "nobody else's");
    }
}

#[test]
fn s55_an_hour_and_a_day_of_an_origin_pass() {
    let mut budget = budget(&format!(r#""origins":{{"{ORIGIN}":{{"perHour":"0.02","perDay":"0.03"}}}}"#));
    assert_eq!(code(&approve(&mut budget, 20_000, ORIGIN, NOW)), "ok");
    assert_eq!(code(&approve(&mut budget, 10_000, ORIGIN, NOW)), "over_origin_per_hour");
    assert_eq!(code(&approve(&mut budget, 10_000, ORIGIN, NOW + 4_500)), "ok");
    assert_eq!(code(&approve(&mut budget, 10_000, ORIGIN, NOW + 9_000)), "over_origin_per_day");
    assert_eq!(code(&approve(&mut budget, 20_000, ORIGIN, NOW + 92_000)), "ok");
}

#[test]
fn s55_a_star_stands_for_every_other_origin_by_itself() {
    let mut budget = budget(&format!(r#""origins":{{"{ORIGIN}":{{"perDay":"0.05"}},"*":{{"perDay":"0.01"}}}}"#));
    for origin in ["https://a.example", "https://b.example"] {
        assert_eq!(code(&approve(&mut budget, 10_000, origin, NOW)), "ok");
        assert_eq!(code(&approve(&mut budget, 1, origin, NOW)), "over_origin_per_day");
    }
    assert_eq!(code(&approve(&mut budget, 50_000, ORIGIN, NOW)), "ok");
    assert_eq!(code(&approve(&mut budget, 1, ORIGIN, NOW)), "over_origin_per_day");
}

#[test]
fn s55_an_origin_raises_no_cap_of_the_budget() {
    let mut budget = budget(&format!(r#""perPayment":"0.02","origins":{{"{ORIGIN}":{{"perPayment":"5"}}}}"#));
    assert_eq!(code(&approve(&mut budget, 20_001, ORIGIN, NOW)), "over_per_payment");
}

#[test]
fn s55_what_an_origin_was_paid_is_told_and_survives_a_restart() {
    let mut world = world(&format!(r#""origins":{{"{ORIGIN}":{{"perPayment":"0.01","perDay":"0.02"}}}}"#));
    assert!(world.payer.spending(NOW).get("origins").is_none());
    assert_eq!(world.get(FILM).status(), 200);
    world.crash();
    let spending = world.payer.spending(NOW);
    let caps = spending.get("origins").unwrap().get(ORIGIN).unwrap();
    assert_eq!(caps.text("perPayment"), Some("0.01"));
    let day = caps.get("perDay").unwrap();
    assert_eq!((day.text("limit"), day.text("spent")), (Some("0.02"), Some("0.01")));
    assert_eq!(world.get(FILM).status(), 200);
    world.crash();
    assert_eq!(world.get(FILM).code(), "over_origin_per_day");
    assert_eq!(world.signatures, 2);
}

#[test]
fn s62_what_was_never_signed_is_given_back_to_its_origin() {
    let mut world = world(&format!(r#""origins":{{"{ORIGIN}":{{"total":"0.01"}}}}"#));
    world.wallet = |_| Outcome::Failed;
    assert_eq!(world.get(FILM).code(), "wallet_refused");
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Sign(_)) {
        assert!(world.step(&mut running).is_none());
    }
    running.abandon(&mut world);
    world.wallet = super::world::signs;
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.get(FILM).code(), "over_origin_total");
}

#[test]
fn s62_what_nobody_counted_by_origin_counts_for_each() {
    let mut before = world("");
    assert_eq!(before.get(FILM).status(), 200);
    let Value::Object(mut members) = parse(before.saved.as_ref().unwrap()).unwrap() else { panic!() };
    members.retain(|(name, _)| name != "origins");
    let older = Value::Object(members).to_string();
    let mut world = world(r#""origins":{"*":{"total":"0.02"}}"#);
    world.saved = Some(older);
    world.crash();
    assert_eq!(world.get(FILM).status(), 200);
    world.crash();
    assert_eq!(world.get(FILM).code(), "over_origin_total");
    let damaged = world.saved.clone().unwrap().replace(r#""origins":[["#, r#""origins":[[1,"#);
    let opened = Payer::open(&parse(&options("")).unwrap(), key().address(), Some(&damaged));
    assert_eq!(opened.unwrap_err().code(), "damaged_state");
}

proptest! {
    #[test]
    fn s55_no_order_of_payments_exceeds_a_cap_of_an_origin(
        steps in prop::collection::vec((0_usize..3, 1_u64..60_000, 0_u64..5_400, 0_u8..8), 1..120)
    ) {
        const ORIGINS: [&str; 3] = [ORIGIN, "https://a.example", "https://b.example"];
        let limits = format!(
            r#""perDay":"100","total":"1000","origins":{{"{ORIGIN}":{{"perPayment":"0.05","perHour":"0.1","perDay":"0.2","total":"1"}},"*":{{"perHour":"0.06","total":"0.3"}}}}"#
        );
        let parsed = parse(&options(&limits)).unwrap();
        let mut payer = Payer::open(&parsed, key().address(), None).unwrap();
        let mut paid: BTreeMap<usize, Vec<(u64, u64)>> = BTreeMap::new();
        let mut now = NOW;
        for (at, price, later, what) in steps {
            now += later;
            if let Ok(approved) = approve(&mut payer.budget, price, ORIGINS[at], now) {
                match what {
                    0 => payer.budget.give_back(&approved, ORIGINS[at]),
                    _ => paid.entry(at).or_default().push((now, price)),
                }
            }
            if what == 1 {
                payer = Payer::open(&parsed, key().address(), Some(&payer.to_record())).unwrap();
            }
            for (at, paid) in &paid {
                let within = |seconds: u64| -> u64 {
                    paid.iter().filter(|(at, _)| *at > now - seconds).map(|(_, price)| price).sum()
                };
                let (hour, total) = (within(3_600), within(now));
                if *at == 0 {
                    prop_assert!(paid.iter().all(|(_, price)| *price <= 50_000));
                    prop_assert!(hour <= 100_000 && within(86_400) <= 200_000 && total <= 1_000_000);
                } else {
                    prop_assert!(hour <= 60_000 && total <= 300_000);
                }
            }
        }
    }
}

#[test]
fn s56_only_the_assets_on_the_list_are_paid() {
    let Asset { address, .. } = own(1).asset;
    let mut allowed = world(&format!(r#""allow":{{"assets":["{address}"]}}"#));
    assert_eq!(allowed.get(FILM).status(), 200);
    let mut world = world(&format!(r#""allow":{{"assets":["{STRANGER}"]}}"#));
    assert_eq!(world.get(FILM).code(), "asset_not_allowed");
    assert_eq!(world.signatures, 0);
}

#[test]
fn s57_only_the_payees_on_the_list_are_paid_wherever() {
    let payee = own(1).requirements.pay_to;
    let mut allowed = world(&format!(r#""allow":{{"payees":["{payee}"]}}"#));
    assert_eq!(allowed.get(FILM).status(), 200);
    allowed.gate.accepts[0].requirements.pay_to = STRANGER;
    assert_eq!(allowed.get(FILM).code(), "payee_not_allowed");
    assert!(allowed.questions.is_empty(), "there is nothing to ask");
    let mut nobody = world(r#""allow":{"payees":[]}"#);
    assert_eq!(nobody.get(FILM).code(), "payee_not_allowed");
}

/// After a first payment the gate names somebody else.
fn with_new_payee(budget: &str) -> World {
    let mut world = world(budget);
    assert_eq!(world.get(FILM).status(), 200);
    world.gate.accepts[0].requirements.pay_to = STRANGER;
    world
}

#[test]
fn s57_a_new_payee_is_paid_after_a_yes_and_known_from_then_on() {
    let mut world = with_new_payee("");
    assert!(world.questions.is_empty(), "the first payee is no change");
    assert_eq!(world.get(FILM).status(), 200);
    let [change] = &world.questions[..] else { panic!("{:?}", world.questions) };
    let payee = own(1).requirements.pay_to.to_string();
    assert_eq!((change.text("code"), change.text("origin")), (Some("payee_changed"), Some(ORIGIN)));
    assert_eq!((change.text("known"), change.text("payee")), (Some(&*payee), Some(&*STRANGER.to_string())));
    assert_eq!(change.get("offer").unwrap().text("amount"), Some("0.01"));
    world.crash();
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.questions.len(), world.signatures), (1, 3));
    world.confirms = |_| Outcome::Failed;
    world.gate.accepts[0].requirements.pay_to = own(1).requirements.pay_to;
    assert_eq!(world.get(FILM).code(), "payee_changed", "the way back is a change too");
}

#[test]
fn s57_nothing_is_signed_before_the_answer_and_nothing_after_a_no() {
    let mut world = with_new_payee("");
    world.confirms = |_| Outcome::Failed;
    for _ in 0..2 {
        assert_eq!(world.get(FILM).code(), "payee_changed");
    }
    assert_eq!((world.questions.len(), world.signatures, world.spent_today().as_str()), (2, 1, "0.01"));
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Confirm(_)) {
        assert!(world.step(&mut running).is_none());
    }
    assert_eq!((world.signatures, world.spent_today().as_str()), (1, "0.01"));
    running.abandon(&mut world);
    world.gate.accepts[0].requirements.pay_to = own(1).requirements.pay_to;
    assert_eq!(world.get(FILM).status(), 200);
}

#[test]
fn s57_nobody_is_asked_who_cannot_be_or_about_what_is_refused_anyway() {
    let mut silent = World::new(Gate::without_office());
    assert_eq!(silent.get(FILM).status(), 200);
    silent.gate.accepts[0].requirements.pay_to = STRANGER;
    assert_eq!(silent.get(FILM).code(), "payee_changed");
    let payee = own(1).requirements.pay_to;
    let listed = format!(r#""payees":{{"{ORIGIN}":["{payee}"]}}"#);
    for (budget, price, code) in [("", 100_001, "payee_changed"), (&*listed, 10_000, "payee_changed")] {
        let mut world = with_new_payee(budget);
        world.gate.accepts[0].requirements.amount = Amount::from(price);
        assert_eq!(world.get(FILM).code(), code, "{budget} {price}");
        assert!(world.questions.is_empty());
    }
    assert!(silent.questions.is_empty());
}

#[test]
fn s57_an_offer_that_needs_no_question_comes_first() {
    let mut world = with_new_payee("");
    world.gate.accepts.push(own(20_000));
    assert_eq!(world.get(FILM).status(), 200);
    assert!(world.questions.is_empty());
    assert_eq!(world.gate.income(), 30_000);
}

#[test]
fn s57_of_a_hundred_requests_at_once_one_asks() {
    let mut world = with_new_payee("");
    let requests = (0..100).map(|n| get(&format!("{ORIGIN}/films/{n}"))).collect();
    let mut seed = 7_u64;
    let ends = world.fetch_all(requests, |runnable| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % runnable
    });
    assert_eq!(ends.iter().filter(|end| matches!(end, super::world::End::Answer(_))).count(), 99, "and one cap");
    assert_eq!(world.questions.len(), 1);
}

#[test]
fn s57_a_yes_is_about_the_payee_that_was_known() {
    let mut world = with_new_payee("");
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Confirm(_)) {
        assert!(world.step(&mut running).is_none());
    }
    // Another tab was told of a third payee meanwhile, and agreed.
    let third = Address::from_bytes([0x77; 20]);
    world.payer.budget.repin(ORIGIN, own(1).requirements.pay_to, third);
    let Step::Confirm(change) = running.resume_with(&mut world, Outcome::Ready) else { panic!("asks anew") };
    assert_eq!(change.text("known"), Some(&*third.to_string()));
    assert_eq!(world.signatures, 1);
}

#[test]
fn s57_a_new_payee_at_an_office_is_asked_about_too() {
    let mut world = World::with_options(Gate::new(Dialect::V2), &options(""));
    assert_eq!(world.get(FILM).status(), 200);
    world.now += 100_000;
    world.gate.accepts[0].requirements.pay_to = STRANGER;
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.questions.len(), world.signatures), (1, 2));
}

#[test]
fn s55_a_rule_that_is_not_understood_is_refused() {
    for (budget, code) in [
        (r#""origins":[]"#, "invalid_option"),
        (r#""origins":null"#, "unknown_option"),
        (r#""origins":{"cinema.example":{}}"#, "invalid_option"),
        (r#""origins":{"https://cinema.example/":{}}"#, "invalid_option"),
        (r#""origins":{"https://cinema.example":{"perWeek":"1"}}"#, "unknown_option"),
        (r#""origins":{"https://cinema.example":{"perDay":1}}"#, "invalid_option"),
        (r#""origins":{"https://cinema.example":{"perDay":null}}"#, "unknown_option"),
        (r#""origins":{"https://cinema.example":"1"}"#, "unknown_option"),
        (r#""allow":{"networks":[]}"#, "unknown_option"),
        (r#""allow":{"assets":"0x"}"#, "invalid_option"),
        (r#""allow":{"payees":["vitalik.eth"]}"#, "invalid_option"),
        (r#""allow":[]"#, "unknown_option"),
    ] {
        assert_eq!(Config::read(&parse(&options(budget)).unwrap()).unwrap_err().code(), code, "{budget}");
    }
    for confirm in ["false", "\"() => true\"", "1"] {
        let options = format!(r#"{{"networks":["eip155:84532"],"confirm":{confirm}}}"#);
        assert_eq!(Config::read(&parse(&options).unwrap()).unwrap_err().code(), "invalid_option");
    }
}

#[test]
fn s55_a_refusal_names_its_limit() {
    let mut world = world(&format!(r#""origins":{{"{ORIGIN}":{{"total":"0.015"}}}}"#));
    assert_eq!(world.get(FILM).status(), 200);
    let super::world::End::Error(error) = world.get(FILM) else { panic!() };
    let told = error.to_value();
    let limit = told.get("limit").unwrap();
    assert_eq!((limit.text("option"), limit.text("left")), (Some("budget.origins.total"), Some("0.005")));
}
