// Where the conversation is scrolled to. It follows new messages as long as the resident is at
// its end; the beginning of a long answer is never scrolled out of sight.

const NEAR = 80; // pixels from the end that still count as being there
const MARGIN = 12;
const GLIDE = 600; // milliseconds a smooth scroll takes at most

export class Scroll {
  /**
   * @param {HTMLElement} area
   * @param {HTMLElement} jump the button that leads to the newest message
   */
  constructor(area, jump) {
    this.area = area;
    this.jump = jump;
    this.following = true;
    this.gliding = 0; // until when the area moves by itself
    area.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const hand of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      area.addEventListener(hand, () => (this.gliding = 0), { passive: true });
    }
    jump.addEventListener("click", () => {
      this.toEnd(true);
      area.focus({ preventScroll: true });
    });
    // A keyboard that opens, a composer that grows, a font that comes: the end stays in sight.
    new ResizeObserver(() => this.stay()).observe(area);
    document.fonts.ready.then(() => this.stay());
  }

  get #end() {
    return this.area.scrollHeight - this.area.clientHeight;
  }

  #scrolled() {
    if (Date.now() < this.gliding) return;
    this.following = this.#end - this.area.scrollTop < NEAR;
    if (this.following) this.jump.hidden = true;
  }

  /** Something changed its height: stay at the end if that is where the resident is. */
  stay() {
    if (this.following) this.toEnd(false);
  }

  /** Show the beginning, and stay there. */
  toStart() {
    this.following = false;
    this.#go(0, false);
  }

  /** Go to the end of the conversation. */
  toEnd(smoothly) {
    this.following = true;
    this.jump.hidden = true;
    this.#go(this.#end, smoothly);
  }

  /**
   * A message of the bot has arrived.
   * @param {HTMLElement} node the first one since the resident wrote
   */
  arrived(node) {
    if (!this.following) {
      this.jump.hidden = false;
      return;
    }
    const top = node.getBoundingClientRect().top - this.area.getBoundingClientRect().top;
    const target = this.area.scrollTop + top - MARGIN;
    this.following = target >= this.#end;
    this.#go(Math.min(this.#end, target), true);
  }

  #go(top, smoothly) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const far = Math.abs(top - this.area.scrollTop) > this.area.clientHeight * 1.5;
    const glide = smoothly && !calm && !far;
    this.gliding = glide ? Date.now() + GLIDE : 0;
    this.area.scrollTo({ top, behavior: glide ? "smooth" : "instant" });
  }
}
