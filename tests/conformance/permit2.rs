//! Permit2's typed data as four other implementations have it, and a payment that a chain settled.

use crate::vectors::{address, cases, digest, folder, json, text, word};
use serde_json::Value;
use x402_wasm::address::Address;
use x402_wasm::amount::Amount;
use x402_wasm::asset::{Asset, AssetTable};
use x402_wasm::authorization::Authorization;
use x402_wasm::authorization::permit2::{PERMIT2, Permit, Spender, separator};
use x402_wasm::dialect::v2;
use x402_wasm::json::parse;
use x402_wasm::network::Network;
use x402_wasm::protocol::{Method, OwnRequirement, PaymentRequirements};
use x402_wasm::signature::Signature;
use x402_wasm::verify::verify;

fn asset_of(case: &Value) -> Asset {
    let network = Network::from_chain_id(case["domain"]["chainId"].as_u64().unwrap()).unwrap();
    let usdc = AssetTable::default().default_for(Network::from_chain_id(84_532).unwrap()).unwrap();
    Asset { network, address: address(&case["message"]["permitted"], "token"), ..usdc }
}

fn uint(value: &Value, name: &str) -> Amount {
    Amount::from_decimal(text(value, name)).unwrap()
}

/// A permit; `None` where its times are beyond 64 bits of seconds, or its spender is none that we sign for.
fn permit(message: &Value, owner: Address) -> Option<Permit> {
    let witness = &message["witness"];
    let (spender, signed) = (address(message, "spender"), |name: &str| uint(witness, name).to_u64());
    let spender = if witness.is_null() {
        Spender::Payee(spender)
    } else if witness["facilitator"].is_null() {
        Spender::ExactProxy { to: address(witness, "to"), valid_after: signed("validAfter")? }
    } else {
        let facilitator = address(witness, "facilitator");
        Spender::UptoProxy { to: address(witness, "to"), facilitator, valid_after: signed("validAfter")? }
    };
    let (amount, nonce) = (uint(&message["permitted"], "amount"), uint(message, "nonce").to_be_bytes());
    let permit = Permit::new(owner, amount, nonce, uint(message, "deadline").to_u64()?, spender)?;
    (spender.address() == address(message, "spender")).then_some(permit)
}

#[test]
fn s07_permits_are_signed_as_four_other_implementations_sign_them() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("generated/typed-data-3way.json"));
    let (mut domains, mut permits) = (0, 0);
    for case in cases(&file["cases"], 1300).iter().filter(|case| case["domain"]["name"] == "Permit2") {
        let id = text(case, "id");
        let asset = asset_of(case);
        assert_eq!(address(&case["domain"], "verifyingContract"), PERMIT2, "{id}");
        assert_eq!(separator(asset.network), word(case, "domainSeparator"), "{id}");
        domains += 1;
        let Some(permit) = permit(&case["message"], address(case, "signer")) else { continue };
        assert_eq!(permit.struct_hash(asset.address), word(case, "structHash"), "{id}");
        let authorization = Authorization::from(permit);
        assert_eq!(authorization.digest(&asset), digest(case, "digest"), "{id}");
        let shown: Value = serde_json::from_str(&authorization.typed_data(&asset).to_string()).unwrap();
        assert_eq!((&shown["message"], &shown["domain"]), (&case["message"], &case["domain"]), "{id}");
        assert_eq!(shown["primaryType"], case["primaryType"], "{id}");
        permits += 1;
    }
    assert_eq!((domains, permits), (400, 38));
}

#[test]
fn s07_x402s_forms_are_signed_as_the_reference_signs_them() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("x402/permit2-upto-2612-6492.json"));
    let cases = &cases(&file, 4)[..2];
    for case in cases {
        let asset = asset_of(case);
        let authorization = Authorization::from(permit(&case["message"], address(case, "signer")).unwrap());
        assert_eq!(authorization.digest(&asset), digest(case, "digest"), "{}", text(case, "id"));
        let signature = Signature::from_hex(text(case, "signature")).unwrap();
        assert_eq!(signature.recover(&digest(case, "digest")), Ok(address(case, "signer")));
        let shown: Value = serde_json::from_str(&authorization.typed_data(&asset).to_string()).unwrap();
        assert_eq!((&shown["message"], &shown["domain"]), (&case["message"], &case["domain"]));
        let mut types = shown["types"].as_object().unwrap().clone();
        assert!(types.remove("EIP712Domain").is_some());
        assert_eq!(Value::Object(types), case["types"]);
    }
}

/// Made by the reference's client, verified and settled by its facilitator, through the canonical contracts.
#[test]
fn s14_a_settled_payment_is_accepted() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("x402/anvil-permit2-settled.json"));
    let payment = v2::read_payment(&parse(&file["payload"].to_string()).unwrap()).unwrap();
    let wanted = &file["req"];
    let asset = AssetTable::default().find(payment.terms.network, address(wanted, "asset")).unwrap();
    let requirements = PaymentRequirements {
        method: Method::Permit2,
        network: asset.network,
        asset: asset.address,
        amount: uint(wanted, "amount"),
        pay_to: address(wanted, "payTo"),
        max_timeout_seconds: wanted["maxTimeoutSeconds"].as_u64().unwrap(),
        domain: payment.terms.domain.clone(),
    };
    let own = [OwnRequirement { requirements, asset }];
    let deadline = payment.authorization.deadline();
    let verified = verify(&payment, &own, deadline - 60, 0).unwrap();
    assert_eq!(verified.payer(), address(&file["verify"], "payer"));
    assert!(verify(&payment, &own, deadline, 0).is_err());
}
