"use strict";
// The page of /openapi.json: routes, their fields, a curl command, and a form that sends a request.
// Everything is put on the page as text, never as HTML.

/** Return an element with attributes and children. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const nameOf = (ref) => ref.split("/").pop();
const titled = (text) => make("h3", {}, text);

/** What a schema allows, in a few words; names of components for objects. */
function typeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `list of ${schema.items ? typeOf(schema.items) : "any"}`;
  if (schema.type === "object" && schema.additionalProperties)
    return `object of ${typeOf(schema.additionalProperties)}`;
  return schema.type ?? "any";
}

const BOUNDS = {
  minimum: "≥", exclusiveMinimum: ">", maximum: "≤", exclusiveMaximum: "<",
  minLength: "characters ≥", maxLength: "characters ≤", minItems: "items ≥", maxItems: "items ≤",
  maxProperties: "members ≤", pattern: "matches",
};

/** The bounds of a schema and of its alternatives, in words. */
function boundsOf(schema) {
  const own = Object.keys(BOUNDS).filter((key) => key in schema);
  const words = own.map((key) => `${BOUNDS[key]} ${schema[key]}`);
  return [...words, ...(schema.anyOf ?? []).map(boundsOf)].filter((text) => text).join(", ");
}

/** The components that a schema names, each once. */
function namedIn(schema) {
  if (schema === null || typeof schema !== "object") return [];
  const own = typeof schema.$ref === "string" ? [nameOf(schema.$ref)] : [];
  const parts = Object.entries(schema).filter(([key]) => key !== "discriminator");
  return [...new Set([...own, ...parts.flatMap(([, part]) => namedIn(part))])];
}

/** A component's fields as a table, those it names folded below. */
function componentOf(name, api, above = []) {
  return fieldsOf(api.components.schemas[name], api, [...above, name]);
}

/** A schema's fields as a table; above names the components around it. */
function fieldsOf(schema, api, above = []) {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([field, type]) =>
    make("tr", {},
      make("td", {}, make("code", {}, field), required.has(field) ? " *" : ""),
      make("td", {}, typeOf(type)),
      make("td", {}, boundsOf(type))));
  const inner = namedIn(schema.properties ?? {}).filter((other) => !above.includes(other));
  return make("div", {},
    make("p", {}, schema.description ?? ""),
    rows.length ? make("table", {}, make("tbody", {}, ...rows)) : null,
    ...inner.map((other) => folded(other, () => componentOf(other, api, above))));
}

/** A fold whose content is made when it is first opened. */
function folded(title, content) {
  const fold = make("details", {}, make("summary", {}, title));
  fold.addEventListener("toggle", () => fold.append(make("div", { class: "inside" }, content())),
    { once: true });
  return fold;
}

/** The fields of a body, or its type where it has none. */
function bodyOf(schema, api) {
  if (schema.$ref) return componentOf(nameOf(schema.$ref), api);
  return schema.properties ? fieldsOf(schema, api) : make("p", {}, typeOf(schema));
}

/** The media type and the content of a request's body; nulls without one. */
function requestOf(operation) {
  return Object.entries(operation.requestBody?.content ?? {})[0] ?? [null, null];
}

