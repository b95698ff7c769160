import { describe, expect, it } from "vitest";
import { FULL_DIALECT, readsOf } from "../../../src/recipe/dialect.ts";
import { environmentSource, imageSource, renderDockerfile } from "../../../src/recipe/dockerfile/dockerfile.ts";
import { makeRecipe } from "../../../src/recipe/recipe.ts";
import { GOLDEN, readCase, readRecipe, TOOL } from "../bentos.ts";

describe("The Dockerfile of a Bento", () => {
  it.each(Object.entries(GOLDEN))("%s", async (name, id) => {
    const file = `golden/${name.replace(/:.*/, "")}.Dockerfile`;
    await expect(renderDockerfile(await readRecipe(id))).toMatchFileSnapshot(file);
  });

  it("uses only features that all six tools have", async () => {
    const texts = await Promise.all(Object.values(GOLDEN).map(async (id) => renderDockerfile(await readRecipe(id))));
    for (const whole of texts) {
      const [check, text = ""] = whole.split(/(?<=^# check=.*\n)/);
      expect(check).toMatch(/^# check=.*;error=true\n$/); // to others than BuildKit a comment
      expect(text).not.toMatch(/^#\s*\w+\s*=/m); // another parser directive, such as `# syntax=`
      expect(text).not.toMatch(/<</); // heredocs
      expect(text).not.toMatch(/--chmod=(?!\d)/); // symbolic modes
      expect(text).not.toMatch(/type=secret[^ ]*env=/); // secrets as variables
      expect(text).not.toMatch(/--chown=\D/); // names, which a linked layer cannot look up
      expect(text).not.toMatch(/ARG/); // values that would enter the cache key of every step
    }
  });

  it("has no linked layers if the builder does not support them", async () => {
    const recipe = await readRecipe(GOLDEN["sklearn: a model, a package index"]);
    const plain = renderDockerfile(recipe, {
      dialect: { ...FULL_DIALECT, reads: readsOf((name) => name !== "linkedCopy") },
    });
    expect(plain).not.toContain("--link");
    expect(plain).toBe(renderDockerfile(recipe).replaceAll("--link ", ""));
  });

  it("does not link a layer whose path contains two dots, which Buildah refuses", async () => {
    const { bento, models } = await readCase("sklearn iris_classifier:bkemozxfjwqs2ax4");
    const [model] = models;
    if (model?.kind !== "store") throw new Error("the fixture has another model");
    const dotted = { ...model, model: { ...model.model, tag: { name: "iris_tree", version: "1..2" } } };
    const text = renderDockerfile(makeRecipe(bento, [dotted], { buildArgs: {}, tool: TOOL }));
    expect(text).toContain(
      "\nCOPY --chown=1034:1034 --from=model-iris-tree . /home/bentoml/bento/models/iris_tree/1..2/\n",
    );
  });

  it("is the same for the same Bento in any directory", async () => {
    const id = GOLDEN["sklearn: a model, a package index"];
    const sources = [imageSource(await readRecipe(id)), imageSource(await readRecipe(id))];
    expect(sources[0]?.context).not.toBe(sources[1]?.context);
    expect(sources[0]?.dockerfile).toBe(sources[1]?.dockerfile);
  });

  it("comes with an ignore file that excludes nothing, even if the Bento has one, also for the environment", async () => {
    const recipe = await readRecipe(GOLDEN["sklearn: a model, a package index"]);
    for (const { ignore } of [imageSource(recipe), environmentSource(recipe, { dialect: FULL_DIALECT })]) {
      // A comment and no pattern: BuildKit takes an empty file for none.
      expect(ignore).toMatch(/^#.*\n$/);
    }
  });

  it("applies BentoML's build arguments everywhere", async () => {
    const buildArgs = {
      BENTO_USER: "app",
      BENTO_USER_UID: "2000",
      BENTO_USER_GID: "2001",
      BENTO_PATH: "/opt/acme/bento",
    };
    const recipe = await readRecipe(GOLDEN["minimal: the least a Bento has"], buildArgs);
    const text = renderDockerfile(recipe);
    expect(text).not.toMatch(/1034|\/home\/bentoml|USER bentoml/);
    expect(text).toContain("chown 0:0 /home /opt /opt/acme;");
    expect(text).toContain("chown 2000:2001 /home/app /opt/acme/bento;");
    expect(text).toContain('ENTRYPOINT ["/opt/acme/bento/env/docker/entrypoint.sh"]');
    expect(recipe.resolvedBuildArgs).toEqual(Object.keys(buildArgs));
  });
});
