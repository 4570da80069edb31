//! The tabs of one session in one browser, as they tell each other (TAB-3).

use holdfast_domain::id::TabId;
use holdfast_domain::sync::TabInfo;

/// A tab tells this often that it lives, where the browser lets it.
const TELL_EVERY_MS: u64 = 20_000;
/// A visible tab that was silent for this long is gone.
const VISIBLE_SILENCE_MS: i64 = 45_000;
/// Browsers wake a hidden tab once a minute at most.
const HIDDEN_SILENCE_MS: i64 = 150_000;
/// Labels given without asking: `Tab 1`, `Tab 2`.
const AUTOMATIC: &str = "Tab ";

/// This tab and its siblings.
#[derive(Clone, Debug)]
pub(crate) struct Presence {
    me: TabInfo,
    named: bool,
    /// When it was told last.
    told_ms: i64,
    /// What they said and when, in the order in which they opened.
    siblings: Vec<(TabInfo, i64)>,
}

impl Presence {
    /// A tab nobody has heard of; `label` where the person gave it one before.
    pub(crate) fn new(tab: TabId, label: Option<String>, visible: bool, now_ms: i64) -> Self {
        Self {
            named: label.is_some(),
            told_ms: now_ms,
            me: TabInfo {
                tab,
                label: label.unwrap_or_else(|| format!("{AUTOMATIC}1")),
                place: String::new(),
                editing: None,
                active_at_ms: now_ms,
                visible,
            },
            siblings: Vec::new(),
        }
    }

    /// What this tab tells now.
    pub(crate) fn tell(&mut self, now_ms: i64) -> TabInfo {
        self.told_ms = now_ms;
        self.me.clone()
    }

    /// Whether the siblings should hear again that this tab lives. By the clock and not by its own timer: that
    /// of a hidden tab comes once a minute.
    pub(crate) fn should_tell(&self, now_ms: i64) -> bool {
        now_ms.abs_diff(self.told_ms) >= TELL_EVERY_MS
    }

    /// Changes what this tab tells; whether that is news.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut TabInfo)) -> bool {
        let before = self.me.clone();
        change(&mut self.me);
        self.named |= before.label != self.me.label;
        before != self.me
    }

    /// A sibling told where it is; whether this tab's label had to give way. The older tab keeps
    /// the label (ids grow with time), so a duplicated tab is told apart from its original.
    pub(crate) fn hear(&mut self, info: TabInfo, now_ms: i64) -> bool {
        if info.tab == self.me.tab {
            return false;
        }
        let clash = info.label == self.me.label && info.tab < self.me.tab;
        self.forget(info.tab);
        let at = self.siblings.partition_point(|(before, _)| before.tab < info.tab);
        self.siblings.insert(at, (info, now_ms));
        if clash {
            self.me.label = self.free_label();
        }
        clash
    }

    /// A sibling said good-bye.
    pub(crate) fn forget(&mut self, tab: TabId) {
        self.siblings.retain(|(info, _)| info.tab != tab);
    }

    /// Drops the tabs that fell silent; whether there were any.
    pub(crate) fn drop_silent(&mut self, now_ms: i64) -> bool {
        let before = self.siblings.len();
        self.siblings.retain(|(info, heard_ms)| {
            let silence = if info.visible { VISIBLE_SILENCE_MS } else { HIDDEN_SILENCE_MS };
            now_ms - *heard_ms < silence
        });
        before != self.siblings.len()
    }

    /// Whether nobody looks at a sibling, and this tab was used after all of them.
    pub(crate) fn was_used_last(&self) -> bool {
        let used = |tab: &TabInfo| (tab.active_at_ms, tab.tab);
        let before_me = |tab: &TabInfo| !tab.visible && used(tab) < used(&self.me);
        self.siblings.iter().all(|(sibling, _)| before_me(sibling))
    }

    /// This tab first, then the others in the order in which they opened.
    pub(crate) fn tabs(&self) -> Vec<TabInfo> {
        let siblings = self.siblings.iter().map(|(info, _)| info.clone());
        std::iter::once(self.me.clone()).chain(siblings).collect()
    }

    fn free_label(&self) -> String {
        let stem = if self.named { format!("{} ", self.me.label) } else { AUTOMATIC.into() };
        let taken = |label: &str| self.siblings.iter().any(|(info, _)| info.label == label);
        let first = if self.named { 2 } else { 1 };
        (first..).map(|n: u32| format!("{stem}{n}")).find(|label| !taken(label)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tab(n: u128) -> TabId {
        TabId::from(uuid::Uuid::from_u128(n))
    }

    fn info(n: u128, label: &str, visible: bool) -> TabInfo {
        Presence::new(tab(n), Some(label.into()), visible, 0).me
    }

    #[test]
    fn tab_3_a_second_tab_takes_the_next_free_label() {
        let mut second = Presence::new(tab(2), None, true, 0);
        assert!(second.hear(info(1, "Tab 1", true), 0));
        assert_eq!(second.me.label, "Tab 2");
        let mut first = Presence::new(tab(1), None, true, 0);
        assert!(!first.hear(info(2, "Tab 1", true), 0));
        assert_eq!(first.me.label, "Tab 1");
    }

    #[test]
    fn tab_3_a_duplicated_tab_is_told_apart_from_its_original() {
        let mut copy = Presence::new(tab(2), Some("Plan".into()), true, 0);
        assert!(copy.hear(info(1, "Plan", true), 0));
        assert_eq!(copy.me.label, "Plan 2");
    }

    #[test]
    fn tab_5_of_hidden_tabs_exactly_one_was_used_last() {
        let mut used_first = Presence::new(tab(2), None, false, 5);
        let mut used_last = Presence::new(tab(1), None, false, 9);
        used_first.hear(used_last.me.clone(), 9);
        used_last.hear(used_first.me.clone(), 9);
        assert!(used_last.was_used_last());
        assert!(!used_first.was_used_last());
        used_first.forget(tab(1));
        assert!(used_first.was_used_last());
        used_last.hear(info(3, "seen", true), 9);
        assert!(!used_last.was_used_last());
    }

    #[test]
    fn tab_3_a_hidden_tab_that_is_woken_once_a_minute_is_never_taken_for_gone() {
        let mut hidden = Presence::new(tab(1), None, false, 0);
        let mut seen = Presence::new(tab(2), None, true, 0);
        seen.hear(hidden.tell(0), 0);
        for minute in 1..=10 {
            let now_ms = minute * 60_000;
            assert!(!seen.drop_silent(now_ms - 1));
            assert!(hidden.should_tell(now_ms));
            seen.hear(hidden.tell(now_ms), now_ms);
            assert!(!hidden.should_tell(now_ms + 5_000));
        }
    }

    #[test]
    fn tab_3_tabs_that_fall_silent_are_dropped_hidden_ones_later() {
        let mut tabs = Presence::new(tab(9), None, true, 0);
        tabs.hear(info(1, "a", true), 0);
        tabs.hear(info(2, "b", false), 0);
        assert!(!tabs.drop_silent(44_000));
        assert!(tabs.drop_silent(45_000));
        assert_eq!(tabs.tabs().len(), 2);
        tabs.forget(tab(2));
        assert_eq!(tabs.tabs().len(), 1);
    }
}
