//! Cutting texts by their bytes: what looks for characters in general weighs more than all that is done here.

/// The text before the first of these ASCII characters, and the rest from there on.
#[inline(never)]
#[allow(clippy::manual_contains, reason = "`contains` brings a search for long texts along")]
pub(crate) fn split_before<'a>(text: &'a str, ends: &[u8]) -> (&'a str, &'a str) {
    let end = text.bytes().position(|byte| ends.iter().any(|end| *end == byte));
    end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}
