/** What the conversation interface sends, and what the widget makes of it. Never loaded by a browser. */

export type FieldName = "email" | "code" | "phone" | "name" | "value";

export interface Choice {
  id: string;
  label: string;
  style?: string;
}

export interface Ask {
  field: FieldName;
  label: string;
}

export interface Card {
  title: string;
  rows: { id: string; label: string; value: string }[];
}

export interface CaseSummary {
  reference: string;
  right: string;
  state: string;
  due?: string;
}

export interface Message {
  seq: number;
  at: string;
  from: "contact" | "assistant" | "agent" | "system";
  reply_to?: number;
  text?: string | null;
  choices?: Choice[];
  ask?: Ask;
  card?: Card;
  case?: CaseSummary;
  fields?: string[];
  erased?: boolean;
  /** The `seq` of an earlier message that this one takes back or corrects; that one is erased. */
  replaces?: number;
  /** Which colleague speaks. */
  agent?: string;
}

export interface Identity {
  id: string;
  token: string;
}

/** What one tab remembers for all tabs: who we are to the server, and how far the contact has read. */
export interface Remembered extends Identity {
  seen: number;
}

export type Content = { text: string } | { choice: string } | { fields: Partial<Record<FieldName, string>> };

/** Something said here that the server has not yet shown us back. */
export interface Outgoing {
  key: string;
  content: Content;
  /** What the contact sees of it: never the contents of a field. */
  text?: string;
  fields?: string[];
  at: string;
  state: "sending" | "waiting" | "sent";
  seq?: number;
}

export type Notice = "stale" | "unreadable" | "long" | "busy" | "lost" | "refused" | "mailed";

/** How the browser and the server stand: `waiting` until `retryAt` on the monotonic clock. */
export interface Connection {
  state: "quiet" | "joining" | "online" | "waiting" | "stopped";
  /** In milliseconds of `performance.now()`. */
  retryAt?: number;
  /** Whether the server asked us to wait, rather than being out of reach. */
  asked?: boolean;
}
