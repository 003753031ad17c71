//! A payer that reads challenges, receipts and answers of offices: what it does next, in a few words.

use x402_wasm::amount::Amount;
use x402_wasm::dialect::MAX_CHALLENGE_BYTES;
use x402_wasm::encoding::base64;
use x402_wasm::json::{Value, parse};
use x402_wasm::payer::{Flow, Outcome, Payer, RequestHead, ResponseHead, Send, Step};
use x402_wasm::signature::SecretKey;

const NOW: u64 = 1_700_000_000;
const FILM: &str = "https://cinema.example/films/1";

/// It posts a payment to an office.
pub(super) const BUYS: &str = "buys";
/// It pays on the resource.
pub(super) const PAYS: &str = "pays";
/// It hands the 402 to its owner as it is.
pub(super) const UNTOUCHED: &str = "untouched";
/// It got what it paid for, and nothing more.
pub(super) const SERVED: &str = "served";
/// It holds a ticket.
pub(super) const TICKET: &str = "ticket";
/// It will ask again with the same payment.
pub(super) const LATER: &str = "later";

/// A request under way.
struct Visit {
    payer: Payer,
    flow: Flow,
    step: Step,
    key: SecretKey,
}

impl Visit {
    fn begin() -> Self {
        let options = parse(r#"{"networks":["eip155:84532"],"permit2":true}"#).unwrap();
        let key = SecretKey::from_bytes(&mut [0x46; 32]).unwrap();
        let payer = Payer::open(&options, key.address(), None).unwrap();
        let (method, url) = ("GET".to_owned(), FILM.to_owned());
        let head = RequestHead { method, url, authorized: false, paid: false, replayable: true, most: Amount::MAX };
        let (flow, step) = Flow::begin(&payer, head, NOW);
        Self { payer, flow, step, key }
    }

    /// Goes on to the next request that it sends, to its end, or to where it waits.
    fn meets(&mut self, response: ResponseHead) {
        let mut outcome = Outcome::Response(Box::new(response));
        loop {
            self.step = self.flow.resume(&mut self.payer, outcome, NOW);
            outcome = match &self.step {
                Step::Lock(_) | Step::Unlock(_) | Step::Save | Step::Allow(_) => Outcome::Ready,
                Step::Random => Outcome::Nonce([0x11; 32]),
                Step::Sign(_) => self.flow.sign_with(&self.key, self.key.address()),
                _ => return,
            };
        }
    }

    fn told(&self) -> String {
        match &self.step {
            Step::Send(Send::Office { .. }) => BUYS.to_owned(),
            Step::Send(Send::Payment { .. }) => PAYS.to_owned(),
            Step::Sleep(_) => LATER.to_owned(),
            Step::Fail { error, .. } => error.code().to_owned(),
            Step::Done if self.payer.tickets(NOW) == Value::Array(Vec::new()) => SERVED.to_owned(),
            Step::Done | Step::Send(Send::Ticket { .. }) => TICKET.to_owned(),
            step => panic!("{step:?}"),
        }
    }
}

fn response(status: u16) -> ResponseHead {
    ResponseHead { status, url: FILM.to_owned(), ..ResponseHead::default() }
}

/// A body as a shell hands it on.
fn body(text: &str) -> Option<String> {
    (text.len() <= MAX_CHALLENGE_BYTES).then(|| text.to_owned())
}

fn challenged(response: ResponseHead) -> String {
    let mut visit = Visit::begin();
    visit.meets(response);
    if visit.step == Step::Done { UNTOUCHED.to_owned() } else { visit.told() }
}

/// A 402 with this in `PAYMENT-REQUIRED`.
pub(super) fn challenged_in_header(document: &str) -> String {
    challenged(ResponseHead { challenge: Some(base64(document.as_bytes())), body: body("{}"), ..response(402) })
}

/// A 402 with this for its body.
pub(super) fn challenged_in_body(document: &str) -> String {
    challenged(ResponseHead { body: body(document), ..response(402) })
}

fn answered(challenge: &str, answer: ResponseHead) -> String {
    let mut visit = Visit::begin();
    visit.meets(ResponseHead { body: body(challenge), ..response(402) });
    assert!(matches!(visit.step, Step::Send(Send::Payment { .. } | Send::Office { .. })), "{:?}", visit.step);
    visit.meets(answer);
    visit.told()
}

/// Paid on the resource, and answered with this in the header for receipts.
pub(super) fn receipted(challenge: &str, status: u16, receipt: &str) -> String {
    let body = (status == 402).then(|| "{}".to_owned());
    answered(challenge, ResponseHead { receipt: Some(base64(receipt.as_bytes())), body, ..response(status) })
}

/// Posted to an office, and answered with this.
pub(super) fn sold(challenge: &str, status: u16, answer: &str) -> String {
    answered(challenge, ResponseHead { body: body(answer), ..response(status) })
}
