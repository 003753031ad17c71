//! The verifying build in a real browser engine: the door, live `Request` and `Headers` objects, and a purchase step by
//! step.
#![cfg(all(target_arch = "wasm32", feature = "edge", feature = "cashier"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Request;
use x402_wasm::address::Address;
use x402_wasm::amount::Amount;
use x402_wasm::asset::AssetTable;
use x402_wasm::authorization::eip3009::TransferAuthorization;
use x402_wasm::dialect::v2;
use x402_wasm::edge::{account, gate, record, settler};
use x402_wasm::network::Network;
use x402_wasm::protocol::{AssetDomain, Method, Offer, PaymentRequirements, SignedPayment};
use x402_wasm::signature::SecretKey;

wasm_bindgen_test_configure!(run_in_browser);

const NOW: u32 = 1_700_000_000;
const FILM: &str = "https://cinema.example/films/1";
const CONFIG: &str = r#"{
  "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "network": "eip155:84532", "settles": true,
  "tickets": {"issuer": "https://cinema.example", "keys": [{"kid": "a", "secret": "0123456789abcdef0123456789abcdef"}]},
  "routes": {"GET /films/:id": {"price": "$0.01", "ticket": {"scope": "matinee"}}}, "free": ["GET /"]
}"#;

fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_else(|| panic!("no {name} in {:?}", JSON::stringify(object)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "handles are small whole numbers")]
fn handle(step: &JsValue, name: &str) -> u32 {
    get(step, name).as_f64().unwrap() as u32
}

fn open() -> u32 {
    gate::gate_open(js(CONFIG), js("{}")).unwrap()
}

/// The code with which a gate is not opened, where it is not.
fn need(option: &str, settler: &str) -> Option<String> {
    let config = CONFIG.replace("\"free\"", &format!("{option} \"free\""));
    gate::gate_open(js(&config), js(settler)).err().map(|error| text(&error, "code"))
}

fn request(header: Option<(&str, &str)>) -> Request {
    let request = Request::new_with_str(FILM).unwrap();
    if let Some((name, value)) = header {
        request.headers().set(name, value).unwrap();
    }
    request
}

fn payment() -> String {
    let asset = AssetTable::default().default_for(Network::from_chain_id(84532).unwrap()).unwrap();
    let key = SecretKey::from_bytes(&mut [0x46; 32]).unwrap();
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount: Amount::from(10_000),
        pay_to: Address::from_config("0x209693Bc6afc0C5328bA36FaF03C514EF312287C").unwrap(),
        max_timeout_seconds: 300,
        domain: Some(AssetDomain::of(&asset)),
    };
    let authorization = TransferAuthorization {
        from: key.address(),
        to: requirements.pay_to,
        value: requirements.amount,
        valid_after: 0,
        valid_before: u64::from(NOW) + 300,
        nonce: [1; 32],
    };
    let signature = key.sign(&authorization.digest(&asset.domain()));
    let offer = Offer { requirements, echo: None };
    v2::to_header(&v2::write_payment(&SignedPayment { offer, authorization: authorization.into(), signature }, None))
}

