//! The signing build in a real browser: the door, the host's randomness, and a purchase step by step.
#![cfg(all(target_arch = "wasm32", feature = "browser"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use x402_wasm::address::Address;
use x402_wasm::amount::Amount;
use x402_wasm::asset::AssetTable;
use x402_wasm::browser;
use x402_wasm::dialect::{mock, read_office_body, v2};
use x402_wasm::json::{Value, parse};
use x402_wasm::network::Network;
use x402_wasm::protocol::{
    AssetDomain, Challenge, IssuedTicket, Method, OfficeOffer, OwnRequirement, PaymentRequirements, Resource,
};
use x402_wasm::verify::{VerifiedPayment, verify};

wasm_bindgen_test_configure!(run_in_browser);

const NOW: u32 = 1_700_000_000;
const FILM: &str = "https://cinema.example/films/1";
const OPTIONS: &str = r#"{"networks":["eip155:84532"]}"#;

fn own() -> [OwnRequirement; 1] {
    let asset = AssetTable::default().default_for(Network::from_chain_id(84532).unwrap()).unwrap();
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount: Amount::from(10_000),
        pay_to: Address::from_bytes([0x22; 20]),
        max_timeout_seconds: 300,
        domain: Some(AssetDomain::of(&asset)),
    };
    [OwnRequirement { requirements, asset }]
}

