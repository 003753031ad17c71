//! The operator's own door: what the ledger holds, and whether the chain agrees.

use super::reader::{ConfigError, Reader};
use super::step::{Inquiry, Step};
use super::{Gate, GateError, RequestHead};
use crate::protocol::Method;
use crate::settle::Payee;
use alloc::string::String;
use alloc::vec::Vec;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What opens the operator's door. The key itself is not kept.
pub(super) struct Operator {
    path: String,
    tag: [u8; 32],
}

const LEAST_KEY_BYTES: usize = 32;

impl Operator {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Option<Self>, ConfigError> {
        config.reader("operator")?.map(Self::read).transpose()
    }

    // What a start does without stands by itself: a host compiles a function when it is first called.
    #[inline(never)]
    fn read(mut reader: Reader<'_>) -> Result<Self, ConfigError> {
        let key = reader.text("key")?.filter(|key| key.len() >= LEAST_KEY_BYTES);
        let tag = key.and_then(tagger).ok_or_else(|| {
            reader.wrong("key", "is a secret of at least 32 bytes: `openssl rand -base64 32` makes one")
        })?;
        let path = reader.text("path")?.unwrap_or("/ledger");
        if !super::is_canonical(path) || path.ends_with('/') {
            return Err(reader.wrong("path", "is a path such as \"/ledger\""));
        }
        reader.end()?;
        Ok(Self { path: path.into(), tag: tag.finalize().into_bytes().into() })
    }

    /// Compared by the MAC's own constant-time check, and over tags: neither length nor content shows in time (S34).
    fn opens(&self, presented: &str) -> bool {
        tagger(presented).is_some_and(|tag| tag.verify_slice(&self.tag).is_ok())
    }
}

fn tagger(key: &str) -> Option<Hmac<Sha256>> {
    let mut tag = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    tag.update(b"x402-wasm/operator");
    Some(tag)
}

impl Gate {
    /// Who is paid by EIP-3009 here, and in what: what the chain's events can be held against.
    #[must_use]
    pub fn payees(&self) -> Vec<Payee> {
        let mut payees: Vec<Payee> = Vec::new();
        for own in self.routes.scopes().flat_map(|route| &route.requirements) {
            let own = &own.requirements;
            let payee = Payee { network: own.network, asset: own.asset, account: own.pay_to };
            if own.method == Method::Eip3009 && !payees.contains(&payee) {
                payees.push(payee);
            }
        }
        payees
    }

    /// `GET /ledger` and `POST /ledger/reconcile`, where there is an operator's key. `None` for everything else.
    pub(super) fn inquire(&self, head: &impl RequestHead, path: &str) -> Option<Step> {
        let operator = self.operator.as_ref()?;
        let inquiry = match (&*head.method(), path.strip_prefix(operator.path.as_str())?) {
            ("GET", "") => Inquiry::Report,
            ("POST", "/reconcile") => Inquiry::Reconcile,
            _ => return None,
        };
        let presented = head.header("authorization");
        let is_theirs =
            presented.is_some_and(|value| super::check::bearer(&value).is_ok_and(|key| operator.opens(key)));
        Some(if is_theirs { Step::Inquire(inquiry) } else { Step::Respond(self.error(GateError::OperatorKey)) })
    }
}
