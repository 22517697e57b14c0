// Time, tokens and cost of each step: when it began, how long it took, what it used.

import { make } from "./dom.js";
import { stepName } from "./steps.js";
import { cost, duration, number } from "./words.js";

/** The table of the steps of an answer and of their sum. */
export function waterfall(steps, usage) {
  const end = Math.max(1, ...steps.map((step) => step.started_ms + (step.duration_ms ?? 0)));
  const priced = usage.cost !== null;
  const heads = ["Step", "Time", "Tokens in", "out", ...(priced ? ["Cost"] : [])];
  return make("table", { class: "waterfall" },
    make("caption", { class: "sr" }, "Time, tokens and cost of each step"),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...steps.map((step) => make("tr", {},
      make("th", { scope: "row" }, make("span", {}, stepName(step.name)), track(step, end)),
      ...figures(step.duration_ms ?? 0, step.usage, priced)))),
    make("tfoot", {}, make("tr", {}, make("th", { scope: "row" }, "All"), ...figures(end, usage, priced))));
}

function figures(ms, usage, priced) {
  const asked = usage.model_calls > 0;
  const values = [duration(ms), asked ? number(usage.prompt_tokens) : "–",
    asked ? number(usage.completion_tokens) : "–",
    ...(priced ? [usage.cost === null ? "–" : cost(usage.cost)] : [])];
  return values.map((value) => make("td", {}, value));
}

/** A bar from a step's begin to its end. */
function track({ started_ms: start, duration_ms: length }, end) {
  const bar = make("span", { class: "span" });
  bar.style.left = `min(${100 * start / end}%, 100% - 3px)`; // the last may be short, but is seen
  bar.style.width = `${100 * (length ?? 0) / end}%`;
  return make("span", { class: "track", "aria-hidden": "true" }, bar);
}
