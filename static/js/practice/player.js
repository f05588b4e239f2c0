/* Ties a recording to its drawing: the line follows the recording, and the drawing moves it.

   The drawing itself is made by the server and is there without this script. */

import { Dock } from "./player-dock.js";

const STEP = 1; // seconds of an arrow key
const LEAP = 10; // of page up and down

const root = document.querySelector("[data-player]");

/** Minutes and seconds, rounded down. */
function clock(seconds) {
  const whole = Math.floor(Math.max(seconds, 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

class Player {
  constructor(element) {
    this.part = (name) => element.querySelector(`[data-player-${name}]`);
    this.duration = Number(element.dataset.duration);
    this.media = this.part("media");
    this.slider = this.part("slider");
    this.line = this.part("line");
    this.now = this.part("now");
    this.said = JSON.parse(this.part("said").textContent);
    for (const name of ["slider", "line", "now", "help"]) this.part(name).hidden = false;
    this.dock = this.part("frame") && new Dock(this.part, this.slider);
    this.listen();
    this.show();
  }

  listen() {
    for (const name of ["timeupdate", "seeking", "seeked"]) {
      this.media.addEventListener(name, () => this.show());
    }
    this.media.addEventListener("play", () => this.follow());
    const sayBroken = () => (this.part("broken").hidden = false);
    this.media.addEventListener("error", sayBroken);
    if (this.media.error) sayBroken(); // it may have failed before this script came
    this.slider.addEventListener("keydown", (event) => this.press(event));
    this.slider.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.slider.setPointerCapture(event.pointerId);
      this.point(event);
    });
    this.slider.addEventListener("pointermove", (event) => {
      if (this.slider.hasPointerCapture(event.pointerId)) this.point(event);
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-seek]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (this.dock) this.dock.from = link;
      this.seek(Number(link.dataset.seek));
      this.play();
    });
  }

  /** Play; a browser may refuse, and then its own button remains. */
  play() {
    this.media.play().catch(() => {});
  }

  /** Move the line with every frame while the sound plays: `timeupdate` comes too seldom. */
  follow() {
    if (this.media.paused) return;
    this.show();
    requestAnimationFrame(() => this.follow());
  }

  point(event) {
    const box = this.slider.getBoundingClientRect();
    this.seek(((event.clientX - box.left) / box.width) * this.duration);
  }

  seek(seconds) {
    // The very end would count as having ended, and the next play would start anew.
    this.media.currentTime = Math.min(Math.max(seconds, 0), Math.max(0, this.duration - 0.05));
    this.show();
  }

  press(event) {
    const to = {
      ArrowRight: this.media.currentTime + STEP,
      ArrowUp: this.media.currentTime + STEP,
      ArrowLeft: this.media.currentTime - STEP,
      ArrowDown: this.media.currentTime - STEP,
      PageUp: this.media.currentTime + LEAP,
      PageDown: this.media.currentTime - LEAP,
      Home: 0,
      End: this.duration,
    }[event.key];
    if (to !== undefined) this.seek(to);
    else if (event.key === " " || event.key === "Enter") {
      if (this.media.paused) this.play();
      else this.media.pause();
    } else return;
    event.preventDefault();
  }

  show() {
    const now = Math.min(this.media.currentTime, this.duration);
    this.line.style.left = `${(100 * now) / this.duration}%`;
    const moment = this.said.find(([start, end]) => start <= now && now < end);
    const place = this.slider.dataset.of.replace("{now}", clock(now));
    const text = moment ? `${place}: ${moment[2]}` : place;
    if (this.now.textContent === text) return;
    this.now.textContent = text;
    this.slider.setAttribute("aria-valuenow", String(Math.floor(now)));
    this.slider.setAttribute("aria-valuetext", text);
  }
}

if (root) new Player(root);
