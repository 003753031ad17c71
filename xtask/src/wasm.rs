//! The doors: Rust to wasm, glue, optimiser.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::{cargo, node, run};
use crate::fingerprint::Stamp;
use crate::{glue, one_thread, order, recipe, relink, repo, say, setup};

/// One of the builds of the crate: features, a profile and an optimiser level under one name.
#[derive(Clone, Copy)]
pub struct Door {
    /// The name of the files.
    pub name: &'static str,
    /// The name of its glue.
    pub glue: &'static str,
    /// Whether that ships: the payers' shell has its own, `pkg-template/dist/payer/instance.js`, and a build that is the
    /// same but for its speed has the other's.
    ships_glue: bool,
    features: &'static str,
    profile: &'static str,
    /// Whether its panics are silent, so that a second round of link-time optimisation takes their messages out.
    is_silent: bool,
    /// rustc's, on top of those in `.cargo/config.toml`.
    flags: &'static [&'static str],
    optimise: &'static [&'static str],
}

const GLUE_GENERATOR: &str = "wasm-bindgen-cli-support";

/// The last touch: the functions in order, and nothing that only tools read. That an address is even is such a thing. The
/// optimiser reads `target_features`, so that section goes last.
const FINISH: [&str; 5] =
    ["--reorder-functions-by-name", "--dealign", "--strip-debug", "--strip-producers", "--strip-target-features"];

/// Small first, and fast first.
///
/// Nothing of ours lies below address 1024, where the stack ends, so constants may move into the offsets of loads and
/// stores: what would have wrapped around to there traps. `--traps-never-happen` stays out: it would take the bounds
/// checks of the libraries away, and win 60 bytes.
pub const DOORS: [Door; 8] = [
    BROWSER,
    // The same for a page that asks its visitor: wallets outside, and a quote to show.
    Door { name: "paywall", glue: "browser", features: "browser,outside-wallets,standalone", ..BROWSER },
    // All that a payer can do, for pages that need it.
    Door { name: "full", features: FULL_PAYER, ..BROWSER },
    // The same for agents and servers, where nobody downloads it.
    Door { name: "full-fast", features: FULL_PAYER, profile: "fast", flags: &[], optimise: FAST, ..BROWSER },
    EDGE,
    FULL_EDGE,
    Door { name: "edge-full-fast", ships_glue: false, profile: "fast", optimise: FAST, ..FULL_EDGE },
    Door { name: "cashier", glue: "cashier", features: "cashier", ..EDGE },
];

const FULL_PAYER: &str = "browser,full-payer,generator-table,standalone";
const FULL_GATE: &str = "edge,full-gate,standalone";
const FAST: &[&str] = &["-O3", "--skip-pass=local-cse", "--low-memory-unused"];

/// A host compiles a function of a gate when it is first called, and all of it: one that has swallowed what it alone calls
/// costs a start more, and what is called for a first visitor is little of it.
const FOR_STARTS: &[&str] =
    &["-O3", "--skip-pass=local-cse", "--low-memory-unused", "--one-caller-inline-max-function-size=60"];

const EDGE: Door = Door {
    name: "edge",
    glue: "edge",
    ships_glue: true,
    features: "edge,standalone",
    profile: "edge",
    is_silent: true,
    flags: &[],
    optimise: FOR_STARTS,
};

const FULL_EDGE: Door = Door { name: "edge-full", glue: "edge-full", features: FULL_GATE, ..EDGE };

const BROWSER: Door = Door {
    name: "browser",
    glue: "browser",
    ships_glue: false,
    features: "browser,generator-table,standalone",
    profile: "browser",
    is_silent: true,
    // SHA-256 as a loop: a signature hashes a few hundred bytes. And in both rounds nothing is inlined that would make its
    // caller larger: LLVM's own threshold for the smallest code lets a little pass.
    flags: &[
        "--cfg",
        r#"sha2_backend="soft""#,
        "--cfg",
        r#"sha2_backend_soft="compact""#,
        "-Cllvm-args=-inline-threshold=0",
        "-Clink-args=-mllvm -inline-threshold=0",
    ],
    // What is written once and used twice compresses worse than what is written twice, and so does a function that has
    // swallowed all that it alone calls. Rebuilt from its jumps the code has fewer blocks.
    optimise: &[
        "-Oz",
        "--converge",
        "--skip-pass=local-cse",
        "--low-memory-unused",
        "--one-caller-inline-max-function-size=60",
        "--flatten",
        "--rereloop",
        "-Oz",
        "-Oz",
    ],
};

impl Door {
    /// The folder where the finished files lie.
    pub fn folder(&self) -> PathBuf {
        repo::workshop().join("doors").join(self.name)
    }

    /// The glue.
    pub fn script(&self) -> PathBuf {
        self.folder().join(format!("{}.js", self.glue))
    }

    /// The module.
    pub fn module(&self) -> PathBuf {
        self.folder().join(format!("{}_bg.wasm", self.name))
    }

    /// The module as a script, for hosts that can't load it from beside the script.
    pub fn inline(&self) -> PathBuf {
        self.folder().join(format!("{}.inline.js", self.name))
    }

