//! What goes wrong while files are copied, and whom it concerns.

use std::io::{self, ErrorKind};

use super::super::work::Fault;

/// Why a file was not copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) enum Wrong {
    /// This file; the others go on.
    File(&'static str),
    /// All of them: the job is tried again.
    Job(&'static str),
    /// Nobody wants it any more.
    Stopped,
}

impl Wrong {
    /// Reading from the source.
    pub(super) fn source(cause: &io::Error) -> Self {
        Self::File(match cause.kind() {
            ErrorKind::NotFound => "vanished",
            ErrorKind::PermissionDenied => "permission_denied",
            _ => "unreadable",
        })
    }

    /// Writing to the target.
    pub(super) fn target(cause: &io::Error) -> Self {
        match cause.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Job("storage_full")
            }
            ErrorKind::PermissionDenied => Self::File("permission_denied"),
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Self::File("not_a_folder"),
            ErrorKind::IsADirectory => Self::File("folder_in_the_way"),
            ErrorKind::InvalidFilename => Self::File("name_not_possible"),
            ErrorKind::CrossesDevices => Self::File("other_device"),
            _ => {
                // Not the path: what it is called is a person's.
                tracing::warn!(kind = %cause.kind(), code = cause.raw_os_error(), "a location cannot be written to");
                Self::Job("location_unavailable")
            }
        }
    }

    /// What is wrong with this file, if it is this file.
    pub(in crate::jobs) fn of_file(self) -> Result<&'static str, Fault> {
        match self {
            Self::File(code) => Ok(code),
            wrong => Err(wrong.into()),
        }
    }
}

impl From<Wrong> for Fault {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Job("storage_full") => Self::again(
                "storage_full",
                "There is no room left in the location that is copied to.",
            ),
            Wrong::Job(code) => {
                Self::again(code, "The location that is copied to cannot be written to now.")
            }
            // Not one of the files: the folder that they are in.
            Wrong::File(code) => Self::never(code, "The folder that is copied to cannot be used."),
            // Whoever stopped it knows how it ends.
            Wrong::Stopped => Self::Lost,
        }
    }
}
