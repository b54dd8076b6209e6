#![doc = include_str!("../README.md")]

mod command;
mod config;
mod console;
mod wiring;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    command::{demo, doctor, key, migrate, openapi, org, serve, session, user, verify, worker},
    config::Flags,
};

/// Electronic signatures and the vault behind them, in one binary.
#[derive(Parser)]
#[command(name = "deedbox", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, the signing pages and the workers
    Serve(serve::Serve),
    /// Run the workers alone, beside servers started with --no-worker
    Worker(worker::Worker),
    /// Do the main job once, whole, and print every step with its link
    Demo(demo::Demo),
    /// Organizations (tenants)
    #[command(subcommand)]
    Org(org::Org),
    /// Partner API keys
    #[command(subcommand)]
    Key(key::Key),
    /// Console users
    #[command(subcommand)]
    User(user::User),
    /// Admin sessions
    #[command(subcommand)]
    Session(session::Session),
    /// Verify a signed PDF offline: no network, no database
    Verify(verify::Verify),
    /// Check keys, clock, certificates, database, storage and mail
    Doctor(doctor::Doctor),
    /// Bring the database to this version's schema
    Migrate(migrate::Migrate),
    /// Print an OpenAPI 3.1 document
    Openapi(openapi::Openapi),
    /// Serve the protocol of the PDF child process on stdin and stdout
    #[command(hide = true)]
    PdfChild,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::PdfChild) {
        return pdf_child();
    }
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    console::init_logging();
    let Cli { flags, command } = cli;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async move {
        match command {
            Command::Serve(it) => it.run(&flags).await,
            Command::Worker(it) => it.run(&flags).await,
            Command::Demo(it) => it.run(&flags).await,
            Command::Org(it) => it.run(&flags).await,
            Command::Key(it) => it.run(&flags).await,
            Command::User(it) => it.run(&flags).await,
            Command::Session(it) => it.run(&flags).await,
            Command::Verify(it) => it.run(&flags),
            Command::Doctor(it) => it.run(&flags).await,
            Command::Migrate(it) => it.run(&flags).await,
            Command::Openapi(it) => Ok(it.run()),
            Command::PdfChild => Ok(ExitCode::SUCCESS),
        }
    })
}

fn pdf_child() -> ExitCode {
    match deedbox_pdf::child::serve(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
