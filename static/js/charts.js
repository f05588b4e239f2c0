/* Draws the page's charts from the Vega-Lite specifications in it.

   Specifications name styles ("own", "others" ...), never colours: those are read here from the
   style sheet, so charts follow light and dark. Expressions are interpreted, not compiled, because
   the page's security policy forbids making code from text. */

import { View, compile, expressionInterpreter, parse } from "../vendor/vega/vega.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross"];

/** The colours and fonts of the style sheet, as a Vega-Lite configuration. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const [ink, muted, line, surface] = ["ink", "muted", "line", "surface"].map(colour);
  const [own, others] = ["chart-own", "chart-others"].map(colour);
  const text = { labelColor: ink, titleColor: muted, labelFontSize: 13, titleFontSize: 13, titleFontWeight: 400 };
  return {
    aria: false,
    background: null,
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: { ...text, domainColor: line, tickColor: line, gridColor: line, titlePadding: 10 },
    legend: { ...text, symbolSize: 110, symbolStrokeWidth: 0 },
    range: { category: [1, 2, 3, 4, 5].map((index) => colour(`series-${index}`)), symbol: SHAPES },
    style: {
      own: { filled: true, color: own, stroke: surface, strokeWidth: 2, opacity: 1 },
      ownbar: { color: own },
      ownrule: { color: own, strokeWidth: 2 },
      others: { color: others },
      spread: { color: others, fillOpacity: 0.28 },
      bars: { color: others },
      spreadrule: { color: ink, strokeWidth: 1.5 },
      track: { color: line, strokeWidth: 1 },
      line: { color: own, strokeWidth: 2 },
    },
  };
}

/** A drawing in its place on the page: drawn when first seen, again when colours or width change. */
class Drawing {
  constructor(element) {
    this.element = element;
    this.spec = JSON.parse(element.querySelector("script").textContent);
    this.width = 0;
    this.canvas = document.createElement("div");
    this.canvas.setAttribute("aria-hidden", "true"); // the label of the element around it speaks
    element.append(this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** Draw; nothing is done while the place is folded away or as wide as before. */
  async draw({ again = false } = {}) {
    const width = Math.floor(this.canvas.clientWidth);
    if (width === 0 || (width === this.width && !again)) return;
    this.width = width;
    const { spec } = compile({ ...this.spec, width }, { config: theme() });
    const runtime = parse(spec, null, { ast: true });
    this.view?.finalize();
    this.view = new View(runtime, {
      container: this.canvas,
      expr: expressionInterpreter,
      renderer: "svg",
      hover: false,
    });
    await this.view.runAsync();
  }
}

const drawings = [...document.querySelectorAll("[data-chart]")].map((element) => {
  element.hidden = false;
  const figure = element.closest("figure");
  figure.querySelector("[data-chart-key]")?.removeAttribute("hidden");
  figure.querySelector("[data-chart-table]").open = false;
  return new Drawing(element);
});

dark.addEventListener("change", () => drawings.forEach((drawing) => drawing.draw({ again: true })));
