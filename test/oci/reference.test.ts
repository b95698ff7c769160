import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { digestOf } from "../../src/oci/digest.ts";
import {
  parseReference,
  printFamiliar,
  printReference,
  printRepository,
  repositoryOf,
  sameReference,
  withDigest,
} from "../../src/oci/reference.ts";

const digest = digestOf("image");

function failureOf(text: string): Failure {
  try {
    parseReference(text);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error(`${text} was accepted`);
}

describe("parseReference", () => {
  it.each([
    ["python", { domain: "docker.io", path: "library/python" }],
    ["python:3.11-slim", { domain: "docker.io", path: "library/python", tag: "3.11-slim" }],
    ["acme/iris", { domain: "docker.io", path: "acme/iris" }],
    ["docker.io/iris", { domain: "docker.io", path: "library/iris" }],
    ["index.docker.io/acme/iris:1", { domain: "docker.io", path: "acme/iris", tag: "1" }],
    ["ghcr.io/acme/team/iris:v1.4.0", { domain: "ghcr.io", path: "acme/team/iris", tag: "v1.4.0" }],
    ["localhost/iris", { domain: "localhost", path: "iris" }],
    ["localhost:5000/iris:1", { domain: "localhost:5000", path: "iris", tag: "1" }],
    ["registry:5000/a__b/c--d.e_f", { domain: "registry:5000", path: "a__b/c--d.e_f" }],
    ["[::1]:5000/iris", { domain: "[::1]:5000", path: "iris" }],
    ["Registry.Example.com/iris", { domain: "Registry.Example.com", path: "iris" }],
    [`ghcr.io/acme/iris@${digest}`, { domain: "ghcr.io", path: "acme/iris", digest }],
    [`ghcr.io/acme/iris:1@${digest}`, { domain: "ghcr.io", path: "acme/iris", tag: "1", digest }],
  ])("reads %s", (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  it.each([
    ["", "it is empty"],
    ["ghcr.io/Acme/Iris:V1", 'write "ghcr.io/acme/iris:V1"'],
    ["Iris:V1", 'write "iris:V1"'],
    ["Acme/iris", 'write "acme/iris"'],
    ["https://ghcr.io/acme/iris", 'write "ghcr.io/acme/iris"'],
    ["ghcr.io/acme/iris:", 'the tag after ":" is empty'],
    ["ghcr.io/acme/iris:-1", "must not start with"],
    ["ghcr.io/acme/iris:a:b", 'the tag "a:b"'],
    ["ghcr.io/acme/iris:1+cpu", '"+" is not allowed'],
    ["ghcr.io/acme/my iris", '" " is not allowed'],
    [`iris:${"a".repeat(129)}`, "128 is the limit"],
    [`ghcr.io/${"a/".repeat(130)}b`, "longer than 255"],
    ["ghcr.io/acme//iris", "empty part"],
    ["ghcr.io/acme/", "trailing slash"],
    ["ghcr.io/", "name is missing"],
    [":1", "name is missing"],
    ["ghcr.io/acme/-iris", '"-iris" must be'],
    ["ghcr.io/a___b", '"a___b" must be'],
    ["-host.io/iris", "not a host name"],
    ["a".repeat(64), "image ID"],
    ["iris@sha256:abc", "64 lower-case"],
    [`iris@${digest.toUpperCase()}`, "64 lower-case"],
  ])("refuses %s and says why", (text, reason) => {
    const failure = failureOf(text);
    expect(failure).toMatchObject({ class: "input", code: "ReferenceInvalid" });
    expect(failure.message).toContain(reason);
  });

  it("takes linear time on hostile names", () => {
    expect(failureOf(`a${"-".repeat(100_000)}`).code).toBe("ReferenceInvalid");
    expect(failureOf(`${"a-.".repeat(50_000)}/x`).code).toBe("ReferenceInvalid");
  });
});

const alphanumeric = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const separator = fc.constantFrom(".", "_", "__", "-", "---");
const component = fc
  .tuple(alphanumeric, fc.array(fc.tuple(separator, alphanumeric), { maxLength: 2 }))
  .map(([first, rest]) => first + rest.map((pair) => pair.join("")).join(""));
const domain = fc.constantFrom(
  "ghcr.io",
  "localhost",
  "localhost:5000",
  "127.0.0.1:5000",
  "[::1]:80",
  "a-b.example:443",
);
const anyReference = fc
  .record({
    domain,
    path: fc.array(component, { minLength: 1, maxLength: 4 }).map((components) => components.join("/")),
    tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][\w.-]{0,20}$/), { nil: undefined }),
    digest: fc.option(fc.string().map(digestOf), { nil: undefined }),
  })
  .map(({ tag, digest, ...name }) => ({
    ...name,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }));

describe("printReference", () => {
  it("is the inverse of parseReference", () => {
    fc.assert(
      fc.property(anyReference, (reference) => {
        expect(parseReference(printReference(reference))).toEqual(reference);
      }),
    );
  });

  it("and the familiar form give the same reference", () => {
    fc.assert(
      fc.property(fc.constantFrom("x", "library/x", "a/x", "library/a/x"), fc.boolean(), (path, tagged) => {
        const reference = parseReference(`docker.io/${path}${tagged ? ":1" : ""}`);
        expect(sameReference(parseReference(printFamiliar(reference)), reference)).toBe(true);
      }),
    );
    expect(printFamiliar(parseReference("docker.io/library/python:3"))).toBe("python:3");
    expect(printFamiliar(parseReference("ghcr.io/acme/iris:3"))).toBe("ghcr.io/acme/iris:3");
  });
});

describe("withDigest", () => {
  it("replaces the tag by the digest", () => {
    const reference = parseReference("ghcr.io/acme/iris:1");
    expect(printReference(withDigest(reference, digest))).toBe(`ghcr.io/acme/iris@${digest}`);
    expect(printRepository(repositoryOf(reference))).toBe("ghcr.io/acme/iris");
  });
});
