//! Generated EIP-3009 signatures, and the ways to spoil one.

use crate::vectors::{address, authorization, cases, digest, domain, folder, json, text, word};
use serde_json::Value;
use x402_wasm::address::Address;
use x402_wasm::signature::{SecretKey, Signature, SignatureError};

#[test]
fn s05_s07_generated_signatures() {
    let Some(folder) = folder() else { return };
    for case in cases(&json(&folder.join("x402/generated-eip3009.json"))["base"], 16) {
        let id = text(case, "id");
        let (domain, authorization) = (domain(&case["domain"]), authorization(&case["authorization"]).unwrap());
        assert_eq!(domain.separator(), word(case, "domainSeparator"), "{id}");
        assert_eq!(authorization.struct_hash(), word(case, "structHash"), "{id}");
        assert_eq!(authorization.digest(&domain), digest(case, "digest"), "{id}");
        let key = SecretKey::from_bytes(&mut word(case, "privateKey")).unwrap();
        assert_eq!(key.address(), authorization.from, "{id}");
        assert_eq!(key.sign(&digest(case, "digest")).to_hex(), text(case, "signature"), "{id}");
        let signature = Signature::from_hex(text(case, "signature")).unwrap();
        assert_eq!(signature.recover(&digest(case, "digest")), Ok(authorization.from), "{id}");
    }
}

/// What a spoiled payment is to us.
#[derive(Debug, PartialEq)]
enum Found {
    /// Not a signature in the form of S2 to S5.
    NoSignature,
    /// Somebody's, as viem says as well, and not the payer's.
    Stranger,
    /// The payer's after all.
    Payer,
}
use Found::{NoSignature, Payer, Stranger};

/// In the order of the file. The rule is named where viem recovers and we refuse.
const NEGATIVES: [(&str, Found); 20] = [
    ("high-s", NoSignature), // S3
    ("v-0-1", NoSignature),  // S4
    ("compact-2098-64-bytes", NoSignature),
    ("truncated-64", NoSignature),
    ("trailing-byte", NoSignature),
    ("r-zero", NoSignature),
    ("s-zero", NoSignature),
    ("r-ge-n", NoSignature),
    ("v-29", NoSignature),
    ("flipped-v", Stranger),
    ("uppercase-hex", Payer),
    ("mutated-value", Stranger),
    ("mutated-to", Stranger),
    ("mutated-validAfter", Stranger),
    ("mutated-validBefore", Stranger),
    ("mutated-nonce", Stranger),
    ("wrong-domain", Stranger),
    ("wrong-domain", Stranger),
    ("wrong-domain", Stranger),
    ("wrong-domain", Stranger),
];

fn recover(case: &Value, base: &Value) -> Result<Address, SignatureError> {
    let own = |name: &str| if case[name].is_object() { case[name].clone() } else { base[name].clone() };
    let digest = authorization(&own("authorization")).unwrap().digest(&domain(&own("domain")));
    Signature::from_hex(text(case, "signature"))?.recover(&digest)
}

#[test]
fn s02_s03_s04_s05_spoiled_signatures() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("x402/generated-eip3009.json"));
    let mut bases = file["base"].as_array().unwrap().iter();
    let base = bases.find(|base| base["id"] == file["negativeBase"]).unwrap();
    let payer = address(&base["authorization"], "from");
    for (case, (name, expected)) in cases(&file["negative"], 20).iter().zip(NEGATIVES) {
        assert_eq!(text(case, "id").split("-{").next(), Some(name));
        let found = match recover(case, base) {
            Err(SignatureError) => NoSignature,
            Ok(signer) if signer == payer => Payer,
            Ok(signer) => {
                assert_eq!(signer, address(case, "viemRecovered"), "{name}");
                Stranger
            }
        };
        assert_eq!(found, expected, "{name}");
    }
}
