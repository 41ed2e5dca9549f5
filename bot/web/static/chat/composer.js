/** @import {FieldName, Message} from "./types" */
/** @import {Session} from "./session.js" */
/** @import {Wording} from "./labels.js" */
import { icon, make } from "./dom.js";

/** @type {Record<FieldName, Record<string, string>>} */
const INPUTS = {
  email: { type: "email", autocomplete: "email", inputmode: "email", autocapitalize: "off", spellcheck: "false" },
  code: { type: "text", autocomplete: "one-time-code", inputmode: "numeric" },
  phone: { type: "tel", autocomplete: "tel", inputmode: "tel" },
  name: { type: "text", autocomplete: "name" },
  value: { type: "text", autocomplete: "off" },
};

/**
 * Without what comes along when something is pasted, and would be refused.
 * @param {string} text
 */
const plain = (text) => text.replace(/[^\P{Cc}\t\n]/gu, "").trim();

/** Where the contact writes: freely, and in a private field while the assistant asks for something. */
export class Composer {
  #session;
  #wording;
  #moved;
  #asked = 0;

  /**
   * @param {Session} session
   * @param {Wording} wording
   * @param {() => void} moved called when an answered field can no longer keep the focus
   */
  constructor(session, wording, moved) {
    this.#session = session;
    this.#wording = wording;
    this.#moved = moved;
    this.words = make("textarea", {
      rows: "1",
      "aria-label": wording.say("message"),
      enterkeyhint: "send",
      autocomplete: "off",
      oninput: () => this.#typed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#pressed(event),
    });
    this.private = make("div");
    this.element = make(
      "div",
      { class: "composer" },
      this.private,
      make(
        "form",
        { class: "row", onsubmit: (/** @type {Event} */ event) => this.#say(event) },
        this.words,
        make("button", { class: "send", type: "submit", "aria-label": wording.say("send") }, icon("send")),
      ),
    );
  }

  update() {
    const { asking, draft } = this.#session;
    const root = /** @type {ShadowRoot} */ (this.element.getRootNode());
    const focused = root.activeElement;
    const ready = this.private.contains(focused) || (focused === this.words && !this.words.value);
    if ((asking?.seq ?? 0) !== this.#asked) {
      this.#asked = asking?.seq ?? 0;
      this.private.replaceChildren(...(asking?.ask ? [this.#field(asking)] : []));
      this.words.placeholder = this.#wording.say(asking ? "message_hint_asked" : "message_hint");
      if (ready) (this.private.querySelector("input") ?? this.words).focus();
    }
    this.words.placeholder ||= this.#wording.say("message_hint");
    if (this.words.value !== draft) {
      this.words.value = draft;
      this.#grow();
    }
  }

  /** Puts the cursor where the contact most likely goes on. */
  focus() {
    (this.private.querySelector("input") ?? this.words).focus();
  }

  #typed() {
    this.#session.draft = this.words.value;
    this.#grow();
  }

  #grow() {
    this.words.style.height = "auto";
    this.words.style.height = `${this.words.scrollHeight + 2}px`;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#say(event);
  }

  /** @param {Event} event */
  #say(event) {
    event.preventDefault();
    const text = plain(this.words.value);
    if (text && this.#session.send({ text }, text)) this.#session.draft = "";
    this.words.focus();
  }

  /** @param {Message} message */
  #field({ ask }) {
    const { field, label } = /** @type {import("./types").Ask} */ (ask);
    const say = this.#wording;
    const input = make("input", {
      id: "private",
      name: field,
      "aria-describedby": "private-hint problem",
      ...(INPUTS[field] ?? INPUTS.value),
    });
    const problem = make("p", { class: "problem", id: "problem", role: "alert" });
    const send = (/** @type {Event} */ event) => {
      event.preventDefault();
      const value = field === "code" ? plain(input.value).replace(/[\s-]/g, "") : plain(input.value);
      const wrong = !value ? "need_value" : field === "email" && !/^\S+@\S+$/.test(value) ? "need_email" : "";
      problem.textContent = wrong && say.say(wrong);
      input.setAttribute("aria-invalid", String(Boolean(wrong)));
      if (wrong) input.focus();
      else {
        this.#session.send({ fields: { [field]: value } });
        this.#moved();
      }
    };
    return make(
      "form",
      { class: "private", novalidate: true, onsubmit: send },
      make("label", { for: "private" }, label || say.field(field)),
      make(
        "div",
        { class: "row" },
        input,
        make(
          "button",
          { type: "submit", class: "filled", "aria-label": say.say("send_private") },
          icon("lock"),
          say.say("send"),
        ),
      ),
      problem,
      make("p", { class: "hint", id: "private-hint" }, icon("lock"), say.say("private")),
    );
  }
}
