import { expect, it } from "vitest";
import { openBlobPresence } from "../../src/assembly/blob-presence.ts";
import type { PreparedLayer } from "../../src/assembly/prepare-layers.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { manualClock } from "../fakes/clock.ts";
import { openTestRegistries, startRegistry, testMachine } from "../registry/fixture.ts";

const PIECE = 200_000;
const SIZE = 100 * PIECE;

it("the upload of a model is shown every 10 s with the time left, which comes true", async () => {
  const registry = await startRegistry();
  const clock = manualClock();
  const machine = testMachine({}, undefined, undefined, clock);
  const piece = Buffer.alloc(PIECE);
  const content = Buffer.alloc(SIZE);
  const layer = {
    title: "model iris:1",
    origin: "hashed",
    descriptor: { mediaType: "application/octet-stream", digest: digestOf(content), size: SIZE, annotations: {} },
    async open() {
      return (async function* () {
        for (let sent = 0; sent < SIZE; sent += PIECE) {
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
    "uploading models 4.2 of 20.0 MB, 21 %, 420 kB/s, 38 s left",
    "uploading models 8.2 of 20.0 MB, 41 %, 410 kB/s, 29 s left",
    "uploading models 12.4 of 20.0 MB, 62 %, 413 kB/s, 18 s left",
    "uploading models 16.4 of 20.0 MB, 82 %, 411 kB/s, 9 s left",
    "model iris:1: uploaded, 20.0 MB",
  ]);
  expect(clock.timers).toBe(0);
});
