//! A link: a small record beside the payments, which leads from a name to one of them.
//!
//! It is kept under a key of its own domain, so it is never taken for a payment: it has no state, is not counted, lent or
//! cashed, and is removed when its time is over.

use super::RecordError;
use crate::address::Address;
use crate::encoding::bytes_from_hex;
use crate::json::{Object, Value, parse};
use crate::keccak::keccak256;
use crate::verify::ReplayKey;
use alloc::string::{String, ToString as _};

/// From a name to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a record")]
pub struct Link {
    /// The name's key.
    pub key: ReplayKey,
    /// The payment's.
    pub to: ReplayKey,
    /// When it can be forgotten, in seconds since the epoch.
    pub due_at: u64,
}

/// A link together with the version under which it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a record")]
pub struct StoredLink {
    /// The link.
    pub link: Link,
    /// As that of [`super::Stored`].
    pub version: u64,
}

/// What leads to a payment. Names of two gates never meet: each is hashed with the ticket issuer.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "the whole list")]
pub enum Name<'a> {
    /// What its payer called it.
    Identifier(&'a str),
    /// The last payment of this account for this scope.
    Buyer(&'a str, Address),
    /// A sign-in that was shown: its nonce, and who signed.
    SignIn(&'a str, Address),
}

impl Name<'_> {
    /// Its key in the ledger of this gate.
    #[must_use]
    pub fn key(self, issuer: &str) -> ReplayKey {
        let (domain, text, account): (&[u8], _, _) = match self {
            Self::Identifier(text) => (b"x402-wasm/identifier", text, Address::ZERO),
            Self::Buyer(scope, account) => (b"x402-wasm/buyer", scope, account),
            Self::SignIn(nonce, account) => (b"x402-wasm/sign-in", nonce, account),
        };
        let (issuer, text) = (keccak256(&[issuer.as_bytes()]), keccak256(&[text.as_bytes()]));
        ReplayKey::from_bytes(keccak256(&[domain, &issuer, account.as_bytes(), &text]))
    }
}

impl Link {
    /// One line of JSON. Programs that know payments only take it for damaged, and leave it alone.
    #[must_use]
    pub fn to_record(&self) -> String {
        let record = Object::new().hex("link", self.key.as_bytes()).hex("to", self.to.as_bytes());
        record.number("dueAt", self.due_at).end().to_string()
    }

    /// Reads what [`Self::to_record`] wrote.
    ///
    /// # Errors
    /// Any other text.
    pub fn from_record(text: &str) -> Result<Self, RecordError> {
        let read = |record: &Value| {
            let key = |name| Some(ReplayKey::from_bytes(bytes_from_hex(record.text(name)?).ok()?));
            Some(Self { key: key("link")?, to: key("to")?, due_at: record.number("dueAt")? })
        };
        parse(text).ok().as_ref().and_then(read).ok_or(RecordError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Entry;
    use crate::ledger::tests::entry;
    use alloc::collections::BTreeSet;

    fn link() -> Link {
        Link { key: Name::Identifier("pay_0123456789abcdef").key("https://a.example"), to: entry().key(), due_at: 7 }
    }

    #[test]
    fn a_link_survives_the_store_and_is_no_payment() {
        assert_eq!(Link::from_record(&link().to_record()), Ok(link()));
        assert_eq!(Entry::from_record(&link().to_record()), Err(RecordError));
        assert_eq!(Link::from_record(&entry().to_record()), Err(RecordError));
        for damaged in ["", "{}", &link().to_record().replace("dueAt", "due"), &link().to_record().replace("0x", "")] {
            assert_eq!(Link::from_record(damaged), Err(RecordError), "{damaged}");
        }
    }

    #[test]
    fn s38_no_two_names_share_a_key() {
        let (one, other) = (Address::from_bytes([1; 20]), Address::from_bytes([2; 20]));
        let names = [
            Name::Identifier("a"),
            Name::Identifier("b"),
            Name::Buyer("a", Address::ZERO),
            Name::Buyer("a", one),
            Name::Buyer("a", other),
            Name::Buyer("b", one),
            Name::SignIn("a", one),
        ];
        let keys: BTreeSet<_> = names
            .iter()
            .flat_map(|name| ["https://a.example", "https://b.example"].map(|gate| name.key(gate)))
            .collect();
        assert_eq!(keys.len(), 2 * names.len());
        assert!(!keys.contains(&entry().key()));
    }
}
