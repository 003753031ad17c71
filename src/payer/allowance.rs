//! Permit2 takes an asset only where its owner allowed that. The owner is asked each time, for the exact amount (S65).

use super::budget::ApprovedPayment;
use crate::authorization::Authorization;
use crate::authorization::permit2::PERMIT2;
use crate::json::{Object, Value};
use alloc::vec::Vec;

/// approve(address,uint256)
const APPROVE: [u8; 4] = [0x09, 0x5e, 0xa7, 0xb3];

impl ApprovedPayment {
    /// What has to be allowed before this payment is worth anything; `None` where the asset itself takes it.
    pub(super) fn allowance(&self) -> Option<Value> {
        let Authorization::Permit2(permit) = self.authorization() else { return None };
        let mut data = Vec::from(APPROVE);
        data.extend_from_slice(&PERMIT2.to_word());
        data.extend_from_slice(&permit.amount.to_be_bytes());
        let asset = self.asset();
        let transaction =
            Object::new().spelled("from", &permit.owner).spelled("to", &asset.address).hex("data", &data).end();
        Some(
            Object::new()
                .spelled("network", &asset.network)
                .spelled("asset", &asset.address)
                .text("symbol", &asset.symbol)
                .text("amount", &permit.amount.to_units(asset.decimals))
                .spelled("atomicAmount", &permit.amount)
                .spelled("owner", &permit.owner)
                .spelled("spender", &PERMIT2)
                .value("transaction", transaction)
                .end(),
        )
    }
}
