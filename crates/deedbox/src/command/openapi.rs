//! `deedbox openapi`: the documents of the doors.

use std::process::ExitCode;

use clap::Args;
use deedbox_doors::{Kind, openapi_text};

/// Print an OpenAPI 3.1 document.
#[derive(Args)]
pub struct Openapi {
    /// Which door: partner or signing
    door: Kind,
}

impl Openapi {
    /// Prints the document as JSON.
    pub fn run(self) -> ExitCode {
        print!("{}", openapi_text(self.door));
        ExitCode::SUCCESS
    }
}
