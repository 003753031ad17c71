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
        let is_below = |rest: &str| rest.is_empty() || rest.starts_with(['/', '?', '#']);
        let same_origin = statement.domain == host && statement.uri.strip_prefix(origin).is_some_and(is_below);
        same_origin.then_some(statement)
    }

    /// The value of [`super::HEADER`].
    #[must_use]
    pub fn to_header(&self, address: Address, signature: &Signature) -> String {
        let resources = self.resources.iter().map(|resource| Value::from(resource.as_str())).collect::<Vec<_>>();
        let document = Object::new()
            .text("domain", &self.domain)
            .text("address", &address.to_checksummed())
            .text_if("statement", self.statement.as_deref())
            .text("uri", &self.uri)
            .text("version", "1")
            .shown("chainId", &self.network)
            .text("type", "eip191")
            .text("nonce", &self.nonce)
            .text("issuedAt", &self.issued_at)
            .text_if("expirationTime", self.expiration_time.as_deref())
            .text_if("notBefore", self.not_before.as_deref())
            .text_if("requestId", self.request_id.as_deref())
            .value_if("resources", (!resources.is_empty()).then(|| resources.into()))
            .text("signature", &signature.to_hex())
            .end();
        base64(document.to_string().as_bytes())
    }
}
