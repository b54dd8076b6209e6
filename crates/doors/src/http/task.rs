//! Commands run to their end even when the client hangs up half-way.

use std::any::Any;

use tracing::Instrument;

/// Runs `work` in a task of its own and waits for it. `None`: it panicked, which has been logged.
pub(crate) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(outcome) => Some(outcome),
        Err(fault) => {
            if let Ok(panic) = fault.try_into_panic() {
                tracing::error!(panic = panic_text(panic.as_ref()), "a command panicked");
            }
            None
        }
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_and_not_passed_on() {
        assert_eq!(to_the_end(async { 7 }).await, Some(7));
        assert_eq!(to_the_end(async { panic!("on purpose") }).await, None::<()>);
    }
}
