//! A gate that reads payments: what it answers, as the code of its table.

use alloc::borrow::Cow;
use x402_wasm::address::Address;
use x402_wasm::asset::AssetTable;
use x402_wasm::encoding::base64;
use x402_wasm::gate::{BodyFault, Effect, Gate, Outcome, RequestHead, Step};
use x402_wasm::json::{Object, parse};
use x402_wasm::network::Network;
use x402_wasm::protocol::{AssetDomain, Method, Offer, PaymentRequirements, SignedPayment};
use x402_wasm::signature::SecretKey;

pub(super) const NOW: u64 = 1_700_000_000;
const PAYEE: &str = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
/// What a good payment comes to: a claim on its way into the ledger.
pub(super) const TAKEN: &str = "taken";

/// With these options beside its own.
pub(super) fn gate(options: &str) -> Gate {
    let config = format!(
        r#"{{{options}"payTo": "{PAYEE}", "relayer": "{PAYEE}", "network": "eip155:84532",
          "tickets": {{"issuer": "https://cinema.example", "keys": [{{"kid": "a", "secret": "0123456789abcdef0123456789abcdef"}}]}},
          "routes": {{
            "GET /films/:id": {{"accepts": [{{"price": "$0.01"}}, {{"price": "$0.01", "method": "permit2"}}], "ticket": {{"scope": "matinee"}}}},
            "GET /meter": {{"price": "$0.01", "scheme": "upto"}}
          }}}}"#
    );
    Gate::from_config(&parse(&config).unwrap()).unwrap()
}

/// A good payment of a cent by this method.
pub(super) fn payment(method: Method) -> SignedPayment {
    let network = Network::from_caip2("eip155:84532").unwrap();
    let asset = AssetTable::default().default_for(network).unwrap();
    let requirements = PaymentRequirements {
        method,
        network,
        asset: asset.address,
        amount: 10_000.into(),
        pay_to: payee(),
        max_timeout_seconds: 300,
        domain: (method == Method::Eip3009).then(|| AssetDomain::of(&asset)),
    };
    let key = SecretKey::from_bytes(&mut [0x46; 32]).unwrap();
    let authorization = requirements.check(key.address(), [0x11; 32], NOW + 300).unwrap();
    let signature = key.sign(&authorization.digest(&asset));
    let echo = Object::new().text("network", "base-sepolia").end();
    SignedPayment { offer: Offer { requirements, echo: Some(echo) }, authorization, signature }
}

pub(super) fn payee() -> Address {
    Address::from_config(PAYEE).unwrap()
}

pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) header: Option<(&'a str, String)>,
}

impl RequestHead for Request<'_> {
    fn method(&self) -> Cow<'_, str> {
        self.method.into()
    }
    fn url(&self) -> Cow<'_, str> {
        self.url.into()
    }
    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.header.as_ref().filter(|(own, _)| *own == name).map(|(_, value)| value.as_str().into())
    }
}

/// The payment in a header of a request for this path.
pub(super) fn on_resource(path: &str, header: &str, document: &str) -> String {
    let header = Some((header, base64(document.as_bytes())));
    told(gate("").begin(&Request { method: "GET", url: &format!("https://cinema.example{path}"), header }, NOW))
}

/// The payment as the body of a request to the office.
pub(super) fn at_office(document: &str) -> String {
    let (gate, url) = (gate(""), "https://cinema.example/token?scope=matinee");
    let Step::Need(Effect::ReadBody { max_bytes }, flow) =
        gate.begin(&Request { method: "POST", url, header: None }, NOW)
    else {
        panic!("the office wants no body")
    };
    let body = if document.len() > max_bytes { Err(BodyFault::TooLarge) } else { Ok(document.to_owned()) };
    told(flow.resume(&gate, Outcome::Body(body), NOW))
}

pub(super) fn told(step: Step) -> String {
    match step {
        Step::Need(Effect::Ledger(_), _) => TAKEN.to_owned(),
        Step::Respond(response) => {
            assert!((400..503).contains(&response.status), "{}", response.status);
            let body = parse(&response.body).unwrap();
            body.get("code").unwrap().as_str().unwrap().to_owned()
        }
        other => panic!("{other:?}"),
    }
}
