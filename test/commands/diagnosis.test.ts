import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/commands/diagnosis.ts";

const COMMAND = { title: "docker buildx build", tool: "docker", args: [] };

function classOf(...tail: readonly string[]): string {
  return diagnose(COMMAND, { code: 1, signal: undefined, tail }, "/temp/Dockerfile").class;
}

describe("the tools' own words decide the class", () => {
  it.each([
    ["disk", "ERROR: failed to build: failed to solve: write /var/lib/x: no space left on device"],
    [
      "disk",
      "Error: committing container: copying layers: writing blob: storing blob: write /var/tmp/x: disk quota exceeded",
    ],
    [
      "engine",
      "ERROR: failed to build: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
    ],
    ["platform", "Error: the base image's platform linux/arm64 does not match the expected platform linux/amd64"],
    ["platform", "ERROR: failed to solve: alpine: no match for platform in manifest: not found"],
    [
      "platform",
      'Error: choosing an image from manifest list docker://x: no image found in image index for architecture "s390x", variant "", OS "linux"',
    ],
    ["platform", "#9 0.142 exec /bin/sh: exec format error\nERROR: failed to solve"],
    [
      "dockerfile",
      "ERROR: failed to build: failed to solve: dockerfile parse error on line 3: unknown instruction: RUNN",
    ],
    ["dockerfile", "Error: Error: no FROM statement found, no build stage in current context"],
    ["dockerfile", 'ERROR: failed to solve: target stage "nope" could not be found'],
    ["run-step", 'ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1'],
    ["run-step", 'Error: building at STEP "RUN false": while running runtime: exit status 1'],
    ["rate-limit", "ERROR: failed to solve: python: unexpected status from HEAD request: 429 Too Many Requests"],
    ["rate-limit", "Error: reading manifest latest: toomanyrequests: You have reached your pull rate limit"],
    ["auth", "ERROR: failed to solve: failed to authorize: failed to fetch oauth token: 401 Unauthorized"],
    ["auth", "denied: requested access to the resource is denied"],
    ["auth", "Error: checking authfile: stat /nope: no such file or directory"],
    ["engine", "ERROR: granting entitlement network.host is not allowed by build daemon configuration"],
    ["engine", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"],
    ["engine", "error: failed to list workers: Unavailable: connection error"],
    [
      "network",
      'ERROR: failed to do request: Head "https://r.example/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
    [
      "network",
      'Error: pinging container registry: Get "https://r.example/v2/": http: server gave HTTP response to HTTPS client',
    ],
    ["network", 'ERROR: failed to solve: Get "https://r.example/v2/": dial tcp: lookup r.example: no such host'],
    ["network", "ERROR: failed to push: unexpected status from PUT request: 503 Service Unavailable"],
    [
      "base-image",
      "ERROR: failed to solve: python:9: failed to resolve source metadata for docker.io/library/python:9: docker.io/library/python:9: not found",
    ],
    ["base-image", 'Error: creating build container: short-name "nosuch" did not resolve to an alias'],
    ["tool", "unknown flag: --what"],
    ["tool", ""],
  ])("%s for %j", (wanted, text) => {
    expect(classOf(...text.split("\n"))).toBe(wanted);
  });

  it("a step that prints what an engine prints has failed as a step", () => {
    const closing = 'Error: building at STEP "RUN curl x": while running runtime: exit status 7';
    expect(classOf("curl: (7) Failed to connect: Connection refused", closing)).toBe("run-step");
  });

  it("but a full disk stays a full disk", () => {
    const closing = 'ERROR: failed to solve: process "pip install" did not complete successfully: exit code: 1';
    expect(
      classOf("------", " > RUN pip install:", "OSError: [Errno 28] No space left on device", "------", closing),
    ).toBe("disk");
  });
});

describe("the scanner of an SBOM", () => {
  const end = (...tail: readonly string[]) =>
    diagnose({ ...COMMAND, args: ["--attest", "type=sbom"] }, { code: 1, signal: undefined, tail }, "/t/Dockerfile");
  const lookUp = [
    "------",
    " > resolve image config for docker-image://docker.io/docker/buildkit-syft-scanner:stable-1:",
    "------",
  ];

  it("that fails is no step of the build", () => {
    const failure = end(
      ...["------", " > [linux/amd64] generating sbom using docker.io/acme/scanner:1:", "0.2 no such system", "------"],
      'ERROR: failed to solve: process "scan" did not complete successfully: exit code: 3',
    );
    expect(failure).toMatchObject({ class: "tool", hint: expect.stringContaining("sbom: generator=IMAGE") });
    expect(failure.lines).toContain("0.2 no such system");
  });

  it("that is not there is no base image", () => {
    const missing = "docker.io/docker/buildkit-syft-scanner:stable-1: not found";
    const failure = end(...lookUp, `ERROR: failed to solve: failed to resolve source metadata for ${missing}`);
    expect(failure).toMatchObject({ class: "tool", hint: expect.stringContaining("sbom: generator=IMAGE") });
  });

  it("is not blamed where nobody asked for one", () => {
    const frontend = " > resolve image config for docker-image://docker.io/docker/dockerfile:9:";
    const closing =
      "ERROR: failed to solve: failed to resolve source metadata: docker.io/docker/dockerfile:9: not found";
    const tail = ["------", frontend, "------", closing];
    const failure = diagnose(COMMAND, { code: 1, signal: undefined, tail }, "/t/Dockerfile");
    expect(failure).toMatchObject({ class: "tool", hint: expect.not.stringContaining("sbom") });
  });

  it("that cannot be reached leaves the class as it is, and the hint names it", () => {
    const failure = end(...lookUp, "ERROR: failed to solve: failed to do request: dial tcp 10.0.0.1:443: i/o timeout");
    expect(failure).toMatchObject({ class: "network", hint: expect.stringContaining("sbom: generator=IMAGE") });
  });
});

describe("the failure", () => {
  const tail = [
    "#1 loading",
    "------",
    " > [environment 5/6] RUN pip install torch:",
    "1.2 No matching distribution found for torch",
    "------",
    "Dockerfile:31",
    "--------------------",
    "  31 | >>> RUN pip install torch",
    "--------------------",
    'ERROR: failed to solve: process "pip" did not complete successfully: exit code: 1',
    "",
  ];

  it("says how the command ended, with the step's own last words and the line of the Dockerfile", () => {
    const failure = diagnose(COMMAND, { code: 1, signal: undefined, tail }, "/temp/Dockerfile");
    expect(failure.message).toContain("docker buildx build ended with exit code 1");
    expect(failure.lines).toContain("1.2 No matching distribution found for torch");
    expect(failure.lines).not.toContain("#1 loading");
    expect(failure.position).toEqual({ file: "/temp/Dockerfile", line: 31 });
  });

  it("names the signal that ended the command", () => {
    const failure = diagnose(COMMAND, { code: undefined, signal: "SIGKILL", tail: [] }, "/temp/Dockerfile");
    expect(failure).toMatchObject({ class: "tool", message: "docker buildx build was ended by SIGKILL" });
    expect(failure.position).toBeUndefined();
  });

  it("stays short when the log is long", () => {
    const long = Array.from({ length: 400 }, (_, index) => `line ${index}`);
    const failure = diagnose(COMMAND, { code: 1, signal: undefined, tail: long }, "/temp/Dockerfile");
    expect(failure.lines.length).toBeLessThanOrEqual(40);
    expect(failure.lines.at(-1)).toBe("line 399");
  });
});
