/* Counts the words of a draft and saves it while it is written.

   Every change is first kept on this device and let go once the server has confirmed it, so that
   neither a lost connection nor a closed window loses a sentence. */

import { draftKey, local, recall, remember } from "./storage.js";

const WORD = /[\p{L}\p{N}]+(?:['’\-‑][\p{L}\p{N}]+)*/gu;
const ENOUGH = 50;
const ADVISED = 150;
const PAUSE = 1200;
const RETRIES = [3000, 10000, 30000];

const form = document.querySelector("form[data-draft]");

class Draft {
  constructor(root) {
    this.root = root;
    this.text = root.elements.namedItem("text");
    this.version = root.elements.namedItem("version");
    this.state = root.querySelector("[data-save-state]");
    this.key = draftKey(root.dataset.draft);
    this.saved = this.text.defaultValue;
    this.failures = 0;
    this.isSaving = false;
    this.isOver = false;
    this.waiting = null;
    this.text.addEventListener("input", () => this.changed());
    window.addEventListener("online", () => this.save());
    window.addEventListener("pagehide", () => this.save({ leaving: true }));
    root.addEventListener("submit", (event) => this.handIn(event));
    if (this.isUnsaved()) this.changed(); // written before this script was there
    else this.bringBack();
    this.count();
  }

  isUnsaved() {
    return this.text.value !== this.saved;
  }

  changed() {
    this.count();
    remember(local, this.key, { text: this.text.value, version: this.version.value });
    this.later(PAUSE);
  }

  later(pause) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), pause);
  }

  /** Send what is unsaved; one request at a time, the newest text wins. */
  async save({ leaving = false } = {}) {
    window.clearTimeout(this.timer);
    if (this.isOver || this.isSaving || !this.isUnsaved()) return;
    this.isSaving = true;
    this.say(this.root.dataset.saving);
    const text = this.text.value;
    try {
      const response = await this.send(text, leaving);
      if (response.ok) this.confirmed(text, (await response.json()).version);
      else if (response.status >= 500 || response.status === 429) this.failed();
      else await this.refused(response);
    } catch {
      this.failed();
    } finally {
      this.isSaving = false;
    }
    if (this.waiting) return this.waiting();
    if (!this.failures && this.isUnsaved()) this.later(PAUSE);
  }

  send(text, leaving) {
    const body = new URLSearchParams({
      text,
      version: this.version.value,
      csrf_token: this.root.elements.namedItem("csrf_token").value,
    });
    return fetch(this.root.dataset.saveUrl, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      keepalive: leaving && body.toString().length < 60000, // browsers allow no more
    });
  }

  confirmed(text, version) {
    this.failures = 0;
    this.saved = text;
    this.version.value = version;
    if (!this.isUnsaved()) remember(local, this.key, null);
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    this.say(this.root.dataset.saved.replace("{time}", time));
  }

  failed() {
    this.say(navigator.onLine ? this.root.dataset.unsaved : this.root.dataset.offline, true);
    this.later(RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
    this.failures += 1;
  }

  /** The server will not take it, however often it is sent: say why and stop. */
  async refused(response) {
    this.failures += 1;
    this.isOver = response.status === 404 || response.status === 409;
    const answer = await response.json().catch(() => ({}));
    this.say(answer.error ?? this.root.dataset.unsaved, true);
  }

  /** The form itself carries the text from here on, and the version of what was saved last. */
  handIn(event) {
    if (this.isSaving && !this.waiting) {
      // That version is on its way; without it this would look like another window.
      event.preventDefault();
      const { submitter } = event;
      this.waiting = () => this.root.requestSubmit(submitter);
      return;
    }
    this.waiting = null; // once: pressing again does not wait any longer
    this.isOver = true;
    window.clearTimeout(this.timer);
    // Back from a page that could not be reached: go on saving.
    window.addEventListener("pageshow", () => (this.isOver = false), { once: true });
  }

  /** Take up what an earlier visit could not save, unless the saved text went on elsewhere. */
  bringBack() {
    const kept = recall(local, this.key);
    if (!kept || kept.text === this.text.value) return remember(local, this.key, null);
    if (kept.version === this.version.value) return this.use(kept.text);
    if (document.querySelector("[data-refused]")) return; // the page shows it already
    // A document's text was put below what had been typed: nothing is missing.
    if (this.text.value.includes(kept.text.trim())) return remember(local, this.key, null);
    const box = this.root.querySelector("[data-conflict]");
    box.hidden = false;
    box.querySelector("[data-conflict-use]").addEventListener("click", () => {
      box.hidden = true;
      this.use(kept.text);
    });
    box.querySelector("[data-conflict-drop]").addEventListener("click", () => {
      box.hidden = true;
      remember(local, this.key, null);
      this.text.focus();
    });
  }

  use(text) {
    this.text.value = text;
    this.text.focus();
    this.changed();
    this.say(this.root.dataset.restored);
  }

  count() {
    const words = this.text.value.match(WORD)?.length ?? 0;
    const { wordsNone, wordsOne, wordsOther, hintShort, hintFair, hintLong } = this.root.dataset;
    const said = words === 0 ? wordsNone : words === 1 ? wordsOne : wordsOther;
    this.root.querySelector("[data-word-count]").textContent = said.replace("{n}", words);
    const hint = words < ENOUGH ? hintShort : words < ADVISED ? hintFair : hintLong;
    this.root.querySelector("[data-word-hint]").textContent = hint;
  }

  say(text, isTrouble = false) {
    this.state.textContent = text;
    this.state.classList.toggle("is-trouble", isTrouble);
  }
}

if (form) new Draft(form);
