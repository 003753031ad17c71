//! The glue of gates, where each request goes through it: two things that wasm-bindgen writes for every program, as a gate
//! needs them. Both are looked for in its very spelling, and a build without them fails.

use anyhow::{Context as _, Result, bail};

/// Texts from this length on go in at once. For shorter ones that call costs more than their letters one by one.
const LONG: usize = 64;

/// Where the glue begins to copy a text letter by letter, as far as it is ASCII.
const LETTERS: &str = "    let offset = 0;\n\n    for (; offset < len; offset++) {";

/// An import that may throw: it is called through a function that catches for all of them, with its arguments as a list.
const GUARDED: &str = "function() { return handleError(function (";
const GUARDED_END: &str = "\n        }, arguments); },";
const GUARD: &str = "function handleError(f, args) {
    try {
        return f.apply(this, args);
    } catch (e) {
        const idx = addToExternrefTable0(e);
        wasm.__wbindgen_exn_store(idx);
    }
}";
const KEEPER: &str = "function keepError(e) {
    wasm.__wbindgen_exn_store(addToExternrefTable0(e));
}";

/// The same glue, faster.
pub fn hurried(glue: &str) -> Result<String> {
    catching_in_place(&at_once(glue)?)
}

/// Long texts by one call. It reads all of a text only where that is as many bytes as letters, thus ASCII; any other goes on
/// from its start as wasm-bindgen has it.
fn at_once(glue: &str) -> Result<String> {
    let long = format!(
        "    let offset = 0;
    if (len >= {LONG} && cachedTextEncoder.encodeInto(arg, mem.subarray(ptr, ptr + len)).read === len) offset = len;

    for (; offset < len; offset++) {{"
    );
    replaced(glue, LETTERS, &long)
}

/// Each import catches for itself.
fn catching_in_place(glue: &str) -> Result<String> {
    let glue = replaced(glue, GUARD, KEEPER)?;
    let mut imports = glue.split(GUARDED);
    let mut direct = imports.next().unwrap_or_default().to_owned();
    for import in imports {
        let parts = import.split_once(") {").and_then(|(given, rest)| Some((given, rest.split_once(GUARDED_END)?)));
        let (given, (body, rest)) = parts.context("an import that catches is written in another way")?;
        direct.extend(["function(", given, ") { try {", body, "\n        } catch (e) { keepError(e); } },", rest]);
    }
    if direct.contains("handleError") {
        bail!("the glue catches errors in a way that is not known here");
    }
    Ok(direct)
}

fn replaced(glue: &str, from: &str, to: &str) -> Result<String> {
    match glue.matches(from).count() {
        1 => Ok(glue.replacen(from, to, 1)),
        count => bail!("the glue has this {count} times, not once:\n{from}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glue() -> String {
        let import = |name: &str| format!("{name}: {GUARDED}arg0, arg1) {{\n            work(arg0);{GUARDED_END}\n");
        format!("{}{}other: function(arg0) {{}},\n{GUARD}\n{LETTERS}\n", import("a"), import("b"))
    }

    #[test]
    fn every_import_that_may_throw_catches_for_itself() {
        let written = hurried(&glue()).unwrap();
        let direct =
            "a: function(arg0, arg1) { try {\n            work(arg0);\n        } catch (e) { keepError(e); } },\n";
        assert!(written.starts_with(direct), "{written}");
        assert_eq!(written.matches("keepError(e); }").count(), 2);
        assert!(written.contains("other: function(arg0) {},"));
        assert!(!written.contains("handleError"));
    }

    #[test]
    fn glue_in_another_spelling_is_refused() {
        assert!(hurried(&glue().replace(LETTERS, "")).is_err());
        assert!(hurried(&glue().replace(LETTERS, &LETTERS.repeat(2))).is_err());
        assert!(hurried(&glue().replace(GUARD, "")).is_err());
        assert!(hurried(&glue().replacen(GUARDED_END, "", 2)).is_err());
        assert!(hurried(&glue().replacen("function() { return handleError", "() => handleError", 1)).is_err());
    }
}
