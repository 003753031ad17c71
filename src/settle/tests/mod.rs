//! The relayer against a simulated chain and a ledger, both of which may fail at any step.

mod batches;
mod chain;
mod endurance;
mod evidence;
mod facilitator;
mod line;
mod multicall;
mod nodes;
mod permit2;
mod permits;
mod reconcile;
mod sending;
mod wire;
mod world;
