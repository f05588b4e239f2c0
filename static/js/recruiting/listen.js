/* Ties recordings to the times beside them: a time plays its recording, a line follows the sound.

   There may be several recordings on a page; times belong to the recording of their scope. Without
   this script a time opens the recording in the browser's own player. */

class Listen {
  constructor(element) {
    this.media = element.querySelector("[data-listen-media]");
    this.line = element.querySelector("[data-listen-line]");
    this.stage = this.line && this.line.parentElement;
    this.duration = Number(element.dataset.duration);
    const broken = element.querySelector("[data-listen-broken]");
    const sayBroken = () => (broken.hidden = false);
    this.media.addEventListener("error", sayBroken);
    if (this.media.error) sayBroken(); // it may have failed before this script came
    this.media.addEventListener("play", () => this.pauseOthers());
    if (this.line) this.draw();
  }

  draw() {
    this.line.hidden = false;
    for (const name of ["timeupdate", "seeking", "seeked"]) {
      this.media.addEventListener(name, () => this.show());
    }
    this.media.addEventListener("play", () => this.follow());
    this.stage.addEventListener("click", (event) => {
      const box = this.stage.getBoundingClientRect();
      this.seek(((event.clientX - box.left) / box.width) * this.duration);
    });
    this.show();
  }

  /** Move the line with every frame while the sound plays: `timeupdate` comes too seldom. */
  follow() {
    if (this.media.paused) return;
    this.show();
    requestAnimationFrame(() => this.follow());
  }

  show() {
    const now = Math.min(this.media.currentTime, this.duration);
    this.line.style.left = `${(100 * now) / this.duration}%`;
  }

  seek(seconds) {
    this.media.currentTime = Math.max(seconds, 0);
  }

  /** Two people who speak at once cannot be judged. */
  pauseOthers() {
    for (const other of document.querySelectorAll("[data-listen-media]")) {
      if (other !== this.media) other.pause();
    }
  }
}

for (const element of document.querySelectorAll("[data-listen]")) new Listen(element);

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-seek]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const media = link.closest("[data-scope]")?.querySelector("[data-listen-media]");
  if (!media) return;
  event.preventDefault();
  media.currentTime = Number(link.dataset.seek);
  media.play().catch(() => {}); // a browser may refuse, and then its own button remains
});
