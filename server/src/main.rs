//! The command line.

use std::fmt::Display;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use holdfast_server::{
    AuditCommand, BackupCommand, Config, RestoreCommand, UserCommand, config, doctor, migrate,
    new_incarnation, rotate_keys, serve,
};

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
    /// Bring the database's tables up to date, as every start does
    Migrate,
    /// Look at settings, files, database and every stored value, and say what to do; changes nothing
    Doctor,
    /// Copy the SQLite database into one file, also while it is served
    Backup(BackupCommand),
    /// Make a copy the database again; while nobody serves it
    Restore(RestoreCommand),
    /// To be said once after bringing a database back by other means than `restore`, before serving it: every
    /// device then sends what the copy does not have
    NewIncarnation,
    /// Accounts: list them, make one, link to a new password, disable
    #[command(subcommand)]
    User(UserCommand),
    /// The log of what happened to accounts and sessions: prove it
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Move the database to another master key, also while it is served
    ///
    /// Killed anywhere, it goes on when it is said again. At the end FILE is to be put in the place of the key before.
    RotateKeys {
        /// The file with the next master key; made where it is missing
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Print an example of the settings' file, every setting with its default
    ExampleConfig,
}

fn main() -> ExitCode {
    let said = match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => with_config(serve).map(|()| String::new()),
        Command::CheckConfig => Config::load()
            .map(|config| {
                format!("The configuration can be used; pages are at {}\n", config.origin())
            })
            .map_err(|unreadable| unreadable.to_string()),
        Command::Migrate => with_config(migrate),
        Command::Doctor => with_config(doctor),
        Command::Backup(command) => with_config(|config| command.run(config)),
        Command::Restore(command) => with_config(|config| command.run(config)),
        Command::NewIncarnation => with_config(new_incarnation).map(|begun| {
            format!(
                "The database begins a new life, {begun}. Now start the server: what devices have \
                 beyond the copy comes from them.\n"
            )
        }),
        Command::User(command) => with_config(|config| command.run(config)),
        Command::Audit(command) => with_config(|config| command.run(config)),
        Command::RotateKeys { to } => with_config(|config| rotate_keys(config, &to)),
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

/// Does something with the settings, as far as they can be used; what went wrong, for the operator.
fn with_config<T, E: Display>(work: impl FnOnce(&Config) -> Result<T, E>) -> Result<T, String> {
    let config = Config::load().map_err(|unreadable| unreadable.to_string())?;
    work(&config).map_err(|error| format!("Holdfast: {error}"))
}
