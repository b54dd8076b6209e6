//! Document security store.
