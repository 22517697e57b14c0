// The token view: every token a model wrote, what the grammar forced, and how sure the model was.

import { make } from "./dom.js";
import { counted, number, share } from "./words.js";

let views = 0;

/** A fold with the tokens of a step; made when it is first opened, since they may be hundreds. */
export function tokenFold(tokens) {
  const forced = tokens.filter((token) => token.forced).length;
  const title = `${counted(tokens.length, "token")}, ${number(forced)} forced by the grammar`;
  const fold = make("details", { class: "fold tokens" }, make("summary", {}, title));
  fold.addEventListener("toggle", () => fold.append(tokenView(tokens)), { once: true });
  return fold;
}

/** The view: a list of tokens to walk through by arrow keys, and a panel about the current one. */
function tokenView(tokens) {
  const id = `token-panel-${++views}`;
  const panel = make("div", { class: "token-panel", id });
  const options = tokens.map((token, i) => make("span", {
    role: "option", class: tokenClass(token), tabindex: i === 0 ? 0 : -1,
    "aria-label": tokenLabel(token), "aria-selected": i === 0, "aria-describedby": id,
  }, visible(token.text)));
  let current = 0;

  function select(i, focus) {
    options[current].tabIndex = -1;
    options[current].setAttribute("aria-selected", "false");
    current = Math.max(0, Math.min(i, options.length - 1));
    options[current].tabIndex = 0;
    options[current].setAttribute("aria-selected", "true");
    panel.replaceChildren(...aboutToken(tokens[current], current, tokens.length));
    if (focus) options[current].focus();
  }
  function walk(event) {
    const steps = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1,
      ArrowUp: current - 1, Home: 0, End: options.length - 1 };
    if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    select(steps[event.key], true);
  }
  const list = make("div", { role: "listbox", "aria-label": "Tokens", "aria-orientation": "horizontal",
    class: "token-list", onkeydown: walk }, ...options);
  for (const type of ["mouseover", "focusin", "click"])
    list.addEventListener(type, (event) => {
      const i = options.indexOf(event.target);
      if (i >= 0) select(i, type === "click");
    });
  select(0, false);
  return make("div", { class: "token-view" }, legend(), list, panel);
}

function legend() {
  return make("p", { class: "legend" },
    make("span", { class: "token forced" }, "forced"), " the grammar left no choice. ",
    "Others are shaded by probability: ",
    ...[["sure-4", "over 90%"], ["sure-3", "over 70%"], ["sure-2", "over 40%"], ["sure-1", "less"]]
      .flatMap(([name, words]) => [make("span", { class: `token ${name}` }, words), " "]));
}

function tokenClass({ forced, probability }) {
  if (forced) return "token forced";
  if (probability === null) return "token";
  const level = 1 + [0.4, 0.7, 0.9].filter((bound) => probability > bound).length;
  return `token sure-${level}`;
}

/** What a screen reader says of a token; the panel describes it further. */
function tokenLabel(token) {
  const name = `“${visible(token.text)}”`;
  if (token.forced) return `${name}, forced`;
  return token.probability === null ? name : `${name}, ${share(token.probability)}`;
}

/** A token's text with its white space to be seen. */
function visible(text) {
  return text.replaceAll("\n", "⏎").replaceAll("\t", "⇥").replace(/^ +| +$/g, (gap) => "␣".repeat(gap.length))
    || "(empty)";
}

function aboutToken(token, i, n) {
  return [
    make("p", {}, make("code", { class: "token-text" }, visible(token.text)),
      make("span", { class: "quiet-text" }, ` ${number(i + 1)} of ${number(n)}`)),
    make("p", {}, freedom(token)),
    token.others.length ? likeliest(token) : null,
  ].filter((part) => part !== null);
}

/** What the grammar allowed and what the model thought of it. */
function freedom({ forced, allowed, probability }) {
  if (forced) return "Forced: the grammar allowed nothing else.";
  const grammar = allowed === null ? "" : `The grammar allowed ${counted(allowed, "token")}. `;
  const model = probability === null
    ? "The model does not tell its probability."
    : `The model gave this one ${share(probability)}.`;
  return grammar + model;
}

/** The token and the likeliest others, as bars with their numbers. */
function likeliest({ text, probability, others }) {
  const rows = [[text, probability ?? 0, true], ...others.map(([other, p]) => [other, p, false])];
  return make("ul", { class: "likeliest", "aria-label": "Likeliest tokens" },
    ...rows.map(([other, p, taken]) => {
      const bar = make("span", { class: "bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", p);
      return make("li", { class: taken ? "taken" : null },
        make("code", {}, visible(other)), make("span", {}, share(p)), bar);
    }));
}
