// For browsers and workers: fetches the module that lies beside this file.
import init from "./wasm_thumb.js";

await init();

export { inspect, thumbnail } from "./wasm_thumb.js";
