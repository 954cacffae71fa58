/** The only road out of this process: loopback, and plain http there. */
import dns from "node:dns";

const systemFetch = globalThis.fetch;
const systemLookup = dns.lookup;

/** Every call that this process made, oldest first: { method, url, spec, status }; `status` null while it lasts. */
export const calls = [];

export function isLoopback(hostname) {
  return hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname) || isLocalName(hostname);
}

function isLocalName(hostname) {
  return hostname === "localhost" || hostname.endsWith(".localhost");
}

/** The family of signatures that a request carries, or null. */
function specOf(headers) {
  if (headers.has("signature-input")) return "rfc9421";
  return headers.has("signature") ? "draft-cavage-http-signatures-12" : null;
}

async function call(input, init) {
  const request = input instanceof Request ? input : { method: "GET", url: String(input), headers: {} };
  const headers = new Headers(init?.headers ?? request.headers);
  const made = { method: init?.method ?? request.method, url: request.url, spec: specOf(headers), status: null };
  calls.push(made);
  const answer = await systemFetch(input, init);
  made.status = answer.status;
  return answer;
}

/**
 * Refuses every address that is not this machine, whatever a document asks for. Fedify resolves `acct:` handles over
 * https only; houses under test listen on plain http, so an unsigned WebFinger question goes there instead.
 */
function fetchOnLoopback(input, init) {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!isLoopback(url.hostname)) return Promise.reject(new TypeError(`not on loopback: ${url.host}`));
  if (url.protocol === "https:" && url.pathname === "/.well-known/webfinger" && !(input instanceof Request)) {
    url.protocol = "http:";
    return call(url, init);
  }
  return call(input, init);
}

/** `*.localhost` is loopback for every browser; the system resolver often does not know it. */
function lookupLocalNames(hostname, options, callback) {
  if (isLocalName(hostname)) return systemLookup("127.0.0.1", options, callback);
  return systemLookup(hostname, options, callback);
}

export function stayOnLoopback() {
  globalThis.fetch = fetchOnLoopback;
  dns.lookup = lookupLocalNames;
}
