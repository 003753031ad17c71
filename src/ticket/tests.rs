//! Tickets and their forgeries.

use super::claims::Paid;
use super::*;
use crate::encoding::{base64url, bytes_from_base64url};
use crate::{address::Address, amount::Amount, network::Network};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use hmac::{Hmac, KeyInit as _, Mac as _};
use proptest::prelude::*;

const NOW: u64 = 1_740_672_100;
const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const OLD: &[u8] = b"an older secret that still has 32 bytes";

fn keyset() -> Keyset {
    Keyset::new("https://cinema.example", [("2026-11", SECRET), ("2026-10", OLD)], 3600).unwrap()
}

fn ticket() -> Ticket {
    Ticket {
        scope: "matinee".into(),
        payer: Some(Address::from_bytes([0x11; 20])),
        id: Some("ab".repeat(32)),
        issued_at: NOW,
        expires_at: NOW + 900,
        paid: Some(Paid {
            network: Network::from_chain_id(84532).unwrap(),
            asset: Address::from_bytes([0x22; 20]),
            amount: Amount::from(10_000),
        }),
    }
}

/// Signs any two texts as if they were a ticket's, with the real key.
fn signed(header: &str, claims: &str) -> String {
    let text = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", base64url(&mac.finalize().into_bytes()))
}

const HEADER: &str = r#"{"alg":"HS256","kid":"2026-11","typ":"JWT"}"#;

fn claims() -> String {
    ticket().to_claims("https://cinema.example").unwrap().to_string()
}

fn check(text: &str) -> Result<Ticket, TicketError> {
    keyset().check(text, "matinee", NOW + 1)
}

#[test]
fn a_ticket_opens_its_scope() {
    assert_eq!(check(&keyset().issue(&ticket()).unwrap()), Ok(ticket()));
    assert_eq!(check(&signed(HEADER, &claims())), Ok(ticket()));
}

#[test]
fn s33_a_rotated_key_still_checks_and_the_first_signs() {
    let old = Keyset::new("https://cinema.example", [("2026-10", OLD)], 3600).unwrap();
    assert_eq!(check(&old.issue(&ticket()).unwrap()), Ok(ticket()));
    let new = keyset().issue(&ticket()).unwrap();
    assert_eq!(old.check(&new, "matinee", NOW), Err(TicketError::UnknownKey));
}

#[test]
fn s33_short_secrets_and_bad_names_are_start_up_errors() {
    let new = |keys: &[(&'static str, &'static [u8])]| Keyset::new("x", keys.iter().copied(), 1).map(|_| ());
    assert_eq!(new(&[]), Err(KeysetError::Empty));
    assert_eq!(new(&[("a", &SECRET[1..])]), Err(KeysetError::ShortSecret));
    assert_eq!(new(&[("", SECRET)]), Err(KeysetError::KeyId));
    assert_eq!(new(&[("a", SECRET), ("a", OLD)]), Err(KeysetError::KeyId));
}

#[test]
fn s20_a_ticket_opens_nothing_else() {
    let text = keyset().issue(&ticket()).unwrap();
    for scope in ["premiere", "Matinee", "matinee ", "", "matine", "matinee2"] {
        assert_eq!(keyset().check(&text, scope, NOW), Err(TicketError::Scope), "{scope:?}");
    }
    let text = keyset().issue_mock(&ticket()).unwrap();
    assert!(keyset().check(&text, "matinee", NOW).is_ok());
    assert_eq!(keyset().check(&text, "premiere", NOW), Err(TicketError::Forged));
}

