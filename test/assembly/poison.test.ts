import { expect, it } from "vitest";
import type { Evil, Place } from "../fakes/attacker.ts";
import { evilIn, manifestOf, PLACES, pushEvilCopy, tagsAt } from "../fakes/attacker.ts";
import { ROWS } from "./poison-matrix.ts";
import { makeSetting } from "./setting.ts";

it.each(Object.entries(ROWS))(
  "A release with %s contains no layers of an attacker who can push to its repository, except the documented ones",
  async (_, { inputs, believed }) => {
    const setting = await makeSetting();
    const given = inputs(setting.name("acme/cache"));
    const { "if-exists": _skip, "no-cache": _anew, "verify-models": _verify, ...cache } = given;
    // The attacker's layers, and the cache of the release.
    await setting.run({ tags: setting.name("acme/honest:1") });
    const { digest: honest } = await setting.run({ ...cache, tags: setting.name("acme/honest:1") });
    const left = [...(setting.fake.manifests.get("acme/honest")?.keys() ?? [])];
    const found: Partial<Record<Place, readonly Evil[]>> = {};
    for (const place of PLACES) {
      const release = setting.name(`acme/${place.replace(" ", "-")}`);
      for (const tag of tagsAt(place, left, "1")) {
        await pushEvilCopy(setting.name(`acme/honest:${tag}`), `${release}:${tag}`);
      }
      const { digest } = await setting.run({ ...given, tags: `${release}:1` });
      found[place] = evilIn(await manifestOf(`${release}:1`));
      if (found[place].length === 0) expect(digest).toBe(honest);
    }
    expect(found).toEqual(believed);
  },
);
