/* What the camera sees: the picture of oneself, which can be hidden, and a hint about the light.

   The light is measured here, from a few pixels of the preview; nothing of it leaves this device. */

import { local, recall, remember } from "./storage.js";

const WIDTH = 32;
const HEIGHT = 24;
const PAUSE = 600;
// The oval, in shares of the picture; the drawn one has the same place.
const OVAL = { x: 0.5, y: 0.45, across: 0.15, down: 0.27 };
// Grey values from 0 to 255. Dark skin in good light is no darkness: what counts is the whole picture.
const DARK = 50;
const BRIGHT = 225;
const BEHIND = { face: 105, difference: 70 };

export class Camera {
  /** `part(name)` finds an element, `text(name)` a text. */
  constructor({ part, text }) {
    Object.assign(this, { part, text });
    this.canvas = document.createElement("canvas");
    Object.assign(this.canvas, { width: WIDTH, height: HEIGHT });
    this.pixels = this.canvas.getContext("2d", { willReadFrequently: true });
    this.isHidden = recall(local, "self-view") === "hidden";
    part("self-view-toggle").addEventListener("click", () => {
      this.isHidden = !this.isHidden;
      remember(local, "self-view", this.isHidden ? "hidden" : "shown");
      this.showView();
    });
    this.showView();
  }

  /** A hidden picture is clipped, not taken away, so that its light can still be measured. */
  showView() {
    this.part("self-view").classList.toggle("visually-hidden", this.isHidden);
    this.part("self-view-toggle").setAttribute("aria-pressed", String(this.isHidden));
  }

  show(stream) {
    const view = this.part("view");
    if (view.srcObject !== stream) view.srcObject = stream;
    view.play().catch(() => {});
    this.part("camera-box").hidden = false;
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => this.look(), PAUSE);
  }

  close() {
    window.clearInterval(this.timer);
    this.part("view").srcObject = null;
    this.part("camera-box").hidden = true;
  }

  /** Only what is seen twice in a row is said: a hand before the lens is no darkness. */
  look() {
    const view = this.part("view");
    if (view.readyState < view.HAVE_CURRENT_DATA) return;
    this.pixels.drawImage(view, 0, 0, WIDTH, HEIGHT);
    const light = judge(this.pixels.getImageData(0, 0, WIDTH, HEIGHT).data);
    if (light === this.seen && light !== this.said) this.say(light);
    this.seen = light;
  }

  say(light) {
    this.said = light;
    const [word, hint] = [this.text(`light-${light}`), this.text(`light-${light}-hint`)];
    this.part("light").textContent = word;
    this.part("light").classList.toggle("badge--good", light === "good");
    this.part("light-hint").textContent = hint;
    this.part("light-said").textContent = `${word}. ${hint}`;
  }
}

/** Return how the light is, from the grey values in the oval and around it. */
function judge(data) {
  const sums = { inside: 0, outside: 0 };
  const counts = { inside: 0, outside: 0 };
  for (let index = 0; index < WIDTH * HEIGHT; index += 1) {
    const x = ((index % WIDTH) + 0.5) / WIDTH - OVAL.x;
    const y = (Math.floor(index / WIDTH) + 0.5) / HEIGHT - OVAL.y;
    const where = (x / OVAL.across) ** 2 + (y / OVAL.down) ** 2 <= 1 ? "inside" : "outside";
    const at = 4 * index;
    sums[where] += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    counts[where] += 1;
  }
  const face = sums.inside / counts.inside;
  const around = sums.outside / counts.outside;
  if (face < BEHIND.face && around - face > BEHIND.difference) return "backlit";
  if (face < DARK && around < DARK) return "dark";
  return face > BRIGHT ? "bright" : "good";
}
