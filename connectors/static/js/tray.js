// The photos that were chosen and not sent yet, above the field.

import { ownPicture } from "./attachment.js";
import { byId, element, icon } from "./dom.js";
import { MOST_MEGABYTES, PictureError, prepared } from "./picture.js";
import { living, text } from "./texts.js";

const MOST = 3; // at once, as many as a form takes

export class Tray {
  /** @param {() => void} changed called when photos came or went */
  constructor(changed) {
    this.changed = changed;
    /** @type {{photo: Blob, thumb: string, node: HTMLElement}[]} */
    this.chosen = [];
    this.said = "";
    this.list = byId("tray");
    this.note = living(byId("tray-note"), (node) => {
      const limit = this.said === "photo_too_big" ? MOST_MEGABYTES : MOST;
      node.textContent = this.said && text(this.said, { limit });
    });
    this.button = byId("attach");
    const file = byId("photo-file");
    this.button.addEventListener("click", () => file.click());
    file.addEventListener("change", async () => {
      const files = [...file.files];
      // The same file can be chosen again.
      file.value = "";
      await this.#add(files);
    });
  }

  get empty() {
    return this.chosen.length === 0;
  }

  /** Give the photos, and show none any more. */
  take() {
    const taken = this.chosen;
    this.chosen = [];
    this.list.replaceChildren();
    this.#tell("");
    return taken;
  }

  async #add(files) {
    let told = "photo_ready";
    for (const file of files) {
      if (this.chosen.length >= MOST) {
        told = "photo_many";
        break;
      }
      this.#tell("photo_preparing");
      try {
        this.#show(await prepared(file));
      } catch (error) {
        if (!(error instanceof PictureError)) throw error;
        told = error.key;
      }
    }
    this.#tell(told);
  }

  #show(picture) {
    const remove = element("button", { class: "round", type: "button" }, icon("icon-close", true));
    living(remove, () => remove.setAttribute("aria-label", text("photo_remove")));
    const one = { ...picture, node: element("li", {}, ownPicture(picture.thumb), remove) };
    remove.addEventListener("click", () => {
      this.chosen = this.chosen.filter((other) => other !== one);
      one.node.remove();
      this.#tell(this.empty ? "" : "photo_ready");
      this.button.focus();
    });
    this.chosen.push(one);
    this.list.append(one.node);
  }

  #tell(key) {
    this.said = key;
    this.list.hidden = this.empty;
    this.note.classList.toggle("wrong", key !== "photo_ready" && key !== "photo_preparing");
    this.note.tellAgain();
    this.changed();
  }
}
