/** @import {CaseSummary, Message} from "./types" */

const CLOSED_STATES = ["fulfilled", "refused", "withdrawn", "expired"];

/** What was said in one conversation, in the server's order, and the cases it is about. */
export class History {
  /** @type {Message[]} in order of `seq` */
  messages = [];
  /** @type {Map<string, CaseSummary>} by reference, the latest last */
  #cases = new Map();

  /** The last `seq` received. */
  get latest() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  /** The `seq` of the contact's last words: up to it, an offer no longer counts. */
  get answered() {
    return this.messages.findLast((message) => message.from === "contact")?.seq ?? 0;
  }

  /** The latest first. */
  get openCases() {
    return [...this.#cases.values()].filter((each) => !CLOSED_STATES.includes(each.state)).reverse();
  }

  /** @param {number} seen the last `seq` that was looked at */
  unread(seen) {
    return this.messages.filter((message) => message.seq > seen && message.from !== "contact").length;
  }

  /**
   * Takes a message in; one that is known already is replaced, as when it was erased.
   * @param {Message} message
   * @returns {{isNew: boolean, changedCase: CaseSummary | null}}
   */
  take(message) {
    const at = this.messages.findLastIndex((known) => known.seq <= message.seq);
    const isKnown = this.messages[at]?.seq === message.seq;
    this.messages.splice(isKnown ? at : at + 1, isKnown ? 1 : 0, message);
    if (message.replaces !== undefined) this.#erase(message.replaces);
    return { isNew: !isKnown, changedCase: message.case && this.#changes(message.case) ? message.case : null };
  }

  /**
   * What an agent took back or corrected goes from here as it has gone from the server.
   * @param {number} seq
   */
  #erase(seq) {
    const index = this.messages.findIndex((known) => known.seq === seq);
    const known = this.messages[index];
    if (known) this.messages[index] = { seq, at: known.at, from: known.from, text: null, erased: true };
  }

  /** @param {CaseSummary} summary */
  #changes(summary) {
    if (JSON.stringify(this.#cases.get(summary.reference)) === JSON.stringify(summary)) return false;
    this.#cases.delete(summary.reference);
    this.#cases.set(summary.reference, summary);
    return true;
  }
}
