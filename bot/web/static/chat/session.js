/** @import {CaseSummary, Connection, Content, Identity, Message, Notice, Outgoing} from "./types" */
import { Refusal, call } from "./api.js";
import { Follower } from "./follower.js";
import { Memory } from "./memory.js";

const CLOSED_STATES = ["fulfilled", "refused", "withdrawn", "expired"];
const LONGEST_TEXT = 8_000;

/** A name for one sending, so that sending it again is harmless; works without a secure context too. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * One conversation as this browser knows it: what was said, what waits to be sent, how the connection stands.
 * Fires `change` after anything of that changed, and `case` with the case as detail.
 */
export class Session extends EventTarget {
  /** @type {Message[]} in order of `seq` */
  messages = [];
  /** @type {Outgoing[]} in order of saying */
  outbox = [];
  /** @type {Map<string, CaseSummary>} by reference, the latest last */
  cases = new Map();
  /** @type {Connection} */
  connection = { state: "quiet" };
  /** @type {{kind: Notice, text?: string} | null} */
  notice = null;
  pending = false;
  /** Words in the making. */
  #draft = "";
  /** Whether the history has arrived, so that what comes next is news. */
  ready = false;
  /** @type {Identity | null} */
  #identity = null;
  /** @type {Follower | null} */
  #follower = null;
  #attentive = false;
  #pumping = false;
  #announced = false;
  #lostAt = -Infinity;
  /** Counts conversations, so that a late answer to an earlier one is not taken for this one's. */
  #era = 0;
  #sooner = () => {};

  /** @param {string} server its address, without a slash at the end */
  constructor(server) {
    super();
    this.server = server;
    this.memory = new Memory(server);
    this.#draft = this.memory.draft;
    this.#adopt(this.memory.conversation);
  }

  get draft() {
    return this.#draft;
  }

  set draft(text) {
    this.#draft = this.memory.draft = text;
  }

  /** Begins to follow the conversation, if there is one or once one is wanted. */
  start() {
    window.addEventListener("storage", this);
    window.addEventListener("online", this);
    window.addEventListener("pageshow", this);
    document.addEventListener("visibilitychange", this);
    this.#follower = new Follower({
      address: async () => {
        if (!this.#identity && this.#attentive) await this.#create();
        return this.#identity && this.#address;
      },
      token: () => this.#identity?.token ?? "",
      latest: () => this.messages.at(-1)?.seq ?? 0,
      due: () => this.pending || this.outbox.some((item) => item.state === "sent"),
      attention: () => (document.hidden ? "rest" : this.#attentive ? "stream" : "poll"),
      accept: (messages, pending) => this.#accept(messages, pending),
      connected: (connection) => this.#connected(connection),
      lost: () => this.#lost(),
    });
    this.#pump();
  }

