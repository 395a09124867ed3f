// Sending: one message after the other, each until the server has accepted it. A message keeps
// its id through every try and through a reload, so the server never takes it twice.

import * as api from "./api.js";
import { keep, recall } from "./store.js";
import { UnsentPhotos } from "./unsent_photos.js";
import { uuid } from "./uuid.js";

const DELAYS = [1, 2, 4, 8, 15, 30]; // seconds before each further try
const WAITING = "waiting";
const DAY = 24 * 3600 * 1000;

/**
 * @typedef {Object} Outgoing
 * @property {string} id
 * @property {string} shown what the resident reads in their own bubble
 * @property {{text: string, caption?: true}|{payload: string, title: string}|{photo: string}
 *   |{location: {lat: number, lon: number}}} body `photo` is a small one to show as a data URL
 * @property {string} locale
 * @property {number} at milliseconds since 1970
 */

export class Sender {
  /**
   * @param {{
   *   state: (message: Outgoing, state: "sending"|"sent"|"failed"|"slow"|"refused",
   *     error?: api.ApiError) => void,
   *   progress: (message: Outgoing, share: number) => void,
   *   sessionLost: () => Promise<void>,
   *   connected: (is: boolean) => void,
   * }} owner
   */
  constructor(owner) {
    this.owner = owner;
    this.queue = [];
    this.photos = new UnsentPhotos();
    this.photos.dropAllBut(Sender.leftOver().map((message) => message.id));
    this.busy = false;
    this.attempt = 0;
    this.renewed = false;
    this.wake = null;
    addEventListener("online", () => this.tryNow());
  }

  /** Give the messages an earlier visit could not hand over; they still have to be shown. */
  static leftOver() {
    return recall(WAITING, []).filter((message) => Date.now() - message.at < DAY);
  }

  /**
   * Send a message, a press, a photo or a place.
   * @param {Outgoing["body"]} body
   * @param {string} shown
   * @param {string} locale
   * @param {Blob} [photo] itself, when it is one
   * @returns {Outgoing}
   */
  send(body, shown, locale, photo) {
    const message = { id: uuid(), shown, body, locale, at: Date.now() };
    if (photo) this.photos.keep(message.id, photo);
    this.queue.push(message);
    keep(WAITING, [...recall(WAITING, []), message]);
    return message;
  }

  /** Take up a message left over from an earlier visit. */
  resume(message) {
    this.queue.push(message);
  }

  #drop(id) {
    this.queue = this.queue.filter((message) => message.id !== id);
    const left = recall(WAITING, []).filter((message) => message.id !== id);
    keep(WAITING, left.length ? left : undefined);
    this.photos.drop(id);
  }

  /** Begin, or go on at once instead of waiting for the next try. */
  tryNow() {
    this.attempt = 0;
    if (this.wake) this.wake();
    else if (!this.busy) this.#run();
  }

  async #run() {
    this.busy = true;
    while (this.queue.length) await this.#handOver(this.queue[0]);
    this.busy = false;
  }

  async #handOver(message) {
    if (this.attempt === 0) this.owner.state(message, "sending");
    try {
      await this.#post(message);
      this.#settle(message, "sent");
      this.owner.connected(true);
    } catch (error) {
      await this.#failed(message, error);
    }
  }

  async #post(message) {
    const { id, body, locale } = message;
    if (!body.photo) return api.post({ id, ...body, locale });
    const photo = await this.photos.of(id);
    if (!photo) throw new api.ApiError(410, "lost");
    return api.upload(message, photo, (share) => this.owner.progress(message, share));
  }

  #settle(message, state, error) {
    this.attempt = 0;
    this.renewed = false;
    this.#drop(message.id);
    this.owner.state(message, state, error);
  }

  async #failed(message, error) {
    if (error.status === 401 && !this.renewed) return this.#renew();
    if (!error.passing && error.status !== 401) return this.#settle(message, "refused", error);
    if (error.status === 0) this.owner.connected(false);
    this.owner.state(message, error.status === 429 ? "slow" : "failed");
    const delay = DELAYS[Math.min(this.attempt, DELAYS.length - 1)];
    this.attempt += 1;
    await this.#pause(Math.max(delay, error.retryAfter));
  }

  /** The server does not know this browser any more: begin a session, then try again. */
  async #renew() {
    this.renewed = true;
    await this.owner.sessionLost().catch(() => this.#pause(DELAYS[1]));
  }

  #pause(seconds) {
    return new Promise((done) => {
      const timer = setTimeout(() => this.wake?.(), seconds * 1000);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        done();
      };
    });
  }
}
