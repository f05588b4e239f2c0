/* Ties a recording to its picture: the line follows the sound, and the picture moves the sound.

   The picture itself is drawn by the server and is there without this script. */

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
    this.audio = this.part("audio");
    this.slider = this.part("slider");
    this.line = this.part("line");
    this.now = this.part("now");
    this.said = JSON.parse(this.part("said").textContent);
    for (const name of ["slider", "line", "now", "help"]) this.part(name).hidden = false;
    this.listen();
    this.show();
  }

  listen() {
    for (const name of ["timeupdate", "seeking", "seeked"]) {
      this.audio.addEventListener(name, () => this.show());
    }
    this.audio.addEventListener("play", () => this.follow());
    const sayBroken = () => (this.part("broken").hidden = false);
    this.audio.addEventListener("error", sayBroken);
    if (this.audio.error) sayBroken(); // it may have failed before this script came
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
      this.seek(Number(link.dataset.seek));
      this.play();
    });
  }

  /** Play; a browser may refuse, and then its own button remains. */
  play() {
    this.audio.play().catch(() => {});
  }

  /** Move the line with every frame while the sound plays: `timeupdate` comes too seldom. */
  follow() {
    if (this.audio.paused) return;
    this.show();
    requestAnimationFrame(() => this.follow());
  }

  point(event) {
    const box = this.slider.getBoundingClientRect();
    this.seek(((event.clientX - box.left) / box.width) * this.duration);
  }

  seek(seconds) {
    // The very end would count as having ended, and the next play would start anew.
    this.audio.currentTime = Math.min(Math.max(seconds, 0), Math.max(0, this.duration - 0.05));
    this.show();
  }

  press(event) {
    const to = {
      ArrowRight: this.audio.currentTime + STEP,
      ArrowUp: this.audio.currentTime + STEP,
      ArrowLeft: this.audio.currentTime - STEP,
      ArrowDown: this.audio.currentTime - STEP,
      PageUp: this.audio.currentTime + LEAP,
      PageDown: this.audio.currentTime - LEAP,
      Home: 0,
      End: this.duration,
    }[event.key];
    if (to !== undefined) this.seek(to);
    else if (event.key === " " || event.key === "Enter") {
      if (this.audio.paused) this.play();
      else this.audio.pause();
    } else return;
    event.preventDefault();
  }

  show() {
    const now = Math.min(this.audio.currentTime, this.duration);
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
