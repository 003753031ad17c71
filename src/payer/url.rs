//! Just enough of URLs to know whom a request reaches. The host has parsed and serialised them already; what is read
//! here is only ever one of its own spellings, or refused (S58, S60).

use crate::text::{number, split_before};
use alloc::borrow::ToOwned as _;
use alloc::string::String;

/// An http or https URL in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// Scheme, host and port, as `URL.origin` writes them.
    pub(super) origin: String,
    /// The path without its query.
    pub(super) path: String,
    /// Path and query.
    pub(super) target: String,
}

impl Location {
    /// Reads what `URL.href` wrote. Other schemes, user names and unknown spellings are `None`.
    pub(super) fn parse(href: &str) -> Option<Self> {
        let rest = href.strip_prefix("https://").or_else(|| href.strip_prefix("http://"))?;
        let (authority, rest) = split_before(rest, b"/?#");
        let spelled = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase() && !b"@\\%".contains(&byte);
        if authority.is_empty() || !authority.bytes().all(spelled) {
            return None;
        }
        let (target, _) = split_before(rest, b"#");
        let target = if target.starts_with('/') { target } else { "/" };
        let (path, _) = split_before(target, b"?");
        Some(Self { origin: href.strip_suffix(rest)?.to_owned(), path: path.to_owned(), target: target.to_owned() })
    }

    /// Whether nobody on the way can read along: https, or this very machine.
    pub(super) fn is_secure(&self) -> bool {
        self.origin.strip_prefix("http://").is_none_or(is_loopback)
    }

    /// The URL that a reference of this location's server means, if it stays within the origin: an absolute path, or
    /// a whole URL of this origin.
    pub(super) fn resolve(&self, reference: &str) -> Option<String> {
        // A backslash is a slash to URL parsers, and they drop tabs and line ends.
        if !reference.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return None;
        }
        let path = reference.strip_prefix(self.origin.as_str()).unwrap_or(reference);
        (path.starts_with('/') && !path.starts_with("//")).then(|| [self.origin.as_str(), path].concat())
    }

    /// Whether `text` is an origin in the host's own spelling; another spelling would silently match nothing.
    pub(super) fn is_origin(text: &str) -> bool {
        let default_port = if text.starts_with("https:") { ":443" } else { ":80" };
        Self::parse(text).is_some_and(|location| location.origin == text) && !text.ends_with(default_port)
    }
}

/// This very machine, on whatever port.
fn is_loopback(authority: &str) -> bool {
    if let Some(port) = authority.strip_prefix("[::1]") {
        return port.is_empty() || port.starts_with(':');
    }
    let (host, _) = split_before(authority, b":");
    let (mut octets, mut rest) = (1_u8, host);
    while let (octet, others) = split_before(rest, b".")
        && number(octet).is_some_and(|octet| octet < 256)
    {
        let Some(others) = others.strip_prefix('.') else { return octets == 4 && host.starts_with("127.") };
        octets = octets.saturating_add(1);
        rest = others;
    }
    host == "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(href: &str) -> Location {
        Location::parse(href).unwrap()
    }

    #[test]
    fn a_url_comes_apart() {
        let location = at("https://cinema.example:8443/films/1?seat=2#row");
        assert_eq!(location.origin, "https://cinema.example:8443");
        assert_eq!(location.path, "/films/1");
        assert_eq!(location.target, "/films/1?seat=2");
        assert_eq!(at("https://cinema.example").target, "/");
    }

    #[test]
    fn s58_only_https_and_this_machine_are_secure() {
        for secure in [
            "https://cinema.example/",
            "http://localhost/",
            "http://localhost:4020/",
            "http://127.0.0.1:4020/",
            "http://127.1.2.3/",
            "http://[::1]:4020/",
            "http://[::1]/",
        ] {
            assert!(at(secure).is_secure(), "{secure}");
        }
        for insecure in [
            "http://cinema.example/",
            "http://localhost.example/",
            "http://127.0.0.1.example/",
            "http://128.0.0.1/",
            "http://127.0.0/",
            "http://127.0.0.256/",
            "http://[::2]/",
            "http://[::1].example/",
        ] {
            assert!(!at(insecure).is_secure(), "{insecure}");
        }
    }

    #[test]
    fn s58_other_spellings_are_not_read() {
        for text in [
            "ftp://cinema.example/",
            "javascript://cinema.example/",
            "HTTPS://cinema.example/",
            "https://Cinema.example/",
            "https://user@cinema.example/",
            "https://cinema.example\\@evil.example/",
            "https:///films",
            "https://",
            "data:,x",
            "//cinema.example/",
            "",
        ] {
            assert_eq!(Location::parse(text), None, "{text}");
        }
    }

    #[test]
    fn s60_an_office_is_of_the_same_origin() {
        let base = at("https://cinema.example/films/1");
        let office = "https://cinema.example/token?scope=matinee";
        assert_eq!(base.resolve("/token?scope=matinee").as_deref(), Some(office));
        assert_eq!(base.resolve(office).as_deref(), Some(office));
        for refused in [
            "@evil.example/steal",
            "//evil.example/token",
            "/\\evil.example/token",
            "\\\\evil.example/token",
            "https://cinema.example.evil.example/token",
            "https://cinema.example@evil.example/token",
            "https://cinema.example:8443/token",
            "https://cinema.example//evil.example",
            "http://cinema.example/token",
            "https://evil.example/token",
            "javascript:alert(1)",
            "/\t/evil.example",
            "\n//evil.example",
            " /token",
            "token",
            ".example/token",
            "",
        ] {
            assert_eq!(base.resolve(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn s57_a_configured_origin_has_one_spelling() {
        for good in ["https://cinema.example", "http://localhost:4020", "https://cinema.example:8443"] {
            assert!(Location::is_origin(good), "{good}");
        }
        for bad in
            ["https://cinema.example/", "https://Cinema.example", "https://cinema.example:443", "cinema.example", ""]
        {
            assert!(!Location::is_origin(bad), "{bad}");
        }
    }
}
