/* Records a spoken answer, with picture or without: ready → recording ⇄ paused → done, then handed in.

   While it is recorded, every second of it is kept on this device and sent to the server; see
   `recorder-store.js` and `recorder-upload.js` for how nothing is lost on the way. */

import { Camera } from "./recorder-camera.js";
import { RecorderClock } from "./recorder-clock.js";
import { causeOf, Devices, obstacle, recordingType } from "./recorder-devices.js";
import "./recorder-file.js";
import { Level } from "./recorder-level.js";
import { PieceStore } from "./recorder-store.js";
import { isFile, Uploader } from "./recorder-upload.js";
import { local, recall, remember } from "./storage.js";

const PIECE_MILLISECONDS = 1000;
const BITS_PER_SECOND = { audioBitsPerSecond: 64000, videoBitsPerSecond: 1200000 };
const END_OF_TIME = 1e7;

const root = document.querySelector("[data-recorder]");
const notice = document.querySelector("[data-recorder-notice]");

class Recorder {
  constructor() {
    const { dataset } = root;
    this.token = document.querySelector("input[name=csrf_token]").value;
    this.store = new PieceStore(dataset.recorder);
    this.uploader = new Uploader({
      url: dataset.chunks,
      token: this.token,
      pieceBytes: Number(dataset.pieceBytes),
      store: this.store,
      mayReplace: isFile,
    });
    this.mode = dataset.mode;
    this.devices = new Devices(part("device"), part("camera"));
    this.camera = this.mode === "video" ? new Camera({ part, text }) : null;
    this.clock = new RecorderClock({ root, part, text, say, onLimit: () => this.reachLimit() });
    this.listen();
    this.enter("ready");
    this.bringBack();
  }

  listen() {
    const on = (name, action) => part(name)?.addEventListener("click", () => action());
    on("check", () => this.check());
    on("start", () => this.start());
    on("pause", () => this.recorder.pause());
    on("resume", () => this.recorder.resume());
    on("stop", () => this.recorder.stop());
    on("stop-paused", () => this.recorder.stop());
    on("again", () => this.again());
    on("hand-in-button", () => this.handIn());
    for (const list of [part("device"), part("camera")])
      list?.addEventListener("change", () => this.devices.stream && this.check());
    this.uploader.addEventListener("progress", () => this.showSent());
    this.uploader.addEventListener("lost", () => this.trouble("lost"));
    this.uploader.addEventListener("refused", (event) => this.refused(event.detail));
    document.querySelector("form[action$='/erase']")?.addEventListener("submit", () => this.store.clear());
    root.addEventListener("replaced", () => this.giveWay());
    window.addEventListener("beforeunload", (event) => {
      if (this.state === "recording" || this.state === "paused") event.preventDefault();
    });
  }

  /** Show what belongs to a state, and move the focus to what is done next. */
  enter(state, focus = null) {
    this.state = root.dataset.state = state;
    for (const box of root.querySelectorAll("[data-at]")) box.hidden = box.dataset.at !== state;
    part("level-box").hidden = !this.devices.stream || state === "done";
    if (focus) part(focus)?.focus();
  }

  /** Take up a recording of an earlier visit: send what is still here, then offer it. */
  async bringBack() {
    const keptId = recordedBefore();
    const kept = keptId ? Number(root.dataset.kept) : 0;
    const ours = (await this.store.all()).filter((piece) => piece.recording.startsWith(`${root.dataset.take}-`));
    const recording = keptId || ours[0]?.recording;
    if (!recording) return;
    const pieces = continuing(ours.filter((piece) => piece.recording === recording), kept);
    this.uploader.begin(recording, pieces[0]?.type ?? "", pieces, kept);
    if (!this.uploader.size) return;
    part("kept-note").hidden = false;
    part("said").textContent = part("kept-note").textContent;
    this.enter("done");
    this.clock.enter("done");
    this.showSent();
    try {
      await this.uploader.finished();
      this.play(root.dataset.recording);
    } catch {
      // The reason is on the page.
    }
  }

  async open() {
    const cause = obstacle();
    if (cause) return this.trouble(cause), false;
    try {
      await this.devices.open();
    } catch (error) {
      this.trouble(await causeOf(error, this.mode));
      return false;
    }
    this.clear();
    this.camera?.show(this.devices.stream);
    const level = new Level({ part, text, maySpeak: () => this.state === "ready" });
    this.devices.meter((loudness, word) => level.show(loudness, word));
    part("level-box").hidden = false;
    return true;
  }

  async check() {
    await this.open();
  }

  async start() {
    if (this.state !== "ready" || this.isOpening) return;
    this.isOpening = true;
    const isOpen = await this.open();
    this.isOpening = false;
    if (isOpen) this.record();
  }

