//! A folder of this machine. Nothing outside of it is reached, whatever a path or a link says: `cap-std` opens each name
//! below the folder that was opened first.

use std::io;
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, File};
use holdfast_domain::location::{FolderFile, FolderListing};

use super::Location;

/// How the names of folders begin that jobs work in. They are nobody's content.
pub(crate) const WORK: &str = ".holdfast-";

/// An open location.
pub(crate) struct Folder(pub(super) Dir);

impl Folder {
    pub(crate) fn open(location: &Location) -> io::Result<Self> {
        Dir::open_ambient_dir(&location.folder, ambient_authority()).map(Self)
    }

    /// What is in a folder of it. Blocks.
    pub(crate) fn list(&self, path: &str) -> io::Result<FolderListing> {
        let entries = match path {
            "" => self.0.entries()?,
            path => self.0.read_dir(path)?,
        };
        let mut listed = FolderListing::default();
        for entry in entries {
            let Ok(entry) = entry else {
                listed.unreadable += 1;
                continue;
            };
            let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else {
                listed.unreadable += 1;
                continue;
            };
            if kind.is_dir() {
                if !name.starts_with(WORK) {
                    listed.folders.push(name);
                }
            } else if !kind.is_file() {
                listed.skipped += 1;
            } else if let Ok(metadata) = entry.metadata() {
                let modified = metadata.modified().map(|time| since_epoch_ms(time.into_std()));
                let modified_at_ms = modified.unwrap_or_default();
                listed.files.push(FolderFile { name, bytes: metadata.len(), modified_at_ms });
            } else {
                listed.unreadable += 1;
            }
        }
        listed.folders.sort_unstable();
        listed.files.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(listed)
    }

    /// A file of it, to be read. Blocks.
    pub(crate) fn read(&self, path: &str) -> io::Result<File> {
        self.0.open(path)
    }
}

pub(crate) fn since_epoch_ms(time: SystemTime) -> i64 {
    let ms =
        |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => ms(after),
        Err(before) => -ms(before.duration()),
    }
}
