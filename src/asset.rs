//! The assets that we know: contract, EIP-712 name and version, decimals (S56).
//!
//! The name differs between chains of one and the same asset and is a frequent cause of refused signatures, so it is
//! never taken from a peer. Each row was confirmed by the chain or by the reference implementation's table.

use crate::address::Address;
use crate::network::Network;
use alloc::borrow::Cow;
use alloc::vec::Vec;
use hex_literal::hex;

/// An ERC-20 that can be paid with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The chain.
    pub network: Network,
    /// The contract.
    pub address: Address,
    /// What people call it; never used to find it.
    pub symbol: Cow<'static, str>,
    /// Whether its contract has EIP-3009. Where not, only Permit2 moves it.
    pub has_eip3009: bool,
    /// The name of its EIP-712 domain; may be empty where nothing is signed in it.
    pub name: Cow<'static, str>,
    /// The version of its EIP-712 domain.
    pub version: Cow<'static, str>,
    /// Digits behind the point: 6 means that an atomic unit is a millionth.
    pub decimals: u8,
}

/// The assets that a gate or a payer deals in: its operator's own entries, then [`KNOWN`].
#[derive(Clone, Debug, Default)]
pub struct AssetTable {
    own: Vec<Asset>,
}

impl AssetTable {
    /// A table with entries of the operator, which win over the known ones.
    #[must_use]
    pub const fn with_own(own: Vec<Asset>) -> Self {
        Self { own }
    }

    /// The asset at this contract of this chain.
    #[must_use]
    pub fn find(&self, network: Network, address: Address) -> Option<Asset> {
        let own = self.own.iter().find(|asset| asset.network == network && asset.address == address);
        own.cloned().or_else(|| {
            KNOWN.iter().find(|row| row.chain_id == network.chain_id() && row.address == *address.as_bytes())?.asset()
        })
    }

    /// The asset that a bare price such as `"$0.01"` means on this chain.
    #[must_use]
    pub fn default_for(&self, network: Network) -> Option<Asset> {
        let own = self.own.iter().find(|asset| asset.network == network);
        own.cloned().or_else(|| KNOWN.iter().find(|row| row.chain_id == network.chain_id())?.asset())
    }
}

struct Row {
    has_eip3009: bool,
    chain_id: u64,
    address: [u8; 20],
    symbol: &'static str,
    name: &'static str,
    version: &'static str,
    decimals: u8,
}

impl Row {
    fn asset(&self) -> Option<Asset> {
        Some(Asset {
            network: Network::from_chain_id(self.chain_id).ok()?,
            address: Address::from_bytes(self.address),
            symbol: self.symbol.into(),
            has_eip3009: self.has_eip3009,
            name: self.name.into(),
            version: self.version.into(),
            decimals: self.decimals,
        })
    }
}

const fn known(
    chain_id: u64,
    address: [u8; 20],
    symbol: &'static str,
    name: &'static str,
    version: &'static str,
    decimals: u8,
) -> Row {
    Row { chain_id, address, symbol, name, version, decimals, has_eip3009: true }
}

/// An asset without EIP-3009: only a build with Permit2 can do anything with it.
#[cfg(feature = "permit2")]
const fn by_permit2(row: &Row) -> Row {
    Row { has_eip3009: false, ..*row }
}

