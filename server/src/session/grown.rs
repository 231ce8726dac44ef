//! A list that only grows, and is cheap to copy however long it is: copies share what is old.

use std::sync::Arc;

/// Items that a copy copies at most; older ones it shares.
const PIECE: usize = 32;

/// Items in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grown<T> {
    /// Full pieces.
    old: Vec<Arc<[T]>>,
    /// Fewer than a piece.
    new: Vec<T>,
}

impl<T> Grown<T> {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { old: Vec::new(), new: Vec::new() }
    }

    /// Adds an item at the end.
    pub(super) fn push(&mut self, item: T) {
        self.new.push(item);
        if self.new.len() == PIECE {
            self.old.push(std::mem::take(&mut self.new).into());
        }
    }

    /// All items, oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.old.iter().flat_map(|piece| piece.iter()).chain(&self.new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_shares_what_is_old_and_goes_on_by_itself() {
        let mut list = Grown::new();
        (0..100).for_each(|item| list.push(item));
        let mut copy = list.clone();
        copy.push(100);
        list.push(-1);
        assert!(list.iter().copied().eq((0..100).chain([-1])));
        assert!(copy.iter().copied().eq(0..=100));
        assert!(copy.iter().rev().copied().eq((0..=100).rev()));
        assert!(list.old.iter().zip(&copy.old).all(|(one, other)| Arc::ptr_eq(one, other)));
    }
}
