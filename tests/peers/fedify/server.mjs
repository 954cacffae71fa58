/** `node server.mjs --port 0`: a second, independent town for the tests, on loopback, in memory. */
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { NotDone, VERBS } from "./control.mjs";
import { stayOnLoopback } from "./loopback.mjs";
import { describeState } from "./memory.mjs";
import { createTown } from "./town.mjs";

const OPTIONS = {
  port: { type: "string", default: "0" },
  host: { type: "string", default: "127.0.0.1" }, // or a name under .localhost
  origin: { type: "string" }, // default: http://<host>:<port>
  name: { type: "string", default: "lucie" },
  "first-knock": { type: "string", default: "draft-cavage-http-signatures-12" }, // or rfc9421
  "on-follow": { type: "string", default: "accept" }, // or reject, silent
  ed25519: { type: "boolean", default: false }, // a second key: activities also carry an integrity proof
  "with-parent": { type: "boolean", default: false }, // ends when its standard input does
};

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Which signature the request carries, by its headers; only Fedify says whether it is good. */
function describeSignature(headers) {
  if (headers["signature-input"]) {
    return { spec: "rfc9421", keyId: /keyid="([^"]*)"/.exec(headers["signature-input"])?.[1] ?? null };
  }
  if (!headers.signature) return { spec: null, keyId: null };
  return { spec: "draft-cavage-http-signatures-12", keyId: /keyId="([^"]*)"/.exec(headers.signature)?.[1] ?? null };
}

function answerJson(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

async function control(town, request, response, verb) {
  if (request.method === "GET") {
    const { received, refused } = town.memory;
    const known = { received, refused, state: describeState(town.memory) };
    return verb in known ? answerJson(response, 200, known[verb]) : answerJson(response, 404, { error: "unknown" });
  }
  if (!Object.hasOwn(VERBS, verb)) return answerJson(response, 404, { error: "unknown" });
  try {
    return answerJson(response, 200, await VERBS[verb](town, parse(await readBody(request)) ?? {}));
  } catch (error) {
    const known = error instanceof NotDone;
    return answerJson(response, known ? 502 : 500, { error: known ? error.message : error.stack, entry: error.entry ?? null });
  }
}

function serveMedia(town, request, response, name) {
  const media = town.memory.media.get(name);
  town.memory.fetched.push({ path: request.url, status: media ? 200 : 404, ...describeSignature(request.headers) });
  if (!media) return response.writeHead(404).end();
  return response.writeHead(200, { "Content-Type": media.mediaType }).end(media.bytes);
}

/** What a house in a mood answers before it looks at the activity, or null. */
function answerOfMood(moods, spec) {
  if (moods.failing?.times > 0) {
    moods.failing.times -= 1;
    return new Response("In trouble.", { status: moods.failing.status });
  }
  const deaf = moods.understands && !moods.understands.includes(spec);
  return deaf ? new Response("This signature is not understood here.", { status: 401 }) : null;
}

async function askFedify(town, request, body, visit) {
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const init = { method: request.method, headers: request.headers, body: hasBody ? body : undefined };
  try {
    return await town.federation.fetch(new Request(town.origin + request.url, init), { contextData: { visit } });
  } catch (error) {
    visit.reason = String(error);
    return new Response("Internal error.", { status: 500 });
  }
}

/** Files the visit where a test looks for it. */
function file(town, request, { signature, body, visit }, status, text) {
  const { received, refused, fetched } = town.memory;
  const path = request.url;
  if (request.method !== "POST") return fetched.push({ path, status, ...signature });
  const activity = parse(body);
  const { id = null, type = null, actor = null, object = null } = activity ?? {};
  const visited = { path, status, ...signature, id, type, actor, object, activity };
  if (status >= 300) return refused.push({ ...visited, reason: visit.reason ?? text });
  return received.push({ ...visited, outcome: visit.outcome ?? "ignored: seen before" });
}

async function federate(town, request, response) {
  const signature = describeSignature(request.headers);
  const body = await readBody(request);
  const visit = {};
  const moody = request.method === "POST" ? answerOfMood(town.memory.moods, signature.spec) : null;
  const answer = moody ?? (await askFedify(town, request, body, visit));
  const text = await answer.text();
  const gone = answer.status === 200 && town.memory.notes.get(town.origin + request.url)?.deleted;
  const status = gone ? 410 : answer.status;
  file(town, request, { signature, body, visit }, status, text);
  response.writeHead(status, Object.fromEntries(answer.headers)).end(text);
}

async function route(town, request, response) {
  const [, first, second] = new URL(request.url, town.origin).pathname.split("/");
  if (first === "control") return control(town, request, response, second);
  if (first === "media") return serveMedia(town, request, response, second);
  return federate(town, request, response);
}

const { values } = parseArgs({ options: OPTIONS });
stayOnLoopback();
const server = createServer();
server.listen(Number(values.port), "127.0.0.1", async () => {
  const { port } = server.address();
  const origin = values.origin ?? `http://${values.host}:${port}`;
  const options = { ...values, firstKnock: values["first-knock"], onFollow: values["on-follow"] };
  const town = await createTown(origin, options);
  server.on("request", (request, response) => {
    route(town, request, response).catch((error) => response.writeHead(500).end(error.stack));
  });
  const ready = { ready: true, port, actor: town.actorUri.href, handle: `${town.name}@${town.host}` };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
});
if (values["with-parent"]) process.stdin.resume().on("end", () => process.exit(0)).on("error", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
