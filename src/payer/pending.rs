//! Payments that may have left and whose purchase is not complete: they are sent again before anything new is signed
//! (S63).

use super::budget::ApprovedPayment;
use crate::address::Address;
use crate::authorization::Authorization;
use crate::network::Network;
use crate::protocol::{Offer, SignedPayment};
use crate::signature::Signature;
use alloc::string::String;
use alloc::vec::Vec;

/// A check that may still be cashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PendingPayment {
    /// What it is to buy.
    pub(super) purchase: String,
    pub(super) network: Network,
    pub(super) asset: Address,
    pub(super) authorization: Authorization,
    /// None until the wallet has signed.
    pub(super) signature: Option<Signature>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PendingPayments {
    pub(super) payments: Vec<PendingPayment>,
}

impl PendingPayments {
    /// Notes that a payment is about to be signed.
    pub(super) fn open(&mut self, purchase: String, payment: &ApprovedPayment) {
        self.payments.push(PendingPayment {
            purchase,
            network: payment.asset().network,
            asset: payment.asset().address,
            authorization: *payment.authorization(),
            signature: None,
        });
    }

    /// Notes its signature.
    pub(super) fn sign(&mut self, payment: &SignedPayment) {
        for pending in self.payments.iter_mut().filter(|pending| pending.authorization == payment.authorization) {
            pending.signature = Some(payment.signature);
        }
    }

    /// Forgets a payment that was honoured, or that never left.
    pub(super) fn close(&mut self, authorization: &Authorization) {
        self.payments.retain(|pending| pending.authorization != *authorization);
    }

    /// The payment that was sent for the same purchase and answers one of these offers. It is good until its
    /// `validBefore` passes; from then on it is only spent.
    pub(super) fn again(&mut self, purchase: &str, offers: &[Offer], now: u64) -> Option<SignedPayment> {
        self.payments.retain(|pending| pending.authorization.deadline() > now);
        self.payments.iter().filter(|pending| pending.purchase == purchase).find_map(|pending| {
            let offer = offers.iter().find(|offer| pending.answers(offer))?;
            let PendingPayment { authorization, signature, .. } = pending;
            Some(SignedPayment { offer: offer.clone(), authorization: *authorization, signature: (*signature)? })
        })
    }
}

impl PendingPayment {
    fn answers(&self, offer: &Offer) -> bool {
        let wanted = &offer.requirements;
        self.network == wanted.network
            && self.asset == wanted.asset
            && self.authorization.amount() == wanted.amount
            && self.authorization.payee() == wanted.pay_to
    }
}
