// For Node: reads the module that lies beside this file.
import { readFileSync } from "node:fs";

import { initSync } from "./wasm_thumb.js";

initSync({ module: readFileSync(new URL("./wasm_thumb_bg.wasm", import.meta.url)) });

export { inspect, position, thumbnail } from "./wasm_thumb.js";
