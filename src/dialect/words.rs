//! What each dialect calls a reason: one table, read in both directions.
//!
//! Our own code is stable and stands in the `code` of our JSON bodies. The `error` of an x402 answer is the word that
//! the stock SDK of that version would use.

use crate::text::split_before;

/// A line each, split at `|`: our code, the word of x402 v2 (npm `@x402/evm` 2.27.0), the word of v1 (npm `x402`
/// 1.2.0), and whatever else peers say for it (the specification, `x402-rs`). A code that is not here is the same
/// everywhere. Of rows that share a word the first is what that word means to us.
pub const TABLE: &str = "\
payment_required|Payment required|X-PAYMENT header is required
invalid_payload|unsupported_payload_type|invalid_payload|invalid_payment|invalid_format
payment_too_large|payment_too_large|invalid_payment
ambiguous_payment|ambiguous_payment|invalid_payment
invalid_encoding|invalid_encoding|invalid_payment
invalid_json|invalid_json|invalid_payment
invalid_x402_version|unsupported_payload_type|invalid_x402_version
invalid_exact_evm_scheme|invalid_exact_evm_scheme|unsupported_scheme|invalid_scheme
invalid_exact_evm_signature|invalid_exact_evm_signature|invalid_exact_evm_payload_signature|invalid_signature
contract_wallet_not_supported|invalid_exact_evm_signature|invalid_exact_evm_payload_signature
no_matching_payment_requirements|No matching payment requirements|Unable to find matching payment requirements\
    |accepted_requirements_mismatch|asset_mismatch|invalid_exact_evm_network_mismatch|invalid_network\
    |chain_id_mismatch|unsupported_chain
invalid_exact_evm_recipient_mismatch|invalid_exact_evm_recipient_mismatch\
    |invalid_exact_evm_payload_recipient_mismatch|recipient_mismatch
invalid_exact_evm_payload_authorization_value_mismatch|invalid_exact_evm_payload_authorization_value_mismatch\
    |invalid_exact_evm_payload_authorization_value|invalid_exact_evm_authorization_value|invalid_payment_amount
invalid_exact_evm_payload_authorization_valid_after|invalid_exact_evm_payload_authorization_valid_after\
    |invalid_exact_evm_payload_authorization_valid_after|invalid_payment_early
invalid_exact_evm_payload_authorization_valid_before|invalid_exact_evm_payload_authorization_valid_before\
    |invalid_exact_evm_payload_authorization_valid_before|payment_expired|invalid_payment_expired
authorization_lives_too_long|invalid_exact_evm_payload_authorization_valid_before\
    |invalid_exact_evm_payload_authorization_valid_before
permit2_allowance_required|permit2_allowance_required|permit2_allowance_required|PERMIT2_ALLOWANCE_REQUIRED
invalid_exact_evm_nonce_already_used|invalid_exact_evm_nonce_already_used|duplicate_settlement
payment_identifier_required|payment_identifier_required|invalid_payload
invalid_payment_identifier|invalid_payment_identifier|invalid_payload
payment_already_used|invalid_exact_evm_nonce_already_used|duplicate_settlement
payment_used_elsewhere|invalid_exact_evm_nonce_already_used|duplicate_settlement
payment_failed|invalid_exact_evm_transaction_failed|invalid_transaction_state|transaction_simulation
invalid_exact_evm_insufficient_balance|invalid_exact_evm_insufficient_balance|insufficient_funds
invalid_exact_evm_transaction_simulation_failed|invalid_exact_evm_transaction_simulation_failed\
    |invalid_transaction_state
asset_not_deployed_contract|asset_not_deployed_contract|invalid_transaction_state
extension_echo_mismatch|extension_echo_mismatch|invalid_payment
eip6492_factory_not_allowed|eip6492_factory_not_allowed|invalid_exact_evm_payload_signature";

/// What x402 v2 calls our code.
#[must_use]
pub fn v2_word(code: &str) -> &str {
    word(code, 1)
}

/// What x402 v1 calls our code.
#[must_use]
pub fn v1_word(code: &str) -> &str {
    word(code, 2)
}

fn word(code: &str, column: usize) -> &str {
    let row = TABLE.split('\n').find(|row| row.split('|').next() == Some(code));
    row.and_then(|row| row.split('|').nth(column)).unwrap_or(code)
}

/// Our code for a peer's word, of whichever column. An unknown word means no more than that the peer refuses.
#[must_use]
pub fn our_code(word: &str) -> Option<&'static str> {
    let mut table = TABLE;
    while !table.is_empty() {
        let (row, rows) = split_before(table, b"\n");
        let (code, mut words) = split_before(row, b"|");
        let mut known = code;
        while known != word && !words.is_empty() {
            (known, words) = split_before(words.get(1..)?, b"|");
        }
        if known == word {
            return Some(code);
        }
        table = rows.get(1..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Refusal;

    #[test]
    fn every_word_of_a_reason_leads_back_to_it_or_to_an_earlier_row_with_the_same_word() {
        for (index, row) in TABLE.lines().enumerate() {
            let code = row.split('|').next().unwrap();
            assert!(row.split('|').count() >= 3, "{row}");
            for word in row.split('|') {
                let ours = our_code(word).unwrap();
                let first = TABLE.lines().position(|row| row.split('|').any(|known| known == word)).unwrap();
                assert!(ours == code || first < index, "{word}");
            }
            assert_eq!(
                (v2_word(code), v1_word(code)),
                (row.split('|').nth(1).unwrap(), row.split('|').nth(2).unwrap())
            );
        }
    }

    /// `error` of a v1 body is one of these where the packages read it strictly; they write the two sentences too.
    #[test]
    fn a_refused_payment_is_told_to_v1_in_words_that_its_packages_know() {
        const ERROR_REASONS: [&str; 12] = [
            "insufficient_funds",
            "invalid_exact_evm_payload_authorization_valid_after",
            "invalid_exact_evm_payload_authorization_valid_before",
            "invalid_exact_evm_payload_authorization_value",
            "invalid_exact_evm_payload_signature",
            "invalid_exact_evm_payload_recipient_mismatch",
            "invalid_payload",
            "invalid_payment",
            "unsupported_scheme",
            "invalid_x402_version",
            "invalid_transaction_state",
            "duplicate_settlement",
        ];
        // Version 1 has no Permit2: nothing of it is ever refused there.
        let of_v1 = |refusal: &Refusal| !matches!(refusal, Refusal::Permit2(_) | Refusal::NoMatch);
        for refusal in Refusal::ALL.into_iter().filter(of_v1) {
            let word = v1_word(refusal.code());
            assert!(ERROR_REASONS.contains(&word), "{word}");
        }
    }

    #[test]
    fn what_is_in_no_column_is_unknown_and_what_has_no_row_is_the_same_everywhere() {
        assert_eq!(our_code("try_again_please"), None);
        assert_eq!(our_code(""), None);
        assert_eq!((v2_word("ticket_expired"), v1_word("ticket_expired")), ("ticket_expired", "ticket_expired"));
    }
}
