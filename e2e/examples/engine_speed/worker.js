// The engine and what the browser itself offers, in turns, on a file that is already in memory.

// Not a static import: it would be waited for, and messages that come before there is a handler are lost.
const engine = import("/package/browser.js");

const SIDE = 100;
let blob;

async function scaled(resizeQuality) {
  return createImageBitmap(blob, { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality });
}

const subjects = {
  async engine() {
    const { thumbnail } = await engine;
    thumbnail(new Uint8Array(await blob.arrayBuffer()));
  },
  async bitmap_medium() {
    (await scaled("medium")).close();
  },
  async bitmap_high() {
    (await scaled("high")).close();
  },
  // What is needed for the same result: a JPEG, on white.
  async bitmap_jpeg() {
    const bitmap = await scaled("medium");
    const canvas = new OffscreenCanvas(SIDE, SIDE);
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, SIDE, SIDE);
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
  },
};
const names = Object.keys(subjects);

async function round(first) {
  const took = {};
  for (let turn = 0; turn < names.length; turn += 1) {
    const name = names[(first + turn) % names.length];
    const start = performance.now();
    try {
      await subjects[name]();
      took[name] = performance.now() - start;
    } catch (error) {
      took[name] = String(error.message ?? error);
    }
  }
  return took;
}

onmessage = async ({ data: { file, first, warm } }) => {
  if (file !== undefined) {
    try {
      await engine;
    } catch (error) {
      postMessage({ broken: String(error.message ?? error) });
      return;
    }
    blob = await (await fetch(`/file/${file}`)).blob();
    // Once, so that the blob is not somewhere else when the clock starts.
    await blob.arrayBuffer();
    // Each kind of picture has code of its own, which the browser compiles well once it has proved to be hot.
    for (let turn = 0; turn < warm; turn += 1) {
      try {
        await subjects.engine();
      } catch {
        break;
      }
    }
    postMessage([]);
  } else {
    postMessage(await round(first));
  }
};