/// The first row of a chain is its default dollar.
#[rustfmt::skip]
const KNOWN: &[Row] = &[
    known(1, hex!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"), "USDC", "USD Coin", "2", 6),
    known(8453, hex!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"), "USDC", "USD Coin", "2", 6),
    known(84532, hex!("036CbD53842c5426634e7929541eC2318f3dCF7e"), "USDC", "USDC", "2", 6),
    known(11155111, hex!("1c7D4B196Cb0C7B01d743Fbc6116a902379C7238"), "USDC", "USDC", "2", 6),
    known(10, hex!("0b2C639c533813f4Aa9D7837CAf62653d097Ff85"), "USDC", "USD Coin", "2", 6),
    known(11155420, hex!("5fd84259d66Cd46123540766Be93DFE6D43130D7"), "USDC", "USDC", "2", 6),
    known(42161, hex!("af88d065e77c8cC2239327C5EDb3A432268e5831"), "USDC", "USD Coin", "2", 6),
    known(421614, hex!("75faf114eafb1BDbe2F0316DF893fd58CE46AA4d"), "USDC", "USD Coin", "2", 6),
    known(137, hex!("3c499c542cEF5E3811e1192ce70d8cC03d5c3359"), "USDC", "USD Coin", "2", 6),
    known(80002, hex!("41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582"), "USDC", "USDC", "2", 6),
    known(43114, hex!("B97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E"), "USDC", "USD Coin", "2", 6),
    known(43113, hex!("5425890298aed601595a70AB815c96711a31Bc65"), "USDC", "USD Coin", "2", 6),
    known(143, hex!("754704Bc059F8C67012fEd69BC8A327a5aafb603"), "USDC", "USDC", "2", 6),
    known(42220, hex!("cebA9300f2b948710d2653dD7B07f33A8B32118C"), "USDC", "USDC", "2", 6),
    known(11142220, hex!("01C5C0122039549AD1493B8220cABEdD739BC44E"), "USDC", "USDC", "2", 6),
    known(59144, hex!("176211869cA2b568f2A7D4EE941E073a821EE1ff"), "USDC", "USDC", "2", 6),
    known(1329, hex!("e15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392"), "USDC", "USDC", "2", 6),
    known(1328, hex!("4fCF1784B31630811181f670Aea7A7bEF803eaED"), "USDC", "USDC", "2", 6),
    known(50, hex!("fA2958CB79b0491CC627c1557F441eF849Ca8eb1"), "USDC", "USDC", "2", 6),
    known(51, hex!("b5AB69F7bBada22B28e79C8FFAECe55eF1c771D4"), "USDC", "USDC", "2", 6),
    known(8453, hex!("60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42"), "EURC", "EURC", "2", 6),
    known(988, hex!("779Ded0c9e1022225f8E0630b35a9b54bE713736"), "USDT0", "USDT0", "1", 6),
    known(2201, hex!("78Cf24370174180738C5B8E352B6D14c83a6c9A9"), "USDT0", "USDT0", "1", 6),
    known(14, hex!("e7cd86e13AC4309349F30B3435a9d337750fC82D"), "USDT0", "USD₮0", "1", 6),
    known(42220, hex!("48065fbBE25f71C9282ddf5e1cD6D6A887483D5e"), "USDT", "Tether USD", "1", 6),
    known(42220, hex!("D2ab3C9A02DBBAB236BfEC45D1d755DF4267F771"), "USAT", "Tether America USD", "1", 6),
    known(36900, hex!("9cb8142aEBBcdc60AF7c97Af897A67A8f3CA71C2"), "USDC.e", "USDC.e", "2", 6),
    known(190415, hex!("401eCb1D350407f13ba348573E5630B83638E30D"), "USDC.e", "Bridged USDC", "2", 6),
    known(181228, hex!("401eCb1D350407f13ba348573E5630B83638E30D"), "USDC.e", "Bridged USDC", "2", 6),
    known(4689, hex!("cDf79194C6C285077A58da47641D4dBe51F63542"), "USDC.e", "Bridged USDC", "2", 6),
    known(3338, hex!("bbA60da06c2c5424f03f7434542280FCAd453d10"), "USDC", "USDC", "2", 6),
    known(2741, hex!("84A71ccD554Cc1b02749b35d22F684CC8ec987e1"), "USDC.e", "Bridged USDC", "2", 6),
    known(11124, hex!("e4C7fBB0a626ed208021ccabA6Be1566905E2dFc"), "USDC.e", "Bridged USDC", "2", 6),
    known(1514, hex!("F1815bd50389c46847f0Bda824eC8da914045D14"), "USDC.e", "Bridged USDC", "2", 6),
    known(41923, hex!("12a272A581feE5577A5dFa371afEB4b2F3a8C2F8"), "USDC", "Bridged USDC (Stargate)", "2", 6),
    known(324705682, hex!("2e08028E3C4c2356572E096d8EF835cD5C6030bD"), "USDC", "Bridged USDC (SKALE Bridge)", "2", 6),
    #[cfg(feature = "permit2")]
    by_permit2(&known(4326, hex!("FAfDdbb3FC7688494971a79cc65DCa3EF82079E7"), "MegaUSD", "MegaUSD", "1", 18)),
    #[cfg(feature = "permit2")]
    by_permit2(&known(31612, hex!("dD468A1DDc392dcdbEf6db6e34E89AA338F9F186"), "mUSD", "Mezo USD", "1", 18)),
    #[cfg(feature = "permit2")]
    by_permit2(&known(31611, hex!("118917a40FAF1CD7a13dB0Ef56C86De7973Ac503"), "mUSD", "Mezo USD", "1", 18)),
    #[cfg(feature = "permit2")]
    by_permit2(&known(723487, hex!("33ad9e4BD16B69B5BFdED37D8B5D9fF9aba014Fb"), "SBC", "Stable Coin", "1", 6)),
    #[cfg(feature = "permit2")]
    by_permit2(&known(72344, hex!("33ad9e4BD16B69B5BFdED37D8B5D9fF9aba014Fb"), "SBC", "Stable Coin", "1", 6)),
    #[cfg(feature = "permit2")]
    by_permit2(&known(38833, hex!("A5b8BF902b2844dA17d4506cc827F7f1681735E7"), "USDC", "", "", 6)),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn network(chain_id: u64) -> Network {
        Network::from_chain_id(chain_id).unwrap()
    }

    #[test]
    #[rustfmt::skip]
    fn s56_every_row_has_the_domain_of_its_contract() {
        let separators = [
            (1, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", hex!("06c37168a7db5138defc7866392bb87a741f9b3d104deb5094588ce041cae335")),
            (8453, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", hex!("02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f")),
            (84532, "0x036CbD53842c5426634e7929541eC2318f3dCF7e", hex!("71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818")),
            (11155111, "0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238", hex!("b90e5057db141a932946e64d09ccb7ffc9b00bd79fec26f698d29af0c83320a6")),
            (10, "0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85", hex!("26d9c34bb1a1c312f69c53b2d93b8be20faafba63af2438c6811713c9b1f933f")),
            (11155420, "0x5fd84259d66Cd46123540766Be93DFE6D43130D7", hex!("09d038a3e46040fc37eb01174dbbcdb7981fbd8eafd9e1a857b1c67805dfb29e")),
            (42161, "0xaf88d065e77c8cC2239327C5EDb3A432268e5831", hex!("08d11903f8419e68b1b8721bcbe2e9fc68569122a77ef18c216f10b3b5112c78")),
            (421614, "0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d", hex!("85944e1292d007732838d6eadfa67589b78ffcededbd4df60488d0af251308bb")),
            (137, "0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359", hex!("caa2ce1a5703ccbe253a34eb3166df60a705c561b44b192061e28f2a985be2ca")),
            (80002, "0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582", hex!("5cddc98319864e897e4469bd1d13c2288c677047b54b8cca12bd342adb6be9eb")),
            (43114, "0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E", hex!("bbea200329a938bc3438984a49cb0732e66d66d7bd59c127abacc1710e77f7b3")),
            (43113, "0x5425890298aed601595a70AB815c96711a31Bc65", hex!("fe9fa105a0e9629446730e544caa6b8d05d8d4fc93451750dc50e2ddd6d374b3")),
            (143, "0x754704Bc059F8C67012fEd69BC8A327a5aafb603", hex!("fe22123edc0dd4aeb912eb7948c5f0e531592c2053b3067612f427db342c93c6")),
            (42220, "0xcebA9300f2b948710d2653dD7B07f33A8B32118C", hex!("b2ce31d2838445fa765a491f550e7c78ac7280ab0f3bc9d6063a86df9c3fb578")),
            (11142220, "0x01C5C0122039549AD1493B8220cABEdD739BC44E", hex!("23f491197bb8c5ea4fe8dd4c2293b600f073553f9814015e7a5eb57724df9578")),
            (59144, "0x176211869cA2b568f2A7D4EE941E073a821EE1ff", hex!("175b79ed2b358e1a27efa17563a81216a922ec7265bbb33e190840dc9e09c633")),
            (1329, "0xe15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392", hex!("0a19136106ae98d2c245cbbd451f3cb2bbbb1670e1ee191abacb5a5e255c0255")),
            (1328, "0x4fCF1784B31630811181f670Aea7A7bEF803eaED", hex!("154bb5980ce1d584a1067dc67730720e6046d0364a2ade0b692dd488e71fe653")),
            (50, "0xfA2958CB79b0491CC627c1557F441eF849Ca8eb1", hex!("e3bb44ae105af7e23bb39b117e22bbcbf435066554f45b3a9bbcba42c80fe56d")),
            (51, "0xb5AB69F7bBada22B28e79C8FFAECe55eF1c771D4", hex!("3835afe643ce123f3bc71a8e3123e24651d2d4309bbf3ba58329a1db60b9b2c3")),
            (8453, "0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42", hex!("ec4dcbded0afd42599589b79220899bbe000bb5ea66d6f1bc176e78d094203bb")),
        ];
        for (chain_id, address, separator) in separators {
            let asset = AssetTable::default().find(network(chain_id), Address::from_config(address).unwrap()).unwrap();
            assert_eq!(asset.domain().separator(), separator, "{chain_id} {address}");
        }
    }

    #[test]
    fn s56_an_asset_is_found_by_chain_and_contract_together() {
        let table = AssetTable::default();
        let base_sepolia_usdc = Address::from_wire("0x036CbD53842c5426634e7929541eC2318f3dCF7e").unwrap();
        assert_eq!(table.find(network(84_532), base_sepolia_usdc).unwrap().decimals, 6);
        assert_eq!(table.find(network(8453), base_sepolia_usdc), None);
        assert_eq!(table.find(network(84_532), Address::ZERO), None);
        assert_eq!(table.default_for(network(84_532)).unwrap().address, base_sepolia_usdc);
        assert_eq!(table.default_for(network(5)), None);
    }

    #[test]
    fn no_contract_stands_twice() {
        for (index, row) in KNOWN.iter().enumerate() {
            let again = KNOWN[index + 1..].iter().any(|r| r.chain_id == row.chain_id && r.address == row.address);
            assert!(!again, "{} {}", row.chain_id, row.name);
        }
    }

    #[test]
    fn an_own_entry_wins() {
        let mut own = AssetTable::default().default_for(network(84_532)).unwrap();
        own.name = "Other".into();
        let table = AssetTable::with_own(alloc::vec![own.clone()]);
        assert_eq!(table.find(own.network, own.address).unwrap().name, "Other");
        assert_eq!(table.default_for(own.network).unwrap().name, "Other");
    }
}
