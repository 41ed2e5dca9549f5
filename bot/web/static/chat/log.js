/** @import {Card, Message, Outgoing} from "./types" */
/** @import {Session} from "./session.js" */
/** @import {Wording} from "./labels.js" */
import { copy, icon, make, prose, save } from "./dom.js";
import { cardText } from "./transcript.js";

/** @typedef {Message & Pick<Partial<Outgoing>, "key" | "state" | "content">} Shown */

/** Messages of one sender within this time share one heading. */
const TOGETHER = 300_000;
/** So near to the end, in pixels, counts as there. */
const NEARLY = 48;

/** The transcript: a live region. Its entries are made once and kept, so that nothing is read out twice. */
export class Log {
  /** @type {Map<string, {node: HTMLElement, mark: string}>} */
  #entries = new Map();
  /** Which of our sendings became which message. @type {Map<number, string>} */
  #sendings = new Map();
  /** @type {object | null} */
  #history = null;
  #session;
  #wording;
  #moved;
  #height = 0;

  /**
   * @param {Session} session
   * @param {Wording} wording
   * @param {HTMLElement} notice what stands above the first message
   * @param {() => void} moved called when an answered choice can no longer keep the focus
   */
  constructor(session, wording, notice, moved) {
    this.#session = session;
    this.#wording = wording;
    this.#moved = moved;
    this.notice = notice;
    this.working = make(
      "div",
      { class: "working", "aria-hidden": "true", hidden: true },
      make("i"),
      make("i"),
      make("i"),
    );
    this.element = make(
      "div",
      { class: "log", role: "log", tabindex: "0", "aria-label": wording.say("log"), onscroll: () => this.#lookBelow() },
      notice,
      this.working,
    );
    this.below = make(
      "button",
      {
        class: "round below",
        type: "button",
        "aria-label": wording.say("below"),
        hidden: true,
        onclick: () => this.#toEnd(),
      },
      icon("down"),
    );
    new ResizeObserver(() => this.#resized()).observe(this.element);
  }

  /** Brings the entries to what the session holds. */
  update() {
    const { history, outbox, answered, pending, ready } = this.#session;
    /** @type {HTMLElement[]} */
    const nodes = [];
    /** @type {Shown | null} */
    let before = null;
    const known = new Set();
    if (this.#history !== history) this.#sendings.clear();
    this.#history = history;
    for (const item of outbox) this.#identify(item);
    for (const message of history.messages) {
      const key = this.#sendings.get(message.seq) ?? `seq ${message.seq}`;
      nodes.push(this.#entry(key, message, before));
      known.add(key);
      this.#offer(key, message, answered);
      before = message;
    }
    for (const item of outbox) {
      if ((item.seq ?? Infinity) <= history.latest) continue;
      /** @type {Shown} */
      const echo = { ...item, from: "contact", seq: Infinity };
      nodes.push(this.#entry(item.key, echo, before));
      known.add(item.key);
      before = echo;
    }
    for (const [key, { node }] of this.#entries) {
      if (known.has(key)) continue;
      node.remove();
      this.#entries.delete(key);
    }
    const grown = this.#arrange(nodes) || (pending && this.working.hidden);
    this.element.setAttribute("aria-busy", String(!ready && !outbox.length));
    this.working.hidden = !pending;
    if (grown) this.follow();
    else this.#lookBelow();
  }

  /**
   * Remembers which message a sending has become, as far as is known; a first guess may have been wrong.
   * @param {Outgoing} item
   */
  #identify({ seq, key }) {
    if (seq === undefined || this.#sendings.get(seq) === key) return;
    for (const [guess, known] of this.#sendings) if (known === key) this.#sendings.delete(guess);
    this.#sendings.set(seq, key);
  }

  /** Takes the focus where nobody has asked for a keyboard, without a ring that nobody has asked for either. */
  focus() {
    this.element.focus(/** @type {FocusOptions} */ ({ preventScroll: true, focusVisible: false }));
  }

  /** Scrolls to what is new, but never past the contact's own last words. */
  follow() {
    const own = [...this.element.querySelectorAll(".contact")].at(-1);
    const end = this.element.scrollHeight - this.element.clientHeight;
    const top = own instanceof HTMLElement ? own.offsetTop - 8 : 0;
    if (this.#session.begun) this.element.scrollTop = Math.min(end, top);
    this.#lookBelow();
  }

  #toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
    this.element.focus({ preventScroll: true });
  }

  #lookBelow() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    this.below.hidden = scrollHeight - scrollTop - clientHeight < NEARLY;
  }

  /** Stays at the end when a keyboard or a private field takes room from the transcript. */
  #resized() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    const wasAtEnd = scrollHeight - scrollTop - this.#height < NEARLY;
    this.#height = clientHeight;
    if (wasAtEnd && this.#session.begun) this.element.scrollTop = scrollHeight;
    this.#lookBelow();
  }

  /**
   * Puts the entries in order, touching only what is out of it.
   * @param {HTMLElement[]} nodes
   */
  #arrange(nodes) {
    /** @type {Element} */
    let place = this.notice;
    let grown = false;
    for (const node of nodes) {
      if (place.nextElementSibling !== node) {
        grown ||= !node.isConnected;
        place.after(node);
      }
      place = node;
    }
    return grown;
  }

  /**
   * @param {string} key
   * @param {Shown} message
   * @param {Message | null} before
   */
  #entry(key, message, before) {
    const { text, fields, erased, card, choices } = message;
    const mark = JSON.stringify([text?.trim(), fields, erased, card, choices]);
    const known = this.#entries.get(key);
    const node = known?.mark === mark ? known.node : this.#draw(message, before);
    if (node !== known?.node) {
      known?.node.replaceWith(node);
      this.#entries.set(key, { node, mark });
    }
    this.#deliver(node, message);
    return node;
  }

  /**
   * @param {Message} message
   * @param {Message | null} before
   */
  #draw(message, before) {
    const same = before?.from === message.from && before.agent === message.agent;
    const together = same && Date.parse(message.at) - Date.parse(before.at) < TOGETHER;
    const who = make(
      "p",
      { class: together ? "who unseen" : "who" },
      make("span", {}, this.#wording.sender(message)),
      " ",
      make("time", { datetime: message.at }, this.#wording.time(message.at)),
    );
    const words = this.#words(message);
    const node = make("div", { class: `entry ${message.from}` }, who, words, message.card && this.#card(message.card));
    if (message.choices) {
      const buttons = message.choices.map(({ id, label, style }) =>
        make(
          "button",
          {
            type: "button",
            class: `choice ${style === "danger" ? "danger" : ""}`,
            onclick: () => this.#choose(id, label),
          },
          label,
        ),
      );
      node.append(
        make("div", { class: "choices", role: "group", "aria-label": this.#wording.say("choices") }, ...buttons),
      );
    }
    return node;
  }

  /** @param {Message} message */
  #words({ erased, text, fields }) {
    if (erased) return make("div", { class: "bubble quiet" }, this.#wording.say("erased"));
    if (fields?.length) return make("div", { class: "bubble" }, icon("lock"), this.#wording.privately(fields));
    return text ? make("div", { class: "bubble" }, ...prose(text)) : null;
  }

  /** @param {Card} card */
  #card(card) {
    const say = this.#wording;
    const rows = card.rows.map((row) =>
      make("div", {}, make("dt", {}, row.label), make("dd", {}, ...prose(row.value))),
    );
    const keeps = make(
      "button",
      {
        type: "button",
        class: "plain",
        "aria-label": `${say.say("save")}: ${card.title}`,
        onclick: () => save(`${card.title}.txt`, cardText(card)),
      },
      icon("save"),
      make("span", {}, say.say("save")),
    );
    return make(
      "div",
      { class: "card", role: "group", "aria-label": card.title },
      make("h3", {}, card.title),
      make("dl", {}, ...rows),
      make("p", { class: "tools" }, copier(say, say.say("copy"), cardText(card), card.title), keeps),
    );
  }

  /**
   * Shows how far the contact's own words have come.
   * @param {HTMLElement} node
   * @param {Shown} message
   */
  #deliver(node, { state, key }) {
    const shown = state === "waiting" ? "unsent" : state === "sending" ? "sending" : "";
    if ((node.dataset.state ?? "") === shown) return;
    node.dataset.state = shown;
    node.querySelector(".delivery")?.remove();
    if (!shown) return;
    const say = this.#wording;
    const line = make("p", { class: "delivery" }, say.say(shown));
    if (shown === "unsent") {
      line.append(
        make("button", { type: "button", class: "plain", onclick: () => this.#session.retry() }, say.say("try_now")),
        make(
          "button",
          { type: "button", class: "plain", onclick: () => (this.#session.discard(String(key)), this.#moved()) },
          say.say("discard"),
        ),
      );
    }
    node.append(line);
  }

  /**
   * Choices count until the contact has answered.
   * @param {string} key
   * @param {Message} message
   * @param {number} answered
   */
  #offer(key, message, answered) {
    if (!message.choices) return;
    for (const button of this.#entries.get(key)?.node.querySelectorAll("button.choice") ?? [])
      /** @type {HTMLButtonElement} */ (button).disabled = message.seq <= answered;
  }

  /**
   * @param {string} id
   * @param {string} label
   */
  #choose(id, label) {
    this.#session.send({ choice: id }, label);
    this.#moved();
  }
}

/**
 * A button that copies, and says for a moment in its own place that it has.
 * @param {Wording} wording
 * @param {string} label
 * @param {string} text what it copies
 * @param {string} title what that is called
 */
export function copier(wording, label, text, title) {
  const shown = make("span", {}, label);
  const button = make(
    "button",
    { type: "button", class: "plain", "aria-label": `${wording.say("copy")}: ${title}` },
    icon("copy"),
    shown,
  );
  button.addEventListener("click", async () => {
    shown.textContent = wording.say((await copy(text, button)) ? "copied" : "copy_failed");
    setTimeout(() => (shown.textContent = label), 2_000);
  });
  return button;
}
