//! The 402: what is for sale, and where tickets are sold.

use super::PaymentRequirements;
use crate::json::Value;
use alloc::string::String;
use alloc::vec::Vec;

/// What a gate says to a request that has neither ticket nor payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// A stable code: why this request was turned away.
    pub error: String,
    /// The same as a sentence for a person.
    pub message: String,
    /// What is gated.
    pub resource: Resource,
    /// The ways to pay; the gate prefers the first.
    pub accepts: Vec<Offer>,
    /// Where the same payment buys a ticket instead of one answer.
    pub office: Option<OfficeOffer>,
}

/// The thing that is paid for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// Its absolute URL.
    pub url: String,
    /// For a person.
    pub description: Option<String>,
    /// Its media type.
    pub mime_type: Option<String>,
}

/// One way to pay, with the peer's own spelling of it, which a v2 payment echoes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it means.
    pub requirements: PaymentRequirements,
    /// The element of `accepts` as it came; `None` where the dialect echoes nothing.
    pub echo: Option<Value>,
}

/// A ticket office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeOffer {
    /// Its path, with a query that names the scope; resolved against the URL that answered, same origin only (S60).
    pub endpoint: String,
    /// What a ticket opens: all that shares this name.
    pub scope: Option<String>,
    /// How long a ticket opens it, in seconds.
    pub ttl: Option<u64>,
}
