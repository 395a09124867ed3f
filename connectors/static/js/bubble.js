// One message as DOM nodes.

import { attachmentNode, endProgress } from "./attachment.js";
import { clock, plainDate } from "./dates.js";
import { element, icon } from "./dom.js";
import { languageOf } from "./languages.js";
import { outward, safeUrl, withLinks } from "./links.js";
import { tellsPlaces, whereAmI } from "./place.js";
import { living, text } from "./texts.js";

/** A hidden name before each message tells a screen reader who speaks. */
function speaker(own) {
  const node = element("span", { class: "hidden-text" });
  return living(node, () => (node.textContent = `${own ? text("you") : "C-Bot"}: `));
}

function body(message, byBot) {
  const language = languageOf(message, byBot);
  return element("div", { class: "text", lang: language }, ...withLinks(message));
}

function links(list) {
  const usable = list.filter((link) => safeUrl(link.url));
  if (!usable.length) return null;
  const rows = usable.map((link) => {
    const title = element("span", { lang: languageOf(link.title, true) }, link.title);
    return element("li", {}, outward(link.url, icon("icon-out", true), title));
  });
  return element("ul", { class: "links", role: "list" }, ...rows);
}

/** Pictures of this site are shown, pictures from elsewhere are only linked: the page loads nothing foreign. */
function images(list) {
  const usable = list.filter(safeUrl);
  if (!usable.length) return null;
  const rows = usable.map((url) => {
    const here = safeUrl(url).origin === location.origin;
    const shown = element(here ? "img" : "span", here ? { src: url, loading: "lazy" } : {});
    living(shown, () => {
      if (here) shown.alt = text("image");
      else shown.textContent = text("image");
    });
    return outward(url, shown);
  });
  return element("div", { class: "images" }, ...rows);
}

function source({ title, url, date }) {
  const words = { lang: languageOf(title, true) };
  const name = url && safeUrl(url) ? outward(url, title) : title;
  return [element("span", words, name), date ? `, ${plainDate(date)}` : ""];
}

function sourceList(sources) {
  if (sources.length === 1) {
    const label = element("span");
    living(label, () => (label.textContent = `${text("source")}: `));
    return element("p", {}, label, ...source(sources[0]));
  }
  const label = element("span");
  living(label, () => (label.textContent = text("sources", { count: sources.length })));
  const rows = sources.map((one) => element("li", {}, ...source(one)));
  const summary = element("summary", {}, label, icon("icon-down", true));
  return element("details", {}, summary, element("ul", { role: "list" }, ...rows));
}

/** The small print: where the answer is written and when a person last compared it. */
function proof({ sources, checked_on: checkedOn }) {
  if (!sources?.length && !checkedOn) return null;
  const block = element("div", { class: "proof" });
  if (sources?.length) block.append(sourceList(sources));
  if (checkedOn) {
    const line = element("p");
    living(line, () => (line.textContent = text("checked_on", { date: plainDate(checkedOn) })));
    block.append(line);
  }
  return block;
}

/** A button that sends where the resident is, with a line that tells how it goes. */
function placeChoice(sendPlace) {
  const name = words("place_send");
  const mark = element("span", { class: "hidden-text" });
  const signs = [icon("icon-check", true), icon("icon-pin", true)];
  const node = element("button", { class: "choice locate", type: "button" }, ...signs, name, mark);
  let said = "";
  const note = element("p", { class: "choice-note", role: "status" });
  living(note, () => (note.textContent = said && text(said)));
  const tell = (key) => {
    said = key;
    note.tellAgain();
  };
  node.addEventListener("click", async () => {
    if (said === "place_looking") return;
    tell("place_looking");
    try {
      const place = await whereAmI();
      tell("");
      markChosen(node);
      sendPlace(place);
    } catch (trouble) {
      tell(trouble);
    }
  });
  return [node, note];
}

