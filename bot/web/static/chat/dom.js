/**
 * Makes an element. `on…` properties listen, `true` sets an empty attribute, and null, undefined and false set none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {(Node | string | null | undefined | false)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  chat: "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm3 5h8m-8 3.5h5",
  close: "m6 6 12 12M18 6 6 18",
  menu: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M12 19V5m-6 6 6-6 6 6",
  lock: "M6 11h12v9H6zm3 0V8a3 3 0 0 1 6 0v3",
  down: "M12 5v14m-6-6 6 6 6-6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  save: "M12 4v11m-5-5 5 5 5-5M5 20h14",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/**
 * Written text as nodes: `**strong**` words, case references and web addresses are set apart, the rest is left.
 * @param {string} text
 * @returns {Node[]}
 */
export function prose(text) {
  return text.split(/(\*\*[^*\n]+\*\*|https?:\/\/[^\s<>"]*[\w/]|\b[A-Z]{2}(?:-[0-9A-Z]{4}){2}\b)/).map((part, at) => {
    if (at % 2 === 0) return document.createTextNode(part);
    if (part.startsWith("**")) return make("strong", {}, ...prose(part.slice(2, -2)));
    if (part.startsWith("http")) return make("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part);
    return make("span", { class: "reference" }, part);
  });
}

/**
 * @param {string} name of the file
 * @param {string} text
 */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Copies, by the clipboard or, where there is none, by a selection.
 * @param {string} text
 * @param {Node} near where a text field may be put for a moment
 * @returns {Promise<boolean>}
 */
export async function copy(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { readonly: true, class: "unseen", "aria-hidden": "true", tabindex: "-1" });
    const root = /** @type {ShadowRoot | Document} */ (near.getRootNode());
    const focused = root.activeElement;
    field.value = text;
    near.appendChild(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return done;
  }
}
