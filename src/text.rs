//! Cutting texts by their bytes: what looks for characters in general weighs more than all that is done here.

/// The text before the first of these ASCII characters, and the rest from there on.
#[inline(never)]
pub(crate) fn split_before<'a>(text: &'a str, ends: &[u8]) -> (&'a str, &'a str) {
    let end = text.bytes().position(|byte| ends.contains(&byte));
    end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}
