//! The hostile corpus of tickets: every idea written again in the claims of our tickets, and signed with the real key,
//! so that it fails for what it is and not for a bad tag.

use crate::hmac::tag;
use crate::vectors::{cases, folder, text, unhex};
use serde_json::{Value, json};
use x402_wasm::encoding::{base64, base64url};
use x402_wasm::ticket::{Keyset, TicketError};

const NOW: u64 = 1_740_672_100;
const KEY: &[u8] = b"the gate's key in this test: 32 bytes or more";

fn keyset() -> Keyset {
    Keyset::new("office", [("k1", KEY)], 900).unwrap()
}

fn header() -> Value {
    json!({"alg": "HS256", "typ": "JWT", "kid": "k1"})
}

fn claims() -> Value {
    json!({
        "iss": "office",
        "aud": "premium",
        "sub": "eip155:84532:0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F",
        "iat": NOW - 1,
        "exp": NOW + 60,
        "jti": "a1",
        "x402": {
            "network": "eip155:84532",
            "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
            "amount": "10000",
        },
    })
}

/// `value` with one member set, or removed by `null`.
fn with(mut value: Value, name: &str, member: Value) -> Value {
    let members = value.as_object_mut().unwrap();
    if member.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), member);
    }
    value
}

fn signed_with(key: &[u8], header: &str, claims: &[u8]) -> String {
    let text = format!("{}.{}", base64url(header.as_bytes()), base64url(claims));
    format!("{text}.{}", base64url(&tag(key, text.as_bytes())))
}

fn signed(header: &Value, claims: &Value) -> String {
    signed_with(KEY, &header.to_string(), claims.to_string().as_bytes())
}

fn with_header(name: &str, member: Value) -> String {
    signed(&with(header(), name, member), &claims())
}

fn with_claim(name: &str, member: Value) -> String {
    signed(&header(), &with(claims(), name, member))
}

/// A payload that is no JSON object of claims.
fn with_payload(payload: &[u8]) -> String {
    signed_with(KEY, &header().to_string(), payload)
}

