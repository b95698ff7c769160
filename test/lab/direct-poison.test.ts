import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROWS } from "../assembly/poison-matrix.ts";
import { type Evil, evilIn, manifestOf, PLACES, type Place, pushEvilCopy, tagsAt } from "../fakes/attacker.ts";
import { type Lab, openLab } from "./backends.ts";
import { heldBy, tagsOf } from "./image.ts";
import { type Inputs, succeed } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** Somebody may push to the repository that a release goes to, and knows all that honest runs leave. */
let lab: Lab;
let tiny: TinyBento;
/** Of this run alone. */
let root: string;
let honest: string;

beforeAll(async () => {
  lab = await openLab();
  tiny = await unpackTiny();
  root = `${lab.registry}/poison/${randomUUID()}`;
  await pushTinyBase(lab);
  honest = await release(`${root}/honest`);
});

afterAll(() => rm(tiny.home, { recursive: true }));

async function release(repository: string, given: Inputs = {}): Promise<string> {
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags: `${repository}:1` };
  const { digest = "" } = await succeed({ ...lab.backends.buildctl.inputs, ...common, ...given }, lab.env);
  expect(digest).toBe((await heldBy(`${repository}:1`)).digest);
  return digest;
}

/** The others are in the unit tests: the same code, without a registry of another make. */
const HERE = ["default", "own cache", "off", "no-cache", "verify-models", "own cache, if-exists: skip", "cache-key"];

describe.each(Object.entries(ROWS).filter(([name]) => HERE.includes(name)))(
  "a release with %s",
  (name, { inputs, believed }) => {
    it("has no layers of somebody else but those that the documents say", async () => {
      const given = inputs(`${root}/cache`);
      const { "if-exists": _skip, "no-cache": _anew, "verify-models": _verify, ...cache } = given;
      // What is in the cache of the release, and what there is to be copied.
      if (Object.keys(cache).length > 0) await release(`${root}/honest`, cache);
      const tags = await tagsOf(`${root}/honest`);
      const attack = async (place: Place): Promise<readonly [Place, readonly Evil[]]> => {
        const repository = `${root}/${name.replaceAll(/[^a-z]+/g, "-")}/${place.replace(" ", "-")}`;
        for (const tag of tagsAt(place, tags, "1")) await pushEvilCopy(`${root}/honest:${tag}`, `${repository}:${tag}`);
        const digest = await release(repository, given);
        const evil = evilIn(await manifestOf(`${repository}:1`));
        if (evil.length === 0) expect(digest).toBe(honest);
        return [place, evil];
      };
      expect(Object.fromEntries(await Promise.all(PLACES.map(attack)))).toEqual(believed);
    });
  },
);
