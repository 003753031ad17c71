//! Signed tokens of others. None is a ticket of ours, so none may open; how far each gets tells what was checked.

use crate::hmac::tag;
use crate::vectors::{cases, folder, json, text};
use serde_json::Value;
use x402_wasm::encoding::bytes_from_base64url;
use x402_wasm::ticket::{Keyset, TicketError};

fn keyset(kid: &str, key: &str) -> Keyset {
    Keyset::new("https://gate.example", [(kid, bytes_from_base64url(key).unwrap().as_slice())], 3600).unwrap()
}

fn group<'a>(set: &'a Value, comment: &str, count: usize) -> (Keyset, &'a [Value]) {
    let mut groups = set["testGroups"].as_array().unwrap().iter();
    let group = groups.find(|group| group["comment"] == comment).unwrap();
    let key = &group["private"];
    (keyset(text(key, "kid"), text(key, "k")), cases(&group["tests"], count))
}

/// The cases that fail with `error`, by their number.
fn failing(keyset: &Keyset, cases: &[Value], error: TicketError) -> Vec<u64> {
    let fails = |case: &&Value| keyset.check(text(case, "jws"), "any", 0).unwrap_err() == error;
    cases.iter().filter(fails).map(|case| case["tcId"].as_u64().unwrap()).collect()
}

#[test]
fn s30_s31_s32_wycheproof_json_web_signatures() {
    let Some(folder) = folder() else { return };
    let set = json(&folder.join("wycheproof/json_web_signature_test.json"));
    let (keyset, cases) = group(&set, "hs256", 17);
    // Only 1 is good: its tag passes, and then its payload `foo` is no ticket. What has two parts is read as a ticket
    // of x402-mock, whose tag is checked as well.
    assert_eq!(failing(&keyset, cases, TicketError::Forged), [2, 3, 4, 5, 6, 7, 10]);
    assert_eq!(failing(&keyset, cases, TicketError::UnknownKey), [8]);
    assert_eq!(failing(&keyset, cases, TicketError::Algorithm), [16]);
    assert_eq!(failing(&keyset, cases, TicketError::Malformed).len(), 8);

    let (keyset, cases) = group(&set, "base64", 21);
    assert_eq!(failing(&keyset, cases, TicketError::Forged), [373, 374]);
    assert_eq!(failing(&keyset, cases, TicketError::Malformed).len(), 19);
    // 372 and 373 carry a `?` and are "valid" there, for decoders that skip it: here they are refused (S31).
    // 367 and 370 are "invalid" there and letter for letter equal to the valid 357: their flaw got lost upstream.
    let is_canonical = |case: &&Value| text(case, "jws").split('.').all(|part| bytes_from_base64url(part).is_ok());
    let canonical: Vec<_> = cases.iter().filter(is_canonical).map(|case| case["tcId"].as_u64().unwrap()).collect();
    assert_eq!(canonical, [357, 358, 359, 367, 370, 376, 377]);
}

/// The tag of RFC 7515, A.1, over bytes that came in: line breaks in the header stay what they are.
#[test]
fn s30_the_token_of_rfc_7515() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("rfc/rfc7515_a1_hs256.json"));
    let [case] = cases(&file, 1) else { panic!() };
    let (signed, theirs) = text(case, "token").rsplit_once('.').unwrap();
    let key = bytes_from_base64url(text(case, "jwk_k")).unwrap();
    assert_eq!(tag(&key, signed.as_bytes()).as_slice(), bytes_from_base64url(theirs).unwrap());
    let keyset = keyset("any", text(case, "jwk_k"));
    assert_eq!(keyset.check(text(case, "token"), "any", 0), Err(TicketError::UnknownKey));
}
