//! The house check: a floor uses only what is below it, and only the doors know the host (DESIGN, section 1).

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::fingerprint::files_below;
use crate::repo;

/// From the ground up. A module that is on no floor has no place in the house yet.
const FLOORS: [&[&str]; 6] = [
    &["spell", "text"],
    &["address", "amount", "asset", "encoding", "http", "json", "keccak", "network", "time", "word"],
    &["eip712", "signature", "seal", "authorization"],
    &["protocol", "dialect", "extension", "ticket", "chain"],
    &["verify", "ledger", "settle", "gate", "facilitator", "payer"],
    &["browser", "edge", "door"],
];

/// Who may use a neighbour on the same floor. Everything else on it is strangers.
const NEIGHBOURS: &[(&str, &[&str])] = &[
    ("address", &["encoding", "keccak"]),
    ("asset", &["address", "amount", "network"]),
    ("json", &["encoding"]),
    ("network", &["encoding"]),
    ("signature", &["eip712"]),
    ("seal", &["signature"]),
    ("word", &["amount"]),
    ("authorization", &["eip712", "signature"]),
    ("dialect", &["protocol", "ticket"]),
    ("ledger", &["verify"]),
    ("settle", &["ledger", "verify"]),
    ("gate", &["verify", "ledger", "settle"]),
    ("facilitator", &["verify", "ledger", "gate"]),
    ("browser", &["door"]),
    ("edge", &["door"]),
];

/// Crates of the host, and `std`: a core without an operating system has neither.
const HOST: [&str; 8] =
    ["wasm_bindgen", "wasm_bindgen_futures", "js_sys", "web_sys", "serde", "serde_wasm_bindgen", "getrandom", "std"];

/// Reads src/ and fails with every line that looks up or out.
pub fn check() -> Result<()> {
    let src = repo::path("src");
    let mut sources = Vec::new();
    for file in files_below(&src)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
        let name = file.strip_prefix(&src)?.to_string_lossy().replace('\\', "/");
        sources.push((name, fs::read_to_string(&file)?));
    }
    let faults: Vec<String> = sources.iter().flat_map(|(name, text)| faults(name, text)).collect();
    if faults.is_empty() {
        return Ok(());
    }
    bail!("the house is not in order:\n{}", faults.join("\n"))
}

fn faults(file: &str, text: &str) -> Vec<String> {
    let path = Path::new(file);
    let module = module_of(path);
    let code = without_comments_and_tests(path, text);
    let mut faults = Vec::new();
    // lib.rs names all floors: it is the map, not a room.
    if module != "lib" {
        let Some(floor) = floor_of(&module) else {
            return vec![format!("{file}: `{module}` is on no floor; give it one in xtask/src/house.rs")];
        };
        for used in modules_used(&code) {
            faults.extend(fault(file, &module, floor, &used));
        }
    }
    if floor_of(&module) != Some(FLOORS.len() - 1) {
        let named = HOST.iter().filter(|name| names_crate(&code, name));
        faults.extend(named.map(|name| format!("{file}: the core names `{name}`, which only a door may know")));
    }
    faults
}

fn fault(file: &str, module: &str, floor: usize, used: &str) -> Option<String> {
    // Not a module: a macro or a re-export at the root of the crate.
    let other = floor_of(used)?;
    let may_use_neighbour = || NEIGHBOURS.iter().any(|(who, whom)| *who == module && whom.contains(&used));
    if used == module || other < floor || other == floor && may_use_neighbour() {
        return None;
    }
    let how = if other > floor { "looks up to" } else { "reaches over to its neighbour" };
    Some(format!("{file}: `{module}` {how} `{used}`"))
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn module_of(file: &Path) -> String {
    let first = file.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    first.unwrap_or_default().trim_end_matches(".rs").to_owned()
}

// Tests live at the end of a file or in a file of their own; they may use whatever is there.
fn without_comments_and_tests(file: &Path, text: &str) -> String {
    if file.file_name().is_some_and(|name| name == "tests.rs") || file.iter().any(|part| part == "tests") {
        return String::new();
    }
    let opens_tests = |(at, mark): &(usize, &str)| {
        let next = text.get(at + mark.len()..).unwrap_or_default().lines().next().unwrap_or_default();
        next.contains("mod ") && next.ends_with('{')
    };
    let end = text.match_indices("#[cfg(test)]\n").find(opens_tests).map_or(text.len(), |(at, _)| at);
    let code = text.get(..end).unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first name after every `crate::`, of `use` lines with groups and of paths in code alike.
fn modules_used(code: &str) -> Vec<String> {
    let mut used: Vec<String> = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let rest = code.get(at + root.len()..).unwrap_or_default().trim_start();
            match rest.strip_prefix('{') {
                Some(group) => used.extend(items_of_group(group)),
                None => used.push(identifier(rest)),
            }
        }
    }
    used.sort();
    used.dedup();
    used
}

