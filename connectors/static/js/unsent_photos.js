// The photos of messages not yet sent, kept through a reload as store.js keeps the messages. A
// browser that refuses (private mode, full disk) keeps them as long as the page is open.

const NAME = "cbot";
const TABLE = "photos";

const settled = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

async function table(mode) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  const database = await settled(opening);
  const transaction = database.transaction(TABLE, mode);
  transaction.oncomplete = transaction.onabort = () => database.close();
  return transaction.objectStore(TABLE);
}

/** Do something with the table; undefined where there is none. */
async function within(mode, work) {
  try {
    return await settled(work(await table(mode)));
  } catch {
    return undefined;
  }
}

export class UnsentPhotos {
  constructor() {
    /** @type {Map<string, Blob>} */
    this.here = new Map();
  }

  /** Keep the photo of a message. */
  keep(id, photo) {
    this.here.set(id, photo);
    within("readwrite", (photos) => photos.put(photo, id));
  }

  /** Give the photo of a message; undefined when it is gone. */
  async of(id) {
    return this.here.get(id) ?? within("readonly", (photos) => photos.get(id));
  }

  /** Forget the photo of a message. */
  drop(id) {
    this.here.delete(id);
    within("readwrite", (photos) => photos.delete(id));
  }

  /** Forget the photos of all messages but these. */
  async dropAllBut(ids) {
    const kept = (await within("readonly", (photos) => photos.getAllKeys())) ?? [];
    for (const id of kept.filter((one) => !ids.includes(one))) this.drop(id);
  }
}
