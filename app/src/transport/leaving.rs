//! A save of a page that is being left: sent before this returns, and not given up with the page. The
//! client of server functions offers neither, so the same bytes go to the same address by hand.

use holdfast_domain::wire::{self, SaveReply, SaveRequest};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit, Response};

use crate::developer::is_cut;
use crate::on_page::{PAGE_OF, page_of};
use crate::{FUNCTIONS, Fault};

/// Sends at once; the future waits for the answer only.
pub(super) fn save_leaving(
    request: &SaveRequest,
) -> impl Future<Output = Result<SaveReply, Fault>> + use<> {
    let sent = if is_cut() { Err(JsValue::UNDEFINED) } else { send(&wire::seal(request)) };
    async move {
        let response = JsFuture::from(sent.map_err(|_| Fault::Unreachable)?).await;
        let response: Response =
            response.ok().and_then(|value| value.dyn_into().ok()).ok_or(Fault::Unreachable)?;
        let body = response.array_buffer().map_err(|_| Fault::Unexpected)?;
        let body = JsFuture::from(body).await.map_err(|_| Fault::Unreachable)?;
        let body = Uint8Array::new(&body).to_vec();
        if response.ok() {
            wire::open(&body).map_err(Fault::of_answer)
        } else {
            Err(serde_json::from_slice(&body).map_or(Fault::Unexpected, Fault::Answered))
        }
    }
}

fn send(body: &[u8]) -> Result<js_sys::Promise, JsValue> {
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&Uint8Array::from(body));
    // web-sys has no setter for it.
    Reflect::set(&options, &"keepalive".into(), &true.into())?;
    let request = Request::new_with_str_and_init(&format!("{FUNCTIONS}/save_context"), &options)?;
    request.headers().set("content-type", "application/octet-stream")?;
    request.headers().set(PAGE_OF, &page_of().to_string())?;
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    Ok(window.fetch_with_request(&request))
}
