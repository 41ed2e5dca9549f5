/** @type {Record<string, [light: string, dark: string]>} */
const COLOURS = {
  surface: ["#ffffff", "#16191c"],
  ink: ["#1c2125", "#eceff1"],
  soft: ["#58626c", "#a6afb8"],
  line: ["#dde2e6", "#31383f"],
  edge: ["#78838d", "#7f8993"],
  accent: ["#0f5c55", "#7cd3c4"],
  "on-accent": ["#ffffff", "#062622"],
  theirs: ["#f0f3f4", "#23282d"],
  mine: ["#0f5c55", "#1d544d"],
  "on-mine": ["#ffffff", "#ffffff"],
  danger: ["#9c2a12", "#ffab98"],
  caution: ["#fdf3dc", "#382e17"],
};

/** @param {0 | 1 | 2} scheme light, dark, or whichever is in force */
const colours = (scheme) =>
  Object.entries(COLOURS)
    .map(
      ([name, pair]) => `--${name}: var(--rightline-${name}, ${scheme === 2 ? `light-dark(${pair})` : pair[scheme]});`,
    )
    .join("\n");

/**
 * The page can style the element itself, so everything inherited begins at the frame. Lengths are in `em` of the
 * reader's own text size, whatever the embedding page has done to `rem`.
 */
