export interface Agent {
  name: string;
  role: string;
  on_duty?: boolean;
}

export interface CaseSummary {
  reference: string;
  right: string;
  state: string;
  due: string;
}

export interface Row {
  id: number;
  state: "waiting" | "taken" | "over";
  requested_at: string;
  reason: string;
  identity: { state: "proven" | "ran_out" | "not_proven"; at?: string };
  cases: CaseSummary[];
  position?: number;
  taken_by?: string;
  taken_at?: string;
  outcome?: string;
}

export interface Queue {
  agent: Agent;
  now: string;
  open: boolean;
  hours: string;
  waiting: Row[];
  mine: Row[];
  others: Row[];
}

export interface Said {
  seq: number;
  at: string;
  from: "contact" | "assistant" | "agent" | "system";
  text: string | null;
  agent?: string;
  fields?: string[];
  card?: { title: string; rows: { id: string; label: string; value: string }[] };
  case?: CaseSummary;
  erased?: boolean;
}

export interface Value {
  placeholder: string;
  kind: string;
  may_reveal: boolean;
}

export interface Conversation extends Row {
  values: Value[];
  messages: Said[];
}
