//! The documents say what the code does.
#![cfg(not(target_arch = "wasm32"))]

use x402_wasm::dialect::words::{TABLE, v1_word, v2_word};
use x402_wasm::extension::sign_in::SignInError;
use x402_wasm::gate::GateError;
use x402_wasm::ledger::{LIFE, State};
use x402_wasm::protocol::Refusal;
use x402_wasm::settle::Finding;
use x402_wasm::ticket::TicketError;

const README: &str = include_str!("../README.md");
const SECURITY: &str = include_str!("../SECURITY.md");
const WIRE: &str = include_str!("../docs/wire.md");
const LEDGER: &str = include_str!("../docs/ledger.md");

const TABLE_HEAD: &str = "| code | status | `error` in v2 | `error` in v1 | message |";
const WORDS_HEAD: &str = "| code | other words for it |";

/// From outside every bad ticket is a 402 (S28).
const TICKET_STATUS: u16 = 402;

fn row(code: &str, status: u16, message: &impl ToString) -> String {
    let [newer, older] = [v2_word(code), v1_word(code)].map(|word| if word == code { "=".into() } else { tick(word) });
    format!("| `{code}` | {status} | {newer} | {older} | {} |", message.to_string())
}

fn tick(word: &str) -> String {
    format!("`{word}`")
}

fn table_of_codes() -> Vec<String> {
    let head = [TABLE_HEAD, "|---|---|---|---|---|"].map(String::from).into_iter();
    let tickets = TicketError::ALL.iter().map(|error| row(error.code(), TICKET_STATUS, error));
    let refusals = Refusal::ALL.iter().map(|refusal| row(refusal.code(), refusal.status(), refusal));
    let gate = GateError::ALL.iter().map(|error| row(error.code(), error.status(), error));
    let sign_ins = SignInError::ALL.iter().map(|error| row(error.code(), TICKET_STATUS, error));
    head.chain(tickets).chain(refusals).chain(gate).chain(sign_ins).collect()
}

#[test]
fn s22_the_wire_document_lists_exactly_the_codes_that_there_are() {
    compare(TABLE_HEAD, &table_of_codes());
}

/// What the payer takes a word for; of rows that share one the first counts.
#[test]
fn the_wire_document_lists_every_word_that_means_one_of_our_codes() {
    let mut table = vec![WORDS_HEAD.to_owned(), "|---|---|".to_owned()];
    let mut told: Vec<&str> = Vec::new();
    for row in TABLE.lines() {
        let mut words: Vec<&str> = row.split('|').collect();
        let code = words.remove(0);
        words.retain(|word| *word != code && !told.contains(word));
        words.sort_unstable();
        words.dedup();
        told.push(code);
        told.extend(&words);
        if !words.is_empty() {
            table.push(format!("| `{code}` | {} |", words.into_iter().map(tick).collect::<Vec<_>>().join(", ")));
        }
    }
    compare(WORDS_HEAD, &table);
}

fn compare(head: &str, table: &[String]) {
    let from_table = WIRE.lines().skip_while(|line| *line != head);
    let written: Vec<&str> = from_table.take_while(|line| line.starts_with('|')).collect();
    assert!(written == table, "docs/wire.md and the code differ. The table is:\n\n{}\n", table.join("\n"));
}

#[test]
fn s78_the_readme_and_the_security_policy_say_what_is_not_protected() {
    for (name, text) in [("README.md", README), ("SECURITY.md", SECURITY)] {
        for unprotected in ["cross-site scripting", "extension", "compromised host", "timing"] {
            assert!(text.to_lowercase().contains(unprotected), "{name} does not mention: {unprotected}");
        }
        assert!(text.contains("(docs/security.md)"), "{name} does not link to docs/security.md");
    }
}

/// The document's table that begins with this row is this one.
fn assert_table(document: &str, name: &str, head: &str, rows: impl Iterator<Item = String>) {
    let rule = format!("|{}", "---|".repeat(head.matches('|').count().saturating_sub(1)));
    let table: Vec<String> = [head.to_owned(), rule].into_iter().chain(rows).collect();
    let written: Vec<&str> =
        document.lines().skip_while(|line| *line != head).take_while(|line| line.starts_with('|')).collect();
    assert!(written == table, "{name} has another table than the code. It is:\n\n{}\n", table.join("\n"));
}

#[test]
fn s40_the_ledger_document_lists_exactly_the_moves_that_there_are() {
    let name = |state: Option<State>| state.map_or("no record", State::name);
    let rows = LIFE.iter().map(|row| format!("| {} | {} | {} |", name(row.from), name(row.to), row.guard));
    assert_table(LEDGER, "docs/ledger.md", "| from | to | what has to be so |", rows);
}

#[test]
fn s28_the_ledger_document_lists_exactly_the_findings_that_there_are() {
    let rows = Finding::ALL.iter().map(|finding| format!("| `{}` | {finding} |", finding.code()));
    assert_table(LEDGER, "docs/ledger.md", "| finding | meaning |", rows);
}
