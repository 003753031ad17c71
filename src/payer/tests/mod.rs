//! The paying side in a simulated world: every rule of the payer, and then all of them at once under random faults.

mod evidence;
mod gate;
mod history;
mod permit2;
mod purchase;
mod sign_in;
mod storm;
mod trust;
mod version1;
mod world;

const NOW: u64 = 1_700_000_000;
