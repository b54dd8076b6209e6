//! Contracts to sign.
