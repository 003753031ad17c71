//! `payment-identifier`: the payer names its payment, and a name is used for one payment only ([specification]).
//!
//! The same name with the same payment gets the same answer, which a ledger gives anyway; the same name with another
//! payment is a conflict.
//!
//! [specification]: https://github.com/x402-foundation/x402/blob/main/specs/extensions/payment_identifier.md

use super::declared;
use crate::encoding::bare_hex;
use crate::json::{Object, Value};
use alloc::string::String;

/// Its key in `extensions`.
pub const NAME: &str = "payment-identifier";

/// 16 to 128 letters, digits, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentIdentifier(String);

/// It is there, and not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentIdentifierError;

impl core::fmt::Display for PaymentIdentifierError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a payment identifier is 16 to 128 letters, digits, hyphens and underscores")
    }
}

impl core::error::Error for PaymentIdentifierError {}

impl PaymentIdentifier {
    /// From its text.
    ///
    /// # Errors
    /// Shorter, longer, or with other characters.
    pub fn new(text: &str) -> Result<Self, PaymentIdentifierError> {
        let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if (16..=128).contains(&text.len()) && text.bytes().all(is_fine) {
            Ok(Self(text.into()))
        } else {
            Err(PaymentIdentifierError)
        }
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier in a payment's `extensions`; `None` where the payer gave none.
    ///
    /// # Errors
    /// The extension is there with something else in its place.
    pub fn of(extensions: Option<&Value>) -> Result<Option<Self>, PaymentIdentifierError> {
        let Some(extension) = extensions.and_then(|extensions| extensions.get(NAME)) else { return Ok(None) };
        let info = extension.get("info").ok_or(PaymentIdentifierError)?;
        match info.get("id") {
            None => Ok(None),
            Some(id) => Self::new(id.as_str().ok_or(PaymentIdentifierError)?).map(Some),
        }
    }
}

/// Gives a payment's document a name made of its nonce, where the challenge that it echoes takes one: the same payment has
/// the same name, however often it is sent.
#[must_use]
pub fn named(mut document: Value, nonce: &[u8; 32]) -> Value {
    let info = ["extensions", NAME, "info"].iter().try_fold(&mut document, member);
    if let Some(Value::Object(info)) = info {
        let digits = bare_hex(nonce);
        let name = ["pay_", digits.get(..32).unwrap_or_default()].concat().into();
        match find(info, "id") {
            Some(id) => *id = name,
            None => info.push(("id".into(), name)),
        }
    }
    document
}

fn member<'a>(value: &'a mut Value, name: &&str) -> Option<&'a mut Value> {
    let Value::Object(members) = value else { return None };
    find(members, name)
}

fn find<'a>(members: &'a mut [(String, Value)], name: &str) -> Option<&'a mut Value> {
    members.iter_mut().find(|(own, _)| own == name).map(|(_, value)| value)
}

/// What a challenge says: whether a payment without one is refused.
#[must_use]
pub fn declaration(required: bool) -> Value {
    let info = Object::new().value("required", required.into()).end();
    declared(info, &[("required", "boolean"), ("id", "string")], &["required"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use alloc::string::ToString as _;

    #[test]
    fn an_identifier_is_of_the_documented_alphabet_and_length() {
        for good in ["pay_0123456789ab", &"a".repeat(16), &"Z".repeat(128), "----____----____"] {
            assert_eq!(PaymentIdentifier::new(good).unwrap().as_str(), good);
        }
        for bad in
            ["", &"a".repeat(15), &"a".repeat(129), "pay 0123456789abc", "pay.0123456789abc", "päy_0123456789abc"]
        {
            assert_eq!(PaymentIdentifier::new(bad), Err(PaymentIdentifierError), "{bad}");
        }
    }

    #[test]
    fn it_is_read_from_where_it_stands_and_nothing_else_passes_for_it() {
        let of = |text: &str| PaymentIdentifier::of(Some(&parse(text).unwrap()));
        assert_eq!(PaymentIdentifier::of(None), Ok(None));
        assert_eq!(of("{}"), Ok(None));
        assert_eq!(of(r#"{"payment-identifier":{"info":{"required":false}}}"#), Ok(None));
        let id = "pay_0123456789abcdef";
        let echoed = alloc::format!(r#"{{"payment-identifier":{{"info":{{"required":true,"id":"{id}"}}}}}}"#);
        assert_eq!(of(&echoed).unwrap().unwrap().as_str(), id);
        for bad in [r#""x""#, r#"{"info":{"id":7}}"#, r#"{"info":{"id":"short"}}"#, "{}"] {
            assert_eq!(of(&alloc::format!(r#"{{"payment-identifier":{bad}}}"#)), Err(PaymentIdentifierError), "{bad}");
        }
    }

    #[test]
    fn s63_a_payment_is_called_the_same_every_time_and_nothing_else_is_touched() {
        let echo =
            r#""a":[1,{"info":2}],"payment-identifier":{"info":{"required":true,"id":"?"},"schema":{}},"z":null"#;
        let challenge = &alloc::format!(r#"{{"extensions":{{{echo}}},"payload":1}}"#);
        let answer = named(parse(challenge).unwrap(), &[0xab; 32]);
        let id = alloc::format!("pay_{}", "ab".repeat(16));
        assert_eq!(answer.to_string(), challenge.replace("\"?\"", &alloc::format!("\"{id}\"")));
        assert_eq!(PaymentIdentifier::of(answer.get("extensions")).unwrap().unwrap().as_str(), id);
        assert_eq!(named(answer.clone(), &[0xab; 32]), answer);
        for other in ["null", "[]", "{}", r#"{"extensions":{"payment-identifier":7}}"#, r#"{"extensions":[]}"#] {
            let other = parse(other).unwrap();
            assert_eq!(named(other.clone(), &[0; 32]), other);
        }
    }

    #[test]
    fn the_declaration_is_that_of_the_specification() {
        let text = declaration(true).to_string();
        assert!(text.starts_with(r#"{"info":{"required":true},"schema":{"$schema":"#), "{text}");
    }
}
