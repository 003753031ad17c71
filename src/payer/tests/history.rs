//! What the payer remembers, says about a payment before it, and takes back after it.

use super::gate::Gate;
use super::world::{End, Fault, World, key};
use crate::json::{Value, parse};
use crate::payer::{Notice, Payer, PayerError, explain};
use crate::protocol::Dialect;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";

fn history(world: &World) -> Vec<Value> {
    world.payer.history(world.now).unwrap().elements().unwrap().to_vec()
}

fn states(world: &World) -> Vec<String> {
    history(world).iter().map(|payment| payment.text("state").unwrap().to_string()).collect()
}

fn no_options() -> Value {
    parse("{}").unwrap()
}

#[test]
fn what_was_bought_is_remembered_with_its_ticket_and_survives_a_crash() {
    let mut world = World::new(Gate::new(Dialect::V2));
    assert_eq!(world.get(FILM).status(), 200);
    let payments = history(&world);
    let [payment] = &payments[..] else { panic!("{payments:?}") };
    for (name, value) in [("origin", "https://cinema.example"), ("url", FILM), ("amount", "0.01"), ("symbol", "USDC")] {
        assert_eq!(payment.text(name), Some(value), "{name}");
    }
    assert_eq!((payment.number("at"), payment.text("state")), (Some(world.now), Some("honoured")));
    let before = world.payer.history(world.now);
    world.crash();
    assert_eq!(world.payer.history(world.now), before);
}

#[test]
fn s62_what_was_never_released_is_no_payment() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.wallet = |_| crate::payer::Outcome::Failed;
    assert_eq!(world.get(FILM).code(), "wallet_refused");
    assert!(history(&world).is_empty());
}

#[test]
fn a_payment_without_an_answer_is_pending_and_then_unknown_and_honoured_when_it_is_answered_after_all() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.faults = [Fault::LostAnswer; 6].into();
    assert_eq!(world.get(FILM).code(), "payment_outcome_unknown");
    assert_eq!(states(&world), ["pending"]);
    let now = world.now;
    world.now += 601;
    assert_eq!(states(&world), ["unknown"]);
    world.now = now;
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(states(&world), ["honoured"]);
    assert_eq!(world.signatures, 1);
}

#[test]
fn s73_the_oldest_payments_are_forgotten() {
    let mut world = World::with_budget(Gate::without_office(), r#""perPayment":"1","perDay":"100""#);
    for film in 0..300 {
        assert_eq!(world.get(&alloc::format!("{FILM}/{film}")).status(), 200);
    }
    let payments = history(&world);
    assert_eq!(payments.len(), 100);
    assert_eq!(payments[0].text("url"), Some("https://cinema.example/films/1/200"));
}

#[test]
fn a_file_for_spreadsheets_has_a_line_for_each_payment() {
    let mut world = World::new(Gate::without_office());
    assert_eq!(world.get(FILM).status(), 200);
    let file = world.payer.history_as_csv(world.now).unwrap();
    let lines: Vec<&str> = file.lines().collect();
    let [head, line] = lines[..] else { panic!("{file}") };
    assert_eq!(head.split(',').count(), line.split("\",\"").count());
    assert!(line.starts_with("\"2023-11-14T22:13:20.000Z\",\"https://cinema.example\",\"https://cinema.example/films/1\",\"0.01\",\"USDC\""), "{line}");
    assert!(file.ends_with("\r\n"));
}

#[test]
fn s64_an_offer_and_its_typed_data_are_explained_in_the_same_words() {
    let mut world = World::new(Gate::without_office());
    assert_eq!(world.get(FILM).status(), 200);
    let Some(Notice::Payment(payment)) = world.notices.first() else { panic!("no notice") };
    let typed = explain(&no_options(), payment.get("typedData").unwrap()).unwrap();
    let message = payment.get("typedData").unwrap().get("message").unwrap();
    let Value::Object(mut offer) = payment.clone() else { panic!() };
    offer.push(("atomicAmount".into(), message.get("value").unwrap().clone()));
    let offer = explain(&no_options(), &Value::Object(offer)).unwrap();
    assert_eq!(typed, offer);
    let text = typed.text("text").unwrap();
    let payee = payment.text("payTo").unwrap();
    assert_eq!(
        text,
        alloc::format!(
            "Pay 0.01 USDC on base-sepolia, a test network where money is worth nothing, to {payee}. Whoever holds the signature can take that once until 2023-11-14T22:18:20.000Z."
        )
    );
}

#[test]
fn s56_what_is_explained_is_counted_by_our_own_table() {
    let offer = parse(r#"{"network":"eip155:1","asset":"0x1111111111111111111111111111111111111111","symbol":"USDC","amount":"0.01","decimals":6,"atomicAmount":"10000","payTo":"0x2222222222222222222222222222222222222222"}"#).unwrap();
    let told = explain(&no_options(), &offer).unwrap();
    assert!(told.text("text").unwrap().starts_with("Pay 10000 atomic units of an unknown asset, 0x1111"), "{told}");
    assert_eq!((told.get("amount"), told.get("symbol"), told.get("isTest")), (None, None, Some(&false.into())));
    assert_eq!(explain(&no_options(), &no_options()).unwrap_err().code(), "invalid_option");
}

#[test]
fn a_pending_payment_can_be_taken_back_and_only_by_its_owner() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.faults = [Fault::LostAnswer; 6].into();
    let End::Error(PayerError::OutcomeUnknown) = world.get(FILM) else { panic!() };
    let nonce = history(&world)[0].text("nonce").unwrap().to_string();
    let cancel = |payer: &Payer| payer.cancellation(&nonce);
    let cancellation = cancel(&world.payer).unwrap();
    assert_eq!(cancellation.typed_data().get("message").unwrap().text("nonce"), Some(nonce.as_str()));
    let transaction = cancellation.transaction(&cancellation.sign(&key()).to_hex()).unwrap();
    assert!(transaction.text("data").unwrap().starts_with("0x5a049a70"));
    let other = crate::signature::SecretKey::from_bytes(&mut [0x47; 32]).unwrap();
    let forged = cancellation.transaction(&cancellation.sign(&other).to_hex());
    assert_eq!(forged.unwrap_err().code(), "wallet_signature_invalid");
    assert_eq!(world.spent_today(), "0.01", "only the chain can tell who was faster");
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(cancel(&world.payer).unwrap_err().code(), "invalid_option", "what was honoured is not taken back");
}
