/** @import {Connection, Content, Identity, Message, Notice, Outgoing} from "./types" */
import { Refusal, call } from "./api.js";
import { Follower } from "./follower.js";
import { History } from "./history.js";
import { Memory } from "./memory.js";
import { Outbox } from "./outbox.js";

/** Where the reader's clock is, so that opening hours are told in their time. */
const place = () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone ? { time_zone: zone } : {};
};
const LONGEST_TEXT = 8_000;
/** Two conversations lost within this time are no accident: we stop, and wait to be asked. */
const LOST_AGAIN = 60_000;
/** @type {Record<number, Notice>} */
const NOTICES = { 409: "stale", 413: "long", 422: "unreadable" };

/**
 * One conversation as this browser knows it: what was said, what waits to be sent, how the connection stands.
 * Fires `change` after anything of that changed, `case` with a case as detail, `ended` when it was cleared, here or in
 * another tab.
 */
export class Session extends EventTarget {
  history = new History();
  /** @type {Connection} */
  connection = { state: "quiet" };
  /** @type {{kind: Notice, text?: string} | null} */
  notice = null;
  pending = false;
  /** Whether the history has arrived, so that what comes next is news. */
  ready = false;
  #outbox;
  /** @type {Identity | null} */
  #identity = null;
  /** Counts conversations, so that a late answer to an earlier one is not taken for this one's. */
  #era = 0;
  /** @type {Follower | null} */
  #follower = null;
  #attentive = false;
  #announced = false;
  /** @type {Promise<void> | null} */
  #creating = null;
  #lostAt = -Infinity;
  #draft = "";

