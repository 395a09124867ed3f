// Turning addresses inside a message into links, as DOM nodes.

import { element } from "./dom.js";

// https addresses; e-mails; Georgian telephone numbers: +995… or a Tbilisi number 032….
const ADDRESS = new RegExp(
  [
    String.raw`(?<url>https:\/\/[^\s<>"„“”«»]+)`,
    String.raw`(?<mail>[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)`,
    String.raw`(?<phone>(?:\+995(?:[ \-]?\(?\d\)?){9}|\(?032\)?(?:[ \-]?\d){7})(?!\d))`,
  ].join("|"),
  "gu",
);

/** Cut what ends the sentence rather than the address: full stops, commas, an unopened bracket. */
function trimmed(url) {
  let end = url.length;
  for (;;) {
    const last = url[end - 1];
    const opened = url.slice(0, end).split("(").length;
    const closed = url.slice(0, end).split(")").length;
    if (/[.,;:!?…'’]/.test(last) || (last === ")" && closed > opened)) end -= 1;
    else return url.slice(0, end);
  }
}

/**
 * Say whether an address may be opened from the page: https, or a path of this site.
 * @param {string} url
 * @returns {URL|null}
 */
export function safeUrl(url) {
  try {
    const parsed = new URL(url, document.baseURI);
    const here = parsed.origin === location.origin;
    return parsed.protocol === "https:" || here ? parsed : null;
  } catch {
    return null;
  }
}

/** Make a link that opens in a tab of its own. */
export function outward(url, ...children) {
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A number inside a longer one is no telephone number. (Older iPhones know no lookbehind.) */
const insideNumber = (match) => match.groups.phone && /\d/.test(match.input[match.index - 1] ?? "");

function link({ url, mail, phone }) {
  if (mail) return element("a", { href: `mailto:${mail}` }, mail);
  if (phone) return element("a", { href: `tel:${telephone(phone)}` }, phone);
  return safeUrl(url) ? outward(url, url) : url;
}

function telephone(written) {
  const digits = written.replace(/[^\d+]/g, "");
  return digits.startsWith("+") ? digits : `+995${digits.slice(1)}`;
}

/**
 * Give a message's text as nodes: text nodes, and links where an address stands.
 * @param {string} text
 * @returns {(Node|string)[]}
 */
export function withLinks(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (insideNumber(match)) continue;
    const found = { ...match.groups };
    if (found.url) found.url = trimmed(found.url);
    const written = found.url ?? match[0];
    nodes.push(text.slice(done, match.index), link(found));
    done = match.index + written.length;
  }
  nodes.push(text.slice(done));
  return nodes.filter((node) => node !== "");
}
