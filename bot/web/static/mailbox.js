/** The demo's mailbox: everything sent, newest first, looked at again every two seconds while somebody looks. */
import { copy, make, prose, save } from "./chat/dom.js";

/**
 * @typedef {object} Mail
 * @property {string} to
 * @property {string} subject
 * @property {string} text
 * @property {string} at
 * @property {{name: string, text: string}[]} [attachments]
 */

const EVERY = 2_000;
const inbox = /** @type {HTMLElement} */ (document.getElementById("inbox"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));
const moment = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });
/** @type {string[]} */
let shown = [];
let lost = false;

/** @param {string} text */
function tell(text) {
  if (state.textContent !== text) state.textContent = text;
}

/**
 * @param {string} code
 * @returns {HTMLElement}
 */
function codeLine(code) {
  const button = make("button", { type: "button", "aria-label": `Copy code ${code}` }, "Copy code");
  button.addEventListener("click", async () => {
    button.textContent = (await copy(code.replace(/\s/g, ""), button)) ? "Copied" : "Could not copy";
    setTimeout(() => (button.textContent = "Copy code"), 2_000);
  });
  return make("p", { class: "code" }, make("strong", {}, code), button);
}

/**
 * @param {Mail} mail
 * @param {boolean} fresh
 */
function entry(mail, fresh) {
  const code = /\bcode\b\D{0,40}(\d{3} ?\d{3})(?![ \d])/i.exec(mail.text)?.[1];
  const files = (mail.attachments ?? []).map(({ name, text }) =>
    make("button", { type: "button", onclick: () => save(name, text) }, `Download ${name}`),
  );
  return make(
    "li",
    { class: fresh ? "mail new" : "mail" },
    make(
      "p",
      { class: "meta" },
      make("span", {}, `To ${mail.to}`),
      make("time", { datetime: mail.at }, moment.format(new Date(mail.at))),
    ),
    make("h2", {}, mail.subject),
    code && codeLine(code),
    make("p", { class: "text" }, ...prose(mail.text)),
    files.length > 0 && make("p", { class: "files" }, ...files),
  );
}

/** @param {Mail[]} messages oldest first */
function show(messages) {
  const marks = messages.map((mail) => JSON.stringify([mail.to, mail.subject, mail.at, mail.text]));
  const same = shown.every((mark, at) => mark === marks[at]);
  if (!same) {
    inbox.replaceChildren();
    shown = [];
  }
  const first = shown.length === 0;
  for (const mail of messages.slice(shown.length)) inbox.prepend(entry(mail, !first));
  const news = messages.length - shown.length;
  shown = marks;
  if (!messages.length) tell("No mail yet. Ask for something in the chat.");
  else if (news > 0 && !first) tell(`New mail to ${messages.at(-1)?.to}.`);
  else if (first || lost) tell(`${messages.length} in the mailbox.`);
  lost = false;
}

async function look() {
  try {
    const response = await fetch("/demo/mailbox.json", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(response.statusText);
    show((await response.json()).messages);
  } catch {
    lost = true;
    tell("The mailbox cannot be reached. Trying again…");
  }
}

document.addEventListener("visibilitychange", () => document.hidden || look());
setInterval(() => document.hidden || look(), EVERY);
look();
