//! What others change in the text, marked in their colour for a moment.

use std::time::Duration;

use holdfast_domain::id::TabId;
use holdfast_domain::sync::ChangeOrigin;
use holdfast_session::{SessionOptions, UseSession, use_session};
use leptos::html;
use leptos::prelude::*;

use super::changed::{Changed, Cut, Mark, changed};
use super::peers::only_peer_at;
use super::text::path;

/// As long as its fading in the style sheet.
const LASTS: Duration = Duration::from_secs(2);
/// More at once would be no marks any more.
const AT_MOST: usize = 64;
/// Laying out a text twice takes time; bytes.
const LONGEST: usize = 100_000;

/// Somebody else who changes the text.
#[derive(Clone, Copy)]
struct Other {
    /// The number of the colour, where it is known which tab it is.
    peer: Option<usize>,
}

/// The marks of the open text.
#[derive(Clone, Copy)]
struct Marks {
    session: UseSession,
    text: Signal<String>,
    /// In the order of their places.
    shown: RwSignal<Vec<Mark>>,
    last: StoredValue<u64>,
    /// The text as it was before the next change, and which opening of a session it is of.
    seen: StoredValue<Option<(Option<TabId>, String)>>,
}

impl Marks {
    fn new(text: Signal<String>) -> Self {
        let marks = Self {
            session: use_session(SessionOptions::default()),
            text,
            shown: RwSignal::default(),
            last: StoredValue::default(),
            seen: StoredValue::new(None),
        };
        if !marks.session.loading.get_untracked() {
            marks.see();
        }
        marks
    }

    /// Remembers the text as it is, and gives it as it was; `None` where it is not to be compared.
    fn see(self) -> Option<String> {
        let tab = self.session.tab.get_untracked();
        let now =
            self.text.with_untracked(|text| (text.len() <= LONGEST).then(|| (tab, text.clone())));
        let before = self.seen.try_update_value(|seen| std::mem::replace(seen, now)).flatten();
        before.filter(|(of, _)| *of == tab).map(|(_, text)| text)
    }

    /// The text changed, by this tab or by somebody else.
    fn follow(self, other: Option<Other>) {
        let before = self.see();
        if other.is_none() && self.shown.with_untracked(Vec::is_empty) {
            return;
        }
        let Some(before) = before else {
            self.shown.set(Vec::new());
            return;
        };
        if let Some(change) = self.text.with_untracked(|text| changed(&before, text)) {
            // A text that comes as a whole was just opened.
            self.mark(change, other.filter(|_| !before.is_empty()));
        }
    }

    /// Moves the marks along with a change; what somebody else did gets one of its own.
    fn mark(self, change: Changed, other: Option<Other>) {
        let number = self.last.get_value() + 1;
        self.last.set_value(number);
        self.shown.update(|shown| {
            for mark in shown.iter_mut() {
                *mark = mark.after(change);
            }
            if let Some(Other { peer }) = other.filter(|_| shown.len() < AT_MOST) {
                let (from, to) = (change.at, change.at + change.inserted);
                let place = shown.partition_point(|mark| mark.from <= from);
                shown.insert(place, Mark { number, from, to, peer });
            }
        });
        if other.is_some() {
            let expire = move || {
                self.shown.try_update(|shown| shown.retain(|mark| mark.number != number));
            };
            set_timeout(expire, LASTS);
        }
    }
}

/// Lies under the text with the same measures; nothing of it is seen but the marks.
#[component]
pub(super) fn Mirror(
    /// What the text reads.
    text: Signal<String>,
    /// The element that shows it.
    area: NodeRef<html::Textarea>,
    /// To be scrolled with it.
    layer: NodeRef<html::Div>,
) -> impl IntoView {
    let marks = Marks::new(text);
    if let Some(path) = path() {
        let peer = only_peer_at(path.clone());
        marks.session.on_change(move |change| {
            if !change.paths.contains(&path) {
                return;
            }
            match change.origin {
                // It does not say which one.
                ChangeOrigin::OtherTab => {
                    marks.follow(Some(Other { peer: peer.get_untracked() }));
                }
                ChangeOrigin::OtherDevice => marks.follow(Some(Other { peer: None })),
                _ => marks.follow(None),
            }
        });
    }
    let any = Memo::new(move |_| !marks.shown.read().is_empty());
    let cut = Memo::new(move |_| text.with(|text| Cut::new(text, &marks.shown.read())));
    let piece = move |number: u64| {
        cut.with(|cut| cut.pieces.iter().find(|piece| piece.0 == number).cloned())
    };
    let row = move |mark: Mark| {
        let number = mark.number;
        let before = move || piece(number).map(|(_, before, _)| before);
        let inside = move || piece(number).map(|(_, _, inside)| inside);
        // Where something was taken away there is only a place.
        let class = if mark.from == mark.to { "peer-caret" } else { "peer-edit" };
        view! {
            {before}
            <span class=class data-peer=mark.peer.map(|colour| colour.to_string())>
                {inside}
            </span>
        }
    };
    Effect::new(move |_| {
        if layer.get().is_some() {
            scroll(area, layer);
        }
    });
    view! {
        <Show when=move || any.get()>
            <div class="document-mirror" aria-hidden="true" node_ref=layer>
                <For each=move || marks.shown.get() key=|mark| mark.number let:mark>
                    {row(mark)}
                </For>
                {move || cut.with(|cut| cut.rest.clone())}
            </div>
        </Show>
    }
}

/// Scrolls the mirror with the text, where the text scrolls by itself.
pub(super) fn scroll(area: NodeRef<html::Textarea>, layer: NodeRef<html::Div>) {
    if let (Some(area), Some(layer)) = (area.get_untracked(), layer.get_untracked()) {
        layer.set_scroll_top(area.scroll_top());
    }
}
