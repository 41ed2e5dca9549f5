/** @import {Content, Message, Outgoing} from "./types" */
import { Refusal } from "./api.js";

/**
 * @typedef {object} Post what an outbox needs of the conversation it sends to
 * @property {(item: Outgoing) => Promise<number>} deliver gives the `seq` the server has given it
 * @property {(item: Outgoing) => void} delivered
 * @property {(item: Outgoing, refusal: Refusal) => void} refused for good: sending it again would not help
 * @property {(asked: boolean) => void} held for a while, because the server `asked`, or could not be reached
 * @property {() => void} gone the conversation is no longer there; empties this
 * @property {() => void} changed
 */

/** A name for one sending, so that sending it again is harmless; works without a secure context too. */
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What was said here and has not come back from the server: sent one after the other, again and again until taken. */
export class Outbox {
  /** @type {Outgoing[]} in order of saying */
  items = [];
  #post;
  #busy = false;
  #stopped = true;
  #asked = false;
  #sooner = () => {};

  /** @param {Post} post */
  constructor(post) {
    this.#post = post;
  }

  /**
   * @param {Content} content
   * @param {string} [text] the words that stand for it in the transcript
   */
  add(content, text) {
    const shown = "fields" in content ? { fields: Object.keys(content.fields) } : { text: text ?? "" };
    this.items.push({ key: newKey(), content, ...shown, at: new Date().toISOString(), state: "sending" });
    this.#pump();
  }

  /** @param {string} key of something not yet sent */
  discard(key) {
    this.items = this.items.filter((item) => item.key !== key || item.state === "sent");
    this.#sooner();
  }

  /**
   * Sends, and tries now whatever waits for a better moment.
   * @param {boolean} [insist] also where the server asked us to wait
   */
  run(insist) {
    this.#stopped = false;
    if (insist || !this.#asked) this.#sooner();
    this.#pump();
  }

  stop() {
    this.#stopped = true;
  }

  /** Whether something was taken by the server and has not come back from it. */
  get due() {
    return this.items.some((item) => item.state === "sent");
  }

  /**
   * Knows our own words when they come back before the answer to their sending does.
   * @param {Message} message
   */
  recognise(message) {
    const unknown = this.items.filter((item) => item.seq === undefined);
    const same = (/** @type {Outgoing} */ item) =>
      item.fields ? String(item.fields) === String(message.fields) : item.text?.trim() === message.text?.trim();
    // Words may come back as a private field, where the server was waiting for one.
    const own = unknown.find(same) ?? unknown.find((item) => item.state === "sending" && message.fields);
    if (own) own.seq = message.seq;
  }

  /**
   * Lets go of what has come back from the server.
   * @param {number} latest the last `seq` received
   */
  settle(latest) {
    this.items = this.items.filter((item) => item.state !== "sent" || (item.seq ?? Infinity) > latest);
  }

  async #pump() {
    if (this.#busy) return;
    this.#busy = true;
    let failures = 0;
    for (let item; !this.#stopped && (item = this.items.find((each) => each.state !== "sent"));) {
      item.state = "sending";
      this.#post.changed();
      try {
        const seq = await this.#post.deliver(item);
        failures = 0;
        if (!this.items.includes(item)) continue;
        item.seq = seq;
        item.state = "sent";
        this.#post.delivered(item);
      } catch (error) {
        if (!this.items.includes(item)) continue;
        const refusal = error instanceof Refusal ? error : null;
        if (refusal?.gone) this.#post.gone();
        else if (refusal && refusal.status !== 429) this.#refuse(item, refusal);
        else await this.#hold(item, refusal && (refusal.retryAfter || 5_000), failures++);
      }
    }
    this.#busy = false;
  }

  /**
   * @param {Outgoing} item
   * @param {Refusal} refusal
   */
  #refuse(item, refusal) {
    this.items = this.items.filter((each) => each !== item);
    this.#post.refused(item, refusal);
  }

  /**
   * @param {Outgoing} item
   * @param {number | null} asked milliseconds the server asked us to wait, null when it could not be reached
   * @param {number} failures
   */
  async #hold(item, asked, failures) {
    const wait = asked ?? Math.min(20_000, 1_000 * 2 ** failures) * (0.75 + Math.random() / 2);
    item.state = "waiting";
    this.#asked = asked !== null;
    this.#post.held(this.#asked);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#sooner = () => {
        clearTimeout(timer);
        resolve(null);
      };
    });
    this.#asked = false;
  }
}