#[test]
fn s32_only_the_header_that_we_write_is_read() {
    for header in [
        r#"{"alg":"none","kid":"2026-11"}"#,
        r#"{"alg":"HS384","kid":"2026-11"}"#,
        r#"{"alg":["HS256"],"kid":"2026-11"}"#,
        r#"{"alg":"hs256","kid":"2026-11"}"#,
        r#"{"kid":"2026-11","typ":"JWT"}"#,
        r#"{"alg":"HS256","kid":"2026-11","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","kid":"2026-11","crit":["x"],"x":1}"#,
        r#"{"alg":"HS256","kid":"2026-11","b64":false}"#,
        r#"{"alg":"HS256","kid":"2026-11","jwk":{}}"#,
        r#"{"alg":"HS256","kid":"2026-11","jku":"https://evil.example"}"#,
    ] {
        assert_eq!(check(&signed(header, &claims())), Err(TicketError::Algorithm), "{header}");
    }
    assert!(check(&signed(r#"{"kid":"2026-11","alg":"HS256"}"#, &claims())).is_ok());
    assert_eq!(
        check(&signed(r#"{"alg":"HS256","alg":"HS256","kid":"2026-11"}"#, &claims())),
        Err(TicketError::Malformed)
    );
}

#[test]
fn s33_unknown_or_missing_kid_is_refused() {
    for kid in [r#","kid":"__proto__""#, r#","kid":"../../dev/null""#, r#","kid":"""#, r#","kid":1"#, ""] {
        let header = format!(r#"{{"alg":"HS256"{kid}}}"#);
        assert_eq!(check(&signed(&header, &claims())), Err(TicketError::UnknownKey), "{header}");
    }
}

#[test]
fn s31_one_spelling() {
    let good = keyset().issue(&ticket()).unwrap();
    for bad in [
        format!("{good}="),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{good}."),
        format!("{good}.{good}"),
        good.replace('.', ".."),
        good.rsplit_once('.').unwrap().0.to_string(),
        String::new(),
        "a.b.c".to_string(),
        "a.b".to_string(),
        "...".to_string(),
    ] {
        assert!(check(&bad).is_err(), "{bad}");
    }
    let last = good.chars().last().unwrap();
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars().filter(|c| *c != last) {
        let respelled = format!("{}{other}", &good[..good.len() - 1]);
        assert!(check(&respelled).is_err(), "{other}");
    }
}

#[test]
fn s24_a_long_ticket_is_not_looked_at() {
    let long = format!("{}.{}", "a".repeat(MAX_TICKET_BYTES), keyset().issue(&ticket()).unwrap());
    assert_eq!(check(&long), Err(TicketError::TooLarge));
}

#[test]
fn s35_every_claim_is_mandatory_and_typed() {
    let value = ticket().to_claims("https://cinema.example").unwrap();
    let members = value.members().unwrap();
    for (name, _) in members {
        let without: Vec<_> = members.iter().filter(|(other, _)| other != name).cloned().collect();
        let text = crate::json::Value::Object(without).to_string();
        assert_eq!(check(&signed(HEADER, &text)), Err(TicketError::Malformed), "{name}");
    }
    for (from, to, error) in [
        (r#""exp":1740673000"#, r#""exp":"1740673000""#, TicketError::Malformed),
        (r#""exp":1740673000"#, r#""exp":1740673000.5"#, TicketError::Malformed),
        (r#""exp":1740673000"#, r#""exp":-1"#, TicketError::Malformed),
        (r#""exp":1740673000"#, r#""exp":1e400"#, TicketError::Malformed),
        (r#""exp":1740673000"#, r#""exp":9223372036854775808"#, TicketError::LivesTooLong),
        (r#""exp":1740673000"#, r#""exp":1740672101"#, TicketError::Expired),
        (r#""exp":1740673000"#, r#""exp":1740675701"#, TicketError::LivesTooLong),
        (r#""iat":1740672100"#, r#""iat":1740672162"#, TicketError::NotYetValid),
        (r#""iat":1740672100"#, r#""nbf":1740672100,"iat":1740672100"#, TicketError::NotYetValid),
        (r#""iss":"https://cinema.example""#, r#""iss":"https://evil.example""#, TicketError::Issuer),
        (r#""aud":"matinee""#, r#""aud":["matinee"]"#, TicketError::Malformed),
        (r#""aud":"matinee""#, r#""aud":"premiere""#, TicketError::Scope),
        (r#""sub":"eip155:84532:"#, r#""sub":"eip155:1:"#, TicketError::Malformed),
    ] {
        let text = claims().replace(from, to);
        assert_ne!(text, claims(), "{from}");
        assert_eq!(check(&signed(HEADER, &text)), Err(error), "{to}");
    }
}

#[test]
fn s35_the_bounds_of_time_are_exact() {
    let text = keyset().issue(&ticket()).unwrap();
    assert!(keyset().check(&text, "matinee", NOW + 899).is_ok());
    assert_eq!(keyset().check(&text, "matinee", NOW + 900), Err(TicketError::Expired));
    assert!(keyset().check(&text, "matinee", NOW - 60).is_ok());
    assert_eq!(keyset().check(&text, "matinee", NOW - 61), Err(TicketError::NotYetValid));
}

#[test]
fn s41_the_same_ticket_has_the_same_bytes() {
    assert_eq!(keyset().issue(&ticket()), keyset().issue(&ticket()));
    assert_eq!(keyset().issue_mock(&ticket()), keyset().issue_mock(&ticket()));
}

/// What a reader of any JSON makes of claims.
fn read_as_json(text: &str) -> Option<(String, Ticket)> {
    let document = crate::json::parse(text).ok()?;
    let (issuer, ticket) = Ticket::from_claims(&document)?;
    Some((issuer.into(), ticket))
}

fn read_in_our_spelling(text: &str) -> Option<(String, Ticket)> {
    claims::in_our_spelling(text).map(|(issuer, ticket)| (issuer.into(), ticket))
}

#[test]
fn s35_our_own_spelling_is_read_without_a_document_and_every_other_as_one() {
    let own = claims();
    assert_eq!(read_in_our_spelling(&own), Some(("https://cinema.example".into(), ticket())));
    let reordered = own.replace(
        r#""iss":"https://cinema.example","aud":"matinee""#,
        r#""aud":"matinee","iss":"https://cinema.example""#,
    );
    let others = [
        reordered,
        own.replace("\":", "\": "),
        own.replace("matinee", r"matin\u0065e"),
        own.replace("}}", r#"},"more":1}"#),
    ];
    for other in others {
        assert_eq!(read_in_our_spelling(&other), None, "{other}");
        assert_eq!(check(&signed(HEADER, &other)), Ok(ticket()), "{other}");
    }
}

proptest! {
    #[test]
    fn s35_what_is_read_in_our_spelling_reads_the_same_as_json(
        scope in "[ -~é]{0,12}", place in 0_usize..500, noise in "[\"\\\\,:{}0-9a-fx<]{0,3}", length in 0_usize..3,
    ) {
        let written = Ticket { scope, ..ticket() }.to_claims("https://cinema.example").unwrap().to_string();
        prop_assert!(read_in_our_spelling(&written).is_none_or(|read| Some(read) == read_as_json(&written)));
        let start = place.min(written.len());
        let broken = format!("{}{noise}{}", &written[..start], &written[(start + length).min(written.len())..]);
        prop_assert!(read_in_our_spelling(&broken).is_none_or(|read| Some(read) == read_as_json(&broken)), "{broken}");
    }

    #[test]
    fn s30_any_single_bit_change_is_refused(bit in 0_usize..2000, mock: bool) {
        let keyset = keyset();
        let text = if mock { keyset.issue_mock(&ticket()) } else { keyset.issue(&ticket()) }.unwrap();
        let mut bytes = text.into_bytes();
        let bit = bit % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(check(&changed).is_err());
        }
    }

    #[test]
    fn s30_a_changed_claim_is_refused_as_a_bad_tag(byte in 0_usize..200, flip in 1_u8..=255) {
        let text = keyset().issue(&ticket()).unwrap();
        let parts: Vec<&str> = text.split('.').collect();
        let mut claims = bytes_from_base64url(parts[1]).unwrap();
        let index = byte % claims.len();
        claims[index] ^= flip;
        let changed = format!("{}.{}.{}", parts[0], base64url(&claims), parts[2]);
        prop_assert_eq!(check(&changed), Err(TicketError::Forged));
    }
}
