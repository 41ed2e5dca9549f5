/** Every word the widget itself says, in plain English. A page replaces any of them by the `labels` attribute. */
export const LABELS = {
  name: "Privacy assistant",
  launcher: "Privacy questions?",
  close: "Close",
  menu: "More",
  download: "Download transcript",
  email_it: "Email me the transcript",
  note_mailed: "The transcript is on its way to the address you proved.",
  clear: "End and clear this device",
  clear_question: "Remove this conversation from this device? Requests you have made stay on record and go on.",
  clear_yes: "End and clear",
  clear_no: "Keep it",
  log: "Conversation",
  notice_title: "Before you write",
  notice_kept: "Your messages are stored, so that we can answer and show that we did.",
  notice_time: "",
  notice_private: "What you enter in private fields is encrypted, and not shown again in the chat.",
  notice_read: "An automated assistant answers; people who handle privacy requests can read along.",
  policy: "Read the privacy policy",
  message: "Your message",
  message_hint: "Write a message",
  message_hint_asked: "Or write something else",
  send: "Send",
  send_private: "Send privately",
  private: "Private: not shown in the chat",
  sent_privately: "{field}, sent privately",
  email: "Email address",
  code: "Code",
  phone: "Telephone number",
  person: "Name",
  value: "Your answer",
  need_value: "Please fill this in first.",
  need_email: "An email address looks like name@example.com.",
  choices: "Quick replies",
  contact: "You",
  assistant: "Assistant",
  agent: "Colleague",
  agent_named: "{agent} (a person)",
  system: "Note",
  erased: "This message was removed.",
  sending: "Sending…",
  unsent: "Not sent yet",
  try_now: "Try now",
  discard: "Discard",
  working: "Working on it…",
  joining: "Connecting…",
  waiting: "Connection lost. Trying again in {seconds} s.",
  waiting_now: "Connection lost. Trying again…",
  crowded: "Many are asking just now. Going on in {seconds} s.",
  crowded_now: "Many are asking just now. Going on in a moment.",
  stopped: "The conversation could not be continued.",
  below: "More below",
  unread: "{count} unread",
  copy: "Copy",
  copied: "Copied",
  copy_failed: "Could not copy",
  save: "Download",
  dismiss: "Dismiss",
  note_stale: "That is no longer open. Please go on from the latest message.",
  note_unreadable: "We could not take that message as it was. Please change it a little and send it again.",
  note_long: "That is too long for one message. Please send it in parts, each under 8,000 characters.",
  note_busy: "That was quick! Your message goes out by itself in a moment.",
  note_lost: "The earlier conversation is no longer available here, so this is a new one.",
  note_lost_case:
    "The earlier conversation is no longer available here, so this is a new one. Your request {about} goes on.",
  note_refused: "That could not be sent just now: {about}",
  cases: "Your open requests",
  due: "answer by {date}",
  state_draft: "Being prepared",
  state_awaiting_identity: "Waiting to know it is you",
  state_awaiting_clarification: "Waiting for your answer",
  state_awaiting_approval: "A colleague is checking it",
  state_scheduled: "Scheduled",
  state_in_progress: "In progress",
  right_information: "Information",
  right_access: "What we hold",
  right_portability: "Copy of your data",
  right_rectification: "Correction",
  right_erasure: "Deletion",
  right_restriction: "Restriction",
  right_objection: "Objection",
  right_marketing_objection: "No more marketing",
  right_opt_in: "Subscription",
  right_consent_withdrawal: "Consent withdrawn",
  right_complaint: "Complaint",
  right_breach_report: "Incident report",
  right_other: "Request",
};

/** @typedef {keyof typeof LABELS} Label */

/** Words and dates in the language of the page that embeds the widget. */
export class Wording {
  /**
   * @param {Partial<Record<Label, string>>} own
   * @param {string | undefined} language a BCP 47 tag, for dates; the browser's own where there is none
   */
  constructor(own, language) {
    /** @type {Record<string, string>} */
    this.words = { ...LABELS, ...own };
    /** @param {Intl.DateTimeFormatOptions} options */
    const format = (options) => {
      try {
        return new Intl.DateTimeFormat(language, options);
      } catch {
        return new Intl.DateTimeFormat(undefined, options);
      }
    };
    this.clock = format({ hour: "2-digit", minute: "2-digit" });
    this.moment = format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    this.day = format({ weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  }

  /**
   * @param {string} label
   * @param {Record<string, string | number>} [values]
   */
  say(label, values = {}) {
    return (this.words[label] ?? "").replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
  }

  /**
   * Who speaks: a colleague by their name.
   * @param {import("./types").Message} message
   */
  sender({ from, agent }) {
    return from === "agent" && agent ? this.say("agent_named", { agent }) : this.say(from);
  }

  /** @param {string} field */
  field(field) {
    return this.say(field === "name" ? "person" : field);
  }

  /** @param {string[]} fields */
  privately(fields) {
    return this.say("sent_privately", { field: fields.map((field) => this.field(field)).join(", ") });
  }

  /** @param {string} at RFC 3339 */
  time(at) {
    const moment = new Date(at);
    return (moment.toDateString() === new Date().toDateString() ? this.clock : this.moment).format(moment);
  }

  /** @param {string} date ISO 8601 */
  date(date) {
    return this.day.format(new Date(`${date.slice(0, 10)}T00:00:00Z`));
  }

  /** @param {import("./types").CaseSummary} summary */
  case({ right, state, due }) {
    const parts = [this.say(`state_${state}`), due ? this.say("due", { date: this.date(due) }) : ""];
    return { title: this.say(`right_${right}`) || this.say("right_other"), detail: parts.filter(Boolean).join(" · ") };
  }
}
