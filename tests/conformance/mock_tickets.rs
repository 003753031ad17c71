//! Access tokens that x402-mock itself made, and what became of them here.

use crate::hmac::tag;
use crate::vectors::{cases, folder, json, text};
use x402_wasm::encoding::base64url;
use x402_wasm::ticket::{Keyset, TicketError};

const SECRET: &[u8] = b"a gate's own secret has at least 32 bytes";

fn signed(key: &[u8], claims: &str) -> String {
    format!("{claims}.{}", base64url(&tag(key, claims.as_bytes())))
}

/// Its format, and one difference: here a ticket is over at its `exp`, there one second later (S35).
#[test]
fn s35_x402_mock_access_tokens() {
    let Some(folder) = folder() else { return };
    let keyset = Keyset::new("gate", [("k", SECRET)], 3600).unwrap();
    let scope_key = tag(SECRET, b"x402-mock ticket for matinee");
    for case in cases(&json(&folder.join("x402/x402mock-hmac-tokens.json"))["tokens"], 3) {
        let token = text(case, "token");
        let (claims, _) = token.split_once('.').unwrap();
        assert_eq!(signed(text(case, "key").as_bytes(), claims), token, "their tag is a plain HMAC");

        let ours = signed(&scope_key, claims);
        let seconds = |name: &str| case["payload"][name].as_u64().unwrap();
        let ticket = keyset.check(&ours, "matinee", seconds("iat")).unwrap();
        assert_eq!((ticket.issued_at, ticket.expires_at), (seconds("iat"), seconds("exp")));
        assert!(keyset.check(&ours, "matinee", seconds("exp") - 1).is_ok());
        assert_eq!(case["valid_at"][1].as_u64(), Some(seconds("exp")));
        assert_eq!(keyset.check(&ours, "matinee", seconds("exp")), Err(TicketError::Expired));

        // Never one key for all routes: neither the scope of another nor the secret itself opens anything.
        for forged in [token, &signed(SECRET, claims), &signed(&tag(SECRET, b"x402-mock ticket for "), claims)] {
            assert_eq!(keyset.check(forged, "matinee", seconds("iat")), Err(TicketError::Forged));
        }
        assert_eq!(keyset.check(&ours, "premiere", seconds("iat")), Err(TicketError::Forged));
    }
}
