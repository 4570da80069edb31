//! Light, dark or as the system: a preference of the person, on every device.

use holdfast_domain::shared::{Preferences, Theme};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::icon::{Icon, IconName};
use crate::popover;
use crate::preferences::set_preferences;
use crate::toasts::Toasts;

const MENU: &str = "theme-menu";
const ATTRIBUTE: &str = "data-theme";

/// The word of `<html data-theme>`; none follows the system.
pub(crate) fn word(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    }
}

/// What the person reads.
fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "Like the system",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

fn icon(theme: Theme) -> IconName {
    match theme {
        Theme::System => IconName::System,
        Theme::Light => IconName::Sun,
        Theme::Dark => IconName::Moon,
    }
}

/// The theme of the page.
#[derive(Clone, Copy)]
pub(crate) struct UseTheme {
    chosen: RwSignal<Theme>,
    toasts: Toasts,
}

impl UseTheme {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let theme = Self { chosen: RwSignal::default(), toasts: Toasts::of_page() };
        provide_context(theme);
        // The document carries what the server knows.
        Effect::new(move |_| {
            let root = document().document_element();
            let written = root.and_then(|root| root.get_attribute(ATTRIBUTE));
            let known = [Theme::Light, Theme::Dark];
            let known = known.into_iter().find(|theme| word(*theme) == written.as_deref());
            theme.chosen.set(known.unwrap_or_default());
        });
        theme
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Shows a theme and keeps it for all devices.
    pub(crate) fn choose(self, theme: Theme) {
        self.chosen.set(theme);
        if let Some(root) = document().document_element() {
            // Neither can fail for this name.
            let _ = match word(theme) {
                Some(word) => root.set_attribute(ATTRIBUTE, word),
                None => root.remove_attribute(ATTRIBUTE),
            };
        }
        spawn_local(async move {
            if set_preferences(Preferences { theme }).await.is_err() {
                self.toasts.fail(
                    "The theme is shown here, but the server could not be told. Choose it again later.",
                );
            }
        });
    }
}

/// The button in the top line.
#[component]
pub(crate) fn ThemeButton() -> impl IntoView {
    let theme = UseTheme::of_page();
    let label = move || format!("Theme: {}", name(theme.chosen.get()).to_lowercase());
    view! {
        <button type="button" class="icon-button" popovertarget=MENU aria-label=label>
            {move || view! { <Icon name=icon(theme.chosen.get()) /> }}
        </button>
    }
}

/// The menu behind every button that names it.
#[component]
pub(crate) fn ThemeMenu() -> impl IntoView {
    let theme = UseTheme::of_page();
    let item = move |offered: Theme| {
        let choose = move |_| {
            popover::close(MENU);
            theme.choose(offered);
        };
        view! {
            <button
                type="button"
                class="menu-item"
                aria-pressed=move || (theme.chosen.get() == offered).to_string()
                on:click=choose
            >
                <Icon name=icon(offered) />
                {name(offered)}
                <span class="menu-check">
                    <Icon name=IconName::Check />
                </span>
            </button>
        }
    };
    view! {
        <div class="popover popover-end menu" id=MENU popover role="group" aria-label="Theme">
            {[Theme::Light, Theme::Dark, Theme::System].map(item)}
        </div>
    }
}
