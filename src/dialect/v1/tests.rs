//! What is written is read again, in the spelling of version 1 and in no other.

use super::*;
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::AssetTable;
use crate::authorization::eip3009::TransferAuthorization;
use crate::dialect::v2::read_receipt;
use crate::dialect::{mock, read_challenge_body, read_office_body};
use crate::encoding::bytes_from_base64;
use crate::json::parse;
use crate::protocol::{IssuedTicket, Offer, OfficeOffer};
use crate::signature::SecretKey;
use proptest::prelude::*;

const URL: &str = "https://cinema.example/films/1";

fn on(chain_id: u64) -> Network {
    Network::from_chain_id(chain_id).unwrap()
}

fn own(chain_id: u64, amount: u64) -> OwnRequirement {
    let asset = AssetTable::default().default_for(on(chain_id)).unwrap();
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount: Amount::from(amount),
        pay_to: Address::from_bytes([0x22; 20]),
        max_timeout_seconds: 300,
        domain: Some(AssetDomain::of(&asset)),
    };
    OwnRequirement { requirements, asset }
}

fn challenge<'a>(code: &'a str, accepts: &'a [OwnRequirement]) -> Challenge<'a> {
    let resource = Resource { url: URL, description: None, mime_type: None };
    Challenge { code, message: "Pay.", payer: None, resource, accepts, office: None }
}

fn body(challenge: &Challenge<'_>) -> Value {
    write_challenge(challenge, Object::new()).end()
}

fn offers(accepts: &[OwnRequirement]) -> Vec<PaymentRequirements> {
    let read = read_challenge(&body(&challenge("payment_required", accepts))).unwrap();
    read.offers.into_iter().map(|offer| offer.requirements).collect()
}

#[test]
fn the_body_has_every_member_that_the_packages_demand_and_no_null() {
    let accepts = [own(84_532, 10_000)];
    let expected = concat!(
        r#"{"x402Version":1,"error":"X-PAYMENT header is required","accepts":[{"scheme":"exact","network":"base-sepolia","#,
        r#""maxAmountRequired":"10000","resource":"https://cinema.example/films/1","description":"","mimeType":"","#,
        r#""payTo":"0x2222222222222222222222222222222222222222","maxTimeoutSeconds":300,"#,
        r#""asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","extra":{"name":"USDC","version":"2"}}]}"#,
    );
    assert_eq!(body(&challenge("payment_required", &accepts)).to_string(), expected);
}

#[test]
fn a_refused_payment_is_told_in_the_words_of_the_packages_with_its_payer() {
    let accepts = [own(84_532, 10_000)];
    let payer = Some(Address::from_bytes([0x11; 20]));
    let refused = Challenge { payer, ..challenge("invalid_exact_evm_signature", &accepts) };
    let body = body(&refused);
    assert_eq!(body.get("error").and_then(Value::as_str), Some("invalid_exact_evm_payload_signature"));
    assert_eq!(body.get("payer").and_then(Value::as_str), Some("0x1111111111111111111111111111111111111111"));
}

/// One name that they do not know spoils the whole 402 for them.
#[test]
fn networks_that_the_packages_do_not_know_are_not_offered() {
    let (base, ethereum, optimism) = (own(8453, 1), own(1, 2), own(10, 3));
    let all = [ethereum.clone(), base.clone(), optimism.clone()];
    assert_eq!(offers(&all), [base.requirements]);
    assert_eq!(body(&challenge("payment_required", &[ethereum, optimism])), Object::new().end());
}

/// A payment names only its network, so only one asset of each can be meant.
#[test]
fn s14_one_way_to_pay_on_each_network_is_offered() {
    let (first, second, elsewhere) = (own(84_532, 1), own(84_532, 2), own(8453, 3));
    let all = [first.clone(), second, elsewhere.clone()];
    assert_eq!(offers(&all), [first.requirements, elsewhere.requirements]);
}

#[test]
fn an_office_that_sells_for_something_else_does_not_hide_the_offers_of_version_1() {
    let office = OfficeOffer { endpoint: "/token".into(), scope: None, ttl: None };
    let read = |accepts: &[OwnRequirement]| {
        let challenge = Challenge { office: Some(&office), ..challenge("payment_required", accepts) };
        let body = mock::write_challenge(&challenge, write_challenge(&challenge, Object::new())).end().to_string();
        read_challenge_body(&body, &AssetTable::default()).unwrap().dialect
    };
    assert_eq!(read(&[own(84_532, 10_000)]), Dialect::Mock);
    // x402-mock's client would sign another kind of permit for this asset.
    let mut dollar = own(84_532, 10_000);
    dollar.asset.symbol = "USDD".into();
    assert_eq!(read(&[dollar]), Dialect::V1);
    assert_eq!(read(&[]), Dialect::Mock);
}

