// The resident's chat page: puts the parts together.

import * as api from "./api.js";
import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { LanguageSwitch } from "./language_switch.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";
import { Scroll } from "./scroll.js";
import { Sender } from "./sender.js";
import { keep, recall } from "./store.js";
import { Stream } from "./stream.js";
import { setTexts, text } from "./texts.js";
import { followKeyboard } from "./viewport.js";

const KEPT = 50; // items the server gives as history
const TYPING = 45; // seconds after which the typing sign gives up
const PATIENCE = 400; // milliseconds: an answer faster than that needs no typing sign
/** Why the server refuses a photo, by its code: the page's texts that say so. */
const WHY = {
  no_picture: "photo_unreadable",
  broken: "photo_unreadable",
  too_many_pixels: "photo_unreadable",
  too_large: "photo_unreadable",
  quota: "photo_quota",
  lost: "photo_lost",
};

class Chat {
  constructor() {
    this.language = recall("language", undefined);
    this.languages = [];
    this.typingTimer = 0;
    this.begun = false; // the history is shown
    this.awaiting = false; // an answer is due
    this.firstUnread = null;
    this.banner = new Banner(byId("banner"));
    this.scroll = new Scroll(byId("scroll"), byId("jump"));
    this.log = new Log(byId("messages"), {
      press: (button) => this.press(button.payload, button.title),
      sendPlace: (location) => this.#send({ location }, ""),
    });
    this.composer = new Composer((words, photos) => this.say(words, photos));
    this.menu = new Menu({
      choose: (topic) => this.press(topic.payload, topic.name),
      ask: (words) => this.say(words),
    });
    this.switch = new LanguageSwitch((language) => this.changeLanguage(language));
    this.sender = this.#makeSender();
    this.stream = this.#makeStream();
  }

  #makeSender() {
    return new Sender({
      state: (message, state, error) => this.sendingState(message, state, error),
      progress: (message, share) => this.log.progress(message.id, share),
      sessionLost: () => this.open(),
      connected: (is) => this.banner.connected(is),
    });
  }

  #makeStream() {
    return new Stream({
      cursor: () => this.log.cursor,
      items: (items) => this.receive(items),
      typing: () => this.typing(true),
      connected: (is) => this.banner.connected(is),
      sessionLost: () => this.open(),
    });
  }

  /** Show the page: the conversation so far, what still waits to be sent, then what comes. */
  async start() {
    followKeyboard(byId("app"));
    await this.#openWithPatience();
    for (const message of Sender.leftOver()) this.#resume(message);
    if (this.log.empty) this.scroll.toStart();
    else this.scroll.toEnd(false);
    this.sender.tryNow();
    this.stream.start();
    // Only what comes from now on is read out, not the whole history.
    requestAnimationFrame(() => byId("log").setAttribute("aria-live", "polite"));
  }

  async #openWithPatience() {
    byId("boot").hidden = false;
    for (let delay = 1; !this.begun; delay = Math.min(delay * 2, 15)) {
      try {
        await this.open();
      } catch (error) {
        if (!(error instanceof api.ApiError)) throw error;
        byId("boot-failed").hidden = false;
        await new Promise((done) => setTimeout(done, delay * 1000));
      }
    }
  }

  /** A message of an earlier visit: the server may have taken it although its answer was lost. */
  #resume(message) {
    this.sender.resume(message);
    if (!this.log.has(message)) this.log.addOutgoing(message);
  }

  /** Open or resume the session and show what it says. Raises ApiError. */
  async open(language = this.language) {
    const session = await api.session(language);
    this.#speak(session);
    // A server that knows less than this page began a new conversation.
    if (session.cursor < this.log.cursor) this.#beginAnew();
    if (this.begun) this.receive(session.history);
    else this.#begin(session.history);
    this.log.cursor = Math.max(this.log.cursor, session.cursor);
    this.composer.refresh();
  }

  #begin(history) {
    this.begun = true;
    byId("boot").hidden = true;
    byId("below").hidden = false;
    for (const item of history) this.log.add(item);
    byId("earlier").hidden = history.length < KEPT;
    byId("greeting").hidden = history.length >= KEPT;
  }

  #beginAnew() {
    this.log.clear();
    for (const message of this.sender.queue) this.log.addOutgoing(message);
    this.stream.restart();
  }

  #speak(session) {
    this.language = session.language;
    this.languages = session.languages;
    document.documentElement.lang = session.language;
    document.title = `C-Bot · ${session.municipality.name}`;
    setTexts(session.texts);
    byId("city").textContent = session.municipality.name;
    byId("role").textContent = ` · ${text("role")}`;
    this.menu.show(session.topics);
    this.switch.show(session.languages, session.language);
  }

  /** Send words and photos, each as a message of its own. */
  say(words, photos = []) {
    const under = photos.length > 0 ? { caption: true } : {};
    if (words) this.#send({ text: words, ...under }, words);
    for (const { photo, thumb } of photos) this.#send({ photo: thumb }, "", photo);
  }

  press(payload, title) {
    this.#send({ payload, title }, title);
    const language = this.languages.find(({ name }) => name === title);
    // The bot's own question about the language: the page follows the answer when it can.
    if (language) this.#follow(language.code).catch(() => {});
  }

  #send(body, shown, photo) {
    this.log.addOutgoing(this.sender.send(body, shown, this.language, photo));
    this.awaiting = true;
    this.firstUnread = null;
    this.scroll.toEnd(true);
    this.sender.tryNow();
  }

  async changeLanguage({ code }) {
    try {
      await this.#follow(code);
    } catch {
      this.banner.connected(false);
      return;
    }
    const language = this.languages.find((one) => one.code === code);
    this.#send({ payload: language.payload, title: language.name }, language.name);
  }

  /** Let the page speak another language. Raises ApiError. */
  async #follow(code) {
    await this.open(code);
    keep("language", code);
  }

  sendingState(message, state, error) {
    const words = !message.body.photo && !message.body.location;
    const why = WHY[error?.code];
    this.log.mark(message.id, state, {
      why,
      again: () => {
        this.sender.tryNow();
        byId("scroll").focus({ preventScroll: true });
      },
      edit: words ? () => this.#takeBack(message) : undefined,
      remove: words ? undefined : () => this.#remove(message),
    });
    this.scroll.stay();
    if (state === "failed") byId("announcer").textContent = text(state);
    if (state === "refused") byId("announcer").textContent = text(why ?? state);
    if (state !== "sent") return;
    byId("announcer").textContent = "";
    if (!this.awaiting) return;
    this.stream.expectAnswer();
    setTimeout(() => this.awaiting && this.typing(true), PATIENCE);
  }

  #remove(message) {
    this.log.remove(message.id);
    byId("attach").focus({ preventScroll: true });
  }

  #takeBack(message) {
    this.log.remove(message.id);
    this.composer.restore(message.body.text ?? message.shown);
  }

  /** Take items of the server; give how many were new. */
  receive(items) {
    const added = items.map((item) => this.log.add(item)).filter(Boolean);
    const answers = added.filter((entry) => !entry.own);
    if (!answers.length) return added.length;
    this.awaiting = false;
    this.stream.answered();
    this.typing(false);
    for (const { node } of answers) node.classList.add("new");
    this.firstUnread ??= answers[0].node;
    this.scroll.arrived(this.firstUnread);
    return added.length;
  }

  typing(is) {
    clearTimeout(this.typingTimer);
    byId("typing").hidden = !is;
    if (!is) return;
    if (this.scroll.following) this.scroll.toEnd(true);
    this.typingTimer = setTimeout(() => this.typing(false), TYPING * 1000);
  }
}

new Chat().start();
