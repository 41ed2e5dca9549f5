/** @import {Conversation, Said, Value} from "./types" */
/** @import {Requests} from "./requests.js" */
import { make, prose } from "../chat/dom.js";
import { identity, plain, since } from "./wording.js";

const WHO = { contact: "Visitor", assistant: "Assistant", agent: "Colleague", system: "" };
const NEARLY = 60;

/** One conversation: its story, what may be uncovered, and the words in the making. */
export class Talk {
  #requests;
  #desk;
  #latest = 0;
  #key = crypto.randomUUID();
  #facts = make("div", { class: "facts-bar" });
  #story = make("div", { class: "story", role: "log", tabindex: "0", "aria-label": "What was said" });
  #values = make("div", { class: "values" });
  #actions = make("div", { class: "actions" });
  #field = make("textarea", { id: "words", rows: "3", maxlength: "8000", "aria-label": "Your reply to the visitor" });
  #form;
  #mark = "";

  /**
   * @param {number} id
   * @param {Requests} requests
   * @param {{attempt: (work: () => Promise<unknown>) => Promise<void>, name: () => string}} desk
   */
  constructor(id, requests, desk) {
    this.id = id;
    this.#requests = requests;
    this.#desk = desk;
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#form = make(
      "form",
      {
        class: "reply",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#send();
        },
      },
      this.#field,
      make("button", { type: "submit" }, "Send"),
    );
    this.element = make("div", { class: "talk" }, this.#facts, this.#story, this.#values, this.#actions, this.#form);
  }

  /** Fetches what is new. */
  async look() {
    const found = await this.#requests.conversation(this.id, this.#latest);
    const near = this.#story.scrollHeight - this.#story.scrollTop - this.#story.clientHeight < NEARLY;
    for (const said of found.messages) {
      if (said.seq <= this.#latest) continue;
      this.#story.append(this.#entry(said));
      this.#latest = said.seq;
    }
    if (near) this.#story.scrollTop = this.#story.scrollHeight;
    this.#update(found);
  }

  /** @param {Conversation} found */
  #update(found) {
    const { state, taken_by: by, values, cases } = found;
    const mark = JSON.stringify([state, by, values, cases, found.identity, Math.floor(Date.now() / 30_000)]);
    if (mark === this.#mark) return;
    this.#mark = mark;
    const mine = state === "taken" && by === this.#desk.name();
    this.#facts.replaceChildren(
      make("span", {}, identity(found.identity)),
      ...cases.map((one) =>
        make("span", {}, `${one.reference} · ${plain(one.right)} · ${plain(one.state)} · due ${one.due}`),
      ),
      make("span", { class: "soft" }, state === "waiting" ? `waits since ${since(found.requested_at)}` : ""),
    );
    this.#values.replaceChildren(...values.map((value) => this.#value(value)));
    this.#form.hidden = !mine;
    this.#actions.replaceChildren(...this.#buttons(found, mine));
  }

  /**
   * @param {Conversation} found
   * @param {boolean} mine
   */
  #buttons({ state, taken_by: by, outcome }, mine) {
    if (state === "over") return [make("p", { class: "soft" }, `This talk is over (${plain(outcome ?? "")}).`)];
    if (state === "waiting") return [this.#button("Take it", "take", {})];
    if (!mine) {
      return [make("p", { class: "soft" }, `${by} is talking.`), this.#button("Take over", "take", { over: true })];
    }
    return [this.#button("Hand back", "hand-back", {}), this.#button("Close", "close", {})];
  }

  /**
   * @param {string} label
   * @param {"take" | "hand-back" | "close"} what
   * @param {object} content
   */
  #button(label, what, content) {
    const onclick = () => this.#desk.attempt(() => this.#requests.act(this.id, what, content));
    return make("button", { type: "button", class: what, onclick }, label);
  }

  /** @param {Value} value */
  #value({ placeholder, kind, may_reveal: may }) {
    if (!may) return make("span", { class: "value" }, `${placeholder} (hidden)`);
    const button = make("button", { type: "button", class: "plain value" }, `Show ${placeholder}`);
    button.title = `Shows the ${kind} and puts that on the audit trail`;
    button.addEventListener("click", () =>
      this.#desk.attempt(async () => {
        const shown = await this.#requests.reveal(this.id, placeholder);
        button.replaceWith(make("span", { class: "value shown" }, `${placeholder}: ${shown}`));
      }),
    );
    return button;
  }

  #send() {
    const text = this.#field.value;
    if (!text.trim()) return;
    this.#desk.attempt(async () => {
      await this.#requests.reply(this.id, text, this.#key);
      this.#key = crypto.randomUUID();
      if (this.#field.value === text) this.#field.value = "";
      this.#story.scrollTop = this.#story.scrollHeight;
    });
  }

  /** @param {Said} said */
  #entry({ from, agent, text, at, card, fields, erased }) {
    const words = erased ? "(erased)" : fields ? `(gave privately: ${fields.join(", ")})` : (text ?? "");
    return make(
      "div",
      { class: `said ${from}` },
      from !== "system" && make("span", { class: "soft" }, `${agent ?? WHO[from]} · ${since(at)}`),
      make("p", {}, ...prose(words)),
      card &&
        make(
          "div",
          { class: "card" },
          make("strong", {}, card.title),
          make("span", { class: "soft" }, card.rows.map((row) => row.label).join(" · ")),
        ),
    );
  }
}
