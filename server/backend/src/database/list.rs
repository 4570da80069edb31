//! Lists in SQL.

/// `$3, $4, $5` for three from 3.
pub(crate) fn placeholders(from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// For `IN (...)`: the placeholders from 1 on, and what to bind to them. Padded by the last item to a power of
/// two, so that few statements are prepared for every number.
pub(crate) fn any_of<T: Clone>(items: impl IntoIterator<Item = T>) -> (String, Vec<T>) {
    let mut items: Vec<T> = items.into_iter().collect();
    if let Some(last) = items.last().cloned() {
        items.resize(items.len().next_power_of_two(), last);
    }
    (placeholders(1, items.len()), items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sync_1_a_list_has_as_many_places_as_items() {
        assert_eq!(placeholders(3, 3), "$3, $4, $5");
        assert_eq!(any_of(["a", "b", "c"]), ("$1, $2, $3, $4".into(), vec!["a", "b", "c", "c"]));
        assert_eq!(any_of(Vec::<i64>::new()), (String::new(), Vec::new()));
    }
}