/// The three parts of a good ticket.
fn parts() -> [String; 3] {
    let good = signed(&header(), &claims());
    let parts: Vec<_> = good.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

/// A good ticket with another third part.
fn with_tag(change: impl Fn(&str) -> String) -> String {
    let [header, claims, tag] = parts();
    format!("{header}.{claims}.{}", change(&tag))
}

fn flipped(tag: &str, letter: usize) -> String {
    let mut letters: Vec<_> = tag.chars().collect();
    letters[letter] = if letters[letter] == 'A' { 'B' } else { 'A' };
    letters.into_iter().collect()
}

/// Standard base64, of a tag that has a letter in which the alphabets differ.
fn in_the_standard_alphabet() -> String {
    let candidates = (0_u32..).map(|n| signed(&header(), &with(claims(), "jti", json!(n.to_string()))));
    let is_telling = |token: &String| token.rsplit('.').next().unwrap().contains(['-', '_']);
    let token = candidates.into_iter().find(is_telling).unwrap();
    let (signed, _) = token.rsplit_once('.').unwrap();
    format!("{signed}.{}", base64(&tag(KEY, signed.as_bytes())).trim_end_matches('='))
}

/// Each idea of the corpus by its name, and the error that stops it.
fn ideas() -> Vec<(&'static str, String, TicketError)> {
    use TicketError::{Algorithm, Expired, Forged, LivesTooLong, Malformed, NotYetValid, Scope, TooLarge, UnknownKey};
    let [h, c, t] = parts();
    let later = with(claims(), "exp", json!(NOW + 600));
    let huge_exp = claims().to_string().replace(&format!("\"exp\":{}", NOW + 60), "\"exp\":1e400");
    vec![
        ("alg-None", with_header("alg", json!("None")), Algorithm),
        ("alg-hs384-claims", with_header("alg", json!("HS384")), Algorithm),
        ("alg-missing", with_header("alg", Value::Null), Algorithm),
        ("alg-array", with_header("alg", json!(["HS256"])), Algorithm),
        ("kid-traversal", with_header("kid", json!("../../dev/null")), UnknownKey),
        ("kid-proto", with_header("kid", json!("__proto__")), UnknownKey),
        ("crit-unknown", signed(&with(with(header(), "crit", json!(["x"])), "x", json!(1)), &claims()), Algorithm),
        ("empty-key", signed_with(b"", &header().to_string(), claims().to_string().as_bytes()), Forged),
        // Two parts are read as a ticket of x402-mock, and its tag is none.
        ("sig-missing", format!("{h}.{c}"), Forged),
        ("sig-extended", with_tag(|tag| format!("{tag}AA")), Malformed),
        ("sig-std-alphabet", in_the_standard_alphabet(), Malformed),
        ("sig-newline", with_tag(|tag| format!("{tag}\n")), Malformed),
        ("five-parts-jwe", format!("{h}.{c}.{t}.{c}.{t}"), Malformed),
        ("sig-bitflip-0", with_tag(|tag| flipped(tag, 0)), Forged),
        ("sig-bitflip-2", with_tag(|tag| flipped(tag, 2)), Forged),
        ("sig-bitflip-4", with_tag(|tag| flipped(tag, 4)), Forged),
        ("sig-bitflip-6", with_tag(|tag| flipped(tag, 6)), Forged),
        ("payload-swap", format!("{h}.{}.{t}", base64url(later.to_string().as_bytes())), Forged),
        ("exp-now", with_claim("exp", json!(NOW)), Expired),
        ("exp-string", with_claim("exp", json!((NOW + 60).to_string())), Malformed),
        ("exp-1e400", with_payload(huge_exp.as_bytes()), Malformed),
        // The corpus leaves this one open: a lifetime is capped (S35).
        ("exp-2^63", with_claim("exp", json!(1_u64 << 63)), LivesTooLong),
        ("nbf-future", with_claim("nbf", json!(NOW + 60)), NotYetValid),
        ("aud-other", with_claim("aud", json!("https://evil.example")), Scope),
        ("aud-missing", with_claim("aud", Value::Null), Malformed),
        // Here the resource is in the scope.
        ("res-other", with_claim("aud", json!("other")), Scope),
        ("payload-not-json", with_payload(b"hello"), Malformed),
        ("payload-invalid-utf8", with_payload(b"{\"a\":\"\xff\"}"), Malformed),
        ("64KiB", with_claim("jti", json!("a".repeat(1 << 16))), TooLarge),
    ]
}

#[test]
fn s24_s30_s31_s32_s33_s35_hostile_tickets() {
    let keyset = keyset();
    assert!(keyset.check(&signed(&header(), &claims()), "premium", NOW).is_ok());
    for (id, token, expected) in ideas() {
        assert_eq!(keyset.check(&token, "premium", NOW), Err(expected), "{id}");
    }
}

/// No idea of the corpus is left out, and ours agree with its verdicts: all but the first are refused.
#[test]
fn s30_every_idea_of_the_corpus_is_tried() {
    let Some(folder) = folder() else { return };
    let file = crate::vectors::json(&folder.join("hostile/tokens.json"));
    let [valid, hostile @ ..] = cases(&file["cases"], 30) else { panic!("no cases") };
    assert_eq!((text(valid, "id"), text(valid, "expect")), ("valid", "accept"));
    let ideas: Vec<_> = ideas().into_iter().map(|(id, ..)| id).collect();
    assert_eq!(hostile.iter().map(|case| text(case, "id")).collect::<Vec<_>>(), ideas);
    assert!(hostile.iter().all(|case| !text(case, "expect").starts_with("accept")));

    // As they are, with claims of another office, not even the valid one is a ticket.
    let keyset = Keyset::new("office", [("k1", unhex(text(&file, "key")).as_slice())], 900).unwrap();
    for case in cases(&file["cases"], 30) {
        let audience = text(&file["expected"], "aud");
        assert!(keyset.check(text(case, "token"), audience, NOW).is_err(), "{}", text(case, "id"));
    }
    assert_eq!(keyset.check(text(valid, "token"), "https://api.example.com", NOW), Err(TicketError::Malformed));
}
