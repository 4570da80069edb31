//! Sets of clocks as sorted, joined, half-open ranges.

/// Sorted, no two touch.
pub(crate) type Ranges = Vec<(u32, u32)>;

/// Adds a range that starts at or after the last one's start.
pub(super) fn push(ranges: &mut Ranges, start: u32, end: u32) {
    match ranges.last_mut() {
        Some(last) if start <= last.1 => last.1 = last.1.max(end),
        _ => ranges.push((start, end)),
    }
}

/// Adds a range anywhere.
pub(super) fn insert(ranges: &mut Ranges, start: u32, end: u32) {
    // Those that touch the new one become one with it.
    let first = ranges.partition_point(|range| range.1 < start);
    let after = ranges.partition_point(|range| range.0 <= end);
    let touched = ranges.get(first..after).unwrap_or_default();
    let start = touched.first().map_or(start, |range| range.0.min(start));
    let end = touched.last().map_or(end, |range| range.1.max(end));
    ranges.splice(first..after.max(first), [(start, end)]);
}

/// Whether a clock is in the set.
pub(super) fn contains(ranges: &Ranges, clock: u32) -> bool {
    covers(ranges, clock, clock.saturating_add(1))
}

/// Whether all of a range is in the set.
pub(super) fn covers(ranges: &Ranges, start: u32, end: u32) -> bool {
    let at = ranges.partition_point(|range| range.1 <= start);
    ranges.get(at).is_some_and(|range| range.0 <= start && end <= range.1)
}
