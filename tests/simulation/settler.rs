//! The settler's steps: the relayer that ships, in rounds through what is due, and what it is told to do.

use crate::judge;
use crate::wire::{Deed, decode, is_signed};
use crate::world::{Fault, Sabotage, World};
use x402_wasm::encoding::{hex, vec_from_hex};
use x402_wasm::ledger::{Entry, LedgerOp, LedgerOutcome, Link, State, Stored};
use x402_wasm::settle::{Finding, Round, RoundStep, SettleOutcome, set_aside};

impl World<'_> {
    /// One step of the settler: there is one.
    pub(crate) fn settle(&mut self, fault: Fault) {
        let now = self.now(0);
        let Some(step) = self.cashing.take() else { return self.take_due(fault) };
        let (outcome, then): (SettleOutcome, Round) = match step {
            RoundStep::Http { request, then } => (SettleOutcome::Http(self.send(&request, fault)), then),
            RoundStep::Ledger { op, then, .. } => (SettleOutcome::Ledger(self.write(op, fault)), then),
            RoundStep::Done(_) => return,
        };
        let step = then.resume(&self.relayer, outcome, now);
        self.keep(step);
    }

    fn write(&mut self, op: LedgerOp, fault: Fault) -> LedgerOutcome {
        let entry = if let LedgerOp::Write { entry, .. } = &op { Some(entry.clone()) } else { None };
        if let (Sabotage::SendsBeforeWriting, Some(entry)) = (self.sabotage, &entry) {
            self.send_too_early(entry);
        }
        let op = if self.sabotage == Sabotage::BelievesTheReceiptOfMany { self.closed_by_receipt(op) } else { op };
        let outcome = self.store_op(op, fault);
        let is_shared = || {
            let transaction = entry.as_ref().and_then(Entry::transaction);
            transaction.is_some_and(|own| !own.raw.is_empty() && !is_signed(&own.raw))
        };
        match (self.sabotage, &outcome) {
            (Sabotage::BelievesTheStoreWrote, LedgerOutcome::Unreachable) => LedgerOutcome::Written(u64::MAX),
            (Sabotage::BelievesAllOfThemAreWritten, LedgerOutcome::Unreachable | LedgerOutcome::Moved)
                if is_shared() =>
            {
                LedgerOutcome::Written(u64::MAX)
            }
            _ => outcome,
        }
    }

    /// What is due: what nobody cashes is put aside one by one, and the rest goes into a round.
    fn take_due(&mut self, fault: Fault) {
        let now = self.now(0);
        if self.aside.is_empty() && self.due.is_empty() {
            for (record, version) in self.store.due(now) {
                match Entry::from_record(&record) {
                    Ok(_) if self.policy.settles => self.due.push(self.seen(&record, version)),
                    _ => self.aside.push((record, version)),
                }
            }
        }
        if let Some((record, version)) = self.aside.pop() {
            self.put_aside(&record, version, fault);
        } else if !self.due.is_empty() {
            let mut records = std::mem::take(&mut self.due);
            self.add_waiting(&mut records, now);
            let step = Round::begin(&self.relayer, records, now);
            self.keep(step);
        }
    }

    fn put_aside(&mut self, record: &str, version: u64, fault: Fault) {
        let op = match (Entry::from_record(record), Link::from_record(record)) {
            (Ok(entry), _) => set_aside(Stored { entry, version }, self.now(0)).0,
            (Err(_), Ok(link)) => {
                self.tally.deed("links forgotten");
                LedgerOp::Remove { key: link.key, expected: version }
            }
            (Err(_), Err(error)) => panic!("{error}"),
        };
        self.store_op(op, fault);
    }

    /// Those that wait for others, and are not due before.
    fn add_waiting(&self, records: &mut Vec<Stored>, now: u64) {
        let age = self.batching.age();
        if age == 0 || !self.policy.settles {
            return;
        }
        for (record, version) in self.store.due(now + age) {
            let Ok(entry) = Entry::from_record(&record) else { continue };
            if records.iter().all(|own| own.entry.key() != entry.key()) {
                records.push(self.seen(&record, version));
            }
        }
    }

    /// A record as the settler reads it.
    fn seen(&self, record: &str, version: u64) -> Stored {
        let mut text = record.to_owned();
        if self.sabotage == Sabotage::ForgetsWhatItSent
            && record.contains(r#""grant""#)
            && let Some(start) = record.find(r#","transaction":{"#)
        {
            let end = start + record[start..].find('}').unwrap() + 1;
            text.replace_range(start..end, "");
            text = text.replace(r#""state":"settling""#, r#""state":"granted""#);
        }
        let entry = Entry::from_record(&text).or_else(|_| Entry::from_record(record)).unwrap();
        Stored { entry, version }
    }

    fn keep(&mut self, mut step: RoundStep) {
        let found = match &mut step {
            RoundStep::Http { then, .. } | RoundStep::Ledger { then, .. } => then.take_found(),
            RoundStep::Done(found) => std::mem::take(found),
        };
        for (_, finding) in found {
            self.found(finding);
        }
        if let RoundStep::Http { request, .. } = &step {
            self.is_written(request.body.as_deref().unwrap());
            self.is_handed_over(request);
        }
        self.cashing = (!matches!(step, RoundStep::Done(_))).then_some(step);
    }

    fn found(&mut self, finding: Finding) {
        self.say(|| format!("    the settler: {}", finding.code()));
        self.tally.deed(finding.code());
    }

    /// Whether what is about to be sent stands in the store, in the record of each payment that it cashes.
    fn is_written(&mut self, body: &str) {
        for raw in body.split(r#""eth_sendRawTransaction","params":[""#).skip(1) {
            let raw = raw.split('"').next().unwrap();
            let sent = decode(self.scene, &vec_from_hex(raw).unwrap(), false);
            let is_shared = matches!(sent.deed, Deed::CashMany(_));
            for payment in sent.payments() {
                let own = self.store.entry(self.scene.payments[payment].key).and_then(Entry::transaction);
                let is_written = own.is_some_and(|own| own.hash == sent.hash && (is_shared || hex(&own.raw) == raw));
                self.judge.demand(judge::HASH_FIRST, is_written, || "it is about to be sent".to_owned());
            }
            self.tally.deed("transactions sent");
            if is_shared {
                self.tally.deed("transactions of many sent");
            }
            if is_shared && self.judge.replaces_another(&sent) {
                self.tally.deed("transactions of many that replace another");
            }
            self.judge.sent(self.scene, &self.chain, sent);
        }
    }

    fn send_too_early(&mut self, entry: &Entry) {
        // What a facilitator sent is not sent from here.
        let Some(transaction) = entry.transaction().filter(|own| !own.raw.is_empty() && is_signed(&own.raw)) else {
            return;
        };
        let raw = hex(&transaction.raw);
        let body = format!(r#"[{{"jsonrpc":"2.0","id":0,"method":"eth_sendRawTransaction","params":["{raw}"]}}]"#);
        self.is_written(&body);
        self.post(&body, Fault::None).ok();
    }

    /// A transaction of many has succeeded, so each of them is taken for paid.
    fn closed_by_receipt(&self, op: LedgerOp) -> LedgerOp {
        let LedgerOp::Write { entry, expected } = op else { return op };
        let own = entry.transaction().filter(|own| !own.raw.is_empty() && !is_signed(&own.raw)).cloned();
        let succeeded = |hash: &[u8; 32]| {
            let mut final_ones = self.chain.mined().filter(|(number, _)| *number <= self.chain.last_final);
            final_ones.any(|(_, mined)| mined.succeeded && mined.hash == *hash)
        };
        let is_open = matches!(entry.state(), State::Settling | State::Unknown);
        match own.filter(|own| is_open && succeeded(&own.hash)) {
            Some(own) => LedgerOp::Write { entry: entry.clone().settled(own, self.now(0)).unwrap_or(entry), expected },
            None => LedgerOp::Write { entry, expected },
        }
    }
}
