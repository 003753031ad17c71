//! Writing: compact, members in their order, everything outside ASCII escaped.

use super::Value;
use crate::encoding::bare_hex;
use core::fmt::{Display, Formatter, Result, Write as _};

/// Compact ASCII JSON.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(truth) => f.write_str(if *truth { "true" } else { "false" }),
            Self::Number(text) => f.write_str(text),
            Self::String(text) => write_string(f, text),
            Self::Array(elements) => {
                f.write_char('[')?;
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    element.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Object(members) => {
                f.write_char('{')?;
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    write_string(f, name)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_string(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('"')?;
    let mut rest = text;
    // In runs: character by character, writing would take longer than what is written took to compute.
    while let Some(place) = rest.bytes().position(|byte| !is_plain(byte)) {
        // Every byte of a character outside ASCII stops a run, so a run ends where a character does.
        let (plain, others) = rest.split_at_checked(place).unwrap_or((rest, ""));
        f.write_str(plain)?;
        let mut characters = others.chars();
        match characters.next() {
            Some('"') => f.write_str("\\\"")?,
            Some('\\') => f.write_str("\\\\")?,
            Some('\n') => f.write_str("\\n")?,
            Some(other) => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    f.write_str("\\u")?;
                    f.write_str(&bare_hex(&unit.to_be_bytes()))?;
                }
            }
            None => {}
        }
        rest = characters.as_str();
    }
    f.write_str(rest)?;
    f.write_char('"')
}

/// Stands for itself in a string. `<` does not: it cannot open markup where a page embeds the text (S29).
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'<')
}
