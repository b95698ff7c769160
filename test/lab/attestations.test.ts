import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { run as command } from "./command.ts";
import { heldBy, type Index } from "./image.ts";
import { succeed } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** Of this run alone. */
const run = randomUUID();

let lab: Lab;
let tiny: TinyBento;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
});

afterAll(() => rm(tiny.home, { recursive: true }));

describe("a provenance", () => {
  it.each(["docker", "buildx", "nerdctl", "buildctl"] as const)(
    "by %s hangs in the index, over the same manifest",
    async (name) => {
      const tags = `${lab.registry}/attestations/${run}/${name}:provenance`;
      const { inputs, env } = lab.backends[name];
      const outputs = await succeed(
        {
          ...{ ...inputs, bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags },
          ...{ provenance: "mode=max", annotations: "index:com.example.a=b" },
        },
        env,
      );
      const { digest, manifest: index } = await heldBy<Index>(tags);
      expect(outputs["digest"]).toBe(digest);
      expect(index).toMatchObject({ annotations: { "com.example.a": "b" } });
      const [image, attestation, ...others] = index.manifests;
      expect(others).toEqual([]);
      expect(JSON.parse(outputs["digests"] ?? "")).toMatchObject({ "linux/amd64": { digest: image?.digest } });
      const repository = tags.replace(/:provenance$/, "");
      const { manifest } = await heldBy(`${repository}@${attestation?.digest}`);
      const statement = await fetch(
        `http://${lab.registry}/v2/attestations/${run}/${name}/blobs/${manifest.layers[0]?.digest}`,
      );
      expect(await statement.json()).toMatchObject({
        predicateType: expect.stringMatching(/^https:\/\/slsa\.dev\/provenance\//),
        subject: expect.arrayContaining([
          expect.objectContaining({ digest: { sha256: image?.digest.replace("sha256:", "") } }),
        ]),
      });
      // What reads it in the field: https://docs.docker.com/build/metadata/attestations/slsa-provenance/
      const inspect = ["buildx", "imagetools", "inspect", tags, "--format", "{{json .Provenance}}"] as const;
      expect(JSON.parse(await command(["docker", ...inspect], { env: lab.env }))).toHaveProperty("SLSA");
    },
  );
});
