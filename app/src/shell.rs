//! The document: what the server sends around the page.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::first::use_first_content;
use crate::periods::Periods;
use crate::sessions::collapse_script;
use crate::setup::Setup;
use crate::theme::word;

/// Where the built files of the page are: absolute URL paths with their hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet, for example `/pkg/holdfast.AbC.css`.
    pub style: String,
    /// The JavaScript that loads the program.
    pub script: String,
    /// The program.
    pub wasm: String,
}

/// The whole document with the page in it. Scripts in it carry the request's nonce.
pub fn shell(options: LeptosOptions, assets: &Assets) -> impl IntoView + use<> {
    let nonce = use_nonce();
    let first = use_first_content();
    let periods = use_context::<Periods>();
    let setup = use_context::<Setup>().unwrap_or_default();
    let start = format!(
        "import({:?}).then(program => program.default({{module_or_path: {:?}}}).then(() => program.hydrate()));",
        assets.script, assets.wasm,
    );
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=word(first.theme)
            data-autosave-seconds=periods.map(|periods| periods.autosave_seconds.to_string())
            data-grace-days=periods.map(|periods| periods.grace_days.to_string())
            data-developer=setup.developer.then_some("true")
            data-insecure=setup.insecure.then_some("true")
            data-page-of=first.page_of.map(|page_of| page_of.to_string())
            data-email=first.email.clone()
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                // Before anything is painted, and before there is a field to type into.
                <script nonce=nonce.clone()>{collapse_script()}</script>
                <script nonce=nonce.clone()>{holdfast_session::early_script(first.asked, first.page_of)}</script>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.style.clone() />
                <link rel="modulepreload" href=assets.script.clone() nonce=nonce.clone() />
                <link
                    rel="preload"
                    href=assets.wasm.clone()
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                />
                <AutoReload options=options />
                <MetaTags />
                <script type="module" nonce=nonce>
                    {start}
                </script>
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
