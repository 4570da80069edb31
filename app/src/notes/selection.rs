//! Where somebody was writing in the long text comes back with the session on this device (CTX-11).

use holdfast_session::{SessionOptions, use_session, use_view_state};
use leptos::html::Textarea;
use leptos::prelude::*;
use web_sys::{FocusOptions, HtmlTextAreaElement};

use crate::still::when_still;

/// First and last character of what is selected, in UTF-16 units as the browser counts; `None`: the focus is
/// elsewhere.
type Selection = Option<(u32, u32)>;

/// Keeps the selection, and goes back to it when the session opens and the focus is nowhere yet. The answer
/// is to be called when the selection moved, or the focus came or went.
pub(super) fn keep_selection(node: NodeRef<Textarea>) -> impl Fn() + Copy + 'static {
    let session = use_session(SessionOptions::default());
    let ready = Memo::new(move |_| session.id.get().is_some() && !session.loading.get());
    let (kept, keep) = use_view_state("selection", Selection::None);
    Effect::new(move |_| {
        let (Some(_), Some(area), true) = (session.id.get(), node.get(), ready.get()) else {
            return;
        };
        let Some((start, end)) = kept.get_untracked() else { return };
        // The text is in its place, and the page at its, in the frame after the next.
        request_animation_frame(move || {
            request_animation_frame(move || {
                if is_nowhere() {
                    go_to(&area, start, end);
                }
            });
        });
    });
    let look = move || {
        let area = node.try_get_untracked().flatten();
        let Some(area) = area.filter(|_| ready.try_get_untracked() == Some(true)) else {
            return;
        };
        let now = selected(&area);
        if kept.get_untracked() != now {
            keep.run(now);
        }
    };
    let moved = RwSignal::new(0_u32);
    // Held by the effect, which only a browser has.
    Effect::new({
        let mut look = when_still(look);
        move |_| {
            if moved.get() > 0 {
                look(());
            }
        }
    });
    move || moved.update(|times| *times = times.wrapping_add(1))
}

fn selected(area: &HtmlTextAreaElement) -> Selection {
    let focused = document().active_element()?;
    let here = focused.is_same_node(Some(area));
    let (start, end) = (area.selection_start().ok()??, area.selection_end().ok()??);
    here.then_some((start, end))
}

/// Nobody has gone anywhere on this page yet.
fn is_nowhere() -> bool {
    let focused = document().active_element();
    focused.is_none_or(|focused| document().body().is_some_and(|body| *body == focused))
}

fn go_to(area: &HtmlTextAreaElement, start: u32, end: u32) {
    let options = FocusOptions::new();
    // The page has a place of its own, which is kept as well.
    options.set_prevent_scroll(true);
    // Refused only for what cannot have it; the browser cuts off what lies behind the text's end.
    let _ = area.focus_with_options(&options);
    let _ = area.set_selection_range(start, end);
}
