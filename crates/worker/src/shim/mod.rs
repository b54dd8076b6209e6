#[path = "../../../app/src/webhook_target.rs"]
pub mod webhook_target;
pub mod clock {
    pub trait Clock: Send + Sync {
        fn now(&self) -> deedbox_core::time::Timestamp;
    }
}