    /// The build whose glue ships in place of its own, if there is one: the two must be alike.
    pub fn glued_by(&self) -> Option<&'static Self> {
        DOORS.iter().find(|other| !self.ships_glue && other.ships_glue && other.glue == self.glue)
    }

    /// What of it is in the package.
    pub fn shipped(&self) -> Vec<PathBuf> {
        let glue = self.ships_glue.then(|| self.script());
        [self.module(), self.inline()].into_iter().chain(glue).collect()
    }

    /// Builds what changed. Cargo would compile each door anew every time: two builds of one profile write the same file.
    pub fn build(&self) -> Result<()> {
        let stamp = Stamp::new(self.name, recipe::all()?.finish());
        if stamp.is_fresh() && self.inline().is_file() {
            return Ok(());
        }
        let compiled = say::step(format!("compiling the {} build", self.name), || self.compile())?;
        let unoptimised = self.glue(compiled)?;
        say::step(format!("optimising the {} build", self.name), || self.optimise(&unoptimised))?;
        self.write_inline()?;
        stamp.keep()
    }

    fn compile(&self) -> Result<PathBuf> {
        let build = ["rustc", "--locked", "--lib", "--crate-type", "cdylib", "--target", setup::WASM];
        let paths = ["--config", &self.rustflags()?];
        let mut cargo = cargo();
        cargo
            .args(build)
            .args(["--no-default-features", "--features", self.features, "--profile", self.profile])
            .args(paths);
        if self.is_silent {
            relink::ask(&mut cargo)?;
        }
        run(&mut cargo)?;
        Ok(repo::path("target").join(setup::WASM).join(self.profile).join("x402_wasm.wasm"))
    }

    fn rustflags(&self) -> Result<String> {
        let mut flags = without_paths_of_this_machine()?;
        flags.extend(self.flags.iter().map(ToString::to_string));
        // As Rust writes them for debugging, they are an array of strings in TOML too.
        Ok(format!("target.{}.rustflags={flags:?}", setup::WASM))
    }

    // The module's imports carry the glue's name, so module and glue are always written together.
    fn glue(&self, compiled: PathBuf) -> Result<PathBuf> {
        let folder = self.folder();
        fs::create_dir_all(&folder)?;
        let linked = one_thread::settle(&fs::read(compiled)?)?;
        Bindgen::new()
            .input_bytes(self.glue, linked)
            .out_name(self.glue)
            .web(true)?
            .omit_default_module_path(true)
            .reset_state_function(true)
            .typescript(false)
            .generate(&folder)
            .with_context(|| format!("wasm-bindgen cannot make glue for the {} build", self.name))?;
        if self.ships_glue || self.glued_by().is_some() {
            let script = fs::read_to_string(self.script())?;
            fs::write(self.script(), glue::hurried(&script)?)?;
        }
        fs::rename(folder.join(format!("{}_bg.wasm", self.glue)), self.module())?;
        Ok(self.module())
    }

    fn optimise(&self, module: &Path) -> Result<()> {
        let optimised = module.with_extension("optimised");
        let wasm_opt = || node(repo::path("node_modules/binaryen/bin/wasm-opt"));
        run(wasm_opt().args(self.optimise).arg("--strip-debug").arg(module).arg("-o").arg(&optimised))?;
        fs::write(&optimised, order::with_names_in_order(&fs::read(&optimised)?)?)?;
        run(wasm_opt().args(FINISH).arg(&optimised).arg("-o").arg(module))?;
        fs::remove_file(optimised)?;
        Ok(())
    }

    fn write_inline(&self) -> Result<()> {
        use base64ct::{Base64, Encoding as _};
        let base64 = Base64::encode_string(&fs::read(self.module())?);
        let script = format!(
            "// {}_bg.wasm as text, for hosts that can't load it from beside this script.
export default function bytes() {{
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}}
const base64 =
  \"{base64}\";
",
            self.name
        );
        fs::write(self.inline(), script)?;
        Ok(())
    }
}

/// Panics name the source files of libraries: by their names in the registry the modules are smaller, and the same
/// wherever they are built.
fn without_paths_of_this_machine() -> Result<Vec<String>> {
    // So that the folders are there when they are looked for.
    run(cargo().args(["fetch", "--locked", "--target", setup::WASM]))?;
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = cargo_home.context("there is no home directory for cargo")?.join("registry/src");
    let mut flags = Vec::new();
    for registry in fs::read_dir(&sources).with_context(|| format!("cannot read {}", sources.display()))? {
        flags.push(format!("--remap-path-prefix={}=", registry?.path().display()));
    }
    flags.sort();
    Ok(flags)
}

/// The glue generator in this program and wasm-bindgen in the doors must be of one version.
pub fn check_versions() -> Result<()> {
    let generator = locked_version(GLUE_GENERATOR)?;
    let locked = locked_version("wasm-bindgen")?;
    if generator != locked {
        bail!(
            "the doors use wasm-bindgen {locked} but the glue generator is {generator}: set {GLUE_GENERATOR} in xtask/Cargo.toml \
             to ={locked}, then build again"
        );
    }
    Ok(())
}

/// The version of a crate in Cargo.lock.
pub fn locked_version(name: &str) -> Result<String> {
    let lockfile = fs::read_to_string(repo::path("Cargo.lock"))?;
    let entry = format!("name = \"{name}\"\nversion = \"");
    let rest = lockfile.split_once(&entry).map(|(_, rest)| rest);
    let version = rest.and_then(|rest| rest.split('"').next());
    version.map(str::to_owned).with_context(|| format!("Cargo.lock has no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_that_differs_in_speed_alone_has_the_others_glue() {
        let borrowed: Vec<_> = DOORS.iter().filter_map(|door| Some((door.name, door.glued_by()?.name))).collect();
        assert_eq!(borrowed, [("edge-full-fast", "edge-full")]);
    }
}
