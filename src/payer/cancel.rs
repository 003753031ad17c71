//! Taking a check back: the asset's contract is told, by a signature of its owner, to take it no more (ERC-3009).

use super::full::IS_FULL;
use super::{Payer, PayerError};
use crate::address::Address;
use crate::asset::Asset;
use crate::authorization::Authorization;
use crate::eip712::{DOMAIN_FIELDS, Digest, Fields, TypedData};
use crate::json::{Object, Value};
use crate::keccak::keccak256;
use crate::signature::{SecretKey, Signature};
use crate::word::word;
use alloc::boxed::Box;
use alloc::vec::Vec;
use hex_literal::hex;

/// CancelAuthorization(address authorizer,bytes32 nonce)
const TYPE_HASH: [u8; 32] = hex!("158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429");
const FIELDS: Fields<2> = [("authorizer", "address"), ("nonce", "bytes32")];
/// cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)
const SELECTOR: [u8; 4] = hex!("5a049a70");

/// A payment of this payer's that is to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    asset: Asset,
    authorizer: Address,
    nonce: [u8; 32],
}

impl Payer {
    /// The cancellation of a payment that was sent and not honoured. It is only on its way: what was spent counts as
    /// spent, because only the chain can tell who was faster.
    ///
    /// # Errors
    /// Nothing of this nonce is pending, its asset has no EIP-3009, or the build is the lean one.
    pub fn cancellation(&self, nonce: &str) -> Result<Cancellation, Box<PayerError>> {
        if !IS_FULL {
            return Err(PayerError::NeedsFullBuild("cancelAuthorization").boxed());
        }
        let expected = "that of a payment by EIP-3009 which is pending";
        let found = self.pending.find(nonce).and_then(|pending| {
            let Authorization::Eip3009(transfer) = &pending.authorization else { return None };
            let asset = self.budget.config.assets.find(pending.network, pending.asset)?;
            Some(Cancellation { asset, authorizer: transfer.from, nonce: transfer.nonce })
        });
        found.ok_or(PayerError::InvalidOption { option: "nonce", expected }.boxed())
    }
}

impl Cancellation {
    /// What is signed.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.asset.domain().digest(&keccak256(&[&TYPE_HASH, &self.authorizer.to_word(), &self.nonce]))
    }

    /// Signs with a key of ours.
    #[must_use]
    pub fn sign(&self, key: &SecretKey) -> Signature {
        key.sign(&self.digest())
    }

    /// The argument of a wallet's `eth_signTypedData_v4`.
    #[must_use]
    pub fn typed_data(&self) -> Value {
        let message = Object::new().spelled("authorizer", &self.authorizer).hex("nonce", &self.nonce).end();
        let structs = &[("CancelAuthorization", &FIELDS[..])];
        TypedData { domain: self.asset.domain().to_value(), domain_fields: &DOMAIN_FIELDS, structs, message }
            .into_value()
    }

    /// The transaction that takes the payment back, for anybody to send: `{network, to, data}`.
    ///
    /// # Errors
    /// The signature is another account's, or over something else (S66).
    pub fn transaction(&self, wallet_hex: &str) -> Result<Value, Box<PayerError>> {
        let signature = Signature::from_wallet_hex(wallet_hex).map_err(|_| PayerError::WalletSignature.boxed())?;
        if signature.recover(&self.digest()) != Ok(self.authorizer) {
            return Err(PayerError::WalletSignature.boxed());
        }
        let mut data = Vec::from(SELECTOR);
        for argument in
            [self.authorizer.to_word(), self.nonce, word(signature.v().into()), signature.r(), signature.s()]
        {
            data.extend_from_slice(&argument);
        }
        let (network, to) = (&self.asset.network, &self.asset.address);
        Ok(Object::new().spelled("network", network).spelled("to", to).hex("data", &data).end())
    }
}
