// Keeps what a person types before the program has taken over (CTX-8): noted with every event, and put aside
// where a page that is left, killed or never started leaves it to the next one.
function keepEarly(asked, pageOf, firstProfile) {
  const stored = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  // Whose page it is: as the server says, else whose the last one was.
  const whose = pageOf ?? stored("holdfast.whose") ?? "guest";
  const profile =
    whose === "guest"
      ? (stored("holdfast.profile") ?? firstProfile)
      : (stored(`holdfast.profile.${whose}`) ?? whose);
  // As the program chooses: what the address names, else what this device had open last.
  const session = asked ?? stored(`holdfast.open.${profile}`) ?? "none";
  const page = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const key = `holdfast.early.${profile}.${session}.${page}`;
  const fields = new Map();
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  let locked = false;

  const read = (field) => {
    const { options, type } = field;
    const path = field.dataset.path;
    const kind = field.dataset.type ?? type;
    if (["checkbox", "radio"].includes(type)) {
      const same = field.checked === field.defaultChecked;
      return {
        same,
        typed: { path, kind, rendered: "", held: { checked: field.checked } },
      };
    }
    const chosen =
      options &&
      ([...options].find((option) => option.defaultSelected) ?? options[0]);
    const rendered = (options ? chosen?.value : field.defaultValue) ?? "";
    return {
      same: field.value === rendered,
      typed: { path, kind, rendered, held: { text: field.value } },
    };
  };
  // `left`: the page is gone, which only it can say where there are no locks.
  const putAside = (left) => {
    try {
      if (fields.size === 0) localStorage.removeItem(key);
      else
        localStorage.setItem(
          key,
          JSON.stringify({ format: 1, left, typed: [...fields.values()] }),
        );
    } catch {
      // There is no room: what was put aside before stays, and the fields have all of it.
    }
  };
  const note = ({ target: field }) => {
    // Some are never read, let alone kept.
    if (!field.dataset?.path || ["password", "file"].includes(field.type))
      return;
    const { same, typed } = read(field);
    if (same) fields.delete(field);
    else fields.set(field, typed);
    // While this page is there, no other one takes what is its own.
    if (!locked) navigator.locks?.request(key, () => ended).catch(() => {});
    locked = true;
    putAside(false);
  };
  const leave = () => fields.size > 0 && putAside(true);
  const comeBack = ({ persisted }) => {
    if (!persisted || fields.size === 0) return;
    // Another page has taken it meanwhile: it comes from there.
    if (stored(key) === null) {
      for (const [field, { rendered }] of fields) {
        if (["checkbox", "radio"].includes(field.type))
          field.checked = field.defaultChecked;
        else field.value = rendered;
      }
      fields.clear();
    }
    putAside(false);
  };

  const listeners = {
    input: note,
    change: note,
    pagehide: leave,
    pageshow: comeBack,
  };
  for (const [event, act] of Object.entries(listeners))
    addEventListener(event, act, true);
  // With a field: it is taken care of. Without: the program takes over; what was typed, as JSON, once.
  window.holdfastEarly = (taken) => {
    if (taken) {
      fields.delete(taken);
      return putAside(false);
    }
    for (const [event, act] of Object.entries(listeners))
      removeEventListener(event, act, true);
    const open = [...fields].filter(
      ([field]) => !field.hasAttribute("data-typed-applied"),
    );
    fields.clear();
    putAside(false);
    // Another page may have the lock before it hears that this is not in localStorage any more: it waits until
    // this page is gone.
    addEventListener("pagehide", end);
    for (const [field] of open) field.setAttribute("data-typed-applied", "");
    return JSON.stringify(open.map(([, typed]) => typed));
  };
}
