//! EIP-712 as four other implementations have it.

use crate::vectors::{authorization, bytes, cases, digest, domain, folder, json, text, word};
use serde_json::{Map, Value};
use x402_wasm::asset::AssetTable;
use x402_wasm::eip712::Digest;
use x402_wasm::keccak::keccak256;
use x402_wasm::network::Network;
use x402_wasm::signature::{SecretKey, Signature};

const FULL_DOMAIN: [&str; 4] = ["chainId", "name", "verifyingContract", "version"];

fn has_full_domain(case: &Value) -> bool {
    let mut names: Vec<_> = case["domain"].as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names == FULL_DOMAIN
}

#[test]
fn s07_three_way_digests_and_signatures() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("generated/typed-data-3way.json"));
    let (mut domains, mut encoded) = (0, 0);
    for case in cases(&file["cases"], 1300) {
        let id = text(case, "id");
        if has_full_domain(case) {
            let domain = domain(&case["domain"]);
            assert_eq!(domain.separator(), word(case, "domainSeparator"), "{id}");
            assert_eq!(domain.digest(&word(case, "structHash")), digest(case, "digest"), "{id}");
            domains += 1;
        }
        if text(case, "kind") == "transfer"
            && let Some(authorization) = authorization(&case["message"])
        {
            assert_eq!(authorization.struct_hash(), word(case, "structHash"), "{id}");
            assert_eq!(authorization.digest(&domain(&case["domain"])), digest(case, "digest"), "{id}");
            encoded += 1;
        }
        let key = SecretKey::from_bytes(&mut word(case, "privateKey")).unwrap();
        assert_eq!(key.address().to_checksummed(), text(case, "signer"), "{id}");
        let signature = key.sign(&digest(case, "digest"));
        assert_eq!(signature.to_hex(), text(case, "signature"), "{id}");
        assert_eq!(Some(u64::from(signature.v())), case["v"].as_u64(), "{id}");
        let read = Signature::from_hex(text(case, "signature")).unwrap();
        assert_eq!(read.recover(&digest(case, "digest")), Ok(key.address()), "{id}");
    }
    // The other 400 domains have no version, as Permit2's; the windows of 499 transfers do not fit 64 bits.
    assert_eq!((domains, encoded), (900, 101));
}

/// What a wallet is given names the same types and the same values as the other implementations were given.
#[test]
fn s07_the_wallet_gets_the_same_typed_data() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("generated/typed-data-3way.json"));
    let mut compared = 0;
    for case in cases(&file["cases"], 1300).iter().filter(|case| text(case, "kind") == "transfer") {
        let Some(authorization) = authorization(&case["message"]) else { continue };
        let ours = authorization.typed_data(&domain(&case["domain"])).to_string();
        let ours: Value = serde_json::from_str(&ours).unwrap();
        assert_eq!(ours["message"], case["message"]);
        assert_eq!(ours["domain"], case["domain"]);
        assert_eq!(ours["primaryType"], case["primaryType"]);
        let mut types: Map<String, Value> = ours["types"].as_object().unwrap().clone();
        assert!(types.remove("EIP712Domain").is_some());
        assert_eq!(Value::Object(types), file["types"]["transfer"]);
        compared += 1;
    }
    assert_eq!(compared, 101);
}

/// The type hashes on chain are those of the types that a wallet is shown.
#[test]
fn s07_type_hashes_and_domains_of_the_contracts() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("x402/domain-separators.json"));
    for entry in cases(&file["domains"], 8) {
        let domain = domain(&entry["domain"]);
        assert_eq!(domain.separator(), word(entry, "domainSeparator"), "{}", text(entry, "label"));
        let network = Network::from_caip2(text(entry, "network")).unwrap();
        let asset = AssetTable::default().find(network, domain.verifying_contract).unwrap();
        assert_eq!(asset.domain(), domain);
    }
    let capture = &json(&folder.join("x402/real-eip3009-captures.json"))[0];
    let shown = authorization(&capture["authorization"]).unwrap().typed_data(&domain(&capture["domain"]));
    let shown: Value = serde_json::from_str(&shown.to_string()).unwrap();
    for name in ["EIP712Domain", "TransferWithAuthorization"] {
        let fields = shown["types"][name].as_array().unwrap().iter();
        let fields: Vec<_> = fields.map(|field| format!("{} {}", text(field, "type"), text(field, "name"))).collect();
        let encoded = format!("{name}({})", fields.join(","));
        assert_eq!(keccak256(&[encoded.as_bytes()]), word(&file["typehashes"], name), "{encoded}");
    }
}

/// ethers' random structs, wider than ours, in domains of the members that ours have.
#[test]
fn s07_domains_as_ethers_has_them() {
    let Some(folder) = folder() else { return };
    for (file, count, full) in [("eip712.json.gz", 1025, 40), ("v6-typed-data.json.gz", 130, 3)] {
        let file = json(&folder.join("ethers").join(file));
        let cases: Vec<_> = cases(&file, count).iter().filter(|case| has_full_domain(case)).collect();
        assert_eq!(cases.len(), full);
        for case in cases {
            let digest = domain(&case["domain"]).digest(&keccak256(&[&bytes(case, "encoded")]));
            assert_eq!(digest, Digest::from_bytes(word(case, "digest")), "{}", text(case, "name"));
        }
    }
}
