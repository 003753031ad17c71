//! What a flow asks of its driver, and what the driver answers.

use super::budget::ApprovedPayment;
use super::config::UNIT_DECIMALS;
use super::error::PayerError;
use crate::amount::Amount;
use crate::extension::sign_in::Statement;
use crate::json::Value;
use alloc::boxed::Box;
use alloc::string::String;

/// The request that its owner wants answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "made by drivers")]
#[allow(clippy::struct_excessive_bools, reason = "independent facts about one request")]
pub struct RequestHead {
    /// In capitals.
    pub method: String,
    /// As `URL.href` writes it.
    pub url: String,
    /// It brings its own `Authorization`.
    pub authorized: bool,
    /// It brings its own payment: none of our business.
    pub paid: bool,
    /// Its body can be sent more than once.
    pub replayable: bool,
    /// The most that its owner pays for it, in the budget's units; of no effect above the cap for a payment.
    pub most: Amount,
}

impl RequestHead {
    /// Reads the most that a request may cost, whole units in decimal. What is no amount allows none.
    #[must_use]
    pub fn read_most(text: Option<&Value>) -> Amount {
        let Some(text) = text else { return Amount::MAX };
        text.as_str().and_then(|text| Amount::from_units(text, UNIT_DECIMALS).ok()).unwrap_or(Amount::ZERO)
    }
}

/// What the driver saw of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "made by drivers")]
pub struct ResponseHead {
    /// 100 to 599.
    pub status: u16,
    /// The URL that answered, after all redirects, as `Response.url` writes it.
    pub url: String,
    /// Whether there were any.
    pub redirected: bool,
    /// The header `PAYMENT-REQUIRED`.
    pub challenge: Option<String>,
    /// The header `PAYMENT-RESPONSE`, or without it `X-PAYMENT-RESPONSE`.
    pub receipt: Option<String>,
    /// The header `Date`, in seconds since the epoch.
    pub date: Option<u64>,
    /// The whole body of a 402 or of an office, where it has at most 64 KiB.
    pub body: Option<String>,
}

/// What to do next. Each but the last three is answered with [`super::Flow::resume`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a driver must know them all")]
pub enum Step {
    /// Send a request, and answer with [`Outcome::Response`] or [`Outcome::Failed`].
    Send(Send),
    /// Wait until no other flow holds this name.
    Lock(String),
    /// Let the next one have it. What a flow still holds at its end is let go as well.
    Unlock(String),
    /// Draw 32 random bytes for [`Outcome::Nonce`], from the host's CSPRNG (S61).
    Random,
    /// Keep [`super::Payer::to_record`], as it is by then, durably; then say so. An older text never replaces a newer.
    Save,
    /// Ask the owner to let Permit2 take this much; [`Outcome::Ready`] once the chain says that it may.
    Allow(Value),
    /// Ask the owner about a payee that changed (S57); [`Outcome::Ready`] says yes.
    Confirm(Value),
    /// Have the wallet sign this, and answer with [`Outcome::Signed`].
    Sign(Box<ApprovedPayment>),
    /// Have the wallet sign this text as a personal message (EIP-191), and answer with [`Outcome::Signed`].
    SignIn(Box<Statement>),
    /// Wait so many milliseconds.
    Sleep(u32),
    /// The last response is the answer.
    Done,
    /// The request fails.
    Fail {
        /// Why.
        error: Box<PayerError>,
        /// The offer that was not taken.
        offer: Option<Value>,
    },
    /// The request fails with what the last attempt to send it failed with.
    Rethrow,
}

/// A request to send. Whatever carries a ticket or a payment refuses redirects (S59).
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a driver must know them all")]
pub enum Send {
    /// The owner's request as it is.
    Plain,
    /// The owner's request with `Authorization: Bearer <ticket>`.
    Ticket {
        /// Where to, if not where the owner sent it.
        url: Option<String>,
        /// The ticket.
        ticket: String,
    },
    /// The owner's request with a payment.
    Payment {
        /// Where to, if not where the owner sent it.
        url: Option<String>,
        /// The header that it goes into, of the dialect that asked for it.
        name: &'static str,
        /// The payment.
        header: String,
        /// Whether the owner's `Authorization` stays behind, because it was meant for another origin.
        strip_authorization: bool,
    },
    /// A `POST` of JSON to an office.
    Office {
        /// Where to.
        url: String,
        /// The payment.
        body: String,
    },
}

impl Send {
    /// What carries a ticket or a payment stays with the origin that it is for (S59).
    #[must_use]
    pub const fn may_follow_redirects(&self) -> bool {
        matches!(self, Self::Plain)
    }
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a driver must know them all")]
pub enum Outcome {
    /// Done as asked: locked, unlocked, saved, slept.
    Ready,
    /// Random bytes.
    Nonce([u8; 32]),
    /// What the wallet returned: a signature as hex.
    Signed(String),
    /// An answer came.
    Response(Box<ResponseHead>),
    /// It did not work: no answer, not saved, not signed, no randomness.
    Failed,
}

/// What a flow lets its owner know while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A payment is about to leave.
    Payment(Value),
    /// A ticket came.
    Ticket(Value),
    /// What the server signed about a payment, and whether it holds.
    Receipt(Value),
}
