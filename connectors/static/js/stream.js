// Receiving: server-sent events, or long polling where they do not work. Whatever breaks, the
// next try asks for everything after the last item received, so nothing is missed.

import * as api from "./api.js";

const DELAYS = [0.5, 1, 2, 4, 8, 15]; // seconds before each further try
const HIDDEN = 60; // seconds after which a page nobody looks at lets its connection go
const OVERDUE = 8; // seconds without an answer after which the stream is checked,
const CHECKS = 6; // so many times
const STEADY = 10; // seconds a stream must hold to count as working

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export class Stream {
  /**
   * @param {{
   *   cursor: () => number,
   *   items: (items: Object[]) => number,
   *   typing: () => void,
   *   connected: (is: boolean) => void,
   *   sessionLost: () => Promise<void>,
   * }} owner `items` takes what arrived and gives how many of them were new
   */
  constructor(owner) {
    this.owner = owner;
    this.source = null;
    this.round = 0; // number of the connection of the moment; older ones fall silent
    this.failures = 0;
    this.silent = 0; // how often the stream was found open but not delivering
    this.overdue = 0;
    this.hiddenTimer = 0;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.#visibility());
    addEventListener("online", () => this.restart());
    addEventListener("offline", () => this.owner.connected(false));
    addEventListener("pageshow", (event) => event.persisted && this.restart());
    this.#connect();
  }

  /** A message was accepted: look after the stream when no answer comes. */
  expectAnswer() {
    let checks = 0;
    this.answered();
    this.overdue = setInterval(() => {
      checks += 1;
      if (checks >= CHECKS) this.answered();
      this.#check();
    }, OVERDUE * 1000);
  }

  answered() {
    clearInterval(this.overdue);
  }

  #visibility() {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) this.hiddenTimer = setTimeout(() => this.#close(), HIDDEN * 1000);
    else if (!this.source || this.failures) this.restart();
    else this.#check();
  }

  #close() {
    this.round += 1;
    this.source?.close();
    this.source = null;
  }

  /** Connect anew at once, from the cursor of the moment. */
  restart() {
    this.failures = 0;
    this.#close();
    this.#connect();
  }

  get #polls() {
    return !window.EventSource || this.failures >= 3 || this.silent >= 2;
  }

  #connect() {
    if (this.#polls) this.#poll();
    else this.#listen();
  }

  #listen() {
    const round = ++this.round;
    const source = api.events(this.owner.cursor());
    this.source = source;
    let opened = Infinity;
    source.addEventListener("open", () => {
      opened = Date.now();
      this.owner.connected(true);
    });
    source.addEventListener("message", (event) => this.owner.items([JSON.parse(event.data)]));
    source.addEventListener("typing", () => this.owner.typing());
    source.addEventListener("error", () => {
      source.close();
      if (Date.now() - opened > STEADY * 1000) this.failures = 0;
      if (round === this.round) this.#recover(round);
    });
  }

  /** Wait until the server answers again, take what was missed, and connect anew. */
  async #recover(round) {
    this.failures += 1;
    for (let attempt = 0; round === this.round; attempt += 1) {
      await sleep(DELAYS[Math.min(attempt, DELAYS.length - 1)]);
      if (round !== this.round) return;
      const answered = await this.#fetch(0);
      if (answered && round === this.round) return this.#connect();
    }
  }

  async #poll() {
    const round = ++this.round;
    this.source = { close() {} };
    for (let failed = 0; round === this.round; ) {
      if (await this.#fetch(failed ? 0 : 25)) failed = 0;
      else await sleep(DELAYS[Math.min(failed++, DELAYS.length - 1)]);
    }
  }

  /** Ask once; say whether the server answered. */
  async #fetch(wait) {
    try {
      const { items } = await api.replies(this.owner.cursor(), wait);
      this.owner.items(items);
      this.owner.connected(true);
      return true;
    } catch (error) {
      if (error.status === 401) return this.#renew();
      this.owner.connected(false);
      return false;
    }
  }

  async #renew() {
    try {
      await this.owner.sessionLost();
      return true;
    } catch {
      this.owner.connected(false);
      return false;
    }
  }

  /** See whether an open stream still delivers; a proxy may hold it back, a sleep cut it. */
  async #check() {
    const round = this.round;
    try {
      const { items } = await api.replies(this.owner.cursor(), 0);
      if (round !== this.round || this.owner.items(items) === 0) return;
      this.silent += 1;
      this.restart();
    } catch {
      if (round === this.round && this.source) {
        this.#close();
        this.owner.connected(false);
        this.#recover(this.round);
      }
    }
  }
}
