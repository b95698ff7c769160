import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bento } from "../../../src/bento/bento.ts";
import { ownSource, storedSource } from "../../../src/recipe/dockerfile/given-dockerfile.ts";
import { readCase } from "../bentos.ts";

const SKLEARN = "sklearn iris_classifier:bkemozxfjwqs2ax4";

async function stored(bento: Bento) {
  const path = join(bento.directory.path, "env/docker/Dockerfile");
  return { path, text: await readFile(path, "utf8"), buildArgs: {} };
}

function given(text: string) {
  return { path: "/checkout/Dockerfile", text, buildArgs: {} };
}

describe("The Dockerfile that is stored in a Bento", () => {
  it("is built unchanged, with the models copied after the files of the Bento", async () => {
    const { bento, models } = await readCase(SKLEARN);
    const file = await stored(bento);
    const source = storedSource(bento, models, file);
    const added = [
      "# The models, straight from where they lie.",
      "COPY --chown=bentoml:bentoml --from=model-iris-tree . ./models/iris_tree/bhba7qxfjwjd2ax4/",
      "COPY --chown=bentoml:bentoml --from=generated bento ./",
    ].join("\n");
    const anchor = "COPY --chown=bentoml:bentoml . ./";
    expect(source.dockerfile).toBe(file.text.replace(anchor, `${anchor}\n${added}`));
    expect(source.base).toBe("python:3.11-slim");
    expect(source.contexts).toEqual([{ name: "model-iris-tree", directory: models[0]?.directory }]);
    expect(source.generated.map(({ path }) => path)).toEqual([
      "bento",
      "bento/hf-models",
      "bento/models",
      "bento/models/iris_tree",
      "bento/models/iris_tree/latest",
    ]);
  });

  it("copies the models in the Bento itself without further instructions", async () => {
    const { bento, models } = await readCase(SKLEARN);
    const inside = models.map((model) => (model.kind === "store" ? { ...model, origin: "bento" as const } : model));
    const source = storedSource(bento, inside, await stored(bento));
    expect(source.contexts).toEqual([]);
    expect(source.dockerfile).not.toContain("--from=model");
  });

  it("is the rendered template of a Bento that has one", async () => {
    const { bento, models } = await readCase("v1-template templater:itruraxfjwvnkax4");
    const source = storedSource(bento, models, await stored(bento));
    expect(source.dockerfile).toContain('RUN echo "added by the template" > /opt/template');
    expect(source.dockerfile).toContain('LABEL made.by="template"');
  });

  it("loses its syntax directive, for which the builder would download a frontend", async () => {
    const { bento } = await readCase("minimal greeter:az3yh3hfjwpwwax4");
    const text = "# syntax = docker/dockerfile:1.2.1\nFROM python:3.11-slim\nCOPY . ./\n";
    expect(storedSource(bento, [], given(text)).dockerfile).toContain(
      "# The builder's own frontend reads this.\nFROM python:3.11-slim\nCOPY . ./\n",
    );
    expect(storedSource(bento, [], given(text)).dockerfile).not.toContain("syntax");
    const inert = `\n${text}`;
    expect(storedSource(bento, [], given(inert)).dockerfile).toContain(inert);
  });

  it.each([
    ["in another case, with blanks", "#\tSYNTAX  =  evil:1  \r\n"],
    ["after another directive, which stays", "# escape=`\n# syntax=evil:1\n", "# escape=`\n"],
    ["twice", "# syntax=evil:1\n# syntax=evil:2\n"],
    ["after a byte order mark", "\ufeff# syntax=evil:1\n", "\ufeff"],
    ["after the line of an interpreter", "#!/usr/bin/env x\n# syntax=evil:1\n", "#!/usr/bin/env x\n"],
    ["that would become active without the one before it", "# syntax=evil:1\n#!x\n# syntax=evil:2\n"],
    ["after slashes", "// syntax=evil:1\n"],
    ["after a character that is white space only in Go", "#\u0085syntax=evil:1\n"],
  ])("loses a syntax directive %s", async (_, head, first = "") => {
    const { bento } = await readCase("minimal greeter:az3yh3hfjwpwwax4");
    const { dockerfile } = storedSource(bento, [], given(`${head}FROM a\nCOPY . ./\n`));
    expect(dockerfile.startsWith(`${first}# The builder's own frontend reads this.\n`)).toBe(true);
    expect(dockerfile).not.toContain("evil:1");
    expect(dockerfile).toContain("FROM a\nCOPY . ./\n");
  });

  it("keeps the build secrets that it mounts", async () => {
    const { bento } = await readCase("envs env_zoo:ceqyynhfjw5b6ax4");
    const source = storedSource(bento, [], await stored(bento));
    expect(source.secrets).toEqual([
      { name: "BUILD_ONLY", declared: "s3cret value" },
      { name: "SVC_TOKEN", declared: "" },
    ]);
  });

  it("is refused if the models cannot be copied after the Bento", async () => {
    const { bento, models } = await readCase(SKLEARN);
    const text = "FROM python:3.11-slim AS build\nCOPY . ./\nFROM python:3.11-slim\nCOPY --from=build . ./\n";
    expect(() => storedSource(bento, models, given(text))).toThrow(
      expect.objectContaining({ class: "dockerfile", code: "CopyMissing", position: { file: "/checkout/Dockerfile" } }),
    );
  });

  it("gives a note that lists the build-time values that it writes into the image", async () => {
    const { bento } = await readCase("minimal greeter:az3yh3hfjwpwwax4");
    const secret: Bento = { ...bento, envs: [{ name: "TOKEN", value: "x", stage: "build" }] };
    const { notes } = storedSource(secret, [], given("FROM a\nARG TOKEN=x\nENV TOKEN=$TOKEN\nCOPY . ./\n"));
    expect(notes).toEqual([expect.stringContaining("writes TOKEN into the image")]);
  });
});

describe("A Dockerfile of the user's own", () => {
  it("is built unchanged, with all contexts", async () => {
    const { bento, models } = await readCase(SKLEARN);
    const text = "# syntax=docker/dockerfile:1\nFROM scratch\nCOPY --from=model-iris-tree . /model/\n";
    const source = ownSource(bento, models, given(text));
    expect(source.dockerfile).toBe(text);
    expect(source.base).toBe("scratch");
    expect(source.contexts.map(({ name }) => name)).toEqual(["model-iris-tree"]);
    expect(source.generated.map(({ path }) => path)).toContain("bento/env/docker/entrypoint.sh");
  });

  it("is refused without a FROM", async () => {
    const { bento } = await readCase("minimal greeter:az3yh3hfjwpwwax4");
    expect(() => ownSource(bento, [], given("# nothing\n"))).toThrow(
      expect.objectContaining({ class: "dockerfile", code: "FromMissing" }),
    );
  });
});
