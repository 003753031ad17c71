//! An entry as one line of text, the form in which every store keeps it.

use super::{Claim, Entry, Evidence, Grant, Handover, State, Transaction};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::encoding::{bytes_from_hex, hex, vec_from_hex};
use crate::json::{Object, Value, Written, parse};
use crate::network::Network;
use crate::protocol::IssuedTicket;
use crate::seal::Seal;
use crate::verify::ReplayKey;
use alloc::borrow::ToOwned;
use alloc::string::String;

/// The text is not an entry of ours: a damaged store, or one of a newer version. Fails closed (S21).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordError;

impl core::fmt::Display for RecordError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the stored record is not one that this version wrote")
    }
}

impl core::error::Error for RecordError {}

impl Entry {
    /// One line of JSON.
    #[must_use]
    pub fn to_record(&self) -> String {
        let mut record = Written::new(1536);
        record
            .number("v", self.authorization.record_version())
            .hex("key", self.key.as_bytes())
            .text("state", self.state.name())
            .text("gate", &self.gate)
            .text("scope", &self.scope)
            .spelled("network", &self.network)
            .spelled("asset", &self.asset)
            .members(self.authorization.write_to(Object::new()))
            .text("signature", &self.seal.to_hex());
        if let Some(charge) = &self.charge {
            record.spelled("charge", charge);
        }
        write_claim(record.open("claim"), &self.claim);
        if let Some(grant) = &self.grant {
            write_grant(record.open("grant"), grant);
        }
        if let Some(transaction) = &self.transaction {
            write_transaction(record.open("transaction"), transaction);
        }
        record
            .number_if("closedAt", self.closed.map(|(at, _)| at))
            .text_if("evidence", self.closed.map(|(_, evidence)| evidence.name()))
            .number_if("dueAt", self.due_at)
            .number("attempts", self.attempts.into());
        if let Some(handover) = &self.handover {
            write_handover(record.open("handover"), handover);
        }
        record
            .text_if("finding", self.finding())
            .number("worth", self.worth)
            .number("keep", self.keep)
            .flag("settlesFirst", self.settles_first)
            .flag("onCredit", self.on_credit)
            .end()
    }

    /// Reads what [`Self::to_record`] wrote.
    ///
    /// # Errors
    /// Any other text.
    pub fn from_record(text: &str) -> Result<Self, RecordError> {
        parse(text).ok().as_ref().and_then(read).ok_or(RecordError)
    }

    /// What anybody may know of a payment: no signature, no ticket (S28).
    #[must_use]
    pub fn to_public(&self) -> Value {
        let settled = self.closed.filter(|_| self.state == State::Settled);
        Object::new()
            .text("state", self.state.name())
            .text("scope", &self.scope)
            .shown("network", &self.network)
            .shown("asset", &self.asset)
            .shown("amount", &self.amount())
            .shown("payer", &self.authorization.payer())
            .shown("payTo", &self.authorization.payee())
            .number_if("grantedAt", self.grant.as_ref().map(|grant| grant.at))
            .value_if("transaction", self.transaction.as_ref().map(|transaction| hex(&transaction.hash).into()))
            .number_if("settledAt", settled.map(|(at, _)| at))
            .text_if("evidence", self.closed.map(|(_, evidence)| evidence.name()))
            .text_if("refusal", self.handover.as_ref().and_then(|handover| handover.refusal.as_deref()))
            .text_if("finding", self.finding())
            .number_if("nextLookAt", self.due_at.filter(|_| !self.state.is_final()))
            .end()
    }
}

fn write_claim(record: &mut Written, claim: &Claim) {
    record.number("at", claim.at).number("leaseUntil", claim.lease_until).close();
}

fn write_grant(record: &mut Written, grant: &Grant) {
    let IssuedTicket { text, scope, expires_at, id } = &grant.ticket;
    record
        .number("at", grant.at)
        .text("ticket", text)
        .text_if("scope", scope.as_deref())
        .number("expiresAt", *expires_at)
        .text_if("id", id.as_deref())
        .close();
}

fn write_handover(record: &mut Written, handover: &Handover) {
    record.text("body", &handover.body).text_if("refusal", handover.refusal.as_deref()).close();
}

fn write_transaction(record: &mut Written, transaction: &Transaction) {
    record
        .hex("hash", &transaction.hash)
        .hex("raw", &transaction.raw)
        .number("nonce", transaction.nonce)
        .number("sentAt", transaction.sent_at)
        .close();
}

