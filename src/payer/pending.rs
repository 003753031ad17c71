//! Payments that may have left and whose purchase is not complete: they are sent again before anything new is signed
//! (S63).

use super::budget::ApprovedPayment;
use super::rows::{Rows, has_texts, row};
use crate::address::Address;
use crate::authorization::Authorization;
use crate::encoding::{bytes_from_hex, hex};
use crate::json::{Object, Value};
use crate::network::Network;
use crate::protocol::{Offer, SignedPayment};
use crate::signature::Signature;
use alloc::string::ToString as _;

/// A check that may still be cashed.
pub(super) struct PendingPayment {
    pub(super) network: Network,
    pub(super) asset: Address,
    pub(super) authorization: Authorization,
}

/// One row each: what it is to buy (`purchase`), the asset, the authorization, and its `signature` once there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PendingPayments {
    pub(super) rows: Rows,
}

impl PendingPayments {
    /// Reads the rows of a record.
    pub(super) fn read(record: &Value) -> Option<Self> {
        let is_whole = &|row: &Value| {
            row.number("validAfter").and(row.number("validBefore"))?;
            has_texts(row, &["purchase", "network", "asset", "from", "to", "value", "nonce"])
        };
        Some(Self { rows: Rows::read(record.list("pending")?, is_whole)? })
    }

    /// Notes that a payment is about to be signed, or with its signature that it was.
    pub(super) fn note(&mut self, purchase: &str, payment: &ApprovedPayment, signature: Option<&Signature>) {
        let (asset, authorization) = (payment.asset(), payment.authorization());
        let row = written(purchase, asset.network, asset.address, authorization);
        let row = row.text_if("signature", signature.map(Signature::to_hex).as_deref());
        self.rows.put(&[("nonce", &hex(authorization.nonce()))], row.end(), usize::MAX);
    }

    /// Forgets a payment that was honoured, or that never left.
    pub(super) fn close(&mut self, nonce: &[u8; 32]) {
        self.rows.remove(&[("nonce", &hex(nonce))]);
    }

    /// The payment of this nonce.
    pub(super) fn find(&self, nonce: &str) -> Option<PendingPayment> {
        let row = self.rows.find(&[("nonce", nonce)])?;
        Some(PendingPayment {
            network: Network::from_caip2(row.text("network")?).ok()?,
            asset: Address::from_wire(row.text("asset")?).ok()?,
            authorization: Authorization::read_from(row)?,
        })
    }

    /// The payment that was sent for the same purchase and answers one of these offers. It is good until its
    /// `validBefore` passes; from then on it is only spent.
    pub(super) fn again(
        &mut self,
        purchase: &str,
        offers: &[Offer],
        account: Address,
        now: u64,
    ) -> Option<SignedPayment> {
        self.rows.outlive("validBefore", now);
        for row in self.rows.iter() {
            for offer in offers {
                if let Some(payment) = answer(row, purchase, offer, account) {
                    return Some(payment);
                }
            }
        }
        None
    }
}

/// The payment of a row, if it is the one that this offer gets for this purchase: then its row is the same.
fn answer(row: &Value, purchase: &str, offer: &Offer, account: Address) -> Option<SignedPayment> {
    let (text, wanted) = (row.text("signature")?, &offer.requirements);
    let nonce = bytes_from_hex(row.text("nonce")?).ok()?;
    let authorization = wanted.check(account, nonce, row.number("validBefore")?)?;
    let same = written(purchase, wanted.network, wanted.asset, &authorization).text("signature", text).end();
    if same.to_string() != row.to_string() {
        return None;
    }
    Some(SignedPayment { offer: offer.clone(), authorization, signature: Signature::from_hex(text).ok()? })
}

#[inline(never)]
fn written(purchase: &str, network: Network, asset: Address, authorization: &Authorization) -> Object {
    authorization.write_to(row(&[("purchase", purchase)]).shown("network", &network).shown("asset", &asset))
}
