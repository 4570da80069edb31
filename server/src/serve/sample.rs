//! A location with a few files, to try scanning with before anything is set.

use std::fs;
use std::io;
use std::path::Path;

use holdfast_backend::Location;

use crate::Config;

/// What people call it, and its folder in `data_dir`.
const NAME: &str = "sample";

/// Some files, two of them the same.
const FILES: [(&str, &[u8]); 8] = [
    ("Read me.txt", include_bytes!("../../sample/read-me.txt")),
    ("packing.csv", include_bytes!("../../sample/packing.csv")),
    ("route/day-1.md", include_bytes!("../../sample/day-1.md")),
    ("route/day-2.md", include_bytes!("../../sample/day-2.md")),
    ("route/stops.json", include_bytes!("../../sample/stops.json")),
    ("drawings/hut.svg", include_bytes!("../../sample/hut.svg")),
    ("drawings/old/hut.svg", include_bytes!("../../sample/hut.svg")),
    ("drawings/boat.svg", include_bytes!("../../sample/boat.svg")),
];

pub(super) fn location(config: &Config) -> Location {
    let folder = config.data_dir.join(NAME);
    Location { name: NAME.into(), folder, writable: false, accounts: Vec::new() }
}

/// Puts it there where it is not; what is there is left as it is.
pub(super) fn write(config: &Config) {
    let folder = config.data_dir.join(NAME);
    if folder.exists() {
        return;
    }
    if let Err(cause) = write_files(&folder) {
        tracing::warn!(%cause, "the sample location cannot be made");
    }
}

fn write_files(folder: &Path) -> io::Result<()> {
    for (path, bytes) in FILES {
        let path = folder.join(path);
        if let Some(inside) = path.parent() {
            fs::create_dir_all(inside)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}
