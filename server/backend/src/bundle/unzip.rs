//! Reading a zip file that anybody may have made: only the plain form that zip tools write, every number checked
//! against the file before anything is read by it. What a general reader would forgive (bytes before or after, files
//! that overlap, a directory that says something else than the files) is refused, so that there is one way to read it.
//! Layout: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.

mod fields;
mod unpacked;

pub(super) use unpacked::Unpacked;

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use holdfast_domain::bundle::{FILES, Flaw, RATIO, RATIO_FREE_BYTES, is_file_name, limit_of};
use holdfast_domain::{Error, Result};

use fields::Fields;

const END_MARK: [u8; 4] = *b"PK\x05\x06";
const ENTRY_MARK: [u8; 4] = *b"PK\x01\x02";
const FILE_MARK: [u8; 4] = *b"PK\x03\x04";
const END_BYTES: u64 = 22;
const ENTRY_BYTES: usize = 46;
const FILE_HEADER_BYTES: u64 = 30;
/// The directory, with whatever a tool adds to each of the few entries.
const DIRECTORY_BYTES: u32 = 64 * 1024;
/// How well it was packed, whether sizes come after the bytes (they stand in the directory, too), names in UTF-8.
/// Anything else, such as encryption, is not understood.
const FLAGS: u16 = 0b1000_0000_1110;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The directory of a zip file.
pub(super) struct Archive<R> {
    reader: R,
    entries: BTreeMap<String, Entry>,
}

/// Where a file is.
#[derive(Clone, Copy, Debug)]
struct Entry {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    bytes: u64,
    /// Of its header.
    at: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory.
    ///
    /// # Errors
    /// `BadImport`, `LimitExceeded`, `Unavailable`.
    pub(super) fn open(mut reader: R) -> Result<Self> {
        let length = reader.seek(SeekFrom::End(0)).map_err(|cause| unreadable(&cause))?;
        let end = length.checked_sub(END_BYTES).ok_or_else(no_zip)?;
        let mut bytes = [0; 22];
        read_at(&mut reader, end, &mut bytes)?;
        let mut fields = Fields(&bytes);
        let mark = fields.mark()?;
        let (disk, first_disk) = (fields.u16()?, fields.u16()?);
        let (here, count) = (fields.u16()?, fields.u16()?);
        let (size, at) = (fields.u32()?, fields.u32()?);
        let comment = fields.u16()?;
        let whole = u64::from(at) + u64::from(size) == end;
        if mark != END_MARK
            || disk != 0
            || first_disk != 0
            || here != count
            || comment != 0
            || !whole
        {
            return Err(no_zip());
        }
        // The manifest is one more.
        if usize::from(count) > FILES + 1 || size > DIRECTORY_BYTES {
            return Err(Error::limit("files", FILES + 1, count.into()));
        }
        let mut directory = vec![0; usize::try_from(size).map_err(|_| no_zip())?];
        read_at(&mut reader, at.into(), &mut directory)?;
        let mut fields = Fields(&directory);
        let mut archive = Self { reader, entries: BTreeMap::new() };
        for _ in 0..count {
            let (name, entry) = Entry::read(&mut fields)?;
            if archive.entries.insert(name, entry).is_some() {
                return Err(Error::BadImport { reason: Flaw::Files });
            }
        }
        if !fields.0.is_empty() {
            return Err(no_zip());
        }
        archive.check_places(at.into())?;
        Ok(archive)
    }

    /// The files stand one after the other before the directory.
    fn check_places(&mut self, directory: u64) -> Result<()> {
        let mut entries: Vec<Entry> = self.entries.values().copied().collect();
        entries.sort_by_key(|entry| entry.at);
        let ends = entries.iter().skip(1).map(|next| next.at).chain([directory]);
        for (entry, end) in entries.iter().zip(ends) {
            let start = self.start(entry)?;
            if start.checked_add(entry.packed).is_none_or(|bytes_end| bytes_end > end) {
                return Err(no_zip());
            }
        }
        Ok(())
    }

