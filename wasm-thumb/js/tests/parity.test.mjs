// The package gives the bytes, or the error, that the native program gave.
//
// WASM_THUMB_PKG  the folder of the package, `…/node_modules/wasm-thumb`
// PARITY_LIST     a file with the lines that `imagasaur thumb --json` printed

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const needed = (name) => {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
};

// Imported by its name, as a user does, so that what package.json says of it is tested too.
const consumer = join(resolve(needed("WASM_THUMB_PKG")), "../../consumer.mjs");
writeFileSync(consumer, 'export * from "wasm-thumb";\n');
const { inspect, position, thumbnail } = await import(pathToFileURL(consumer));
const lines = readFileSync(needed("PARITY_LIST"), "utf8")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => JSON.parse(line));

/** What the package makes of a file, in the form of a line of the list. */
function outcome(bytes) {
  try {
    const made = thumbnail(bytes);
    const sha256 = createHash("sha256").update(made.bytes).digest("hex");
    return { ok: true, sha256, width: made.width, height: made.height, format: made.format };
  } catch (error) {
    assert.ok(error instanceof Error, `threw ${error}`);
    assert.equal(typeof error.code, "string", `threw ${error.stack}`);
    assert.ok(error.message.length > 0);
    return { ok: false, code: error.code };
  }
}

test("every file gives what it gave natively", () => {
  const count = { good: 0, bad: 0 };
  const differing = [];
  for (const { path, ok, sha256, width, height, format, error } of lines) {
    const expected = ok ? { ok, sha256, width, height, format } : { ok, code: error.code };
    const actual = outcome(readFileSync(path));
    try {
      assert.deepEqual(actual, expected);
    } catch {
      differing.push({ path, expected, actual });
    }
    count[ok ? "good" : "bad"] += 1;
  }
  assert.deepEqual(differing, []);
  assert.ok(count.good > 0, "no picture was compared");
  assert.ok(count.bad > 0, "no rejected file was compared");
  console.log(`${count.good} thumbnails and ${count.bad} errors are the same`);
});

test("inspect agrees with thumbnail on size and format", () => {
  for (const { path } of lines.filter((line) => line.ok)) {
    const bytes = readFileSync(path);
    const { sourceWidth, sourceHeight, format } = thumbnail(bytes);
    const found = inspect(bytes);
    assert.deepEqual([found.width, found.height, found.format], [sourceWidth, sourceHeight, format], path);
    assert.ok(found.orientation >= 1 && found.orientation <= 8, path);
    assert.equal(found.metadata.mediaType, `image/${format}`);
    assert.equal(found.metadata.hasPosition, position(bytes) !== undefined, path);
  }
});

test("options are checked", () => {
  const line = lines.find(({ ok }) => ok);
  const bytes = readFileSync(line.path);
  const small = thumbnail(bytes, { width: 40, height: 30, quality: 50 });
  assert.deepEqual([small.width, small.height], [40, 30]);
  assert.throws(() => thumbnail(bytes, { width: 0 }), RangeError);
  assert.throws(() => thumbnail(bytes, { height: 1.5 }), RangeError);
  assert.throws(() => thumbnail(bytes, { quality: 101 }), RangeError);
  assert.throws(() => thumbnail(bytes, { maxPixels: 1 }), { name: "Error", code: "too_many_pixels" });
});
