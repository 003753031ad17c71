//! Writing: compact, members in their order, everything outside ASCII escaped.

use super::Value;
use crate::encoding::bare_hex;
use crate::spell::Spell;
use crate::text::HAS_TABLES;
use alloc::string::String;
use core::fmt::{Display, Formatter, Result};

/// Compact ASCII JSON.
impl Spell for Value {
    fn spell(&self) -> String {
        let mut text = String::new();
        write(&mut text, self);
        text
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.spell())
    }
}

#[allow(clippy::single_char_add_str, reason = "texts are pushed by what is there anyway")]
pub(super) fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => write_string(out, text),
        Value::Array(elements) => {
            let mut before = "[";
            for element in elements {
                out.push_str(before);
                write(out, element);
                before = ",";
            }
            out.push_str(if elements.is_empty() { "[]" } else { "]" });
        }
        Value::Object(members) => {
            let mut before = "{";
            for (name, value) in members {
                out.push_str(before);
                write_string(out, name);
                out.push_str(":");
                write(out, value);
                before = ",";
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
    }
}

/// Appends a text as a JSON string.
#[allow(clippy::single_char_add_str, reason = "texts are pushed by what is there anyway")]
pub(super) fn write_string(out: &mut String, text: &str) {
    out.push_str("\"");
    write_escaped(out, text);
    out.push_str("\"");
}

/// Appends what stands between the quotes of a JSON string.
pub(super) fn write_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    // In runs: character by character, writing would take longer than what is written took to compute.
    while let Some(place) = rest.bytes().position(|byte| !is_plain(byte)) {
        // Every byte of a character outside ASCII stops a run, so a run ends where a character does.
        let (plain, others) = rest.split_at_checked(place).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut characters = others.chars();
        match characters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some(other) => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    out.push_str("\\u");
                    out.push_str(&bare_hex(&unit.to_be_bytes()));
                }
            }
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

/// Stands for itself in a string. `<` does not: it cannot open markup where a page embeds the text (S29).
const fn stands_for_itself(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'<')
}

/// The same of each byte. A gate looks it up: what it writes is mostly long texts.
#[allow(clippy::indexing_slicing, reason = "when it is compiled")]
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = stands_for_itself(byte);
        byte += 1;
    }
    plain
};

pub(super) fn is_plain(byte: u8) -> bool {
    if HAS_TABLES { PLAIN.get(usize::from(byte)).copied().unwrap_or_default() } else { stands_for_itself(byte) }
}
