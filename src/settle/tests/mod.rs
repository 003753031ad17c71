//! The relayer against a simulated chain and a ledger, both of which may fail at any step.

mod chain;
mod endurance;
mod evidence;
mod facilitator;
mod permit2;
mod permits;
mod reconcile;
mod sending;
mod wire;
mod world;
