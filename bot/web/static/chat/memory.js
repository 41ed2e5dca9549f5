/** @import {Remembered, Outgoing} from "./types" */

/**
 * @param {"localStorage" | "sessionStorage"} kind
 * @returns {Storage | null} nothing where the browser keeps storage from us
 */
function storage(kind) {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/**
 * What outlives the page: the conversation's id and token for all tabs of this browser; for this tab, words not yet
 * sent and whether the panel was open. The contents of private fields are never kept.
 */
export class Memory {
  #device = storage("localStorage");
  #tab = storage("sessionStorage");
  /** @type {Map<string, string>} */
  #page = new Map();

  /** @param {string} server */
  constructor(server) {
    this.key = `rightline:${server}`;
  }

  /** @returns {Remembered | null} */
  get conversation() {
    return this.#get(this.#device, this.key);
  }

  /** @param {Remembered | null} value */
  set conversation(value) {
    this.#set(this.#device, this.key, value);
  }

  /** @returns {{id: string, items: Outgoing[]} | null} */
  get unsent() {
    return this.#get(this.#tab, `${this.key}:unsent`);
  }

  /** @param {{id: string, items: Outgoing[]} | null} value */
  set unsent(value) {
    this.#set(this.#tab, `${this.key}:unsent`, value);
  }

  /** @returns {string} */
  get draft() {
    return this.#get(this.#tab, `${this.key}:draft`) ?? "";
  }

  /** @param {string} value */
  set draft(value) {
    this.#set(this.#tab, `${this.key}:draft`, value || null);
  }

  /** @returns {boolean} */
  get open() {
    return Boolean(this.#get(this.#tab, `${this.key}:open`));
  }

  /** @param {boolean} value */
  set open(value) {
    this.#set(this.#tab, `${this.key}:open`, value || null);
  }

  clear() {
    this.conversation = this.unsent = null;
    this.draft = "";
  }

  /**
   * Runs `work` while no other tab runs its own, as far as the browser can promise that.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async alone(work) {
    let begun = false;
    try {
      return await navigator.locks.request(this.key, () => {
        begun = true;
        return work();
      });
    } catch (error) {
      if (begun) throw error;
      return work();
    }
  }

  /**
   * @param {Storage | null} place
   * @param {string} key
   */
  #get(place, key) {
    try {
      return JSON.parse((place ? place.getItem(key) : this.#page.get(key)) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * @param {Storage | null} place
   * @param {string} key
   * @param {unknown} value
   */
  #set(place, key, value) {
    try {
      if (value === null) place ? place.removeItem(key) : this.#page.delete(key);
      else place ? place.setItem(key, JSON.stringify(value)) : this.#page.set(key, JSON.stringify(value));
    } catch {
      this.#page.set(key, JSON.stringify(value));
    }
  }
}
