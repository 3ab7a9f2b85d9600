import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { DEFAULTS, breakEven, containers, levers, serverless } from "./cost.mjs";

const here = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const prices = JSON.parse(here("prices.json"));
const nothing = { ...DEFAULTS, images: 0, gallery_views: 0, originals_downloaded: 0 };
const near = (got, wanted) => assert.ok(Math.abs(got - wanted) < 1e-6 * Math.max(1, wanted), `${got}, not ${wanted}`);

test("every price says where it was seen, or that nobody has looked it up", () => {
    for (const [name, { seen, from_memory, ...figures }] of Object.entries(prices).filter(([, part]) => typeof part === "object")) {
        assert.deepEqual([...Object.keys(seen), ...from_memory].sort(), Object.keys(figures).sort(), name);
        assert.ok(Object.values(seen).every((place) => /^\S+\.\S+, (undated|\d{4})/.test(place)), name);
    }
});

test("the sizes are those that Terraform sets up", () => {
    const variables = here("../terraform/variables.tf");
    const of = (name) => Number(variables.match(new RegExp(`variable "${name}"[^}]*?default\\s*=\\s*(\\d+)`))[1]);
    assert.equal(DEFAULTS.processor_memory_mb, of("processor_memory_mb"));
    assert.equal(DEFAULTS.batch, of("batch_size"));
    assert.equal(DEFAULTS.api_memory_mb, Number(here("../terraform/functions.tf").match(/memory_size\s*=\s*(\d+)/)[1]));
    assert.equal(here("../terraform/observability.tf").match(/^ {6}why /gm).length, 8);
});

test("what nobody uses costs nothing, and containers cost the same", () => {
    near(serverless(nothing, prices).total, 0);
    assert.ok(containers(nothing, prices).total > 70);
});

test("sums worked out by hand", () => {
    const use = { ...DEFAULTS, free_tier: false, tiering: false, retention_months: 2, images: 1_000_000, original_mb: 2, gallery_views: 0, originals_downloaded: 0 };
    const { lines } = serverless(use, prices);
    // 2 TB a month, two months of them, at 0.023 a GB.
    near(lines["originals kept"], 92);
    // 1,000,000 × 3.2 kB × 2 = 6.4 GB.
    near(lines["thumbnails and entries kept"], 6.4 * 0.023);
    // 200,000 signings and 3,000,000 polls, at 1 a million.
    near(lines.API, 3.2);
    // 250 ms × 1769/1024 GB × 1,000,000 and 30 ms × 0.5 GB × 3,200,000; 250,000 and 3,200,000 calls.
    near(lines.functions, (431_884.765625 + 48_000) * 0.0000133334 + 3.45 * 0.2);
});

test("originals get cheaper as they age", () => {
    const kept = (tiering, retention_months) => serverless({ ...DEFAULTS, tiering, retention_months }, prices).lines["originals kept"];
    assert.ok(kept(true, 12) < 0.6 * kept(false, 12));
    assert.ok(kept(true, 1) > kept(false, 1), "in the first month watching costs more than it saves");
});

test("more of anything never costs less", () => {
    for (const field of ["images", "original_mb", "gallery_views", "originals_downloaded", "retention_months", "processor_ms", "api_ms"]) {
        for (const model of [serverless, containers]) {
            let before = -1;
            for (const by of [0.1, 0.5, 1, 3, 10, 100]) {
                const { total } = model({ ...DEFAULTS, [field]: DEFAULTS[field] * by }, prices);
                assert.ok(total >= before, `${model.name}: ${field} × ${by}`);
                before = total;
            }
        }
    }
});

test("levers lower the costs by what they say", () => {
    const use = { ...DEFAULTS, waf: true, tiering: false };
    const found = levers(use, prices);
    assert.ok(found.length >= 3 && found[0].saves >= found.at(-1).saves);
    const waf = found.find(({ what }) => what.includes("web ACL"));
    near(waf.saves, serverless(use, prices).total - serverless({ ...use, waf: false }, prices).total);
    assert.ok(found.every(({ saves }) => saves > 0));
});

test("functions are cheaper for few images, and containers for very many", () => {
    const at = breakEven(DEFAULTS, prices);
    assert.ok(at === null || at > 1_000_000, String(at));
    assert.ok(serverless(DEFAULTS, prices).total < containers(DEFAULTS, prices).total);
});
