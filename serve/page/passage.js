// The dialog that shows a passage where it stands: in its page, with the quote marked.

import { getJson } from "./api.js";
import { byId, closable, make, outsideLink } from "./dom.js";
import { codePoints, marked, slice } from "./spans.js";

const dialog = closable(byId("passage"));
let latest = 0; // a page that arrives after another passage was opened is not shown

/**
 * Open a passage.
 * target: {title, passage, quote: {start, end} in the passage or null,
 *   documentId, page, passageStart of a document, url of a wiki page}.
 * The dialog gives the focus back to what opened it.
 */
export async function openPassage(target) {
  const turn = ++latest;
  byId("passage-title").textContent = target.title;
  byId("passage-place").replaceChildren(place(target));
  showText(target.passage, quoteSpan(target, 0));
  note(target.documentId ? "Reading the page…" : "");
  if (!dialog.open) dialog.showModal();
  byId("passage-title").focus();
  if (target.documentId) await showPage(target, () => turn === latest && dialog.open);
}

/** Put the passage into its page, once that has arrived. */
async function showPage(target, wanted) {
  const path = `/documents/${encodeURIComponent(target.documentId)}/pages/${target.page}`;
  let page;
  try {
    page = await getJson(path);
  } catch (problem) {
    if (wanted()) note(`This is the passage alone. ${problem.message}`);
    return;
  }
  if (!wanted()) return;
  const start = target.passageStart, end = start + codePoints(target.passage);
  if (slice(page.text, start, end) !== target.passage) {
    note("This is the passage alone: the page no longer reads as it did.");
    return;
  }
  const hidden = (page.hidden ?? []).map((span) =>
    ({ start: span.start, end: span.end, className: "hidden-text", title: span.reason }));
  const passage = { start, end, className: "passage" };
  showText(page.text, [passage, ...hidden, ...quoteSpan(target, start)]);
  const reasons = [...new Set(hidden.map((span) => span.title))].join(", ");
  note(hidden.length ? `Dotted: text that a reader of the file would not see (${reasons}).` : "");
}

/** Where the text is from; a wiki page links to the revision that was read. */
function place(target) {
  if (target.documentId) return make("span", {}, `Page ${target.page}`);
  return make("span", {}, "Wikipedia, ", outsideLink(target.url, "the revision that was read"));
}

function quoteSpan({ quote }, offset) {
  if (!quote) return [];
  return [{ start: offset + quote.start, end: offset + quote.end, className: "quote" }];
}

/** Show a text and bring what matters most into view. */
function showText(text, spans) {
  const area = byId("passage-text");
  area.replaceChildren(...marked(text, spans));
  const first = area.querySelector("mark") ?? area.querySelector(".passage");
  if (first) first.scrollIntoView({ block: "center" });
  else area.scrollTop = 0;
}

function note(text) {
  byId("passage-note").textContent = text;
}
