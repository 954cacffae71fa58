/** What a test may ask of a peer: one function for each POST /control/<verb>. Each answers with plain JSON. */
import { Temporal } from "@js-temporal/polyfill";
import {
  Announce, Create, Delete, Document, Follow, Like, Mention, Note, Tombstone, Undo, Update,
  getActorHandle, PUBLIC_COLLECTION,
} from "@fedify/fedify/vocab";
import { forgetNote, keepNote } from "./memory.mjs";
import { send } from "./sending.mjs";

/** Something that the test asked for and that could not be done; server.mjs answers 502 with it. */
export class NotDone extends Error {}

const DEFAULT_IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function newActivityId(town) {
  return new URL(`${town.origin}/activities/${crypto.randomUUID()}`);
}

/** Reads a handle or a URI with a request that Fedify signs with the agent's key. */
async function read(town, identifier) {
  const context = town.context();
  const documentLoader = await context.getDocumentLoader({ identifier: town.name });
  const object = await context.lookupObject(identifier, { documentLoader });
  if (!object?.id) throw new NotDone(`${identifier} cannot be read`);
  return object;
}

async function readActor(town, identifier) {
  const actor = await read(town, identifier);
  if (!actor.inboxId) throw new NotDone(`${identifier} has no inbox`);
  return actor;
}

async function readAuthor(town, object) {
  if (!object.attributionId) throw new NotDone(`${object.id.href} has no author`);
  return readActor(town, object.attributionId.href);
}

async function sendOrFail(town, activity, recipients) {
  const entry = await send(town, activity, recipients);
  if (!entry.delivered) throw Object.assign(new NotDone(`${entry.type} was not taken`), { entry });
  return entry;
}

async function follow(town, { handle }) {
  const actor = await readActor(town, handle);
  const activity = new Follow({ id: newActivityId(town), actor: town.actorUri, object: actor.id, to: actor.id });
  // Written before sending: the answer may come before the delivery has returned.
  const asked = { actor: actor.id.href, handle, follow: activity.id.href, state: "pending" };
  town.memory.following.set(asked.actor, asked);
  await sendOrFail(town, activity, [actor]);
  return asked;
}

async function toMention(actor) {
  return new Mention({ href: actor.id, name: await getActorHandle(actor) });
}

function attach(town, image) {
  const { base64 = DEFAULT_IMAGE, mediaType = "image/png", description = "" } = image;
  const name = crypto.randomUUID();
  town.memory.media.set(name, { mediaType, bytes: Buffer.from(base64, "base64") });
  const url = new URL(image.url ?? `${town.origin}/media/${name}`);
  return new Document({ url, mediaType, name: description });
}

function address(town, to, named) {
  const followers = town.context().getFollowersUri(town.name);
  const names = named.map((actor) => actor.id);
  if (to === "named") return { tos: names, ccs: [] };
  if (to === "followers") return { tos: [followers], ccs: names };
  if (to === "public") return { tos: [PUBLIC_COLLECTION], ccs: [followers, ...names] };
  throw new NotDone(`unknown audience: ${to}`);
}

/** Sends to the followers unless only named people are meant, then to those who are not followers. */
async function deliverNote(town, activity, { to, named }) {
  const others = to === "named" ? named : named.filter((actor) => !town.memory.followers.has(actor.id.href));
  const deliveries = [];
  if (to !== "named") deliveries.push(await sendOrFail(town, activity, "followers"));
  if (others.length) deliveries.push(await sendOrFail(town, activity, others));
  return { id: activity.objectId.href, activity: activity.id.href, deliveries };
}

async function post(town, { content, to = "followers", named = [], inReplyTo = null, image = null }) {
  const actors = await Promise.all(named.map((one) => readActor(town, one)));
  const values = { identifier: town.name, id: crypto.randomUUID() };
  const id = town.context().getObjectUri(Note, values);
  const audience = address(town, to, actors);
  const note = new Note({
    ...audience, id, url: id, content,
    attribution: town.actorUri,
    published: Temporal.Now.instant(),
    replyTarget: inReplyTo ? new URL(inReplyTo) : null,
    tags: await Promise.all(actors.map(toMention)),
    attachments: image ? [attach(town, image)] : [],
  });
  const mine = { note, to, named: actors };
  town.memory.mine.set(id.href, mine);
  keepNote(town.memory, note);
  return deliverNote(town, new Create({ ...audience, id: newActivityId(town), actor: town.actorUri, object: note }), mine);
}

