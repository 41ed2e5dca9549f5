/** @import {Label} from "./labels.js" */
import { LABELS, Wording } from "./labels.js";
import { Panel } from "./panel.js";
import { Session } from "./session.js";
import { STYLE } from "./styles.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
/** Where the panel fills the screen, and the page behind it rests. */
const small = matchMedia("(max-width: 480px), (max-height: 480px)");

/**
 * The chat, for any page. Attributes: `server`, `name`, `greeting`, `policy` (an address), `position` (start or end),
 * `theme` (light or dark), `labels` (JSON), `lang`. Slot: `notice`. Events: `rightline:open`, `rightline:close`,
 * `rightline:case`.
 */
export class RightlineChat extends HTMLElement {
  static observedAttributes = ["name", "greeting", "policy", "labels", "lang"];
  /** The server of a widget that names none. */
  static home = "/";

  #root = this.attachShadow({ mode: "open" });
  /** @type {Session | null} */
  #session = null;
  /** @type {Panel | null} */
  #panel = null;
  #attended = false;

  connectedCallback() {
    this.#root.adoptedStyleSheets = [sheet];
    const server = new URL(this.getAttribute("server") ?? RightlineChat.home, document.baseURI).href.replace(
      /\/+$/,
      "",
    );
    if (this.#session?.server !== server) {
      this.#session = new Session(server);
      this.#session.addEventListener("change", () => this.#panel?.update());
      this.#session.addEventListener("case", (event) => this.#tell("case", /** @type {CustomEvent} */ (event).detail));
      this.#session.addEventListener("ended", () => this.close());
    }
    small.addEventListener("change", this);
    visualViewport?.addEventListener("resize", this);
    this.#build();
    this.#session.start();
    if (this.#session.memory.open && !small.matches) this.#show(true);
  }

  disconnectedCallback() {
    small.removeEventListener("change", this);
    visualViewport?.removeEventListener("resize", this);
    this.#session?.stop();
  }

  attributeChangedCallback() {
    if (this.#session && this.isConnected) this.#build();
  }

  get isOpen() {
    return Boolean(this.#panel?.dialog.open);
  }

  /**
   * Opens the panel.
   * @param {string} [words] put where the contact writes, for them to send or change
   */
  open(words) {
    if (!this.#session) return;
    if (words) this.#session.draft = words;
    if (!this.isOpen) this.#show(false);
    this.#panel?.update();
    this.#panel?.focus();
  }

  close() {
    this.#panel?.dialog.close();
    this.#closed();
  }

  /** Forgets the conversation on this device; an open panel starts a new one. */
  reset() {
    this.#session?.clear();
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.target === small && this.isOpen) {
      this.#panel?.dialog.close();
      this.#show(true);
    }
    this.style.setProperty("--viewport", `${visualViewport?.height ?? innerHeight}px`);
  }

  #build() {
    const open = this.isOpen;
    const language = this.closest("[lang]")?.getAttribute("lang") || undefined;
    this.#panel = new Panel(/** @type {Session} */ (this.#session), new Wording(this.#labels(), language), {
      name: this.getAttribute("name"),
      greeting: this.getAttribute("greeting"),
      policy: this.getAttribute("policy"),
      open: () => this.open(),
      close: () => this.close(),
      closed: () => this.#closed(),
    });
    this.#root.replaceChildren(this.#panel.element);
    if (open) this.#show(true);
    this.#panel.update();
  }

  /** @returns {Partial<Record<Label, string>>} */
  #labels() {
    try {
      return JSON.parse(this.getAttribute("labels") ?? "{}");
    } catch {
      console.warn("rightline-chat: `labels` must be a JSON object with any of these keys:", Object.keys(LABELS));
      return {};
    }
  }

  /** @param {boolean} quietly leaving the focus where it is, if that can be helped */
  #show(quietly) {
    const { dialog } = /** @type {Panel} */ (this.#panel);
    if (small.matches) dialog.showModal();
    else if (quietly) dialog.open = true;
    else dialog.show();
    this.#attend(true);
    this.#panel?.log.follow();
  }

  #closed() {
    if (this.isOpen || !this.#attended) return;
    this.#attend(false);
    if (document.activeElement === this || document.activeElement === document.body) this.#panel?.launcher.focus();
  }

  /** @param {boolean} open */
  #attend(open) {
    const session = /** @type {Session} */ (this.#session);
    const changed = this.#attended !== open;
    this.#attended = session.memory.open = session.attentive = open;
    this.#panel?.update();
    if (changed) this.#tell(open ? "open" : "close");
  }

  /**
   * @param {"open" | "close" | "case"} name
   * @param {unknown} [detail]
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`rightline:${name}`, { detail, bubbles: true, composed: true }));
  }
}
