// What the pages need of Vega, as one module; see README.md beside it.
export { parse, View } from "vega";
export { compile } from "vega-lite";
export { expressionInterpreter } from "vega-interpreter";
