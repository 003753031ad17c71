//! The rules check: every security rule is proved by a test that carries its number, or is excused in a list that
//! only shrinks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::fingerprint::files_below;
use crate::repo;

const RULES: &str = "docs/security.md";
const EXCUSES: &str = "tests/rules-without-test.txt";

/// Compares the rules with the names of all tests.
pub fn check() -> Result<()> {
    let rules = fs::read_to_string(repo::path(RULES)).with_context(|| format!("{RULES} is missing"))?;
    let excuses = fs::read_to_string(repo::path(EXCUSES)).unwrap_or_default();
    let mut proved = BTreeMap::new();
    for folder in ["src", "tests", "xtask/src"] {
        for file in files_below(&repo::path(folder))? {
            let is_script =
                file.extension().is_some_and(|end| ["rs", "js", "mjs", "ts", "py"].iter().any(|e| end == *e));
            if is_script {
                let name = file.strip_prefix(repo::root())?.display().to_string();
                for rule in rules_tested(&fs::read_to_string(&file)?) {
                    proved.entry(rule).or_insert_with(|| name.clone());
                }
            }
        }
    }
    let faults = faults(&rules_written(&rules), &proved, &excuses);
    if faults.is_empty() {
        return Ok(());
    }
    bail!("rules and tests disagree:\n{}", faults.join("\n"))
}

fn faults(written: &BTreeSet<u32>, proved: &BTreeMap<u32, String>, excuses: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut pardoned = BTreeSet::new();
    for line in excuses.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (number, reason) = line.split_once(' ').unwrap_or((line, ""));
        let Some(rule) = number.strip_prefix('S').and_then(|number| number.parse().ok()) else {
            faults.push(format!("{EXCUSES}: a line is `S12 reason`, not `{line}`"));
            continue;
        };
        pardoned.insert(rule);
        if reason.trim().is_empty() {
            faults.push(format!("{EXCUSES}: S{rule} has no reason"));
        }
        if !written.contains(&rule) {
            faults.push(format!("{EXCUSES}: there is no rule S{rule}"));
        }
        if let Some(file) = proved.get(&rule) {
            faults.push(format!("{EXCUSES}: S{rule} has a test now ({file}), so its line goes: the list shrinks"));
        }
    }
    for (rule, file) in proved.iter().filter(|(rule, _)| !written.contains(rule)) {
        faults.push(format!("{file}: a test names S{rule}, and {RULES} has no such rule"));
    }
    for rule in written.iter().filter(|rule| !proved.contains_key(rule) && !pardoned.contains(rule)) {
        faults.push(format!("S{rule} is named by no test and not in {EXCUSES}"));
    }
    faults
}

/// `**S12 — One canonical form.** …`
fn rules_written(text: &str) -> BTreeSet<u32> {
    let headings = text.lines().filter_map(|line| line.strip_prefix("**S")?.split_once(" — "));
    headings.filter_map(|(number, _)| number.parse().ok()).collect()
}

/// `fn s12_…`, `test("s12 …`, `it('s12_…`; a name may begin with several rules: `s03_s04_…`.
fn rules_tested(text: &str) -> BTreeSet<u32> {
    let mut rules = BTreeSet::new();
    for opening in ["fn ", "def test_", "test(", "it("] {
        for (at, _) in text.match_indices(opening) {
            let rest = text.get(at + opening.len()..).unwrap_or_default().trim_start();
            let name = rest.strip_prefix(['"', '\'', '`']).unwrap_or(rest);
            rules.extend(leading_rules(name));
        }
    }
    rules
}

fn leading_rules(mut name: &str) -> Vec<u32> {
    let mut rules = Vec::new();
    while let Some(rest) = name.strip_prefix('s') {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = rest.split_at(digits);
        let Some(next) = rest.strip_prefix(['_', ' ']) else { break };
        let Ok(rule) = number.parse() else { break };
        rules.push(rule);
        name = next;
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Rules\n**S3 — Low s.** Text.\n**S12 — One form.**\n- **S4 — not a heading**\n";

    fn faults_of(tests: &str, excuses: &str) -> Vec<String> {
        let proved = rules_tested(tests).into_iter().map(|rule| (rule, "t.rs".to_owned())).collect();
        faults(&rules_written(TEXT), &proved, excuses)
    }

    #[test]
    fn names_in_every_language_count() {
        let rust = ["fn s0", "3_s04_x() {}"].concat();
        assert_eq!(rules_tested(&rust), [3, 4].into());
        let script = ["await t.test(\"s1", "2 x\"); it('s1", "3_x'); it(`s1", "4 x`)"].concat();
        assert_eq!(rules_tested(&script), [12, 13, 14].into());
        assert_eq!(rules_tested("fn s256() {} fn sum_1() {} test(\"some\")"), [].into());
    }

    #[test]
    fn a_rule_is_proved_or_excused() {
        let one = ["fn s", "03_x()"].concat();
        assert_eq!(faults_of(&one, "S12 comes with the next dialect\n"), [""; 0]);
        assert_eq!(faults_of(&one, ""), [format!("S12 is named by no test and not in {EXCUSES}")]);
    }

    #[test]
    fn an_excuse_needs_a_reason_a_rule_and_no_test() {
        let both = ["fn s", "03_s", "12_x()"].concat();
        assert!(faults_of(&both, "S12 later")[0].contains("the list shrinks"));
        assert!(faults_of(&both, "S99 later")[0].contains("there is no rule S99"));
        assert!(faults_of("", "S3\nS12 later")[0].contains("no reason"));
        assert!(faults_of("", "S3 later\nS12 later\nso what")[0].contains("`S12 reason`"));
    }

    #[test]
    fn a_test_of_an_unknown_rule_is_a_typing_mistake() {
        let tests = ["fn s", "03_s", "12_s", "77_x()"].concat();
        assert_eq!(faults_of(&tests, ""), [format!("t.rs: a test names S77, and {RULES} has no such rule")]);
    }
}
