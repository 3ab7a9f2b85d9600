// sharp: one thread, no cache of operations. NODE_PATH does not hold for modules, hence the folder as an argument.

import { createRequire } from "node:module";

import { converse } from "./worker.mjs";

const sharp = createRequire(`${process.argv[2]}/`)("sharp");
sharp.cache(false);
sharp.concurrency(1);

await converse(`${sharp.versions.sharp} (libvips ${sharp.versions.vips})`, (bytes) =>
  sharp(bytes).autoOrient().resize(100, 100, { fit: "cover" }).flatten({ background: "white" }).jpeg({ quality: 80 }).toBuffer(),
);
