import { describe, expect, it } from "vitest";
import { parseChecksums, parseMirror, parseToolRequests } from "../../src/tools/tool-request.ts";

const SUM = "ab".repeat(32);

describe("the input tools", () => {
  it("is a list of names with versions, separated by blanks, lines and commas", () => {
    expect(parseToolRequests("buildkit@0.32.2 nerdctl@v2.3.5,\n  buildx@0.37.0-rc.1")).toEqual([
      { name: "buildkit", version: "0.32.2" },
      { name: "nerdctl", version: "2.3.5" },
      { name: "buildx", version: "0.37.0-rc.1" },
    ]);
    expect(parseToolRequests("")).toEqual([]);
  });

  it("is rejected with all mistakes at once", () => {
    expect(() =>
      parseToolRequests("buildah@1.2.3 buildkit buildx@latest nerdctl@1.0.0 nerdctl@2.0.0 buildkit@../1.0.0"),
    ).toThrow(
      /"buildah" is none of .*; "buildkit" has no valid version; "buildx@latest" has no valid version; nerdctl is given twice; "buildkit@..\/1.0.0" has no valid version/,
    );
  });
});

describe("the input tool-checksums", () => {
  it("has lines in the format of sha256sum", () => {
    expect(parseChecksums(`# from the release\n${SUM}  a.tgz\n${SUM.toUpperCase()} *b.tgz\n${SUM}  ./c.tgz\n`)).toEqual(
      {
        "a.tgz": SUM,
        "b.tgz": SUM,
        "c.tgz": SUM,
      },
    );
  });

  it("is rejected with all mistakes at once", () => {
    const other = "cd".repeat(32);
    expect(() => parseChecksums(`abc  a.tgz\n${SUM}\n${SUM}  b.tgz\n${other}  b.tgz`)).toThrow(
      /"abc {2}a.tgz" is not .*; ".*" is not .*; b.tgz is given twice/,
    );
  });
});

describe("the input tool-mirror", () => {
  it.each(["/srv/mirror", "file:///srv/mirror", "https://mirror.example/github"])("may be %s", (mirror) => {
    expect(parseMirror(`${mirror}/`)).toBe(mirror);
  });

  it.each(["mirror", "ftp://mirror.example", "mirror.example/github"])("must not be %s", (mirror) => {
    expect(() => parseMirror(mirror)).toThrow(/neither an absolute directory/);
  });
});
