// Talking to the server: the key, errors as one sentence, streams of events, uploads.

import { counted } from "./words.js";

const KEY = "minilora.key";
const UNREACHABLE = "The server cannot be reached: check the connection and try again.";
const BROKEN_OFF = "The upload broke off: the file may be too large, or the connection was lost.";
const NEEDS_KEY = "This server needs an API key.";

/** What went wrong, as one sentence for the reader. */
export class Problem extends Error {
  constructor(sentence, status = null) {
    super(sentence);
    this.status = status;
  }
}

// --- the key -------------------------------------------------------------------------------------

/** The key of this tab; "" without one. It is gone when the tab is closed. */
export const key = () => sessionStorage.getItem(KEY) ?? "";

/** Keep a key for this tab, or forget it ("" ). */
export function keepKey(value) {
  if (value) sessionStorage.setItem(KEY, value);
  else sessionStorage.removeItem(KEY);
}

const headers = () => (key() ? { Authorization: `Bearer ${key()}` } : {});

// Set by the page: asks the reader for a key, and resolves to whether there is a new one.
let askReader = async () => false;
let asking = null;
export function onKeyNeeded(ask) { askReader = ask; }

/** Ask the reader once, however many requests were refused. */
function newKey() {
  asking ??= askReader().finally(() => { asking = null; });
  return asking;
}

// --- requests ------------------------------------------------------------------------------------

/**
 * Return the response of a request that went well.
 * Raises Problem, or the AbortError of a signal.
 */
export async function request(path, options = {}) {
  for (;;) {
    let response;
    try {
      response = await fetch(path, { ...options, headers: { ...options.headers, ...headers() } });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(UNREACHABLE);
    }
    if (response.ok) return response;
    if (response.status === 401 && await newKey()) continue;
    const text = await response.text().catch(() => "");
    throw refused(response.status, text, response.headers.get("retry-after"));
  }
}

/** The JSON of an answer. */
export async function getJson(path, options) {
  const response = await request(path, options);
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(UNREACHABLE);
  }
}

/** The sentence for a refusal. */
export function refused(status, text, retryAfter) {
  if (status === 401 && !key()) return new Problem(NEEDS_KEY, status);
  const message = messageOf(text) ?? `The server answered with status ${status}.`;
  const seconds = secondsOf(retryAfter), saidAlready = /try again|come back/i.test(message);
  if (seconds === null || saidAlready || (status !== 429 && status !== 503))
    return new Problem(sentence(message), status);
  const again = `try again in ${counted(seconds, "second")}.`;
  return new Problem(sentence(message).replace(/\.$/, `; ${again}`), status);
}

/** The message of an error body; null where it is none. */
function messageOf(text) {
  try {
    const message = JSON.parse(text).error.message;
    return typeof message === "string" && message ? message : null;
  } catch {
    return null;
  }
}

/** A message with a capital and a full stop. */
export function sentence(message) {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Whole seconds of a Retry-After header, which is a number or a date; null without one. */
function secondsOf(retryAfter) {
  if (retryAfter === null) return null;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? null : Math.max(1, seconds);
}

// --- streams -------------------------------------------------------------------------------------

/**
 * Yield [name, data] of the server-sent events of a response, data parsed as JSON.
 * Raises Problem where the connection breaks.
 * Source: the HTML standard, interpreting an event stream.
 */
export async function* events(response) {
  let name = "message", data = [];
  for await (const line of lines(response)) {
    if (line === "") {
      if (data.length) yield [name, JSON.parse(data.join("\n"))];
      [name, data] = ["message", []];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
}

/** Yield the lines of a response as they arrive; what has no line end yet is held back. */
async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const found = (rest + part.value).split("\n");
      rest = found.pop();
      for (const line of found) yield line.replace(/\r$/, "");
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The connection was lost before the answer was complete: ask again.");
  } finally {
    reader.cancel().catch(() => {});
  }
}

// --- uploads -------------------------------------------------------------------------------------

/**
 * Send a file and return the stored document.
 * onProgress hears the share that was sent, 0 to 1. Raises Problem.
 */
export async function upload(file, onProgress) {
  for (;;) {
    const { status, text, retryAfter } = await sent(file, onProgress);
    if (status === 200 || status === 201) return JSON.parse(text);
    if (status === 401 && await newKey()) continue;
    throw refused(status, text, retryAfter);
  }
}

/** One attempt: fetch tells nothing of how much was sent, XMLHttpRequest does. */
function sent(file, onProgress) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest(), body = new FormData();
    let begun = false;
    body.append("file", file, file.name);
    call.open("POST", "/documents");
    for (const [name, value] of Object.entries(headers())) call.setRequestHeader(name, value);
    call.upload.addEventListener("progress", (event) => {
      begun = event.loaded > 0;
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    call.addEventListener("load", () => resolve({
      status: call.status,
      text: call.responseText,
      retryAfter: call.getResponseHeader("retry-after"),
    }));
    // A server that refuses a long body may close the connection before its answer is read.
    call.addEventListener("error", () => reject(new Problem(begun ? BROKEN_OFF : UNREACHABLE)));
    call.send(body);
  });
}
