//! The one place where a payment is signed, by our key or by a wallet outside (S54).

use super::budget::ApprovedPayment;
use super::error::PayerError;
use super::full::HAS_OUTSIDE_WALLETS;
use crate::eip712::Digest;
use crate::json::Value;
use crate::protocol::SignedPayment;
use crate::signature::{SecretKey, Signature};
use alloc::boxed::Box;

impl ApprovedPayment {
    fn digest(&self) -> Digest {
        self.authorization().digest(self.asset())
    }

    /// What a wallet is asked to sign, and what its owner reads there.
    #[must_use]
    pub fn typed_data(&self) -> Value {
        self.authorization().typed_data(self.asset())
    }

    /// Signs with a key of ours. What came back from nobody is not recovered: that would take longer than to sign.
    ///
    /// # Errors
    /// The key is another account's.
    pub fn sealed_with(&self, key: &SecretKey) -> Result<SignedPayment, Box<PayerError>> {
        if key.address() != self.authorization().payer() {
            return Err(PayerError::WalletSignature.boxed());
        }
        Ok(self.with(key.sign(&self.digest())))
    }

    /// Takes what a wallet returned, if it is the payer's own signature over exactly this (S66).
    ///
    /// # Errors
    /// Another account, another text, or a form that no contract accepts.
    pub fn sealed(&self, wallet_hex: &str) -> Result<SignedPayment, Box<PayerError>> {
        if !HAS_OUTSIDE_WALLETS {
            return Err(PayerError::WalletSignature.boxed());
        }
        let signature = Signature::from_wallet_hex(wallet_hex).map_err(|_| PayerError::WalletSignature.boxed())?;
        if signature.recover(&self.digest()) != Ok(self.authorization().payer()) {
            return Err(PayerError::WalletSignature.boxed());
        }
        Ok(self.with(signature))
    }

    fn with(&self, signature: Signature) -> SignedPayment {
        SignedPayment { authorization: *self.authorization(), offer: self.offer().clone(), signature }
    }
}
