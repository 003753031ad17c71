//! What the doors are made of: where none of it changed, none is built anew.

use std::env;
use std::path::Path;

use anyhow::Result;

use crate::command::{program, run};
use crate::fingerprint::Fingerprint;
use crate::{repo, setup};

/// All that the doors are made of.
pub fn all() -> Result<Fingerprint> {
    let rustc = run(program("rustc").arg("-vV"))?;
    let versions = [&*rustc, &setup::npm_version("binaryen")?];
    ingredients(&repo::path(""), Fingerprint::default().words(&versions), env::vars())
}

fn ingredients(
    root: &Path,
    versions: Fingerprint,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Fingerprint> {
    let mut recipe = versions.folder(&root.join("src"))?;
    for file in INGREDIENTS {
        recipe = recipe.file(&root.join(file))?;
    }
    // What replaces a part of a profile for one build.
    for (name, value) in environment.filter(|(name, _)| name.starts_with("CARGO_PROFILE_")) {
        recipe = recipe.words(&[&name, &value]);
    }
    Ok(recipe)
}

/// What a door is made of besides the sources of the crate: how they are compiled, and what is done to it then.
const INGREDIENTS: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "xtask/src/wasm.rs",
    "xtask/src/glue.rs",
    "xtask/src/relink.rs",
    "xtask/src/one_thread.rs",
    "xtask/src/order.rs",
];

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn whatever_a_door_is_made_of_makes_it_anew() {
        let root = repo::path(&format!("target/recipe-{}", std::process::id()));
        let files = INGREDIENTS.into_iter().chain(["src/lib.rs", "src/gate/mod.rs"]);
        for file in files.clone() {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "as it was").unwrap();
        }
        let made = |version: &str, own: Option<(&str, &str)>| {
            let environment = own.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            ingredients(&root, Fingerprint::default().words(&[version]), environment).unwrap().finish()
        };
        let before = made("1", None);

        assert_eq!(made("1", Some(("HOME", "elsewhere"))), before);
        assert_ne!(made("2", None), before);
        assert_ne!(made("1", Some(("CARGO_PROFILE_EDGE_OPT_LEVEL", "3"))), before);
        for file in files {
            fs::write(root.join(file), "otherwise").unwrap();
            assert_ne!(made("1", None), before, "{file}");
            fs::write(root.join(file), "as it was").unwrap();
            assert_eq!(made("1", None), before, "{file}");
        }
        fs::rename(root.join("src/lib.rs"), root.join("src/core.rs")).unwrap();
        assert_ne!(made("1", None), before, "a name counts too");
        fs::remove_dir_all(root).unwrap();
    }
}
