//! The challenge of a route as a form: all of it is made once, and for each request its URL is filled in.

use super::routes::Route;
use super::{Gate, Header, Response};
use crate::dialect::v2;
use crate::encoding::base64;
use crate::json::Value;
use crate::ticket::TicketError;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// In place of the URL. No URL is spelled like this, and no text of an operator's.
const GAP: &str = "\u{0}the URL of the request\u{0}";

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
        let url = &*Value::from(url).to_string();
        let mut headers = Vec::with_capacity(self.headers.len().saturating_add(1));
        headers.extend_from_slice(&self.headers);
        headers.push((v2::CHALLENGE_HEADER, base64(self.challenge.join(url).as_bytes())));
        Response { status: 402, headers, body: self.body.join(url) }
    }
}

fn cut(text: &str) -> Vec<String> {
    text.split(&*Value::from(GAP).to_string()).map(Into::into).collect()
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