function findMine(town, id) {
  const mine = town.memory.mine.get(id);
  if (!mine) throw new NotDone(`${id} is not a note of this peer`);
  return mine;
}

async function update(town, { id, content }) {
  const mine = findMine(town, id);
  mine.note = mine.note.clone({ content, updated: Temporal.Now.instant() });
  keepNote(town.memory, mine.note);
  const { tos, ccs } = address(town, mine.to, mine.named);
  return deliverNote(town, new Update({ tos, ccs, id: newActivityId(town), actor: town.actorUri, object: mine.note }), mine);
}

async function remove(town, { id }) {
  const mine = findMine(town, id);
  forgetNote(town.memory, id);
  const { tos, ccs } = address(town, mine.to, mine.named);
  const object = new Tombstone({ id: mine.note.id });
  return deliverNote(town, new Delete({ tos, ccs, id: newActivityId(town), actor: town.actorUri, object }), mine);
}

async function like(town, { id }) {
  const object = await read(town, id);
  const author = await readAuthor(town, object);
  const activity = new Like({ id: newActivityId(town), actor: town.actorUri, object: object.id, to: author.id });
  return sendOrFail(town, activity, [author]);
}

async function announce(town, { id }) {
  const object = await read(town, id);
  const author = await readAuthor(town, object);
  const followers = [...town.memory.followers.values()].filter((one) => one.id.href !== author.id.href);
  const activity = new Announce({
    id: newActivityId(town), actor: town.actorUri, object: object.id, published: Temporal.Now.instant(),
    to: town.context().getFollowersUri(town.name), cc: author.id,
  });
  return sendOrFail(town, activity, [author, ...followers]);
}

/** Takes back any activity that this peer sent: a Follow, a Like, an Announce. */
async function undo(town, { id }) {
  const sent = town.memory.sent.get(id);
  if (!sent) throw new NotDone(`${id} was not sent by this peer`);
  const asked = [...town.memory.following.values()].find((one) => one.follow === id);
  if (asked) asked.state = "undone";
  const { activity, recipients } = sent;
  const { toIds: tos, ccIds: ccs } = activity;
  return sendOrFail(town, new Undo({ tos, ccs, id: newActivityId(town), actor: town.actorUri, object: activity }), recipients);
}

/** GET of any document, signed or not, as the other house gives it. */
async function fetchDocument(town, { id, signed = true }) {
  const context = town.context();
  const load = signed ? await context.getDocumentLoader({ identifier: town.name }) : context.documentLoader;
  try {
    return { document: (await load(id)).document };
  } catch (error) {
    throw Object.assign(new NotDone(error.message), { entry: { status: error.response?.status ?? null } });
  }
}

/** New keys under the same names, published at once: other houses have not read them yet. */
async function rekey(town) {
  await town.replaceKeys();
  return {};
}

/** Makes Fedify knock first with `spec` at `house` (its origin), whatever it has learnt before. */
async function knock(town, { house, spec }) {
  await town.kv.set(["_fedify", "httpMessageSignaturesSpec", new URL(house).origin], spec);
  return { house, spec };
}

/** From now on the inbox answers 401 to other signature specs, before Fedify verifies the rest; null ends it. */
function understand(town, { specs }) {
  town.memory.moods.understands = specs;
  return town.memory.moods;
}

/** The inbox answers `status` to the next `times` requests, as a house in trouble does. */
function fail(town, { status, times = 1 }) {
  town.memory.moods.failing = { status, times };
  return town.memory.moods;
}

export const VERBS = {
  follow, post, update, delete: remove, like, announce, undo, fetch: fetchDocument, rekey, knock, understand, fail,
};
