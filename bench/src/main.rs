//! The benchmarks (`make bench`): Holdfast beside a yardstick that does nothing but what no server can do
//! without, both measured in turn on the same machine in the same minutes.

mod connection;
mod edits;
mod guest;
mod large;
mod process;
mod row;
mod samples;
mod saving;
mod server;
mod starting;
mod syncs;
mod table;
mod yardstick;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures Holdfast beside a yardstick")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measures the server and writes the rows of the table as JSON.
    Server {
        /// The program to measure, built in release.
        #[arg(long)]
        holdfast: PathBuf,
        /// Where the rows go.
        #[arg(long)]
        rows: PathBuf,
        /// Few and short laps: whether it works, not what it takes.
        #[arg(long)]
        quick: bool,
        /// Only these.
        #[arg(long, value_enum)]
        only: Vec<server::Part>,
    },
    /// Serves the yardstick on a free port; used by `server`.
    Yardstick {
        /// Its database.
        database: PathBuf,
    },
    /// Prints the rows of such files as one table.
    Table {
        /// Files with rows.
        rows: Vec<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().what {
        What::Server { holdfast, rows, quick, only } => {
            server::measure(&holdfast, &rows, quick, &only).await
        }
        What::Yardstick { database } => yardstick::serve(&database).await,
        What::Table { rows } => table::print(&rows),
    }
}
