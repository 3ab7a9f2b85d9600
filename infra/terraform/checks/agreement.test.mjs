// What stands both in Terraform and in the code has to be the same in both.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { test } from "node:test";

const place = (path) => new URL(`../../../${path}`, import.meta.url);
const read = (path) => {
    if (!statSync(place(path)).isDirectory()) {
        return readFileSync(place(path), "utf8");
    }
    // Of a folder all Rust, since constants move.
    const names = readdirSync(place(path), { recursive: true }).filter((name) => name.endsWith(".rs")).sort();
    return names.map((name) => readFileSync(place(`${path}/${name}`), "utf8")).join("\n");
};
const find = (path, pattern) => {
    const found = read(path).match(pattern);
    assert.ok(found, `${path} has no ${pattern}`);
    return found[1];
};
const whole = (text) => text.replaceAll("_", "").split("<<").map(Number).reduce((value, bits) => value * 2 ** bits);

test("the queue gives up after as many tries as the processor counts", () => {
    assert.equal(find("infra/terraform/queue.tf", /max_tries = (\d+)/), find("processor/src", /MAX_TRIES: u32 = (\d+)/));
});

test("limits begin with those of the API", () => {
    for (const [variable, constant] of [["max_upload_bytes", "DEFAULT_MAX_BYTES"], ["max_pixels", "DEFAULT_MAX_PIXELS"]]) {
        const there = find("edge-api/wire/src", new RegExp(`${constant}: u64 = ([^;]+);`));
        const here = find("infra/terraform/variables.tf", new RegExp(`variable "${variable}"[^}]*?default\\s*=\\s*(\\d+)`));
        assert.equal(Number(here), whole(there), variable);
    }
});

test("prefixes are those of the keys", () => {
    for (const [local, constant] of [["originals", "ORIGINALS"], ["thumbnails", "THUMBNAILS"], ["entries", "ENTRIES"]]) {
        const there = find("edge-api/wire/src", new RegExp(`${constant}: &str = "([^"]+)"`));
        assert.equal(find("infra/terraform/main.tf", new RegExp(`${local}\\s*= "([^"]+)"`)), there);
    }
});

test("the function waits for longer than the router, and for less than API Gateway", () => {
    const router = Number(find("edge-api/src", /REQUEST_TIMEOUT: Duration = Duration::from_secs\((\d+)\)/));
    const lambda = Number(find("infra/terraform/functions.tf", /timeout = (\d+)/));
    const gateway = Number(find("infra/terraform/api.tf", /timeout_milliseconds\s*= (\d+)/)) / 1000;
    assert.ok(router < lambda && lambda < gateway, `${router} < ${lambda} < ${gateway}`);
});

test("the header with the secret has one name", () => {
    const asked = find("edge-api/src", /ORIGIN_SECRET: HeaderName = HeaderName::from_static\("([^"]+)"\)/);
    assert.equal(find("infra/terraform/cdn.tf", /custom_header \{\s*name\s*= "([^"]+)"/), asked);
});

test("every variable of the functions is one that they read", () => {
    const functions = read("infra/terraform/functions.tf");
    const given = new Set([...functions.matchAll(/^ {8}([A-Z_]+)\s+=/gm)].map(([, name]) => name));
    const code = read("edge-api/src") + read("processor/src");
    assert.ok(given.size >= 5);
    for (const name of given) {
        assert.ok(code.includes(`"${name}"`), name);
    }
});

test("the CDN protects the page as the front on one machine does", () => {
    const front = read("infra/local/src/front");
    // Long texts are broken with a backslash.
    const text = (pattern) => front.match(pattern)[1].replace(/\\\n\s*/g, "");
    const there = text(/"(default-src 'self'[\s\S]*?)"\n/).split(";").map((part) => part.trim());
    const list = find("infra/terraform/cdn.tf", /content_security_policy = join\("; ", \[([\s\S]*?)\n {2}\]\)/);
    const here = [...list.matchAll(/^ {4}"([^"]+)",/gm)].map(([, directive]) => directive);
    assert.deepEqual(here, there.filter((directive) => !directive.startsWith("connect-src")));

    const features = find("infra/terraform/cdn.tf", /permissions_policy = join\([^[]*\[for feature in \[([\s\S]*?)\]/);
    const closed = [...features.matchAll(/"([^"]+)"/g)].map(([, feature]) => `${feature}=()`).join(", ");
    assert.equal(closed, text(/const PERMISSIONS: &str = "([\s\S]*?)";/));
});
