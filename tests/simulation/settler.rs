//! The settler's steps: the relayer that ships, and what it is told to do.

use crate::judge;
use crate::wire::decode;
use crate::world::{Fault, Sabotage, World};
use x402_wasm::encoding::{hex, vec_from_hex};
use x402_wasm::ledger::{Entry, LedgerOp, LedgerOutcome, Link, Stored};
use x402_wasm::settle::{Cashing, Finding, SettleOutcome, SettleStep, set_aside};

impl World<'_> {
    /// One step of the settler: there is one.
    pub(crate) fn settle(&mut self, fault: Fault) {
        let now = self.now(0);
        let Some(step) = self.cashing.take() else { return self.take_next(fault) };
        let (outcome, then): (SettleOutcome, Cashing) = match step {
            SettleStep::Http { request, then } => (SettleOutcome::Http(self.send(&request, fault)), then),
            SettleStep::Ledger { op, then } => {
                if let (Sabotage::SendsBeforeWriting, LedgerOp::Write { entry, .. }) = (self.sabotage, &op) {
                    self.send_too_early(entry);
                }
                let mut outcome = self.store_op(op, fault);
                if self.sabotage == Sabotage::BelievesTheStoreWrote && outcome == LedgerOutcome::Unreachable {
                    outcome = LedgerOutcome::Written(u64::MAX);
                }
                (SettleOutcome::Ledger(outcome), then)
            }
            SettleStep::Done(_) => return,
        };
        let step = self.relayer.resume(then, outcome, now);
        self.keep(step);
    }

    /// Takes the next record that is due.
    fn take_next(&mut self, fault: Fault) {
        let now = self.now(0);
        if self.batch.is_empty() {
            self.batch = self.store.due(now);
            self.batch.reverse();
        }
        let Some((record, version)) = self.batch.pop() else { return };
        let entry = match (Entry::from_record(&record), Link::from_record(&record)) {
            (Ok(entry), _) => entry,
            (Err(_), Ok(link)) => {
                self.tally.deed("links forgotten");
                self.store_op(LedgerOp::Remove { key: link.key, expected: version }, fault);
                return;
            }
            (Err(_), Err(error)) => panic!("{error}"),
        };
        let stored = Stored { entry, version };
        if !self.policy.settles {
            let (op, _) = set_aside(stored, now);
            self.store_op(op, fault);
            return;
        }
        let step = self.relayer.begin(stored, now);
        self.keep(step);
    }

    fn keep(&mut self, step: SettleStep) {
        if let SettleStep::Http { request, .. } = &step {
            self.is_written(request.body.as_deref().unwrap());
            self.is_handed_over(request);
        }
        match step {
            SettleStep::Done(finding) => self.found(finding),
            step => self.cashing = Some(step),
        }
    }

    fn found(&mut self, finding: Finding) {
        self.say(|| format!("    the settler: {}", finding.code()));
        self.tally.deed(finding.code());
    }

    /// Whether what is about to be sent stands in the store.
    fn is_written(&mut self, body: &str) {
        for raw in body.split(r#""eth_sendRawTransaction","params":[""#).skip(1) {
            let raw = raw.split('"').next().unwrap();
            // One that only takes a place has nothing to be written down.
            if decode(self.scene, &vec_from_hex(raw).unwrap(), false).payment.is_some() {
                let is_it = |entry: &Entry| entry.transaction().is_some_and(|own| hex(&own.raw) == raw);
                let is_written = self.store.rows.values().any(|row| is_it(&row.entry));
                self.judge.demand(judge::HASH_FIRST, is_written, || "it is about to be sent".to_owned());
            }
            self.tally.deed("transactions sent");
        }
    }

    fn send_too_early(&mut self, entry: &Entry) {
        // What a facilitator sent is not sent from here.
        let Some(transaction) = entry.transaction().filter(|transaction| !transaction.raw.is_empty()) else { return };
        let raw = hex(&transaction.raw);
        let body = format!(r#"[{{"jsonrpc":"2.0","id":0,"method":"eth_sendRawTransaction","params":["{raw}"]}}]"#);
        self.is_written(&body);
        self.post(&body, Fault::None).ok();
    }
}
