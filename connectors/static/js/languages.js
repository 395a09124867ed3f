// Which language a message is written in, as far as its letters tell.

const SCRIPTS = [
  ["ka", /[\u10A0-\u10FF\u1C90-\u1CBF]/g],
  ["hy", /[\u0530-\u058F]/g],
  ["ru", /[\u0400-\u04FF]/g],
];
const LATIN = /[A-Za-z\u00C0-\u024F\u0259]/g;
const AZERBAIJANI = /[əğışƏĞİŞ]/;

const count = (text, letters) => (text.match(letters) ?? []).length;

/**
 * Give the language tag for a message, or null when its letters do not tell.
 * Latin letters typed by a resident may be Georgian, so they tell nothing.
 * @param {string} text
 * @param {boolean} byBot
 */
export function languageOf(text, byBot) {
  let [best, most] = [null, 0];
  for (const [language, letters] of SCRIPTS) {
    const found = count(text, letters);
    if (found > most) [best, most] = [language, found];
  }
  if (count(text, LATIN) <= most) return best;
  if (AZERBAIJANI.test(text)) return "az";
  return byBot ? "en" : null;
}
