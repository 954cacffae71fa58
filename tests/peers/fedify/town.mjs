/** A town of one agent: its actor, keys, collections and notes, as Fedify publishes them. */
import { createFederation, MemoryKvStore } from "@fedify/fedify";
import { Create, Endpoints, Note, Person, Tombstone, PUBLIC_COLLECTION } from "@fedify/fedify/vocab";
import { listen } from "./listeners.mjs";
import { createMemory } from "./memory.mjs";

/** RSA of 2048 bits like ours; Fedify's own generator makes 4096, which takes seconds on a busy machine. */
async function generateKeys(withEd25519) {
  const rsa = { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const algorithms = withEd25519 ? [rsa, { name: "Ed25519" }] : [rsa];
  return Promise.all(algorithms.map((algorithm) => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])));
}

/** `origin` has the port that the server listens on; `options` are those of the command line. */
export async function createTown(origin, options) {
  const kv = new MemoryKvStore();
  const memory = createMemory();
  const federation = createFederation({
    kv,
    origin,
    allowPrivateAddress: true, // the tests are on loopback
    firstKnock: options.firstKnock,
    userAgent: `PreauTestPeer/1 (+${origin}/)`,
  });
  const context = () => federation.createContext(new URL(origin), { visit: {} });
  const host = new URL(origin).host;
  const town = { name: options.name, origin, host, onFollow: options.onFollow, kv, memory, federation, context };
  town.replaceKeys = async () => { town.keys = await generateKeys(options.ed25519); };
  await town.replaceKeys();
  publishActor(town);
  town.actorUri = context().getActorUri(town.name);
  publishCollections(town);
  publishNotes(town);
  listen(town);
  return town;
}

function publishActor(town) {
  town.federation
    .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
      if (identifier !== town.name) return null;
      const pairs = await ctx.getActorKeyPairs(identifier);
      return new Person({
        id: ctx.getActorUri(identifier),
        preferredUsername: identifier,
        name: `${identifier[0].toUpperCase()}${identifier.slice(1)} of ${town.host}`,
        summary: "<p>An agent of a town that runs other software.</p>",
        inbox: ctx.getInboxUri(identifier),
        outbox: ctx.getOutboxUri(identifier),
        followers: ctx.getFollowersUri(identifier),
        following: ctx.getFollowingUri(identifier),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        url: ctx.getActorUri(identifier),
        manuallyApprovesFollowers: town.onFollow !== "accept",
        publicKey: pairs[0].cryptographicKey,
        assertionMethods: pairs.map((pair) => pair.multikey),
      });
    })
    .setKeyPairsDispatcher((_ctx, identifier) => (identifier === town.name ? town.keys : []));
  town.federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
    software: { name: "preau-test-peer", version: "1.0.0" },
    protocols: ["activitypub"],
    usage: { users: { total: 1 }, localPosts: town.memory.mine.size, localComments: 0 },
  }));
}

function publishCollections(town) {
  const { federation, memory } = town;
  const followers = (_ctx, _identifier, _cursor, base) => ({
    items: [...memory.followers.values()].filter((one) => !base || one.id.origin === new URL(base).origin),
  });
  const following = () => ({
    items: [...memory.following.values()].filter((one) => one.state === "accepted").map((one) => new URL(one.actor)),
  });
  const outbox = () => ({ items: [...memory.mine.values()].filter(isPublic).map(toCreate) });
  federation.setFollowersDispatcher("/users/{identifier}/followers", followers);
  federation.setFollowingDispatcher("/users/{identifier}/following", following);
  federation.setOutboxDispatcher("/users/{identifier}/outbox", outbox);
}

function isPublic({ note }) {
  return note.toIds.some((id) => id.href === PUBLIC_COLLECTION.href);
}

function toCreate({ note }) {
  const id = new URL(`${note.id.href}#create`);
  return new Create({ id, actor: note.attributionId, object: note, tos: note.toIds, ccs: note.ccIds });
}

function publishNotes(town) {
  town.federation
    .setObjectDispatcher(Note, "/users/{identifier}/notes/{id}", (ctx, values) => {
      const uri = ctx.getObjectUri(Note, values);
      if (town.memory.notes.get(uri.href)?.deleted) return new Tombstone({ id: uri });
      return town.memory.mine.get(uri.href)?.note ?? null;
    })
    .authorize(async (ctx, values) => mayRead(town, ctx, ctx.getObjectUri(Note, values).href));
}

/** A note is for the people it is addressed to, or the instance actor of their house; Fedify proves who asks. */
async function mayRead(town, ctx, uri) {
  const mine = town.memory.mine.get(uri);
  if (!mine || isPublic(mine)) return true;
  const documentLoader = await ctx.getDocumentLoader({ identifier: town.name });
  const reader = await ctx.getSignedKeyOwner({ documentLoader });
  if (!reader?.id) return false;
  const invited = [...mine.named, ...(mine.to === "followers" ? town.memory.followers.values() : [])];
  return invited.some((one) => one.id.origin === reader.id.origin);
}
