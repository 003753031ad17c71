//! [Permit2]'s signature transfers, in the three forms that are spoken: two of x402, one of x402-mock.
//!
//! The payer once allows Permit2 to take an asset; from then on each permit is a check. Unlike an EIP-3009
//! authorization it names who may cash it.
//!
//! [Permit2]: https://github.com/Uniswap/permit2

use crate::address::Address;
use crate::amount::Amount;
use crate::eip712::{Fields, TypedData};
use crate::json::{Object, Value};
use crate::keccak::keccak256;
use crate::network::Network;
use hex_literal::hex;

/// Permit2, at the same address on every chain.
pub const PERMIT2: Address = Address::from_bytes(hex!("000000000022D473030F116dDEE9F6B43aC78BA3"));
/// x402's contract that hands the exact amount to the payee of the witness.
pub const EXACT_PROXY: Address = Address::from_bytes(hex!("402085c248EeA27D92E8b30b2C58ed07f9E20001"));
/// x402's contract that hands at most the amount to the payee of the witness.
pub const UPTO_PROXY: Address = Address::from_bytes(hex!("4020A4f3b7b90ccA423B9fabCc0CE57C6C240002"));

/// The signed fields, but for the asset. [`Self::new`] makes one where the build has Permit2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The payer.
    pub owner: Address,
    /// Atomic units of the asset.
    pub amount: Amount,
    /// Used at most once per payer, whatever the asset.
    pub nonce: [u8; 32],
    /// Seconds since the epoch; a block of that very second still takes it.
    pub deadline: u64,
    /// Who may cash it, and for whom.
    pub spender: Spender,
    linked: Linked,
}

/// Part of every permit, and without the feature `permit2` there is none: so the compiler itself leaves out of such a build
/// whatever takes a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg(feature = "permit2")]
struct Linked;
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg(not(feature = "permit2"))]
enum Linked {}

impl Linked {
    #[cfg(feature = "permit2")]
    const HERE: Option<Self> = Some(Self);
    #[cfg(not(feature = "permit2"))]
    const HERE: Option<Self> = None;
}

/// Who may cash a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the three forms on the wire")]
pub enum Spender {
    /// x402's `exact`: anybody, through [`EXACT_PROXY`].
    ExactProxy {
        /// The payee.
        to: Address,
        /// Seconds since the epoch; a block of that very second takes it.
        valid_after: u64,
    },
    /// x402's `upto`: one account, through [`UPTO_PROXY`], and as much as it says.
    UptoProxy {
        /// The payee.
        to: Address,
        /// The only account that may call the proxy.
        facilitator: Address,
        /// As for `exact`.
        valid_after: u64,
    },
    /// x402-mock's: the payee itself.
    Payee(Address),
}

impl Spender {
    /// The signed `spender`: whom Permit2 obeys.
    #[must_use]
    pub const fn address(&self) -> Address {
        match self {
            Self::ExactProxy { .. } => EXACT_PROXY,
            Self::UptoProxy { .. } => UPTO_PROXY,
            Self::Payee(payee) => *payee,
        }
    }

    pub(super) const fn payee(&self) -> Address {
        match self {
            Self::ExactProxy { to, .. } | Self::UptoProxy { to, .. } | Self::Payee(to) => *to,
        }
    }

    pub(super) const fn valid_after(&self) -> u64 {
        match self {
            Self::ExactProxy { valid_after, .. } | Self::UptoProxy { valid_after, .. } => *valid_after,
            Self::Payee(_) => 0,
        }
    }

    const fn form(&self) -> &'static Form {
        match self {
            Self::ExactProxy { .. } => &EXACT,
            Self::UptoProxy { .. } => &UPTO,
            Self::Payee(_) => &DIRECT,
        }
    }

    /// The fields of the witness as words; how many there are is the form's.
    fn witness_words(&self) -> [[u8; 32]; 3] {
        match self {
            Self::ExactProxy { to, valid_after } => [to.to_word(), word(*valid_after), [0; 32]],
            Self::UptoProxy { to, facilitator, valid_after } => {
                [to.to_word(), facilitator.to_word(), word(*valid_after)]
            }
            Self::Payee(_) => [[0; 32]; 3],
        }
    }
}

