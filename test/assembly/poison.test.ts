import { expect, it } from "vitest";
import type { Evil, Place } from "../fakes/attacker.ts";
import { evilIn, manifestOf, PLACES, pushEvilCopy, tagsAt } from "../fakes/attacker.ts";
import { makeGround } from "./ground.ts";
import { ROWS } from "./poison-matrix.ts";

it.each(Object.entries(ROWS))(
  "A release with %s, whose repository somebody else writes to, has no layers of theirs but those that the documents say",
  async (_, { inputs, believed }) => {
    const ground = await makeGround();
    const given = inputs(ground.name("acme/cache"));
    const { "if-exists": _skip, "no-cache": _anew, "verify-models": _verify, ...cache } = given;
    // What there is to be copied, and what is in the cache of the release.
    await ground.run({ tags: ground.name("acme/honest:1") });
    const { digest: honest } = await ground.run({ ...cache, tags: ground.name("acme/honest:1") });
    const left = [...(ground.fake.manifests.get("acme/honest")?.keys() ?? [])];
    const found: Partial<Record<Place, readonly Evil[]>> = {};
    for (const place of PLACES) {
      const release = ground.name(`acme/${place.replace(" ", "-")}`);
      for (const tag of tagsAt(place, left, "1")) {
        await pushEvilCopy(ground.name(`acme/honest:${tag}`), `${release}:${tag}`);
      }
      const { digest } = await ground.run({ ...given, tags: `${release}:1` });
      found[place] = evilIn(await manifestOf(`${release}:1`));
      if (found[place].length === 0) expect(digest).toBe(honest);
    }
    expect(found).toEqual(believed);
  },
);
