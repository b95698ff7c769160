import { describe, expect, it } from "vitest";
import { condaPython } from "../../src/bento/conda.ts";
import { parseRequirements } from "../../src/bento/requirements.ts";

describe("Requirements", () => {
  it.each([
    ["--index-url https://a/simple", "--index-url https://a/simple"],
    ["-i https://a/simple # why", "--index-url https://a/simple"],
    ["--extra-index-url=https://a/simple", "--extra-index-url https://a/simple"],
    ["-f ./wheels", "--find-links ./wheels"],
    ["--no-index", "--no-index"],
    ["--trusted-host \\\n  a.example", "--trusted-host a.example"],
  ])("%j is an index option", (line, option) => {
    expect(parseRequirements(line).indexOptions).toEqual([option]);
  });

  it.each([
    "requests==2",
    "--pre",
    "numpy>=1; python_version >= '3.9'",
    "a @ https://h/a.whl",
    "# -i x",
    "x --hash=sha256:0",
  ])("%j is neither a file nor an index option", (line) => {
    expect(parseRequirements(line)).toEqual({ indexOptions: [], references: [] });
  });

  it.each([
    ["./wheels/a-1.whl", "file", "./wheels/a-1.whl"],
    ["wheels/a-1.whl --hash=sha256:0", "file", "wheels/a-1.whl"],
    ["./pkg[extra]", "file", "./pkg"],
    ["bentoml @ ./pkgs/bentoml.tar.gz", "file", "./pkgs/bentoml.tar.gz"],
    ["bentoml[io] @ file:///home/me/bentoml.whl", "file", "file:///home/me/bentoml.whl"],
    ["/abs/a.whl", "file", "/abs/a.whl"],
    ["-e ./src", "file", "./src"],
    ["-r more.txt", "requirements", "more.txt"],
    ["--constraint=c.txt", "requirements", "c.txt"],
  ])("%j refers to a %s", (line, kind, path) => {
    expect(parseRequirements(line).references).toMatchObject([{ kind, path }]);
  });
});

describe("The Python version of an environment.yml", () => {
  it.each([
    ["- python=3.10", "3.10"],
    ["  - conda-forge::python==3.11.4", "3.11"],
    ['- "python = 3.9.*"', "3.9"],
    ["- ipython=8.1\n- python=3.12", "3.12"],
    ["- boost-python=1.8", undefined],
    ["- python>=3.9", undefined],
  ])("%j", (text, expected) => {
    expect(condaPython(`dependencies:\n${text}\n`)).toBe(expected);
  });
});