/// Sends a payment on the resource and answers the store's part; returns the receipt and the stored record.
fn buy(gate: u32) -> (String, String) {
    let step = gate::gate_begin(gate, &request(Some(("PAYMENT-SIGNATURE", &payment()))), NOW).unwrap();
    assert_eq!(text(&step, "do"), "ledger");
    assert_eq!(get(&step, "expected").as_f64(), Some(0.0));
    let step = gate::flow_resume(handle(&step, "flow"), js(r#"{"written":1}"#), NOW).unwrap();
    assert_eq!(text(&step, "do"), "handle");
    let step = gate::flow_resume(handle(&step, "flow"), js(r#"{"status":200}"#), NOW).unwrap();
    let record = text(&step, "record");
    let step = gate::flow_resume(handle(&step, "flow"), js(r#"{"written":1}"#), NOW).unwrap();
    assert_eq!(text(&step, "do"), "deliver");
    let receipt = get(&step, "receipt");
    assert_eq!(text(&receipt, "0"), "PAYMENT-RESPONSE");
    (text(&receipt, "1"), record)
}

#[wasm_bindgen_test]
fn a_stranger_gets_the_challenge() {
    let step = gate::gate_begin(open(), &request(None), NOW).unwrap();
    assert_eq!(text(&step, "do"), "respond");
    assert_eq!(get(&step, "status").as_f64(), Some(402.0));
    assert!(text(&step, "body").contains("payment_required"));
}

#[wasm_bindgen_test]
fn a_payment_buys_a_ticket_that_opens_the_gate() {
    let gate = open();
    let (receipt, record) = buy(gate);
    let ticket = v2::read_receipt(&receipt).unwrap().ticket.unwrap().text;
    let step = gate::gate_begin(gate, &request(Some(("Authorization", &format!("Bearer {ticket}")))), NOW).unwrap();
    assert_eq!(text(&step, "do"), "admit");
    assert_eq!(text(&get(&step, "ticket"), "scope"), "matinee");
    assert_eq!(text(&record::record_public(&record), "state"), "granted");
    assert_eq!(record::record_gate(&record).as_deref(), Some("https://cinema.example"));
}

#[wasm_bindgen_test]
fn a_paid_answer_is_dressed() {
    let dress = gate::gate_dress(open(), js(r#"["public, max-age=60", null, "X-Own"]"#)).unwrap();
    let of = |place| text(&get(&dress, place), "1");
    assert_eq!(of("0"), "private, max-age=60");
    assert_eq!(of("1"), "*");
    assert!(of("2").starts_with("X-Own, "));
}

#[wasm_bindgen_test]
fn a_check_is_taken_to_the_chain() {
    let (_, record) = buy(open());
    let key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    let config = format!(r#"{{"rpc":"http://127.0.0.1:8545","key":"{key}"}}"#);
    let relayer = settler::relayer_open(js(&config)).unwrap();
    assert_eq!(account::relayer_account(js(&config)).unwrap(), "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    let stored = js("{}");
    Reflect::set(&stored, &"record".into(), &record.into()).unwrap();
    Reflect::set(&stored, &"version".into(), &2.into()).unwrap();
    let step = settler::round_begin(relayer, Array::of1(&stored).into(), NOW).unwrap();
    assert_eq!(text(&step, "do"), "http");
    assert!(text(&step, "body").contains("eth_getTransactionCount"));
    let step = settler::round_resume(handle(&step, "round"), js(r#"{"http":{"fault":"slow"}}"#), NOW).unwrap();
    assert_eq!(text(&step, "do"), "ledger");
}

#[wasm_bindgen_test]
fn s21_the_lean_gate_opens_nothing_that_it_cannot_do() {
    let lean = (!cfg!(feature = "full-gate")).then(|| "needs_full_gate".to_owned());
    for option in [
        r#""chains": {"eip155:84532": {"rpc": "https://a.example"}},"#,
        r#""settleVia": {"url": "https://a.example"},"#,
        r#""settleVia": {"url": "https://a.example", "account": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"},
           "handlers": [{"scope": "metered", "price": "$0.01", "scheme": "upto"}],"#,
        r#""verifyVia": {"url": "https://a.example"},"#,
        r#""paymentIdentifier": "required","#,
        r#""signIn": {"origin": "https://a.example"}, "seed": "0123456789abcdef0123456789abcdef","#,
        r#""offerReceipt": {"origin": "https://a.example", "key": "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"},"#,
    ] {
        assert_eq!(need(option, "{}"), lean, "{option}");
    }
    for option in ["", r#""chains": {},"#, r#""signIn": null,"#] {
        assert_eq!(need(option, "{}"), None, "{option}");
    }
    assert!(need(r#""signIn": {},"#, "{}").is_some());
}

#[wasm_bindgen_test]
fn a_settler_is_looked_at_when_the_gate_opens() {
    let relayer = |members: &str| need("", &format!(r#"{{"kind": "relayer", "options": {{{members}}}}}"#));
    let node = r#""rpc": "http://127.0.0.1:8545""#;
    let key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    assert_eq!(relayer(&format!(r#"{node}, "key": "{key}""#)), None);
    assert_eq!(relayer(node).as_deref(), Some("invalid_relayer_key"));
    assert_eq!(relayer(&format!(r#""key": "{key}""#)).as_deref(), Some("invalid_relayer_rpc"));
    if cfg!(feature = "full-gate") {
        let via = r#""settleVia": {"url": "ftp://a.example"},"#;
        let options = r#"{"kind": "facilitator", "options": {"url": "ftp://a.example"}}"#;
        assert_eq!(need(via, options).as_deref(), Some("invalid_facilitator"));
    }
}

#[wasm_bindgen_test]
fn s21_what_is_wrong_is_told_with_a_code() {
    let error = gate::gate_open(js("{}"), js("{}")).unwrap_err();
    assert_eq!(text(&error, "code"), "invalid_config");
    let error = gate::gate_begin(99_999, &request(None), NOW).unwrap_err();
    assert_eq!(text(&error, "code"), "internal_error");
    let error = gate::flow_resume(99_999, js(r#"{"woke":true}"#), NOW).unwrap_err();
    assert_eq!(text(&error, "code"), "internal_error");
    assert!(settler::round_begin(1, js("[]"), NOW).is_err());
}
