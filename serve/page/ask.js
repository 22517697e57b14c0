// Asking: the form, and the case of one question from its first step to its answer.

import { Problem, events, request, sentence } from "./api.js";
import { showReply } from "./answer.js";
import { announce, byId, make, showProblem } from "./dom.js";
import { StepList, stepName } from "./steps.js";
import { waterfall } from "./waterfall.js";

const field = byId("question"), stopButton = byId("stop");
let running = null; // the AbortController of the question under way

/** Make the form work. chosen() tells the ids of the documents to ask, null for all. */
export function startAsking(chosen) {
  byId("ask-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(field.value.trim(), chosen());
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("ask-form").requestSubmit();
  });
  field.addEventListener("input", grow);
  stopButton.addEventListener("click", stop);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) stop();
  });
}

/** Put a question into the field and ask it. */
export function askSample(question) {
  field.value = question;
  grow();
  field.focus();
  byId("ask-form").requestSubmit();
}

/** Make the field as tall as its text; the style bounds it. */
function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

function stop() {
  running?.abort();
}

async function ask(question, documents) {
  if (running) {
    announce("A question is under way. Escape stops it.");
    return;
  }
  if (!question) {
    showProblem(byId("problem"), "Write a question first.");
    field.focus();
    return;
  }
  running = new AbortController();
  setRunning(true);
  const shown = new Case(question);
  showProblem(byId("problem"), "");
  byId("case").replaceChildren(shown.element);
  announce("Looking for an answer.");
  try {
    await follow(shown, question, documents, running.signal);
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof Problem)) throw error;
    shown.fail(error.name === "AbortError" ? "Stopped." : error.message);
  } finally {
    running = null;
    setRunning(false);
  }
}

/** Ask and show every event; raise Problem where the answer does not come. */
async function follow(shown, question, documents, signal) {
  const response = await request("/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(documents === null ? { question } : { question, documents }),
    signal,
  });
  for await (const [name, data] of events(response)) {
    if (name === "step") shown.step(data);
    if (name === "error") throw new Problem(sentence(data.error.message));
    if (name === "answer") {
      shown.answer(data);
      return;
    }
  }
  throw new Problem("The connection was lost before the answer was complete: ask again.");
}

/** Show or hide what belongs to a question under way; the focus never stays on what is hidden. */
function setRunning(on) {
  if (!on && document.activeElement === stopButton) field.focus();
  stopButton.hidden = !on;
  byId("ask").setAttribute("aria-disabled", String(on));
  byId("case").setAttribute("aria-busy", String(on));
}

/** What is shown of one question. */
class Case {
  constructor(question) {
    this.steps = new StepList();
    this.reply = make("section", { class: "reply waiting", "aria-label": "Answer" },
      make("p", { class: "quiet-text" }, make("span", { class: "pulse", "aria-hidden": "true" }), "Looking for an answer…"));
    this.figures = make("section", { "aria-label": "Time, tokens and cost", hidden: true },
      make("h3", {}, "Time, tokens and cost"));
    this.element = make("article", { class: "case", "aria-labelledby": "case-title" },
      make("h2", { id: "case-title" }, question),
      this.reply,
      make("section", { "aria-label": "Steps of the answer" }, make("h3", {}, "Steps"), this.steps.element),
      this.figures);
  }

  step(record) {
    this.steps.update(record);
    const end = record.error ?? record.summary;
    announce(record.status === "running" ? `${stepName(record.name)}…` : end || `${stepName(record.name)}: done`);
  }

  answer(reply) {
    for (const record of reply.steps) if (!this.steps.has(record)) this.steps.update(record);
    this.reply.className = `reply ${reply.outcome}`;
    this.reply.replaceChildren(...showReply(reply));
    this.figures.hidden = reply.steps.length === 0;
    this.figures.append(waterfall(reply.steps, reply.usage));
    announce(`${reply.outcome === "refused" ? "No answer" : "Answer"}: ${reply.answer}`);
  }

  fail(text) {
    this.steps.stop();
    this.reply.className = "reply failed";
    this.reply.replaceChildren(make("p", { class: "problem" }, text));
    announce(text);
  }
}
