//! Forms that the program sends, and the browser by itself where that does not run: what was typed stays in them
//! whatever is answered, and what is wrong is said at its field.

use holdfast_domain::Error;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;
use server_fn::error::ServerFnUrlError;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use crate::Fault;
use crate::icon::{Icon, IconName};

/// A form while it is being sent.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    /// The name of the server function: no two forms of a page have the same.
    function: &'static str,
    sent: RwSignal<bool>,
    problem: RwSignal<Option<Error>>,
}

/// What stands in a form.
pub(super) struct Values(FormData);

impl Values {
    /// What was typed into the field of this name.
    pub(super) fn text(&self, name: &str) -> String {
        self.0.get(name).as_string().unwrap_or_default()
    }

    /// As the browser sends a box: there where it is ticked.
    pub(super) fn ticked(&self, name: &str) -> Option<String> {
        self.0.has(name).then(|| "on".to_owned())
    }
}

impl Sending {
    /// Of the form that calls this server function. A page that was loaded after the browser itself had sent the form
    /// begins with what was answered.
    pub(super) fn of<F: ServerFn>() -> Self {
        let query = use_query_map().get_untracked();
        let answered =
            query.get("__err").filter(|_| query.get("__path").as_deref() == Some(F::PATH));
        let problem =
            answered.map(|told| Error::from(ServerFnUrlError::<Fault>::decode_err(&told)));
        let function = F::PATH.rsplit('/').next().unwrap_or_default();
        Self { function, sent: RwSignal::new(false), problem: RwSignal::new(problem) }
    }

    /// What was refused, until it is sent again.
    pub(super) fn problem(self) -> Option<Error> {
        self.problem.get()
    }

    /// It is under way.
    pub(super) fn is_sent(self) -> bool {
        self.sent.get()
    }

    /// Sends the form by `send` instead of the browser; a refusal is shown, and the first field that is wrong gets the
    /// focus.
    pub(super) fn submit<W: Future<Output = Result<(), Error>> + 'static>(
        self,
        send: impl Fn(Values) -> W + 'static,
    ) -> impl Fn(SubmitEvent) + 'static {
        move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
            let values = form.as_ref().and_then(|form| FormData::new_with_form(form).ok());
            let (Some(form), Some(values)) = (form, values) else { return };
            if self.sent.get_untracked() {
                return;
            }
            self.sent.set(true);
            self.problem.set(None);
            let answer = send(Values(values));
            spawn_local(async move {
                let answer = answer.await;
                // The page may be gone by then.
                self.sent.try_set(false);
                if let Err(error) = answer {
                    self.problem.try_set(Some(error));
                    request_animation_frame(move || {
                        let wrong = form.query_selector("[aria-invalid=true]").ok().flatten();
                        if let Some(wrong) = wrong.and_then(|wrong| wrong.dyn_into().ok()) {
                            let wrong: web_sys::HtmlElement = wrong;
                            let _ = wrong.focus();
                        }
                    });
                }
            });
        }
    }
}

/// The field that an error is about, and what is wrong with it.
fn at_field(error: &Error) -> Option<(&str, &str)> {
    match error {
        Error::InvalidValue { field, reason } => Some((field, reason)),
        _ => None,
    }
}

/// A labelled field with what is wrong with it.
#[component]
pub(super) fn Field(
    /// Its form.
    sending: Sending,
    /// Its name, in the form and in errors.
    name: &'static str,
    label: &'static str,
    /// Of `<input>`.
    #[prop(default = "password")]
    r#type: &'static str,
    /// What password keepers fill in.
    autocomplete: &'static str,
    /// Said before anything is wrong.
    #[prop(optional)]
    hint: &'static str,
    /// It has the focus when the form is shown.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let wrong = Memo::new(move |_| {
        let problem = sending.problem();
        let (_, reason) = at_field(problem.as_ref()?).filter(|(field, _)| *field == name)?;
        Some(reason.to_owned())
    });
    let id = format!("{}-{name}", sending.function);
    let note = format!("{id}-note");
    let described = note.clone();
    let target = id.clone();
    view! {
        <div class="form-row">
            <label for=target>{label}</label>
            <input
                class="input"
                id=id
                name=name
                type=r#type
                required
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                autofocus=autofocus
                aria-invalid=move || wrong.read().is_some().then_some("true")
                aria-describedby=described
            />
            <p
                class="field-note"
                id=note
                data-tone=move || wrong.read().is_some().then_some("danger")
            >
                {move || wrong.get().unwrap_or_else(|| hint.to_owned())}
            </p>
        </div>
    }
}

/// What is wrong with the form as a whole.
#[component]
pub(super) fn Problem(
    /// Its form.
    sending: Sending,
) -> impl IntoView {
    let words = move || {
        sending.problem().filter(|error| at_field(error).is_none()).map(|error| match error {
            Error::RateLimited { retry_after_ms } => {
                let seconds = retry_after_ms.div_ceil(1000);
                format!("Too many tries. Try again in {}.", spoken(seconds))
            }
            Error::Unavailable => "The server cannot be reached. Nothing was changed.".to_owned(),
            error => error.to_string(),
        })
    };
    view! {
        <div class="form-problem" role="alert">
            {move || {
                words()
                    .map(|words| {
                        view! {
                            <p>
                                <Icon name=IconName::Warning />
                                {words}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// Seconds in words.
fn spoken(seconds: u64) -> String {
    match seconds {
        1 => "a second".into(),
        ..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// The button that sends it.
#[component]
pub(super) fn Submit(
    /// Its form.
    sending: Sending,
    #[prop(default = "button button-primary")] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=class
            aria-disabled=move || sending.is_sent().then_some("true")
        >
            {children()}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_4_a_time_to_wait_is_said_in_words() {
        assert_eq!(spoken(1), "a second");
        assert_eq!(spoken(30), "30 seconds");
        assert_eq!(spoken(120), "2 minutes");
    }
}
