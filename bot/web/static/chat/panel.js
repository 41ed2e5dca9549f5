/** @import {Session} from "./session.js" */
/** @import {Label, Wording} from "./labels.js" */
import { Composer } from "./composer.js";
import { icon, make } from "./dom.js";
import { Log, copier } from "./log.js";
import { menu } from "./menu.js";

/**
 * @typedef {object} Setting what the embedding page decides
 * @property {string | null} name
 * @property {string | null} greeting
 * @property {string | null} policy
 * @property {() => void} open
 * @property {() => void} close
 * @property {() => void} closed called after the browser itself has closed the dialog
 */

/** What is said of a connection, other than one that is waited for. */
const WORDS = { quiet: "", online: "", joining: "joining", stopped: "stopped" };
/** A moment's patience before a screen reader is told how things stand. */
const SETTLED = 800;

/** Everything that is seen: the launcher, and the dialog with its transcript and composer. */
export class Panel {
  #session;
  #wording;
  #setting;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  #spoken = "";

  /**
   * @param {Session} session
   * @param {Wording} wording
   * @param {Setting} setting
   */
  constructor(session, wording, setting) {
    this.#session = session;
    this.#wording = wording;
    this.#setting = setting;
    const say = (/** @type {Label} */ label) => wording.say(label);
    const name = setting.name || say("name");

    this.badge = make("span", { class: "badge", hidden: true });
    this.launcher = make(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", onclick: setting.open },
      icon("chat"),
      make("span", { class: "text" }, say("launcher")),
      this.badge,
    );
    this.news = make("p", { class: "unseen", role: "status" });
    this.composer = new Composer(session, wording, () => this.#refocus());
    this.log = new Log(session, wording, this.#notice(), () => this.#refocus());
    this.menu = menu(session, wording);
    this.cases = make("section", { class: "cases", "aria-label": say("cases"), hidden: true });
    this.status = make("p", { class: "unseen", role: "status" });
    this.trouble = make("span", { "aria-hidden": "true" });
    this.retry = make("button", { type: "button", class: "plain", onclick: () => session.retry() }, say("try_now"));
    this.link = make("div", { class: "bar", hidden: true }, this.trouble, this.retry);
    this.told = make("span");
    this.note = make(
      "div",
      { class: "bar note", role: "alert", hidden: true },
      this.told,
      make(
        "button",
        { type: "button", class: "plain", onclick: () => (session.dismiss(), this.#refocus()) },
        say("dismiss"),
      ),
    );
    const close = make(
      "button",
      { type: "button", class: "round", "aria-label": say("close"), onclick: setting.close },
      icon("close"),
    );
    this.dialog = make(
      "dialog",
      {
        class: "panel",
        "aria-labelledby": "title",
        "aria-describedby": "notice",
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#pressed(event),
        onclose: setting.closed,
      },
      make("header", {}, make("h2", { id: "title" }, name), this.menu.button, close),
      this.menu.list,
      this.cases,
      make("div", { class: "middle" }, this.log.element, this.log.below),
      this.status,
      this.link,
      this.note,
      this.composer.element,
    );
    this.element = make("section", { class: "frame", "aria-label": name }, this.launcher, this.news, this.dialog);
  }

  /** Goes to where the contact most likely goes on; on a touch screen without calling up the keyboard. */
  focus() {
    if (matchMedia("(pointer: coarse)").matches) this.log.focus();
    else this.composer.focus();
  }

  update() {
    const unread = this.dialog.open ? 0 : this.#session.unread;
    this.launcher.hidden = this.dialog.open;
    this.badge.hidden = !unread;
    const news = unread ? this.#wording.say("unread", { count: unread }) : "";
    if (this.news.textContent !== news) {
      this.news.textContent = news;
      this.badge.replaceChildren(
        make("span", { "aria-hidden": "true" }, String(unread)),
        make("span", { class: "unseen" }, news),
      );
    }
    this.#updateCases();
    this.#updateLink();
    this.#updateNote();
    this.composer.update();
    this.log.update();
  }

  #refocus() {
    if (matchMedia("(pointer: coarse)").matches) this.log.focus();
    else this.composer.words.focus();
  }

  #notice() {
    const { greeting, policy } = this.#setting;
    const say = (/** @type {Label} */ label) => this.#wording.say(label);
    const written = make("slot", { name: "notice" });
    const sentences = [say("notice_kept"), say("notice_time"), say("notice_private"), say("notice_read")];
    written.append(make("h3", {}, say("notice_title")), make("p", {}, sentences.filter(Boolean).join(" ")));
    return make(
      "div",
      { class: "notice", id: "notice" },
      greeting && make("p", { class: "greeting" }, greeting),
      written,
      policy && make("a", { href: policy, target: "_blank", rel: "noopener" }, say("policy")),
    );
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.menu.list.hidden) this.#setting.close();
    else this.menu.toggle(false);
  }

  #updateCases() {
    const open = this.#session.history.openCases;
    const mark = JSON.stringify(open);
    if (this.cases.dataset.mark === mark) return;
    this.cases.dataset.mark = mark;
    this.cases.hidden = !open.length;
    this.cases.replaceChildren(
      ...open.map((each) => {
        const { title, detail } = this.#wording.case(each);
        const text = make(
          "p",
          {},
          make("strong", {}, title),
          " ",
          make("span", { class: "reference" }, each.reference),
        );
        const copies = copier(this.#wording, "", each.reference, each.reference);
        return make("div", { class: "case" }, make("div", {}, text, make("p", {}, detail)), copies);
      }),
    );
  }

  #updateLink() {
    const { connection, pending, ready } = this.#session;
    const { state, retryAt = 0 } = connection;
    const seconds = Math.max(0, Math.ceil((retryAt - performance.now()) / 1000));
    const troubled = state === "waiting" || state === "stopped";
    const waiting = connection.asked ? "crowded" : "waiting";
    const words = state === "joining" && ready ? "" : { ...WORDS, waiting: `${waiting}_now` }[state];
    this.link.hidden = !words;
    this.retry.hidden = !troubled;
    this.trouble.textContent = this.#wording.say(state === "waiting" && seconds ? waiting : words, { seconds });
    this.#speak(this.dialog.open ? this.#wording.say(words || (pending ? "working" : "")) : "");
    if ((this.dialog.open && seconds > 0) === (this.#ticking !== undefined)) return;
    clearInterval(this.#ticking);
    this.#ticking = this.#ticking === undefined ? setInterval(() => this.#updateLink(), 1000) : undefined;
  }

  #updateNote() {
    const { notice } = this.#session;
    const label = notice && `note_${notice.kind}${notice.kind === "lost" && notice.text ? "_case" : ""}`;
    const text = label ? this.#wording.say(label, { about: notice.text ?? "" }) : "";
    this.note.hidden = !text;
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  /**
   * Tells a screen reader how things stand, once they have stood so for a moment.
   * @param {string} text
   */
  #speak(text) {
    if (this.#spoken === text) return;
    this.#spoken = text;
    setTimeout(() => {
      if (this.#spoken === text) this.status.textContent = text;
    }, SETTLED);
  }
}
