//! A facilitator: somebody else's service that sends the transfers, and how it is asked.

use super::config::read_nodes;
use super::{Batch, RelayerConfig};
use crate::address::Address;
use crate::dialect::facilitator::MAX_ANSWER_BYTES;
use crate::http::{HttpRequest, is_http_url};
use crate::json::Value;
use crate::ledger::{Entry, Handover};
use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Where a facilitator is, and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacilitatorClient {
    /// Without a slash at its end.
    url: String,
    timeout_ms: u32,
    /// Who sends its transfers: a payment of `upto` is good for this account alone.
    account: Option<Address>,
}

/// A facilitator's options are not as they should be; the member, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FacilitatorConfigError(&'static str);

impl FacilitatorConfigError {
    /// The stable code. Part of the public API.
    pub const CODE: &'static str = "invalid_facilitator";
}

impl core::fmt::Display for FacilitatorConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "a facilitator's {}", self.0)
    }
}

impl core::error::Error for FacilitatorConfigError {}

const MEMBERS: [&str; 6] = ["url", "timeoutMs", "rpc", "confirmations", "when", "account"];
const DEFAULT_TIMEOUT_MS: u64 = 30_000;

impl FacilitatorClient {
    /// Reads `{"url", "timeoutMs"?: 30000, "rpc"?, "confirmations"?: 1, "when"?: "after", "account"?}`. Without `rpc` nobody looks
    /// at the chain, and the second part has an empty one.
    ///
    /// # Errors
    /// The first member that is missing, wrong or unknown.
    pub fn from_value(value: &Value) -> Result<(Self, RelayerConfig), FacilitatorConfigError> {
        const fn wrong<T>(what: &'static str) -> Result<T, FacilitatorConfigError> {
            Err(FacilitatorConfigError(what))
        }
        let known = |(name, _): &(String, Value)| MEMBERS.contains(&name.as_str());
        if !value.members().is_some_and(|members| members.iter().all(known)) {
            return wrong("options are url, timeoutMs, rpc, confirmations, when, account and authHeaders");
        }
        let url = |name: &str| value.get(name).and_then(Value::as_str).filter(|url| is_http_url(url));
        let number = |name: &str, otherwise| value.get(name).map_or(Some(otherwise), Value::as_u64);
        let Some(own) = url("url").filter(|url| !url.contains('?')) else {
            return wrong("url is an http or https URL without a query, a user name or a password");
        };
        let Some(timeout) = number("timeoutMs", DEFAULT_TIMEOUT_MS).filter(|ms| (1..=600_000).contains(ms)) else {
            return wrong("timeoutMs is a whole number from 1 to 600000");
        };
        let Some(confirmations) = number("confirmations", 1).filter(|count| (1..=100).contains(count)) else {
            return wrong("confirmations is a whole number from 1 to 100");
        };
        let Some(rpc) = value.get("rpc").map_or(Some(Vec::new()), read_nodes) else {
            return wrong(
                "rpc is the http or https URL of an Ethereum node, without a user name or password, or a list of up to ten",
            );
        };
        if value.get("when").is_some_and(|when| !matches!(when.as_str(), Some("before" | "after"))) {
            return wrong("when is \"before\" or \"after\" serving");
        }
        let account = match value.get("account") {
            None => None,
            Some(text) => match text.as_str().map(Address::from_config) {
                Some(Ok(account)) => Some(account),
                _ => return wrong("account is the address that sends its transfers, as /supported names it"),
            },
        };
        let config = RelayerConfig { rpc, confirmations, max_fee_per_gas: 0, batch: Batch::default() };
        let timeout_ms = u32::try_from(timeout).unwrap_or(u32::MAX);
        Ok((Self { url: own.trim_end_matches('/').to_owned(), timeout_ms, account }, config))
    }

    /// Who sends its transfers, as far as the operator says.
    #[must_use]
    pub const fn account(&self) -> Option<Address> {
        self.account
    }

    /// Asks what it settles.
    #[must_use]
    pub fn supported(&self) -> HttpRequest {
        HttpRequest { method: "GET", body: None, headers: Vec::new(), ..self.post("supported", String::new()) }
    }

    /// Asks whether it would settle the payment of this body.
    #[must_use]
    pub fn verify(&self, body: String) -> HttpRequest {
        self.post("verify", body)
    }

    /// Asks to settle: with the bytes that the record holds, the same every time.
    pub(super) fn settle(&self, entry: &Entry) -> HttpRequest {
        self.post("settle", entry.handover().map(|Handover { body, .. }| body.clone()).unwrap_or_default())
    }

    fn post(&self, door: &'static str, body: String) -> HttpRequest {
        let request = HttpRequest::post_json(format!("{}/{door}", self.url), body, self.timeout_ms, MAX_ANSWER_BYTES);
        HttpRequest { credentials: Some(door), ..request }
    }
}
