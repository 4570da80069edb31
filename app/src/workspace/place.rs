//! Where this device was in a session - the part, and how far it was scrolled - comes back with it (CTX-11).

use holdfast_session::{UseSession, use_view_state};
use leptos::ev::Event;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::{Part, id_in, use_part};
use crate::accounts::use_account_screen;
use crate::still::when_still;

/// The id of the element that scrolls.
pub(crate) const SCROLLED: &str = "main";

/// Keeps the place of the session, and goes back to it when the session opens. The answer is to be called
/// when [`SCROLLED`] was scrolled.
pub(super) fn keep_place(session: UseSession, ready: Memo<bool>) -> impl FnMut(Event) + 'static {
    let part = use_part();
    let (kept_part, keep_part) = use_view_state("part", Part::Notes);
    let (kept_scroll, keep_scroll) = use_view_state("scroll", Vec::<(Part, i32)>::new());

    // An address that names no session names no part of it either.
    let screen = use_account_screen();
    let anywhere = id_in(&use_location().pathname.get_untracked()).is_none()
        && screen.get_untracked().is_none();
    let navigate = use_navigate();
    Effect::new(move |was_ready: Option<bool>| {
        let (part, ready) = (part.get(), ready.get());
        let opens = ready && !was_ready.unwrap_or_default();
        let kept = kept_part.get_untracked();
        match session.id.get_untracked() {
            Some(id) if opens && anywhere && part != kept => {
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                navigate(&kept.of(id), options);
            }
            Some(_) if ready && part != kept && screen.get_untracked().is_none() => {
                keep_part.run(part);
            }
            _ => {}
        }
        ready || was_ready.unwrap_or_default()
    });

    // The part has its content in the next frame; each part of each session has a place of its own.
    Effect::new(move |_| {
        let (part, id) = (part.get(), session.id.get());
        if ready.get() && id.is_some() {
            request_animation_frame(move || {
                scroll_to(scroll_of(&kept_scroll.get_untracked(), part));
            });
        }
    });
    let look = move || {
        let Some(top) = scrolled() else { return };
        let (part, mut all) = (part.get_untracked(), kept_scroll.get_untracked());
        if ready.get_untracked() && scroll_of(&all, part) != top {
            all.retain(|(other, _)| *other != part);
            all.push((part, top));
            keep_scroll.run(all);
        }
    };
    let mut look = when_still(look);
    move |_: Event| look(())
}

fn scroll_of(all: &[(Part, i32)], part: Part) -> i32 {
    all.iter().find(|(of, _)| *of == part).map_or(0, |(_, top)| *top)
}

fn scrolled() -> Option<i32> {
    document().get_element_by_id(SCROLLED).map(|main| main.scroll_top())
}

fn scroll_to(top: i32) {
    if let Some(main) = document().get_element_by_id(SCROLLED) {
        main.set_scroll_top(top);
    }
}
