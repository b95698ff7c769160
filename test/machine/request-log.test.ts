import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logged, printAddress } from "../../src/machine/request-log.ts";

const SECRET = "s3cr3t-0f-the-j0b";
const DIGEST = `sha256:${"0123".repeat(16)}`;

describe("The address of a logged request", () => {
  it.each([
    ["http://127.0.0.1:5000/v2/acme/iris/manifests/1.4.0", "http://127.0.0.1:5000/v2/acme/iris/manifests/1.4.0"],
    [`https://ghcr.io/v2/acme/iris/blobs/${DIGEST}`, `https://ghcr.io/v2/acme/iris/blobs/${DIGEST}`],
    ["https://ghcr.io/v2/acme/iris/blobs/uploads/", "https://ghcr.io/v2/acme/iris/blobs/uploads/"],
    [
      `https://ghcr.io/v2/acme/iris/blobs/uploads/?mount=${DIGEST}&from=acme/base`,
      `https://ghcr.io/v2/acme/iris/blobs/uploads/?mount=${DIGEST}&from=acme/base`,
    ],
    [
      "https://ghcr.io/token?scope=repository:acme/iris:pull,push&service=ghcr.io",
      "https://ghcr.io/token?scope=repository:acme/iris:pull,push&service=ghcr.io",
    ],
  ])("%s is %s", (url, shown) => {
    expect(printAddress(new URL(url))).toBe(shown);
  });

  it.each([
    ["a login", `https://acme:${SECRET}@pypi.example.com/simple/`],
    ["a user that is a token", `https://${SECRET}@pypi.example.com/simple/`],
    ["a signature", `https://s3.example.com/blob?X-Amz-Signature=${SECRET}&X-Amz-Credential=${SECRET}`],
    ["a shared access signature", `https://acme.blob.example.com/blob?se=2026&sig=${SECRET}`],
    ["a parameter without a name", `https://cdn.example.com/blob?${SECRET}`],
    ["a second parameter of a public name in other case", `https://cdn.example.com/blob?Digest=${SECRET}`],
    ["the state of an upload", `https://ghcr.io/v2/acme/iris/blobs/uploads/7f?_state=${SECRET}&digest=${DIGEST}`],
    ["an upload that is its own login", `https://gar.example.com/v2/acme/iris/blobs/uploads/${SECRET}`],
    ["an upload elsewhere", `https://gar.example.com/artifacts-uploads/namespaces/acme/uploads/${SECRET}`],
    ["an upload to ghcr.io", `https://ghcr.io/v2/acme/iris/blobs/upload/${SECRET}?digest=${DIGEST}`],
    ["what follows an upload's part", `https://cdn.example.com/v2/acme/iris/blobs/uploads/7f/part/${SECRET}`],
    ["an upload into a repository of that name", `https://ghcr.io/v2/acme/upload/blobs/upload/${SECRET}`],
    ["a download that is its own login", `https://gar.example.com/artifacts-downloads/acme/downloads/${SECRET}`],
    ["a token in the path", `https://cdn.example.com/${SECRET.repeat(10)}/blob`],
    ["a fragment", `https://cdn.example.com/blob#${SECRET}`],
  ])("does not have %s", (_, url) => {
    expect(printAddress(new URL(url))).not.toContain(SECRET);
  });

  it("has no parameter of any other name", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const url = new URL("https://registry.example.com/v2/");
        url.searchParams.append(name, SECRET);
        fc.pre(!["digest", "from", "mount", "n", "scope", "service"].includes(name));
        expect(printAddress(url)).toBe("https://registry.example.com/v2/?…");
      }),
    );
  });

  it("is one line whatever a server puts into it", () => {
    const url = new URL("https://registry.example.com/v2/a%0A::error::x?from=a%0A::error::x");
    expect(printAddress(url)).not.toMatch(/[\r\n]/);
  });
});

describe("A logged request", () => {
  it("is told with method, address, status and time, and a failed one with its code", async () => {
    const lines: string[] = [];
    const request = { method: "HEAD", url: new URL("https://ghcr.io/v2/") } as const;
    const refused = Object.assign(new Error(`connect with ${SECRET}`), { code: "ECONNREFUSED" });
    await logged(
      request,
      async () => ({ status: 401 }) as never,
      (line) => lines.push(line),
    );
    await expect(
      logged(
        request,
        () => Promise.reject(refused),
        (line) => lines.push(line),
      ),
    ).rejects.toBe(refused);
    expect(lines).toEqual([
      expect.stringMatching(/^HEAD https:\/\/ghcr\.io\/v2\/: 401, \d+\.\d s$/),
      expect.stringMatching(/^HEAD https:\/\/ghcr\.io\/v2\/: ECONNREFUSED, \d+\.\d s$/),
    ]);
  });
});
