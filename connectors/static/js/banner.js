// The line over the conversation that says when there is no connection.

import { living, text } from "./texts.js";

const PATIENCE = 1500; // milliseconds: a connection that is back at once is no news

export class Banner {
  /** @param {HTMLElement} node */
  constructor(node) {
    this.node = node;
    this.lost = false;
    this.timer = 0;
    living(node, () => (node.textContent = this.lost ? text("offline") : ""));
  }

  /** @param {boolean} is */
  connected(is) {
    if (is) {
      clearTimeout(this.timer);
      this.timer = 0;
      this.#show(false);
    } else if (!this.timer) {
      this.timer = setTimeout(() => this.#show(true), PATIENCE);
    }
  }

  #show(lost) {
    if (lost === this.lost) return;
    this.lost = lost;
    this.node.tellAgain();
  }
}
