//! What the crate is made of.
#![cfg(not(target_arch = "wasm32"))]

const MANIFEST: &str = include_str!("../Cargo.toml");
const LOCKFILE: &str = include_str!("../Cargo.lock");

/// Where another version would mean other rules, or another boundary.
const PINNED: [&str; 5] = ["k256", "sha3", "sha2", "hmac", "wasm-bindgen"];

#[test]
fn s09_the_curve_is_pinned_and_never_libsecp256k1() {
    for name in PINNED {
        let pin = format!("\n{name} = {{ version = \"=");
        assert!(MANIFEST.contains(&pin), "{name} is not pinned with `=` in Cargo.toml");
    }
    assert!(!LOCKFILE.contains("name = \"libsecp256k1"), "Cargo.lock holds libsecp256k1, which is unmaintained");
}
