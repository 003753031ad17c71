//! As much of HTTP as the gate needs.

use crate::text::split_before;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// A request before its body is read.
pub trait RequestHead {
    /// In capitals.
    fn method(&self) -> Cow<'_, str>;
    /// Absolute, as the runtime's URL parser wrote it.
    fn url(&self) -> Cow<'_, str>;
    /// A header's value; values of repeated headers are joined by commas. `name` is in lower case.
    fn header(&self, name: &str) -> Option<Cow<'_, str>>;
}

/// A header's name and value.
pub type Header = (&'static str, String);

/// An answer of the gate's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<Header>,
    /// JSON, or nothing.
    pub body: String,
}

/// Scheme and authority, and the path without query or fragment, of an absolute http(s) URL.
pub(crate) fn split_url(url: &str) -> Option<(&str, &str)> {
    let after_scheme = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (_, rest) = split_before(after_scheme, b"/?#");
    let origin = url.strip_suffix(rest)?;
    let (path, _) = split_before(rest, b"?#");
    Some((origin, if path.is_empty() { "/" } else { path }))
}

/// The value of a query parameter, unescaped; `None` where it is absent or badly escaped.
pub(super) fn query_value(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('#').map_or(url, |(before, _)| before).split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    percent_decoded(value)
}

/// Escapes everything but unreserved characters (RFC 3986 section 2.3).
pub(super) fn percent_encoded(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&base16ct::upper::encode_string(&[byte]));
        }
    }
    escaped
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find('%') {
        let (plain, escape) = rest.split_at_checked(position)?;
        let digits = escape.get(1..3)?;
        bytes.extend_from_slice(plain.as_bytes());
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = escape.get(3..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_split_into_origin_and_path() {
        assert_eq!(split_url("https://a.example/films/1?x=/y#z"), Some(("https://a.example", "/films/1")));
        assert_eq!(split_url("http://127.0.0.1:4020?x"), Some(("http://127.0.0.1:4020", "/")));
        assert_eq!(split_url("http://a"), Some(("http://a", "/")));
        assert_eq!(split_url("ftp://a/"), None);
    }

    #[test]
    fn query_values_round_trip() {
        for text in ["GET /films/:id", "matinee", "a&b=c#d?", "₮ %41"] {
            let url = alloc::format!("http://a/token?x=1&scope={}#f", percent_encoded(text));
            assert_eq!(query_value(&url, "scope").as_deref(), Some(text));
        }
        for url in ["http://a/token", "http://a/token?scope=%zz", "http://a/token?scope=%4", "http://a/token?scop=1"] {
            assert_eq!(query_value(url, "scope"), None, "{url}");
        }
    }
}
