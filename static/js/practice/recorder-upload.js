/* Sends a recording piece by piece while it grows, or an existing file, and goes on wherever the
   server is.

   One request at a time. The server's word on how much has arrived is the only one that counts. */

const PAUSES = [500, 1000, 2000, 5000, 10000];
const PATIENCE = 30000;
const QUICK = PATIENCE / 4;
const LEAST_BYTES = 64 * 1024;
const FILE_NAME = /^[0-9]+-file-/;

/** Whether a recording's name is that of an existing file; see `recordings.append` on the server. */
export function isFile(name) {
  return FILE_NAME.test(name ?? "");
}

export class Uploader extends EventTarget {
  /** `options`: url, token, pieceBytes, store; `mayReplace(name)` says which recordings give way. */
  constructor(options) {
    super();
    this.mayReplace = () => false;
    Object.assign(this, options);
    this.room = this.pieceBytes;
    this.failures = 0;
    this.isStopped = false;
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.pieces && this.lost());
  }

  /** Begin with an empty recording, the pieces that an earlier visit left, or a file as one piece. */
  begin(recording, type, pieces = [], confirmed = 0) {
    this.recording = recording;
    this.type = type;
    this.confirmed = confirmed;
    this.pieces = pieces;
    this.size = pieces.reduce((end, piece) => Math.max(end, endOf(piece)), confirmed);
    this.replaces = null;
    this.message = "";
    this.isStopped = false;
    this.failures = 0;
    this.wake();
  }

  /** Take the next piece: keep it on this device, then send it. */
  async add(data) {
    const piece = { offset: this.size, data };
    this.size += data.byteLength;
    this.pieces.push(piece);
    await this.store.put(this.recording, piece.offset, data, this.type);
    this.wake();
  }

  isComplete() {
    return this.confirmed === this.size;
  }

  wake() {
    window.clearTimeout(this.timer);
    this.work();
  }

  stop() {
    this.isStopped = true;
    window.clearTimeout(this.timer);
  }

  /** Return a promise of the moment when everything is confirmed, or of the trouble. */
  finished() {
    if (this.isComplete()) return Promise.resolve();
    this.wake();
    return new Promise((resolve, reject) => {
      const look = () => this.isComplete() && leave(resolve);
      const fail = (event) => leave(reject, event.detail);
      const leave = (settle, value) => {
        this.removeEventListener("progress", look);
        this.removeEventListener("refused", fail);
        settle(value);
      };
      this.addEventListener("progress", look);
      this.addEventListener("refused", fail);
    });
  }

  /** Wait until everything has arrived and hand it in; a request that is lost is sent again.

      A refusal may have stopped the sending: whoever hands in wants it tried again. */
  async handIn(url) {
    this.isStopped = false;
    this.failures = 0;
    this.message = "";
    await this.finished();
    for (let tries = 0; ; tries += 1) {
      if (this.isStopped) throw "stopped";
      const answer = await this.post(url).catch(() => null);
      if (answer?.ok) return;
      if (tries === PAUSES.length || (answer && !mayPassSoon(answer))) throw await this.declined(answer);
      this.dispatchEvent(new Event("lost"));
      await backOnline();
      await new Promise((resolve) => window.setTimeout(resolve, PAUSES[tries]));
    }
  }

  post(url) {
    const body = new URLSearchParams({ total: this.size, csrf_token: this.token });
    const signal = AbortSignal.timeout(PATIENCE);
    return fetch(url, { method: "POST", headers: { Accept: "application/json" }, body, signal });
  }

  /** Tell why the server does not take what was handed in; return the reason. */
  async declined(answer) {
    const words = (await answer?.json().catch(() => null))?.error;
    const reason = answer?.status === 409 ? "conflict" : "failed";
    this.refused(reason, words);
    return reason;
  }

  async work() {
    if (this.isSending || this.isStopped || !this.pieces) return;
    this.isSending = true;
    try {
      while (!this.isStopped && this.confirmed < this.size) await this.send();
    } catch {
      this.lost();
    } finally {
      this.isSending = false;
    }
  }

  async send() {
    const piece = await this.next().arrayBuffer().catch(() => null);
    if (!piece) return this.refused("changed");
    const begun = performance.now();
    const response = await fetch(this.url, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": this.type.split(";")[0] || "application/octet-stream",
        "X-CSRFToken": this.token,
        "Upload-Offset": String(this.confirmed),
        "Recording-Id": this.recording,
        ...(this.replaces && { "Recording-Replaces": this.replaces }),
      },
      body: piece,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (isPassing(response)) throw new Error(response.statusText);
    const answer = await response.json().catch(() => ({}));
    const isElsewhere = response.status === 409;
    if (response.ok || (isElsewhere && this.canFollow(answer))) {
      if (performance.now() - begun < QUICK) this.room = Math.min(2 * this.room, this.pieceBytes);
      this.confirm(answer.bytes);
    } else if (!isElsewhere || !this.takePlace(answer))
      this.refused(response.status === 413 ? "too-large" : isElsewhere ? "conflict" : "failed", answer.error);
  }

  /** Whether the server has less or more of this same recording than was thought. */
  canFollow(answer) {
    if (answer.recording === null && answer.bytes === 0) return this.has(0) && this.confirmed > 0;
    return answer.recording === this.recording && answer.bytes !== this.confirmed && this.has(answer.bytes);
  }

  /** Ask the server, once, to let this recording take the place of the one that is there. */
  takePlace({ recording }) {
    if (this.confirmed || this.replaces || !recording || recording === this.recording) return false;
    if (this.mayReplace(recording)) this.replaces = recording;
    return Boolean(this.replaces);
  }

  has(offset) {
    return offset === this.size || this.pieces.some((piece) => piece.offset <= offset && offset < endOf(piece));
  }

  /** Return the bytes after the confirmed ones, as many as one request may carry. */
  next() {
    const parts = [];
    let { room } = this;
    for (const piece of this.pieces) {
      const from = Math.max(0, this.confirmed - piece.offset);
      if (from >= lengthOf(piece.data)) continue;
      const part = piece.data.slice(from, from + room);
      parts.push(part);
      room -= lengthOf(part);
      if (room <= 0) break;
    }
    return new Blob(parts);
  }

  confirm(bytes) {
    this.confirmed = bytes;
    this.failures = 0;
    this.store.confirmed(this.recording, bytes);
    this.dispatchEvent(new Event("progress"));
  }

  /** Wait longer with each failure, and send less at once: what takes too long never arrives. */
  lost() {
    this.dispatchEvent(new Event("lost"));
    this.room = Math.min(this.pieceBytes, Math.max(LEAST_BYTES, this.room / 2));
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.work(), PAUSES[Math.min(this.failures, PAUSES.length - 1)]);
    this.failures += 1;
  }

  /** `message` is what the server says of it to the person, if anything. */
  refused(reason, message = "") {
    this.stop();
    this.message = message;
    this.dispatchEvent(new CustomEvent("refused", { detail: reason }));
  }
}

/** Return how many bytes a buffer has, or a file. */
function lengthOf(data) {
  return data.byteLength ?? data.size;
}

function endOf(piece) {
  return piece.offset + lengthOf(piece.data);
}

/** Whether a refusal says nothing but that the server is too busy or not itself. */
function isPassing(response) {
  return response.status >= 500 || response.status === 429;
}

/** Whether handing in is worth another try at once: a daily limit says no moment to come back. */
function mayPassSoon(response) {
  return isPassing(response) && (response.status !== 429 || response.headers.has("Retry-After"));
}

function backOnline() {
  if (navigator.onLine) return Promise.resolve();
  return new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
}
