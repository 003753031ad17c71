//! Payments that may have left and whose purchase is not complete: they are sent again before anything new is signed
//! (S63).

use super::budget::ApprovedPayment;
use super::rows::{Rows, row};
use crate::address::Address;
use crate::authorization::Authorization;
use crate::encoding::hex;
use crate::json::Value;
use crate::network::Network;
use crate::protocol::{Offer, SignedPayment};
use crate::signature::Signature;

/// A check that may still be cashed.
pub(super) struct PendingPayment {
    pub(super) network: Network,
    pub(super) asset: Address,
    pub(super) authorization: Authorization,
    /// None until the wallet has signed.
    signature: Option<Signature>,
}

/// One row each, by what it is to buy (`purchase`) and by its `nonce`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PendingPayments {
    pub(super) rows: Rows,
}

impl PendingPayments {
    /// Reads the rows of a record.
    pub(super) fn read(record: &Value) -> Option<Self> {
        let is_whole = &|row: &Value| row.text("purchase").and(PendingPayment::read(row)).map(drop);
        Some(Self { rows: Rows::read(record.list("pending")?, is_whole)? })
    }

    /// Notes that a payment is about to be signed, or with its signature that it was.
    pub(super) fn note(&mut self, purchase: &str, payment: &ApprovedPayment, signature: Option<&Signature>) {
        let (asset, authorization) = (payment.asset(), payment.authorization());
        let row =
            row(&[("purchase", purchase)]).shown("network", &asset.network).shown("asset", &asset.address);
        let signature = signature.map(|signature| signature.to_hex());
        let row = authorization.write_to(row).text_if("signature", signature.as_deref()).end();
        self.rows.put(&[("nonce", &hex(authorization.nonce()))], row, usize::MAX);
    }

    /// Forgets a payment that was honoured, or that never left.
    pub(super) fn close(&mut self, nonce: &[u8; 32]) {
        self.rows.remove(&[("nonce", &hex(nonce))]);
    }

    /// The payment of this nonce.
    pub(super) fn find(&self, nonce: &str) -> Option<PendingPayment> {
        PendingPayment::read(self.rows.find(&[("nonce", nonce)])?)
    }

    /// The payment that was sent for the same purchase and answers one of these offers. It is good until its
    /// `validBefore` passes; from then on it is only spent.
    pub(super) fn again(&mut self, purchase: &str, offers: &[Offer], now: u64) -> Option<SignedPayment> {
        self.rows.outlive("validBefore", now);
        self.rows.iter().filter(|row| row.text("purchase") == Some(purchase)).find_map(|row| {
            let pending = PendingPayment::read(row)?;
            let offer = offers.iter().find(|offer| pending.answers(offer))?;
            let PendingPayment { authorization, signature, .. } = pending;
            Some(SignedPayment { offer: offer.clone(), authorization, signature: signature? })
        })
    }
}

impl PendingPayment {
    #[inline(never)]
    fn read(row: &Value) -> Option<Self> {
        Some(Self {
            network: Network::from_caip2(row.text("network")?).ok()?,
            asset: Address::from_wire(row.text("asset")?).ok()?,
            authorization: Authorization::read_from(row)?,
            signature: match row.text("signature") {
                Some(signature) => Some(Signature::from_hex(signature).ok()?),
                None => None,
            },
        })
    }

    fn answers(&self, offer: &Offer) -> bool {
        let wanted = &offer.requirements;
        self.network == wanted.network
            && self.asset == wanted.asset
            && self.authorization.amount() == wanted.amount
            && self.authorization.payee() == wanted.pay_to
    }
}