    /// Where the bytes of a file begin: after its header, whose name and extra fields may be of other lengths than
    /// those in the directory.
    fn start(&mut self, entry: &Entry) -> Result<u64> {
        let mut bytes = [0; 30];
        read_at(&mut self.reader, entry.at, &mut bytes)?;
        let mut fields = Fields(&bytes);
        let (mark, _version, flags, method) =
            (fields.mark()?, fields.u16()?, fields.u16()?, fields.u16()?);
        if mark != FILE_MARK || flags != entry.flags || method != entry.method {
            return Err(no_zip());
        }
        // Time, checksum and sizes: the directory has them.
        fields.skip(16)?;
        let (name, extra) = (fields.u16()?, fields.u16()?);
        let header = FILE_HEADER_BYTES + u64::from(name) + u64::from(extra);
        entry.at.checked_add(header).ok_or_else(no_zip)
    }

    /// The names of all files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// How large a file is, unpacked; `None` where there is none.
    pub(super) fn size(&self, name: &str) -> Option<u64> {
        self.entries.get(name).map(|entry| entry.bytes)
    }

    /// A file, to be read once.
    ///
    /// # Errors
    /// `BadImport`, `Unavailable`.
    pub(super) fn file(&mut self, name: &str) -> Result<Unpacked<&mut R>> {
        let entry = self.place(name)?;
        Ok(Unpacked::new(&mut self.reader, &entry))
    }

    /// As [`Archive::file`], the last one that is read.
    pub(super) fn into_file(mut self, name: &str) -> Result<Unpacked<R>> {
        let entry = self.place(name)?;
        Ok(Unpacked::new(self.reader, &entry))
    }

    fn place(&mut self, name: &str) -> Result<Entry> {
        let missing = || Error::BadImport { reason: Flaw::Files };
        let entry = self.entries.get(name).copied().ok_or_else(missing)?;
        let start = self.start(&entry)?;
        self.reader.seek(SeekFrom::Start(start)).map_err(|cause| unreadable(&cause))?;
        Ok(entry)
    }
}

impl Entry {
    fn read(fields: &mut Fields<'_>) -> Result<(String, Self)> {
        let mut fixed = Fields(fields.take(ENTRY_BYTES)?);
        if fixed.mark()? != ENTRY_MARK {
            return Err(no_zip());
        }
        // Who made it, and what is needed to read it.
        fixed.skip(4)?;
        let (flags, method) = (fixed.u16()?, fixed.u16()?);
        fixed.skip(4)?;
        let crc = fixed.u32()?;
        let (packed, bytes) = (fixed.u32()?, fixed.u32()?);
        let (name, extra, comment) = (fixed.u16()?, fixed.u16()?, fixed.u16()?);
        let disk = fixed.u16()?;
        fixed.skip(6)?;
        let at = fixed.u32()?;
        let name = fields.take(name.into())?;
        fields.skip(usize::from(extra) + usize::from(comment))?;
        let known = flags & !FLAGS == 0 && matches!(method, STORED | DEFLATED) && disk == 0;
        // What is too large for these fields would stand elsewhere; nothing here is as large.
        let small = [packed, bytes, at].iter().all(|field| *field != u32::MAX);
        if !known || !small || (method == STORED && packed != bytes) {
            return Err(no_zip());
        }
        let name = std::str::from_utf8(name).ok().filter(|name| is_file_name(name));
        let name = name.ok_or(Error::BadImport { reason: Flaw::Files })?.to_owned();
        let (packed, bytes) = (u64::from(packed), u64::from(bytes));
        let limit = limit_of(&name).min(packed * RATIO + RATIO_FREE_BYTES);
        if bytes > limit {
            let size = |bytes| usize::try_from(bytes).unwrap_or(usize::MAX);
            return Err(Error::limit("bytes of a file", size(limit), size(bytes)));
        }
        Ok((name, Self { flags, method, crc, packed, bytes, at: at.into() }))
    }
}

fn read_at(reader: &mut (impl Read + Seek), at: u64, bytes: &mut [u8]) -> Result<()> {
    let read = reader.seek(SeekFrom::Start(at)).and_then(|_| reader.read_exact(bytes));
    read.map_err(|cause| unreadable(&cause))
}

fn no_zip() -> Error {
    Error::BadImport { reason: Flaw::NotAZip }
}

/// What reading the file, or unpacking it, answered.
pub(super) fn unreadable(cause: &std::io::Error) -> Error {
    match cause.kind() {
        ErrorKind::UnexpectedEof => no_zip(),
        // Of the unpacking.
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            Error::BadImport { reason: Flaw::Checksum }
        }
        kind => {
            tracing::error!(?kind, "a file that is imported cannot be read");
            Error::Unavailable
        }
    }
}
