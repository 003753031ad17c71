//! Values that stay in wasm while JavaScript holds a number for them: no exported classes, no finalizers (S73).

use alloc::collections::BTreeMap;

/// Values by handle. A handle is never used twice.
pub(crate) struct Slab<T> {
    values: BTreeMap<u32, T>,
    next: u32,
}

impl<T> Slab<T> {
    /// Nothing.
    pub(crate) const fn new() -> Self {
        Self { values: BTreeMap::new(), next: 1 }
    }

    /// Keeps a value and returns its handle.
    pub(crate) fn insert(&mut self, value: T) -> u32 {
        let handle = self.next;
        self.next = handle.wrapping_add(1);
        self.values.insert(handle, value);
        handle
    }

    /// Looks at a value.
    pub(crate) fn get(&self, handle: u32) -> Option<&T> {
        self.values.get(&handle)
    }

    /// Changes a value.
    pub(crate) fn get_mut(&mut self, handle: u32) -> Option<&mut T> {
        self.values.get_mut(&handle)
    }

    /// Takes a value out.
    pub(crate) fn remove(&mut self, handle: u32) -> Option<T> {
        self.values.remove(&handle)
    }
}
