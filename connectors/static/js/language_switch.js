// The switch of languages in the bar: a button that opens a short list.

import { byId, element, icon } from "./dom.js";

export class LanguageSwitch {
  /** @param {(language: {code: string, name: string, payload: string}) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.button = byId("language-button");
    this.list = byId("language-list");
    this.button.addEventListener("click", () => this.#open(this.list.hidden));
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".languages")) this.#open(false);
    });
    byId("app").addEventListener("focusin", (event) => {
      if (!event.target.closest(".languages")) this.#open(false);
    });
  }

  /** Show the languages of a session, `code` being the one of the moment. */
  show(languages, code) {
    const current = languages.find((language) => language.code === code);
    const name = byId("language-name");
    name.textContent = current?.name ?? code;
    name.lang = code;
    this.button.hidden = languages.length < 2;
    this.list.replaceChildren(...languages.map((language) => this.#row(language, code)));
  }

  #row(language, code) {
    const current = language.code === code;
    const choose = () => {
      this.#open(false);
      this.button.focus();
      if (!current) this.choose(language);
    };
    const mark = icon("icon-check", true);
    const properties = { type: "button", lang: language.code, onclick: choose };
    if (current) properties["aria-current"] = "true";
    return element("li", {}, element("button", properties, language.name, mark));
  }

  #open(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  #key(event) {
    if (this.list.hidden) return;
    if (event.key === "Escape") {
      this.#open(false);
      this.button.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const rows = [...this.list.querySelectorAll("button")];
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : (at + step + rows.length) % rows.length].focus();
  }
}
