//! The signing page's side: one signer, one envelope, one session.

mod complete;
pub(crate) use complete::printed;
mod consent;
mod copy;
mod decline;
mod field;
mod open;
mod otp;
mod pages;
mod session;
mod values;

pub use complete::Done;
pub use copy::Pdf;
pub use open::Session;
pub use otp::OtpSent;
pub use session::{SessionDisclosure, SessionField, SessionView};
