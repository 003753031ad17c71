//! A gate and its relayer that have a facilitator: what they make of its answers.

use super::at_gate::{NOW, Request, gate, payment, told};
use super::payments::of_version_2;
use x402_wasm::asset::AssetTable;
use x402_wasm::dialect::v2;
use x402_wasm::encoding::base64;
use x402_wasm::gate::{Effect, Outcome, Step};
use x402_wasm::http::{HttpAnswer, HttpFault, HttpRequest};
use x402_wasm::json::parse;
use x402_wasm::ledger::{Claim, Entry, Grant, LedgerOp, LedgerOutcome, Stored};
use x402_wasm::protocol::{IssuedTicket, Method, OwnRequirement};
use x402_wasm::settle::{FacilitatorClient, Relayer, SettleOutcome, SettleStep};
use x402_wasm::verify::verify;

/// What a shell hands on of an answer to this request.
fn arrives(request: &HttpRequest, body: &str) -> Result<HttpAnswer, HttpFault> {
    if body.len() > request.max_bytes {
        return Err(HttpFault::TooLarge);
    }
    Ok(HttpAnswer { status: 200, body: body.to_owned(), retry_after: None })
}

/// A payment on this path, at a gate whose facilitator answers with this before anything is claimed.
pub(super) fn before_serving(options: &str, (path, method): (&str, Method), answer: &str) -> String {
    let gate = gate(options);
    let header = Some(("payment-signature", base64(of_version_2(method).to_string().as_bytes())));
    let url = format!("https://cinema.example{path}");
    let Step::Need(Effect::Ledger(LedgerOp::Read(_)), flow) =
        gate.begin(&Request { method: "GET", url: &url, header }, NOW)
    else {
        panic!("it does not look whether the payment was taken before")
    };
    let Step::Need(Effect::Http(request), flow) = flow.resume(&gate, Outcome::Ledger(LedgerOutcome::Found(None)), NOW)
    else {
        panic!("it does not ask its facilitator")
    };
    told(flow.resume(&gate, Outcome::Http(arrives(&request, answer)), NOW))
}

/// A check that a facilitator is asked to settle, where nobody looks at the chain: the finding.
pub(super) fn settling(answer: &str) -> String {
    let (facilitator, config) = FacilitatorClient::from_value(&parse(r#"{"url": "http://settler"}"#).unwrap()).unwrap();
    let relayer = Relayer::through(facilitator, config);
    let mut step = relayer.begin(Stored { entry: granted(), version: 1 }, NOW);
    loop {
        step = match step {
            SettleStep::Ledger { op: LedgerOp::Write { expected, .. }, then } => {
                let written = LedgerOutcome::Written(expected.saturating_add(1));
                relayer.resume(then, SettleOutcome::Ledger(written), NOW)
            }
            SettleStep::Http { request, then } => {
                relayer.resume(then, SettleOutcome::Http(arrives(&request, answer)), NOW)
            }
            SettleStep::Done(finding) => return finding.code().to_owned(),
            other @ SettleStep::Ledger { .. } => panic!("{other:?}"),
        }
    }
}

fn granted() -> Entry {
    let requirements = payment(Method::Eip3009).offer.requirements;
    let asset = AssetTable::default().default_for(requirements.network).unwrap();
    let received = v2::read_payment(&of_version_2(Method::Eip3009)).unwrap();
    let verified = verify(&received, &[OwnRequirement { requirements, asset }], NOW, 600).unwrap();
    let claim = Claim { at: NOW, lease_until: NOW };
    let ticket = IssuedTicket { text: "t".into(), scope: None, expires_at: NOW, id: None };
    let entry = Entry::claimed(&verified, "https://cinema.example", "matinee", claim).for_facilitator("{}".into());
    entry.granted(Grant { at: NOW, ticket }, Some(NOW)).unwrap()
}
