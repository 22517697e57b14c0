// Past traces: the list, and one as a tree of spans with their durations.

import { Problem, getJson } from "./api.js";
import { byId, make, showProblem } from "./dom.js";
import { counted, duration, moment } from "./words.js";

const PAGE_SIZE = 30;
const place = byId("traces");
let turn = 0; // what arrives after another view was asked for is not shown

/** Show the newest traces. */
export async function showTraces() {
  const mine = ++turn;
  setTitle("Traces");
  const list = make("ul", { class: "trace-list" }), problem = make("div", { role: "alert" });
  const more = make("button", { type: "button", class: "plain", hidden: true }, "Older ones");
  let last = null;

  async function load() {
    const before = last === null ? "" : `&before=${encodeURIComponent(last)}`;
    try {
      const { data } = await getJson(`/traces?limit=${PAGE_SIZE}${before}`);
      if (mine !== turn) return;
      const rows = data.map(traceRow);
      list.append(...rows);
      if (!list.children.length) problem.append(make("p", { class: "quiet-text" }, "None are kept yet."));
      if (last !== null && rows.length) rows[0].firstChild.focus(); // the button may vanish
      last = data.at(-1)?.trace_id ?? last;
      more.hidden = data.length < PAGE_SIZE;
    } catch (error) {
      if (mine === turn) showProblem(problem, told(error));
    }
  }
  more.addEventListener("click", load);
  place.replaceChildren(problem, list, more);
  await load();
}

/** Show one trace. */
export async function showTrace(id) {
  const mine = ++turn;
  setTitle("Trace");
  const back = make("p", {}, make("a", { href: "#traces" }, "All traces"));
  place.replaceChildren(back, make("p", { class: "quiet-text" }, "Reading…"));
  try {
    const trace = await getJson(`/traces/${encodeURIComponent(id)}`);
    if (mine !== turn) return;
    setTitle(trace.name);
    const begin = Date.parse(trace.start), length = Math.max(trace.duration_ms, 0.001);
    place.replaceChildren(back,
      make("p", { class: "quiet-text" }, facts(trace).join(" · ")),
      ...(trace.scores.length ? [scores(trace.scores)] : []),
      make("ul", { class: "tree", "aria-label": "Spans" },
        ...trace.spans.map((span) => spanItem(span, begin, length))));
  } catch (error) {
    const problem = make("div", { role: "alert" });
    showProblem(problem, told(error));
    if (mine === turn) place.replaceChildren(back, problem);
  }
}

/** The sentence of a problem; any other error is a slip of ours. */
function told(error) {
  if (error instanceof Problem) return error.message;
  throw error;
}

function setTitle(text) {
  byId("traces-title").textContent = text;
}

function facts(trace) {
  const failed = trace.status === "error" ? ["failed"] : [];
  return [moment(trace.start), duration(trace.duration_ms), counted(trace.n_spans, "span"),
    counted(trace.tokens, "token"), ...(trace.user ? [`key ${trace.user}`] : []), ...failed];
}

function traceRow(trace) {
  return make("li", {}, make("a", { href: `#trace/${encodeURIComponent(trace.trace_id)}` },
    make("span", { class: "name" }, trace.name),
    make("span", { class: "quiet-text" }, facts(trace).join(" · ")),
    ...trace.scores.map(({ name, value }) => make("span", { class: "score" }, `${name} ${value.toPrecision(3)}`))));
}

function scores(list) {
  return make("dl", { class: "facts" }, ...list.map(({ name, value, explanation }) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, value.toPrecision(3), explanation ? ` ${explanation}` : null))));
}

/** A span with its bar on the trace's time, its facts to unfold, and its children below. */
function spanItem(span, begin, length) {
  const bar = make("span", { class: "span" });
  bar.style.left = `min(${Math.max(0, 100 * (Date.parse(span.start) - begin) / length)}%, 100% - 3px)`;
  bar.style.width = `${Math.min(100, 100 * span.duration_ms / length)}%`;
  const state = span.status === "error" ? make("span", { class: "badge contradicted" }, "failed") : null;
  return make("li", {},
    make("details", { class: "fold" },
      make("summary", {},
        make("span", { class: "name" }, span.name),
        make("span", { class: "kind" }, span.kind.toLowerCase()),
        state,
        make("span", { class: "step-time" }, duration(span.duration_ms)),
        make("span", { class: "track", "aria-hidden": "true" }, bar)),
      span.message ? make("p", { class: "wrong" }, span.message) : null,
      attributes(span)),
    span.children.length
      ? make("ul", {}, ...span.children.map((child) => spanItem(child, begin, length))) : null);
}

/** What is known of a span: its attributes, then what happened in it. */
function attributes({ attributes: values, events }) {
  const rows = [
    ...Object.entries(values),
    ...events.map(({ name, time, ...rest }) => [`${name}, ${moment(time)}`, rest]),
  ];
  if (!rows.length) return make("p", { class: "quiet-text" }, "Nothing further is recorded.");
  return make("dl", { class: "attributes" }, ...rows.map(([name, value]) => make("div", {},
    make("dt", {}, name),
    make("dd", {}, typeof value === "string" ? value : JSON.stringify(value)))));
}
