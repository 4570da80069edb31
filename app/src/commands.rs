//! What can be done by name or by key, wherever the focus is.

mod keys;
mod palette;
mod sheet;

use holdfast_domain::shared::Theme;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

pub(crate) use keys::use_modifier;

use self::keys::listen;
use self::palette::Palette;
use self::sheet::ShortcutSheet;
use crate::accounts::Screen;
use crate::developer::DeveloperControls;
use crate::icon::IconName;
use crate::notes::open_add_field;
use crate::reset::Resetting;
use crate::sessions::{Bundles, GoneSessions, SessionList};
use crate::snapshots::use_take_snapshot;
use crate::theme::UseTheme;
use crate::workspace::{Part, use_part};

/// One thing that can be done.
#[derive(Clone, Copy)]
pub(crate) struct Command {
    /// What the person reads and types.
    pub(crate) name: &'static str,
    pub(crate) icon: IconName,
    /// Its keys: `+` between those held together, `Mod` for Ctrl or Cmd.
    pub(crate) keys: Option<&'static str>,
    pub(crate) run: Callback<()>,
    /// Whether the palette lists it; opening the palette itself or the search of the list has keys only.
    pub(crate) offered: bool,
}

impl Command {
    /// Its keys as a person reads them, `Ctrl Shift Z`; nothing where it has none.
    pub(crate) fn shown_keys(&self, modifier: &str) -> String {
        self.keys.unwrap_or_default().replace('+', " ").replace("Mod", modifier)
    }
}

/// The commands of the page and their two dialogs.
#[derive(Clone, Copy)]
pub(crate) struct Commands {
    all: StoredValue<Vec<Command>>,
    /// The palette is open.
    pub(crate) palette: RwSignal<bool>,
    /// The sheet of shortcuts is open.
    pub(crate) sheet: RwSignal<bool>,
}

impl Commands {
    /// Makes them known to the components below, and listens to their keys.
    pub(crate) fn provide() -> Self {
        let commands = Self {
            all: StoredValue::default(),
            palette: RwSignal::new(false),
            sheet: RwSignal::new(false),
        };
        provide_context(commands);
        commands.all.set_value(commands.list());
        listen(commands);
        commands
    }

    /// Those of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// All of them, in the order in which they are offered.
    pub(crate) fn all(self) -> Vec<Command> {
        self.all.get_value()
    }

    /// The one of this name.
    pub(crate) fn named(self, name: &str) -> Option<Command> {
        self.all().into_iter().find(|command| command.name == name)
    }

    fn list(self) -> Vec<Command> {
        let session = use_session(SessionOptions::default());
        let (theme, resetting) = (UseTheme::of_page(), Resetting::of_page());
        let list = SessionList::of_page();
        let (bundles, gone) = (Bundles::of_page(), GoneSessions::of_page());
        let take_snapshot = use_take_snapshot();
        let navigate = StoredValue::new(use_navigate());
        let shown = use_part();
        let go = move |part: Part| {
            if let Some(id) = session.id.get_untracked().filter(|_| shown.get_untracked() != part) {
                navigate.with_value(|go| go(&part.of(id), NavigateOptions::default()));
            }
        };
        let command =
            |name, icon, keys, run: Callback<()>| Command { name, icon, keys, run, offered: true };
        let by_keys = |name, icon, keys, run: Callback<()>| Command {
            offered: false,
            ..command(name, icon, Some(keys), run)
        };
        let developer = DeveloperControls::of_page().map(|controls| {
            let show = Callback::new(move |()| controls.show());
            command("Developer controls", IconName::Wrench, None, show)
        });
        let mut all = vec![
            by_keys(
                "Commands",
                IconName::Command,
                "Mod+K",
                Callback::new(move |()| self.palette.update(|open| *open = !*open)),
            ),
            by_keys(
                "Search sessions",
                IconName::Search,
                "/",
                Callback::new(move |()| list.search()),
            ),
            command(
                "Take a snapshot",
                IconName::Camera,
                None,
                Callback::new(move |()| take_snapshot(None)),
            ),
            command(
                "New session",
                IconName::Plus,
                None,
                Callback::new(move |()| {
                    session.create(None);
                }),
            ),
            command(
                "Add a field",
                IconName::Plus,
                None,
                Callback::new(move |()| {
                    go(Part::Notes);
                    open_add_field();
                }),
            ),
            command(
                "Save now",
                IconName::Cloud,
                Some("Mod+S"),
                Callback::new(move |()| session.save_now()),
            ),
            command("Undo", IconName::Undo, Some("Mod+Z"), Callback::new(move |()| session.undo())),
            command(
                "Redo",
                IconName::Redo,
                Some("Mod+Shift+Z"),
                Callback::new(move |()| session.redo()),
            ),
            command(
                "Go to the notes",
                IconName::Note,
                None,
                Callback::new(move |()| go(Part::Notes)),
            ),
            command(
                "Go to the jobs",
                IconName::Chart,
                None,
                Callback::new(move |()| go(Part::Jobs)),
            ),
            command(
                "Go to the history",
                IconName::Restore,
                None,
                Callback::new(move |()| go(Part::History)),
            ),
            command(
                "Statistics",
                IconName::Chart,
                None,
                Callback::new(move |()| {
                    let address = Screen::Statistics.address();
                    navigate.with_value(|go| go(address, NavigateOptions::default()));
                }),
            ),
            command(
                "Import a session…",
                IconName::Upload,
                None,
                Callback::new(move |()| bundles.ask_for_file()),
            ),
            command(
                "Deleted sessions",
                IconName::Trash,
                None,
                Callback::new(move |()| gone.show()),
            ),
            command(
                "Reset session…",
                IconName::Undo,
                None,
                Callback::new(move |()| resetting.ask()),
            ),
            command(
                "Light theme",
                IconName::Sun,
                None,
                Callback::new(move |()| theme.choose(Theme::Light)),
            ),
            command(
                "Dark theme",
                IconName::Moon,
                None,
                Callback::new(move |()| theme.choose(Theme::Dark)),
            ),
            command(
                "Theme like the system",
                IconName::System,
                None,
                Callback::new(move |()| theme.choose(Theme::System)),
            ),
            command(
                "Shortcuts",
                IconName::Keyboard,
                Some("?"),
                Callback::new(move |()| self.sheet.set(true)),
            ),
        ];
        all.extend(developer);
        all
    }
}

/// The dialogs of the commands; one of each in the page.
#[component]
pub(crate) fn CommandDialogs() -> impl IntoView {
    view! {
        <Palette />
        <ShortcutSheet />
    }
}
