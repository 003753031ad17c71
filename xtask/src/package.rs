//! The npm package: the template, the doors, a version.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{node, npm, run};
use crate::fingerprint::files_below;
use crate::wasm::{DOORS, Door};
use crate::{repo, say};

/// Lays the package anew into pkg/, and makes `x402-wasm` resolve to it for everything in this repository.
pub fn assemble() -> Result<()> {
    let package = repo::path("pkg");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    copy_folder(&repo::path("pkg-template"), &package)?;
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(repo::path(license), package.join(license)).with_context(|| format!("cannot copy {license}"))?;
    }
    let wasm = package.join("dist/wasm");
    fs::create_dir_all(&wasm)?;
    for door in &DOORS {
        if let Some(other) = door.glued_by()
            && fs::read(door.script())? != fs::read(other.script())?
        {
            bail!(
                "the {} build needs other glue than the {} build, and only that is in the package",
                door.name,
                other.name
            );
        }
        for file in door.shipped() {
            let target = wasm.join(file.file_name().context("a door's file has a name")?);
            fs::copy(&file, target)?;
        }
    }
    run(&mut node(repo::path("xtask/node/paywall.mjs")))?;
    write_manifest(&package)?;
    link_package(&package)
}

/// Packs the tarball, checks its list of files, and has it looked over by publint.
pub fn pack() -> Result<()> {
    let folder = repo::path("target/package");
    fs::create_dir_all(&folder)?;
    let answer =
        say::step("packing", || run(npm().args(["pack", "--json", "--pack-destination"]).arg(&folder).arg("./pkg")))?;
    let (name, files) = tarball(&answer)?;
    check_files(&files)?;
    let tarball = folder.join(&name);
    let verdict = say::step("having publint look at it", || {
        run(node(repo::path("node_modules/publint/src/cli.js")).arg(&tarball).arg("--strict"))
    })?;
    say::note(verdict.lines().last().unwrap_or_default());
    say::note(format!("{} files in target/package/{name}", files.len()));
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let files = files_below(from)?;
    if files.is_empty() {
        bail!("{} is empty or missing", from.display());
    }
    for file in files {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&file, target)?;
    }
    Ok(())
}

fn write_manifest(package: &Path) -> Result<()> {
    let path = package.join("package.json");
    let text = fs::read_to_string(&path).context("pkg-template/ has no package.json")?;
    // The version takes the template's place of it, so that the order of the other members stays as written.
    let Some((before, after)) = text.split_once("\"version\": \"0.0.0\"") else {
        bail!("pkg-template/package.json must say \"version\": \"0.0.0\": the real one comes from Cargo.toml");
    };
    let version = crate::wasm::locked_version("x402-wasm")?;
    fs::write(path, format!("{before}\"version\": \"{version}\"{after}"))?;
    Ok(())
}

// Tests and the demo import the package by its name; a link needs no installing anew after each build.
fn link_package(package: &Path) -> Result<()> {
    let link = repo::path("node_modules/x402-wasm");
    if fs::read_link(&link).is_ok() {
        return Ok(());
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("../pkg", &link)?;
    #[cfg(windows)]
    std::os::windows::fs::symlink_dir(package, &link)?;
    debug_assert!(link.join("package.json").is_file() == package.join("package.json").is_file());
    Ok(())
}

fn tarball(answer: &str) -> Result<(String, Vec<String>)> {
    let answer: Value = serde_json::from_str(answer).context("npm pack answered no JSON")?;
    // One package: a list of one in npm 10 and 11.
    let packed = answer.get(0).context("npm pack packed nothing")?;
    let name = packed["filename"].as_str().context("npm pack named no file")?;
    let files = packed["files"].as_array().context("npm pack listed no files")?;
    let files = files.iter().filter_map(|file| file["path"].as_str()).map(str::to_owned).collect();
    Ok((name.to_owned(), files))
}

fn check_files(files: &[String]) -> Result<()> {
    let top_level = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"];
    let expected = |file: &str| {
        top_level.contains(&file)
            || [".js", ".d.ts", ".wasm"].iter().any(|end| file.starts_with("dist/") && file.ends_with(end))
    };
    if let Some(stranger) = files.iter().find(|file| !expected(file)) {
        bail!("{stranger} does not belong into the package: only scripts, types and wasm under dist/ do");
    }
    let needed = top_level.iter().map(ToString::to_string);
    let wasm = DOORS
        .iter()
        .flat_map(Door::shipped)
        .filter_map(|file| Some(format!("dist/wasm/{}", file.file_name()?.to_str()?)));
    if let Some(missing) = needed.chain(wasm).find(|needed| !files.contains(needed)) {
        bail!("{missing} is missing in the package: is it covered by `files` in pkg-template/package.json?");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Vec<String> {
        let mut files = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "dist/index.d.ts"]
            .map(String::from)
            .to_vec();
        for name in ["browser", "paywall", "full", "full-fast", "edge", "edge-full", "edge-full-fast", "cashier"] {
            files.extend([".js", "_bg.wasm", ".inline.js"].map(|end| format!("dist/wasm/{name}{end}")));
        }
        files
    }

    #[test]
    fn a_complete_package_passes() {
        check_files(&complete()).unwrap();
    }

    #[test]
    fn a_stranger_and_a_gap_are_named() {
        let mut with_stranger = complete();
        with_stranger.push("dist/.env".into());
        assert!(check_files(&with_stranger).unwrap_err().to_string().starts_with("dist/.env"));
        let gap: Vec<_> = complete().into_iter().filter(|file| !file.contains("edge_bg")).collect();
        assert!(check_files(&gap).unwrap_err().to_string().starts_with("dist/wasm/edge_bg.wasm"));
    }
}
