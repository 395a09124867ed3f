// What the browser keeps between visits: the language, the draft, messages not yet sent.
// A browser that refuses storage (private mode, full disk) only loses this comfort.

const PREFIX = "cbot.";

/**
 * Read a value.
 * @param {string} name
 * @param {*} otherwise given when there is none or it cannot be read
 */
export function recall(name, otherwise) {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return kept === null ? otherwise : JSON.parse(kept);
  } catch {
    return otherwise;
  }
}

/** Keep a value; undefined forgets it. */
export function keep(name, value) {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}