  /** @param {string} server its address, without a slash at the end */
  constructor(server) {
    super();
    this.server = server;
    this.memory = new Memory(server);
    this.#draft = this.memory.draft;
    this.#outbox = new Outbox({
      deliver: (item) => this.#deliver(item),
      delivered: () => this.#delivered(),
      refused: (item, refusal) => this.#refused(item, refusal),
      held: (asked) => (asked ? this.#note("busy") : this.#changed()),
      gone: () => {
        this.#lost();
        this.#restart();
      },
      changed: () => this.#changed(),
    });
    this.#adopt(this.memory.conversation);
  }

  /** Begins to follow the conversation, if there is one or once one is wanted. */
  start() {
    this.#hear("addEventListener");
    this.#follower = new Follower({
      address: async () => {
        if (!this.#identity && this.#attentive) await this.#create();
        return this.#identity && this.#address;
      },
      token: () => this.#identity?.token ?? "",
      latest: () => this.history.latest,
      due: () => this.pending || this.#outbox.due,
      attention: () => (document.hidden ? "rest" : this.#attentive ? "stream" : "poll"),
      accept: (messages, pending) => this.#accept(messages, pending),
      connected: (connection) => this.#connected(connection),
      lost: (address) => address !== this.#address || this.#lost(),
    });
    this.#outbox.run();
  }

  stop() {
    this.#hear("removeEventListener");
    this.#follower?.stop();
    this.#follower = null;
    this.#outbox.stop();
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (!(event instanceof StorageEvent)) this.retry(false);
    else if (event.key === this.memory.key || event.key === null) this.#otherTab();
  }

  /** Whether the contact is looking: decides between a stream and an occasional glance, and begins a conversation. */
  get attentive() {
    return this.#attentive;
  }

  set attentive(value) {
    this.#attentive = value;
    this.#read();
    this.#follower?.nudge();
  }

  /** Words in the making. */
  get draft() {
    return this.#draft;
  }

  set draft(text) {
    this.#draft = this.memory.draft = text;
  }

  get outbox() {
    return this.#outbox.items;
  }

  get begun() {
    return this.history.answered > 0 || this.outbox.length > 0;
  }

  /** How many messages came that the contact has not looked at. */
  get unread() {
    return this.history.unread(this.memory.conversation?.seen ?? 0);
  }

  /** The `seq` up to which an offer no longer counts. */
  get answered() {
    const waiting = this.outbox.some((item) => (item.seq ?? Infinity) > this.history.latest);
    return waiting ? Infinity : this.history.answered;
  }

  /** The message whose question the contact may now answer in a private field. */
  get asking() {
    return this.history.messages.findLast((message) => message.ask && message.seq > this.answered);
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
    this.#outbox.add(content, shown);
    this.#remember();
    return true;
  }

  /**
   * Tries now whatever waits for a better moment.
   * @param {boolean} [insist] also where the server asked us to wait
   */
  retry(insist = true) {
    if (this.connection.state === "stopped") this.#restart();
    if (!this.#follower) return;
    this.#outbox.run(insist);
    this.#follower.nudge();
  }

  /** Asks for the conversation by email; the server says where it stands with that. */
  async mailTranscript() {
    try {
      await call(`${this.#address}/transcript`, { token: this.#identity?.token ?? "", body: {} });
      this.#note("mailed");
    } catch (error) {
      this.#note("refused", error instanceof Error ? error.message : "");
    }
  }

  /** @param {string} key of something not yet sent */
  discard(key) {
    this.#outbox.discard(key);
    this.#remember();
    this.dismiss();
  }

  dismiss() {
    this.notice = null;
    this.#changed();
  }

  /** Forgets the conversation on this device, and turns away from it. */
  end() {
    this.memory.open = this.#attentive = false;
    this.clear();
    this.dispatchEvent(new Event("ended"));
  }

  /** Forgets the conversation on this device; who is looking gets a new one. */
  clear() {
    this.memory.clear();
    this.#draft = "";
    this.notice = null;
    this.#adopt(null);
    this.#restart();
  }

  get #address() {
    return `${this.server}/api/conversations/${this.#identity?.id}`;
  }

  /** @param {"addEventListener" | "removeEventListener"} change */
  #hear(change) {
    for (const type of ["storage", "online", "pageshow"]) window[change](type, this);
    document[change]("visibilitychange", this);
  }

  /** @param {Identity | null} identity */
  #adopt(identity) {
    this.#era++;
    this.#identity = identity;
    this.history = new History();
    this.pending = this.ready = false;
    const unsent = this.memory.unsent;
    const own = identity && unsent?.id === identity.id ? unsent.items : [];
    this.#outbox.items = own.map((item) => ({ ...item, state: "waiting" }));
  }

  #restart() {
    if (this.#follower) {
      this.stop();
      this.connection = { state: "quiet" };
      this.start();
    }
    this.#changed();
  }

  #otherTab() {
    const stored = this.memory.conversation;
    if (stored?.id === this.#identity?.id) return this.#changed();
    const ended = !stored && this.#attentive;
    if (ended) this.memory.open = this.#attentive = false;
    if (stored && !this.#identity) this.#identify(stored);
    else this.#adopt(stored);
    this.#restart();
    if (ended) this.dispatchEvent(new Event("ended"));
  }

  #create() {
    return (this.#creating ??= this.memory.alone(() => this.#createAlone()).finally(() => (this.#creating = null)));
  }

  async #createAlone() {
    if (this.#identity) return;
    const stored = this.memory.conversation;
    if (stored) return this.#identify(stored);
    const era = this.#era;
    this.#connected({ state: "joining" });
    const response = await call(`${this.server}/api/conversations`, { body: place() }).catch((error) => {
      throw error instanceof Refusal && error.status !== 429 ? new Error(error.message) : error;
    });
    const { id, token, messages, pending } = await response.json();
    if (era !== this.#era) return;
    this.memory.conversation = { id, token, seen: 0 };
    this.#identify({ id, token });
    this.#accept(messages, pending);
  }

  /** @param {Identity} identity */
  #identify({ id, token }) {
    this.#identity = { id, token };
    this.#remember();
  }

  /**
   * @param {Message[]} messages
   * @param {boolean} [pending]
   */
  #accept(messages, pending) {
    for (const message of messages) {
      const { isNew, changedCase } = this.history.take(message);
      if (isNew && message.from === "contact") this.#outbox.recognise(message);
      if (changedCase) this.dispatchEvent(new CustomEvent("case", { detail: { ...changedCase } }));
    }
    if (pending !== undefined) {
      this.pending = pending;
      this.ready = true;
    }
    this.#outbox.settle(this.history.latest);
    this.#remember();
    this.#read();
    this.#changed();
  }

  #read() {
    const stored = this.memory.conversation;
    if (!this.#attentive || document.hidden || !stored || this.history.latest <= stored.seen) return;
    this.memory.conversation = { ...stored, seen: this.history.latest };
  }

  /** @param {Outgoing} item */
  async #deliver({ content, key }) {
    if (!this.#identity) await this.#create();
    const era = this.#era;
    const body = { ...content, key };
    const response = await call(`${this.#address}/messages`, { token: this.#identity?.token, body }).catch((error) => {
      throw era === this.#era ? error : new Error("sent to a conversation since left");
    });
    return (await response.json()).seq;
  }

  #delivered() {
    if (this.notice?.kind === "busy") this.notice = null;
    this.#outbox.settle(this.history.latest);
    this.#remember();
    this.#follower?.nudge();
    this.#changed();
  }

  /**
   * @param {Outgoing} item
   * @param {Refusal} refusal
   */
  #refused(item, refusal) {
    if ("text" in item.content && !this.draft) this.draft = item.content.text;
    this.#remember();
    this.#note(NOTICES[refusal.status] ?? "refused", refusal.message);
    this.#follower?.nudge();
  }

  /**
   * Lets go of a conversation that the server no longer knows, but not of words that were not sent.
   * @returns {boolean} whether to go on with a new one
   */
  #lost() {
    const again = performance.now() - this.#lostAt < LOST_AGAIN;
    this.#lostAt = performance.now();
    const words = this.outbox.map((item) => ("text" in item.content ? item.content.text : ""));
    const reference = this.history.openCases[0]?.reference;
    const stored = this.memory.conversation;
    const other = stored && stored.id !== this.#identity?.id ? stored : null;
    if (!other) this.memory.clear();
    this.#adopt(other);
    this.draft = [this.#draft, ...words].filter(Boolean).join("\n");
    if (!other) this.#note("lost", reference);
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
    this.notice = text ? { kind, text } : { kind };
    this.#changed();
  }

  /** Keeps for this tab what was not sent, but for the contents of private fields. */
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
