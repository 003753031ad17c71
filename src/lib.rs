//! Payments for the web that a machine can make by itself.
//!
//! HTTP has a status that says *Payment Required*. This crate is the code behind it: a core without I/O, clock or
//! randomness that decides everything, and two doors through which JavaScript carries it out. The house, floor by
//! floor; each uses only what is below it:
//!
//! | floor | what lives there |
//! |---|---|
//! | ground: values | [`amount`], [`address`], [`network`], [`asset`], [`encoding`], [`json`], [`keccak`], [`time`], [`http`] |
//! | first: what is signed | [`eip712`], [`signature`], [`seal`], [`authorization`] |
//! | second: what is said | [`protocol`], [`dialect`], [`extension`], [`ticket`] |
//! | third: what is decided | [`verify`], [`ledger`], [`settle`], [`gate`], [`facilitator`], [`payer`] |
//! | roof: the doors | `browser` and `edge`, one by feature |
#![no_std]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

extern crate alloc;

pub mod address;
pub mod amount;
pub mod asset;
pub mod authorization;
#[cfg(feature = "browser")]
pub mod browser;
mod chain;
pub mod dialect;
#[cfg(any(feature = "browser", feature = "worker"))]
mod door;
#[cfg(feature = "worker")]
pub mod edge;
pub mod eip712;
pub mod encoding;
pub mod extension;
pub mod facilitator;
pub mod gate;
pub mod http;
pub mod json;
pub mod keccak;
pub mod ledger;
pub mod network;
pub mod payer;
pub mod protocol;
pub mod seal;
pub mod settle;
pub mod signature;
mod text;
pub mod ticket;
pub mod time;
pub mod verify;
mod word;
