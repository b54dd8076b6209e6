//! Fresh stores for tests, on either engine.
