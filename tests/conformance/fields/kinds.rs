//! How a value of each kind can be broken.

use x402_wasm::json::{Value, parse};

/// What a member holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// An integer in decimal, as a string.
    Uint,
    /// Seconds since the epoch in decimal, as a string.
    Time,
    /// An integer, as a number or a string: x402-mock's peers write both.
    LooseUint,
    /// An integer, as a number.
    Number,
    /// 20 bytes.
    Address,
    /// 32 bytes.
    Word,
    /// 32 bytes, or an empty text where there is none.
    Transaction,
    /// 32 bytes of a signature in x402-mock's form, whose zeros in front may be missing.
    ShortWord,
    /// 65 bytes that are a signature.
    Signature,
    /// `eip155:<chain id>`.
    Caip2,
    /// A name of x402 v1.
    NetworkName,
    /// This word.
    Exactly(&'static str),
    /// Any text.
    Text,
    /// A text or a number: x402-mock's peers write both.
    LooseText,
    /// A price in units, as a number.
    Units,
    /// `true`.
    True,
    /// An object; its members are described by themselves.
    Object,
    /// An array; so are its elements' members.
    Array,
}

fn values(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| parse(text).unwrap()).collect()
}

fn strings<const N: usize>(texts: [&str; N]) -> Vec<Value> {
    texts.into_iter().map(Value::from).collect()
}

fn other_case(word: &str) -> String {
    let upper = word.to_uppercase();
    if upper == word { word.to_lowercase() } else { upper }
}

impl Kind {
    pub(super) fn mistyped(self) -> Vec<Value> {
        match self {
            Self::Number | Self::Units => values(&["true", "[]", "{}", "\"x\""]),
            Self::LooseUint | Self::LooseText => values(&["true", "[]", "{}"]),
            Self::True => values(&["1", "[]", "{}", "\"true\""]),
            Self::Object => values(&["1", "true", "[]", "\"x\""]),
            Self::Array => values(&["1", "true", "{}", "\"x\""]),
            _ => values(&["1", "true", "[]", "{}"]),
        }
    }

    /// Other spellings of the same value, and texts that are none at all.
    pub(super) fn misspelled(self, good: &Value) -> Vec<Value> {
        let text = good.as_str().unwrap_or_default();
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let around = |forms: &[String]| forms.iter().map(|form| Value::from(form.as_str())).collect::<Vec<_>>();
        match self {
            Self::Uint | Self::Time => around(&[
                String::new(),
                format!("0{text}"),
                format!("+{text}"),
                format!(" {text}"),
                format!("{text} "),
                format!("{text}.0"),
                format!("{text}e0"),
                format!("0x{text}"),
                text.replace(|digit: char| digit.is_ascii_digit(), "\u{661}"),
            ]),
            Self::LooseUint => {
                let number = good.as_integer().unwrap();
                let mut forms = values(&[&format!("{number}.0"), &format!("{number}e0")]);
                forms.extend(around(&[
                    String::new(),
                    format!("0{number}"),
                    format!(" {number}"),
                    format!("0x{number}"),
                ]));
                forms
            }
            Self::Number => {
                let number = good.as_integer().unwrap();
                values(&[&format!("{number}.0"), &format!("{number}e0"), &format!("\"{number}\"")])
            }
            Self::Address | Self::Word | Self::Signature => around(&[
                String::new(),
                "0x".to_owned(),
                digits.to_owned(),
                format!("0X{digits}"),
                format!(" {text}"),
                format!("{text} "),
                format!("{}g", &text[..text.len() - 1]),
                text[..text.len() - 1].to_owned(),
                text[..text.len() - 2].to_owned(),
            ]),
            Self::ShortWord => {
                around(&[String::new(), "0x".to_owned(), format!("0X{digits}"), format!("{text}00"), "0xg".to_owned()])
            }
            Self::Transaction => Self::Word.misspelled(good).split_off(1),
            Self::Caip2 => strings([
                "",
                "eip155:",
                "eip155:084532",
                "EIP155:84532",
                "eip155-84532",
                " eip155:84532",
                "base-sepolia",
            ]),
            Self::NetworkName => {
                strings(["", "Base-Sepolia", "base-sepolia ", "base_sepolia", "eip155:84532", "84532"])
            }
            Self::Exactly(word) => around(&[String::new(), other_case(word), format!("{word} "), format!(" {word}")]),
            Self::Units => values(&["1e400", "-0.01", "0.0000001", "1e-7"]),
            Self::Text | Self::LooseText | Self::True | Self::Object | Self::Array => Vec::new(),
        }
    }

    pub(super) fn out_of_range(self) -> Vec<Value> {
        let too_large = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
        match self {
            Self::Uint => strings(["-1", too_large]),
            Self::Time => strings(["18446744073709551616", "99999999999999999999999999"]),
            Self::LooseUint => values(&["-1", too_large]),
            Self::Number => values(&["-1", "18446744073709551616", "1.5"]),
            // No point of the curve.
            Self::Signature => vec![Value::from(format!("0x{}", "00".repeat(65)))],
            Self::Transaction => strings([""]),
            Self::Address => strings(["0x0000000000000000000000000000000000000000"]),
            Self::Caip2 => strings(["eip155:0", "eip155:9007199254740992"]),
            _ => Vec::new(),
        }
    }

    /// Well-formed, and not what it was.
    pub(super) fn other(self, good: &Value) -> Vec<Value> {
        match self {
            Self::Uint => strings(["0", "9999"]),
            Self::Time => strings(["1"]),
            Self::LooseUint => values(&["1"]),
            Self::Number => values(&["3", "7"]),
            Self::Address => strings(["0x3333333333333333333333333333333333333333"]),
            Self::Word | Self::Transaction => vec![Value::from(format!("0x{}", "77".repeat(32)))],
            Self::ShortWord => vec![Value::from("0x7")],
            Self::Signature => {
                let text = good.as_str().unwrap();
                let flipped = if text.ends_with("1b") { "1c" } else { "1b" };
                vec![Value::from(format!("{}{flipped}", &text[..text.len() - 2]))]
            }
            Self::Caip2 => strings(["eip155:8453"]),
            Self::NetworkName => strings(["base"]),
            Self::Exactly(_) | Self::Text => strings(["another"]),
            Self::LooseText => values(&["\"another\"", "3"]),
            Self::Units => values(&["1000", "5000000"]),
            Self::True => values(&["false"]),
            Self::Object => values(&["{}"]),
            Self::Array => values(&["[]", "[1,null,{},[]]"]),
        }
    }
}
