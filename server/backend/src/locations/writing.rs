//! Writing into a folder of this machine. All of it blocks.

use std::io::{self, ErrorKind};
use std::path::Path;

use cap_std::fs::{Dir, File, OpenOptions};

use super::Folder;
use super::folder::since_epoch_ms;

/// A file that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its size; `None`: it is no file, but something has this name.
    pub(crate) bytes: Option<u64>,
    pub(crate) modified_at_ms: i64,
}

impl Folder {
    /// What has this name; a link is not followed.
    pub(crate) fn find(&self, path: &str) -> io::Result<Option<Found>> {
        let metadata = match self.0.symlink_metadata(path) {
            // A file on the way is found when its folder is to be made.
            Err(cause)
                if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(None);
            }
            metadata => metadata?,
        };
        let modified = metadata.modified().map(|time| since_epoch_ms(time.into_std()));
        let bytes = metadata.is_file().then_some(metadata.len());
        Ok(Some(Found { bytes, modified_at_ms: modified.unwrap_or_default() }))
    }

    /// Makes a folder, and those above it.
    pub(crate) fn make(&self, path: &str) -> io::Result<()> {
        match path {
            "" => Ok(()),
            path => self.0.create_dir_all(path),
        }
    }

    /// A new file.
    pub(crate) fn create(&self, path: &str) -> io::Result<File> {
        self.0.open_with(path, OpenOptions::new().read(true).write(true).create_new(true))
    }

    /// A file that is there, to be written on.
    pub(crate) fn reopen(&self, path: &str) -> io::Result<File> {
        self.0.open_with(path, OpenOptions::new().read(true).write(true))
    }

    /// Gives a file another name. What has it is replaced.
    pub(crate) fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        self.0.rename(from, &self.0, to)
    }

    /// Gives a file another name. `AlreadyExists` where something has it.
    pub(crate) fn put(&self, from: &str, to: &str) -> io::Result<()> {
        let ((from_in, from), (to_in, to)) = (self.parent(from)?, self.parent(to)?);
        match rename_new((&from_in, from), (&to_in, to)) {
            // Where the file system cannot do both at once.
            Err(cause)
                if matches!(cause.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) =>
            {
                if to_in.symlink_metadata(to).is_ok() {
                    return Err(ErrorKind::AlreadyExists.into());
                }
                from_in.rename(from, &to_in, to)
            }
            done => done,
        }
    }

    /// The folder that a name is in, opened name by name, and the name.
    fn parent<'a>(&self, path: &'a str) -> io::Result<(Dir, &'a Path)> {
        match path.rsplit_once('/') {
            Some((folder, name)) => Ok((self.0.open_dir(folder)?, Path::new(name))),
            None => Ok((self.0.try_clone()?, Path::new(path))),
        }
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) -> io::Result<()> {
        self.0.remove_file(path)
    }

    /// Removes a folder with nothing in it.
    pub(crate) fn remove_empty(&self, path: &str) -> io::Result<()> {
        self.0.remove_dir(path)
    }

    /// Removes a folder with all that is in it, if it is there.
    pub(crate) fn remove_all(&self, path: &str) -> io::Result<()> {
        match self.0.remove_dir_all(path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Everything that was written is on the disk when this is over.
    pub(crate) fn sync(&self) -> io::Result<()> {
        sync(&self.0)
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_new(from: (&Dir, &Path), to: (&Dir, &Path)) -> io::Result<()> {
    use rustix::fs::{RenameFlags, renameat_with};
    Ok(renameat_with(from.0, from.1, to.0, to.1, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn rename_new(_: (&Dir, &Path), _: (&Dir, &Path)) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
fn sync(folder: &Dir) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags, openat, syncfs};
    // What `Dir` has is only a path.
    let opened =
        openat(folder, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    Ok(syncfs(opened)?)
}

/// The whole machine's, as there is nothing in between.
#[cfg(not(target_os = "linux"))]
fn sync(_: &Dir) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}
