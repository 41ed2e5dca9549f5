/** The support desk: who waits, and one conversation at a time. Looked at again every second and a half. */
/** @import {Queue, Row} from "./types" */
import { Refusal } from "../chat/api.js";
import { make } from "../chat/dom.js";
import { Requests } from "./requests.js";
import { Talk } from "./talk.js";
import { identity, keepTime, since } from "./wording.js";

const EVERY = 1_500;
const DEMO_AGENTS = ["dana", "sam", "olive"];
const requests = new Requests();
const who = /** @type {HTMLElement} */ (document.getElementById("who"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));
const main = /** @type {HTMLElement} */ (document.getElementById("desk"));
const list = make("nav", { class: "queue", "aria-label": "Conversations" });
const room = make("section", { class: "room", "aria-label": "Conversation" });
/** @type {Talk | null} */
let talk = null;
let shown = "";
let busy = false;

/** @param {string} text */
function tell(text) {
  if (state.textContent !== text) state.textContent = text;
}

/**
 * Does something at the desk, and says what came in its way.
 * @param {() => Promise<unknown>} work
 */
async function attempt(work) {
  try {
    await work();
    tell("");
    await look();
  } catch (error) {
    failed(error);
  }
}

/** @param {unknown} error */
function failed(error) {
  if (error instanceof Refusal && error.status === 401) return signIn(error.message);
  tell(error instanceof Refusal ? error.message : "The desk cannot be reached. Trying again…");
}

/** @param {string} [why] */
function signIn(why = "") {
  requests.signOut();
  talk = null;
  shown = "";
  who.replaceChildren();
  const field = make("input", { id: "token", type: "password", autocomplete: "current-password", required: true });
  const form = make(
    "form",
    {
      class: "sign-in",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        enter({ token: field.value });
      },
    },
    make("h2", {}, "Sign in to the desk"),
    make("label", { for: "token" }, "Your desk token"),
    field,
    make("button", { type: "submit" }, "Sign in"),
    make("p", { class: "soft" }, "An administrator makes one with ./rightline desk invite NAME."),
  );
  const demo = make(
    "p",
    { class: "demo" },
    "In the demo you can simply be ",
    ...DEMO_AGENTS.map((name) => make("button", { type: "button", onclick: () => enter({ agent: name }) }, name)),
  );
  main.replaceChildren(form, demo);
  tell(why);
}

/** @param {{token: string} | {agent: string}} proof */
async function enter(proof) {
  try {
    await requests.signIn(proof);
    main.replaceChildren(list, room);
    empty();
    tell("");
    await look();
  } catch (error) {
    tell(error instanceof Error ? error.message : "That did not work.");
  }
}

function empty() {
  talk = null;
  room.replaceChildren(make("p", { class: "soft nobody" }, "Choose a conversation on the left."));
}

/** @param {Row} row */
function entry(row) {
  const chosen = talk?.id === row.id;
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: "row", "aria-current": chosen ? "true" : null, onclick: () => open(row.id) },
      make("strong", {}, row.reason || "Wants a person"),
      make("span", { class: "soft" }, `${identity(row.identity)} · ${since(row.requested_at)}`),
      row.taken_by && make("span", { class: "soft" }, `with ${row.taken_by}`),
      ...row.cases.slice(0, 1).map(({ reference }) => make("span", { class: "reference" }, reference)),
    ),
  );
}

/**
 * @param {string} title
 * @param {Row[]} rows
 * @param {string} none
 */
function group(title, rows, none) {
  return [
    make("h2", {}, `${title} (${rows.length})`),
    rows.length ? make("ul", {}, ...rows.map(entry)) : make("p", { class: "soft" }, none),
  ];
}

/** @param {Queue} queue */
function show({ agent, hours, open: isOpen, waiting, mine, others }) {
  const mark = JSON.stringify([agent, hours, waiting, mine, others, talk?.id, Math.floor(Date.now() / 30_000)]);
  if (mark === shown) return;
  shown = mark;
  document.title = waiting.length ? `(${waiting.length}) Support desk · Rightline` : "Support desk · Rightline";
  who.replaceChildren(
    make("span", {}, `${agent.name}, ${agent.role}`),
    agent.role !== "observer" &&
      make(
        "button",
        {
          type: "button",
          "aria-pressed": String(agent.on_duty),
          onclick: () => attempt(() => requests.duty(!agent.on_duty)),
        },
        agent.on_duty ? "On duty" : "Off duty",
      ) || "",
    make("button", { type: "button", class: "plain", onclick: () => signIn() }, "Sign out"),
  );
  const duty = agent.on_duty || !isOpen ? hours : "Nobody is connected to you while you are off duty.";
  const focused = document.activeElement instanceof HTMLElement && list.contains(document.activeElement);
  list.replaceChildren(
    make("p", { class: "soft" }, duty),
    ...group("Waiting", waiting, "Nobody waits."),
    ...group("With you", mine, "You have no conversation."),
    ...group("With colleagues", others, "None."),
  );
  if (focused) list.querySelector("button")?.focus();
}

/** @param {number} id */
function open(id) {
  talk = new Talk(id, requests, { attempt, name: () => who.firstChild?.textContent?.split(",")[0] ?? "" });
  room.replaceChildren(talk.element);
  look();
}

async function look() {
  if (busy || !requests.signedIn || document.hidden) return;
  busy = true;
  try {
    const queue = await requests.queue();
    keepTime(queue.now);
    if (!list.isConnected) main.replaceChildren(list, room);
    show(queue);
    await talk?.look();
    if (state.textContent?.startsWith("The desk cannot")) tell("");
  } catch (error) {
    failed(error);
  } finally {
    busy = false;
  }
}

if (requests.signedIn) {
  main.replaceChildren(list, room);
  empty();
} else signIn();
document.addEventListener("visibilitychange", look);
setInterval(look, EVERY);
look();
