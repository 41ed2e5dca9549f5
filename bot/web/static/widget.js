/**
 * Defines `<rightline-chat>`. On any page:
 * `<script type="module" src="https://host/widget.js"></script><rightline-chat></rightline-chat>`
 */
import { RightlineChat } from "./static/chat/element.js";

RightlineChat.home = new URL(".", import.meta.url).href;
if (!customElements.get("rightline-chat")) customElements.define("rightline-chat", RightlineChat);
