/** @import {Session} from "./session.js" */
/** @import {Label, Wording} from "./labels.js" */
import { icon, make, save } from "./dom.js";
import { transcript } from "./transcript.js";

/**
 * What can be done with the whole conversation: keep it as a file or by email, or, after a question, end it and clear
 * this device.
 * @param {Session} session
 * @param {Wording} wording
 */
export function menu(session, wording) {
  const button = make(
    "button",
    {
      type: "button",
      class: "round",
      "aria-label": wording.say("menu"),
      "aria-expanded": "false",
      "aria-controls": "menu",
      onclick: () => toggle(Boolean(list.hidden)),
    },
    icon("menu"),
  );
  const list = make("div", { class: "menu", id: "menu", hidden: true });

  const item = (/** @type {Label} */ label, /** @type {() => void} */ onclick, kind = "plain") =>
    make("button", { type: "button", class: kind, onclick }, wording.say(label));

  const download = () => {
    save(`${wording.say("log")}.txt`, transcript(session.history.messages, wording));
    toggle(false);
  };

  const mail = () => {
    session.mailTranscript();
    toggle(false);
  };

  const ask = () => {
    const question = make("p", { id: "question" }, wording.say("clear_question"));
    const answers = make(
      "div",
      { class: "tools", role: "group", "aria-labelledby": "question" },
      item("clear_no", () => toggle(false)),
      item("clear_yes", () => session.end(), "plain danger"),
    );
    list.replaceChildren(question, answers);
    answers.querySelector("button")?.focus();
  };

  /** @param {boolean} shown */
  function toggle(shown) {
    const inside = list.contains(/** @type {ShadowRoot} */ (list.getRootNode()).activeElement);
    list.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    const items = [item("download", download), item("email_it", mail), item("clear", ask)];
    if (shown) list.replaceChildren(make("div", { class: "tools" }, ...items));
    else if (inside) button.focus();
  }

  return { button, list, toggle };
}
