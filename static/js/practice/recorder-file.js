/* Sends an existing file as a recording is sent: in pieces, going on after whatever interrupts it.

   Its name is made from the file, so whoever chooses the same one again goes on where it stopped.
   A file that is not there or empty travels with the plain form: the server says what is wrong. */

import { PieceStore } from "./recorder-store.js";
import { isFile, Uploader } from "./recorder-upload.js";

const ENDS = 64 * 1024;
const STEP = 10; // per cent between two announcements

const form = document.querySelector("form[data-file]");
const root = document.querySelector("[data-recorder]");

class FileSender {
  constructor() {
    const { dataset } = root;
    this.store = new PieceStore(dataset.recorder);
    form.addEventListener("submit", (event) => this.submit(event));
    part("stop").addEventListener("click", () => this.stop());
    window.addEventListener("beforeunload", (event) => this.uploader && event.preventDefault());
    window.addEventListener("pageshow", (event) => event.persisted && this.leave());
    if (isFile(dataset.keptId) && Number(dataset.kept)) note("file-kept");
  }

  submit(event) {
    const [file] = form.elements.namedItem("recording").files;
    if (!file?.size) return;
    event.preventDefault();
    const isRecording = ["recording", "paused"].includes(root.dataset.state);
    if (file.size > Number(form.dataset.maxBytes)) note("", form.dataset.tooLarge);
    else if (isRecording) note("file-not-yet", text("file-not-yet"));
    else this.send(file);
  }

  async send(file) {
    const { dataset } = root;
    const uploader = new Uploader({
      url: dataset.chunks,
      token: form.elements.namedItem("csrf_token").value,
      pieceBytes: Number(dataset.pieceBytes),
      store: this.store,
      mayReplace: () => true,
    });
    this.enter(uploader, file);
    try {
      uploader.begin(await nameOf(file), file.type, [{ offset: 0, data: file }]);
      await uploader.handIn(dataset.handIn);
      await this.store.clear();
      this.uploader = null;
      window.location.assign(dataset.page);
    } catch (error) {
      if (this.uploader !== uploader) return; // stopped
      this.fail(typeof error === "string" ? error : error.name === "NotReadableError" ? "changed" : "failed");
    }
  }

  enter(uploader, file) {
    this.uploader = uploader;
    this.said = -1;
    uploader.size = file.size;
    uploader.confirmed = 0;
    uploader.addEventListener("progress", () => this.uploader === uploader && this.show());
    uploader.addEventListener("lost", () => this.uploader === uploader && note("file-lost"));
    uploader.addEventListener("progress", () => this.takePlace(), { once: true });
    this.open(true);
    this.show();
  }

  /** Nothing else may be done with the answer meanwhile. */
  open(isSending) {
    root.inert = isSending;
    part("progress").hidden = !isSending;
    part("stop").hidden = !isSending;
    part("send").hidden = isSending;
    form.elements.namedItem("recording").disabled = isSending;
    if (isSending) part("stop").focus();
  }

  /** What was recorded on the page is gone on the server, so it goes here as well. */
  takePlace() {
    this.store.clear();
    root.dispatchEvent(new Event("replaced"));
  }

  show() {
    const { confirmed, size } = this.uploader;
    const percent = Math.floor((100 * confirmed) / size);
    const isSent = confirmed === size;
    const words = isSent ? text("sent") : text("sending").replace("{percent}", percent);
    note("file-sending");
    part("sent").value = percent;
    part("sent-label").textContent = words;
    if (isSent || percent >= this.said + STEP) {
      this.said = percent;
      part("said").textContent = words;
    }
    part("stop").hidden = isSent;
  }

  stop() {
    this.uploader.stop();
    note("file-kept");
    this.leave();
    part("send").focus();
  }

  fail(reason) {
    const { message } = this.uploader;
    note("", message || (reason === "too-large" ? form.dataset.tooLarge : text(reason)));
    this.leave();
    part("send").focus();
  }

  leave() {
    this.uploader = null;
    this.open(false);
  }
}

function part(name) {
  return form.querySelector(`[data-file-${name}]`);
}

function text(name) {
  return root.querySelector("[data-texts]").content.querySelector(`[data-text="${name}"]`).textContent;
}

/** Say how it stands, or what went wrong. */
function note(name, trouble = "") {
  const words = trouble || text(name);
  const box = part("note");
  if (box.textContent !== words) box.textContent = words;
  box.classList.toggle("field__error", Boolean(trouble));
}

/** Return the same name for the same file, by what can be told of it quickly. */
async function nameOf(file) {
  const known = [file.name, file.size, file.lastModified].join("/");
  const part = new Blob([known, file.slice(0, ENDS), file.slice(-ENDS)]);
  const bytes = await part.arrayBuffer();
  // Without a secure connection browsers compute no digests; then a file is sent from its beginning.
  const digest = window.crypto.subtle
    ? await window.crypto.subtle.digest("SHA-256", bytes)
    : window.crypto.getRandomValues(new Uint8Array(12)).buffer;
  const name = [...new Uint8Array(digest, 0, 12)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `${root.dataset.take}-file-${name.join("")}`;
}

if (form) new FileSender();
