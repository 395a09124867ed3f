// Times and dates as residents read them.

const two = (number) => String(number).padStart(2, "0");

/** Give "14:05" in the resident's own time zone. */
export const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;

/** Give a key which is the same for all moments of one day. */
export const dayKey = (date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** Turn an ISO date into 29.05.2026; what is not one (a year alone) is given as it is. */
export function plainDate(iso) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso ?? "");
  return parts ? `${parts[3]}.${parts[2]}.${parts[1]}` : (iso ?? "");
}

/**
 * Name a day: today, yesterday or its date.
 * @param {Date} date
 * @param {string} language
 * @param {(key: string) => string} text the page's texts `today` and `yesterday`
 */
export function dayName(date, language, text) {
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(date) === dayKey(now)) return text("today");
  if (dayKey(date) === dayKey(yesterday)) return text("yesterday");
  if (!Intl.DateTimeFormat.supportedLocalesOf([language]).length) return plainDate(dayKey(date));
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year }).format(date);
}
