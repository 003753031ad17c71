//! What both doors share: plain data across the wasm boundary, errors as JavaScript throws them, values by handle.

// The signing build speaks JSON text, which is lighter.
#[cfg(feature = "worker")]
pub(crate) mod error;
#[cfg(feature = "worker")]
pub(crate) mod shelf;
pub(crate) mod slab;
#[cfg(feature = "worker")]
pub(crate) mod value;

#[cfg(feature = "standalone")]
mod standalone;

/// k256 picks 64-bit limbs on wasm32 unless told otherwise, which more than halves its speed. The flag sits in
/// `.cargo/config.toml`, which a `RUSTFLAGS` variable replaces without a word.
#[cfg(target_arch = "wasm32")]
const _: () = assert!(
    size_of::<k256::elliptic_curve::bigint::Word>() == 4,
    "build for wasm32 with RUSTFLAGS='--cfg cpubits=\"32\"'"
);
