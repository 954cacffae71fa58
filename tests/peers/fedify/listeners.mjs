/** What a peer does with the activities that Fedify has verified. */
import {
  Accept, Activity, Announce, Create, Delete, Follow, Like, Reject, Undo, Update,
} from "@fedify/fedify/vocab";
import { forgetNote, keepNote } from "./memory.mjs";
import { send } from "./sending.mjs";

const HANDLERS = [
  [Follow, onFollow], [Accept, onAccept], [Reject, onReject], [Undo, onUndo],
  [Create, onCreate], [Update, onUpdate], [Delete, onDelete], [Like, onReaction], [Announce, onAnnounce],
  [Activity, () => "ignored: this peer does not handle the type"],
];

/** Each visit (one HTTP request) carries a record, which server.mjs keeps with the answer. */
export function listen(town) {
  const inbox = town.federation.setInboxListeners("/users/{identifier}/inbox", "/inbox");
  inbox.setSharedKeyDispatcher(() => ({ identifier: town.name }));
  inbox.onError((ctx, error) => { ctx.data.visit.reason = String(error); });
  inbox.onUnverifiedActivity((ctx, _activity, reason) => { ctx.data.visit.reason = reason.type; });
  for (const [type, handle] of HANDLERS) {
    inbox.on(type, async (ctx, activity) => { ctx.data.visit.outcome = await handle(town, ctx, activity); });
  }
}

async function onFollow(town, ctx, follow) {
  if (follow.objectId?.href !== town.actorUri.href) return "ignored: follows somebody else";
  const follower = await follow.getActor(ctx);
  if (!follower?.id || !follower.inboxId) return "ignored: the follower cannot be read";
  if (town.onFollow === "silent") return "kept waiting";
  const Answer = town.onFollow === "accept" ? Accept : Reject;
  if (Answer === Accept) town.memory.followers.set(follower.id.href, follower);
  const id = new URL(`${town.origin}/activities/${crypto.randomUUID()}`);
  const answer = new Answer({ id, actor: town.actorUri, object: follow, to: follower.id });
  // After our own 202, as servers do: the other side may still be writing down that it asked.
  setTimeout(() => send(town, answer, [follower], { retries: 3 }), 20);
  return town.onFollow === "accept" ? "accepted" : "rejected";
}

function answered(town, answer, state) {
  const asked = town.memory.following.get(answer.actorId.href);
  if (!asked || (answer.objectId && answer.objectId.href !== asked.follow)) return "ignored: nothing was asked";
  asked.state = state;
  return state;
}

function onAccept(town, _ctx, accept) {
  return answered(town, accept, "accepted");
}

function onReject(town, _ctx, reject) {
  return answered(town, reject, "rejected");
}

async function onUndo(town, ctx, undo) {
  const undone = await undo.getObject(ctx);
  const actor = undo.actorId.href;
  if (undone instanceof Follow && undone.actorId?.href === actor) {
    return town.memory.followers.delete(actor) ? "follower left" : "ignored: was not a follower";
  }
  const reaction = town.memory.reactions.find((one) => one.id === undo.objectId?.href && one.actor === actor);
  if (!reaction) return "ignored: nothing to undo";
  reaction.undone = true;
  return `${reaction.type} undone`;
}

async function onCreate(town, ctx, create) {
  const object = await create.getObject(ctx);
  if (!object?.id) return "ignored: the object cannot be read";
  if (object.attributionId?.href !== create.actorId.href) return "ignored: written by somebody else";
  keepNote(town.memory, object);
  return "kept";
}

async function onUpdate(town, ctx, update) {
  const object = await update.getObject(ctx);
  const known = town.memory.notes.get(object?.id?.href);
  if (!known) return "ignored: not a note this peer knows";
  if (known.actor !== update.actorId.href || known.deleted) return "ignored: not the author's to edit";
  keepNote(town.memory, object);
  return "edited";
}

function onDelete(town, _ctx, deletion) {
  const known = town.memory.notes.get(deletion.objectId?.href);
  if (!known) return "ignored: not a note this peer knows";
  if (known.actor !== deletion.actorId.href) return "ignored: not the author's to delete";
  forgetNote(town.memory, known.id);
  return "deleted";
}

function onReaction(town, _ctx, activity, type = "Like") {
  const [id, actor, object] = [activity.id, activity.actorId, activity.objectId].map((uri) => uri?.href ?? null);
  town.memory.reactions.push({ id, type, actor, object, undone: false });
  return "kept";
}

/** The object of an Announce is only a link: the note is fetched, signed, from its own house. */
async function onAnnounce(town, ctx, announce) {
  onReaction(town, ctx, announce, "Announce");
  if (town.memory.notes.has(announce.objectId?.href)) return "kept";
  const { documentLoader, contextLoader } = ctx;
  const object = await announce.getObject({ documentLoader, contextLoader, suppressError: true });
  if (!object?.id) return "kept, but the announced note cannot be read";
  keepNote(town.memory, object);
  return "kept, and the announced note fetched";
}
