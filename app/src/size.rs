//! How much something takes, in words.

/// `812 bytes`, `4.1 KB`, `12 MB`; `None` where it is not known yet.
pub(crate) fn size(bytes: i64) -> Option<String> {
    let (unit_bytes, unit) = match bytes {
        ..=0 => return None,
        1 => return Some("1 byte".into()),
        2..1_000 => return Some(format!("{bytes} bytes")),
        1_000..1_000_000 => (1_000, "KB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let (whole, tenth) = (bytes / unit_bytes, bytes % unit_bytes * 10 / unit_bytes);
    Some(if whole < 10 { format!("{whole}.{tenth} {unit}") } else { format!("{whole} {unit}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snap_1_sizes_are_short() {
        let sizes = [0, 1, 812, 4_123, 45_999, 1_250_000, 12_400_000_000].map(size);
        let words = sizes.each_ref().map(Option::as_deref);
        assert_eq!(
            words,
            [
                None,
                Some("1 byte"),
                Some("812 bytes"),
                Some("4.1 KB"),
                Some("45 KB"),
                Some("1.2 MB"),
                Some("12 GB")
            ]
        );
    }
}
