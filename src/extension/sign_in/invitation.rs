//! What a challenge says about signing in.

use super::{NAME, Statement};
use crate::address::Address;
use crate::encoding::base64;
use crate::extension::declared;
use crate::json::{Object, Value};
use crate::network::Network;
use crate::signature::Signature;
use crate::time::to_rfc3339;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// A gate's offer to take a signature instead of a payment.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// The gate's host.
    pub domain: &'a str,
    /// What was asked for.
    pub uri: &'a str,
    /// A sentence for a person.
    pub statement: Option<&'a str>,
    /// The chains on which one can have paid.
    pub networks: &'a [Network],
    /// 32 hex digits, never twice the same.
    pub nonce: &'a str,
    /// Seconds since the epoch.
    pub issued_at: u64,
}

impl Invitation<'_> {
    /// The entry in `extensions`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let info = Object::new()
            .text("domain", self.domain)
            .text("uri", self.uri)
            .text("version", "1")
            .text("nonce", self.nonce)
            .text("issuedAt", &to_rfc3339(self.issued_at))
            .text_if("statement", self.statement)
            .end();
        let chain = |network: &Network| Object::new().shown("chainId", network).text("type", "eip191").end();
        let chains: Vec<Value> = self.networks.iter().map(chain).collect();
        let text = |name| (name, "string");
        let required = ["domain", "address", "uri", "version", "chainId", "type", "nonce", "issuedAt", "signature"];
        let Value::Object(mut entry) = declared(info, &required.map(text), &required) else { return Value::Null };
        entry.insert(1, ("supportedChains".to_string(), chains.into()));
        Value::Object(entry)
    }
}

impl Statement {
    /// What somebody else's challenge asks to be signed, on the first chain of which we know that the key is an
    /// Ethereum account. `origin` is where the challenge came from: a text for another place is not signed.
    #[must_use]
    pub fn invited(extensions: &Value, origin: &str) -> Option<Self> {
        let extension = extensions.get(NAME)?;
        let chains = extension.get("supportedChains")?.elements()?;
        let network = chains.iter().find_map(|chain| {
            let is_ours = chain.get("type")?.as_str()? == "eip191";
            is_ours.then(|| Network::from_caip2(chain.get("chainId")?.as_str()?).ok()).flatten()
        })?;
        let statement = Self::read(extension.get("info")?, network)?;
        let (_, host) = origin.split_once("://")?;
        let same_origin = statement.member("domain")? == host && statement.is_below(origin);
        same_origin.then_some(statement)
    }

    /// Whether its URL is of this origin.
    pub(super) fn is_below(&self, origin: &str) -> bool {
        let rest = self.member("uri").and_then(|uri| uri.strip_prefix(origin));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }

    /// The value of [`super::HEADER`]: the members as they came, and who signed them.
    #[must_use]
    pub fn to_header(&self, address: Address, signature: &Signature) -> String {
        let signed = Object::new()
            .text("address", &address.to_checksummed())
            .shown("chainId", &self.network)
            .text("type", "eip191")
            .text("signature", &signature.to_hex())
            .end();
        let (Value::Object(mut document), Value::Object(signed)) = (self.info.clone(), signed) else {
            return String::new();
        };
        document.retain(|(name, _)| !signed.iter().any(|(own, _)| own == name));
        document.extend(signed);
        base64(Value::Object(document).to_string().as_bytes())
    }
}
