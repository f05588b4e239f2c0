/* How loud it is: seen all the time, and told now and then to those who do not see it. */

const SETTLED = 2000; // milliseconds; speech has quiet moments, so the loudest one counts
const RANKS = ["quiet", "good", "loud"];

export class Level {
  /** `part(name)` finds an element, `text(name)` a text; nothing is said unless `maySpeak()`. */
  constructor({ part, text, maySpeak }) {
    Object.assign(this, { part, text, maySpeak });
    this.said = new Set();
    this.begin();
  }

  begin() {
    this.begun = performance.now();
    this.loudest = 0;
  }

  show(level, word) {
    this.part("level").value = level;
    const name = this.text(word);
    if (this.part("level-word").textContent !== name) this.part("level-word").textContent = name;
    this.loudest = Math.max(this.loudest, RANKS.indexOf(word));
    if (performance.now() - this.begun >= SETTLED) this.settle();
  }

  /** Say each word once, and of quiet no more once somebody was heard: then it is only a pause. */
  settle() {
    const word = RANKS[this.loudest];
    const isPause = word === "quiet" && this.said.size;
    this.begin();
    if (!this.maySpeak() || isPause || this.said.has(word)) return;
    this.said.add(word);
    this.part("level-said").textContent = this.text(`level-${word}`);
  }
}
