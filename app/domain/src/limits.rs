//! The limits of rule CTX-10 and the bounds of the scanner. Bytes unless the name says otherwise.

/// The whole context, encoded (50 MB).
pub const CONTEXT_BYTES: usize = 50 * 1000 * 1000;
/// One incremental update (1 MB); a client splits a larger edit.
pub const UPDATE_BYTES: usize = 1000 * 1000;
/// One key of an object, in UTF-8 bytes.
pub const KEY_BYTES: usize = 256;
/// Objects and arrays inside each other, the root object being level 0.
pub const NESTING_LEVELS: usize = 64;
/// One save request, all items together, unless it is a first sync.
pub const REQUEST_BYTES: usize = 4 * 1000 * 1000;
/// What a keepalive request may carry; browsers refuse more than 64 KiB in flight together.
pub const KEEPALIVE_BYTES: usize = 60 * 1000;
/// Unacknowledged changes kept in localStorage when IndexedDB is not there.
pub const LOCAL_STORAGE_BYTES: usize = 5 * 1000 * 1000;
/// Structs in one update; a 50 MB context of single characters stays below it.
pub const STRUCTS_PER_UPDATE: usize = 10_000_000;
/// A session's or a snapshot's name, in characters.
pub const NAME_CHARS: usize = 255;
