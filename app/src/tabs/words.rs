//! What is said of a tab.

use holdfast_domain::context::Path;
use holdfast_domain::sync::TabInfo;
use serde_json::Value;

use crate::notes::{FIELDS, TEXT};

const MINUTE_MS: i64 = 60_000;
/// Tabs tell of themselves every 20 s; somebody who was there within this time still is.
const IDLE_AFTER_MS: i64 = 2 * MINUTE_MS;

/// For how long nobody did anything there, `idle 8 min`; `None` while somebody does.
pub(super) fn idle(tab: &TabInfo, now_ms: i64) -> Option<String> {
    let past_ms = now_ms - tab.active_at_ms;
    match past_ms / MINUTE_MS {
        _ if past_ms < IDLE_AFTER_MS => None,
        minutes @ 0..60 => Some(format!("idle {minutes} min")),
        minutes => Some(format!("idle {} h", minutes / 60)),
    }
}

/// Where it is: the field with the caret, or for how long it has been idle, or the page it shows.
/// Without `now_ms` it is never idle.
pub(super) fn place(
    tab: &TabInfo,
    now_ms: Option<i64>,
    name_of: impl Fn(&str) -> Option<String>,
) -> String {
    let idle = now_ms.and_then(|now_ms| idle(tab, now_ms));
    idle.or_else(|| tab.editing.as_deref().and_then(name_of)).unwrap_or_else(|| tab.place.clone())
}

/// What a person calls what is at a path: `Text`, the name of a field, or the keys. `get` reads the context.
pub(super) fn name_of(path: &Path, get: impl Fn(&Path) -> Option<Value>) -> String {
    let keys: Vec<String> = path.keys().collect();
    match keys.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [TEXT] => "Text".into(),
        [FIELDS, key, ..] => {
            let label = Path::from_keys([FIELDS, key, "label"]).ok().and_then(|path| get(&path));
            let label = label.as_ref().and_then(Value::as_str).filter(|label| !label.is_empty());
            label.unwrap_or(key).into()
        }
        keys => keys.join(" › "),
    }
}

#[cfg(test)]
mod tests {
    use holdfast_domain::id::TabId;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn tab(editing: Option<&str>) -> TabInfo {
        TabInfo {
            tab: TabId::from(Uuid::nil()),
            label: "Tab 2".into(),
            place: "Notes".into(),
            editing: editing.map(Into::into),
            active_at_ms: 0,
            visible: true,
        }
    }

    fn named(path: &str) -> Option<String> {
        let context = json!({ "fields": { "budget": { "label": "Budget, EUR" } } });
        Some(name_of(&path.parse().ok()?, |path| context.pointer(path.as_str()).cloned()))
    }

    #[test]
    fn tab_3_a_tab_says_what_it_edits_or_shows() {
        let at = |editing| place(&tab(editing), Some(1_000), named);
        assert_eq!(at(None), "Notes");
        assert_eq!(at(Some("/notes")), "Text");
        assert_eq!(at(Some("/fields/budget/value")), "Budget, EUR");
        assert_eq!(at(Some("/fields/other/value")), "other");
        assert_eq!(at(Some("/trip/days")), "trip › days");
    }

    #[test]
    fn tab_3_a_tab_where_nobody_did_anything_is_idle() {
        let at = |now_ms| place(&tab(Some("/notes")), now_ms, named);
        assert_eq!(at(Some(IDLE_AFTER_MS - 1)), "Text");
        assert_eq!(at(Some(8 * MINUTE_MS + 5)), "idle 8 min");
        assert_eq!(at(Some(125 * MINUTE_MS)), "idle 2 h");
        assert_eq!(at(None), "Text");
    }
}
