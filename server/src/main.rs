//! The command line.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use holdfast_server::{Config, config, new_incarnation, serve};

/// Sessions that cannot be lost.
#[derive(Parser)]
#[command(name = "holdfast", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and sessions until asked to stop (the default)
    Serve,
    /// Read the settings and say whether they can be used
    CheckConfig,
    /// To be said once after bringing a database back from a copy, before serving it: every device then
    /// sends what the copy does not have
    NewIncarnation,
    /// Print an example of the settings' file, every setting with its default
    ExampleConfig,
}

fn main() -> ExitCode {
    let said = match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => Config::load()
            .map_err(|unreadable| unreadable.to_string())
            .and_then(|config| serve(&config).map_err(|error| format!("Holdfast: {error}")))
            .map(|()| String::new()),
        Command::CheckConfig => Config::load()
            .map(|config| {
                format!("The configuration can be used; pages are at {}\n", config.origin())
            })
            .map_err(|unreadable| unreadable.to_string()),
        Command::NewIncarnation => Config::load()
            .map_err(|unreadable| unreadable.to_string())
            .and_then(|config| {
                new_incarnation(&config).map_err(|error| format!("Holdfast: {error}"))
            })
            .map(|begun| {
                format!(
                    "The database begins a new life, {begun}. Now start the server: what devices have \
                     beyond the copy comes from them.\n"
                )
            }),
        Command::ExampleConfig => Ok(config::example()),
    };
    match said {
        Ok(text) => {
            // A closed pipe is the reader's wish.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(text) => {
            let _ = writeln!(std::io::stderr(), "{text}");
            ExitCode::FAILURE
        }
    }
}
