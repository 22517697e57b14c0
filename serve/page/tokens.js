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
  const show = (i) => panel.replaceChildren(...aboutToken(tokens[i], i, tokens.length));
  let current = 0;

  function select(i) {
    options[current].tabIndex = -1;
    options[current].setAttribute("aria-selected", "false");
    current = i;
    options[current].tabIndex = 0;
    options[current].setAttribute("aria-selected", "true");
    show(current);
  }
  function walk(event) {
    const steps = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1,
      ArrowUp: current - 1, Home: 0, End: options.length - 1 };
    if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    options[Math.max(0, Math.min(steps[event.key], options.length - 1))].focus();
  }
  const list = make("div", { role: "listbox", "aria-label": "Tokens", "aria-orientation": "horizontal",
    class: "token-list", onkeydown: walk }, ...options);
  // A click focuses, and the focus selects; the mouse alone only shows.
  for (const [type, react] of [["focusin", select], ["mouseover", show]])
    list.addEventListener(type, (event) => {
      const i = options.indexOf(event.target);
      if (i >= 0) react(i);
    });
  list.addEventListener("mouseleave", () => show(current));
  show(0);
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
