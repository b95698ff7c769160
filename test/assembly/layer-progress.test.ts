import { expect, it } from "vitest";
import { openBlobPresence } from "../../src/assembly/blob-presence.ts";
import type { PreparedLayer } from "../../src/assembly/prepare-layers.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { manualClock } from "../fakes/clock.ts";
import { openTestRegistries, startRegistry, testMachine } from "../registry/fixture.ts";

const MEBIBYTE = 1 << 20;
const SIZE = 100 * MEBIBYTE;

it("the upload of a model is shown every 10 s with the time left, which comes true", async () => {
  const registry = await startRegistry();
  const clock = manualClock();
  const machine = testMachine({}, undefined, undefined, clock);
  const piece = Buffer.alloc(MEBIBYTE);
  const content = Buffer.alloc(SIZE);
  const layer = {
    title: "model iris:1",
    origin: "hashed",
    descriptor: { mediaType: "application/octet-stream", digest: digestOf(content), size: SIZE, annotations: {} },
    async open() {
      return (async function* () {
        for (let sent = 0; sent < SIZE; sent += MEBIBYTE) {
          yield piece;
          clock.advance(490);
        }
      })();
    },
  } as unknown as PreparedLayer;
  const task = machine.actions.progress("uploading models", SIZE);
  const presence = openBlobPresence(openTestRegistries(machine), [parseReference(`${registry.host}/acme/iris:1`)]);
  await presence.upload(layer, task, machine.signal);
  expect(machine.lines).toEqual([
    "model iris:1: uploading 104.9 MB",
    "uploading models 22.0 of 104.9 MB, 21 %, 2.2 MB/s, 38 s left",
    "uploading models 43.0 of 104.9 MB, 41 %, 2.1 MB/s, 29 s left",
    "uploading models 65.0 of 104.9 MB, 62 %, 2.2 MB/s, 18 s left",
    "uploading models 86.0 of 104.9 MB, 82 %, 2.2 MB/s, 9 s left",
    expect.stringMatching(/^model iris:1: uploaded in \d/),
  ]);
  expect(clock.timers).toBe(0);
});
