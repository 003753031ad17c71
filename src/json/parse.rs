//! Reading: RFC 8259 and nothing beside it.

use super::Value;
use alloc::string::String;
use alloc::vec::Vec;

/// Why a text is not one strict JSON document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// Not JSON, or something stands after the document.
    Syntax,
    /// A name stands twice in one object.
    DuplicateMember,
    /// Nested deeper than 16 levels.
    TooDeep,
    /// An object with more than 256 members.
    TooWide,
}

impl core::fmt::Display for JsonError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Syntax => "not a JSON document",
            Self::DuplicateMember => "a member stands twice in one JSON object",
            Self::TooDeep => "JSON nested deeper than 16 levels",
            Self::TooWide => "a JSON object with more than 256 members",
        })
    }
}

impl core::error::Error for JsonError {}

const MAX_DEPTH: u8 = 16;
/// Bounds the search for duplicates, which is quadratic in the members of one object.
const MAX_MEMBERS: usize = 256;

/// Reads one document. The caller bounds its size.
///
/// # Errors
/// See [`JsonError`]; a byte-order mark and a lone surrogate are syntax errors.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.rest.is_empty() { Ok(value) } else { Err(JsonError::Syntax) }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn blanks(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn peek(&self) -> Option<u8> {
        self.rest.bytes().next()
    }

    fn eat(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        self.rest = rest;
        true
    }

    fn expect(&mut self, word: &str) -> Result<(), JsonError> {
        if self.eat(word) { Ok(()) } else { Err(JsonError::Syntax) }
    }

    fn value(&mut self, depth: u8) -> Result<Value, JsonError> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object(deeper(depth)?),
            Some(b'[') => self.array(deeper(depth)?),
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.expect("true").map(|()| Value::Bool(true)),
            Some(b'f') => self.expect("false").map(|()| Value::Bool(false)),
            Some(b'n') => self.expect("null").map(|()| Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u8) -> Result<Value, JsonError> {
        self.expect("{")?;
        let mut members: Vec<(String, Value)> = Vec::new();
        self.blanks();
        if self.eat("}") {
            return Ok(Value::Object(members));
        }
        loop {
            self.blanks();
            let name = self.string()?;
            if members.iter().any(|(other, _)| *other == name) {
                return Err(JsonError::DuplicateMember);
            }
            if members.len() == MAX_MEMBERS {
                return Err(JsonError::TooWide);
            }
            self.blanks();
            self.expect(":")?;
            members.push((name, self.value(depth)?));
            self.blanks();
            if self.eat("}") {
                return Ok(Value::Object(members));
            }
            self.expect(",")?;
        }
    }

    fn array(&mut self, depth: u8) -> Result<Value, JsonError> {
        self.expect("[")?;
        let mut elements = Vec::new();
        self.blanks();
        if self.eat("]") {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value(depth)?);
            self.blanks();
            if self.eat("]") {
                return Ok(Value::Array(elements));
            }
            self.expect(",")?;
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.expect("\"")?;
        let mut text = String::new();
        loop {
            let plain = self.take_while(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
            text.push_str(plain);
            if self.eat("\"") {
                return Ok(text);
            }
            self.expect("\\")?;
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let kind = self.peek();
        (_, self.rest) = self.rest.split_at_checked(1).ok_or(JsonError::Syntax)?;
        match kind {
            Some(b'"') => Ok('"'),
            Some(b'\\') => Ok('\\'),
            Some(b'/') => Ok('/'),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => {
                let first = self.code_unit()?;
                if (0xd800..0xdc00).contains(&first) {
                    self.expect("\\u")?;
                    let second = self.code_unit()?;
                    let mut pair = char::decode_utf16([first, second]);
                    return pair.next().and_then(Result::ok).ok_or(JsonError::Syntax);
                }
                char::from_u32(u32::from(first)).ok_or(JsonError::Syntax)
            }
            _ => Err(JsonError::Syntax),
        }
    }

    fn code_unit(&mut self) -> Result<u16, JsonError> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(JsonError::Syntax)?;
        self.rest = rest;
        let mut unit = 0_u16;
        for digit in digits.bytes() {
            let value = char::from(digit).to_digit(16).and_then(|value| u16::try_from(value).ok());
            unit = unit.wrapping_shl(4) | value.ok_or(JsonError::Syntax)?;
        }
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.rest;
        self.eat("-");
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(JsonError::Syntax);
        }
        if self.eat(".") {
            self.digits()?;
        }
        if self.eat("e") || self.eat("E") {
            let _signed = self.eat("+") || self.eat("-");
            self.digits()?;
        }
        let length = start.len().saturating_sub(self.rest.len());
        let text = start.get(..length).ok_or(JsonError::Syntax)?;
        Ok(Value::Number(String::from(text)))
    }

    fn digits(&mut self) -> Result<&'a str, JsonError> {
        let digits = self.take_while(|byte| byte.is_ascii_digit());
        if digits.is_empty() { Err(JsonError::Syntax) } else { Ok(digits) }
    }

    /// Takes the longest run of bytes that `belongs` accepts. Stops only at ASCII, so never inside a character.
    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(|byte| !belongs(byte)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

fn deeper(depth: u8) -> Result<u8, JsonError> {
    depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH).ok_or(JsonError::TooDeep)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn s12_what_is_written_is_what_was_read() {
        for text in [
            r#"{"a":1,"b":[true,false,null],"c":{"d":"e"}}"#,
            r#"[1,-2,3.5,1e400,123456789012345678901234567890]"#,
            r#""""#,
            r#"{}"#,
            r#""\u20ae\ud83c\udfac\"\\""#,
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        assert_eq!(parse(" {\"a\" : [ 1 , 2 ] }\r\n").unwrap().to_string(), r#"{"a":[1,2]}"#);
        assert_eq!(parse("\"₮\"").unwrap(), parse(r#""\u20AE""#).unwrap());
    }

    #[test]
    fn s12_other_spellings_are_refused() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "'a'",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "1e+",
            "NaN",
            "\u{feff}{}",
            "{} {}",
            "{}x",
            "\"\n\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\u0041\"",
            "\"\\ud83c\\dfac\"",
            "\"\\ud83cudfac\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "tru",
            "nul",
            "[1 2]",
            "{\"a\" 1}",
            "\"abc",
        ] {
            assert_eq!(parse(text), Err(JsonError::Syntax), "{text:?}");
        }
    }

    #[test]
    fn s12_duplicate_member_is_refused_at_every_level() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"x":{"a":1,"b":2,"a":3}}"#, r#"[{"a":1,"\u0061":2}]"#] {
            assert_eq!(parse(text), Err(JsonError::DuplicateMember), "{text}");
        }
        assert!(parse(r#"{"a":{"a":1},"A":2}"#).is_ok());
    }

    #[test]
    fn s24_depth_and_width_are_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(16)).is_ok());
        assert_eq!(parse(&nested(17)), Err(JsonError::TooDeep));
        assert_eq!(parse(&nested(100_000)), Err(JsonError::TooDeep));
        let wide = |members: usize| {
            let members: Vec<_> = (0..members).map(|n| format!("\"{n}\":0")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(parse(&wide(256)).is_ok());
        assert_eq!(parse(&wide(257)), Err(JsonError::TooWide));
    }

    #[test]
    fn s29_markup_cannot_be_opened_by_a_string() {
        assert_eq!(Value::from("</script>").to_string(), r#""\u003c/script>""#);
    }

    proptest! {
        #[test]
        fn s12_any_text_round_trips_as_ascii(text: String) {
            let written = Value::from(text.as_str()).to_string();
            prop_assert!(written.is_ascii());
            prop_assert_eq!(parse(&written), Ok(Value::String(text)));
        }

        #[test]
        fn s68_no_text_panics(text in "[\\[\\]{}\",:\\\\u0-9a-f. ₮-]{0,40}") {
            let _ = parse(&text);
        }
    }
}