  async record() {
    const type = recordingType(this.mode);
    const stream = this.devices.stream;
    try {
      this.recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), ...BITS_PER_SECOND });
    } catch (error) {
      return this.trouble(await causeOf(error, this.mode));
    }
    this.parts = [];
    this.bytes = 0;
    this.arriving = Promise.resolve();
    this.uploader.begin(newName(), this.recorder.mimeType || type);
    this.recorder.addEventListener("dataavailable", (event) => this.take(event.data));
    this.recorder.addEventListener("pause", () => {
      this.clock.enter("paused");
      this.enter("paused", "resume");
      say("paused");
    });
    this.recorder.addEventListener("resume", () => this.goOn("pause"));
    this.recorder.addEventListener("stop", () => this.finish());
    this.recorder.addEventListener("error", () => this.trouble("unplugged"));
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.unplugged());
    this.recorder.start(PIECE_MILLISECONDS);
    this.goOn("stop");
  }

  goOn(focus) {
    this.clock.enter("answering");
    this.enter("recording", focus);
    say("recording");
  }

  /** Keep and send a piece; they must stay in order, and reading one takes a moment.

      What would no longer fit is left out, so that all that came before can be handed in. */
  take(blob) {
    if (!blob.size) return;
    this.bytes += blob.size;
    if (this.bytes > Number(root.dataset.maxBytes)) return this.reachLimit("too-large");
    this.parts.push(blob);
    this.arriving = this.arriving.then(async () => this.uploader.add(await blob.arrayBuffer()));
    this.arriving.then(() => this.showSent());
  }

  /** One of the devices is gone; what was recorded until then is kept. */
  unplugged() {
    if (this.state === "done") return;
    this.trouble("unplugged");
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  async finish() {
    this.devices.close();
    this.camera?.close();
    this.clock.enter("done");
    if (!this.parts.length) {
      this.clock.reset();
      this.enter("ready", "start");
      return this.trouble("no-sound");
    }
    this.play(URL.createObjectURL(new Blob(this.parts, { type: this.recorder.mimeType })));
    this.enter("done", "hand-in-button");
    say("stopped");
    await this.arriving;
    this.showSent();
  }

  reachLimit(name = "limit") {
    if (this.recorder?.state === "inactive") return;
    this.recorder?.stop();
    this.trouble(name);
  }

  /** Play from an address. Chrome's recordings do not know their length until they are read. */
  play(address) {
    const media = part("playback");
    media.src = address;
    media.addEventListener(
      "loadedmetadata",
      () => {
        if (Number.isFinite(media.duration)) return;
        media.addEventListener("durationchange", () => (media.currentTime = 0), { once: true });
        media.currentTime = END_OF_TIME;
      },
      { once: true },
    );
  }

  /** Throw this recording away, here and on the server, and begin another take. */
  async again() {
    this.uploader.stop();
    let words = "";
    try {
      const body = new URLSearchParams({ take: root.dataset.take, csrf_token: this.token });
      const answer = await fetch(root.dataset.discard, { method: "POST", headers: { Accept: "application/json" }, body });
      if (!answer.ok) {
        words = (await answer.json()).error;
        throw new Error(answer.statusText);
      }
      await this.store.clear();
      window.location.assign(root.dataset.page);
    } catch {
      this.uploader.begin(this.uploader.recording, this.uploader.type, this.uploader.pieces, this.uploader.confirmed);
      this.trouble(navigator.onLine ? "failed" : "lost", words);
    }
  }

  async handIn() {
    const button = part("hand-in-button");
    button.disabled = true;
    this.clear();
    try {
      await this.arriving;
      await this.uploader.handIn(root.dataset.handIn);
      await this.store.clear();
      window.location.assign(root.dataset.page);
    } catch (error) {
      button.disabled = false;
      button.focus(); // a disabled button has lost it
      if (typeof error !== "string") this.trouble("failed"); // otherwise the reason is on the page
    }
  }

  /** An existing file has taken the place of what was recorded: begin anew, should that be wanted. */
  giveWay() {
    this.uploader.stop();
    part("sent-box").hidden = true;
    this.clear();
    this.clock.reset();
    this.enter("ready");
  }

  refused(reason) {
    this.trouble(reason, this.uploader.message);
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
  }

  showSent() {
    const { confirmed, size } = this.uploader;
    const percent = size ? Math.floor((100 * confirmed) / size) : 0;
    const isSent = this.state === "done" && confirmed === size;
    part("sent-box").hidden = !size;
    part("sent").value = percent;
    part("sent-label").textContent = isSent ? text("sent") : text("sending").replace("{percent}", percent);
    if (this.shown === "lost" && confirmed === size) this.clear();
  }

  /** Say what is wrong; where the server has said why, in its words. */
  trouble(name, words = "") {
    this.shown = name;
    const box = part("trouble");
    box.textContent = words || text(name);
    box.hidden = false;
  }

  clear() {
    this.shown = null;
    part("trouble").hidden = true;
  }
}

function part(name) {
  return root.querySelector(`[data-${name}]`);
}

function text(name) {
  return part("texts").content.querySelector(`[data-text="${name}"]`).textContent;
}

/** Return the pieces that follow each other without a gap from what has arrived. */
function continuing(pieces, kept) {
  let end = kept;
  return pieces.filter((piece) => {
    if (piece.offset > end) return false;
    end = Math.max(end, piece.offset + piece.data.byteLength);
    return true;
  });
}

/** Say something to those who do not see the page. */
function say(name) {
  part("said").textContent = text(name);
}

/** Return a name for a recording that no other window makes up too. */
function newName() {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return `${root.dataset.take}-${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Return the name of what an earlier visit recorded; an existing file is none of that. */
function recordedBefore() {
  const { keptId } = root.dataset;
  return isFile(keptId) ? "" : keptId;
}

function begin() {
  notice.querySelector("[data-script]").hidden = true;
  root.hidden = false;
  root.after(notice); // still to be read, no longer in the way
  new Recorder();
}

if (root) {
  const key = notice.dataset.recorderNotice;
  if (recall(local, key) === "understood" || recordedBefore()) begin();
  else {
    notice.querySelector("[data-script]").hidden = false;
    notice.querySelector("[data-understood]").addEventListener("click", () => {
      remember(local, key, "understood");
      begin();
      part("start").focus();
    });
  }
}
