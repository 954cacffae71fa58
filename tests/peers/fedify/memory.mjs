/** What a peer remembers while it runs; nothing is written to disk. */
import { calls } from "./loopback.mjs";

export function createMemory() {
  return {
    followers: new Map(), // actor uri -> the Fedify actor, as a recipient
    following: new Map(), // actor uri -> { actor, handle, follow, state }
    notes: new Map(), // note uri -> what note() makes, ours and theirs
    mine: new Map(), // note uri -> { note, to, named }: what is needed to edit or delete it
    sent: new Map(), // activity uri -> { activity, recipients, entry }
    reactions: [], // { id, type, actor, object, undone }
    media: new Map(), // name -> { mediaType, bytes }
    received: [], // activities that Fedify's verifier proved
    refused: [], // requests to an inbox that were not let in
    fetched: [], // GET requests of other houses
    moods: { understands: null, failing: null },
  };
}

/** Keeps the note as a reader would see it. */
export function keepNote(memory, object) {
  const known = {
    id: object.id.href,
    actor: object.attributionId?.href ?? null,
    content: object.content?.toString() ?? "",
    inReplyTo: object.replyTargetId?.href ?? null,
    to: object.toIds.map((id) => id.href),
    cc: object.ccIds.map((id) => id.href),
    edited: object.updated?.toString() ?? null,
    deleted: false,
  };
  memory.notes.set(known.id, known);
  return known;
}

export function forgetNote(memory, uri) {
  const known = memory.notes.get(uri);
  if (known) Object.assign(known, { content: "", deleted: true });
}

export function describeState(memory) {
  const notes = [...memory.notes.values()];
  return {
    followers: [...memory.followers.keys()],
    following: [...memory.following.values()],
    notes: notes.filter((note) => !note.deleted),
    deleted: notes.filter((note) => note.deleted).map((note) => note.id),
    reactions: memory.reactions,
    sent: [...memory.sent.values()].map(({ entry }) => entry),
    fetched: memory.fetched,
    calls,
    moods: memory.moods,
  };
}
