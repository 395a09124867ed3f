// The field a resident writes in: growing, counting, keeping the draft.

import { byId } from "./dom.js";
import { keep, recall } from "./store.js";
import { text } from "./texts.js";
import { Tray } from "./tray.js";

const LIMIT = 4000; // characters the bot reads of one message
const NEAR = 3600; // from here on the count is shown
const DRAFT = "draft";

const spaced = (number) => String(number).replace(/(\d)(?=(\d{3})+$)/g, "$1\u00a0");

export class Composer {
  /** @param {(words: string, photos: {photo: Blob, thumb: string}[]) => void} send */
  constructor(send) {
    this.send = send;
    this.tray = new Tray(() => this.#count());
    this.field = byId("composer-text");
    this.button = byId("send");
    this.counter = byId("counter");
    this.field.value = recall(DRAFT, "");
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    // Pressing the button must not take the focus out of the field: the keyboard would close.
    this.button.addEventListener("pointerdown", (event) => event.preventDefault());
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Put words back to be mended, before what may stand there already. */
  restore(words) {
    this.field.value = [words, this.field.value].filter(Boolean).join("\n");
    this.#changed();
    this.field.focus();
  }

  /** The field was made visible, or the page speaks another language. */
  refresh() {
    this.#grow();
    this.#count();
  }

  get #words() {
    return this.field.value.trim();
  }

  get #length() {
    return Array.from(this.#words).length;
  }

  #key(event) {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || event.altKey || composing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const words = this.#words;
    if ((words || !this.tray.empty) && this.#length <= LIMIT) {
      this.field.value = "";
      this.send(words, this.tray.take());
      this.#changed();
    }
    this.field.focus({ preventScroll: true });
  }

  #changed() {
    keep(DRAFT, this.field.value || undefined);
    this.refresh();
  }

  #grow() {
    const style = this.field.style;
    style.height = "";
    if (this.field.value) style.height = `${this.field.scrollHeight}px`;
  }

  #count() {
    const length = this.#length;
    const over = length > LIMIT;
    this.counter.hidden = length < NEAR;
    this.counter.classList.toggle("over", over);
    byId("counter-number").textContent = `${spaced(length)} / ${spaced(LIMIT)}`;
    const note = over ? text("too_long", { limit: spaced(LIMIT) }) : "";
    if (byId("counter-text").textContent !== note) byId("counter-text").textContent = note;
    this.button.setAttribute("aria-disabled", String((!this.#words && this.tray.empty) || over));
    this.field.setAttribute("aria-invalid", String(over));
  }
}
