// The page's texts in the language of the moment. They come from the server (knowledge/texts);
// what shows one is told again when the language changes.

let texts = {};

/**
 * Give a text, with `{name}` filled from `values`; empty when there is none of that name.
 * @param {string} key
 * @param {Object<string, string|number>} values
 */
export function text(key, values = {}) {
  return (texts[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/**
 * Keep a node in the language of the moment: `tell` runs now and at each change of language.
 * @template {Element} T
 * @param {T} node
 * @param {(node: T) => void} tell
 * @returns {T}
 */
export function living(node, tell) {
  node.setAttribute("data-living", "");
  node.tellAgain = () => tell(node);
  tell(node);
  return node;
}

/** Take new texts and show them everywhere. */
export function setTexts(newTexts) {
  texts = newTexts;
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = text(node.dataset.text);
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", text(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = text(node.dataset.label);
  }
  for (const node of document.querySelectorAll("[data-placeholder]")) {
    node.placeholder = text(node.dataset.placeholder);
  }
  for (const node of document.querySelectorAll("[data-living]")) node.tellAgain();
}
