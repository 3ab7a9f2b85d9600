// For browsers and workers: fetches the module that lies beside this file.
import init from "./wasm_thumb.js";

// Named here, where bundlers see it too: the generated file knows no address of its own.
await init({ module_or_path: new URL("./wasm_thumb_bg.wasm", import.meta.url) });

export { inspect, position, thumbnail } from "./wasm_thumb.js";
