/** Delivery through Fedify's own signer, with a record of what the other house answered. */
import { setTimeout as pause } from "node:timers/promises";
import { getTypeId } from "@fedify/fedify/vocab";

const PAUSES = [300, 1000, 3000]; // milliseconds

/**
 * Delivers now and says how it went: { id, type, delivered, attempts, error }. `recipients` are actors, or "followers".
 * Fedify signs by double knocking; nothing is queued, so that a test sees the refusal itself.
 */
export async function send(town, activity, recipients, { retries = 0 } = {}) {
  const entry = { id: activity.id.href, type: nameOf(activity), delivered: false, attempts: 0, error: null };
  town.memory.sent.set(entry.id, { activity, recipients, entry });
  while (!entry.delivered && entry.attempts <= retries) {
    if (entry.attempts > 0) await pause(PAUSES[entry.attempts - 1]);
    entry.attempts += 1;
    try {
      await deliver(town, activity, recipients);
      Object.assign(entry, { delivered: true, error: null });
    } catch (error) {
      entry.error = { status: error.statusCode ?? null, inbox: error.inbox?.href ?? null, message: error.message };
    }
  }
  return entry;
}

function deliver(town, activity, recipients) {
  const options = { preferSharedInbox: true, syncCollection: recipients === "followers" };
  return town.context().sendActivity({ identifier: town.name }, recipients, activity, options);
}

export function nameOf(activity) {
  return getTypeId(activity).hash.slice(1);
}