/// The types of one form.
struct Form {
    name: &'static str,
    type_hash: [u8; 32],
    fields: &'static [(&'static str, &'static str)],
    witness_type_hash: [u8; 32],
    witness: &'static [(&'static str, &'static str)],
}

static EXACT: Form = Form {
    name: "PermitWitnessTransferFrom",
    type_hash: hex!("ebc156cd23678a74c94df13d772ef5478420637f0c94bd10d509e1dc98f521c7"),
    fields: &FIELDS,
    witness_type_hash: hex!("d97b3239a7f32295517bd14cb074edfdd188dfe5eb42f802bb26d4fd1eb12c37"),
    witness: &[("to", "address"), ("validAfter", "uint256")],
};

static UPTO: Form = Form {
    name: "PermitWitnessTransferFrom",
    type_hash: hex!("51dff6974ad4388c499e7fcfe838d2bd767162553a144098ce20ea661d70c2ee"),
    fields: &FIELDS,
    witness_type_hash: hex!("d4171c445a74218b01d4fd8af34ff1106580ea1e36ff837e64484bfaa2253b75"),
    witness: &[("to", "address"), ("facilitator", "address"), ("validAfter", "uint256")],
};

static DIRECT: Form = Form {
    name: "PermitTransferFrom",
    type_hash: hex!("939c21a48a8dbe3a9a2404a1d46691e4d39f6583d6ec6b35714604c986d80106"),
    fields: &DIRECT_FIELDS,
    witness_type_hash: [0; 32],
    witness: &[],
};

