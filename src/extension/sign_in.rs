//! `sign-in-with-x`: a payer that lost its ticket signs a text with the key that paid, and does not pay again
//! ([specification], [EIP-4361], [EIP-191]).
//!
//! [specification]: https://github.com/x402-foundation/x402/blob/main/specs/extensions/sign-in-with-x.md
//! [EIP-4361]: https://eips.ethereum.org/EIPS/eip-4361
//! [EIP-191]: https://eips.ethereum.org/EIPS/eip-191

mod invitation;
mod proof;

pub use invitation::Invitation;
pub use proof::{Proof, SignInError};

use crate::address::Address;
use crate::eip712::Digest;
use crate::json::Value;
use crate::keccak::keccak256;
use crate::network::Network;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Its key in `extensions`.
pub const NAME: &str = "sign-in-with-x";
/// Carries the proof.
pub const HEADER: &str = "SIGN-IN-WITH-X";

/// How long after it was asked for a text may be signed, in seconds.
pub const MAX_AGE: u64 = 300;

/// What is signed, but for the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Host, and port where it is not the scheme's own.
    pub domain: String,
    /// A URL of the same origin.
    pub uri: String,
    /// A sentence for a person.
    pub statement: Option<String>,
    /// The chain whose account signs.
    pub network: Network,
    /// Used once.
    pub nonce: String,
    /// RFC 3339, as everybody spells it.
    pub issued_at: String,
    /// RFC 3339.
    pub expiration_time: Option<String>,
    /// RFC 3339.
    pub not_before: Option<String>,
    /// The server's own.
    pub request_id: Option<String>,
    /// URLs.
    pub resources: Vec<String>,
}

impl Statement {
    /// Reads the members that challenge and proof share. `None` where one is missing, of another kind, or breaks out of
    /// its line: a text that can be read in two ways is not signed and not believed.
    fn read(info: &Value, network: Network) -> Option<Self> {
        if info.get("version")?.as_str()? != "1" {
            return None;
        }
        let needed = |name: &str| line(info.get(name)?.as_str()?);
        let optional = |name: &str| match info.get(name) {
            None => Some(None),
            Some(value) => line(value.as_str()?).map(Some),
        };
        let resources = match info.get("resources") {
            None => Vec::new(),
            Some(resources) => {
                resources.elements()?.iter().map(|resource| line(resource.as_str()?)).collect::<Option<_>>()?
            }
        };
        let nonce = needed("nonce")?;
        let is_nonce = (8..=96).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_nonce.then_some(Self {
            domain: needed("domain")?,
            uri: needed("uri")?,
            statement: optional("statement")?,
            network,
            nonce,
            issued_at: needed("issuedAt")?,
            expiration_time: optional("expirationTime")?,
            not_before: optional("notBefore")?,
            request_id: optional("requestId")?,
            resources,
        })
    }

    /// The text of EIP-4361.
    #[must_use]
    pub fn text(&self, address: Address) -> String {
        let Self { domain, uri, nonce, issued_at, .. } = self;
        let statement = self.statement.as_ref().map_or_else(String::new, |statement| format!("{statement}\n"));
        let chain_id = self.network.chain_id();
        let mut text = format!(
            "{domain} wants you to sign in with your Ethereum account:\n{}\n\n{statement}\nURI: {uri}\nVersion: 1\n\
             Chain ID: {chain_id}\nNonce: {nonce}\nIssued At: {issued_at}",
            address.to_checksummed()
        );
        let more = [
            ("\nExpiration Time: ", &self.expiration_time),
            ("\nNot Before: ", &self.not_before),
            ("\nRequest ID: ", &self.request_id),
        ];
        for (name, value) in more {
            if let Some(value) = value {
                text.push_str(name);
                text.push_str(value);
            }
        }
        if !self.resources.is_empty() {
            text.push_str("\nResources:");
        }
        for resource in &self.resources {
            text.push_str("\n- ");
            text.push_str(resource);
        }
        text
    }

    /// What is signed: the text as a personal message (EIP-191, version `E`).
    #[must_use]
    pub fn digest(&self, address: Address) -> Digest {
        let text = self.text(address);
        let length = text.len().to_string();
        let prefix = b"\x19Ethereum Signed Message:\n";
        Digest::from_bytes(keccak256(&[prefix, length.as_bytes(), text.as_bytes()]))
    }
}

fn line(text: &str) -> Option<String> {
    (!text.is_empty() && text.len() <= 2_048 && !text.chars().any(char::is_control)).then(|| text.to_string())
}
