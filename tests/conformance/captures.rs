//! Payments that crossed the wire between others.

use crate::vectors::{address, authorization, cases, digest, domain, folder, json, text, word};
use serde_json::Value;
use x402_wasm::asset::{Asset, AssetTable};
use x402_wasm::dialect::{v1, v2};
use x402_wasm::encoding::{base64, bytes_from_base64, bytes_from_hex};
use x402_wasm::protocol::{AssetDomain, Method, OwnRequirement, PaymentRequirements, ReceivedPayment, Refusal};
use x402_wasm::signature::Signature;
use x402_wasm::verify::verify;

/// Signed by somebody else than `from`.
const NEGATIVES: [&str; 2] = ["base-sepolia-eurs-go-encodepayment", "base-mainnet-v2-curl"];

#[test]
fn s05_s07_captured_signatures() {
    let Some(folder) = folder() else { return };
    for case in cases(&json(&folder.join("x402/real-eip3009-captures.json")), 11) {
        let id = text(case, "id");
        let (domain, authorization) = (domain(&case["domain"]), authorization(&case["authorization"]).unwrap());
        assert_eq!(domain.separator(), word(case, "domainSeparator"), "{id}");
        assert_eq!(authorization.struct_hash(), word(case, "structHash"), "{id}");
        assert_eq!(authorization.digest(&domain), digest(case, "digest"), "{id}");
        let signature = Signature::from_hex(text(case, "signature")).unwrap();
        let signer = signature.recover(&authorization.digest(&domain)).unwrap();
        assert_eq!(signer, address(case, "recovered"), "{id}");
        let is_genuine = case["signatureValidForFrom"].as_bool().unwrap();
        assert_eq!(signer == authorization.from, is_genuine, "{id}");
        assert_eq!(is_genuine, !NEGATIVES.contains(&id), "{id}");
    }
}

/// Verifies a capture's payment as the gate it was for would have, ten seconds before it expires.
fn verified(case: &Value, payment: &ReceivedPayment) -> Result<(), Refusal> {
    let authorization = authorization(&case["authorization"]).unwrap();
    assert_eq!(payment.authorization, authorization.into());
    let domain = domain(&case["domain"]);
    let asset = AssetTable::default().find(domain.network, domain.verifying_contract).unwrap_or_else(|| Asset {
        network: domain.network,
        address: domain.verifying_contract,
        symbol: "EURS".into(),
        has_eip3009: true,
        name: domain.name.to_owned().into(),
        version: domain.version.to_owned().into(),
        decimals: 2,
    });
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount: authorization.value,
        pay_to: authorization.to,
        max_timeout_seconds: payment.terms.max_timeout_seconds.unwrap_or(86_400),
        domain: Some(AssetDomain::of(&asset)),
    };
    let own = [OwnRequirement { requirements, asset }];
    let verified = verify(payment, &own, authorization.valid_before - 10, 0)?;
    assert_eq!(verified.payer(), authorization.from);
    Ok(())
}

#[test]
fn s14_captured_payments_are_accepted() {
    let Some(folder) = folder() else { return };
    let (mut accepted, mut of_version_1) = (Vec::new(), Vec::new());
    for case in cases(&json(&folder.join("x402/real-eip3009-captures.json")), 11) {
        let headers = &case["headers"];
        if let Some(header) = headers["PAYMENT-SIGNATURE"].as_str() {
            assert_eq!(verified(case, &v2::read_payment_header(header).unwrap()), Ok(()), "{}", text(case, "id"));
            accepted.push(text(case, "id").to_owned());
        }
        if let Some(header) = headers["X-PAYMENT"].as_str() {
            assert_eq!(v2::read_payment_header(header), Err(Refusal::Version));
            assert_eq!(verified(case, &v1::read_payment_header(header).unwrap()), Ok(()), "{}", text(case, "id"));
            of_version_1.push(text(case, "id").to_owned());
        }
        if case["paymentPayload"].is_object() {
            let header = base64(case["paymentPayload"].to_string().as_bytes());
            assert_eq!(verified(case, &v2::read_payment_header(&header).unwrap()), Ok(()));
            accepted.push(text(case, "id").to_owned());
        }
    }
    let settled = ["base-sepolia-v2-settled-0x3646125c", "base-sepolia-v2-settled-0x6930b997"];
    assert_eq!(accepted, [settled[0], settled[1], "base-sepolia-v2-dotnet", "anvil-fiattokenv2_2-settled"]);
    assert_eq!(of_version_1.len(), 3);
}

#[test]
fn captured_challenges_and_receipts_are_read() {
    let Some(folder) = folder() else { return };
    let (mut challenges, mut receipts) = (0, 0);
    for case in cases(&json(&folder.join("x402/real-eip3009-captures.json")), 11) {
        let authorization = authorization(&case["authorization"]).unwrap();
        if let Some(header) = case["headers"]["PAYMENT-REQUIRED"].as_str() {
            let challenge = v2::read_challenge(header).unwrap();
            let [offer] = challenge.offers.as_slice() else { panic!("{:?}", challenge.offers) };
            assert_eq!(offer.requirements.amount, authorization.value);
            assert_eq!(offer.requirements.pay_to, authorization.to);
            // What a payment echoes is what came in, em dash and all, in ASCII.
            let document = String::from_utf8(bytes_from_base64(header).unwrap()).unwrap();
            let document: Value = serde_json::from_str(&document).unwrap();
            let echo: Value = serde_json::from_str(&challenge.resource.unwrap().to_string()).unwrap();
            assert_eq!(echo, document["resource"]);
            challenges += 1;
        }
        if let Some(header) = case["headers"]["PAYMENT-RESPONSE"].as_str() {
            let receipt = v2::read_receipt(header).unwrap();
            assert_eq!(receipt.payer, Some(authorization.from));
            let hash = receipt.transaction.unwrap();
            let named = text(case, "id").rsplit_once('-').unwrap().1;
            assert!(x402_wasm::encoding::hex(&hash).starts_with(named));
            receipts += 1;
        }
        if case["settle"].is_object() {
            let receipt = v2::read_receipt(&base64(case["settle"].to_string().as_bytes())).unwrap();
            assert_eq!(receipt.transaction, bytes_from_hex(text(&case["settle"], "transaction")).ok());
            receipts += 1;
        }
    }
    assert_eq!((challenges, receipts), (1, 3));
}
