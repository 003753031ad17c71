//! The one kind of transaction that a relayer sends: a call of a contract, with EIP-1559 fees and without value.

use super::fees::Fees;
use super::rlp::{List, read_list, read_number};
use crate::address::Address;
use crate::eip712::Digest;
use crate::keccak::keccak256;
use crate::ledger::Transaction;
use crate::network::Network;
use crate::signature::SecretKey;
use alloc::vec::Vec;

/// An unsigned transaction of type 2 ([EIP-1559]).
///
/// [EIP-1559]: https://eips.ethereum.org/EIPS/eip-1559
#[derive(Clone, Debug)]
pub(super) struct ContractCall {
    pub(super) network: Network,
    /// Its place in the sender's sequence.
    pub(super) nonce: u64,
    pub(super) fees: Fees,
    pub(super) gas_limit: u64,
    pub(super) to: Address,
    pub(super) data: Vec<u8>,
}

/// A signed transaction.
#[derive(Clone, Debug)]
pub(super) struct SignedCall {
    pub(super) hash: [u8; 32],
    /// What is sent.
    pub(super) raw: Vec<u8>,
}

const TYPE: u8 = 2;

impl ContractCall {
    pub(super) fn sign(&self, key: &SecretKey) -> SignedCall {
        let signature = key.sign(&self.digest());
        // Unlike a contract's v of 27 or 28, a typed transaction carries the bare parity.
        let y_parity = signature.v().wrapping_sub(27);
        let signed = self.fields().integer(&[y_parity]).integer(&signature.r()).integer(&signature.s());
        let raw = enveloped(&signed);
        SignedCall { hash: keccak256(&[&raw]), raw }
    }

    /// All of it but what it says and who signed it: what a record keeps of a transaction that many checks share.
    pub(super) fn head(&self) -> Vec<u8> {
        enveloped(&Self { data: Vec::new(), ..self.clone() }.fields())
    }

    fn digest(&self) -> Digest {
        Digest::from_bytes(keccak256(&[&enveloped(&self.fields())]))
    }

    fn fields(&self) -> List {
        let no_value = [];
        let no_access_list = List::default();
        List::default()
            .integer(&self.network.chain_id().to_be_bytes())
            .integer(&self.nonce.to_be_bytes())
            .integer(&self.fees.tip.to_be_bytes())
            .integer(&self.fees.most.to_be_bytes())
            .integer(&self.gas_limit.to_be_bytes())
            .bytes(self.to.as_bytes())
            .integer(&no_value)
            .bytes(&self.data)
            .list(&no_access_list)
    }
}

/// On which terms a transaction of ours was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) fees: Fees,
    pub(super) gas_limit: u64,
    /// It cashes other checks too, and its record keeps its head alone.
    pub(super) is_shared: bool,
}

impl Terms {
    /// Reads them from a record. `None` for what somebody else sent.
    pub(super) fn of(transaction: &Transaction) -> Option<Self> {
        let (_, list) = transaction.raw.split_first()?;
        let fields = read_list(list)?;
        let number = |place: usize| read_number(fields.get(place)?);
        let fees = Fees { tip: number(2)?, most: number(3)? };
        Some(Self { fees, gas_limit: number(4)?, is_shared: fields.len() == FIELDS })
    }
}

/// Of a transaction that is not signed; a signature has three more.
const FIELDS: usize = 9;

