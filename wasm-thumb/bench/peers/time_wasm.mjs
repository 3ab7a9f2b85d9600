// The engine's npm package under Node. The argument is the package's folder.

import { pathToFileURL } from "node:url";

import { converse } from "./worker.mjs";

const { thumbnail } = await import(pathToFileURL(`${process.argv[2]}/node.js`));

await converse(`Node ${process.versions.node}`, (bytes) => thumbnail(bytes).bytes);
