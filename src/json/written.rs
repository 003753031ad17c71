//! Objects that are text from their first member on, for what nobody here looks into again.

use super::object::Object;
use super::write::{is_plain, write, write_escaped, write_string};
use crate::encoding::{decimal, hex};
use crate::spell::Spell;
use alloc::string::String;

/// An object in the making, as [`Object`] is one, but as text: a tree of values costs several allocations a member, and is
/// then walked once. Names are words of ours and stand as they are; only values are escaped.
///
/// A comma follows each member, and the last one goes when its object is closed.
#[derive(Debug)]
pub struct Written(String);

impl Written {
    /// No members yet, and room for `bytes` of them.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        let mut text = String::with_capacity(bytes);
        text.push('{');
        Self(text)
    }

    /// A member that is JSON already.
    #[inline(never)]
    pub fn bare(&mut self, name: &'static str, json: &str) -> &mut Self {
        self.name(name, "\":");
        self.0.push_str(json);
        self.0.push(',');
        self
    }

    /// A string.
    #[inline(never)]
    pub fn text(&mut self, name: &'static str, text: &str) -> &mut Self {
        self.name(name, "\":\"");
        write_escaped(&mut self.0, text);
        self.0.push_str("\",");
        self
    }

    /// A string, if there is one.
    #[inline(never)]
    pub fn text_if(&mut self, name: &'static str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// The spelling of a thing as a string.
    pub fn spelled(&mut self, name: &'static str, thing: &impl Spell) -> &mut Self {
        self.text(name, &thing.spell())
    }

    /// Bytes as a string: `0x` and lower-case digits.
    #[inline(never)]
    pub fn hex(&mut self, name: &'static str, bytes: &[u8]) -> &mut Self {
        self.text(name, &hex(bytes))
    }

    /// An integer.
    #[inline(never)]
    pub fn number(&mut self, name: &'static str, number: u64) -> &mut Self {
        self.bare(name, &decimal(number))
    }

    /// An integer for JavaScript: one that it holds exactly is a number, and every other one a string.
    #[inline(never)]
    pub fn exact(&mut self, name: &'static str, number: u64) -> &mut Self {
        if number < 1 << 53 { self.number(name, number) } else { self.text(name, &decimal(number)) }
    }

    /// An integer, if there is one.
    #[inline(never)]
    pub fn number_if(&mut self, name: &'static str, number: Option<u64>) -> &mut Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    /// Strings.
    pub fn texts(&mut self, name: &'static str, texts: &[&str]) -> &mut Self {
        self.name(name, "\":");
        let mut before = "[";
        for text in texts {
            self.0.push_str(before);
            write_string(&mut self.0, text);
            before = ",";
        }
        self.0.push_str(if texts.is_empty() { "[]," } else { "]," });
        self
    }

    /// `true`, or no member.
    pub fn flag(&mut self, name: &'static str, is_set: bool) -> &mut Self {
        if is_set { self.bare(name, "true") } else { self }
    }

    /// An object: what follows are its members, until it is closed.
    #[inline(never)]
    pub fn open(&mut self, name: &'static str) -> &mut Self {
        self.name(name, "\":{");
        self
    }

    /// Ends what was opened last.
    pub fn close(&mut self) -> &mut Self {
        self.brace();
        self.0.push(',');
        self
    }

    /// The members of another object.
    pub fn members(&mut self, object: Object) -> &mut Self {
        for (name, value) in object.end().members().unwrap_or_default() {
            self.name(name, "\":");
            write(&mut self.0, value);
            self.0.push(',');
        }
        self
    }

    /// The text; nothing is to be written after it.
    #[must_use]
    pub fn end(&mut self) -> String {
        self.brace();
        core::mem::take(&mut self.0)
    }

    fn brace(&mut self) {
        if self.0.ends_with(',') {
            self.0.pop();
        }
        self.0.push('}');
    }

    fn name(&mut self, name: &str, after: &str) {
        debug_assert!(name.bytes().all(is_plain), "a name that is to be escaped: {name}");
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_at_once_is_what_an_object_is_written_as() {
        let inner = Object::new().hex("f", &[0x0a, 0xff]).text("g", "<");
        let object = Object::new().number("a", u64::MAX).text("b", "\"\\").value("h", true.into());
        let mut written = Written::new(8);
        written.number("a", u64::MAX).text("b", "\"\\").text_if("c", None).number_if("d", None).flag("e", false);
        written.flag("h", true).bare("i", "[1]").members(inner);
        let expected = object.value("i", Object::new().end()).end().spell();
        let expected = expected.replace("{}}", "[1],\"f\":\"0x0aff\",\"g\":\"\\u003c\"}");
        assert_eq!(written.end(), expected);
        assert_eq!(Written::new(0).end(), "{}");
    }

    #[test]
    fn objects_and_lists_stand_within_objects() {
        let mut written = Written::new(8);
        written.open("a").open("b").close().texts("c", &[]).close();
        written.open("d").number("e", 1).close().texts("f", &["\"", "g"]);
        assert_eq!(written.end(), r#"{"a":{"b":{},"c":[]},"d":{"e":1},"f":["\"","g"]}"#);
    }

    #[test]
    fn what_javascript_would_round_stays_text() {
        let mut written = Written::new(8);
        written.exact("a", (1 << 53) - 1).exact("b", 1 << 53).exact("c", u64::MAX);
        assert_eq!(written.end(), r#"{"a":9007199254740991,"b":"9007199254740992","c":"18446744073709551615"}"#);
    }
}
