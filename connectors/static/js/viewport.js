// Browsers that lay their keyboard over the page (iOS) tell so only through visualViewport: the
// frame then takes the height that is left. A page zoomed with two fingers is left alone.

const DIFFERENCE = 60; // pixels; less than that is a browser bar coming or going

/** @param {HTMLElement} app */
export function followKeyboard(app) {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    const covered = view.scale === 1 && window.innerHeight - view.height > DIFFERENCE;
    app.style.setProperty("--app-height", covered ? `${view.height}px` : "");
    app.style.setProperty("--app-top", covered ? `${view.offsetTop}px` : "");
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
}
