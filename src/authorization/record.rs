//! An authorization as members of a stored record. One that EIP-3009 carries is written as it always was; one of
//! Permit2 names its form, and a record that holds one has a version that older programs refuse.

use super::Authorization;
use super::eip3009::TransferAuthorization;
use super::permit2::{Permit, Spender};
use crate::address::Address;
use crate::amount::Amount;
use crate::encoding::bytes_from_hex;
use crate::json::{Object, Value};

impl Authorization {
    /// The version of a record that holds it.
    #[must_use]
    pub const fn record_version(&self) -> u64 {
        match self {
            Self::Eip3009(_) => 1,
            Self::Permit2(_) => 2,
        }
    }

    /// Adds its members to a record.
    #[must_use]
    pub fn write_to(&self, record: Object) -> Object {
        let form = match self {
            Self::Eip3009(_) => None,
            Self::Permit2(permit) => Some(match permit.spender {
                Spender::ExactProxy { .. } => "exact",
                Spender::UptoProxy { .. } => "upto",
                Spender::Payee(_) => "direct",
            }),
        };
        let facilitator = match self {
            Self::Permit2(Permit { spender: Spender::UptoProxy { facilitator, .. }, .. }) => Some(facilitator),
            _ => None,
        };
        let record = record
            .spelled("from", &self.payer())
            .spelled("to", &self.payee())
            .spelled("value", &self.amount())
            .number("validAfter", self.valid_after())
            .number("validBefore", self.deadline())
            .hex("nonce", self.nonce())
            .text_if("permit2", form);
        match facilitator {
            Some(facilitator) => record.spelled("facilitator", facilitator),
            None => record,
        }
    }

    /// Reads what [`Self::write_to`] wrote.
    #[must_use]
    pub fn read_from(record: &Value) -> Option<Self> {
        let address = |name| Address::from_wire(record.text(name)?).ok();
        let (payer, to, amount) = (address("from")?, address("to")?, Amount::from_decimal(record.text("value")?).ok()?);
        let (valid_after, deadline) = (record.number("validAfter")?, record.number("validBefore")?);
        let nonce = bytes_from_hex(record.text("nonce")?).ok()?;
        let spender = match record.text("permit2") {
            None => {
                let transfer = TransferAuthorization {
                    from: payer,
                    to,
                    value: amount,
                    valid_after,
                    valid_before: deadline,
                    nonce,
                };
                return Some(transfer.into());
            }
            Some("exact") => Spender::ExactProxy { to, valid_after },
            Some("upto") => Spender::UptoProxy { to, facilitator: address("facilitator")?, valid_after },
            Some("direct") => Spender::Payee(to),
            Some(_) => return None,
        };
        Some(Permit::new(payer, amount, nonce, deadline, spender)?.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn every_form_survives_the_store() {
        let [owner, to, facilitator] = [1, 2, 3].map(|byte| Address::from_bytes([byte; 20]));
        let permit =
            |spender| -> Authorization { Permit::new(owner, Amount::MAX, [7; 32], u64::MAX, spender).unwrap().into() };
        let transfer: Authorization = TransferAuthorization {
            from: owner,
            to,
            value: Amount::from(10_000),
            valid_after: 1,
            valid_before: 2,
            nonce: [7; 32],
        }
        .into();
        let forms = [
            transfer,
            permit(Spender::ExactProxy { to, valid_after: 1 }),
            permit(Spender::UptoProxy { to, facilitator, valid_after: 1 }),
            permit(Spender::Payee(to)),
        ];
        for authorization in forms {
            let record = authorization.write_to(Object::new()).end();
            assert_eq!(Authorization::read_from(&record), Some(authorization));
        }
        let record = transfer.write_to(Object::new()).end().to_string();
        let names = ["from", "to", "value", "validAfter", "validBefore", "nonce"];
        assert_eq!(record.matches(':').count(), names.len(), "as version 1 always was: {record}");
        let unknown = forms[1].write_to(Object::new()).end().to_string().replace("exact", "other");
        assert_eq!(Authorization::read_from(&crate::json::parse(&unknown).unwrap()), None);
    }
}
