// The steps of an answer, as they stream: what was decided, found, quoted and checked.

import { make, outsideLink } from "./dom.js";
import { openPassage } from "./passage.js";
import { find, marked } from "./spans.js";
import { tokenFold } from "./tokens.js";
import { duration, share } from "./words.js";

const NAMES = {
  route: "Choose where to look", retrieve: "Search the documents", search: "Search Wikipedia",
  read: "Read and quote", verify: "Check against Wikipedia", answer: "Write the answer",
};
const STATES = { running: "under way", ok: "done", failed: "failed", skipped: "skipped" };
const ROUTES = {
  documents: "the documents", wikipedia: "Wikipedia", both: "the documents and Wikipedia",
  neither: "nowhere",
};
export const VERDICTS = {
  supported: "Wikipedia agrees", contradicted: "Wikipedia disagrees",
  not_found: "Not found in Wikipedia", unavailable: "Wikipedia could not be asked",
  not_checked: "Not checked",
};
const SIGNS = { supported: "✓", contradicted: "≠", not_found: "?", unavailable: "!", not_checked: "–" };

export const stepName = (name) => NAMES[name] ?? name;

/** A verdict as a badge: a sign and words beside its colour. */
export function verdictBadge(verdict) {
  return make("span", { class: `badge ${verdict in SIGNS ? verdict : ""}` },
    make("span", { "aria-hidden": "true" }, `${SIGNS[verdict] ?? "?"} `),
    VERDICTS[verdict] ?? verdict);
}

/** The list of steps: a record that comes again replaces what was shown of it. */
export class StepList {
  constructor() {
    this.element = make("ol", { class: "steps" });
    this.items = new Map(); // index -> element
    this.passages = { documents: [], wikipedia: [] }; // what was found last, to find quotes in
  }

  /** Whether a step's end is shown. */
  has({ index }) {
    return this.items.has(index) && !this.items.get(index).classList.contains("running");
  }

  /** Show a step that began or ended. */
  update(record) {
    if (record.name === "retrieve") this.passages.documents = record.detail.passages ?? [];
    if (record.name === "search") this.passages.wikipedia = record.detail.passages ?? [];
    const item = this.#item(record), running = record.status === "running";
    item.className = `step ${record.status}`;
    item.replaceChildren(
      make("div", { class: "step-head" },
        make("span", { class: "dot", "aria-hidden": "true" }),
        make("h4", {}, stepName(record.name)),
        make("span", { class: "step-state" }, running || record.status === "ok" && record.duration_ms !== null
          ? make("span", { class: "sr" }, STATES[record.status]) : STATES[record.status]),
        make("span", { class: "step-time" }, running ? "…" : duration(record.duration_ms ?? 0))),
      make("div", { class: "step-body" },
        record.summary ? make("p", {}, record.summary) : null,
        record.error ? make("p", { class: "wrong" }, record.error) : null,
        ...this.#detail(record),
        record.detail.by ? make("p", { class: "quiet-text" }, `Decided by ${record.detail.by}`) : null,
        record.tokens.length ? tokenFold(record.tokens) : null));
  }

  /** Mark what still runs as stopped. */
  stop() {
    for (const item of this.element.querySelectorAll(".running")) {
      item.className = "step skipped";
      item.querySelector(".step-state").textContent = "stopped";
      item.querySelector(".step-time").textContent = "";
    }
  }

  /** The element of a step; made in its place among the others. */
  #item({ index }) {
    if (!this.items.has(index)) {
      const item = make("li");
      const later = [...this.items.keys()].filter((other) => other > index);
      const before = later.length ? this.items.get(Math.min(...later)) : null;
      this.element.insertBefore(item, before);
      this.items.set(index, item);
    }
    return this.items.get(index);
  }

  #detail({ name, detail }) {
    if (name === "route") return routed(detail);
    if (name === "retrieve") return [found(detail.passages ?? [])];
    if (name === "search") return searched(detail);
    if (name === "read") return this.#quoted(detail);
    if (name === "verify") return this.#verified(detail);
    return [];
  }

  #quoted(detail) {
    if (!detail.quote) return [];
    return [
      quoteIn(this.passages[detail.from] ?? [], detail.quote),
      ...confidence(detail.confidence, (value) =>
        ({ true: "the source answers", false: "it does not" })[value] ?? value),
    ];
  }

  #verified(detail) {
    return [
      detail.claim ? make("p", {}, make("span", { class: "label" }, "Claim"), detail.claim) : null,
      detail.verdict ? make("p", {}, verdictBadge(detail.verdict)) : null,
      detail.quote ? quoteIn(this.passages.wikipedia, detail.quote) : null,
      ...confidence(detail.confidence, (value) => VERDICTS[value] ?? value),
    ];
  }
}

