// The page: its views by the address's fragment, the key dialog, and the parts put together.

import { key, keepKey, onKeyNeeded } from "./api.js";
import { askSample, startAsking } from "./ask.js";
import { byId, closable, make } from "./dom.js";
import { chosenDocuments, startDocuments } from "./documents.js";
import { showTrace, showTraces } from "./traces.js";

// Questions to begin with; one about a document is offered while that document is there.
const SAMPLES = [
  { document: "lighthouse-of-vell.pdf", question: "How many ships did Pavel Lindqvist help?" },
  { document: "lighthouse-of-vell.pdf", question: "The report gives a height for the Jeddah Light. Is it right?" },
  { document: "lighthouse-of-vell.pdf", question: "In which year was Ottilie Brandt born?" },
  { document: null, question: "Who was the grandson of Robert Stevenson that became a writer?" },
];

function offerSamples(documents) {
  const names = new Set(documents.map(({ name }) => name));
  const offered = SAMPLES.filter(({ document }) => document === null || names.has(document));
  byId("samples").hidden = false;
  byId("samples").replaceChildren(...offered.map(({ question }) =>
    make("button", { type: "button", class: "sample", onclick: () => askSample(question) }, question)));
}

// --- views ---------------------------------------------------------------------------------------

/** Show the view that the address names; the focus goes to its heading, except at first. */
function showView(moveFocus) {
  const [name, ...rest] = location.hash.slice(1).split("/");
  if (!["", "ask", "traces", "trace"].includes(name)) return; // a place on the page
  const traces = name === "traces" || name === "trace";
  byId("ask-view").hidden = traces;
  byId("traces-view").hidden = !traces;
  byId("documents").hidden = traces;
  mark(byId("to-ask"), !traces);
  mark(byId("to-traces"), traces);
  document.title = traces ? "Traces · Data Detective" : "Data Detective";
  if (traces) {
    if (name === "trace") showTrace(rest.join("/"));
    else showTraces();
  }
  if (moveFocus) byId(traces ? "traces-title" : "ask-title").focus();
}

function mark(link, current) {
  if (current) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

// --- the key -------------------------------------------------------------------------------------

const dialog = closable(byId("key-dialog"));

/** Ask for a key; resolves to whether one was given. */
function askForKey(needed) {
  byId("key-text").textContent = needed
    ? (key() ? "The server does not know this key." : "This server answers those who have a key.")
    : "It is kept in this tab until you close it, and sent to this server alone.";
  byId("key").value = "";
  byId("key-wrong").textContent = "";
  byId("key-forget").hidden = !key();
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  byId("key").focus();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "given"), { once: true }));
}

function startKey() {
  onKeyNeeded(() => askForKey(true));
  byId("key-button").addEventListener("click", () => askForKey(false));
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const given = byId("key").value.trim();
    if (!/^[\x21-\x7e]+$/.test(given)) { // what a header can hold
      byId("key-wrong").textContent = "A key is letters, digits and signs, without spaces.";
      byId("key").focus();
      return;
    }
    keepKey(given);
    dialog.close("given");
  });
  byId("key-forget").addEventListener("click", () => { keepKey(""); dialog.close(); });
}

startKey();
startAsking(chosenDocuments);
addEventListener("hashchange", () => showView(true));
showView(false);
startDocuments(offerSamples);
