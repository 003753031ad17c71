//! Paths in their one spelling (S19).
//!
//! Two spellings that a handler's router would treat alike are two doors, of which one may be open. So a path that has
//! another spelling is refused before any route is looked up.

/// Whether no router could read the path as another one: no empty or dot segments, no backslash, every character that
/// may stand for itself does, escapes are in capitals, and nothing is escaped twice.
#[must_use]
pub fn is_canonical(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    let mut segments = rest.split('/').peekable();
    while let Some(segment) = segments.next() {
        // A trailing slash leaves one empty segment at the end.
        let empty_inside = segment.is_empty() && segments.peek().is_some();
        if empty_inside || segment == "." || segment == ".." || !is_canonical_segment(segment) {
            return false;
        }
    }
    true
}

fn is_canonical_segment(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'%' => match (bytes.next().and_then(hex_digit), bytes.next().and_then(hex_digit)) {
                (Some(high), Some(low)) => must_be_escaped(high.wrapping_shl(4) | low),
                _ => false,
            },
            other => stands_for_itself(other),
        };
        if !fine {
            return false;
        }
    }
    true
}

/// `pchar` of RFC 3986 section 3.3, without the escapes.
fn stands_for_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

/// What cannot stand in a path otherwise. A slash, a backslash, a percent sign and control characters may not be
/// there in any form.
fn must_be_escaped(byte: u8) -> bool {
    !byte.is_ascii() || b" \"#<>?[]^`{|}".contains(&byte)
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0')),
        b'A'..=b'F' => Some(byte.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_canonical;

    #[test]
    fn s19_one_spelling_per_path() {
        for path in ["/", "/films", "/films/", "/films/1", "/films/caf%C3%A9", "/a%20b", "/@x;v=1", "/.well-known/x"] {
            assert!(is_canonical(path), "{path}");
        }
        for path in [
            "",
            "films",
            "//",
            "//films",
            "/films//1",
            "/films/./1",
            "/films/../1",
            "/./films",
            "/..",
            "/films\\1",
            "/films%2F1",
            "/films%2f1",
            "/films%5C1",
            "/films%252F1",
            "/films/%2E%2E/1",
            "/films/%31",
            "/%66ilms",
            "/films/1%00",
            "/films/1%0A",
            "/films/%",
            "/films/%4",
            "/films/%zz",
            "/films/caf%c3%a9",
            "/films/é",
            "/a b",
            "/films/1%7F",
            "/films/%21",
        ] {
            assert!(!is_canonical(path), "{path}");
        }
    }
}
