/** @import {Agent, Conversation, Queue} from "./types" */
import { call } from "../chat/api.js";

const KEPT = "rightline desk";

/** What the page asks of the desk. The token is kept for this tab alone. */
export class Requests {
  /** @type {string} */
  #token = sessionStorage.getItem(KEPT) ?? "";

  get signedIn() {
    return this.#token !== "";
  }

  /**
   * @param {{token: string} | {agent: string}} proof
   * @returns {Promise<Agent>}
   */
  async signIn(proof) {
    const { token, agent } = await this.#send("session", proof);
    this.#token = token;
    sessionStorage.setItem(KEPT, token);
    return agent;
  }

  signOut() {
    this.#token = "";
    sessionStorage.removeItem(KEPT);
  }

  /** @returns {Promise<Queue>} */
  queue() {
    return this.#send("queue");
  }

  /**
   * @param {number} id
   * @param {number} after
   * @returns {Promise<Conversation>}
   */
  conversation(id, after) {
    return this.#send(`handovers/${id}?after=${after}`);
  }

  /** @param {boolean} on */
  duty(on) {
    return this.#send("duty", { on });
  }

  /**
   * @param {number} id
   * @param {"take" | "hand-back" | "close"} what
   * @param {object} [content]
   */
  act(id, what, content = {}) {
    return this.#send(`handovers/${id}/${what}`, content);
  }

  /**
   * @param {number} id
   * @param {string} text
   * @param {string} key
   */
  reply(id, text, key) {
    return this.#send(`handovers/${id}/reply`, { text, key });
  }

  /**
   * @param {number} id
   * @param {string} placeholder
   * @returns {Promise<string>}
   */
  async reveal(id, placeholder) {
    return (await this.#send(`handovers/${id}/reveal`, { placeholder })).value;
  }

  /**
   * @param {string} address
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async #send(address, body) {
    const response = await call(`/desk/api/${address}`, { token: this.#token, body });
    return response.json();
  }
}
