//! The facilitator against a simulated ledger, whose records somebody else moves on.

use super::*;
use crate::asset::Asset;
use crate::authorization::eip3009::TransferAuthorization as Authorization;
use crate::dialect::facilitator::{MAX_REQUEST_BYTES, read_settle_answer, read_supported, read_verify_answer};
use crate::dialect::v2;
use crate::gate::{BodyFault, Effect, Outcome, RequestHead, Response};
use crate::json::{Value, parse};
use crate::ledger::{Claim, Entry, Evidence, LedgerOp, LedgerOutcome, State, Stored, Transaction};
use crate::protocol::{AssetDomain, Method, Offer, PaymentRequirements, SignedPayment};
use crate::signature::SecretKey;
use crate::verify::ReplayKey;
use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::ToString as _;

mod permit2;

const NOW: u64 = 1_700_000_000;
const HASH: [u8; 32] = [9; 32];
const CONFIG: &str =
    r#"{"name":"facilitator","networks":["eip155:84532"],"signer":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C"}"#;

fn facilitator(more: &str) -> Facilitator {
    let config = CONFIG.replacen('{', &format!("{{{more}"), 1);
    Facilitator::from_config(&parse(&config).unwrap()).unwrap()
}

struct Ask {
    method: &'static str,
    path: &'static str,
    authorization: Option<&'static str>,
    body: Result<String, BodyFault>,
}

impl RequestHead for Ask {
    fn method(&self) -> Cow<'_, str> {
        self.method.into()
    }
    fn url(&self) -> Cow<'_, str> {
        format!("https://facilitator.example{}", self.path).into()
    }
    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.authorization.filter(|_| name == "authorization").map(Into::into)
    }
}

fn post(path: &'static str, body: &str) -> Ask {
    Ask { method: "POST", path, authorization: None, body: Ok(body.to_string()) }
}

fn get(path: &'static str) -> Ask {
    Ask { method: "GET", ..post(path, "") }
}

/// A cent by this method, the asset that it is in, and the key of who pays.
fn cent(method: Method) -> (PaymentRequirements, Asset, SecretKey) {
    let asset = AssetTable::default().default_for(Network::from_chain_id(84532).unwrap()).unwrap();
    let requirements = PaymentRequirements {
        network: asset.network,
        asset: asset.address,
        amount: 10_000_u64.into(),
        pay_to: Address::from_bytes([0x22; 20]),
        max_timeout_seconds: 300,
        method,
        domain: (method == Method::Eip3009).then(|| AssetDomain::of(&asset)),
    };
    (requirements, asset, SecretKey::from_bytes(&mut [0x46; 32]).unwrap())
}

/// A payment of one cent with its requirements, after `change`.
fn request_with(change: impl FnOnce(&mut Authorization)) -> String {
    let (requirements, asset, key) = cent(Method::Eip3009);
    let mut authorization = Authorization {
        from: key.address(),
        to: requirements.pay_to,
        value: requirements.amount,
        valid_after: 0,
        valid_before: NOW + 300,
        nonce: [0x77; 32],
    };
    change(&mut authorization);
    let signature = key.sign(&authorization.digest(&asset.domain()));
    let offer = Offer { requirements, echo: None };
    let payment = v2::write_payment(&SignedPayment { offer, authorization: authorization.into(), signature }, None);
    let requirements = payment.get("accepted").unwrap().clone();
    crate::dialect::facilitator::write_request(payment, requirements)
}

fn request() -> String {
    request_with(|_| {})
}

/// The same in version 1, whose networks have names.
fn request_of_v1() -> String {
    let v2 = parse(&request()).unwrap();
    let payload = v2.get("paymentPayload").unwrap().get("payload").unwrap();
    let wanted = v2.get("paymentRequirements").unwrap().to_string();
    let wanted = wanted.replace("\"amount\"", "\"maxAmountRequired\"").replace("eip155:84532", "base-sepolia");
    format!(
        r#"{{"x402Version":1,"paymentPayload":{{"x402Version":1,"scheme":"exact","network":"base-sepolia","payload":{payload}}},"paymentRequirements":{wanted}}}"#
    )
}

/// What becomes of the records while a request waits.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Nothing,
    Sent,
    Settled,
    Failed(Evidence),
    WouldRevert,
    LedgerGone,
}

struct World {
    facilitator: Facilitator,
    records: BTreeMap<ReplayKey, Stored>,
    fate: Fate,
    writes: usize,
    slept: u32,
}

