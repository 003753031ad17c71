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
use alloc::string::{String, ToString as _};

/// Its key in `extensions`.
pub const NAME: &str = "sign-in-with-x";
/// Carries the proof.
pub const HEADER: &str = "SIGN-IN-WITH-X";

/// How long after it was asked for a text may be signed, in seconds.
pub const MAX_AGE: u64 = 300;

/// What is signed, but for the address: the members of a challenge's `info` or of a proof, as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    info: Value,
    /// The chain whose account signs.
    network: Network,
}

/// The lines of the text after the sentence, with the members that they show, and whether each must be there. The chain
/// stands between the first two and the others.
const LINES: [(&str, &str, bool); 7] = [
    ("URI: ", "uri", true),
    ("\nVersion: ", "version", true),
    ("\nNonce: ", "nonce", true),
    ("\nIssued At: ", "issuedAt", true),
    ("\nExpiration Time: ", "expirationTime", false),
    ("\nNot Before: ", "notBefore", false),
    ("\nRequest ID: ", "requestId", false),
];

impl Statement {
    /// Reads the members that challenge and proof share. `None` where one is missing, of another kind, or breaks out of
    /// its line: a text that can be read in two ways is not signed and not believed.
    fn read(info: &Value, network: Network) -> Option<Self> {
        let others = [("", "domain", true), ("", "statement", false)];
        for (_, name, needed) in LINES.iter().chain(&others) {
            match info.get(name) {
                Some(value) if !is_line(value) => return None,
                None if *needed => return None,
                _ => {}
            }
        }
        let resources_are_fine = match info.get("resources") {
            None => true,
            Some(resources) => resources.elements()?.iter().all(is_line),
        };
        let nonce = info.text("nonce")?;
        let is_nonce = (8..=96).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_fine = is_nonce && resources_are_fine && info.text("version")? == "1";
        is_fine.then(|| Self { info: info.clone(), network })
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.info.text(name)
    }

    /// The text of EIP-4361.
    #[must_use]
    pub fn text(&self, address: Address) -> String {
        let mut text = self.member("domain").unwrap_or_default().to_string();
        text.push_str(" wants you to sign in with your Ethereum account:\n");
        text.push_str(&address.to_checksummed());
        text.push_str("\n\n");
        if let Some(sentence) = self.member("statement") {
            text.push_str(sentence);
            text.push('\n');
        }
        text.push('\n');
        for (start, name, _) in LINES {
            if name == "nonce" {
                text.push_str("\nChain ID: ");
                text.push_str(&self.network.chain_id().to_string());
            }
            if let Some(value) = self.member(name) {
                text.push_str(start);
                text.push_str(value);
            }
        }
        if let Some(resources) = self.info.list("resources").filter(|resources| !resources.is_empty()) {
            text.push_str("\nResources:");
            for resource in resources {
                text.push_str("\n- ");
                text.push_str(resource.as_str().unwrap_or_default());
            }
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

fn is_line(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty() && text.len() <= 2_048 && !text.chars().any(char::is_control))
}
