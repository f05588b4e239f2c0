/* The clock beside a recording: time to think, then time to answer. It never ends anything.

   Both can be made longer, hidden, or switched off; the last two are remembered on this device. */

import { local, recall, remember } from "./storage.js";

const MINUTE = 60;

export class RecorderClock {
  /** `part(name)` finds an element; `text(name)` a text; `say` speaks it; `onLimit` ends all. */
  constructor({ root, part, text, say, onLimit }) {
    Object.assign(this, { root, part, text, say, onLimit });
    this.think = Number(root.dataset.think);
    this.answer = Number(root.dataset.answerSeconds);
    this.limit = Number(root.dataset.maxSeconds);
    this.thought = 0;
    this.spoken = 0;
    this.phase = "ready";
    this.chooseTime();
    this.isOff = recall(local, "recorder-clock") === "off";
    this.isHidden = recall(local, "clock-hidden") === true;
    part("think-start").addEventListener("click", () => this.enter("thinking"));
    part("more").addEventListener("click", () => this.more());
    part("hide").addEventListener("click", () => {
      this.isHidden = !this.isHidden;
      remember(local, "clock-hidden", this.isHidden);
      this.show();
    });
    part("off").addEventListener("click", () => {
      this.isOff = !this.isOff;
      remember(local, "recorder-clock", this.isOff ? "off" : "on");
      this.show();
    });
    window.setInterval(() => this.tick(), 250);
    this.show();
  }

  /** Offer several times for an answer, where the page has them; the choice is remembered.

      In an application the organisation has set the time: no choice from practice replaces it. */
  chooseTime() {
    const choice = this.part("answer-time");
    if (!choice) return;
    const isSet = "answerTimeSet" in choice.dataset;
    const kept = isSet ? "" : String(recall(local, "answer-time") ?? "");
    if ([...choice.options].some((option) => option.value === kept)) choice.value = kept;
    this.answer = Number(choice.value);
    choice.addEventListener("change", () => {
      if (!isSet) remember(local, "answer-time", Number(choice.value));
      this.answer = Math.max(Number(choice.value), this.spoken);
      this.show();
    });
  }

  enter(phase) {
    this.phase = phase;
    this.last = performance.now();
    this.show();
  }

  reset() {
    this.spoken = 0;
    this.answer = Number(this.part("answer-time")?.value ?? this.root.dataset.answerSeconds);
    this.enter("ready");
  }

  more() {
    if (this.phase === "thinking" || this.phase === "thought") {
      this.think = Math.max(this.think, this.thought) + MINUTE;
      this.phase = "thinking";
      this.last = performance.now();
    } else this.answer = Math.max(this.answer, this.spoken) + MINUTE;
    this.show();
  }

  tick() {
    const now = performance.now();
    const passed = (now - (this.last ?? now)) / 1000;
    this.last = now;
    if (this.phase === "thinking") {
      this.thought += passed;
      if (this.thought >= this.think && !this.isOff) {
        this.say("think-over");
        this.phase = "thought";
      }
    }
    if (this.phase === "answering") {
      const before = this.spoken;
      this.spoken += passed;
      if (before < this.answer && this.spoken >= this.answer && !this.isOff) this.say("over");
      if (this.spoken >= this.limit) this.onLimit();
    }
    this.show();
  }

  show() {
    const isThinking = this.phase === "thinking" || this.phase === "thought";
    const counts = this.isOff || ["done", "paused"].includes(this.phase);
    const seconds = isThinking ? this.think - this.thought : counts ? this.spoken : this.answer - this.spoken;
    const whole = Math.max(0, counts && !isThinking ? Math.floor(seconds) : Math.ceil(seconds));
    const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    this.write("phase", this.label(isThinking));
    this.write("time", this.isOff && this.phase !== "answering" && !this.spoken ? "" : time);
    this.part("time").hidden = this.isHidden;
    this.part("think-start").hidden = this.phase !== "ready" || this.isOff || !this.think;
    this.part("more").hidden = this.isOff;
    const box = this.part("answer-time-box");
    if (box) box.hidden = this.isOff || this.phase === "done";
    this.part("more").parentElement.hidden = this.phase === "done";
    this.part("hide").setAttribute("aria-pressed", String(this.isHidden));
    this.part("off").setAttribute("aria-pressed", String(this.isOff));
  }

  label(isThinking) {
    if (this.phase === "paused") return this.text("paused");
    if (this.phase === "done") return this.text("recorded");
    if (this.isOff) return this.phase === "answering" ? this.text("recorded") : "";
    if (isThinking) return this.text("thinking");
    if (this.phase === "ready") return this.text("ready");
    return this.text(this.spoken >= this.answer ? "over" : "answering");
  }

  write(name, value) {
    if (this.part(name).textContent !== value) this.part(name).textContent = value;
  }
}
