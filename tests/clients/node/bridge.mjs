// Carries calls of our tests to masto.js and megalodon, which run here as they do in an application.
//
// Each line that comes is one question in JSON, each that goes one answer, or an event that was heard:
//   {"make": "julien", "library": "masto", "url": …, "token": …}
//   {"on": "julien", "steps": ["v1", "timelines", "home", ["list", {"limit": 3}]], "pages": 2}
//   {"on": "julien", "steps": [["userStreaming"]], "hear": "line"}
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";
import generator, { detector } from "megalodon";

const LIBRARIES = {
  masto: ({ url, token }) => createRestAPIClient({ url, accessToken: token }),
  "masto-oauth": ({ url }) => createOAuthAPIClient({ url }),
  "masto-streaming": ({ url, token }) => createStreamingAPIClient({ streamingApiUrl: url, accessToken: token }),
  megalodon: async ({ url, token }) => generator(await detector(url), url, token),
  detector: () => ({ detector }),
};
const EVENTS = ["update", "delete", "notification", "conversation", "status_update", "connect", "error"];
const clients = {};
const listening = {};

const tell = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

/** Files come as `{"$file": base64, "type", "name"}`, or as streams, by `{"$path"}`: each library knows one of them. */
function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if ("$file" in value) return new File([Buffer.from(value.$file, "base64")], value.name, { type: value.type });
  if ("$path" in value) return createReadStream(value.$path);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each)]));
}

/** What is reached by these steps: names, and calls as [name, ...what they are given]. */
function reached(from, steps) {
  let here = from;
  for (const step of steps) {
    here = Array.isArray(step) ? here[step[0]](...step.slice(1).map(revived)) : here[step];
  }
  return here;
}

async function pages(paginator, most) {
  const found = [];
  for await (const page of paginator) {
    found.push(page);
    if (found.length === most) break;
  }
  return found;
}

/** An asynchronous iterable of masto.js, or an emitter of megalodon: what it brings is told under this name. */
function hear(source, name) {
  listening[name] = source;
  if (source.on) {
    for (const event of EVENTS) source.on(event, (payload) => tell({ heard: name, event, payload: payload ?? null }));
    return;
  }
  (async () => {
    for await (const { event, payload, stream } of source) tell({ heard: name, event, payload: payload ?? null, stream });
    tell({ heard: name, event: "over", payload: null });
  })().catch((error) => tell({ heard: name, event: "error", payload: String(error) }));
}

async function answer(question) {
  if (question.make) {
    clients[question.make] = await LIBRARIES[question.library](question);
    return null;
  }
  const found = reached(clients[question.on] ?? listening[question.on], question.steps);
  if (question.pages) return pages(found, question.pages);
  if (question.hear) return hear(await found, question.hear);
  const done = await found;
  return done?.headers && "data" in done ? done.data : done; // megalodon gives the answer around the data
}

function refusal(error) {
  const status = error.statusCode ?? error.response?.status ?? 0;
  return { error: String(error.message ?? error), status, kind: error.constructor.name };
}

for await (const line of createInterface({ input: process.stdin })) {
  answer(JSON.parse(line)).then(
    (value) => tell({ value: value ?? null }),
    (error) => tell(refusal(error)),
  );
}
process.exit(0);
