//! Numbered pages.

/// One page of a list and how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items of this page; empty past the end.
    pub items: Vec<T>,
    /// How many items match, on all pages.
    pub total: i64,
}

/// Which page: 1-based, `limit` items each. The caller has checked the limits of its door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// 1-based number of the page.
    pub page: i64,
    /// Items per page.
    pub limit: i64,
}

impl PageRequest {
    /// How many items come before this page; saturates for absurd page numbers.
    #[must_use]
    pub fn offset(self) -> i64 {
        self.page
            .saturating_sub(1)
            .max(0)
            .saturating_mul(self.limit)
    }
}