  stop() {
    window.removeEventListener("storage", this);
    window.removeEventListener("online", this);
    window.removeEventListener("pageshow", this);
    document.removeEventListener("visibilitychange", this);
    this.#follower?.stop();
    this.#follower = null;
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event instanceof StorageEvent) {
      if (event.key === this.memory.key || event.key === null) this.#otherTab();
    } else this.retry();
  }

  /** Whether the contact is looking: decides between a stream and an occasional glance, and begins a conversation. */
  get attentive() {
    return this.#attentive;
  }

  set attentive(value) {
    this.#attentive = value;
    if (value) this.read();
    this.#follower?.nudge();
  }

  get begun() {
    return this.messages.some((message) => message.from === "contact") || this.outbox.length > 0;
  }

  /** How many messages came that the contact has not looked at. */
  get unread() {
    const seen = this.memory.conversation?.seen ?? 0;
    return this.messages.filter((message) => message.seq > seen && message.from !== "contact").length;
  }

  /** The `seq` after which an offer still counts. */
  get answered() {
    if (this.outbox.length) return Infinity;
    return this.messages.findLast((message) => message.from === "contact")?.seq ?? 0;
  }

  /** The message whose question the contact may now answer in a private field. */
  get asking() {
    return this.messages.findLast((message) => message.ask && message.seq > this.answered);
  }

  get openCases() {
    return [...this.cases.values()].filter((each) => !CLOSED_STATES.includes(each.state)).reverse();
  }

  read() {
    const conversation = this.memory.conversation;
    const latest = this.messages.at(-1)?.seq ?? 0;
    if (conversation && latest > conversation.seen) {
      this.memory.conversation = { ...conversation, seen: latest };
      this.#changed();
    }
  }

  /**
   * @param {Content} content
   * @param {string} [shown] the words that stand for it in the transcript
   * @returns {boolean} whether it was taken
   */
  send(content, shown) {
    if ("text" in content && content.text.length > LONGEST_TEXT) {
      this.#note("long");
      return false;
    }
    this.notice = null;
    const fields = "fields" in content ? { fields: Object.keys(content.fields) } : { text: shown ?? "" };
    this.outbox.push({ key: newKey(), content, ...fields, at: new Date().toISOString(), state: "sending" });
    this.#remember();
    this.#changed();
    this.#pump();
    return true;
  }

  /** Tries now whatever waits for a better moment. */
  retry() {
    this.#sooner();
    if (this.connection.state === "stopped") this.#connected({ state: "quiet" });
    if (this.#follower) this.#pump();
    this.#follower?.nudge();
  }

  /** @param {string} key of something not yet sent */
  discard(key) {
    this.outbox = this.outbox.filter((item) => item.key !== key || item.state === "sent");
    this.#remember();
    this.#changed();
    this.#sooner();
  }

  dismiss() {
    this.notice = null;
    this.#changed();
  }

  /** Forgets the conversation on this device. */
  clear() {
    this.memory.clear();
    this.#draft = "";
    this.#adopt(null);
    this.notice = null;
    this.#restart();
  }

  get #address() {
    return `${this.server}/api/conversations/${this.#identity?.id}`;
  }

  /** @param {Identity | null} identity */
  #adopt(identity) {
    this.#era++;
    this.#identity = identity;
    this.messages = [];
    this.outbox = [];
    this.cases = new Map();
    this.pending = this.ready = false;
    const unsent = this.memory.unsent;
    if (identity && unsent?.id === identity.id) this.outbox = unsent.items.map((item) => ({ ...item, state: "waiting" }));
  }

  #restart() {
    if (this.#follower) {
      this.stop();
      this.start();
    }
    this.#changed();
  }

  #otherTab() {
    const stored = this.memory.conversation;
    if (stored?.id === this.#identity?.id) return this.#changed();
    if (stored || !this.#attentive) this.#adopt(stored);
    else {
      this.#attentive = false;
      this.#adopt(null);
      this.dispatchEvent(new Event("ended"));
    }
    this.#restart();
  }

  async #create() {
    await this.memory.alone(async () => {
      const stored = this.memory.conversation;
      if (stored) return this.#adopt(stored);
      const era = this.#era;
      this.#connected({ state: "joining" });
      const response = await call(`${this.server}/api/conversations`, { body: {} });
      const { id, token, messages, pending } = await response.json();
      if (era !== this.#era) return;
      this.memory.conversation = { id, token, seen: 0 };
      this.#identity = { id, token };
      this.ready = true;
      this.#accept(messages, pending);
    });
  }

  /**
   * @param {Message[]} messages
   * @param {boolean} [pending]
   */
  #accept(messages, pending) {
    for (const message of messages) {
      const at = this.messages.findLastIndex((known) => known.seq <= message.seq);
      const known = this.messages[at]?.seq === message.seq;
      this.messages.splice(known ? at : at + 1, known ? 1 : 0, message);
      if (message.case) this.#heed(message.case);
      if (message.from === "contact" && !known) this.#recognise(message);
      if (message.from === "assistant") this.pending = false;
    }
    if (pending !== undefined) {
      this.pending = pending;
      this.ready = true;
    }
    this.#settle();
    if (this.#attentive && !document.hidden) this.read();
    this.#changed();
  }

  /** @param {CaseSummary} summary */
  #heed(summary) {
    if (JSON.stringify(this.cases.get(summary.reference)) === JSON.stringify(summary)) return;
    this.cases.delete(summary.reference);
    this.cases.set(summary.reference, summary);
    this.dispatchEvent(new CustomEvent("case", { detail: { ...summary } }));
  }

  /**
   * Knows our own words when they come back before the answer to their sending does.
   * @param {Message} message
   */
  #recognise(message) {
    const own = this.outbox.find(
      (item) =>
        item.seq === undefined &&
        (item.fields ? String(item.fields) === String(message.fields) : item.text?.trim() === message.text?.trim()),
    );
    if (own) own.seq = message.seq;
  }

  /** Lets go of what has come back from the server. */
  #settle() {
    const latest = this.messages.at(-1)?.seq ?? 0;
    this.outbox = this.outbox.filter((item) => item.state !== "sent" || (item.seq ?? Infinity) > latest);
    this.#remember();
  }

  async #pump() {
    if (this.#pumping || !this.outbox.length) return;
    this.#pumping = true;
    let failures = 0;
    for (let item; (item = this.outbox.find((each) => each.state !== "sent")); ) {
      item.state = "sending";
      this.#changed();
      try {
        if (!this.#identity) await this.#create();
        const response = await call(`${this.#address}/messages`, {
          token: this.#identity?.token,
          body: { ...item.content, key: item.key },
        });
        const { seq } = await response.json();
        if (!this.outbox.includes(item)) continue;
        item.seq = seq;
        item.state = "sent";
        this.pending = true;
        failures = 0;
        this.#settle();
        this.#follower?.nudge();
      } catch (error) {
        if (!this.outbox.includes(item)) continue;
        if (error instanceof Refusal && error.gone) {
          if (!this.#lost()) break;
        } else if (error instanceof Refusal && error.status !== 429) this.#refused(item, error);
        else await this.#hold(item, error instanceof Refusal ? error.retryAfter || 5_000 : 0, failures++);
      }
      this.#changed();
      if (!this.#follower) break;
    }
    this.#pumping = false;
  }

  /**
   * @param {Outgoing} item
   * @param {number} asked milliseconds the server asked us to wait, or 0 when it could not be reached
   * @param {number} failures
   */
  async #hold(item, asked, failures) {
    const wait = asked || Math.min(20_000, 1_000 * 2 ** failures) * (0.75 + Math.random() / 2);
    item.state = "waiting";
    if (asked) this.#note("busy");
    this.#changed();
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#sooner = () => {
        clearTimeout(timer);
        resolve(null);
      };
    });
    if (this.notice?.kind === "busy") this.dismiss();
  }

  /**
   * @param {Outgoing} item
   * @param {Refusal} refusal
   */
  #refused(item, refusal) {
    this.outbox = this.outbox.filter((each) => each !== item);
    if ("text" in item.content && !this.draft) this.draft = item.content.text;
    this.#remember();
    const kind = { 409: "stale", 413: "long", 422: "unreadable" }[refusal.status] ?? "refused";
    this.#note(/** @type {Notice} */ (kind), refusal.message);
    this.#follower?.nudge();
  }

  /** Starts anew where the server no longer knows us; not twice in a row, lest it go on for ever. */
  #lost() {
    const again = performance.now() - this.#lostAt < 60_000;
    this.#lostAt = performance.now();
    const words = this.outbox.map((item) => ("text" in item.content ? item.content.text : "")).filter(Boolean);
    const reference = this.openCases[0]?.reference;
    const stored = this.memory.conversation;
    const other = stored && stored.id !== this.#identity?.id ? stored : null;
    this.memory.conversation = other;
    this.memory.unsent = null;
    this.#adopt(other);
    if (words.length) this.draft = [this.draft, ...words].filter(Boolean).join("\n");
    this.#note("lost", reference);
    return !again;
  }

  /** @param {Connection} connection */
  #connected(connection) {
    const changed = connection.state !== this.connection.state || connection.retryAt !== this.connection.retryAt;
    this.connection = connection;
    if (changed) this.#changed();
  }

  /**
   * @param {Notice} kind
   * @param {string} [text] the server's reason, or what the notice is about
   */
  #note(kind, text) {
    this.notice = { kind, ...(text && { text }) };
    this.#changed();
  }

  #remember() {
    const items = this.outbox.filter((item) => !item.fields && item.state !== "sent");
    this.memory.unsent = this.#identity && items.length ? { id: this.#identity.id, items } : null;
  }

  #changed() {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.dispatchEvent(new Event("change"));
    });
  }
}
