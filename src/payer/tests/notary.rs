//! Whoever signs for a gate.

use super::NOW;
use crate::address::Address;
use crate::dialect::v2;
use crate::extension::offer_receipt::{Offer, Receipt, Statement as _, offers, signed_receipt};
use crate::json::{Value, parse};
use crate::protocol::OwnRequirement;
use crate::signature::SecretKey;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Signs for a gate, and lies where a test wants it.
pub(super) struct Notary {
    pub(super) key: u8,
    pub(super) offer: fn(&mut Offer),
    pub(super) receipt: fn(&mut Receipt),
    /// What becomes of the signed text.
    pub(super) spoil: fn(String) -> String,
    pub(super) transaction: String,
    pub(super) is_generous: bool,
}

impl Notary {
    #[cfg(any(feature = "full-payer", not(feature = "permit2")))]
    pub(super) fn honest() -> Self {
        Self {
            key: 0x33,
            offer: |_| {},
            receipt: |_| {},
            spoil: |text| text,
            transaction: String::new(),
            is_generous: true,
        }
    }

    pub(super) fn key(&self) -> SecretKey {
        SecretKey::from_bytes(&mut [self.key; 32]).unwrap()
    }

    fn spoilt(&self, signed: &Value) -> Value {
        parse(&(self.spoil)(signed.to_string())).unwrap()
    }

    pub(super) fn offers(&self, accepts: &[OwnRequirement], url: &str) -> Value {
        let sign = |own: &OwnRequirement| {
            let mut offer = Offer::of(&v2::write_requirements(&own.requirements).unwrap(), url, NOW + 300).unwrap();
            (self.offer)(&mut offer);
            self.spoilt(&offer.signed(&self.key()))
        };
        offers(accepts.iter().map(sign).collect::<Vec<_>>().into())
    }

    pub(super) fn receipt(&self, url: &str, payer: Address, now: u64) -> Option<Value> {
        let (network, payer) = ("eip155:84532".into(), payer.to_string());
        let transaction = self.transaction.clone();
        let mut receipt = Receipt { network, resource_url: url.into(), payer, issued_at: now, transaction };
        (self.receipt)(&mut receipt);
        self.is_generous.then(|| signed_receipt(self.spoilt(&receipt.signed(&self.key()))))
    }
}
