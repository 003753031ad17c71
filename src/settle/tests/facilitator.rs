//! A facilitator that lies, stalls and breaks: what its word is worth with a chain to ask, and without one.

use super::chain::payment;
use super::world::{Fault, World};
use crate::address::Address;
use crate::encoding::hex;
use crate::http::{HttpAnswer, HttpFault};
use crate::json::parse;
use crate::ledger::tests::NOW;
use crate::ledger::{Entry, Evidence, State};
use crate::protocol::Method;
use crate::settle::{FacilitatorClient, Finding, method};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const RPC: &str = r#","rpc":"http://node""#;
const NO_RPC: &str = "";
const HASH: [u8; 32] = [9; 32];

#[allow(clippy::unnecessary_wraps, reason = "what the shell answers with")]
fn answer(status: u16, body: &str) -> Result<HttpAnswer, HttpFault> {
    Ok(HttpAnswer { status, body: body.to_string(), retry_after: None })
}

/// An answer of success; `changes` stand in for the members of its end.
fn success(changes: &str) -> String {
    format!(r#"{{"success":true,"transaction":"{}","network":"eip155:84532"{changes}}}"#, hex(&HASH))
}

fn refusal(reason: &str) -> Result<HttpAnswer, HttpFault> {
    answer(200, &format!(r#"{{"success":false,"errorReason":"{reason}","transaction":"","network":"eip155:84532"}}"#))
}

fn pending() -> Result<HttpAnswer, HttpFault> {
    let body = success(r#","errorReason":"settlement_pending""#).replace("true", "false");
    answer(200, &body)
}

#[test]
fn s51_without_a_chain_the_word_of_the_facilitator_is_recorded_as_its_word() {
    let (mut world, key) = World::with_facilitator(NO_RPC);
    let payer = world.entry(key).authorization().payer();
    world.script.push_back(answer(200, &success(&format!(r#","payer":"{payer}","amount":"10000""#))));
    assert_eq!(world.look(key), Finding::Reported);
    let entry = world.entry(key);
    assert_eq!((entry.state(), entry.closed().unwrap().1), (State::Settled, Evidence::Reported));
    assert_eq!(entry.transaction().unwrap().hash, HASH);
    assert_eq!(world.handed, ["the same bytes"]);
}

#[test]
fn s48_with_a_chain_its_word_is_a_hint_and_the_event_is_the_proof() {
    let (mut world, key) = World::with_facilitator(RPC);
    world.script.push_back(answer(200, &success("")));
    assert_eq!(world.look(key), Finding::Pending);
    assert_eq!(world.entry(key).state(), State::Settling);
    // The transaction does not exist: it is asked again, and believed as little.
    world.script.push_back(answer(200, &success("")));
    assert_eq!(world.look(key), Finding::Pending);
    let authorization = *world.entry(key).authorization();
    let hash = world.chain.mine_foreign(NOW + 9, payment(&authorization));
    assert_eq!(world.look(key), Finding::Settled);
    let entry = world.entry(key);
    assert_eq!((entry.transaction().unwrap().hash, entry.closed().unwrap().1), (hash, Evidence::Transferred));
    assert_eq!(world.handed.len(), 2);
}

/// Found by the simulation, seed 25205. Checks of one payer look alike but for their nonce.
#[test]
fn s49_s51_a_facilitator_that_names_another_checks_transaction_is_not_paid_for_twice_with_it() {
    for method in [Method::Eip3009, Method::Permit2] {
        let (mut world, key) = World::with_facilitator_by(method, RPC);
        let other = world.claim_by(method, [0x78; 32]);
        let own = world.entry(key).clone();
        let cash = |world: &mut World, entry: &Entry, at| match method {
            Method::Eip3009 => world.chain.mine_foreign(at, payment(entry.authorization())),
            _ => world.chain.mine_call(at, call(entry)),
        };
        let other = cash(&mut world, &other, NOW + 1);
        let named = |hash: &[u8; 32]| answer(200, &success("").replace(&hex(&HASH), &hex(hash)));
        for _ in 0..4 {
            world.script.push_back(named(&other));
            world.look(key);
            assert!(!world.entry(key).state().is_final(), "{method:?}");
        }
        let hash = cash(&mut world, &own, NOW + 9);
        for _ in 0..2 {
            world.script.push_back(named(&hash));
            world.look(key);
        }
        let entry = world.entry(key);
        assert_eq!((entry.state(), entry.transaction().unwrap().hash), (State::Settled, hash), "{method:?}");
    }
}

fn call(entry: &Entry) -> (Address, Vec<u8>) {
    let call = method::cash(entry);
    (call.to, call.data)
}

#[test]
fn s46_s51_whatever_is_no_answer_of_success_is_unknown_and_never_failed() {
    let lies = [
        answer(200, &success("").replace(&hex(&HASH), "")),
        answer(200, r#"{"success":true,"network":"eip155:84532"}"#),
        answer(200, &success("").replace("84532", "8453")),
        answer(200, &success("").replace("eip155:84532", "base-sepolia")),
        answer(200, &success(r#","payer":"0x0000000000000000000000000000000000000001""#)),
        answer(200, &success(r#","amount":"9999""#)),
        answer(200, &success(r#","amount":10000"#).replace("true", "\"yes\"")),
        answer(200, &success("").replace("0x09", "0x9")),
        answer(200, &success("")[..90]),
        answer(200, &success(r#","success":true"#)),
        answer(200, "<html><body>200</body></html>"),
        answer(200, "null"),
        answer(200, ""),
        answer(302, ""),
        answer(308, &success("")),
        answer(502, "<html><body>502</body></html>"),
        answer(503, &success("")),
        answer(429, ""),
        Err(HttpFault::TooSlow),
        Err(HttpFault::TooLarge),
        Err(HttpFault::NotText),
        Err(HttpFault::Unreachable),
    ];
    for lie in lies {
        for rpc in [RPC, NO_RPC] {
            let (mut world, key) = World::with_facilitator(rpc);
            world.script.push_back(lie.clone());
            let finding = world.look(key);
            assert!(matches!(finding, Finding::FacilitatorUnclear | Finding::FacilitatorContradicts), "{lie:?}");
            assert_eq!(world.entry(key).state(), State::Unknown, "{lie:?}");
            assert!(world.entry(key).transaction().is_none(), "{lie:?}");
            assert!(world.entry(key).due_at().unwrap() > world.now);
        }
    }
}

#[test]
fn s46_pending_is_asked_again_with_the_same_bytes_until_it_is_over() {
    let (mut world, key) = World::with_facilitator(NO_RPC);
    world.script.extend([pending(), Err(HttpFault::TooSlow), pending(), answer(200, &success(""))]);
    assert_eq!(world.look(key), Finding::Pending);
    assert_eq!(world.entry(key).state(), State::Settling);
    assert_eq!(world.entry(key).transaction().unwrap().hash, HASH);
    assert_eq!(world.look(key), Finding::FacilitatorUnclear);
    assert_eq!(world.look(key), Finding::Pending);
    assert_eq!(world.look(key), Finding::Reported);
    assert_eq!(world.handed, ["the same bytes"; 4]);
}

#[test]
fn s47_a_refusal_closes_nothing_before_the_window_is_over() {
    let (mut world, key) = World::with_facilitator(NO_RPC);
    world.script.extend([refusal("insufficient_funds"), refusal("<script>"), answer(400, r#"{"success":false}"#)]);
    for reason in ["insufficient_funds", "refused", "refused"] {
        assert_eq!(world.look(key), Finding::FacilitatorRefused);
        let entry = world.entry(key);
        assert_eq!((entry.state(), entry.handover().unwrap().refusal.as_deref()), (State::Settling, Some(reason)));
    }
    world.now = NOW + 300 + 60;
    world.script.push_back(refusal("invalid_exact_evm_payload_authorization_valid_before"));
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Refused);
}

#[test]
fn s46_a_refusal_after_something_in_the_dark_never_fails_the_payment() {
    for dark in [Err(HttpFault::TooSlow), pending()] {
        let (mut world, key) = World::with_facilitator(NO_RPC);
        // It may have been settled by the question whose answer never came.
        world.script.extend([dark, refusal("invalid_exact_evm_nonce_already_used")]);
        world.look(key);
        assert_eq!(world.look(key), Finding::FacilitatorRefused);
        world.now = NOW + 300 + 60;
        world.script.push_back(refusal("invalid_exact_evm_nonce_already_used"));
        assert_eq!(world.look(key), Finding::GivenUp);
        let entry = world.entry(key);
        assert_eq!((entry.state(), entry.due_at()), (State::Unknown, None));
    }
}

#[test]
fn s46_a_crash_between_asking_and_hearing_counts_as_something_in_the_dark() {
    let (mut world, key) = World::with_facilitator(NO_RPC);
    let crash = |number| if number == 1 { Fault::CrashAfter } else { Fault::None };
    assert_eq!(world.look_with(key, crash), None);
    assert_eq!(world.entry(key).state(), State::Settling);
    world.script.push_back(refusal("invalid_exact_evm_nonce_already_used"));
    assert_eq!(world.look(key), Finding::FacilitatorRefused);
    assert_eq!(world.entry(key).state(), State::Unknown);
}

#[test]
fn s49_s47_with_a_chain_the_chain_closes_and_the_facilitator_cannot() {
    let (mut world, key) = World::with_facilitator(RPC);
    world.script.extend([Err(HttpFault::TooSlow), refusal("nonce_already_used")]);
    world.look(key);
    world.look(key);
    let authorization = *world.entry(key).authorization();
    world.chain.mine_foreign(NOW + 20, payment(&authorization));
    assert_eq!(world.look(key), Finding::Settled);

    let (mut world, key) = World::with_facilitator(RPC);
    world.script.extend([refusal("insufficient_funds"), answer(200, &success(""))]);
    world.look(key);
    world.look(key);
    world.chain.mine(NOW + 300);
    assert_eq!(world.look(key), Finding::Failed);
    assert_eq!(world.entry(key).closed().unwrap().1, Evidence::Expired);
}

#[test]
fn s47_what_is_not_written_is_not_handed_over() {
    for fault in [Fault::LedgerUnreachable, Fault::Conflict, Fault::CrashBefore] {
        let (mut world, key) = World::with_facilitator(NO_RPC);
        world.look_with(key, |number| if number == 0 { fault } else { Fault::None });
        assert!(world.handed.is_empty(), "{fault:?}");
    }
}

#[test]
fn a_check_of_another_settler_is_not_handed_over() {
    let (mut world, _) = World::with_facilitator(NO_RPC);
    let key = world.grant([0x78; 32]);
    assert_eq!(world.look(key), Finding::NotForFacilitator);
    assert_eq!(world.entry(key).state(), State::Granted);
    assert!(world.handed.is_empty());
}

#[test]
fn a_facilitator_that_asks_for_a_rest_gets_one() {
    let (mut world, key) = World::with_facilitator(NO_RPC);
    for (asked, rest) in [(40, 40), (100_000, 300)] {
        world.script.push_back(Ok(HttpAnswer { status: 429, body: String::new(), retry_after: Some(asked) }));
        world.look(key);
        assert_eq!(world.entry(key).due_at(), Some(world.now + rest));
    }
}

#[test]
fn its_options_are_read_strictly() {
    let read = |text: &str| FacilitatorClient::from_value(&parse(text).unwrap());
    let (facilitator, config) = read(r#"{"url":"https://f.example/x402//","when":"after"}"#).unwrap();
    assert_eq!(facilitator.supported().url, "https://f.example/x402/supported");
    assert_eq!((facilitator.supported().method, facilitator.supported().body), ("GET", None));
    assert_eq!(facilitator.verify("b".to_string()).url, "https://f.example/x402/verify");
    assert_eq!(facilitator.verify("b".to_string()).timeout_ms, 30_000);
    assert_eq!((config.rpc.len(), config.confirmations), (0, 1));
    let wrong: Vec<_> = [
        "[]",
        "{}",
        r#"{"url":"ftp://f"}"#,
        r#"{"url":"https://u:p@f"}"#,
        r#"{"url":"https://f?x"}"#,
        r#"{"url":"https://f","timeoutMs":0}"#,
        r#"{"url":"https://f","timeoutMs":"1"}"#,
        r#"{"url":"https://f","timeoutMs":600001}"#,
        r#"{"url":"https://f","confirmations":0}"#,
        r#"{"url":"https://f","rpc":1}"#,
        r#"{"url":"https://f","rpc":""}"#,
        r#"{"url":"https://f","when":"never"}"#,
        r#"{"url":"https://f","key":"0x00"}"#,
    ]
    .into_iter()
    .filter(|text| read(text).is_ok())
    .collect();
    assert_eq!(wrong, [""; 0]);
}
