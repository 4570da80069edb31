//! The data folder and the master key's file.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use holdfast_backend::{Finding, MasterKey};
use rustix::fs::{Access, access, statvfs};

use crate::{Config, serve};

const FOLDER: &str = "data folder";
const ROOM: &str = "room";
const KEY: &str = "master key file";

/// Less is a warning.
const ROOM_BYTES: u64 = 1 << 30;

/// Whether it is there, its owner's only, writable, and has room.
pub(super) fn examine(folder: &Path) -> Vec<Finding> {
    let name = folder.display();
    let Ok(metadata) = folder.metadata() else {
        return vec![Finding::problem(
            FOLDER,
            format!("there is no {name}; the first start makes it"),
        )];
    };
    let first = if access(folder, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        Finding::problem(FOLDER, format!("{name} cannot be written to: give it to this user"))
    } else if metadata.mode() & 0o077 != 0 {
        Finding::warning(FOLDER, format!("others can look into {name}: chmod 700 it"))
    } else {
        Finding::ok(FOLDER, format!("{name} is its owner's only"))
    };
    let room = match statvfs(folder) {
        Ok(room) => match room.f_bavail.saturating_mul(room.f_frsize) {
            free if free < ROOM_BYTES => {
                Finding::warning(ROOM, format!("{} MB are free: make room", free >> 20))
            }
            free => Finding::ok(ROOM, format!("{} MB are free", free >> 20)),
        },
        Err(cause) => Finding::warning(ROOM, format!("it cannot be asked for: {cause}")),
    };
    vec![first, room]
}

/// The key, where there is one, and how its file is.
pub(super) fn examine_key(config: &Config) -> (Option<MasterKey>, Vec<Finding>) {
    let file = config.master_key_file();
    let name = file.display();
    let key = match serve::given_master_key(config) {
        Ok(Some(key)) => key,
        Ok(None) => {
            let says = format!("{name} is not there. Bring back your copy of it");
            return (None, vec![Finding::problem(KEY, says)]);
        }
        Err(cause) => return (None, vec![Finding::problem(KEY, cause.to_string())]),
    };
    if !file.exists() {
        let says = "it comes by the environment; keep a copy elsewhere";
        return (Some(key), vec![Finding::ok(KEY, says)]);
    }
    let open = file.metadata().is_ok_and(|metadata| metadata.mode() & 0o077 != 0);
    let finding = match open {
        true => Finding::warning(KEY, format!("others can read {name}: chmod 600 it")),
        false => Finding::ok(KEY, format!("{name} is its owner's only; keep a copy elsewhere")),
    };
    (Some(key), vec![finding])
}
