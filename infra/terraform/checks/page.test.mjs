// The function that CloudFront runs before its cache, run here as it is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = readFileSync(new URL("../cdn/page.js", import.meta.url), "utf8");
const context = vm.createContext({});
vm.runInContext(source, context);

function asked(uri, accept) {
    const headers = accept === undefined ? {} : { "accept-encoding": { value: accept } };
    return context.handler({ request: { uri, headers, method: "GET", querystring: {} } }).uri;
}

test("addresses within the page show the page", () => {
    for (const uri of ["/", "/gallery", "/gallery/", "/image/fe5c1a2b3c4d00112233445566778899", "/a.b/c"]) {
        assert.equal(asked(uri), "/index.html", uri);
    }
});

test("files stay what they are, so that one that is missing is an error", () => {
    for (const uri of ["/index.html", "/assets/app-0a1b2c.js", "/robots.txt", "/gallery/x.png"]) {
        assert.equal(asked(uri), uri);
    }
});

test("who takes Brotli gets what was compressed when the page was built", () => {
    for (const accept of ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, br;q=0.9", "br;q=1.0"]) {
        assert.equal(asked("/assets/app.wasm", accept), "/assets/app.wasm.br", accept);
        assert.equal(asked("/gallery", accept), "/index.html.br", accept);
    }
    for (const accept of ["", "gzip", "identity", "br;q=0", "gzip, br;q=0.0", "brotli", "*"]) {
        assert.equal(asked("/assets/app.wasm", accept), "/assets/app.wasm", accept);
    }
    assert.equal(asked("/assets/app.wasm.br", "br"), "/assets/app.wasm.br");
});