// --- what the steps found ------------------------------------------------------------------------

function routed({ match, route, query, confidence: sure }) {
  if (!route) return [];
  const facts = [["Look in", ROUTES[route] ?? route], ["Search for", query], ["Match in the documents", match]];
  return [
    make("dl", { class: "facts" }, ...facts.filter(([, value]) => value).map(([term, value]) =>
      make("div", {}, make("dt", {}, term), make("dd", {}, value)))),
    ...confidence(sure, (value) => ROUTES[value] ?? value),
  ];
}

/** How sure the model was of each value; nothing where it did not tell. */
function confidence(sure, words) {
  const rows = Object.entries(sure ?? {}).sort(([, a], [, b]) => b - a);
  if (!rows.length) return [];
  return [make("ul", { class: "likeliest", "aria-label": "Confidence" }, ...rows.map(([value, p]) => {
    const bar = make("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", p);
    return make("li", {}, make("span", {}, words(value)), make("span", {}, share(p)), bar);
  }))];
}

/** Passages of documents, best first, each to be unfolded. */
function found(passages) {
  return make("ol", { class: "passages", "aria-label": "Passages" }, ...passages.map((passage) => make("li", {},
    make("details", { class: "fold" },
      make("summary", {},
        make("span", { class: "place" }, `${passage.document_name}, page ${passage.page}`),
        make("span", { class: "score" }, `score ${score(passage.score)}`),
        make("span", { class: "opening" }, passage.text)),
      make("p", { class: "source-text" }, passage.text),
      make("p", { class: "quiet-text" }, scores(passage)),
      make("button", { type: "button", class: "plain small", onclick: () => openPassage(inPage(passage, null)) },
        "Show in its page")))));
}

const score = (value) => (typeof value === "number" ? value.toPrecision(3) : "unknown");

function scores({ dense_score: dense, text_score: text }) {
  const parts = [["By meaning", dense], ["by words", text]].filter(([, value]) => typeof value === "number");
  return parts.map(([name, value]) => `${name} ${score(value)}`).join(", ");
}

/** What opens a passage of a document, with a quote of it marked. */
function inPage(passage, quote) {
  return {
    title: passage.document_name, passage: passage.text, quote,
    documentId: passage.document_id, page: passage.page, passageStart: passage.start,
  };
}

function searched({ query, hits = [], passages = [] }) {
  return [
    query ? make("p", {}, make("span", { class: "label" }, "Searched for"), query) : null,
    hits.length ? make("ul", { class: "hits", "aria-label": "Pages found" }, ...hits.map((hit) =>
      make("li", {}, make("strong", {}, hit.title), hit.snippet ? ` ${hit.snippet}` : null))) : null,
    passages.length ? make("ol", { class: "passages", "aria-label": "Passages" }, ...passages.map((passage) =>
      make("li", {}, make("details", { class: "fold" },
        make("summary", {},
          make("span", { class: "place" }, passage.title),
          make("span", { class: "opening" }, passage.text)),
        make("p", { class: "source-text" }, passage.text),
        make("p", {}, outsideLink(passage.url, "The revision that was read")))))) : null,
  ];
}

/** A quote in the passage it stands in; the quote alone where that is not known. */
function quoteIn(passages, quote) {
  const passage = passages.find(({ text }) => text.includes(quote));
  if (!passage) return make("blockquote", {}, quote);
  const span = find(passage.text, quote);
  const target = passage.document_id ? inPage(passage, span)
    : { title: passage.title, passage: passage.text, quote: span, url: passage.url };
  const place = passage.document_id ? `${passage.document_name}, page ${passage.page}` : passage.title;
  return make("figure", { class: "quoted" },
    make("blockquote", {}, ...marked(passage.text, [{ ...span, className: "quote" }])),
    make("figcaption", {}, place, " ",
      make("button", { type: "button", class: "plain small", onclick: () => openPassage(target) },
        passage.document_id ? "Show in its page" : "Show the passage")));
}
