//! What the answer to a payment means. Whether money moved, no answer can tell; only whether to ask again.

use super::PayerError;
use super::full::IS_FULL;
use super::step::ResponseHead;
use crate::dialect::words::our_code;
use crate::dialect::{mock, v2};
use crate::json::{Value, parse};
use crate::protocol::{IssuedTicket, ReceivedChallenge};
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::String;

/// What an office says to a payment.
pub(super) enum OfficeAnswer {
    Ticket(IssuedTicket),
    /// Not now, or not readable: ask again with the same payment.
    Later,
    Refused(Box<PayerError>),
}

/// What a gate says to a payment.
pub(super) enum ResourceAnswer {
    /// Served; perhaps with a ticket for the next time.
    Paid(Option<IssuedTicket>),
    /// Answered without a word about the payment, such as a 404.
    Unpaid,
    /// Ask again with the same payment.
    Later,
    /// Another 402.
    AskedAgain,
}

pub(super) fn read_office_answer(response: &ResponseHead, now: u64) -> OfficeAnswer {
    let body = response.body.as_deref().unwrap_or_default();
    match response.status {
        200 | 201 => mock::read_ticket(body, now).map_or(OfficeAnswer::Later, OfficeAnswer::Ticket),
        status if is_passing(status) || status < 400 => OfficeAnswer::Later,
        _ => OfficeAnswer::Refused(read_refusal(body).boxed()),
    }
}

pub(super) fn read_resource_answer(response: &ResponseHead) -> ResourceAnswer {
    let receipt = response.receipt.as_deref().and_then(v2::read_success);
    match response.status {
        402 => ResourceAnswer::AskedAgain,
        _ if receipt.is_some() => ResourceAnswer::Paid(receipt.as_ref().and_then(v2::read_ticket)),
        status if is_passing(status) => ResourceAnswer::Later,
        400.. => ResourceAnswer::Unpaid,
        _ => ResourceAnswer::Paid(None),
    }
}

/// Whether a status is about now rather than about the payment: 202 says that the money is on its way.
const fn is_passing(status: u16) -> bool {
    matches!(status, 202 | 408 | 425 | 429 | 500..)
}

/// `{code, message}`, or x402-mock's `{error}`, `{reason}` and `{detail}`.
fn read_refusal(body: &str) -> PayerError {
    let document = parse(body).unwrap_or(Value::Null);
    let first = |names: &[&str]| names.iter().find_map(|name| document.text(name)).map(excerpt);
    PayerError::PaymentRefused {
        code: first(&["code", "error"]).map_or_else(|| "no_code".to_owned(), |word| code_for(&word)),
        message: first(&["message", "reason", "detail", "error"]).unwrap_or_else(|| "It gives no reason.".to_owned()),
    }
}

/// Why a server that was paid asks again, as far as it says: by what it calls a failed settlement, or by its challenge.
pub(super) fn read_reason(response: &ResponseHead, challenge: Option<ReceivedChallenge>) -> String {
    let settlement = response.receipt.as_deref().and_then(v2::read_failure);
    let word = settlement.or_else(|| challenge?.error);
    word.map_or_else(|| "402".to_owned(), |word| code_for(&word))
}

/// Our code for a server's word of whatever dialect; its own word, where we know none. The lean build knows none.
fn code_for(word: &str) -> String {
    let known = if IS_FULL { our_code(word) } else { None };
    known.map_or_else(|| excerpt(word), str::to_owned)
}

/// A server's words, cut to what fits into a message.
fn excerpt(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s46_a_settlement_that_is_pending_is_asked_for_again() {
        let answer = |status, receipt: Option<&str>| {
            let response = ResponseHead { status, receipt: receipt.map(Into::into), ..ResponseHead::default() };
            read_resource_answer(&response)
        };
        assert!(matches!(answer(202, None), ResourceAnswer::Later));
        assert!(matches!(answer(200, None), ResourceAnswer::Paid(None)));
        assert!(matches!(answer(404, None), ResourceAnswer::Unpaid));
    }
}
