//! Every answer that a node can give: honest, lying, broken, or none.

use super::super::{inspect, tests as payments};
use super::*;
use crate::amount::Amount;
use crate::encoding::hex;
use crate::signature::SecretKey;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec;

const YES: &str = "1626ba7e00000000000000000000000000000000000000000000000000000000";
const FACTORY: Address = Address::from_bytes([0xfa; 20]);
const CODE: &str = "0x6001";
/// What an account of EIP-7702 has in place of code.
const DELEGATED: &str = "0xef01001111111111111111111111111111111111111111";

/// The places of the answers.
const CHAIN: usize = 0;
const ACCOUNT: usize = 1;
const WORD: usize = 2;
const BALANCE: usize = 3;
const STATE: usize = 4;
const TRANSFER: usize = 5;
const DEPLOYED: usize = 6;

fn result(value: &str) -> String {
    format!("\"result\":\"{value}\"")
}

fn error(message: &str) -> String {
    format!("\"error\":{{\"code\":-32000,\"message\":\"{message}\"}}")
}

fn uint(number: u64) -> String {
    result(&hex(&Amount::from(number).to_be_bytes()))
}

fn reverts() -> String {
    error("execution reverted: no")
}

/// A chain on which the key of the payer decides, and has what it signed for.
fn of_a_key() -> Vec<String> {
    vec![result("0x14a34"), result("0x"), result("0x"), uint(10_000), uint(0), result("0x")]
}

/// One on which a contract decides, and says yes.
fn of_a_contract(code: &str) -> Vec<String> {
    let mut answers = of_a_key();
    (answers[ACCOUNT], answers[WORD]) = (result(code), result(&format!("0x{YES}")));
    answers
}

/// One that has no such account yet. Its simulation: deployed or not, what the contract answered, moved or not.
fn before_deployment(deployed: bool, word: Option<&str>, moved: bool) -> Vec<String> {
    let size = |number: u64| Amount::from(number).to_be_bytes().map(|byte| format!("{byte:02x}")).concat();
    let results = [(deployed, ""), (word.is_some(), word.unwrap_or("")), (moved, "")];
    let (mut places, mut bodies) = (String::new(), String::new());
    for (succeeded, data) in results {
        places.push_str(&size(96 + bodies.len() as u64 / 2));
        let parts = [size(succeeded.into()), size(64), size(data.len() as u64 / 2), data.to_string()];
        bodies.push_str(&parts.concat());
    }
    let mut answers = of_a_key();
    answers.push(result(&["0x", &size(32), &size(3), &places, &bodies].concat()));
    answers
}

fn body(answers: &[String]) -> String {
    let entry = |(id, answer): (usize, &String)| format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},{answer}}}");
    format!("[{}]", answers.iter().enumerate().map(entry).collect::<Vec<_>>().join(","))
}

fn candidate(seal: Seal) -> Candidate {
    let payment = crate::protocol::ReceivedPayment { seal, ..payments::payment() };
    inspect(&payment, &[payments::own()], payments::NOW, payments::SKEW).unwrap()
}

fn by_key() -> Candidate {
    candidate(payments::payment().seal)
}

fn by_permit() -> Candidate {
    let (own, payment) = payments::permit2::payment();
    inspect(&payment, &[own], payments::NOW, payments::SKEW).unwrap()
}

fn of_wallet() -> Candidate {
    candidate(Seal::Contract(vec![0xab; 130]))
}

fn of_unborn_wallet() -> Candidate {
    candidate(Seal::Undeployed(Deployment { factory: FACTORY, calldata: vec![1, 2], signature: vec![0xcd; 70] }))
}

const fn answered(status: u16, body: String) -> HttpAnswer {
    HttpAnswer { status, body, retry_after: None }
}

/// The verdict in short: whether it is the payer's, and what stands against it. `None` where there is none.
fn told(candidate: Candidate, factories: &[Address], answers: &[String]) -> Option<Result<Option<Refusal>, Refusal>> {
    match candidate.weigh(&Ok(answered(200, body(answers))), factories) {
        Verdict::Good(_) => Some(Ok(None)),
        Verdict::Uncashable(_, refusal) => Some(Ok(Some(refusal))),
        Verdict::Refused(refusal) => Some(Err(refusal)),
        Verdict::Unusable(_) => None,
    }
}

fn changed(mut answers: Vec<String>, place: usize, answer: impl Into<String>) -> Vec<String> {
    answers[place] = answer.into();
    answers
}

const GOOD: Option<Result<Option<Refusal>, Refusal>> = Some(Ok(None));
const NOT_THE_PAYERS: Option<Result<Option<Refusal>, Refusal>> = Some(Err(Refusal::Signature));

