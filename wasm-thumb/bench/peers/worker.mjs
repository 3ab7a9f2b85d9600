// The conversation of a subject with the benchmark, for those under Node; worker.py says how it goes.

import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

export async function converse(version, thumbnail) {
  console.log(version);
  let path;
  let bytes;
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, wanted] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    if (wanted !== path) {
      [path, bytes] = [wanted, readFileSync(wanted)];
    }
    try {
      console.log((await answers[verb](thumbnail, bytes)).join(" "));
    } catch (error) {
      console.log(`error ${String(error.message).replaceAll(/\s+/g, " ")}`);
    }
  }
}

const answers = {
  async time(thumbnail, bytes) {
    const start = process.hrtime.bigint();
    const startCpu = process.cpuUsage();
    const made = await thumbnail(bytes);
    const took = process.hrtime.bigint() - start;
    const { user, system } = process.cpuUsage(startCpu);
    return [took, (user + system) * 1000, made.length];
  },

  async peak(thumbnail, bytes) {
    const before = status("VmRSS");
    // Sets the highest back to what there is now.
    writeFileSync("/proc/self/clear_refs", "5");
    await thumbnail(bytes);
    return [status("VmHWM") - before];
  },
};

function status(name) {
  const line = readFileSync("/proc/self/status", "utf8")
    .split("\n")
    .find((line) => line.startsWith(`${name}:`));
  return Number(line.split(/\s+/)[1]) * 1024;
}
