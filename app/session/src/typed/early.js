// Keeps what a person types before the program has taken over (CTX-8): noted with every event, and put aside
// where a page that is left, killed or never started leaves it to the next one.
function keepEarly(asked) {
  const stored = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  // As the program chooses: what the address names, else what this device had open last.
  const session =
    asked ?? stored(`holdfast.open.${stored("holdfast.profile")}`) ?? "none";
  const key = `holdfast.early.${session}.${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const fields = new Map();
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  let locked = false;

  const renderedIn = (field) => {
    if (!field.options) return field.defaultValue;
    const options = [...field.options];
    return (
      (options.find((option) => option.defaultSelected) ?? options[0])?.value ??
      ""
    );
  };
  const note = ({ target: field }) => {
    const path = field.dataset?.path;
    // These are never read, let alone kept.
    if (!path || ["password", "file"].includes(field.type)) return;
    const kind = field.dataset.type ?? field.type;
    const typed = ["checkbox", "radio"].includes(field.type)
      ? { path, kind, rendered: "", held: { checked: field.checked } }
      : {
          path,
          kind,
          rendered: renderedIn(field),
          held: { text: field.value },
        };
    fields.set(field, typed);
    // While this page is there, no other one takes what is its own.
    if (!locked) navigator.locks?.request(key, () => ended).catch(() => {});
    locked = true;
    try {
      localStorage.setItem(
        key,
        JSON.stringify({ format: 1, typed: [...fields.values()] }),
      );
    } catch {
      // There is no room: the fields have it, as long as the page is there.
    }
  };

  const events = ["input", "change"];
  for (const event of events) addEventListener(event, note, true);
  // The program takes over: what was typed, as JSON, once.
  window.holdfastEarly = () => {
    for (const event of events) removeEventListener(event, note, true);
    try {
      localStorage.removeItem(key);
    } catch {
      // It was never there.
    }
    end();
    const open = [...fields].filter(
      ([field]) => !field.hasAttribute("data-typed-applied"),
    );
    fields.clear();
    for (const [field] of open) field.setAttribute("data-typed-applied", "");
    return JSON.stringify(open.map(([, typed]) => typed));
  };
}