#[test]
fn one_round_trip_asks_for_all() {
    let request = by_key().ask("https://node.example/key", &[]);
    let body = request.body.unwrap();
    assert_eq!((request.method, request.url.as_str()), ("POST", "https://node.example/key"));
    assert!(request.timeout_ms <= 5_000 && request.max_bytes <= 256 * 1024);
    for part in ["eth_chainId", "eth_getCode", "0x1626ba7e", "0x70a08231", "0xe94a0102", "0xe3ee160e"] {
        assert_eq!(body.matches(part).count(), 1, "{part}");
    }
    let wallets = of_wallet().ask("", &[]).body.unwrap();
    assert!(wallets.contains("0xcf092995") && !wallets.contains("0xe3ee160e"));
}

#[test]
fn s08_without_code_the_key_decides_and_nothing_else() {
    assert_eq!(told(by_key(), &[], &of_a_key()), GOOD);
    let digest = by_key().digest();
    let foreign = candidate(SecretKey::from_bytes(&mut [9; 32]).unwrap().sign(&digest).into());
    assert_eq!(told(foreign, &[], &of_a_key()), NOT_THE_PAYERS);
    // An account without code has nobody who could say yes, whatever the node claims that it said.
    let lie = changed(of_a_key(), WORD, result(&format!("0x{YES}")));
    assert_eq!(told(of_wallet(), &[], &lie), NOT_THE_PAYERS);
    assert_eq!(told(candidate(Seal::Contract(vec![0xab; 65])), &[], &lie), NOT_THE_PAYERS);
}

#[test]
fn s08_with_code_the_contract_decides_and_no_key() {
    for code in [CODE, DELEGATED] {
        assert_eq!(told(of_wallet(), &[], &of_a_contract(code)), GOOD);
        assert_eq!(told(by_key(), &[], &of_a_contract(code)), GOOD);
        let zeros = "0".repeat(64);
        let noes =
            ["", &YES[..8], &YES[..62], &format!("{YES}00"), &zeros, &"f".repeat(64), &format!("{}1", &YES[..63])];
        for no in noes {
            let answers = changed(of_a_contract(code), WORD, result(&format!("0x{no}")));
            // The key behind `by_key` is the account's own: there is no way back to it.
            assert_eq!(told(by_key(), &[], &answers), NOT_THE_PAYERS, "{no}");
            assert_eq!(told(of_wallet(), &[], &answers), NOT_THE_PAYERS, "{no}");
        }
        for failure in ["execution reverted", "Reverted 0x", "EVM error InvalidFEOpcode", "out of gas: not enough gas"]
        {
            let answers = changed(of_a_contract(code), WORD, error(failure));
            assert_eq!(told(by_key(), &[], &answers), NOT_THE_PAYERS, "{failure}");
        }
    }
}

#[test]
fn s08_a_factory_is_called_only_where_the_operator_trusts_it() {
    let others = [Address::from_bytes([1; 20])];
    let calldata_of = |factories: &[Address]| of_unborn_wallet().ask("", factories).body.unwrap();
    let target = hex(FACTORY.as_bytes())[2..].to_string();
    assert!(calldata_of(&[FACTORY]).contains(&target) && calldata_of(&[FACTORY]).contains("0x82ad56cb"));
    for factories in [&[][..], &others] {
        assert!(!calldata_of(factories).contains(&target));
        assert_eq!(told(of_unborn_wallet(), factories, &of_a_key()), Some(Err(Refusal::Factory)));
    }
    // Once the account exists, its contract decides over the seal within, and nobody calls a factory.
    for factories in [&[][..], &[FACTORY]] {
        let mut answers = of_a_contract(CODE);
        answers.extend(factories.iter().map(|_| reverts()));
        let Verdict::Good(payment) = of_unborn_wallet().weigh(&Ok(answered(200, body(&answers))), factories) else {
            panic!("not good")
        };
        assert_eq!(*payment.seal(), Seal::Contract(vec![0xcd; 70]));
    }
}

#[test]
fn s08_an_account_that_does_not_exist_yet_is_deployed_and_asked_in_the_simulation() {
    let tell = |answers: &[String]| told(of_unborn_wallet(), &[FACTORY], answers);
    let Verdict::Good(payment) =
        of_unborn_wallet().weigh(&Ok(answered(200, body(&before_deployment(true, Some(YES), true)))), &[FACTORY])
    else {
        panic!("not good")
    };
    assert_eq!(*payment.seal(), of_unborn_wallet().seal, "what cashes it has to deploy it too");
    // Somebody else may have deployed it in this very block.
    assert_eq!(tell(&before_deployment(false, Some(YES), true)), GOOD);
    let zeros = "0".repeat(64);
    for word in [None, Some(""), Some(zeros.as_str())] {
        assert_eq!(tell(&before_deployment(true, word, true)), NOT_THE_PAYERS);
    }
    assert_eq!(tell(&before_deployment(true, Some(YES), false)), Some(Ok(Some(Refusal::Simulation))));
    let good = before_deployment(true, Some(YES), true);
    // A chain without Multicall3 answers nothing; a factory that burns all gas fails the whole.
    for nothing in [result("0x"), reverts(), error("out of gas")] {
        assert_eq!(tell(&changed(good.clone(), DEPLOYED, nothing)), Some(Err(Refusal::Factory)));
    }
    for garbage in [result("0x01"), result(&hex(&[0xff; 320])), error("rate limit")] {
        assert_eq!(tell(&changed(good.clone(), DEPLOYED, garbage)), None);
    }
}

