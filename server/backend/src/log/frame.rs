//! Several updates in one plaintext (format 1): each is its length in bytes as `u32` little-endian,
//! then itself.

/// Frames updates one after the other.
pub(super) fn pack<'a>(updates: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut frame = Vec::new();
    for update in updates {
        // The scanner's limit is far below 4 GB.
        let length = u32::try_from(update.len()).unwrap_or(u32::MAX);
        frame.extend_from_slice(&length.to_le_bytes());
        frame.extend_from_slice(update);
    }
    frame
}

/// What [`pack`] framed; `None` for anything else.
pub(super) fn unpack(mut frame: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut updates = Vec::new();
    while !frame.is_empty() {
        let (length, rest) = frame.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (update, rest) = rest.split_at_checked(length)?;
        updates.push(update.to_vec());
        frame = rest;
    }
    Some(updates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sync_1_frames_give_back_what_they_hold() {
        let updates: Vec<Vec<u8>> = vec![vec![], vec![1], vec![2; 300]];
        let frame = pack(updates.iter().map(Vec::as_slice));
        assert_eq!(unpack(&frame), Some(updates));
        assert_eq!(unpack(&frame[..frame.len() - 1]), None);
        assert_eq!(unpack(&[]), Some(vec![]));
        assert_eq!(unpack(&[255, 255, 255, 255, 0]), None);
    }
}
