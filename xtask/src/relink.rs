//! A second round of link-time optimisation, with this program as the linker.
//!
//! In the first round LLVM looks for unused arguments before it inlines, so it learns too late that our panic handler
//! reads nothing: the message, the place and the formatting code of every panic stay in the module. A second look, at
//! what the first one made, takes them out.

use std::env;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::command::run;

/// Set for the time of a build: this program is started as rustc's linker.
const LINKING: &str = "X402_WASM_LINKING";

/// Has a `cargo rustc` link by way of [`if_asked`]. Nothing may follow in its arguments.
pub fn ask(cargo: &mut Command) -> Result<()> {
    let linker = format!("linker={}", env::current_exe()?.display());
    cargo.args(["--", "--emit=llvm-bc,link", "-C", &linker]).env(LINKING, "1");
    Ok(())
}

/// Links, if rustc has started this program to do that.
pub fn if_asked() -> Option<ExitCode> {
    env::var_os(LINKING)?;
    let Err(error) = link(env::args().skip(1)) else { return Some(ExitCode::SUCCESS) };
    eprintln!("{error:#}");
    Some(ExitCode::FAILURE)
}

fn link(arguments: impl Iterator<Item = String>) -> Result<()> {
    // rustc puts the folder of its own linker on the path.
    let mut linker = Command::new("rust-lld");
    let mut objects = 0;
    for argument in arguments {
        let bitcode = bitcode_of(&argument);
        objects += usize::from(bitcode.is_some());
        linker.arg(bitcode.unwrap_or(argument));
    }
    if objects != 1 {
        bail!("the first round left {objects} objects instead of one: are `lto` and `codegen-units = 1` gone?");
    }
    run(&mut linker).context("the second round of link-time optimisation").map(drop)
}

/// The bitcode of rustc's object, which lies beside it under the first part of its name.
fn bitcode_of(argument: &str) -> Option<String> {
    let object = argument.strip_suffix(".rcgu.o")?;
    let name = object.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let end = name + object[name..].find('.')?;
    Some(format!("{}.bc", &object[..end]))
}

#[cfg(test)]
mod tests {
    use super::bitcode_of;

    #[test]
    fn the_bitcode_lies_beside_the_object() {
        let object = "/a.b/deps/x402_wasm.x402_wasm.5ba6fc0c29cd0f26-cgu.0.rcgu.o";
        assert_eq!(bitcode_of(object).as_deref(), Some("/a.b/deps/x402_wasm.bc"));
        assert_eq!(bitcode_of("/a.b/libcompiler_builtins-a8653b759c7b83b3.rlib"), None);
    }
}
