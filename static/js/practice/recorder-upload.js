/* Sends a recording piece by piece while it grows, and goes on wherever the server is.

   One request at a time. The server's word on how much has arrived is the only one that counts. */

const PAUSES = [500, 1000, 2000, 5000, 10000];
const PATIENCE = 30000;

export class Uploader extends EventTarget {
  /** `options`: url, token, pieceBytes, store. */
  constructor(options) {
    super();
    Object.assign(this, options);
    this.failures = 0;
    this.isStopped = false;
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.pieces && this.lost());
  }

  /** Begin with an empty recording, or with the pieces that an earlier visit left. */
  begin(recording, type, pieces = [], confirmed = 0) {
    this.recording = recording;
    this.type = type;
    this.confirmed = confirmed;
    this.pieces = pieces;
    this.size = pieces.reduce((end, piece) => Math.max(end, piece.offset + piece.data.byteLength), confirmed);
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
    const response = await fetch(this.url, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": this.type.split(";")[0] || "application/octet-stream",
        "X-CSRFToken": this.token,
        "Upload-Offset": String(this.confirmed),
        "Recording-Id": this.recording,
      },
      body: this.next(),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status >= 500 || response.status === 429) throw new Error(response.statusText);
    const answer = await response.json().catch(() => ({}));
    if (response.ok || (response.status === 409 && this.canFollow(answer))) this.confirm(answer.bytes);
    else this.refused(response.status === 413 ? "too-large" : response.status === 409 ? "conflict" : "failed");
  }

  /** Whether the server has less or more of this same recording than was thought. */
  canFollow(answer) {
    if (answer.recording === null && answer.bytes === 0) return this.has(0) && this.confirmed > 0;
    return answer.recording === this.recording && answer.bytes !== this.confirmed && this.has(answer.bytes);
  }

  has(offset) {
    return offset === this.size || this.pieces.some((piece) => piece.offset <= offset && offset < piece.offset + piece.data.byteLength);
  }

  /** Return the bytes after the confirmed ones, as many as one request may carry. */
  next() {
    const parts = [];
    let room = this.pieceBytes;
    for (const piece of this.pieces) {
      const from = Math.max(0, this.confirmed - piece.offset);
      if (from >= piece.data.byteLength) continue;
      const part = piece.data.slice(from, from + room);
      parts.push(part);
      room -= part.byteLength;
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

  lost() {
    this.dispatchEvent(new Event("lost"));
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.work(), PAUSES[Math.min(this.failures, PAUSES.length - 1)]);
    this.failures += 1;
  }

  refused(reason) {
    this.stop();
    this.dispatchEvent(new CustomEvent("refused", { detail: reason }));
  }
}
