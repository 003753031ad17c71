//! One payment in many spellings (S38): whoever writes it otherwise has not made another payment.

use super::{NOW, SKEW, own, payment};
use crate::dialect::v2::{read_payment_header, write_payment};
use crate::encoding::base64;
use crate::json::Value;
use crate::protocol::{Offer, Refusal, SignedPayment};
use crate::seal::Seal;
use crate::verify::{VerifiedPayment, verify};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use proptest::prelude::*;

fn document() -> Value {
    let payment = payment();
    let Seal::Key(signature) = payment.seal else { panic!("not a key's") };
    let offer = Offer { requirements: own().requirements, echo: None };
    let signed = SignedPayment { offer, authorization: payment.authorization, signature };
    write_payment(&signed, None)
}

fn verified(header: &str) -> Result<VerifiedPayment, Refusal> {
    verify(&read_payment_header(header)?, &[own()], NOW, SKEW)
}

/// Writes JSON as nobody would, with dice for every choice.
struct Whim<'a> {
    dice: core::iter::Cycle<core::slice::Iter<'a, u8>>,
    text: String,
}

impl Whim<'_> {
    fn roll(&mut self, sides: u8) -> u8 {
        self.dice.next().map_or(0, |eyes| eyes % sides)
    }

    fn blank(&mut self) {
        let blank = ["", "", "", " ", "\n", "\t", "\r", "  "];
        let roll = self.roll(8);
        self.text.push_str(blank[usize::from(roll)]);
    }

    fn value(&mut self, value: &Value) {
        self.blank();
        match value {
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().map(|member| (self.roll(255), member)).collect();
                members.sort_by_key(|(order, _)| *order);
                self.text.push('{');
                for (index, (_, (name, value))) in members.into_iter().enumerate() {
                    if index > 0 {
                        self.text.push(',');
                    }
                    self.blank();
                    self.string(name);
                    self.blank();
                    self.text.push(':');
                    self.value(value);
                }
                self.text.push('}');
            }
            Value::String(text) => self.string(&self.in_any_case(text)),
            other => self.text.push_str(&other.to_string()),
        }
        self.blank();
    }

    /// Hex digits in any case; whatever else a string says stays.
    fn in_any_case(&self, text: &str) -> String {
        let mut whim = self.dice.clone();
        let Some(digits) = text.strip_prefix("0x") else { return text.to_string() };
        let any_case = |digit: char| {
            if whim.next().is_some_and(|eyes| eyes & 8 == 0) {
                digit.to_ascii_uppercase()
            } else {
                digit.to_ascii_lowercase()
            }
        };
        format!("0x{}", digits.chars().map(any_case).collect::<String>())
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for letter in text.chars() {
            let spelled = match self.roll(4) {
                0 => format!("\\u{:04x}", u32::from(letter)),
                1 => format!("\\u{:04X}", u32::from(letter)),
                _ if letter == '/' => "\\/".to_string(),
                _ => letter.to_string(),
            };
            self.text.push_str(&spelled);
        }
        self.text.push('"');
    }
}

#[test]
fn s18_addresses_in_any_case_are_one_payer() {
    let written = document().to_string();
    let from = payment().authorization.payer().to_string();
    let key = verified(&base64(written.as_bytes())).unwrap().replay_key();
    for other in [from.to_lowercase(), from.to_uppercase().replacen("0X", "0x", 1)] {
        let respelled = written.replace(&from, &other);
        assert_ne!(respelled, written);
        assert_eq!(verified(&base64(respelled.as_bytes())).unwrap().replay_key(), key);
    }
    for bad in [from.replacen("0x", "0X", 1), from[2..].to_string(), format!("{from} "), format!("{from}0")] {
        let respelled = written.replace(&from, &bad);
        assert_eq!(verified(&base64(respelled.as_bytes())), Err(Refusal::Shape("from")), "{bad}");
    }
}

proptest! {
    #[test]
    fn s38_another_spelling_is_the_same_payment(dice in proptest::collection::vec(any::<u8>(), 64..512)) {
        let mut whim = Whim { dice: dice.iter().cycle(), text: String::new() };
        whim.value(&document());
        let header = base64(whim.text.as_bytes());
        let key = verified(&base64(document().to_string().as_bytes())).unwrap().replay_key();
        prop_assert_eq!(verified(&header).map(|verified| verified.replay_key()), Ok(key), "{}", whim.text);
        // Its base64 has one spelling only.
        if let Some(bare) = header.strip_suffix('=') {
            prop_assert_eq!(verified(bare), Err(Refusal::Encoding));
        }
    }
}
