// Thumbnails by sharp: 100×100, centre crop, in sRGB.
//
// `node sharp.mjs --out DIR [--quality 80] [--png] FILE…` writes `NAME.jpg`, or `NAME.png` with --png: the
// thumbnail before it is encoded. sharp is looked for in `node_modules` of the working folder.

import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

const sharp = createRequire(join(process.cwd(), "peers.js"))("sharp");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string" },
    quality: { type: "string", default: "80" },
    png: { type: "boolean", default: false },
    jpeg: { type: "boolean", default: true },
  },
});
mkdirSync(values.out, { recursive: true });
for (const file of positionals) {
  const small = sharp(file).rotate().resize(100, 100, { fit: "cover" });
  const target = join(values.out, basename(file));
  if (values.png) await small.png().toFile(`${target}.png`);
  else await small.jpeg({ quality: Number(values.quality) }).toFile(`${target}.jpg`);
}
console.log(`sharp ${sharp.versions.sharp} (libvips ${sharp.versions.vips})`);
