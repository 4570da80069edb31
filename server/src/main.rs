//! The command line.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use holdfast_server::{Config, config};

/// Sessions that cannot be lost.
#[derive(Parser)]
#[command(name = "holdfast", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read the settings and say whether they can be used
    CheckConfig,
    /// Print an example of the settings' file, every setting with its default
    ExampleConfig,
}

fn main() -> ExitCode {
    let said = match Arguments::parse().command {
        Command::CheckConfig => Config::load()
            .map(|config| {
                format!("The configuration can be used; pages are at {}\n", config.origin())
            })
            .map_err(|unreadable| unreadable.to_string()),
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
