// The answer: text with citations to press, its sources, what Wikipedia says, what it took.

import { make, outsideLink } from "./dom.js";
import { openPassage } from "./passage.js";
import { verdictBadge } from "./steps.js";
import { cost, counted, duration } from "./words.js";

const CITATION = /\[(\d{1,4})\]/g;

/** Elements that show a reply, best first: answer, check, sources. */
export function showReply(reply) {
  const refused = reply.outcome === "refused";
  return [
    refused ? make("p", {}, make("span", { class: "badge refused" }, "No answer")) : null,
    ...paragraphs(reply),
    reply.verification.verdict === "not_checked" && refused ? null : check(reply),
    reply.sources.length ? sources(reply.sources) : null,
    figures(reply),
  ].filter((part) => part !== null);
}

/** The answer's paragraphs; only numbers of its own sources become citations. */
function paragraphs({ answer, sources: list }) {
  const byNumber = new Map(list.map((source) => [source.number, source]));
  return answer.split(/\n{2,}/).map((text) =>
    make("p", { class: "answer-text" }, ...withCitations(text, byNumber)));
}

function withCitations(text, sources) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(CITATION)) {
    const source = sources.get(Number(match[1]));
    if (!source) continue;
    parts.push(text.slice(last, match.index), citation(source));
    last = match.index + match[0].length;
  }
  return [...parts, text.slice(last)];
}

function citation(source) {
  return make("button", { type: "button", class: "cite", "aria-label": `${source.number}: ${placeOf(source)}`,
    "aria-haspopup": "dialog", onclick: () => openPassage(targetOf(source)) }, source.number);
}

const placeOf = (source) => (source.kind === "document"
  ? `${source.title}, page ${source.page}` : `${source.title}, Wikipedia`);

function targetOf(source) {
  const { title, passage, start, end, url } = source;
  return { title, passage, quote: { start, end }, url, documentId: source.document_id,
    page: source.page, passageStart: source.passage_start };
}

function check({ verification }) {
  return make("p", { class: "check" }, verdictBadge(verification.verdict), " ", verification.reason,
    verification.source === null ? null : ` Source ${verification.source}.`);
}

function sources(list) {
  return make("section", { "aria-label": "Sources" },
    make("h3", {}, "Sources"),
    make("ol", { class: "sources" }, ...list.map((source) => make("li", { value: source.number },
      make("blockquote", {}, source.quote),
      make("p", { class: "source-place" },
        make("span", {}, placeOf(source)),
        make("button", { type: "button", class: "plain small", "aria-haspopup": "dialog",
          "aria-label": `Show source ${source.number}`, onclick: () => openPassage(targetOf(source)) }, "Show"),
        source.kind === "wikipedia" ? outsideLink(source.url, "Revision") : null)))));
}

/** What it took, and the way to its trace. */
function figures({ steps, usage, model, trace_id: trace }) {
  const end = Math.max(0, ...steps.map((step) => step.started_ms + (step.duration_ms ?? 0)));
  const facts = [duration(end), counted(usage.total_tokens, "token"),
    ...(usage.cost === null ? [] : [`cost ${cost(usage.cost)}`]), model];
  return make("p", { class: "figures" }, facts.join(" · "),
    trace ? make("a", { href: `#trace/${encodeURIComponent(trace)}` }, "Trace") : null);
}
