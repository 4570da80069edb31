//! `navigator.locks`, of which `web-sys` has no stable binding.
//! <https://www.w3.org/TR/web-locks/>

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch, js_name = request)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        callback: &Function,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

fn manager() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    // Absent on insecure origins.
    (!locks.is_undefined() && !locks.is_null()).then(|| locks.unchecked_into())
}

/// What is wanted of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockRequest {
    /// To have it when nobody else has it.
    Wait,
    /// To have it now, whoever has it.
    Steal,
    /// To have it together with others that want no more.
    Share,
}

/// Why a lock is not held any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockEnd {
    /// It was held until it was stolen or let go of.
    Lost,
    /// It was never held: the browser gives none to this page, as where its storage is blocked.
    Refused,
}

/// A lock that is held or waited for; dropping it lets go of it.
pub(crate) struct HeldLock {
    release: Rc<RefCell<Option<Function>>>,
    abort: Option<AbortController>,
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        // Once it is held only the callback's promise lets go of it; while it is waited for, only
        // the signal does.
        if let Some(release) = self.release.borrow_mut().take() {
            release.call0(&JsValue::UNDEFINED).ok();
        }
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

/// Asks for a lock. `on_held` is called when it is held, `on_ended` when it is not any more or will never
/// be. `None` where the browser has no locks.
pub(crate) fn request_lock(
    name: &str,
    request: LockRequest,
    on_held: impl FnOnce() + 'static,
    on_ended: impl FnOnce(LockEnd) + 'static,
) -> Option<HeldLock> {
    let locks = manager()?;
    let options = Object::new();
    let mut abort = None;
    if request == LockRequest::Share {
        Reflect::set(&options, &"mode".into(), &"shared".into()).ok()?;
    }
    if request == LockRequest::Steal {
        Reflect::set(&options, &"steal".into(), &true.into()).ok()?;
    } else if let Ok(controller) = AbortController::new() {
        Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
        abort = Some(controller);
    }

    let release = Rc::new(RefCell::new(None));
    let until_released = Promise::new(&mut |resolve, _| *release.borrow_mut() = Some(resolve));
    let was_held = Rc::new(Cell::new(false));
    let held = was_held.clone();
    let callback = Closure::once(move |_lock: JsValue| -> Promise {
        held.set(true);
        on_held();
        until_released
    });
    let ended = locks.request(name, &options, callback.as_ref().unchecked_ref()).ok()?;
    spawn_local(async move {
        JsFuture::from(ended).await.ok();
        drop(callback);
        on_ended(if was_held.get() { LockEnd::Lost } else { LockEnd::Refused });
    });
    Some(HeldLock { release, abort })
}

/// Whether a page, here or in another tab, holds a lock or waits for it; `None` where the browser does not
/// say. It is asked before this returns.
pub(crate) fn is_wanted(name: &str) -> impl Future<Output = Option<bool>> + use<> {
    let asked = manager().and_then(|locks| locks.query().ok());
    let name = JsValue::from(name);
    async move {
        let all = JsFuture::from(asked?).await.ok()?;
        let has = |list: &str| {
            let list = Reflect::get(&all, &list.into()).ok()?;
            let is_it = |lock| Reflect::get(&lock, &"name".into()).is_ok_and(|its| its == name);
            Some(Array::from(&list).iter().any(is_it))
        };
        Some(has("held")? || has("pending")?)
    }
}

/// Whether the browser has locks.
pub(crate) fn has_locks() -> bool {
    manager().is_some()
}

/// Does `work` while holding the lock, if nobody else holds it; without locks just does it.
pub(crate) fn with_free_lock(name: &str, work: impl Future<Output = ()> + 'static) {
    let Some(locks) = manager() else {
        spawn_local(work);
        return;
    };
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &true.into()).ok();
    let callback = Closure::once(move |lock: JsValue| -> Promise {
        if lock.is_null() {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
    });
    if let Ok(ended) = locks.request(name, &options, callback.as_ref().unchecked_ref()) {
        spawn_local(async move {
            JsFuture::from(ended).await.ok();
            drop(callback);
        });
    }
}
