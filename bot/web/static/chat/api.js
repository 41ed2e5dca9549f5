/** The HTTP side of the conversation interface. */

const PATIENCE = 15_000;

/** The server's considered no, as against silence or a fault, which are worth trying again. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {number} retryAfter milliseconds the server asks us to wait, 0 when it does not say
   */
  constructor(status, message, retryAfter) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the conversation itself is gone, or no longer ours. */
  get gone() {
    return this.status === 401 || this.status === 404;
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Error>}
 */
async function failure(response) {
  const body = await response.json().catch(() => null);
  const message = body?.error?.message ?? response.statusText;
  if (response.status >= 500 || response.status === 408) return new Error(message);
  return new Refusal(response.status, message, Number(response.headers.get("retry-after")) * 1000 || 0);
}

/**
 * Calls the server, and throws a `Refusal` for a 4xx, an `Error` for anything that may pass.
 * @param {string} address
 * @param {object} [options]
 * @param {string} [options.token]
 * @param {unknown} [options.body] makes it a POST
 * @param {Record<string, string>} [options.headers]
 * @param {AbortSignal} [options.signal]
 * @param {boolean} [options.stream] whether to leave the reading of the body to the caller
 * @returns {Promise<Response>}
 */
export async function call(address, { token, body, headers = {}, signal, stream } = {}) {
  const headed = new AbortController();
  const timer = setTimeout(() => headed.abort(), PATIENCE);
  const stop = () => headed.abort();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    const response = await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: headed.signal,
    });
    if (!response.ok) throw await failure(response);
    return stream ? response : new Response(await response.text());
  } finally {
    clearTimeout(timer);
    if (!stream) signal?.removeEventListener("abort", stop);
  }
}

/** Reads `text/event-stream` as it arrives in pieces. */
export class EventReader {
  #rest = "";

  /**
   * @param {string} piece
   * @returns {{event: string, data: string}[]} the events completed by this piece
   */
  feed(piece) {
    const blocks = (this.#rest + piece).replace(/\r\n?/g, "\n").split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      let event = "message";
      /** @type {string[]} */
      const data = [];
      for (const line of block.split("\n")) {
        const [, name, value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (name === "event") event = value;
        if (name === "data") data.push(value);
      }
      return data.length ? [{ event, data: data.join("\n") }] : [];
    });
  }
}
