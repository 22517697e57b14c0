// Elements from data. Text goes in as text nodes and is never read as HTML.

/** The element with an id, which must be on the page. */
export const byId = (id) => document.getElementById(id);

/**
 * Return an element.
 * Attributes named on... are listeners; null and false leave an attribute out, true sets it empty.
 * Children are elements or texts; null is left out.
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false)
      element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A link to another site's page; plain text where the address is not http or https. */
export function outsideLink(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch { /* no absolute address */ }
  if (url === null || !["http:", "https:"].includes(url.protocol)) return make("span", {}, text);
  const attributes = { href: url.href, target: "_blank", rel: "noopener noreferrer" };
  return make("a", attributes, text, make("span", { class: "sr" }, " (opens in a new tab)"));
}

/** Tell screen readers, without moving the focus. */
export function announce(text) {
  byId("live").textContent = text;
}

/** Show one sentence about what went wrong, or nothing. */
export function showProblem(place, sentence) {
  place.replaceChildren(...(sentence ? [make("p", { class: "problem" }, sentence)] : []));
}

/** Let the buttons marked data-close, and a click beside it, close a dialog. */
export function closable(dialog) {
  for (const button of dialog.querySelectorAll("[data-close]"))
    button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  return dialog;
}
