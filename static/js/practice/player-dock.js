/* Keeps a film in sight: off the screen it plays on in a corner, small, until it is closed.

   Nothing on the page moves, and the focus stays where it is: the film's place is kept for it. */

const SEEN = 0.4; // share of the film that must be on the screen for it to count as seen

export class Dock {
  /** `part(name)` finds an element of the player; `rest` has the focus when nothing else can. */
  constructor(part, rest) {
    Object.assign(this, { media: part("media"), frame: part("frame"), box: part("dock"), rest });
    this.closing = part("close");
    this.isSeen = true;
    this.isWanted = false;
    this.media.addEventListener("play", () => this.want());
    this.closing.addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    const look = ([entry]) => this.see(entry.intersectionRatio >= SEEN);
    new IntersectionObserver(look, { threshold: SEEN }).observe(this.frame);
  }

  want() {
    this.isWanted = true;
    this.show();
  }

  /** A film that was stopped stays where it is when the page is scrolled away from it. */
  see(isSeen) {
    if (this.isSeen && !isSeen) this.isWanted = !this.media.paused;
    this.isSeen = isSeen;
    this.show();
  }

  /** `from` is what was pressed to play; the focus goes back there. */
  close() {
    if (!this.isDocked) return;
    const hadFocus = this.box.contains(document.activeElement);
    this.media.pause();
    this.isWanted = false;
    this.show();
    if (hadFocus) (this.from ?? this.rest).focus({ preventScroll: true });
  }

  show() {
    const isDocked = this.isWanted && !this.isSeen;
    if (isDocked === Boolean(this.isDocked)) return;
    this.isDocked = isDocked;
    this.frame.style.minHeight = isDocked ? `${this.frame.offsetHeight}px` : "";
    this.box.classList.toggle("player__dock--away", isDocked);
    this.closing.hidden = !isDocked;
  }
}
