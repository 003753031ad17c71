//! Requests of our own: what the runtime is asked to send to a node or a facilitator, and what comes of it.

use alloc::string::String;
use alloc::vec::Vec;

/// A request that the runtime sends as it stands. It follows no redirect: a redirect is an answer like any other, so
/// that neither a payment nor an operator's secret travels on to another host (S59).
#[derive(PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a shell carries all of it")]
pub struct HttpRequest {
    /// In capitals.
    pub method: &'static str,
    /// Absolute, http or https.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// Text, or nothing.
    pub body: Option<String>,
    /// How long the whole exchange may take, in milliseconds.
    pub timeout_ms: u32,
    /// The most bytes of the answer's body, decompressed, that are read.
    pub max_bytes: usize,
    /// Which of the operator's own headers go along: those that let us in at this door of a facilitator.
    pub credentials: Option<&'static str>,
}

/// Without URL, headers and body: they hold keys of the operator and signatures of payers (S28).
impl core::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("HttpRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

impl HttpRequest {
    /// `POST` of a JSON document.
    #[must_use]
    pub fn post_json(url: String, body: String, timeout_ms: u32, max_bytes: usize) -> Self {
        let headers = Vec::from([("Content-Type", "application/json".into())]);
        Self { method: "POST", url, headers, body: Some(body), timeout_ms, max_bytes, credentials: None }
    }
}

/// An answer, of whatever status.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a shell fills in all of it")]
pub struct HttpAnswer {
    /// The status; a redirect's own, for none is followed.
    pub status: u16,
    /// The body, which was UTF-8 and no longer than asked for.
    pub body: String,
    /// What `Retry-After` said, in seconds; `None` also for a date.
    pub retry_after: Option<u32>,
}

/// Why there is no answer. Whether the request arrived is not known, whichever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a shell tells which")]
pub enum HttpFault {
    /// No connection, or one that broke.
    Unreachable,
    /// Not complete in time.
    TooSlow,
    /// A longer body than asked for.
    TooLarge,
    /// A body that is not UTF-8.
    NotText,
}

/// Whether a runtime's `fetch` would take it. Their URL parser has the last word; here it is about early sentences.
#[must_use]
pub fn is_http_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
    // `fetch` throws at credentials in a URL.
    printable && !host.is_empty() && !host.starts_with(':') && !host.contains('@') && !text.contains(['#', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_one_that_fetch_takes() {
        for good in ["http://127.0.0.1:8545", "https://base.example/v2/key?x=1", "http://[::1]:8545/"] {
            assert!(is_http_url(good), "{good}");
        }
        for bad in [
            "",
            "ws://127.0.0.1:8545",
            "127.0.0.1:8545",
            "https://",
            "https:///path",
            "https://:8545",
            "https://user:secret@base.example",
            "https://base.example/ x",
            "https://base.example/#x",
            "HTTP\n://x",
        ] {
            assert!(!is_http_url(bad), "{bad}");
        }
    }
}
