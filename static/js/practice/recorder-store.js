/* Pieces of a recording on this device, kept until the server has confirmed them.

   A browser without this memory (a private window, a full disk) records all the same; then only a
   closed tab can lose what was not sent yet. */

const DATABASE = "recordings";
const PIECES = "pieces";
const KEPT_DAYS = 14;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(PIECES, { keyPath: ["answer", "recording", "offset"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class PieceStore {
  constructor(answer) {
    this.answer = answer;
    this.database = open().catch(() => null);
    this.forgetOld();
  }

  async pieces(mode) {
    const database = await this.database;
    return database?.transaction(PIECES, mode, { durability: "strict" }).objectStore(PIECES);
  }

  /** Keep a piece; false when this browser cannot. */
  async put(recording, offset, data, type) {
    try {
      const pieces = await this.pieces("readwrite");
      if (!pieces) return false;
      await done(pieces.put({ answer: this.answer, recording, offset, data, type, time: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  /** Return the pieces of this answer's recordings, in order. */
  async all() {
    try {
      const pieces = await this.pieces("readonly");
      return pieces ? await done(pieces.getAll(this.range())) : [];
    } catch {
      return [];
    }
  }

  /** Let go of what the server has: everything of a recording before `bytes`. */
  async confirmed(recording, bytes) {
    try {
      const pieces = await this.pieces("readwrite");
      if (!pieces) return;
      const found = await done(pieces.getAll(this.range(recording)));
      for (const piece of found) {
        if (piece.offset + piece.data.byteLength <= bytes)
          pieces.delete([piece.answer, piece.recording, piece.offset]);
      }
    } catch {
      // Kept too long is better than lost.
    }
  }

  async clear() {
    try {
      await done((await this.pieces("readwrite"))?.delete(this.range()));
    } catch {
      // Then it goes once it is old.
    }
  }

  range(recording) {
    const from = recording ? [this.answer, recording] : [this.answer];
    const to = recording ? [this.answer, recording, []] : [this.answer, []];
    return IDBKeyRange.bound(from, to);
  }

  async forgetOld() {
    try {
      const pieces = await this.pieces("readwrite");
      if (!pieces) return;
      const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
      for (const piece of await done(pieces.getAll()))
        if (piece.time < oldest) pieces.delete([piece.answer, piece.recording, piece.offset]);
    } catch {
      // Nothing to forget.
    }
  }
}