/// An answer, without the state behind it.
fn read(answer: &[u8]) -> Value {
    let answer = core::str::from_utf8(answer).unwrap();
    parse(answer.split('\n').next().unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn number(value: &Value, name: &str) -> u32 {
    value.get(name).and_then(Value::as_u64).unwrap_or_else(|| panic!("no {name} in {value}")).try_into().unwrap()
}

fn code(value: &Value) -> &str {
    text(value.get("error").unwrap(), "code")
}

/// A call with these members, which are JSON texts, at [`NOW`].
fn call<const N: usize>(name: &str, members: [(&str, &str); N]) -> Value {
    let members = members.map(|(name, value)| format!(r#","{name}":{value}"#)).concat();
    read(&browser::call(format!(r#"{{"call":"{name}","now":{NOW}{members}}}"#).as_bytes()))
}

fn generate() -> Value {
    call("wallet_generate", [])
}

fn open(options: &str, wallet: u32, account: &str) -> Value {
    let account = format!("\"{account}\"");
    call("payer_open", [("options", options), ("wallet", &wallet.to_string()), ("account", &account)])
}

fn open_payer(wallet: u32, account: &str) -> u32 {
    number(&open(OPTIONS, wallet, account), "payer")
}

fn resume(flow: u32, outcome: &str) -> Value {
    call("payer_resume", [("flow", &flow.to_string()), ("outcome", outcome)])
}

fn of_payer(name: &str, payer: u32) -> Value {
    call(name, [("payer", &payer.to_string())])
}

/// Walks to the step of this name, saying yes to everything on the way.
fn walk_to(flow: u32, mut step: Value, name: &str) -> Value {
    while text(&step, "do") != name {
        assert!(["lock", "unlock", "save"].contains(&text(&step, "do")), "{step}");
        step = resume(flow, r#"{"got":"ready"}"#);
    }
    step
}

fn begin(payer: u32) -> (u32, Value) {
    let request = Value::object([
        ("method", Some("GET".into())),
        ("url", Some(FILM.into())),
        ("authorized", Some(false.into())),
        ("paid", Some(false.into())),
        ("replayable", Some(true.into())),
    ]);
    let step = call("payer_begin", [("payer", &payer.to_string()), ("request", &request.to_string())]);
    (number(&step, "flow"), step)
}

fn response(flow: u32, status: u64, url: &str, challenge: Option<String>, body: &str) -> Value {
    let outcome = Value::object([
        ("got", Some("response".into())),
        ("status", Some(status.into())),
        ("url", Some(url.into())),
        ("redirected", Some(false.into())),
        ("challenge", challenge.map(Value::from)),
        ("body", Some(body.into())),
    ]);
    resume(flow, &outcome.to_string())
}

fn turn_away(flow: u32) -> Value {
    let own = own();
    let office = OfficeOffer { endpoint: "/token".into(), scope: Some("matinee".into()), ttl: Some(600) };
    let challenge = v2::write_challenge(&Challenge {
        code: "payment_required",
        message: "Pay.",
        payer: None,
        resource: Resource { url: FILM, description: None, mime_type: None },
        accepts: &own,
        office: Some(&office),
    });
    response(flow, 402, FILM, Some(challenge), "{}")
}

fn verified(send: &Value) -> VerifiedPayment {
    let (_, payment) = read_office_body(text(send, "body"));
    verify(&payment.unwrap(), &own(), NOW.into(), 0).unwrap()
}

#[wasm_bindgen_test]
fn a_purchase_from_402_to_ticket() {
    let wallet = generate();
    let payer = open_payer(number(&wallet, "wallet"), "");
    let (flow, step) = begin(payer);
    assert_eq!(text(&step, "do"), "send");
    assert_eq!(step.get("mayFollowRedirects").and_then(Value::as_bool), Some(true));

    let office = walk_to(flow, turn_away(flow), "send");
    assert_eq!(text(&office, "url"), "https://cinema.example/token");
    assert_eq!(office.get("mayFollowRedirects").and_then(Value::as_bool), Some(false), "S59");
    let payment = verified(&office);
    assert_eq!(payment.payer().to_string(), text(&wallet, "address"));
    let notices = office.get("notices").unwrap().elements().unwrap();
    assert_eq!(text(&notices[0], "type"), "payment");

    let jti = payment.replay_key().to_string();
    let ticket = IssuedTicket {
        text: "a.b.c".into(),
        scope: Some("matinee".into()),
        expires_at: u64::from(NOW) + 600,
        id: Some(jti),
    };
    let sold = mock::write_ticket(&ticket, NOW.into()).to_string();
    let enter = walk_to(flow, response(flow, 200, "https://cinema.example/token", None, &sold), "send");
    assert_eq!(text(enter.get("headers").unwrap(), "authorization"), "Bearer a.b.c");
    assert_eq!(text(&response(flow, 200, FILM, None, ""), "do"), "done");

    let spent = of_payer("payer_spending", payer);
    assert_eq!(text(spent.get("perDay").unwrap(), "spent"), "0.01");
    assert_eq!(of_payer("payer_tickets", payer).elements().unwrap().len(), 1);
    let (_, again) = begin(payer);
    assert_eq!(text(again.get("headers").unwrap(), "authorization"), "Bearer a.b.c");
}

/// A step and the state behind it, if there is one.
fn with_record(flow: u32, members: &str) -> (Value, Option<Value>) {
    let request =
        format!(r#"{{"call":"payer_resume","now":{NOW},"flow":{flow},"outcome":{{"got":"ready"}}{members}}}"#);
    let answer = browser::call(request.as_bytes());
    let record = core::str::from_utf8(&answer).unwrap().split_once('\n').map(|(_, record)| parse(record).unwrap());
    (read(&answer), record)
}

#[wasm_bindgen_test]
fn s62_the_state_comes_with_each_step_that_saves_it_and_for_a_shared_store_with_all() {
    let (flow, _) = begin(open_payer(number(&generate(), "wallet"), ""));
    assert_eq!(text(&turn_away(flow), "do"), "lock");
    for is_signed in [false, true] {
        let (step, record) = with_record(flow, "");
        assert_eq!(text(&step, "do"), "save");
        let pending = record.as_ref().and_then(|record| record.list("pending")).unwrap();
        assert_eq!((pending.len(), pending[0].text("signature").is_some()), (1, is_signed));
    }
    let (step, record) = with_record(flow, "");
    assert_eq!((text(&step, "do"), record), ("send", None));

    let (flow, _) = begin(open_payer(number(&generate(), "wallet"), ""));
    turn_away(flow);
    for step in ["save", "save", "send"] {
        let (next, record) = with_record(flow, r#","shared":true"#);
        assert_eq!((text(&next, "do"), record.unwrap().list("pending").unwrap().len()), (step, 1));
    }
    let dropped = browser::call(format!(r#"{{"call":"payer_drop","flow":{flow}}}"#).as_bytes());
    assert!(core::str::from_utf8(&dropped).unwrap().contains("\n{\"v\":1,"));
}

#[wasm_bindgen_test]
fn s61_every_payment_has_a_nonce_of_the_hosts() {
    let nonces: Vec<_> = (0..20)
        .map(|_| {
            let wallet = generate();
            let (flow, _) = begin(open_payer(number(&wallet, "wallet"), ""));
            verified(&walk_to(flow, turn_away(flow), "send")).authorization().nonce().to_owned()
        })
        .collect();
    for (index, nonce) in nonces.iter().enumerate() {
        assert!(!nonces[..index].contains(nonce) && *nonce != [0; 32]);
    }
}

#[cfg(feature = "outside-wallets")]
#[wasm_bindgen_test]
fn s66_a_wallet_outside_signs_typed_data_and_is_checked() {
    let mut bytes = [0x46; 32];
    let key = x402_wasm::signature::SecretKey::from_bytes(&mut bytes).unwrap();
    let payer = open_payer(0, &key.address().to_string());
    let (flow, _) = begin(payer);
    let sign = walk_to(flow, turn_away(flow), "sign");
    let message = sign.get("typedData").unwrap().get("message").unwrap();
    assert_eq!(text(message, "value"), "10000");
    let wrong = key.sign(&x402_wasm::eip712::Digest::from_bytes([1; 32])).to_hex();
    assert!(x402_wasm::signature::Signature::from_hex(&wrong).is_ok());
    let outcome = Value::object([("got", Some("signed".into())), ("signature", Some(wrong.into()))]);
    let failed = walk_to(flow, resume(flow, &outcome.to_string()), "fail");
    assert_eq!(code(&failed), "wallet_signature_invalid");
}

#[wasm_bindgen_test]
fn a_key_that_is_imported_is_32_bytes() {
    let wallet = read(&browser::wallet_import(vec![0x46; 32]));
    assert_eq!(text(&wallet, "address"), "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F");
    for bytes in [[0; 32].as_slice(), &[0xff; 32], &[1; 31], &[1; 33], &[]] {
        assert_eq!(code(&read(&browser::wallet_import(bytes.to_vec()))), "invalid_option");
    }
}

#[wasm_bindgen_test]
fn s76_a_destroyed_key_signs_nothing() {
    let wallet = number(&generate(), "wallet");
    let payer = open_payer(wallet, "");
    call("wallet_destroy", [("wallet", &wallet.to_string())]);
    let (flow, _) = begin(payer);
    assert_eq!(code(&walk_to(flow, turn_away(flow), "fail")), "wallet_refused");
    let spent = of_payer("payer_spending", payer);
    assert_eq!(text(spent.get("perDay").unwrap(), "spent"), "0");
}

#[wasm_bindgen_test]
fn s68_nonsense_at_the_door_is_answered() {
    for text in ["", "{", "[]", "{}", r#"{"call":"payer_begin"}"#, r#"{"call":1}"#, "\u{0}"] {
        assert_eq!(code(&read(&browser::call(text.as_bytes()))), "internal_error", "{text}");
    }
    // Whatever a lean build does not know by its name may be the full one's.
    let unknown = if cfg!(feature = "full-payer") { "internal_error" } else { "needs_full_build" };
    assert_eq!(code(&read(&browser::call(br#"{"call":"x"}"#))), unknown);
    assert_eq!(code(&read(&browser::call(b"\xff{}"))), "internal_error");
    for text in ["{}", "[]", "null", r#"{"got":"response"}"#, r#"{"got":"x"}"#] {
        assert_eq!(code(&resume(7_000_000, text)), "internal_error");
        let (flow, _) = begin(open_payer(0, "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F"));
        assert_eq!(code(&resume(flow, text)), "internal_error");
        assert_eq!(code(&call("payer_begin", [("payer", "7000000"), ("request", text)])), "internal_error");
    }
    for header in ["", "{", "{}"] {
        assert_eq!(code(&call("decode_header", [("header", &Value::from(header).to_string())])), "unreadable_header");
    }
    assert_eq!(code(&open(OPTIONS, 0, "0x0")), "invalid_option");
    assert_eq!(code(&open(OPTIONS, 7_000_000, "")), "wallet_refused");
    assert_eq!(code(&open("{}", 0, "")), "invalid_option");
    of_payer("payer_close", 7_000_000);
    call("wallet_destroy", [("wallet", "7000000")]);
}