impl World {
    fn new(fate: Fate) -> Self {
        Self { facilitator: facilitator(""), records: BTreeMap::new(), fate, writes: 0, slept: 0 }
    }

    fn run(&mut self, ask: &Ask) -> Response {
        let mut step = self.facilitator.begin(ask);
        loop {
            let (effect, flow) = match step {
                Step::Respond(response) => return response,
                Step::Need(effect, flow) => (effect, flow),
            };
            let outcome = self.carry_out(effect, ask);
            step = flow.resume(&self.facilitator, outcome, NOW);
        }
    }

    fn carry_out(&mut self, effect: Effect, ask: &Ask) -> Outcome {
        match effect {
            Effect::ReadBody { max_bytes } => {
                assert_eq!(max_bytes, MAX_REQUEST_BYTES);
                Outcome::Body(ask.body.clone())
            }
            Effect::Ledger(_) if self.fate == Fate::LedgerGone => Outcome::Ledger(LedgerOutcome::Unreachable),
            Effect::Ledger(LedgerOp::Read(key)) => {
                Outcome::Ledger(LedgerOutcome::Found(self.records.get(&key).cloned()))
            }
            Effect::Ledger(LedgerOp::Write { entry, expected }) => {
                self.writes += 1;
                let is_current = self.records.get(&entry.key()).map_or(0, |stored| stored.version) == expected;
                if !is_current {
                    return Outcome::Ledger(LedgerOutcome::Moved);
                }
                // What a store keeps is the text.
                let entry = Entry::from_record(&entry.to_record()).unwrap();
                let version = expected + 1;
                self.records.insert(entry.key(), Stored { entry, version });
                Outcome::Ledger(LedgerOutcome::Written(version))
            }
            Effect::Sleep { .. } => {
                self.slept += 1;
                self.move_on();
                Outcome::Woke
            }
            Effect::Ledger(LedgerOp::Remove { key, expected }) => {
                if self.records.get(&key).is_none_or(|stored| stored.version != expected) {
                    return Outcome::Ledger(LedgerOutcome::Moved);
                }
                self.records.remove(&key);
                Outcome::Ledger(LedgerOutcome::Written(expected))
            }
            other => panic!("{other:?}"),
        }
    }

    /// What the relayer does meanwhile.
    fn move_on(&mut self) {
        let transaction = Transaction { hash: HASH, raw: Vec::new(), nonce: 0, sent_at: NOW };
        for Stored { entry, .. } in self.records.values_mut().filter(|stored| !stored.entry.state().is_final()) {
            let open = entry.clone();
            *entry = match self.fate {
                Fate::Nothing | Fate::LedgerGone => open,
                Fate::Sent => open.settling(transaction.clone(), NOW).unwrap(),
                Fate::Settled => open.settled(transaction.clone(), NOW).unwrap(),
                Fate::WouldRevert => open.noted("simulation_reverts"),
                Fate::Failed(evidence) => open.failed(evidence, NOW).unwrap(),
            };
        }
    }
}

fn json(response: &Response) -> Value {
    parse(&response.body).unwrap()
}

fn said(response: &Response, name: &str) -> String {
    json(response).get(name).unwrap().as_str().unwrap().to_string()
}

