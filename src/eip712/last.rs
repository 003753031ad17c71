//! The domain that was hashed last. A gate's payments are in one or two, and hashing a domain takes half of what is hashed
//! for a payment.

use super::Domain;
use crate::address::Address;
use crate::network::Network;
use alloc::string::String;
use spin::Mutex;

struct Hashed {
    name: String,
    version: String,
    network: Network,
    verifying_contract: Address,
    separator: [u8; 32],
}

static LAST: Mutex<Option<Hashed>> = Mutex::new(None);

/// The domain's separator, worked out where it is another domain than the last time.
pub(super) fn separator(domain: &Domain<'_>) -> [u8; 32] {
    // Nobody waits for it: who finds it taken hashes.
    let Some(mut last) = LAST.try_lock() else { return domain.hash() };
    if let Some(hashed) = last.as_ref()
        && hashed.domain() == *domain
    {
        return hashed.separator;
    }
    let Domain { name, version, network, verifying_contract } = *domain;
    let separator = domain.hash();
    *last = Some(Hashed { name: name.into(), version: version.into(), network, verifying_contract, separator });
    separator
}

impl Hashed {
    /// All that a separator is made of.
    fn domain(&self) -> Domain<'_> {
        let Self { name, version, network, verifying_contract, .. } = self;
        Domain { name, version, network: *network, verifying_contract: *verifying_contract }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s07_a_domain_that_differs_in_anything_is_hashed_anew() {
        let network = |id| Network::from_chain_id(id).unwrap();
        let contract = |byte| Address::from_bytes([byte; 20]);
        let first = Domain { name: "USDC", version: "2", network: network(1), verifying_contract: contract(1) };
        let others = [
            Domain { name: "USD Coin", ..first },
            Domain { version: "1", ..first },
            Domain { network: network(10), ..first },
            Domain { verifying_contract: contract(2), ..first },
            // The same letters, otherwise divided.
            Domain { name: "USDC2", version: "", ..first },
        ];
        for other in others {
            for domain in [first, first, other, other, first] {
                assert_eq!(separator(&domain), domain.hash());
            }
            assert_ne!(first.hash(), other.hash());
        }
    }
}
