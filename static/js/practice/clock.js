/* A clock for those who want one: time to think, then time to write. It never ends anything.

   Whether it is used and whether it is seen is remembered on this device; how far it is, for this
   answer in this window. */

import { local, recall, remember, session } from "./storage.js";

const box = document.querySelector("[data-clock]");

class Clock {
  constructor(root) {
    this.root = root;
    this.think = Number(root.dataset.think);
    this.write = Number(root.dataset.answer);
    this.key = `clock:${root.dataset.clock}`;
    this.phase = null;
    const on = (name, action) => this.part(name).addEventListener("click", action);
    on("start", () => this.start());
    on("stop", () => this.stop());
    on("more", () => this.more());
    on("hide", () => {
      this.hide(!this.isHidden());
      remember(local, "clock-hidden", this.isHidden());
    });
    root.hidden = false;
    this.hide(recall(local, "clock-hidden") === true);
    if (recall(local, "clock") === "on") this.start();
  }

  part(name) {
    return this.root.querySelector(`[data-clock-${name}]`);
  }

  start() {
    remember(local, "clock", "on");
    this.run = recall(session, this.key) ?? { started: Date.now(), extra: 0 };
    this.keep();
    this.toggle(true);
    this.timer = window.setInterval(() => this.tick(), 250);
    this.tick();
  }

  stop() {
    remember(local, "clock", "off");
    remember(session, this.key, null);
    window.clearInterval(this.timer);
    this.phase = null;
    this.toggle(false);
    this.part("start").focus();
  }

  /** One minute more for the phase that is running, or for writing when the time was over. */
  more() {
    if (this.phase === "thinking") this.run.moreThinking = (this.run.moreThinking ?? 0) + 60;
    else if (this.phase === "over") this.run.extra = this.elapsed() - this.thinkTime() - this.write + 60;
    else this.run.extra += 60;
    this.keep();
    this.tick();
  }

  keep() {
    remember(session, this.key, this.run);
  }

  toggle(isOn) {
    this.part("on").hidden = !isOn;
    this.part("off").hidden = isOn;
  }

  isHidden() {
    return this.part("time").hidden;
  }

  hide(isHidden) {
    this.part("time").hidden = isHidden;
    this.part("hide").textContent = isHidden ? this.root.dataset.show : this.root.dataset.hide;
  }

  elapsed() {
    return (Date.now() - this.run.started) / 1000;
  }

  thinkTime() {
    return this.think + (this.run.moreThinking ?? 0);
  }

  tick() {
    const thinkingLeft = this.thinkTime() - this.elapsed();
    const left = thinkingLeft > 0 ? thinkingLeft : thinkingLeft + this.write + this.run.extra;
    this.enter(thinkingLeft > 0 ? "thinking" : left > 0 ? "answering" : "over");
    const seconds = Math.max(0, Math.ceil(left));
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (this.part("time").textContent !== text) this.part("time").textContent = text;
  }

  /** Say aloud only when a phase begins, not every second. */
  enter(phase) {
    if (phase === this.phase) return;
    this.phase = phase;
    this.part("phase").textContent = this.root.dataset[phase];
    this.part("said").textContent = this.root.dataset[phase];
  }
}

if (box) new Clock(box);
