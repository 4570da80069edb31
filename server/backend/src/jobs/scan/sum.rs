//! Bringing together what was found.

use std::collections::BTreeMap;

use holdfast_domain::job::{Duplicates, FileEntry, ScanResult, TypeTotal};

use crate::jobs::run::Run;
use crate::jobs::walk::{Counted, portion};
use crate::jobs::work::Fault;

/// Types, files and groups that are named.
const NAMED: usize = 100;
/// Paths that are named of a group.
const PATHS: usize = 10;
/// A type's name; more is a name with a dot in it.
const EXTENSION_CHARS: usize = 16;
/// What stands for all types that are not named.
const OTHERS: &str = "…";

/// The sum of all portions.
pub(super) async fn sum(run: &Run, counted: Counted) -> Result<ScanResult, Fault> {
    let (mut types, mut largest) = (BTreeMap::<String, TypeTotal>::new(), Vec::new());
    let mut groups = BTreeMap::<String, Duplicates>::new();
    for part in 0..counted.parts {
        for file in portion(run, part).await? {
            let extension = extension(&file.path);
            let entry = types.entry(extension).or_insert_with_key(|extension| TypeTotal {
                extension: extension.clone(),
                files: 0,
                bytes: 0,
            });
            entry.files += 1;
            entry.bytes += file.bytes;
            if let Some(hash) = &file.hash {
                let group = groups.entry(hash.clone()).or_insert_with_key(|hash| Duplicates {
                    hash: hash.clone(),
                    bytes: file.bytes,
                    files: 0,
                    paths: Vec::new(),
                });
                group.files += 1;
                if group.paths.len() < PATHS {
                    group.paths.push(file.path.clone());
                }
            }
            largest.push(file);
        }
        keep_largest(&mut largest);
    }
    groups.retain(|_, group| group.files > 1);
    let mut duplicates: Vec<Duplicates> = groups.into_values().collect();
    let wasted = |group: &Duplicates| group.bytes.saturating_mul(group.files - 1);
    let duplicate_files = duplicates.iter().map(|group| group.files - 1).sum();
    let duplicate_bytes = duplicates.iter().map(wasted).sum();
    duplicates.sort_by_key(|group| std::cmp::Reverse(wasted(group)));
    duplicates.truncate(NAMED);
    Ok(ScanResult {
        files: counted.files,
        folders: counted.folders,
        bytes: counted.bytes,
        types: by_size(types),
        largest,
        duplicates,
        duplicate_files,
        duplicate_bytes,
        unreadable: counted.unreadable,
        skipped: counted.skipped,
    })
}

fn keep_largest(files: &mut Vec<FileEntry>) {
    files.sort_by(|one, other| other.bytes.cmp(&one.bytes).then_with(|| one.path.cmp(&other.path)));
    files.truncate(NAMED);
}

fn by_size(types: BTreeMap<String, TypeTotal>) -> Vec<TypeTotal> {
    let mut types: Vec<TypeTotal> = types.into_values().collect();
    types.sort_by_key(|one| std::cmp::Reverse((one.bytes, one.files)));
    let rest = types.split_off(types.len().min(NAMED));
    if !rest.is_empty() {
        let files = rest.iter().map(|one| one.files).sum();
        let bytes = rest.iter().map(|one| one.bytes).sum();
        types.push(TypeTotal { extension: OTHERS.into(), files, bytes });
    }
    types
}

/// What a file's name ends with.
fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
    let extension = extension.map_or("", |(_, extension)| extension);
    match extension.chars().count() <= EXTENSION_CHARS {
        true => extension.to_lowercase(),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_7_a_type_is_what_a_name_ends_with() {
        let of = |path| extension(path);
        assert_eq!([of("a/b.JPG"), of("b.tar.gz"), of("a.b/c")], ["jpg", "gz", ""]);
        assert_eq!([of(".profile"), of("x."), of("x.a sentence that has a dot")], ["", "", ""]);
    }
}