#[test]
fn supported_names_kinds_and_the_signer() {
    let response = World::new(Fate::Nothing).run(&get("/supported"));
    assert_eq!(response.status, 200);
    let kinds = read_supported(&response.body).unwrap();
    let kinds: Vec<_> = kinds.iter().map(|kind| (kind.version, &*kind.scheme, &*kind.network)).collect();
    assert_eq!(kinds, [(2, "exact", "eip155:84532"), (1, "exact", "base-sepolia")]);
    let signers = json(&response).get("signers").unwrap().to_string();
    assert_eq!(signers, r#"{"eip155:*":["0x209693Bc6afc0C5328bA36FaF03C514EF312287C"]}"#);
    assert_eq!(json(&response).get("extensions"), Some(&Value::Array(Vec::new())));
}

#[test]
fn verify_says_who_pays_and_writes_nothing() {
    let mut world = World::new(Fate::Nothing);
    let response = world.run(&post("/verify", &request()));
    let answer = read_verify_answer(&response.body).unwrap();
    assert!(answer.is_valid && response.status == 200);
    assert_eq!(answer.payer, Some(SecretKey::from_bytes(&mut [0x46; 32]).unwrap().address()));
    assert_eq!(world.writes, 0);
}

#[test]
fn s14_every_refusal_has_its_stock_word_at_both_doors() {
    let other = format!("\"amount\":\"{}\"", 9_999);
    let second = |text: &str, from: &str, to: &str| {
        let (head, tail) = text.split_at(text.find("paymentRequirements").unwrap());
        format!("{head}{}", tail.replacen(from, to, 1))
    };
    let good = request();
    let cases = [
        (request_with(|own| own.to = Address::from_bytes([1; 20])), 200, "invalid_exact_evm_recipient_mismatch"),
        (
            request_with(|own| own.value = 9_999_u64.into()),
            200,
            "invalid_exact_evm_payload_authorization_value_mismatch",
        ),
        (request_with(|own| own.valid_before = NOW + 5), 200, "invalid_exact_evm_payload_authorization_valid_before"),
        (
            request_with(|own| own.valid_before = NOW + 100_000),
            200,
            "invalid_exact_evm_payload_authorization_valid_before",
        ),
        (request_with(|own| own.valid_after = NOW), 200, "invalid_exact_evm_payload_authorization_valid_after"),
        (good.replacen("0x7777", "0x7778", 1), 200, "invalid_exact_evm_signature"),
        (second(&good, "\"amount\":\"10000\"", &other), 200, "No matching payment requirements"),
        (good.replace("eip155:84532", "eip155:8453"), 200, "No matching payment requirements"),
        (good.replace("\"exact\"", "\"deferred\""), 200, "invalid_exact_evm_scheme"),
        (good.replacen("\"x402Version\":2", "\"x402Version\":3", 1), 400, "unsupported_payload_type"),
        (good.replacen("\"payload\"", "\"load\"", 1), 400, "unsupported_payload_type"),
        (good.replacen("\"paymentRequirements\"", "\"requirements\"", 1), 400, "unsupported_payload_type"),
        (good.replacen('{', "{\"x402Version\":2,", 1), 400, "invalid_json"),
        ("[]".to_string(), 400, "unsupported_payload_type"),
        (String::new(), 400, "invalid_json"),
    ];
    for (body, status, reason) in cases {
        let mut world = World::new(Fate::Settled);
        let verified = world.run(&post("/verify", &body));
        let answer = read_verify_answer(&verified.body).unwrap();
        assert_eq!((verified.status, said(&verified, "invalidReason")), (status, reason.to_string()), "{body}");
        assert!(!answer.is_valid);
        let settled = world.run(&post("/settle", &body));
        let answer = read_settle_answer(&settled.body).unwrap();
        assert_eq!((settled.status, said(&settled, "errorReason")), (status, reason.to_string()), "{body}");
        assert!(!answer.success && answer.transaction.is_none() && world.writes == 0);
    }
}

#[test]
fn s38_a_payment_is_taken_on_once_and_its_success_is_told_once() {
    let mut world = World::new(Fate::Settled);
    let first = world.run(&post("/settle", &request()));
    let answer = read_settle_answer(&first.body).unwrap();
    assert_eq!((answer.success, answer.transaction), (true, Some(HASH)));
    assert_eq!(answer.network, Network::from_chain_id(84532).ok());
    // The same payment, and its nonce signed for another time.
    let later = request_with(|own| own.valid_before = NOW + 301);
    for (again, transaction) in [(request(), Some(HASH)), (later, None)] {
        let answer = read_settle_answer(&world.run(&post("/settle", &again)).body).unwrap();
        assert_eq!((answer.success, answer.transaction), (false, transaction));
        assert_eq!(answer.reason.as_deref(), Some("invalid_exact_evm_nonce_already_used"));
        let verdict = read_verify_answer(&world.run(&post("/verify", &again)).body).unwrap();
        assert_eq!(
            (verdict.is_valid, verdict.reason.as_deref()),
            (false, Some("invalid_exact_evm_nonce_already_used"))
        );
    }
    assert_eq!(world.records.len(), 1);
    // Nobody waits for what is settled already.
    assert_eq!(world.slept, 1);
}

#[test]
fn s38_a_nonce_that_was_signed_twice_is_never_told_with_the_transfer_of_the_other() {
    let mut world = World::new(Fate::Sent);
    assert_eq!(said(&world.run(&post("/settle", &request())), "errorReason"), "settlement_pending");
    world.fate = Fate::Settled;
    for other in [request_with(|own| own.valid_before = NOW + 301), request_with(|own| own.valid_after = 1)] {
        let verdict = read_verify_answer(&world.run(&post("/verify", &other)).body).unwrap();
        let settled = read_settle_answer(&world.run(&post("/settle", &other)).body).unwrap();
        assert!(!verdict.is_valid && !settled.success && settled.transaction.is_none());
    }
    // Whose payment it is may still come for it.
    assert!(read_verify_answer(&world.run(&post("/verify", &request())).body).unwrap().is_valid);
    assert!(read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap().success);
}

#[test]
fn version_1_gets_its_own_spelling_of_the_same_settlement() {
    let mut world = World::new(Fate::Settled);
    let valid = world.run(&post("/verify", &request_of_v1()));
    assert!(read_verify_answer(&valid.body).unwrap().is_valid, "{}", valid.body);
    let first = world.run(&post("/settle", &request_of_v1()));
    assert_eq!(said(&first, "network"), "base-sepolia");
    let again = world.run(&post("/settle", &request()));
    assert_eq!(said(&again, "network"), "eip155:84532");
    assert_eq!(said(&again, "errorReason"), "invalid_exact_evm_nonce_already_used");
    assert_eq!(world.records.len(), 1);
    // Refused after reading it, and while.
    for (from, to, reason) in [
        ("0x7777", "0x7778", "invalid_exact_evm_payload_signature"),
        ("\"exact\"", "\"deferred\"", "unsupported_scheme"),
        ("\"payload\"", "\"load\"", "invalid_payload"),
    ] {
        let refused = world.run(&post("/settle", &request_of_v1().replacen(from, to, 1)));
        assert_eq!((said(&refused, "errorReason"), said(&refused, "network")), (reason.into(), "base-sepolia".into()));
    }
    let nowhere = request_of_v1().replace("base-sepolia", "<b>");
    assert_eq!(said(&world.run(&post("/settle", &nowhere)), "network"), "");
    let mixed = request_of_v1().replacen("\"x402Version\":1", "\"x402Version\":2", 1);
    assert_eq!(world.run(&post("/verify", &mixed)).status, 400);
}

#[test]
fn s46_what_is_not_over_is_pending_with_its_hash_and_never_refused() {
    let mut world = World::new(Fate::Sent);
    let pending = read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap();
    assert_eq!((pending.success, pending.reason.as_deref()), (false, Some("settlement_pending")));
    assert_eq!(pending.transaction, Some(HASH));
    assert!((1..=51).contains(&world.slept));
    // Whoever comes back for it does not wait until the relayer would have looked again.
    let stored = world.records.values_mut().next().unwrap();
    stored.entry = stored.entry.clone().postponed(NOW + 60);
    world.run(&post("/settle", &request()));
    assert_eq!(world.records.values().next().unwrap().entry.due_at(), Some(NOW));
    world.fate = Fate::Settled;
    assert!(read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap().success);

    let mut world = World::new(Fate::Nothing);
    let unsent = read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap();
    assert_eq!((unsent.transaction, unsent.reason.as_deref()), (None, Some("settlement_pending")));
}

#[test]
fn s47_what_failed_is_told_with_its_evidence() {
    for (evidence, reason) in [
        (Evidence::Expired, "invalid_exact_evm_payload_authorization_valid_before"),
        (Evidence::Cancelled, "invalid_exact_evm_nonce_already_used"),
        (Evidence::Diverted, "invalid_exact_evm_nonce_already_used"),
    ] {
        let mut world = World::new(Fate::Failed(evidence));
        let answer = read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap();
        assert_eq!((answer.success, answer.reason.as_deref()), (false, Some(reason)));
    }
}

#[test]
fn s43_a_transfer_that_would_revert_is_refused_and_the_payment_stays_unused() {
    let mut world = World::new(Fate::WouldRevert);
    let answer = read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap();
    let reason = Some("invalid_exact_evm_transaction_simulation_failed");
    assert_eq!((answer.success, answer.reason.as_deref()), (false, reason));
    assert!(world.records.is_empty());
    world.fate = Fate::Settled;
    assert!(read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap().success);
}

#[test]
fn s21_a_ledger_that_is_away_gives_no_verdict() {
    let response = World::new(Fate::LedgerGone).run(&post("/settle", &request()));
    assert_eq!(response.status, 503);
    assert_eq!(read_settle_answer(&response.body), None);
}

#[test]
fn s42_what_a_gate_sold_in_the_same_ledger_is_not_settled_for_another() {
    let mut world = World::new(Fate::Settled);
    world.run(&post("/settle", &request()));
    let sold = crate::ledger::tests::verified();
    let entry = Entry::claimed(&sold, "https://cinema.example", "matinee", Claim { at: NOW, lease_until: NOW });
    for stored in world.records.values_mut() {
        stored.entry = entry.clone();
    }
    let answer = read_settle_answer(&world.run(&post("/settle", &request())).body).unwrap();
    assert_eq!((answer.success, answer.reason.as_deref()), (false, Some("invalid_exact_evm_nonce_already_used")));
}

#[test]
fn doors_methods_and_bodies_that_are_not_ours_are_told_apart() {
    let mut world = World::new(Fate::Nothing);
    let mut status = |ask: Ask| world.run(&ask).status;
    assert_eq!(status(get("/verify")), 405);
    assert_eq!(status(post("/supported", "")), 405);
    for path in ["/", "/settle/", "//settle", "/x/settle", "/%73ettle", "/SETTLE"] {
        assert_eq!(status(post(path, "")), 404, "{path}");
    }
    for (fault, code) in [(BodyFault::TooLarge, 413), (BodyFault::TooSlow, 408), (BodyFault::NotText, 400)] {
        assert_eq!(status(Ask { body: Err(fault), ..post("/settle", "") }), code);
    }
    let mut world = World { facilitator: facilitator(r#""path":"/x402","#), ..world };
    assert_eq!(world.run(&get("/x402/supported")).status, 200);
    assert_eq!(world.run(&get("/supported")).status, 404);
}

#[test]
fn only_who_knows_a_secret_is_let_in() {
    let with = |authorization| Ask { authorization, ..get("/supported") };
    let mut world = World {
        facilitator: facilitator(r#""secrets":["sixteen or more 1","sixteen or more 2"],"#),
        ..World::new(Fate::Nothing)
    };
    for good in ["Bearer sixteen or more 1", "bearer sixteen or more 2"] {
        assert_eq!(world.run(&with(Some(good))).status, 200);
    }
    for bad in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Basic sixteen or more 1"),
        Some("Bearer sixteen or more"),
    ] {
        assert_eq!(world.run(&with(bad)).status, 401, "{bad:?}");
    }
}

#[test]
fn payees_that_are_not_listed_are_not_settled_for() {
    let listed = format!(r#""payees":["{}"],"#, Address::from_bytes([0x22; 20]));
    let other = r#""payees":["0x209693Bc6afc0C5328bA36FaF03C514EF312287C"],"#;
    for (payees, is_valid) in [(&*listed, true), (other, false)] {
        let mut world = World { facilitator: facilitator(payees), ..World::new(Fate::Nothing) };
        let response = world.run(&post("/verify", &request()));
        assert_eq!(read_verify_answer(&response.body).unwrap().is_valid, is_valid);
    }
}

#[test]
fn s21_what_is_wrong_in_the_options_is_named() {
    for (config, problem) in [
        ("{}", "networks is a list"),
        (r#"{"networks":[]}"#, "networks is a list"),
        (r#"{"networks":["base"]}"#, "networks is a list"),
        (r#"{"networks":["eip155:1"],"name":"x"}"#, "signer is missing"),
        (&*CONFIG.replacen('{', r#"{"secrets":["short"],"#, 1), "secrets are texts"),
        (&*CONFIG.replacen('{', r#"{"payees":["0x1"],"#, 1), "payees are addresses"),
        (&*CONFIG.replacen('{', r#"{"path":"/x/","#, 1), "path is a path"),
        (&*CONFIG.replacen('{', r#"{"netwoks":[],"#, 1), "netwoks is not an option"),
        (&*CONFIG.replacen('{', r#"{"forgets":"forgets","#, 1), "ledger forgets"),
    ] {
        let config = parse(config).unwrap();
        let error = Facilitator::from_config(&config).err().unwrap().to_string();
        assert!(error.starts_with(problem), "{error}");
    }
}

#[test]
fn the_relayer_finds_the_record_as_it_leaves_it() {
    let mut world = World::new(Fate::Nothing);
    world.run(&post("/settle", &request()));
    let entry = &world.records.first_key_value().unwrap().1.entry;
    assert_eq!((entry.state(), entry.due_at(), entry.grant()), (State::Claimed, Some(NOW), None));
    // S44: clocks differ, and its success is told once for as long as it could be asked for.
    assert!(!entry.is_over(entry.authorization().deadline() + 86_400));
    assert_eq!((entry.gate(), entry.scope()), ("facilitator", "settle"));
}
