//! The limits of rule CTX-10 and the bounds of the scanner. Bytes unless the name says otherwise.

use std::ops::RangeInclusive;

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
/// Items of one save request: each takes far more in memory than it has bytes.
pub const REQUEST_ITEMS: usize = 50_000;
/// What a keepalive request may carry; browsers refuse more than 64 KiB in flight together.
pub const KEEPALIVE_BYTES: usize = 60 * 1000;
/// What a page keeps in localStorage when IndexedDB is not there, as Base64: unacknowledged changes of three quarters
/// of that.
pub const LOCAL_STORAGE_BYTES: usize = 5 * 1000 * 1000;
/// Structs in one update; a 50 MB context of single characters stays below it.
pub const STRUCTS_PER_UPDATE: usize = 10_000_000;
/// Stretches of a context that were deleted each by itself, in one update and in a session: what is
/// deleted beside something deleted joins it. Each cuts what it lies in, and the time this takes grows
/// with the square of their number: three quarters of a minute for all of them at once in the worst
/// case, 7 s for half of them; loading a document that was cut before takes less than a second.
/// Writing a long paper makes some ten thousand.
pub const DELETED_RANGES: usize = 200_000;
/// An email address, in characters (RFC 5321, 4.5.3.1).
pub const EMAIL_CHARS: usize = 254;
/// A password, in characters.
pub const PASSWORD_CHARS: RangeInclusive<usize> = 8..=256;
/// What a browser says it is, in characters; the rest is left out.
pub const DEVICE_CHARS: usize = 200;
/// A session's or a snapshot's name, in characters.
pub const NAME_CHARS: usize = 255;
/// Values that an account shares, those that it took away again included.
pub const SHARED_VALUES: usize = 10_000;
/// All of them together (10 MB): each new session gets them.
pub const SHARED_BYTES: usize = 10 * 1000 * 1000;
