//! The paying side in a simulated world: every rule of the payer, and then all of them at once under random faults.

#[cfg(feature = "full-payer")]
mod evidence;
mod gate;
#[cfg(feature = "full-payer")]
mod history;
#[cfg(not(feature = "permit2"))]
mod lean;
mod notary;
#[cfg(feature = "outside-wallets")]
mod outside;
#[cfg(feature = "full-payer")]
mod owner;
#[cfg(feature = "permit2")]
mod permit2;
mod purchase;
#[cfg(feature = "outside-wallets")]
mod quote;
#[cfg(feature = "full-payer")]
mod sign_in;
mod storm;
mod trust;
mod version1;
mod world;

const NOW: u64 = 1_700_000_000;
