//! The icons: one set, 16 px, one 1.5 px line in the colour of the text around it. An icon never
//! speaks for itself: a label stands beside it, or its button has an `aria-label`.

use leptos::prelude::*;

/// What an icon stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    /// Make a new one.
    Plus,
    /// Find.
    Search,
    /// A snapshot.
    Camera,
    /// Bring back an earlier state.
    Restore,
    /// The dark theme.
    Moon,
    /// The light theme.
    Sun,
    /// The theme of the device.
    System,
    /// The drawer of sessions.
    Menu,
    /// Close or dismiss.
    Close,
    /// Done, or chosen.
    Check,
    /// Opens below.
    ChevronRight,
    /// Opens downwards.
    ChevronDown,
    /// Kept until it is unpinned.
    Pin,
    /// Stop for now.
    Pause,
    /// Go on.
    Play,
    /// A folder.
    Folder,
    /// Delete.
    Trash,
    /// Put away.
    Archive,
    /// Rename or edit.
    Pencil,
    /// More actions.
    More,
    /// Copy or duplicate.
    Copy,
    /// Something needs attention.
    Warning,
    /// The server.
    Cloud,
    /// No network.
    CloudOff,
    /// The right column.
    Panel,
    /// The left column.
    Sidebar,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Shortcuts.
    Keyboard,
    /// Text.
    Note,
    /// Holdfast itself.
    Logo,
    /// The command palette.
    Command,
    /// The person and their account.
    Person,
    /// Leave.
    SignOut,
    /// Get as a file.
    Download,
    /// Give from a file.
    Upload,
    /// Figures.
    Chart,
    /// For developers.
    Wrench,
}

impl IconName {
    /// The line, in a square of 16 by 16.
    const fn path(self) -> &'static str {
        match self {
            Self::Plus => "M8 3v10M3 8h10",
            Self::Search => "M11.5 7a4.5 4.5 0 1 1-9 0a4.5 4.5 0 1 1 9 0zM10.2 10.2 13.5 13.5",
            Self::Camera => {
                "M2 5.5a1 1 0 0 1 1-1h2l1-1.5h4l1 1.5h2a1 1 0 0 1 1 1V12a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1zM10.2 8.5a2.2 2.2 0 1 1-4.4 0a2.2 2.2 0 1 1 4.4 0z"
            }
            Self::Restore => "M3 8a5 5 0 1 0 1.5-3.5L3 6M3 2.5V6h3.5",
            Self::Moon => "M13.2 9.6A5.5 5.5 0 1 1 6.4 2.8a4.4 4.4 0 0 0 6.8 6.8z",
            Self::Sun => {
                "M10.5 8a2.5 2.5 0 1 1-5 0a2.5 2.5 0 1 1 5 0zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7"
            }
            Self::System => "M2 3h12v8H2zM5.5 13.5h5M8 11v2.5",
            Self::Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Check => "M3.5 8.5l3 3 6-7",
            Self::ChevronDown => "M4.5 6.5 8 10l3.5-3.5",
            Self::Pin => "M5.5 2h5l-.5 4 2.5 3h-9L6 6zM8 9v5",
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Play => "M5 3.5 12 8l-7 4.5z",
            Self::Folder => {
                "M2 4.5a1 1 0 0 1 1-1h3.5l1.5 2h5a1 1 0 0 1 1 1V12a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1z"
            }
            Self::Trash => "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.8 7v4M9.2 7v4",
            Self::Archive => "M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 8.5h3",
            Self::ChevronRight => "M6 3.5L10.5 8L6 12.5",
            Self::Pencil => "M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4zM9.2 4.4l2.4 2.4",
            Self::More => {
                "M4 8a.5.5 0 1 1-1 0a.5.5 0 1 1 1 0zM8.5 8a.5.5 0 1 1-1 0a.5.5 0 1 1 1 0zM13 8a.5.5 0 1 1-1 0a.5.5 0 1 1 1 0z"
            }
            Self::Copy => {
                "M6 5.5h6.5a1 1 0 0 1 1 1V13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zM2.5 10.5V3a1 1 0 0 1 1-1h7"
            }
            Self::Warning => "M8 2.5 14 13H2zM8 6.5v3M8 11.4h.01",
            Self::Cloud => "M4.5 12.5a2.8 2.8 0 0 1-.3-5.6a4 4 0 0 1 7.7.6a2.5 2.5 0 0 1-.4 5z",
            Self::CloudOff => {
                "M6.6 4.2a4 4 0 0 1 5.3 3.3a2.5 2.5 0 0 1 1.4 4.1M11 12.5H4.5a2.8 2.8 0 0 1-.3-5.6M2.5 2.5l11 11"
            }
            Self::Panel => "M2 3h12v10H2zM10 3v10",
            Self::Sidebar => "M2 3h12v10H2zM6 3v10",
            Self::Undo => "M6 3.5 3 6.5l3 3M3 6.5h6.5a3.2 3.2 0 0 1 0 6.5H7",
            Self::Redo => "M10 3.5l3 3-3 3M13 6.5H6.5a3.2 3.2 0 0 0 0 6.5H9",
            Self::Keyboard => "M1.5 4h13v8h-13zM4.5 6.8h.01M8 6.8h.01M11.5 6.8h.01M5 9.4h6",
            Self::Note => "M3 3.5h10M3 6.5h10M3 9.5h10M3 12.5h6",
            Self::Person => {
                "M10.5 5.5a2.5 2.5 0 1 1-5 0a2.5 2.5 0 1 1 5 0zM3 13.5c.6-2.6 2.5-4 5-4s4.4 1.4 5 4"
            }
            Self::SignOut => "M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3",
            Self::Download => "M8 2.5v7.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
            Self::Upload => "M8 10.5V3M4.5 6 8 2.5 11.5 6M2.5 13.5h11",
            Self::Wrench => {
                "M9.5 6.5 3 13M13.3 4.2 11.5 6 10 4.5 11.8 2.7a3.2 3.2 0 0 0-4 4.2l1.3 1.3a3.2 3.2 0 0 0 4.2-4z"
            }
            Self::Chart => "M2.5 13.5h11M4 11V8.5M8 11V3.5M12 11V6",
            Self::Logo => "M11 8a3 3 0 1 1-6 0a3 3 0 1 1 6 0z",
            Self::Command => {
                "M6 6V4.2A1.8 1.8 0 1 0 4.2 6zM10 6h1.8A1.8 1.8 0 1 0 10 4.2zM10 10v1.8A1.8 1.8 0 1 0 11.8 10zM6 10H4.2A1.8 1.8 0 1 0 6 11.8zM6 6h4v4H6z"
            }
        }
    }
}

/// An icon beside a text; assistive technology does not hear it.
#[component]
pub fn Icon(
    /// What it stands for.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            width="16"
            height="16"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <path d=name.path()></path>
        </svg>
    }
}
