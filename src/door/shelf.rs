//! What lives longer than a call, by handle.

use super::error::thrown;
use super::slab::Slab;
use spin::RwLock;
use wasm_bindgen::JsValue;

/// Values behind a lock that nobody waits for: there is one thread, and it is taken only where a getter or a proxy calls
/// into wasm while wasm reads it.
pub(crate) struct Shelf<T>(RwLock<Slab<T>>);

impl<T> Shelf<T> {
    /// Nothing.
    pub(crate) const fn new() -> Self {
        Self(RwLock::new(Slab::new()))
    }

    /// Keeps a value and returns its handle.
    pub(crate) fn insert(&self, value: T) -> Result<u32, JsValue> {
        Ok(self.0.try_write().ok_or_else(busy)?.insert(value))
    }

    /// Takes a value out; `gone` says what it means that there is none.
    pub(crate) fn take(&self, handle: u32, gone: &str) -> Result<T, JsValue> {
        let value = self.0.try_write().ok_or_else(busy)?.remove(handle);
        value.ok_or_else(|| internal(gone))
    }

    /// Looks at a value; `gone` says what it means that there is none.
    pub(crate) fn look<R>(&self, handle: u32, gone: &str, act: impl FnOnce(&T) -> R) -> Result<R, JsValue> {
        match self.0.try_read().ok_or_else(busy)?.get(handle) {
            Some(value) => Ok(act(value)),
            None => Err(internal(gone)),
        }
    }
}

fn busy() -> JsValue {
    internal("A call into wasm came back into wasm.")
}

fn internal(message: &str) -> JsValue {
    thrown("internal_error", message.into())
}
