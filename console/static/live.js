// Keeps a part of a page fresh: <div data-live="/address" data-every="seconds">. The address gives
// that part alone, or, with data-part="id", a whole page that holds it.
// Without this script the page shows what was there when it was opened.

function partOf(html, id) {
  if (!id) return html;
  return new DOMParser().parseFromString(html, "text/html").getElementById(id).innerHTML;
}

async function refresh(part) {
  if (document.hidden) return;
  const answer = await fetch(part.dataset.live, { redirect: "manual" });
  if (!answer.ok) return;
  const html = partOf(await answer.text(), part.dataset.part);
  // Nothing is touched while nothing changed: a screen reader would read it all again.
  if (html !== part.dataset.shown) {
    part.dataset.shown = html;
    part.innerHTML = html;
  }
  if (answer.headers.get("x-done") === "1") location.reload();
}

for (const part of document.querySelectorAll("[data-live]")) {
  setInterval(() => refresh(part).catch(() => {}), Number(part.dataset.every) * 1000);
}
