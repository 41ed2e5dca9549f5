/** @import {Message, Connection} from "./types" */
import { EventReader, Refusal, call } from "./api.js";

/** How long a stream may say nothing while an answer is due, and otherwise, before we look for ourselves. */
const SILENCE = { due: 4_000, idle: 30_000 };
/** How often we ask where no stream reaches us. */
const POLL = { due: 700, idle: 3_000, closed: 15_000 };
/** How long we poll before we try a stream again. */
const DEAF = 300_000;
const LONGEST_WAIT = 20_000;

/**
 * @typedef {object} Subject what a follower needs to know about what it follows
 * @property {() => Promise<string | null>} address created when that is wanted; null when there is none
 * @property {() => string} token
 * @property {() => number} latest the last `seq` received
 * @property {() => boolean} due whether an answer is being waited for
 * @property {() => "stream" | "poll" | "rest"} attention
 * @property {(messages: Message[], pending?: boolean) => void} accept
 * @property {(connection: Connection) => void} connected
 * @property {(address: string) => boolean} lost that conversation is gone; gives whether to go on, with another
 */

/** Keeps one conversation up to date: by event stream where that works, by polling where it does not. */
export class Follower {
  #subject;
  #ended = new AbortController();
  #wake = () => {};
  #nudged = false;
  /** @type {AbortController | null} */
  #stream = null;
  #address = "";
  #deafUntil = 0;
  #short = 0;

  /** @param {Subject} subject */
  constructor(subject) {
    this.#subject = subject;
    this.#run();
  }

  stop() {
    this.#ended.abort();
    this.nudge();
  }

  /** Looks at once instead of later; drops a stream that is no longer wanted. */
  nudge() {
    this.#nudged = true;
    this.#wake();
    if (this.#ended.signal.aborted || this.#subject.attention() !== "stream") this.#stream?.abort();
  }

  async #run() {
    let failures = 0;
    let silent = false;
    while (!this.#ended.signal.aborted) {
      if (this.#subject.attention() === "rest") {
        await this.#sleep(3_600_000);
        continue;
      }
      try {
        const news = await this.#catchUp();
        if (silent && news) this.#deafUntil = performance.now() + DEAF;
        silent = false;
        failures = 0;
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        if (error instanceof Refusal && error.gone) {
          if (this.#subject.lost(this.#address)) continue;
          return this.#subject.connected({ state: "stopped" });
        }
        const asked = error instanceof Refusal ? error.retryAfter : 0;
        const wait = asked || Math.min(LONGEST_WAIT, 500 * 2 ** failures++) * (0.75 + Math.random() / 2);
        this.#subject.connected({ state: "waiting", retryAt: performance.now() + wait, asked: asked > 0 });
        await this.#sleep(wait);
        continue;
      }
      const attention = this.#subject.attention();
      if (attention === "stream" && performance.now() > this.#deafUntil) silent = await this.#listen();
      else if (attention !== "rest")
        await this.#sleep(POLL[this.#subject.due() ? "due" : attention === "poll" ? "closed" : "idle"]);
    }
  }

  /** @returns {Promise<boolean>} whether there was anything new */
  async #catchUp() {
    const address = await this.#subject.address();
    if (!address) {
      this.#subject.connected({ state: "quiet" });
      await this.#sleep(3_600_000);
      return false;
    }
    this.#address = address;
    const after = this.#subject.latest();
    const response = await call(`${address}/messages?after=${after}`, {
      token: this.#subject.token(),
      signal: this.#ended.signal,
    });
    const { messages, pending } = await response.json();
    this.#subject.connected({ state: "online" });
    this.#subject.accept(messages, pending);
    return messages.length > 0;
  }

  /** @returns {Promise<boolean>} whether the stream was left because it said nothing */
  async #listen() {
    const stream = (this.#stream = new AbortController());
    const began = performance.now();
    let heard = began;
    let silent = false;
    const watch = setInterval(() => {
      if (performance.now() - heard < (this.#subject.due() ? SILENCE.due : SILENCE.idle)) return;
      silent = true;
      stream.abort();
    }, 500);
    try {
      const response = await call(`${this.#address}/events`, {
        token: this.#subject.token(),
        headers: { accept: "text/event-stream", "last-event-id": String(this.#subject.latest()) },
        signal: stream.signal,
        stream: true,
      });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
        heard = performance.now();
        for (const { event, data } of events.feed(piece.value)) this.#take(event, JSON.parse(data));
      }
    } catch {
      // Whatever ended it, the next catch-up finds out whether the server is there.
    } finally {
      clearInterval(watch);
      stream.abort();
      this.#stream = null;
    }
    const brief = !silent && performance.now() - began < 1_000 && this.#subject.attention() === "stream";
    this.#short = brief ? this.#short + 1 : 0;
    if (this.#short > 1) this.#deafUntil = performance.now() + DEAF;
    return silent;
  }

  /**
   * @param {string} event
   * @param {any} data
   */
  #take(event, data) {
    if (event === "message") this.#subject.accept([data]);
    if (event === "pending") this.#subject.accept([], typeof data === "object" ? data.pending : Boolean(data));
  }

  /**
   * @param {number} wait milliseconds
   * @returns {Promise<void>}
   */
  async #sleep(wait) {
    if (!this.#nudged) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(null);
        };
      });
    }
    this.#nudged = false;
  }
}