const FIELDS: Fields<5> = [
    ("permitted", "TokenPermissions"),
    ("spender", "address"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
    ("witness", "Witness"),
];
const DIRECT_FIELDS: Fields<4> = {
    let [permitted, spender, nonce, deadline, _] = FIELDS;
    [permitted, spender, nonce, deadline]
};
const PERMITTED: Fields<2> = [("token", "address"), ("amount", "uint256")];
const PERMITTED_TYPE_HASH: [u8; 32] = hex!("618358ac3db8dc274f0cd8829da7e234bd48cd73c4a740aede1adec9846d06a1");

const NAME: &str = "Permit2";
/// Unlike an asset's, its domain has no version.
const DOMAIN_FIELDS: Fields<3> = [("name", "string"), ("chainId", "uint256"), ("verifyingContract", "address")];
const DOMAIN_TYPE_HASH: [u8; 32] = hex!("8cad95687ba82c2ce50e74f7b754645e5117c3a5bec8151c0726d5857980a866");

/// Permit2's domain separator on a chain.
#[must_use]
pub fn separator(network: Network) -> [u8; 32] {
    keccak256(&[&DOMAIN_TYPE_HASH, &keccak256(&[NAME.as_bytes()]), &word(network.chain_id()), &PERMIT2.to_word()])
}

impl Permit {
    /// A permit; `None` in a build without the feature `permit2`.
    #[inline]
    #[must_use]
    pub const fn new(owner: Address, amount: Amount, nonce: [u8; 32], deadline: u64, spender: Spender) -> Option<Self> {
        match Linked::HERE {
            Some(linked) => Some(Self { owner, amount, nonce, deadline, spender, linked }),
            None => None,
        }
    }

    /// The EIP-712 struct hash for an asset's contract.
    #[must_use]
    pub fn struct_hash(&self, token: Address) -> [u8; 32] {
        let form = self.spender.form();
        let permitted = keccak256(&[&PERMITTED_TYPE_HASH, &token.to_word(), &self.amount.to_be_bytes()]);
        let words = self.spender.witness_words();
        let words = words.get(..form.witness.len()).unwrap_or_default().as_flattened();
        let witness = keccak256(&[&form.witness_type_hash, words]);
        let witness: &[u8] = if words.is_empty() { &[] } else { &witness };
        let (spender, deadline) = (self.spender.address().to_word(), word(self.deadline));
        keccak256(&[&form.type_hash, &permitted, &spender, &self.nonce, &deadline, witness])
    }

    /// The signed fields by their names, integers as decimal strings.
    pub(crate) fn fields(&self, token: Address) -> Object {
        let witness = match &self.spender {
            Spender::ExactProxy { to, valid_after } => {
                Some(Object::new().spelled("to", to).spelled("validAfter", &Amount::from(*valid_after)).end())
            }
            Spender::UptoProxy { to, facilitator, valid_after } => Some(
                Object::new()
                    .spelled("to", to)
                    .spelled("facilitator", facilitator)
                    .spelled("validAfter", &Amount::from(*valid_after))
                    .end(),
            ),
            Spender::Payee(_) => None,
        };
        Object::new()
            .value("permitted", Object::new().spelled("token", &token).spelled("amount", &self.amount).end())
            .spelled("spender", &self.spender.address())
            .spelled("nonce", &Amount::from_be_bytes(self.nonce))
            .spelled("deadline", &Amount::from(self.deadline))
            .value_if("witness", witness)
    }

    /// The argument of a wallet's `eth_signTypedData_v4`.
    #[must_use]
    pub fn typed_data(&self, network: Network, token: Address) -> Value {
        let form = self.spender.form();
        let domain = Object::new()
            .text("name", NAME)
            .number("chainId", network.chain_id())
            .spelled("verifyingContract", &PERMIT2)
            .end();
        let structs = [(form.name, form.fields), ("TokenPermissions", &PERMITTED), ("Witness", form.witness)];
        let has_witness = !form.witness.is_empty();
        let structs = if has_witness { &structs[..] } else { structs.get(..2).unwrap_or_default() };
        TypedData { domain, domain_fields: &DOMAIN_FIELDS, structs, message: self.fields(token).end() }.into_value()
    }
}

fn word(number: u64) -> [u8; 32] {
    Amount::from(number).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    fn encoded(name: &str, fields: &[(&str, &str)]) -> String {
        let fields: Vec<_> = fields.iter().map(|(name, kind)| format!("{kind} {name}")).collect();
        format!("{name}({})", fields.join(","))
    }

    #[test]
    fn s07_the_type_hashes_are_those_of_the_written_types() {
        let permitted = encoded("TokenPermissions", &PERMITTED);
        assert_eq!(PERMITTED_TYPE_HASH, keccak256(&[permitted.as_bytes()]));
        for form in [&EXACT, &UPTO] {
            let witness = encoded("Witness", form.witness);
            assert_eq!(form.witness_type_hash, keccak256(&[witness.as_bytes()]));
            let whole = encoded(form.name, form.fields) + &permitted + &witness;
            assert_eq!(form.type_hash, keccak256(&[whole.as_bytes()]));
        }
        let whole = encoded(DIRECT.name, DIRECT.fields) + &permitted;
        assert_eq!(DIRECT.type_hash, keccak256(&[whole.as_bytes()]));
        assert_eq!(DOMAIN_TYPE_HASH, keccak256(&[encoded("EIP712Domain", &DOMAIN_FIELDS).as_bytes()]));
    }

    #[test]
    #[rustfmt::skip]
    fn s07_the_separators_are_those_of_the_deployed_contracts() {
        for (chain_id, on_chain) in [
            (1, hex!("866a5aba21966af95d6c7ab78eb2b2fc913915c28be3b9aa07cc04ff903e3f28")),
            (8453, hex!("3b6f35e4fce979ef8eac3bcdc8c3fc38fe7911bb0c69c8fe72bf1fd1a17e6f07")),
            (84532, hex!("010f27a92fb9a32622f44f001dc4d15706a85b33499cfc2ce9033113ab26592c")),
            (11_155_111, hex!("94c1dec87927751697bfc9ebf6fc4ca506bed30308b518f0e9d6c5f74bbafdb8")),
        ] {
            assert_eq!(separator(Network::from_chain_id(chain_id).unwrap()), on_chain);
        }
    }

    /// As x402-mock 0.3.0 signed and settled it.
    #[cfg(feature = "permit2")]
    #[test]
    fn s07_the_direct_form_is_x402_mocks() {
        let owner = Address::from_bytes(hex!("70997970C51812dc3A010C7d01b50e0d17dc79C8"));
        let nonce = Amount::from(117_659_222_921_384_406).to_be_bytes();
        let payee = Address::from_bytes(hex!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"));
        let permit = Permit::new(owner, Amount::from(500_000), nonce, 1_795_337_863, Spender::Payee(payee)).unwrap();
        let token = Address::from_bytes(hex!("bDeaD2A70Fe794D2f97b37EFDE497e68974a296d"));
        let hash = hex!("6ab9bcbfce996c61a083fed6d66862267904470a6c1e27f9180966c6359a76fb");
        assert_eq!(permit.struct_hash(token), hash);
    }
}
