//! Payers that lost their ticket and sign in instead: proofs, and what they open.

use crate::judge;
use crate::scene::{NONCES, PAYERS, SCOPES, START, payer_key};
use crate::visit::{Guest, Head};
use crate::world::World;
use x402_wasm::dialect::v2;
use x402_wasm::extension::sign_in::Statement;
use x402_wasm::gate::{Gate, Step};
use x402_wasm::ledger::State;

/// A signed answer to an invitation; good for once.
pub(crate) struct Proof {
    pub(crate) payer: usize,
    pub(crate) scope: usize,
    header: String,
}

/// The place of one of two proofs of a payer for a scope.
pub(crate) const fn proof_of(payer: usize, scope: usize, copy: usize) -> usize {
    (copy * SCOPES.len() + scope) * PAYERS + payer
}

/// Two proofs of each payer for each scope.
pub(crate) fn proofs(gate: &Gate) -> Vec<Proof> {
    let mut proofs = vec![];
    for place in 0..2 * PAYERS * SCOPES.len() {
        let (payer, scope) = (place % PAYERS, place / PAYERS % SCOPES.len());
        let Step::Respond(response) = gate.begin(&Head::stranger(SCOPES[scope]), START) else { panic!("no challenge") };
        let (_, challenge) = response.headers.iter().find(|(name, _)| *name == v2::CHALLENGE_HEADER).unwrap();
        let extensions = v2::read_challenge(challenge).unwrap().extensions.unwrap();
        let statement = Statement::invited(&extensions, "https://cinema.example").unwrap();
        let key = payer_key(payer);
        let signature = key.sign(&statement.digest(key.address()));
        proofs.push(Proof { payer, scope, header: statement.to_header(key.address(), &signature) });
    }
    proofs
}

/// Two clocks differ by so many seconds at most.
const CLOCKS: u64 = 40;

impl World<'_> {
    pub(crate) fn sign_in(&mut self, proof: usize, instance: usize) {
        let Proof { payer, scope, header } = &self.scene.proofs[proof];
        let step = self.gate.begin(&Head::with_proof(SCOPES[*scope], header), self.now(instance));
        self.tally.deed("proofs shown");
        let guest = Guest { instance, payment: payer * NONCES, scope: *scope, proof: Some(proof), ..Guest::now(self) };
        self.go_on(guest, step);
    }

    /// A sign-in that came at `since` opened the gate with this ticket: one of its payer's, for this scope, whose check had
    /// not failed by then.
    pub(crate) fn signed_in(&mut self, proof: usize, since: u64, text: &str) {
        self.tally.deed("signed in");
        let Proof { payer, scope, .. } = self.scene.proofs[proof];
        let account = self.scene.payer(payer);
        let is_theirs = self.store.rows.values().any(|row| {
            let entry = &row.entry;
            entry.authorization().payer() == account
                && entry.scope() == SCOPES[scope]
                && entry.closed().is_none_or(|(at, _)| entry.state() != State::Failed || at + CLOCKS >= START + since)
                && entry.grant().is_some_and(|grant| grant.ticket.text == text)
        });
        self.judge.demand(judge::STORED, is_theirs, || "a sign-in opened what its account did not buy".to_owned());
        let is_new = self.judge.proofs.insert(proof);
        self.judge.demand(judge::ONE_PROOF, is_new, || format!("proof {proof} again"));
    }
}
