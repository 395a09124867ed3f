// What a resident sends beside words, in their own bubble: a photo or a place.

import { photoAddress } from "./api.js";
import { element, icon } from "./dom.js";
import { outward } from "./links.js";
import { living, text } from "./texts.js";

/**
 * @typedef {{type: "image", src: string, href?: string}
 *   | {type: "location", lat: number, lon: number}} Attachment
 */

/**
 * Read the attachment of an item of the server.
 * @returns {Attachment|null}
 */
export function attachmentOfItem({ attachment }) {
  if (attachment?.type === "location") return attachment;
  if (attachment?.type !== "image") return null;
  const address = photoAddress(attachment.id);
  return { type: "image", src: address, href: address };
}

/**
 * Read the attachment of a message of this page.
 * @returns {Attachment|null}
 */
export function attachmentOfMessage({ body }) {
  if (body.photo) return { type: "image", src: body.photo };
  return body.location ? { type: "location", ...body.location } : null;
}

/** Make a picture that is named as the resident's own photo. */
export function ownPicture(src) {
  const picture = element("img", { src, loading: "lazy", width: 240, height: 180 });
  return living(picture, () => (picture.alt = text("photo_own")));
}

function place({ lat, lon }) {
  const name = living(element("span"), (node) => (node.textContent = text("place_own")));
  const where = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
  return element("p", { class: "place" }, icon("icon-pin", true), name, element("small", {}, where));
}

/** @param {Attachment|null} attachment */
export function attachmentNode(attachment) {
  if (!attachment) return null;
  if (attachment.type === "location") return place(attachment);
  const picture = ownPicture(attachment.src);
  const shown = attachment.href ? outward(attachment.href, picture) : picture;
  return element("div", { class: "photo" }, shown);
}

/**
 * Show how much of a photo has gone.
 * @param {HTMLElement} message the resident's message with the photo
 * @param {number} share up to 1
 */
export function showProgress(message, share) {
  let bar = message.querySelector("progress");
  if (!bar) {
    bar = element("progress", { max: 1 });
    living(bar, () => bar.setAttribute("aria-label", text("sending")));
    message.querySelector(".photo")?.append(bar);
  }
  bar.value = share;
}

/** Take the progress away: the photo is there, or waits for another try. */
export const endProgress = (message) => message.querySelector("progress")?.remove();
