import init from "{{worker_glue.js}}";
init({ module_or_path: "{{worker.wasm}}" });
