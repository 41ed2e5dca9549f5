/** @import {Row} from "./types" */

/** How far the server's clock is ahead of this machine's, which in a demo can be days. */
let ahead = 0;

/** @param {string} now by the server's clock */
export function keepTime(now) {
  ahead = Date.parse(now) - Date.now();
}

/**
 * How long ago, in words.
 * @param {string} at
 */
export function since(at) {
  const seconds = Math.max(0, Math.round((Date.now() + ahead - Date.parse(at)) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min ago`;
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(at),
  );
}

/** @param {Row["identity"]} identity */
export function identity({ state, at }) {
  if (state === "not_proven") return "identity not proven";
  return state === "proven" ? `identity proven ${since(at ?? "")}` : "identity proof ran out";
}

/** @param {string} word of the vocabulary */
export const plain = (word) => word.replaceAll("_", " ");
