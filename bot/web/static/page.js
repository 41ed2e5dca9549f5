/** The company page: buttons that open the chat with words ready to send, and a way to the demo's mailbox. */

const chat = /** @type {import("./chat/element.js").RightlineChat | null} */ (document.querySelector("rightline-chat"));

for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-needs-script]")))
  element.hidden = false;

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-open]"))) {
  button.addEventListener("click", () => chat?.open(button.dataset.open));
}

const mailbox = document.getElementById("mailbox");
const answer = await fetch("/demo/mailbox.json", { signal: AbortSignal.timeout(10_000) }).catch(() => null);
if (mailbox && answer?.ok) mailbox.hidden = false;

export {};
