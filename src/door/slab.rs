//! Values that stay in wasm while JavaScript holds a number for them: no exported classes, no finalizers (S73).

use alloc::vec::Vec;

/// Values by handle. A handle is never used twice. There are few at a time, so a list is smaller than a map, and as fast.
pub(crate) struct Slab<T> {
    values: Vec<(u32, T)>,
    next: u32,
}

impl<T> Slab<T> {
    /// Nothing.
    pub(crate) const fn new() -> Self {
        Self { values: Vec::new(), next: 1 }
    }

    /// Keeps a value and returns its handle.
    pub(crate) fn insert(&mut self, value: T) -> u32 {
        let handle = self.next;
        self.next = handle.wrapping_add(1);
        self.values.push((handle, value));
        handle
    }

    /// Looks at a value.
    pub(crate) fn get(&self, handle: u32) -> Option<&T> {
        self.values.iter().find(|(own, _)| *own == handle).map(|(_, value)| value)
    }

    /// Changes a value.
    #[cfg(feature = "browser")]
    pub(crate) fn get_mut(&mut self, handle: u32) -> Option<&mut T> {
        self.values.iter_mut().find(|(own, _)| *own == handle).map(|(_, value)| value)
    }

    /// Takes a value out.
    pub(crate) fn remove(&mut self, handle: u32) -> Option<T> {
        let place = self.values.iter().position(|(own, _)| *own == handle)?;
        Some(self.values.swap_remove(place).1)
    }
}
