//! The challenge of a route as a form: all of it is made once, and for each request its URL is filled in.

use super::routes::Route;
use super::{Gate, Header, Response};
use crate::dialect::v2;
use crate::encoding::base64;
use crate::json::Value;
use crate::ticket::TicketError;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// In place of the URL. No URL is spelled like this; an operator's text that is this one character would be taken for it.
const GAP: &str = "\u{0}";
/// The same between its quotes.
const WRITTEN_GAP: &str = "\\u0000";

/// The texts between the gaps, and the headers that are the same every time.
#[derive(Debug)]
pub(super) struct Form {
    body: Vec<String>,
    challenge: Vec<String>,
    headers: Vec<Header>,
}

impl Form {
    fn new(response: Response, challenge: &Value) -> Self {
        Self { body: cut(&response.body), challenge: cut(&challenge.to_string()), headers: response.headers }
    }

    fn filled(&self, url: &str) -> Response {
        let url = Value::from(url).to_string();
        let url = url.strip_prefix('"').and_then(|url| url.strip_suffix('"')).unwrap_or_default();
        let mut headers = Vec::with_capacity(self.headers.len().saturating_add(1));
        headers.extend_from_slice(&self.headers);
        headers.push((v2::CHALLENGE_HEADER, base64(joined(&self.challenge, url).as_bytes())));
        Response { status: 402, headers, body: joined(&self.body, url) }
    }
}

fn cut(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for (place, part) in text.split('"').enumerate() {
        if place > 0 {
            piece.push('"');
        }
        if part == WRITTEN_GAP {
            pieces.push(core::mem::take(&mut piece));
        } else {
            piece.push_str(part);
        }
    }
    pieces.push(piece);
    pieces
}

fn joined(pieces: &[String], url: &str) -> String {
    let mut text = String::with_capacity(2048);
    for (place, piece) in pieces.iter().enumerate() {
        if place > 0 {
            text.push_str(url);
        }
        text.push_str(piece);
    }
    text
}

impl Gate {
    /// The 402 for whoever brings neither ticket nor payment, which is the same for everybody but for the URL; unless
    /// something is in it that is fresh every time.
    pub(super) fn standing_challenge(&self, route: &Route, url: &str, now: u64) -> Response {
        let reason = TicketError::Missing;
        let write = |url| self.challenge_parts(route, url, None, reason.code(), &reason.to_string(), Some(now));
        if self.extensions.are_fresh() {
            let (response, challenge) = write(url);
            return response.with_challenge(&challenge);
        }
        let form = route.form.call_once(|| {
            let (response, challenge) = write(GAP);
            Form::new(response, &challenge)
        });
        form.filled(url)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Gate;
    use super::Response;
    use crate::json::parse;
    use crate::ticket::TicketError;
    use alloc::format;
    use alloc::string::{String, ToString as _};
    use proptest::prelude::*;

    const NOW: u64 = 1_700_000_000;

    fn gate(route: &str) -> Gate {
        let config = format!(
            r#"{{"payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "network": "eip155:84532", "settles": false,
            "tickets": {{"issuer": "https://a.example", "keys": [{{"kid": "a", "secret": "0123456789abcdef0123456789abcdef"}}]}},
            "routes": {{"GET /films/:id": {{"price": "$0.01", {route}}}}}}}"#
        );
        Gate::from_config(&parse(&config).unwrap()).unwrap()
    }

    fn both_ways(gate: &Gate, url: &str) -> (Response, Response) {
        let route = gate.routes.by_scope("GET /films/:id").unwrap();
        let reason = TicketError::Missing;
        let made = gate.challenge(route, url, None, reason.code(), &reason.to_string(), Some(NOW));
        (gate.standing_challenge(route, url, NOW), made)
    }

    proptest! {
        #[test]
        fn a_form_that_is_filled_in_is_the_challenge_that_would_be_made(urls in proptest::collection::vec(".{0,60}|[\"\\\\u0]{0,9}", 1..4)) {
            let gate = gate(r#""description": "A \"film\", \\u0000, <b>and</b> ₮", "mimeType": "video/mp4""#);
            for url in urls {
                let url: String = format!("https://a.example/films/{url}");
                let (filled, made) = both_ways(&gate, &url);
                prop_assert_eq!(filled, made);
            }
        }
    }
}
