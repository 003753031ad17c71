//! What a module takes from its host and gives to it, compared with a committed list (S72): a feature switch can add
//! an import unnoticed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};
use wasmparser::{Parser, Payload};

use crate::repo;
use crate::wasm::Door;

const HEAD: &str = "# The imports and exports of the module. Renewed by `cargo xtask build --accept-surface` only.\n";

/// Fails when a door's surface is not the committed one.
pub fn check(door: &Door) -> Result<()> {
    let surface = surface(&fs::read(door.module())?, &format!("./{}_bg.js", door.glue))?;
    let committed = fs::read_to_string(list(door)).unwrap_or_default();
    if surface != committed {
        let listed = |text: &str, line: &str| text.lines().any(|other| other == line);
        let added =
            surface.lines().skip(1).filter(|line| !listed(&committed, line)).map(|line| format!("  + {line}\n"));
        let removed = committed.lines().filter(|line| !listed(&surface, line)).map(|line| format!("  - {line}\n"));
        bail!(
            "the {} module has other imports or exports than xtask/surface/{}.txt:\n{}if that is meant, run \
             `cargo xtask build --accept-surface` and commit the list",
            door.name,
            door.name,
            added.chain(removed).collect::<String>()
        );
    }
    Ok(())
}

/// Writes the list anew.
pub fn accept(door: &Door) -> Result<()> {
    let surface = surface(&fs::read(door.module())?, &format!("./{}_bg.js", door.glue))?;
    fs::create_dir_all(repo::path("xtask/surface"))?;
    fs::write(list(door), surface)?;
    Ok(())
}

fn list(door: &Door) -> PathBuf {
    repo::path("xtask/surface").join(format!("{}.txt", door.name))
}

fn surface(module: &[u8], glue: &str) -> Result<String> {
    let mut lines = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if import.module != glue {
                        bail!("the module imports {:?} from {:?}, which no host has (S72)", import.name, import.module);
                    }
                    lines.push(format!("import {}", without_hash(import.name)));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    lines.push(format!("export {}", export?.name));
                }
            }
            _ => {}
        }
    }
    lines.sort();
    lines.dedup();
    Ok(format!("{HEAD}{}\n", lines.join("\n")))
}

// wasm-bindgen ends a name with a hash that changes with every version of everything.
fn without_hash(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((stem, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Imports "env" "now" (a function) and exports it as "f".
    const WITH_ENV: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0b\x01\x03env\x03now\0\0\x07\x05\x01\x01f\0\0";

    #[test]
    fn s72_an_env_import_is_refused() {
        let refusal = surface(WITH_ENV, "./browser_bg.js").unwrap_err().to_string();
        assert!(refusal.contains("\"now\" from \"env\""), "{refusal}");
    }

    #[test]
    fn s72_the_surface_lists_imports_and_exports() {
        assert_eq!(surface(WITH_ENV, "env").unwrap(), format!("{HEAD}export f\nimport now\n"));
    }

    #[test]
    fn hashes_are_left_out() {
        assert_eq!(without_hash("__wbg_get_0123456789abcdef"), "__wbg_get");
        assert_eq!(without_hash("__wbindgen_malloc"), "__wbindgen_malloc");
    }
}
