//! Reads lib0's primitive encodings from a slice, refusing what readers could understand apart.

use crate::{Error, Result};

/// Client ids stay below 2^53, so that JavaScript can hold them.
pub(crate) const CLIENT_END: u64 = 1 << 53;
/// Clocks stay below 2^31: readers compute with signed 32-bit differences.
pub(crate) const CLOCK_END: u32 = 1 << 31;

/// A place in a slice of bytes.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes already read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// What was read between two positions.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(len).filter(|end| *end <= self.bytes.len());
        let Some(end) = end else { return Err(Error::malformed("unexpected end")) };
        let taken = self.between(self.at, end);
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte.ok_or_else(|| Error::malformed("unexpected end"))
    }

    /// An unsigned variable-length integer: 7 bits a byte, lowest first, the high bit says that more
    /// follow.
    pub(crate) fn var_u64(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Error::malformed("number too large"))
    }

    /// As [`Cursor::var_u64`]; the value must fit 32 bits.
    pub(crate) fn var_u32(&mut self) -> Result<u32> {
        let start = self.at;
        let value = self.var_u64()?;
        // Readers of 32-bit numbers wrap the shift: a sixth byte would land in the low bits.
        if self.at - start > 5 {
            return Err(Error::malformed("number too long"));
        }
        u32::try_from(value).map_err(|_| Error::malformed("number too large"))
    }

    /// A signed variable-length integer: the first byte carries the sign and 6 bits.
    pub(crate) fn skip_var_i64(&mut self) -> Result<()> {
        let mut byte = self.byte()?;
        let mut bits = 6;
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            if bits >= 62 && byte > 1 {
                return Err(Error::malformed("number too large"));
            }
            bits += 7;
        }
        Ok(())
    }

    /// How many things follow that take at least one byte each.
    pub(crate) fn count(&mut self) -> Result<usize> {
        let count = usize::try_from(self.var_u64()?).unwrap_or(usize::MAX);
        if count > self.remaining() {
            return Err(Error::malformed("count beyond the end"));
        }
        Ok(count)
    }

    /// Bytes behind their length.
    pub(crate) fn block(&mut self) -> Result<&'a [u8]> {
        let len = self.var_u32()?;
        self.take(usize::try_from(len).unwrap_or(usize::MAX))
    }

    /// UTF-8 behind its length in bytes.
    pub(crate) fn string(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.block()?).map_err(|_| Error::malformed("text is not UTF-8"))
    }

    pub(crate) fn client(&mut self) -> Result<u64> {
        match self.var_u64()? {
            client if client < CLIENT_END => Ok(client),
            _ => Err(Error::malformed("client id of 2^53 or more")),
        }
    }

    /// A clock, or a length in clocks.
    pub(crate) fn clock(&mut self) -> Result<u32> {
        match self.var_u32()? {
            clock if clock < CLOCK_END => Ok(clock),
            _ => Err(Error::malformed("clock of 2^31 or more")),
        }
    }
}

/// Appends an unsigned variable-length integer.
pub(crate) fn write_var(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap_or(0));
}
