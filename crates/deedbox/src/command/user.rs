//! `deedbox user`: console users.

use std::process::ExitCode;

use clap::Subcommand;
use deedbox_app::user::Role;
use serde_json::json;

use crate::{config::Flags, console, wiring};

/// Console users.
#[derive(Subcommand)]
pub enum User {
    /// Create a user
    Create {
        /// Organization id
        #[arg(long)]
        org: String,
        /// E-mail address, the user's name at sign-in
        #[arg(long)]
        email: String,
        /// admin, custodian, sales or auditor
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Read the password from the first line of stdin
        #[arg(long)]
        password_stdin: bool,
    },
}

impl User {
    /// Runs the command.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let Self::Create {
            org,
            email,
            role,
            password_stdin,
        } = self;
        let password = password_stdin.then(read_password).transpose()?;
        let app = wiring::open(flags).await?;
        let user_id = app
            .create_user(&org, &email, role, password.as_deref())
            .await?;
        console::answer(
            flags.json,
            &json!({"user_id": user_id}),
            &format!("user {user_id} ({email}, {})", role.as_str()),
        )
    }
}

fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn parse_role(text: &str) -> anyhow::Result<Role> {
    Role::parse(text).ok_or_else(|| anyhow::anyhow!("roles are admin, custodian, sales, auditor"))
}
