// Text with marked spans. The server counts characters as Unicode code points, JavaScript as
// UTF-16 units: an emoji is one of the former and two of the latter.

import { make } from "./dom.js";

/** The index in UTF-16 units of the n-th code point; the text's length where it has fewer. */
export function unitsAt(text, n) {
  let units = 0;
  for (; n > 0 && units < text.length; n--) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return units;
}

/** How many code points a text has. */
export const codePoints = (text) => [...text].length;

/** Characters start to end, in code points. */
export const slice = (text, start, end) => text.slice(unitsAt(text, start), unitsAt(text, end));

/** Where a text stands in another, {start, end} in code points; null where it does not. */
export function find(text, part) {
  const at = part ? text.indexOf(part) : -1;
  if (at < 0) return null;
  const start = codePoints(text.slice(0, at));
  return { start, end: start + codePoints(part) };
}

/**
 * Return nodes that show a text with spans {start, end, className, title}, in code points.
 * Spans may overlap; one of class "quote" becomes <mark>.
 */
export function marked(text, spans) {
  const cuts = spans.flatMap(({ start, end }) => [unitsAt(text, start), unitsAt(text, end)]);
  const edges = [...new Set([0, ...cuts, text.length])].sort((a, b) => a - b);
  const inUnits = spans.map((span) =>
    ({ ...span, start: unitsAt(text, span.start), end: unitsAt(text, span.end) }));
  return edges.slice(1).map((end, i) => {
    const start = edges[i], part = text.slice(start, end);
    const over = inUnits.filter((span) => span.start <= start && end <= span.end);
    if (!over.length) return document.createTextNode(part);
    const names = over.map((span) => span.className);
    const titles = over.map((span) => span.title).filter(Boolean);
    return make(names.includes("quote") ? "mark" : "span",
      { class: names.join(" "), title: titles.join("; ") || null }, part);
  });
}