#[test]
fn what_could_not_be_cashed_has_its_reason() {
    let with = |place, answer: String| told(by_key(), &[], &changed(of_a_key(), place, answer)).unwrap().unwrap();
    assert_eq!(with(BALANCE, uint(9_999)), Some(Refusal::Balance));
    assert_eq!(with(BALANCE, uint(0)), Some(Refusal::Balance));
    assert_eq!(with(BALANCE, result(&format!("0x{}", "f".repeat(64)))), None, "the richest account");
    assert_eq!(with(BALANCE, result("0x")), Some(Refusal::NoAsset));
    assert_eq!(with(BALANCE, reverts()), Some(Refusal::Simulation));
    assert_eq!(with(STATE, uint(1)), Some(Refusal::NonceUsed));
    assert_eq!(with(STATE, reverts()), Some(Refusal::Simulation));
    assert_eq!(with(TRANSFER, reverts()), Some(Refusal::Simulation));
    let both = changed(changed(of_a_key(), TRANSFER, reverts()), STATE, uint(1));
    assert_eq!(told(by_key(), &[], &both), Some(Ok(Some(Refusal::NonceUsed))));
}

#[test]
fn a_permit_is_worth_what_permit2_may_take() {
    let tell = |answers: &[String]| told(by_permit(), &[], answers);
    let with = |allowed: u64| [of_a_key(), vec![uint(allowed)]].concat();
    assert_eq!(tell(&with(10_000)), GOOD);
    assert_eq!(tell(&with(9_999)), Some(Ok(Some(Refusal::Permit2(Permit2Refusal::Allowance)))));
    // Without an allowance every simulation fails, and there is a plainer reason.
    assert_eq!(tell(&changed(with(0), TRANSFER, reverts())), tell(&with(9_999)));
    assert_eq!(tell(&changed(with(0), BALANCE, uint(0))), Some(Ok(Some(Refusal::Balance))));
    assert_eq!(tell(&changed(with(10_000), 6, error("rate limit"))), None);
    assert_eq!(
        tell(&changed(with(10_000), ACCOUNT, result(CODE))),
        Some(Err(Refusal::Permit2(Permit2Refusal::Signature)))
    );
}

#[test]
fn s51_an_answer_that_leaves_doubt_is_no_verdict() {
    for place in [CHAIN, ACCOUNT, BALANCE, STATE, TRANSFER] {
        let doubts =
            ["\"result\":null".into(), "\"result\":1".into(), "\"result\":[]".into(), result("0xzz"), result("no")];
        for doubt in doubts.into_iter().chain([error("rate limit"), error("method not found"), error("")]) {
            let answers = changed(of_a_key(), place, doubt.clone());
            assert_eq!(told(by_key(), &[], &answers), None, "{place} {doubt}");
        }
        let word = changed(of_a_contract(CODE), WORD, error("header not found"));
        assert_eq!(told(of_wallet(), &[], &word), None);
    }
    for (place, wrong) in [(STATE, uint(2)), (STATE, result("0x")), (STATE, result("0x01")), (BALANCE, result("0x01"))]
    {
        assert_eq!(told(by_key(), &[], &changed(of_a_key(), place, wrong.clone())), None, "{place} {wrong}");
    }
    for other_chain in ["0x2105", "0x0", "0x014a34"] {
        assert_eq!(told(by_key(), &[], &changed(of_a_key(), CHAIN, result(other_chain))), None);
    }
}

#[test]
fn s51_no_answer_is_no_verdict_and_keeps_the_payment_for_the_next_node() {
    let good = body(&of_a_key());
    let silence = [HttpFault::Unreachable, HttpFault::TooSlow, HttpFault::TooLarge, HttpFault::NotText].map(Err);
    let garbage =
        ["", "[]", "null", "<html>", &good[1..], &good[..good.len() - 1]].map(|text| Ok(answered(200, text.into())));
    let errors = [199, 301, 400, 401, 429, 500, 503].map(|status| Ok(answered(status, good.clone())));
    let short = Ok(answered(200, body(&of_a_key()[..5])));
    let long = Ok(answered(200, body(&[of_a_key(), of_a_key()].concat())));
    for answer in silence.into_iter().chain(garbage).chain(errors).chain([short, long]) {
        assert_eq!(by_key().weigh(&answer, &[]), Verdict::Unusable(by_key()), "{answer:?}");
    }
}