fn read(record: &Value) -> Option<Entry> {
    let text = |name: &str| record.get(name)?.as_str();
    let number = |name: &str| record.get(name)?.as_u64();
    let authorization = Authorization::read_from(record)?;
    if number("v")? != authorization.record_version() {
        return None;
    }
    let evidence = text("evidence");
    let closed = match (number("closedAt"), evidence) {
        (Some(at), Some(name)) => Some((at, Evidence::ALL.into_iter().find(|evidence| evidence.name() == name)?)),
        (None, None) => None,
        _ => return None,
    };
    Some(Entry {
        key: ReplayKey::from_bytes(bytes_from_hex(text("key")?).ok()?),
        state: State::from_name(text("state")?)?,
        gate: text("gate")?.to_owned(),
        scope: text("scope")?.to_owned(),
        network: Network::from_caip2(text("network")?).ok()?,
        asset: Address::from_wire(text("asset")?).ok()?,
        authorization,
        seal: Seal::from_hex(text("signature")?)?,
        charge: record.get("charge").map(|charge| read_amount(charge).ok_or(())).transpose().ok()?,
        claim: read_claim(record.get("claim")?)?,
        grant: record.get("grant").map(|grant| read_grant(grant).ok_or(())).transpose().ok()?,
        transaction: record.get("transaction").map(|tx| read_transaction(tx).ok_or(())).transpose().ok()?,
        closed,
        due_at: number("dueAt"),
        attempts: u32::try_from(number("attempts")?).ok()?,
        handover: record.get("handover").map(|handover| read_handover(handover).ok_or(())).transpose().ok()?,
        finding: text("finding").map(ToOwned::to_owned),
        // Records of the first showing have none of these.
        worth: number("worth").unwrap_or_default(),
        keep: number("keep").unwrap_or(86_400),
        settles_first: record.get("settlesFirst").is_some(),
        on_credit: record.get("onCredit").is_some(),
    })
}

fn read_amount(amount: &Value) -> Option<Amount> {
    Amount::from_decimal(amount.as_str()?).ok()
}

fn read_claim(claim: &Value) -> Option<Claim> {
    let number = |name: &str| claim.get(name)?.as_u64();
    Some(Claim { at: number("at")?, lease_until: number("leaseUntil")? })
}

fn read_grant(grant: &Value) -> Option<Grant> {
    let text = |name: &str| grant.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let number = |name: &str| grant.get(name)?.as_u64();
    let ticket =
        IssuedTicket { text: text("ticket")?, scope: text("scope"), expires_at: number("expiresAt")?, id: text("id") };
    Some(Grant { at: number("at")?, ticket })
}

fn read_handover(handover: &Value) -> Option<Handover> {
    let text = |name: &str| handover.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    Some(Handover { body: text("body")?, refusal: text("refusal") })
}

fn read_transaction(transaction: &Value) -> Option<Transaction> {
    let text = |name: &str| transaction.get(name)?.as_str();
    let number = |name: &str| transaction.get(name)?.as_u64();
    Some(Transaction {
        hash: bytes_from_hex(text("hash")?).ok()?,
        raw: vec_from_hex(text("raw")?).ok()?,
        nonce: number("nonce")?,
        sent_at: number("sentAt")?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{entry, ticket};
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn every_state_survives_the_store() {
        let transaction =
            Transaction { hash: [3; 32], raw: alloc::vec![2, 0xf8], nonce: u64::MAX, sent_at: 1_700_000_100 };
        let claimed = entry();
        let granted = claimed.clone().granted(Grant { at: 1_700_000_001, ticket: ticket() }, Some(1)).unwrap();
        let settling = granted.clone().settling(transaction.clone(), 2).unwrap();
        let settled = settling.clone().settled(transaction, 3).unwrap();
        let failed = settling.clone().failed(Evidence::Expired, 4).unwrap();
        let unknown = settling.clone().unknown(5).unwrap();
        let handed = claimed.clone().for_facilitator("{}".to_string());
        let refused = handed.clone().refused("insufficient_funds".to_string(), 6);
        for entry in [claimed, granted, settling, settled, failed, unknown, handed, refused] {
            assert_eq!(Entry::from_record(&entry.to_record()), Ok(entry));
        }
    }

    #[test]
    fn s28_the_public_view_holds_no_signature_and_no_ticket() {
        let entry = entry().granted(Grant { at: 1, ticket: ticket() }, None).unwrap();
        let public = entry.to_public().to_string();
        assert!(!public.contains(&ticket().text));
        assert!(!public.contains(&entry.seal.to_hex()[2..]));
        assert!(public.contains("granted"));
    }

    #[test]
    fn s21_a_damaged_record_is_an_error() {
        let record = entry().to_record();
        assert_eq!(Entry::from_record(&record.replace("\"v\":1", "\"v\":2")), Err(RecordError));
        assert_eq!(Entry::from_record(&record.replace("claimed", "blessed")), Err(RecordError));
        assert_eq!(Entry::from_record(&record[..record.len() - 1]), Err(RecordError));
        assert_eq!(Entry::from_record(""), Err(RecordError));
    }
}
