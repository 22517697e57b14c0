// The documents: adding by button and by drop, choosing which to ask, removing.

import { getJson, request, upload } from "./api.js";
import { announce, byId, closable, make, showProblem } from "./dom.js";
import { bytes, counted } from "./words.js";

const KINDS = { pdf: "PDF", markdown: "Markdown", text: "Text", html: "HTML" };
const confirmDialog = closable(byId("confirm"));
let documents = []; // as the server lists them
const left = new Set(); // ids of those not to ask
let whenChanged = () => {};

/** Show the documents and let them be changed; changed(documents) hears of every change. */
export async function startDocuments(changed) {
  whenChanged = changed;
  const input = byId("files");
  byId("upload").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // the same file may be chosen again
    addFiles(files);
  });
  byId("all").addEventListener("change", (event) => {
    left.clear();
    if (!event.target.checked) for (const { id } of documents) left.add(id);
    show();
  });
  acceptDrops();
  await refresh();
}

/** Ids of the documents to ask; null where it is all of them. */
export function chosenDocuments() {
  const chosen = documents.map(({ id }) => id).filter((id) => !left.has(id));
  return chosen.length === documents.length ? null : chosen;
}

/** Read the list anew. */
async function refresh() {
  try {
    documents = (await getJson("/documents")).data;
    showProblem(byId("documents-problem"), "");
  } catch (problem) {
    showProblem(byId("documents-problem"), problem.message);
  }
  show();
}

// --- adding --------------------------------------------------------------------------------------

/** Take files that are dropped anywhere on the page. */
function acceptDrops() {
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const lit = (on) => byId("drop").classList.toggle("over", on);
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    lit(true);
  });
  addEventListener("dragleave", (event) => { if (event.relatedTarget === null) lit(false); });
  addEventListener("drop", (event) => {
    lit(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    addFiles([...event.dataTransfer.files]);
  });
}

/** Send files one after the other: the server reads one at a time anyway. */
async function addFiles(files) {
  const rows = files.map((file) => [file, uploadRow(file)]);
  for (const [file, row] of rows) await addFile(file, row);
}

async function addFile(file, row) {
  try {
    const stored = await upload(file, row.progress);
    row.element.remove();
    left.delete(stored.id);
    await refresh();
    announce(stored.duplicate
      ? `${file.name} is there already, as ${stored.name}.`
      : `${stored.name} was added: ${counted(stored.n_pages, "page")}.`);
    if (stored.duplicate) row.fail(`It is there already, as ${stored.name}.`);
  } catch (problem) {
    row.fail(problem.message);
    announce(`${file.name}: ${problem.message}`);
  }
}

/** A row that shows how far a file is, and stays where it failed. */
function uploadRow(file) {
  const bar = make("progress", { max: 1, value: 0, "aria-label": `Sending ${file.name}` });
  const state = make("span", { class: "quiet-text" }, "waiting");
  const element = make("li", {}, make("span", { class: "name" }, file.name), bar, state);
  byId("uploads").append(element);
  return {
    element,
    progress(part) {
      if (part < 1) bar.value = part;
      else bar.removeAttribute("value"); // sent; the server is reading it
      state.textContent = part < 1 ? "sending" : "reading";
    },
    fail(sentence) {
      const close = make("button", { type: "button", class: "quiet small", "aria-label": `Dismiss ${file.name}`,
        onclick: () => { element.remove(); byId("upload").focus(); } }, "Dismiss");
      element.replaceChildren(make("span", { class: "name" }, file.name),
        make("span", { class: "wrong" }, sentence), close);
      byId("uploads").append(element);
    },
  };
}

// --- the list ------------------------------------------------------------------------------------

function show() {
  byId("document-list").replaceChildren(...documents.map(row));
  byId("choice").hidden = documents.length === 0;
  byId("no-documents").hidden = documents.length > 0;
  showChoice();
}

/** Show what the boxes amount to. */
function showChoice() {
  const all = byId("all"), n = documents.filter(({ id }) => !left.has(id)).length;
  all.checked = n === documents.length;
  all.indeterminate = n > 0 && n < documents.length;
  const which = n === 0 ? "Wikipedia alone"
    : `${n === documents.length ? "" : `${n} of `}${counted(documents.length, "document")} and Wikipedia`;
  const choose = make("button", { type: "button", class: "quiet small",
    onclick: () => byId("documents-title").focus() }, "Choose");
  byId("scope").replaceChildren(`Looks in ${which}. `, choose);
  whenChanged(documents);
}

function row(document) {
  const { id, name, kind, n_pages: pages, n_bytes: size } = document;
  const box = make("input", { type: "checkbox", id: `ask-${id}`, "aria-describedby": `about-${id}` });
  box.checked = !left.has(id);
  box.addEventListener("change", () => {
    if (box.checked) left.delete(id);
    else left.add(id);
    showChoice();
  });
  const facts = [KINDS[kind] ?? kind, counted(pages, "page"), bytes(size)]
    .flatMap((fact, i) => [i ? " · " : "", make("span", { class: "fact" }, fact)]);
  return make("li", {},
    make("label", {}, box, make("span", { class: "name" }, name)),
    make("button", { type: "button", class: "quiet small", "aria-label": `Remove ${name}`,
      "aria-haspopup": "dialog", onclick: () => confirmRemoval(document) }, "Remove"),
    make("p", { id: `about-${id}`, class: "quiet-text" }, ...facts, warning(document)));
}

/** What of a document its readers would not see. */
function warning({ hidden }) {
  return hidden ? make("span", { class: "warning fact" }, ` · ${counted(hidden, "hidden character")}`) : null;
}

// --- removing ------------------------------------------------------------------------------------

function confirmRemoval(document) {
  byId("confirm-title").textContent = `Remove ${document.name}?`;
  byId("confirm-text").textContent = "Its text is deleted from the server. Answers that cite it stay on this page.";
  byId("confirm-yes").onclick = () => { confirmDialog.close(); remove(document); };
  confirmDialog.showModal();
}

/** Remove a document and put the focus on its neighbour, since its own button is gone. */
async function remove({ id, name }) {
  const at = documents.findIndex((document) => document.id === id);
  try {
    await request(`/documents/${encodeURIComponent(id)}`, { method: "DELETE" });
  } catch (problem) {
    if (problem.status !== 404) { // 404: somebody else removed it
      showProblem(byId("documents-problem"), problem.message);
      return;
    }
  }
  left.delete(id);
  await refresh();
  const buttons = byId("document-list").querySelectorAll("button");
  (buttons[Math.min(at, buttons.length - 1)] ?? byId("upload")).focus();
  announce(`${name} was removed.`);
}