export const STYLE = `
:host { all: initial; }
.frame {
  all: initial; ${colours(0)}
  --round: var(--rightline-radius, 14px);
  --inset: var(--rightline-inset, 20px);
  color-scheme: light dark; color: var(--ink);
  font: medium/1.5 var(--rightline-font, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
}
@supports (color: light-dark(red, red)) { .frame { ${colours(2)} } }
:host([theme=light]) .frame { color-scheme: light; }
:host([theme=dark]) .frame { color-scheme: dark; }
:host([hidden]), [hidden] { display: none !important; }
@media print { :host { display: none; } }
*, ::before { box-sizing: border-box; }
h2, h3, p, ul, dl, dd { margin: 0; font: inherit; }
button, input, textarea { font: inherit; color: inherit; margin: 0; }
button {
  min-block-size: 44px; min-inline-size: 44px; border-radius: 10px; border: 1px solid transparent; background: none;
  cursor: pointer; touch-action: manipulation;
}
button:disabled { cursor: default; }
a { color: inherit; text-underline-offset: .15em; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
svg {
  inline-size: 1.25em; block-size: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75;
  stroke-linecap: round; stroke-linejoin: round;
}
.unseen {
  position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; border: 0; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}

.launcher, .panel {
  position: fixed; inset-block: auto var(--inset); inset-inline: auto var(--inset);
  z-index: var(--rightline-layer, 2147483000);
}
:host([position=start]) :is(.launcher, .panel) { inset-inline: var(--inset) auto; }
.launcher {
  display: flex; align-items: center; gap: .6em; min-block-size: 3.25em; padding-inline: 1.1em 1.35em;
  border-radius: 2em; background: var(--accent); color: var(--on-accent); font-weight: 600;
  box-shadow: 0 1px 2px #0003, 0 6px 20px #0003;
}
.launcher:hover { filter: brightness(1.08); }
.launcher:focus-visible { outline-offset: 3px; box-shadow: 0 0 0 3px var(--surface); }
.badge {
  min-inline-size: 1.6em; padding-inline: .4em; border-radius: 1em; background: var(--on-accent);
  color: var(--accent); font-size: .875em; text-align: center;
}

.panel {
  display: none; flex-direction: column; margin: 0; padding: 0; inline-size: min(25.5em, 100vw - 2 * var(--inset));
  max-inline-size: none; block-size: min(44em, 100dvh - 2 * var(--inset)); max-block-size: none;
  border: 1px solid var(--line); border-radius: var(--round); overflow: hidden auto; background: var(--surface);
  color: inherit; box-shadow: 0 2px 6px #0002, 0 16px 48px #0003;
}
.panel[open] { display: flex; }
.panel::backdrop { background: var(--surface); }
header {
  position: sticky; inset-block-start: 0; z-index: 1; background: var(--surface); display: flex; align-items: center;
  gap: 2px; padding: 6px; padding-inline-start: 18px; border-block-end: 1px solid var(--line);
}
h2 { flex: 1; font-weight: 650; font-size: 1.0625em; line-height: 1.25; overflow-wrap: anywhere; }
.round { display: grid; place-items: center; padding: 0; border-radius: 50%; color: var(--soft); }
.round svg { stroke-width: 2; }
[aria-controls] svg { stroke-width: 3.5; }
.round:hover, .plain:hover { background: var(--theirs); color: var(--ink); }
.menu { padding: 8px 12px; border-block-end: 1px solid var(--line); }
.menu p { padding: 6px; }
.tools { display: flex; flex-wrap: wrap; gap: 4px; }
.plain {
  display: inline-flex; align-items: center; gap: .4em; padding: 0 .7em; color: var(--accent); font-size: .9375em;
  font-weight: 550;
}

.cases {
  flex: none; max-block-size: 9em; overflow-y: auto; border-block-end: 1px solid var(--line); font-size: .875em;
}
.case {
  display: flex; align-items: center; justify-content: space-between; padding: 4px; padding-inline-start: 18px;
  column-gap: 4px; line-height: 1.4;
}
.case + .case { border-block-start: 1px solid var(--line); }
.case p + p, .case .reference { color: var(--soft); }
.case .plain { justify-content: center; flex: none; }
.case .plain span:empty { display: none; }
.reference { white-space: nowrap; font-variant-numeric: tabular-nums; }

.middle { position: relative; flex: 1; min-block-size: 11em; display: flex; flex-direction: column; }
.log {
  position: relative; flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; padding: 16px;
  scroll-padding-block: 16px;
}
.log:focus-visible { outline-offset: -3px; }
.below {
  position: absolute; inset-block-end: 10px; inset-inline-end: 12px; border-color: var(--edge);
  background: var(--surface); color: var(--accent); box-shadow: 0 2px 10px #0003;
}
.notice {
  margin-block-end: 8px; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--round);
  color: var(--soft); font-size: .875em; line-height: 1.45;
}
.notice h3 { color: var(--ink); font-weight: 600; }
.notice a { display: inline-block; padding-block: .4em; }
.greeting { margin-block-end: .75em; color: var(--ink); font-size: 1.143em; }

.entry { display: flex; flex-direction: column; align-items: flex-start; margin-block-start: 4px; }
.contact { align-items: flex-end; }
.who { margin-block: 12px 3px; padding-inline: 4px; color: var(--soft); font-size: .8125em; }
.who span { font-weight: 600; }
.bubble {
  max-inline-size: 88%; padding: .5em .85em; border: 1px solid transparent; border-radius: 16px;
  border-end-start-radius: 5px; background: var(--theirs); white-space: pre-wrap; overflow-wrap: anywhere;
}
.contact .bubble { border-radius: 16px; border-end-end-radius: 5px; background: var(--mine); color: var(--on-mine); }
.contact .bubble svg { margin-inline-end: .4em; vertical-align: -.22em; }
.entry:is([data-state=sending], [data-state=unsent]) .bubble { opacity: .85; }
.agent .bubble { border-color: var(--accent); background: var(--surface); }
.system .bubble, .quiet { background: none; border-color: var(--line); color: var(--soft); font-size: .9375em; }
.contact .quiet { background: none; color: var(--soft); }
.delivery {
  display: flex; align-items: center; flex-wrap: wrap; justify-content: flex-end; padding-inline: 4px;
  color: var(--soft); font-size: .8125em;
}
strong { font-weight: 650; }

.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-block: 8px 4px; }
.choice {
  padding: .35em 1em; border-color: var(--accent); border-radius: 22px; background: var(--surface);
  color: var(--accent); font-weight: 500; font-size: .9375em; text-align: start; line-height: 1.3;
}
@media (hover: hover) {
  .choice:hover:enabled { background: var(--accent); color: var(--on-accent); }
  .choice.danger:hover:enabled { background: var(--danger); color: var(--surface); }
}
.choice.danger { border-color: var(--danger); color: var(--danger); }
.choice:disabled {
  min-block-size: 0; padding-block: .15em; border-color: var(--line); color: var(--soft); font-size: .875em;
  font-weight: 400;
}
.plain.danger { color: var(--danger); }

.card {
  inline-size: 100%; margin-block-start: 6px; border: 1px solid var(--line); border-radius: var(--round);
  overflow: hidden;
}
.card h3 { padding: 10px 16px; background: var(--theirs); font-weight: 650; overflow-wrap: anywhere; }
.card dl > div { padding: 8px 16px; border-block-start: 1px solid var(--line); }
.card dt { color: var(--soft); font-size: .875em; }
.card dd { white-space: pre-wrap; overflow-wrap: anywhere; }
.card .tools { padding: 2px 8px; border-block-start: 1px solid var(--line); }

.working {
  display: flex; gap: 5px; inline-size: fit-content; margin-block-start: 14px; padding: 12px 14px;
  border-radius: 16px; background: var(--theirs);
}
.working i { inline-size: 7px; block-size: 7px; border-radius: 50%; background: var(--soft); }
.bar {
  display: flex; align-items: center; justify-content: space-between; gap: 8px; min-block-size: 44px;
  padding: 4px 6px; padding-inline-start: 18px; border-block-start: 1px solid var(--line); font-size: .9375em;
  line-height: 1.35;
}
.bar .plain { flex: none; }
.note { background: var(--caution); }
.note .plain { color: inherit; text-decoration: underline; }

.composer { border-block-start: 1px solid var(--line); padding: 10px 12px calc(10px + env(safe-area-inset-bottom)); }
.row { display: flex; align-items: flex-end; gap: 8px; }
input, textarea {
  flex: 1; min-inline-size: 0; min-block-size: 44px; padding: 9px 13px; border: 1px solid var(--edge);
  border-radius: 12px; background: var(--surface); font-size: max(16px, 1em); line-height: 1.5;
}
:is(input, textarea):focus-visible { outline-offset: -1px; border-color: transparent; }
::placeholder { color: var(--soft); opacity: 1; }
textarea { display: block; resize: none; max-block-size: 8.5em; }
.send {
  display: grid; place-items: center; padding: 0; border-radius: 50%; background: var(--accent);
  color: var(--on-accent);
}
.filled {
  display: flex; align-items: center; gap: .4em; padding-inline: 1em; background: var(--accent);
  color: var(--on-accent); font-weight: 600;
}
.private {
  margin: -10px -12px 10px; padding: 10px 12px 8px; border-block-end: 1px solid var(--line);
  background: var(--theirs);
}
.private label { display: block; margin-block-end: 4px; font-weight: 600; overflow-wrap: anywhere; }
.private .row { flex-wrap: wrap; }
.private input { flex: 1 1 9em; }
[name=code] { letter-spacing: .12em; font-variant-numeric: tabular-nums; }
[aria-invalid=true] { border-color: var(--danger); }
.problem { color: var(--danger); font-size: .9375em; }
.hint {
  display: flex; align-items: center; gap: .4em; margin-block-start: 4px; color: var(--soft); font-size: .8125em;
}

@media (max-width: 480px), (max-height: 480px) {
  .panel, :host([position=start]) .panel {
    inset: 0; inline-size: 100%; block-size: var(--viewport, 100dvh); border: 0; border-radius: 0; box-shadow: none;
  }
}
@media (prefers-reduced-motion: no-preference) {
  .panel[open] { animation: rise .18s ease-out; }
  .entry { animation: appear .2s ease-out; }
  button { transition: background-color .12s, color .12s; }
  .working i { animation: breathe 1.2s infinite ease-in-out; }
  .working i:nth-child(2) { animation-delay: .15s; }
  .working i:nth-child(3) { animation-delay: .3s; }
}
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
@keyframes appear { from { opacity: 0; } }
@keyframes breathe { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@media (forced-colors: active) {
  .launcher, .send, .filled, .badge, .bubble, .working { border: 1px solid ButtonBorder; }
  .working i { background: CanvasText; }
  .contact .bubble { border-color: Highlight; }
  button:disabled { color: GrayText; border-color: GrayText; }
}
`;
