/** @import {Card, Message} from "./types" */
/** @import {Wording} from "./labels.js" */

/** @param {Card} card */
export function cardText(card) {
  return [card.title, ...card.rows.map((row) => `${row.label}: ${row.value}`)].join("\n");
}

/**
 * The conversation as plain text, to keep.
 * @param {Message[]} messages
 * @param {Wording} wording
 */
export function transcript(messages, wording) {
  return messages
    .map((message) => {
      const parts = [
        message.erased ? wording.say("erased") : message.text?.replaceAll("**", ""),
        message.fields?.length && wording.privately(message.fields),
        message.card && cardText(message.card),
        message.case && `${message.case.reference}: ${Object.values(wording.case(message.case)).join(" · ")}`,
      ].filter(Boolean);
      return `[${wording.moment.format(new Date(message.at))}] ${wording.sender(message)}\n${parts.join("\n")}\n`;
    })
    .join("\n");
}