function choices({ buttons, asks }, { press, sendPlace }) {
  const place = asks === "location" && tellsPlaces() ? placeChoice(sendPlace) : [];
  if (!buttons?.length && !place.length) return null;
  const nodes = (buttons ?? []).map((button) => {
    const mark = element("span", { class: "hidden-text" });
    const node = element(
      "button",
      { class: "choice", type: "button", lang: languageOf(button.title, true) },
      icon("icon-check", true),
      button.title,
      mark,
    );
    node.addEventListener("click", () => press(button, node));
    return node;
  });
  return element("div", { class: "choices" }, ...place.slice(0, 1), ...nodes, ...place.slice(1));
}

/** Mark a button as the one that was pressed, for the eye and for a screen reader. */
export function markChosen(node) {
  node.classList.add("chosen");
  living(node.querySelector(".hidden-text"), (mark) => (mark.textContent = ` (${text("chosen")})`));
}

function meta(at) {
  const time = element("time", { dateTime: at.toISOString() }, clock(at));
  return element("p", { class: "meta" }, time, element("span", { class: "state" }));
}

/**
 * A message of the bot.
 * @param {Object} item as the chat API gives it
 * @param {{
 *   press: (button: {title: string, payload: string}, node: HTMLElement) => void,
 *   sendPlace: (place: {lat: number, lon: number}) => void,
 * }} actions what its buttons do
 */
export function botMessage(item, actions) {
  const bubble = element(
    "div",
    { class: "bubble" },
    speaker(false),
    body(item.text, true),
    images(item.images ?? []),
    links(item.links ?? []),
    proof(item),
  );
  const at = new Date(item.at);
  return element("li", { class: "message bot" }, bubble, meta(at), choices(item, actions));
}

/**
 * A message of the resident.
 * @param {string} said
 * @param {Date} at
 * @param {import("./attachment.js").Attachment|null} attachment
 */
export function ownMessage(said, at, attachment) {
  const content = [attachmentNode(attachment), said ? body(said, false) : null];
  const bubble = element("div", { class: "bubble" }, speaker(true), ...content);
  // Residents know what they wrote: a screen reader announces the bot's messages only.
  return element("li", { class: "message own", "aria-live": "off" }, bubble, meta(at));
}

const STATES = {
  sending: ["sending", "icon-clock"],
  sent: ["sent", "icon-check"],
  failed: ["failed", "icon-alert"],
  slow: ["too_fast", "icon-clock"],
  refused: ["refused", "icon-alert"],
};

function words(key, className = null) {
  return living(element("span", { class: className }), (node) => (node.textContent = text(key)));
}

function troubleButton(key, sign, act) {
  return element("button", { type: "button", onclick: act }, icon(sign, true), words(key));
}

/**
 * Show under an own message how far it is.
 * @param {HTMLElement} node what {@link ownMessage} made
 * @param {"sending"|"sent"|"failed"|"slow"|"refused"} state
 * @param {{again?: () => void, edit?: () => void, remove?: () => void, why?: string}} actions
 *   what the buttons of a failed one do; why a refused one is, as a text of the page
 */
export function showState(node, state, { again, edit, remove, why } = {}) {
  const [usual, sign] = STATES[state];
  const key = state === "refused" && why ? why : usual;
  if (state !== "sending") endProgress(node);
  const unsent = state === "failed" || state === "refused";
  node.dataset.state = state;
  node.classList.toggle("unsent", unsent);
  const line = element("span", { class: "state" }, icon(sign, true));
  line.append(words(key, state === "sent" ? "hidden-text" : null));
  if (state === "failed") line.append(troubleButton("again", "icon-again", again));
  if (state === "refused" && edit) line.append(troubleButton("edit", "icon-edit", edit));
  if (state === "refused" && remove) line.append(troubleButton("remove", "icon-close", remove));
  node.querySelector(".state").replaceWith(line);
}

/** A line between the messages of two days. */
export function daySeparator(tell) {
  return element("li", { class: "day", "aria-live": "off" }, living(element("span"), tell));
}
