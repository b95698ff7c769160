import { expect, it } from "vitest";
import { findEnvironment } from "../../src/assembly/environment.ts";
import { environmentTag } from "../../src/assembly/names.ts";
import { digestOf } from "../../src/image/digest.ts";
import { parseReference } from "../../src/image/reference.ts";
import { openTestRegistries } from "../registry/fixture.ts";
import { environmentConfig, MANIFEST, storeBlob, storeManifest } from "./environments.ts";
import { hasTag, makeGround } from "./ground.ts";

it("An environment of so many layers that no engine takes the image is found out before a tag is written", async () => {
  const ground = await makeGround();
  const { fake } = ground;
  const names = Array.from({ length: 127 }, (_, index) => `layer ${index}`);
  const run = ground.run(
    {},
    {
      build: async ({ key, platform }) => {
        const rootfs = { type: "layers", diff_ids: names.map((name) => digestOf(`${name}, unpacked`)) };
        const history = names.map((name) => ({ created_by: name }));
        const config = JSON.stringify({ ...environmentConfig(key, platform), rootfs, history });
        const layers = names.map((name) =>
          storeBlob(fake, "acme/iris", "application/vnd.oci.image.layer.v1.tar+gzip", name),
        );
        const described = storeBlob(fake, "acme/iris", "application/vnd.oci.image.config.v1+json", config);
        storeManifest(fake, "acme/iris", environmentTag(key), MANIFEST, { config: described, layers });
        const repository = parseReference(ground.name("acme/iris"));
        const found = await findEnvironment(openTestRegistries(), repository, key, platform);
        if (found === undefined) throw new Error("the environment is not there");
        return found;
      },
    },
  );
  await expect(run).rejects.toMatchObject({ class: "input", code: "TooManyLayers" });
  expect(hasTag(ground, "acme/iris:1")).toBe(false);
});