fn payment(authorization: TransferAuthorization, network: &str) -> SignedPayment {
    let digest = crate::eip712::Digest::from_bytes([7; 32]);
    let signature = SecretKey::from_bytes(&mut [1; 32]).unwrap().sign(&digest);
    let echo = Object::new().text("network", network).end();
    let offer = Offer { requirements: own(84_532, 1).requirements, echo: Some(echo) };
    SignedPayment { offer, authorization: authorization.into(), signature }
}

prop_compose! {
    fn authorizations()(
        from: [u8; 20], to: [u8; 20], value: [u8; 32], valid_after: u64, valid_before: u64, nonce: [u8; 32],
    ) -> TransferAuthorization {
        let (from, to) = (Address::from_bytes(from), Address::from_bytes(to));
        TransferAuthorization { from, to, value: Amount::from_be_bytes(value), valid_after, valid_before, nonce }
    }
}

proptest! {
    #[test]
    fn s10_a_payment_is_read_as_it_was_written(
        authorization in authorizations(),
        name in prop::sample::select(alloc::vec!["base-sepolia", "ethereum", "celo"]),
    ) {
        let document = write_payment(&payment(authorization, name));
        let header = to_header(&document);
        prop_assert!(bytes_from_base64(&header).unwrap().is_ascii());
        let read = read_payment_header(&header).unwrap();
        prop_assert_eq!(read.terms.network, Network::from_v1_name(name).unwrap());
        prop_assert_eq!((read.dialect, read.terms.asset, read.authorization), (Dialect::V1, None, authorization.into()));
        prop_assert_eq!(read_office_body(&document.to_string()), (Dialect::V1, Ok(read)));
    }

    /// Whatever is in a description, the header or body is ASCII: `atob` of these peers knows no UTF-8.
    #[test]
    fn s12_a_body_is_ascii_and_read_as_it_was_written(description: String, mime_type: String, amount: u64) {
        let accepts = [own(84_532, amount)];
        let resource = Resource { url: URL, description: Some(&description), mime_type: Some(&mime_type) };
        let text = body(&Challenge { resource, ..challenge("payment_required", &accepts) }).to_string();
        prop_assert!(text.is_ascii());
        let read = read_challenge_body(&text, &AssetTable::default()).unwrap();
        prop_assert_eq!((read.dialect, read.error.as_deref()), (Dialect::V1, Some("X-PAYMENT header is required")));
        let [offer] = read.offers.as_slice() else { panic!("{:?}", read.offers) };
        prop_assert_eq!(&offer.requirements, &accepts[0].requirements);
        let echo = offer.echo.as_ref().unwrap();
        prop_assert_eq!(echo.get("description").and_then(Value::as_str), Some(&*description));
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written(payer: [u8; 20], hash: [u8; 32], cashed: bool) {
        let ticket = IssuedTicket { text: "t".into(), scope: None, expires_at: 1, id: None };
        let receipt = Receipt {
            payer: Some(Address::from_bytes(payer)),
            network: Some(on(84_532)),
            transaction: cashed.then_some(hash),
            amount: None,
            ticket: Some(ticket),
            signed: None,
        };
        let header = write_receipt(&receipt);
        prop_assert_eq!(read_receipt(&header), Some(receipt));
        let document = parse(core::str::from_utf8(&bytes_from_base64(&header).unwrap()).unwrap()).unwrap();
        prop_assert_eq!(document.get("network").and_then(Value::as_str), Some("base-sepolia"));
    }
}

#[test]
fn a_payment_of_another_version_or_in_caip2_is_refused() {
    let authorization = TransferAuthorization {
        from: Address::ZERO,
        to: Address::ZERO,
        value: Amount::ZERO,
        valid_after: 0,
        valid_before: 1,
        nonce: [0; 32],
    };
    let written = write_payment(&payment(authorization, "base-sepolia")).to_string();
    let read = |from: &str, to: &str| {
        assert!(written.contains(from), "{from} is not in {written}");
        read_payment(&parse(&written.replacen(from, to, 1)).unwrap()).map(|_| ())
    };
    assert_eq!(read("base-sepolia", "ethereum"), Ok(()));
    assert_eq!(read("\"x402Version\":1", "\"x402Version\":2"), Err(Refusal::Version));
    assert_eq!(read("\"x402Version\":1", "\"x402Version\":\"1\""), Err(Refusal::Version));
    assert_eq!(read("\"exact\"", "\"upto\""), Err(Refusal::Scheme));
    for network in ["eip155:84532", "solana", "Base-Sepolia", "base-sepolia "] {
        assert_eq!(read("base-sepolia", network), Err(Refusal::Shape("network")), "{network}");
    }
}
