// The list of messages: order, duplicates, days, which buttons are past.

import { attachmentOfItem, attachmentOfMessage, showProgress } from "./attachment.js";
import { botMessage, daySeparator, markChosen, ownMessage, showState } from "./bubble.js";
import { dayKey, dayName } from "./dates.js";
import { text } from "./texts.js";

/**
 * @typedef {Object} Entry
 * @property {HTMLElement} node
 * @property {boolean} own
 * @property {Date} at
 * @property {string} words
 * @property {number|null} id cursor of the server; null until the server has told it
 * @property {string|null} clientId the id which the page that sent it gave it; null for the bot's
 */

export class Log {
  /**
   * @param {HTMLElement} list
   * @param {{
   *   press: (button: {title: string, payload: string}) => void,
   *   sendPlace: (place: {lat: number, lon: number}) => void,
   * }} actions what the buttons of the bot's messages do
   */
  constructor(list, { press, sendPlace }) {
    this.list = list;
    this.press = press;
    this.sendPlace = sendPlace;
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    /** @type {Entry[]} */
    this.entries = [];
    this.seen = new Set();
    this.cursor = 0;
  }

  get empty() {
    return this.entries.length === 0;
  }

  /**
   * Take an item of the server.
   * @returns {Entry|null} null when it is shown already
   */
  add(item) {
    if (this.seen.has(item.id)) return null;
    this.seen.add(item.id);
    this.cursor = Math.max(this.cursor, item.id);
    const own = item.from === "resident";
    return (own && this.#adopt(item)) || this.#insert(own ? this.#own(item) : this.#bot(item));
  }

  /** Whether the server has told of this message already. */
  has(message) {
    return this.#sent(message.id) !== undefined;
  }

  /** Show a message that was just written, or one left over from an earlier visit. */
  addOutgoing(message) {
    const at = new Date(message.at);
    const node = ownMessage(message.shown, at, attachmentOfMessage(message));
    return this.#insert({ node, own: true, at, words: message.shown, id: null, clientId: message.id });
  }

  /** Show how far an outgoing message is. */
  mark(id, state, actions) {
    const entry = this.#sent(id);
    // The server's own copy may arrive before its answer to the request does.
    if (!entry) return;
    showState(entry.node, entry.id === null ? state : "sent", actions);
    this.#tidy();
  }

  /** Show how much of an outgoing photo has gone. */
  progress(id, share) {
    const entry = this.#sent(id);
    if (entry?.id === null) showProgress(entry.node, share);
  }

  /** Take away a message that the server refused. */
  remove(id) {
    const entry = this.#sent(id);
    if (!entry) return;
    this.#dayLine(entry)?.remove();
    entry.node.remove();
    this.entries = this.entries.filter((one) => one !== entry);
    this.#tidy();
  }

  #sent(id) {
    return this.entries.find((one) => one.clientId === id);
  }

  /** Give the message of this page that an item of the server is, if it is one. */
  #adopt(item) {
    const entry = this.entries.find((one) => one.id === null && one.clientId === item.client_id);
    if (!entry) return null;
    entry.id = item.id;
    showState(entry.node, "sent");
    return entry;
  }

  #own(item) {
    const at = new Date(item.at);
    const node = ownMessage(item.text, at, attachmentOfItem(item));
    showState(node, "sent");
    return { node, own: true, at, words: item.text, id: item.id, clientId: item.client_id };
  }

  #bot(item) {
    const at = new Date(item.at);
    const entry = { own: false, at, words: item.text, id: item.id, clientId: null };
    const press = (button, node) => {
      if (node.dataset.pressed) return;
      node.dataset.pressed = "now";
      // A second press right away is a slip of the finger; later it is meant.
      setTimeout(() => delete node.dataset.pressed, 1500);
      markChosen(node);
      this.press(button);
    };
    entry.node = botMessage(item, { press, sendPlace: this.sendPlace });
    return entry;
  }

  #insert(entry) {
    const index = this.#place(entry);
    const next = this.entries[index];
    this.entries.splice(index, 0, entry);
    this.list.insertBefore(entry.node, next?.node ?? null);
    if (entry.own && entry.id !== null) this.#choose(entry, index);
    this.#tidy();
    return entry;
  }

  /** Items stand in the server's order; messages the server has not accepted stay at the end. */
  #place(entry) {
    if (entry.id === null) return this.entries.length;
    let index = this.entries.length;
    while (index > 0 && this.#after(this.entries[index - 1], entry)) index -= 1;
    return index;
  }

  #after(one, entry) {
    return one.id === null ? one.node.dataset.state !== "sent" : one.id > entry.id;
  }

  /** Mark the button whose title a resident's message repeats, when the bot just offered it. */
  #choose(entry, index) {
    for (let i = index - 1; i >= 0 && !this.entries[i].own; i -= 1) {
      const buttons = [...this.entries[i].node.querySelectorAll(".choice:not(.chosen)")];
      const same = buttons.find((node) => node.childNodes[1].data === entry.words);
      if (same) return markChosen(same);
    }
  }

  /** Set what depends on the neighbours: day lines, joined times, past buttons. */
  #tidy() {
    const lastOwn = this.entries.reduce((last, one, index) => (one.own ? index : last), -1);
    this.entries.forEach((one, index) => {
      const [before, after] = [this.entries[index - 1], this.entries[index + 1]];
      const classes = one.node.classList;
      classes.toggle("passed", index < lastOwn);
      classes.toggle("follows", before?.own === one.own);
      classes.toggle("joined", this.#joins(one, after));
      this.#separate(one, before);
    });
  }

  #joins(one, after) {
    const unsettled = one.own && one.node.dataset.state !== "sent";
    return !unsettled && after?.own === one.own && after.at - one.at < 60000;
  }

  #separate(one, before) {
    const day = dayKey(one.at);
    const line = this.#dayLine(one);
    const needed = !before || dayKey(before.at) !== day;
    if (line && (!needed || line.dataset.day !== day)) line.remove();
    if (needed && line?.dataset.day !== day) {
      this.list.insertBefore(this.#day(one.at), one.node);
    }
  }

  #dayLine(one) {
    const before = one.node.previousElementSibling;
    return before?.matches(".day") ? before : null;
  }

  #day(at) {
    const line = daySeparator((node) => {
      node.textContent = dayName(at, document.documentElement.lang, text);
    });
    line.dataset.day = dayKey(at);
    return line;
  }
}