fn items_of_group(group: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut items = vec![String::new()];
    for letter in group.chars() {
        match letter {
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '{' => depth += 1,
            ',' if depth == 0 => items.push(String::new()),
            _ if depth == 0 => items.last_mut().into_iter().for_each(|item| item.push(letter)),
            _ => {}
        }
    }
    items.iter().map(|item| identifier(item.trim())).collect()
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

// `std::`, `use serde;`, `#[wasm_bindgen]`: the name as a whole word that begins a path, an attribute or an import.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code.get(..at).unwrap_or_default();
        let after = code.get(at + name.len()..).unwrap_or_default();
        let begins = before.ends_with("use ") || before.ends_with("#[") || !ends_inside_path(before);
        begins
            && (after.starts_with("::") || after.starts_with(']') || before.ends_with("use ") && after.starts_with(';'))
    })
}

fn ends_inside_path(before: &str) -> bool {
    before.chars().last().is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_may_use_what_is_below_it() {
        assert_eq!(faults("signature.rs", "use crate::{address::Address, keccak};"), [""; 0]);
        assert_eq!(faults("authorization/eip3009.rs", "use crate::eip712::Domain;"), [""; 0]);
        assert_eq!(faults("edge.rs", "use wasm_bindgen::prelude::*;\nuse crate::gate::Gate;"), [""; 0]);
    }

    #[test]
    fn looking_up_is_caught() {
        let expected = ["amount.rs: `amount` looks up to `gate`"];
        assert_eq!(faults("amount.rs", "use crate::gate::Gate;"), expected);
        let group = "use crate::{\n    keccak::{self, hash},\n    gate::{Gate, Step},\n};";
        assert_eq!(faults("signature.rs", group), ["signature.rs: `signature` looks up to `gate`"]);
        assert_eq!(faults("amount.rs", "fn f() { crate::gate::open() }"), expected);
        assert_eq!(faults("amount.rs", "use super::gate;"), expected);
    }

    #[test]
    fn an_unlisted_neighbour_is_caught() {
        assert_eq!(
            faults("payer/flow.rs", "use crate::gate::Gate;"),
            ["payer/flow.rs: `payer` reaches over to its neighbour `gate`"]
        );
    }

    #[test]
    fn a_module_without_a_floor_is_caught() {
        assert_eq!(faults("cellar.rs", "")[0].split(';').next(), Some("cellar.rs: `cellar` is on no floor"));
    }

    #[test]
    fn a_core_that_names_the_host_is_caught() {
        for line in
            ["use js_sys::Date;", "use std::time;", "let x = getrandom::fill(b);", "#[wasm_bindgen]", "use serde;"]
        {
            assert_eq!(faults("gate/flow.rs", line).len(), 1, "{line}");
            assert_eq!(faults("lib.rs", line).len(), 1, "{line}");
            assert_eq!(faults("browser.rs", line), [""; 0], "{line}");
        }
    }

    #[test]
    fn words_that_only_look_like_it_are_not() {
        let text = "// use std::fmt\nuse my_std::x;\nuse core::std_like;\n";
        assert_eq!(faults("amount.rs", text), [""; 0]);
    }

    #[test]
    fn only_the_tests_at_the_end_are_free() {
        let tests = "#[cfg(test)]\npub(crate) mod tests {\n    use std::vec;\n    use crate::gate::Gate;\n}";
        assert_eq!(faults("amount.rs", tests), [""; 0]);
        assert_eq!(faults("amount.rs", "#[cfg(test)]\nmod world;\nuse std::vec;").len(), 1);
    }
}
