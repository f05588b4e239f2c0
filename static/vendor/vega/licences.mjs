// Writes LICENSES.txt: the licence of every package whose code is in the bundle.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const outputs = Object.values(JSON.parse(readFileSync("meta.json", "utf8")).outputs);
const packages = new Set();
for (const [path, part] of outputs.flatMap((output) => Object.entries(output.inputs))) {
  const name = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];
  if (name && part.bytesInOutput > 0) packages.add(name);
}
const texts = [...packages].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file || !existsSync(`${folder}/${file}`)) throw new Error(`no licence text: ${name}`);
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
});
writeFileSync("LICENSES.txt", texts.join(`\n${"-".repeat(79)}\n\n`));