fn enveloped(list: &List) -> Vec<u8> {
    let mut bytes = alloc::vec![TYPE];
    bytes.extend(list.encode());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex as to_hex;
    use hex_literal::hex;

    /// Signed once by viem 2.x: `privateKeyToAccount("0x59c6…690d").signTransaction({ type: "eip1559",
    /// chainId: 84532, nonce, maxPriorityFeePerGas, maxFeePerGas: 2000000007n, gas: 98765n, value: 0n,
    /// to: "0x036CbD53842c5426634e7929541eC2318f3dCF7e", data: "0xe3ee160e" + "5a".repeat(60) })`.
    /// The nonces were searched so that y is even, y is odd, s is short, r is short.
    #[rustfmt::skip]
    const SIGNED_BY_VIEM: [(u64, u64, &str, [u8; 32]); 5] = [
        (0, 7, "0x02f8ab83014a3480078477359407830181cd94036cbd53842c5426634e7929541ec2318f3dcf7e80b840e3ee160e5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5ac080a02034accd239f9ca31bfb798c0d89338061d50991ba99d2334a7c17f083de9017a06b166bbb362ac51e084c145de3ce2e90dc661d05e7f941ba46bf421a406860a3", hex!("ccbba4416c6d1e823be82a63306a633607131457fefb76c63f2c7f7afe523dec")),
        (1, 7, "0x02f8ab83014a3401078477359407830181cd94036cbd53842c5426634e7929541ec2318f3dcf7e80b840e3ee160e5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5ac001a0ab17f8b98bc2f5aee3e2781bff8abfeecfd3746e36534d570821afbe0ac8fc77a06c20f495aae8f1297d86af7a909afe93b2eaf1492f40c46f531e80e714931c7b", hex!("6818d2800b3119e57ec38a1758a431fdfe62719b2adceb80cb4ddc2d0b57dd3e")),
        (100, 7, "0x02f8aa83014a3464078477359407830181cd94036cbd53842c5426634e7929541ec2318f3dcf7e80b840e3ee160e5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5ac080a09791587f5993026e8fafa5cdc8087d179201bcab07cdcd01911399f02210a6ad9fca76378d64a7708fb8547df78fca3921bb94357ec02b575c203205c6e1487b", hex!("fea3738ca20f75143fa0d58b8eac498fd73f9735d3254e31097678194ddda0e8")),
        (689, 7, "0x02f8ac83014a348202b1078477359407830181cd94036cbd53842c5426634e7929541ec2318f3dcf7e80b840e3ee160e5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5ac0809f556c3b76ecd1f85e326932284d25d481a2c76626465ccc735769ef6370456da035cde06f4a943abe6af4c597c6e17f4ba9b30c563d394a1bf652ee3fe861a40b", hex!("e1e21a43feb870772efc4e49a94f2474f1da10affbf7dc32370d1d0bbe102134")),
        (0, 0, "0x02f8ab83014a3480808477359407830181cd94036cbd53842c5426634e7929541ec2318f3dcf7e80b840e3ee160e5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5ac080a0900c69ec437cf309245454490c20365756f13a5dfd6703d41fac24a66934bc90a01bc55d3411768e5191f58183049479a684257c51c25873caf741588a63ef64c9", hex!("282b75db81bcf067d602325da87c8d46e8b49c5bd4b964399da281d1093af6b5")),
    ];

    #[test]
    fn s52_every_transaction_is_the_one_that_viem_signs() {
        let key = SecretKey::from_bytes(&mut hex!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"));
        let key = key.unwrap();
        for (nonce, max_priority_fee, raw, hash) in SIGNED_BY_VIEM {
            let call = ContractCall {
                network: Network::from_chain_id(84532).unwrap(),
                nonce,
                fees: Fees { tip: max_priority_fee, most: 2_000_000_007 },
                gas_limit: 98_765,
                to: Address::from_bytes(hex!("036CbD53842c5426634e7929541eC2318f3dCF7e")),
                data: [hex!("e3ee160e").as_slice(), &[0x5a; 60]].concat(),
            };
            let signed = call.sign(&key);
            assert_eq!(to_hex(&signed.raw), raw);
            assert_eq!(signed.hash, hash);
        }
    }
    #[test]
    fn s47_a_record_knows_the_terms_of_its_transaction() {
        let key = SecretKey::from_bytes(&mut [0x11; 32]).unwrap();
        let call = ContractCall {
            network: Network::from_chain_id(84532).unwrap(),
            nonce: 7,
            fees: Fees { most: 2_000, tip: 0 },
            gas_limit: 98_765,
            to: Address::from_bytes([0x36; 20]),
            data: alloc::vec![0x5a; 300],
        };
        let kept = |raw| Transaction { hash: [1; 32], raw, nonce: 7, sent_at: 0 };
        let alone = Terms { fees: call.fees, gas_limit: 98_765, is_shared: false };
        assert_eq!(Terms::of(&kept(call.sign(&key).raw)), Some(alone));
        assert!(call.head().len() < 50);
        assert_eq!(Terms::of(&kept(call.head())), Some(Terms { is_shared: true, ..alone }));
        assert_eq!(Terms::of(&kept(Vec::new())), None);
    }
}