/** The media types of a successful answer, where the caller chooses by its Accept header. */
function acceptable(operation, schema, api) {
  const chosenInBody = schema?.$ref && "stream" in (api.components.schemas[nameOf(schema.$ref)].properties ?? {});
  const types = new Set(Object.entries(operation.responses).filter(([status]) => status.startsWith("2"))
    .flatMap(([, response]) => Object.keys(response.content ?? {})));
  return chosenInBody || types.size < 2 ? [] : [...types];
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The curl command of a request. */
function curl(request) {
  const parts = ["curl", "-N", quoted(request.url)];
  if (request.method !== "GET") parts.push("-X", request.method);
  for (const [name, value] of Object.entries(request.headers)) parts.push("-H", quoted(`${name}: ${value}`));
  if (request.body instanceof FormData)
    for (const [name, file] of request.body) parts.push("-F", quoted(`${name}=@${file.name || "FILE"}`));
  else if (request.body) parts.push("-d", quoted(request.body));
  return parts.join(" ");
}

/** Send a request and show its answer while it comes. */
async function send(request, status, answer, signal) {
  const began = performance.now();
  const taken = () => `${Math.round(performance.now() - began)} ms`;
  answer.textContent = "";
  status.textContent = "…";
  try {
    const response = await fetch(request.url, { ...request, signal });
    status.textContent = `${response.status}, head after ${taken()}`;
    status.className = response.ok ? "" : "bad";
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader(); // 204 has no body
    for (let part = await reader?.read(); part && !part.done; part = await reader.read())
      answer.append(part.value);
    status.textContent += `, end after ${taken()}`;
    if ((response.headers.get("content-type") ?? "").startsWith("application/json"))
      answer.textContent = JSON.stringify(JSON.parse(answer.textContent), null, 2);
  } catch (error) {
    status.textContent = `${error.name}: ${error.message}`;
    status.className = "bad";
  }
}

/** The form that tries a route: a body of JSON is written, one of a form is a file. */
function form(method, path, operation, api) {
  const [media, content] = requestOf(operation);
  const accepts = acceptable(operation, content?.schema, api);
  const inputs = (operation.parameters ?? []).map((parameter) =>
    ({ ...parameter, input: make("input", { name: parameter.name }) }));
  const json = media === "application/json";
  const body = json ? make("textarea", { spellcheck: "false", "aria-label": "Body" }) : null;
  const files = !content || json ? []
    : Object.keys(content.schema.properties).map((name) => make("input", { name, type: "file" }));
  const accept = make("select", {}, ...accepts.map((type) => make("option", {}, type)));
  const examples = Object.entries(content?.examples ?? {});
  const choice = make("select", { "aria-label": "Example", onchange: () => fill() },
    ...examples.map(([name]) => make("option", {}, name)));
  const command = make("pre"), answer = make("pre", { class: "answer" }), status = make("p", { role: "status" });
  let running = null;

  function fill() {
    const example = examples.find(([name]) => name === choice.value);
    if (body) body.value = JSON.stringify(example ? example[1].value : {}, null, 2);
    show();
  }
  function request() {
    const headers = {}, key = document.getElementById("key").value;
    if (body) headers["Content-Type"] = "application/json";
    if (accepts.length) headers.Accept = accept.value;
    if (key && operation.security) headers.Authorization = `Bearer ${key}`;
    const url = new URL(location.origin + path.replace(/{(\w+)}/g, (_, name) =>
      encodeURIComponent(inputs.find((each) => each.name === name).input.value)));
    for (const { name, in: place, input } of inputs)
      if (place === "query" && input.value) url.searchParams.set(name, input.value);
    return { method, url: url.href, headers, body: body?.value ?? (files.length ? formData() : undefined) };
  }
  function formData() {
    const data = new FormData();
    for (const input of files) data.append(input.name, input.files[0] ?? new File([], ""));
    return data;
  }
  function show() {
    const shown = request();
    if (shown.headers.Authorization) shown.headers.Authorization = "Bearer $API_KEY";
    command.textContent = curl(shown);
  }
  function submit(event) {
    event.preventDefault();
    running?.abort();
    running = new AbortController();
    show();
    send(request(), status, answer, running.signal);
  }
  fill();
  return make("form", { onsubmit: submit, oninput: show },
    ...inputs.map(({ name, input }) => make("label", {}, `${name} `, input)),
    ...files.map((input) => make("label", {}, `${input.name} `, input)),
    accepts.length ? make("label", {}, "Answer as ", accept) : null,
    examples.length > 1 ? make("label", {}, "Example ", choice) : null,
    body, command,
    make("button", { class: "main" }, "Send"), " ",
    make("button", { type: "button", class: "plain", onclick: () => running?.abort() }, "Stop"),
    status, answer);
}

/** All of one route. */
function route(method, path, operation, api) {
  const request = requestOf(operation)[1]?.schema;
  const answers = Object.entries(operation.responses).flatMap(([status, response]) =>
    Object.entries(response.content ?? {}).map(([media, { schema }]) =>
      folded(`${status} ${media}: ${response.description}`, () => bodyOf(schema, api))));
  const inside = () => make("div", {},
    request ? titled("Body") : null, request ? bodyOf(request, api) : null,
    titled("Answers"), ...answers,
    titled("Try it"), form(method, path, operation, api));
  const fold = folded("", inside);
  fold.id = operation.operationId;
  fold.firstChild.append(
    make("span", { class: `method ${method.toLowerCase()}` }, method),
    make("code", {}, path), make("span", { class: "summary" }, operation.summary));
  return make("article", {}, fold);
}

/** Put the whole description on the page. */
function show(api) {
  document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById("about").textContent = api.info.description;
  const routes = document.getElementById("routes"), contents = document.getElementById("contents");
  routes.replaceChildren();
  const all = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation]));
  const tags = api.tags.map((each) => each.name).filter((name) => name !== "server");
  for (const tag of [...tags, "server"]) { // probes and files come last
    routes.append(make("h2", {}, tag));
    for (const [method, path, operation] of all.filter(([, , each]) => each.tags.includes(tag))) {
      routes.append(route(method, path, operation, api));
      contents.append(make("a", { href: `#${operation.operationId}` }, `${method} ${path}`));
    }
  }
  unfold();
}

/** Unfold the route that the address names. */
function unfold() {
  const fold = document.getElementById(location.hash.slice(1));
  if (fold) fold.open = true;
}

addEventListener("hashchange", unfold);
fetch("/openapi.json")
  .then((response) => response.json())
  .then(show)
  .catch((error) => document.getElementById("routes").replaceChildren(
    make("p", { class: "problem", role: "alert" }, `/openapi.json cannot be shown: ${error.message}`)));
