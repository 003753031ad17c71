//! Payments for the web that a machine can make by itself.
#![no_std]
extern crate alloc;
