//! Critical sections for modules that have one thread.
//!
//! k256 fills its table of the generator's multiples behind a critical section, and whoever links it says what that is.
//! Here nobody can come in between, so there is nothing to do; what was left open at linking becomes functions that do it.

use anyhow::{Result, anyhow};
use walrus::Module;

const NAMES: [&str; 2] = ["_critical_section_1_0_acquire", "_critical_section_1_0_release"];

/// The module with both functions in it, if it asks for them.
pub fn settle(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(wasm)?;
    for name in NAMES {
        if let Ok(function) = module.imports.get_func("env", name) {
            module.replace_imported_func(function, |_| {}).map_err(|error| anyhow!("{name}: {error}"))?;
        }
    }
    Ok(module.emit_wasm())
}
