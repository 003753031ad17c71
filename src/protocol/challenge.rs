//! The 402: what is for sale, and where tickets are sold.

use super::{OwnRequirement, PaymentRequirements};
use crate::address::Address;
use crate::json::Value;
use alloc::string::String;
use alloc::vec::Vec;

/// The languages of one and the same exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// x402 version 1.
    V1,
    /// x402 version 2.
    V2,
    /// That of the Python package x402-mock.
    Mock,
}

/// What our gate says to a request that has neither ticket nor payment.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    /// A stable code: why this request was turned away.
    pub code: &'a str,
    /// The same as a sentence for a person.
    pub message: &'a str,
    /// Who the payment that was not enough says that it is from.
    pub payer: Option<Address>,
    /// What is gated.
    pub resource: Resource<'a>,
    /// The ways to pay; we prefer the first.
    pub accepts: &'a [OwnRequirement],
    /// Where the same payment buys a ticket instead of one answer.
    pub office: Option<&'a OfficeOffer>,
}

/// The thing that is paid for.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Its absolute URL.
    pub url: &'a str,
    /// For a person.
    pub description: Option<&'a str>,
    /// Its media type.
    pub mime_type: Option<&'a str>,
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

/// A 402 of somebody else, as our payer read it. Every member is the sender's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedChallenge {
    /// In which dialect it is answered.
    pub dialect: Dialect,
    /// The ways to pay that we can express; others are left out.
    pub offers: Vec<Offer>,
    /// Where tickets are sold.
    pub office: Option<OfficeOffer>,
    /// v2's `resource`, which a payment echoes.
    pub resource: Option<Value>,
    /// v2's `extensions`, which a payment echoes, known and unknown ones alike.
    pub extensions: Option<Value>,
    /// Why the server turned the request away, in its own words.
    pub error: Option<String>,
}

/// One way to pay, with the sender's own spelling of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it means.
    pub requirements: PaymentRequirements,
    /// The element of `accepts` as it came: a payment in v2 echoes it verbatim, one in v1 its `network`.
    pub echo: Option<Value>,
}
