//! A column in pages, which two tables may share until one of them changes a page.
//!
//! A page is either kept (a piece of a mapped file, or frozen) or our own. A table of ten million
//! outputs that gets a thousand more copies only the pages that those touch.

use arrow_buffer::{ArrowNativeType, ScalarBuffer};

/// Values in a page.
pub(crate) const PAGE: usize = 1 << 14;

/// A growing list of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Paged<T: ArrowNativeType> {
    pages: Vec<Page<T>>,
    len: usize,
}

#[derive(Debug, Clone)]
enum Page<T: ArrowNativeType> {
    Kept(ScalarBuffer<T>),
    Own(Vec<T>),
}

impl<T: ArrowNativeType> Default for Paged<T> {
    fn default() -> Self {
        Self { pages: Vec::new(), len: 0 }
    }
}

impl<T: ArrowNativeType> Paged<T> {
    /// The numbers of a buffer, without copying it.
    pub(crate) fn of(buffer: &ScalarBuffer<T>) -> Self {
        let len = buffer.len();
        let page = |start| Page::Kept(buffer.slice(start, PAGE.min(len - start)));
        Self { pages: (0..len).step_by(PAGE).map(page).collect(), len }
    }

    /// The same number `len` times.
    pub(crate) fn filled(value: T, len: usize) -> Self {
        let page = |start| Page::Own(vec![value; PAGE.min(len - start)]);
        Self { pages: (0..len).step_by(PAGE).map(page).collect(), len }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, at: usize) -> T {
        self.pages[at / PAGE].values()[at % PAGE]
    }

    pub(crate) fn set(&mut self, at: usize, value: T) {
        self.pages[at / PAGE].own()[at % PAGE] = value;
    }

    pub(crate) fn push(&mut self, value: T) {
        if self.len.is_multiple_of(PAGE) {
            self.pages.push(Page::Own(Vec::with_capacity(PAGE)));
        }
        self.pages[self.len / PAGE].own().push(value);
        self.len += 1;
    }

    /// Some numbers side by side, all of one page.
    pub(crate) fn slice(&self, start: usize, len: usize) -> &[T] {
        &self.pages[start / PAGE].values()[start % PAGE..][..len]
    }

    /// The numbers page by page.
    pub(crate) fn pages(&self) -> impl Iterator<Item = &[T]> {
        self.pages.iter().map(Page::values)
    }

    /// Makes every page one that a clone shares.
    pub(crate) fn freeze(&mut self) {
        for page in &mut self.pages {
            if let Page::Own(values) = page {
                *page = Page::Kept(ScalarBuffer::from(std::mem::take(values)));
            }
        }
    }
}

impl<T: ArrowNativeType> Page<T> {
    fn values(&self) -> &[T] {
        match self {
            Self::Kept(values) => values,
            Self::Own(values) => values,
        }
    }

    fn own(&mut self) -> &mut Vec<T> {
        if let Self::Kept(kept) = self {
            let mut values = Vec::with_capacity(PAGE);
            values.extend_from_slice(kept);
            *self = Self::Own(values);
        }
        match self {
            Self::Own(values) => values,
            Self::Kept(_) => unreachable!("it has just become our own"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A paged column is a list, whatever is frozen, shared or mapped on the way.
        #[test]
        fn behaves_as_a_list(
            start in 0..3 * PAGE,
            acts in prop::collection::vec(
                (any::<u32>(), any::<prop::sample::Index>(), 0..4),
                1..40,
            ),
        ) {
            let mut list: Vec<u32> = (0..start as u32).collect();
            let mut paged = Paged::of(&ScalarBuffer::from(list.clone()));
            let mut shared = Vec::new();
            for (value, at, act) in acts {
                match act {
                    0 => paged.freeze(),
                    1 => { paged.freeze(); shared.push((paged.clone(), list.clone())); }
                    2 if !list.is_empty() => {
                        let at = at.index(list.len());
                        list[at] = value;
                        paged.set(at, value);
                    }
                    _ => { list.push(value); paged.push(value); }
                }
            }
            shared.push((paged, list));
            for (paged, list) in shared {
                prop_assert_eq!(paged.len(), list.len());
                prop_assert_eq!(paged.pages().flatten().copied().collect::<Vec<_>>(), list);
            }
        }
    }
}
