//! A file on its way to the server, with how far it is: `fetch` does not say.

use holdfast_domain::session::SessionSummary;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{File, ProgressEvent, XmlHttpRequest};

use crate::on_page::{PAGE_OF, page_of};

/// What the server said it cannot be.
#[derive(serde::Deserialize)]
struct Problem {
    detail: String,
}

/// The session that the server made of it, or why it made none.
pub(super) async fn sent(
    file: &File,
    at: impl Fn(f64) + 'static,
) -> Result<SessionSummary, String> {
    let unreachable = "The server cannot be reached. The file is as it was.";
    crate::developer::pass().await.map_err(|_| unreachable)?;
    let answer = upload("/api/sessions/import", "application/zip", file, at).await;
    let answer = answer.map_err(|_| unreachable)?;
    if answer.status < 300 {
        return serde_json::from_str(&answer.text)
            .map_err(|_| "The server answered something else. Load the page again.".to_owned());
    }
    let problem = serde_json::from_str::<Problem>(&answer.text);
    Err(problem.map_or_else(|_| format!("The server answered {}.", answer.status), |it| it.detail))
}

/// What was answered.
struct Answer {
    status: u16,
    text: String,
}

/// Sends a file; `at` is told which part of it has gone, from 0 to 1.
///
/// # Errors
/// The server cannot be reached.
async fn upload(
    address: &str,
    media_type: &str,
    file: &File,
    at: impl Fn(f64) + 'static,
) -> Result<Answer, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open("POST", address)?;
    request.set_request_header("content-type", media_type)?;
    request.set_request_header(PAGE_OF, &page_of().to_string())?;
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.total() > 0.0 {
            at(event.loaded() / event.total());
        }
    });
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    // With an answer or without one.
    let ended = js_sys::Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(Some(file))?;
    wasm_bindgen_futures::JsFuture::from(ended).await?;
    drop(progress);
    match request.status()? {
        0 => Err(JsValue::UNDEFINED),
        status => Ok(Answer { status, text: request.response_text()?.unwrap_or_default() }),
    }
}
