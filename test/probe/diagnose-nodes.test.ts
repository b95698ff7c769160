import { describe, expect, it } from "vitest";
import type { Backend, Engine } from "../../src/backends/backend.ts";
import { buildctl } from "../../src/backends/buildctl.ts";
import { buildx } from "../../src/backends/buildx.ts";
import { podman } from "../../src/backends/podman.ts";
import { Failure } from "../../src/errors.ts";
import type { Captured, Invocation } from "../../src/machine/machine.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { describeUnreachable } from "../../src/probe/diagnose-nodes.ts";

/** Output of buildx 0.36 for two nodes of the driver remote, one of which does not answer. */
const INSPECT = `Name:          pair
Driver:        remote
Last Activity: 2026-11-21 14:45:33 +0000 UTC

Nodes:
Name:             pair0
Endpoint:         tcp://10.0.0.1:1234
Status:           running
BuildKit version: v0.33.0
Platforms:        linux/arm64*, linux/arm

Name:     pair1
Endpoint: tcp://10.0.0.2:1234
Status:   inactive
`;

const DIED = new Failure("engine", "build ended with exit code 1: ERROR: EOF", { lines: ["ERROR: EOF"] });
const PAIR: Engine = {
  versions: {},
  builder: "pair",
  nodes: [
    { name: "pair0", address: "tcp://10.0.0.1:1234", platforms: [parsePlatform("linux/arm64")] },
    { name: "pair1", address: "tcp://10.0.0.2:1234", platforms: [parsePlatform("linux/amd64")] },
  ],
};

interface Case {
  readonly backend: Backend;
  readonly engine?: Engine;
  readonly env?: Readonly<Record<string, string>>;
  readonly answer?: Partial<Captured>;
}

function ask({ backend, engine = { versions: {} }, env = {}, answer = {} }: Case, error: unknown = DIED) {
  const asked: Invocation[] = [];
  const processes = {
    which: () => Promise.reject(new Error("was there before")),
    ask: () => Promise.reject(new Error("no helper to ask")),
    stream: () => Promise.reject(new Error("nothing is built here")),
    capture: async (invocation: Invocation) => {
      asked.push(invocation);
      return { code: 0, stdout: "", stderr: "", ...answer };
    },
  };
  const described = describeUnreachable(error, { backend, engine, env }, { processes }, { ca: "/ca.pem" });
  return described.then((failure) => ({ failure, asked }));
}

describe("after the engine failed during a build", () => {
  it("names the buildx node that no longer answers, with its address and platform", async () => {
    const { failure, asked } = await ask({ backend: buildx, engine: PAIR, answer: { stdout: INSPECT } });
    expect(asked.map(({ args }) => args.join(" "))).toEqual(["buildx inspect --timeout 4s --builder pair"]);
    expect(failure).toMatchObject({
      class: "engine",
      code: "NodeDead",
      lines: ["ERROR: EOF"],
      message:
        "node pair1 at tcp://10.0.0.2:1234 (linux/amd64) no longer answers: build ended with exit code 1: ERROR: EOF",
    });
  });

  it("names the daemon of buildctl by its address", async () => {
    const env = { BUILDKIT_HOST: "tcp://kit:1" };
    const { failure, asked } = await ask({ backend: buildctl, env, answer: { code: 1 } });
    expect(asked[0]?.args.slice(0, 4)).toEqual(["--addr", "tcp://kit:1", "--tlscacert", "/ca.pem"]);
    expect(failure).toMatchObject({ message: expect.stringMatching(/^the buildkitd at tcp:\/\/kit:1 no longer ans/) });
  });

  it.each<[string, Case]>([
    ["all nodes answer", { backend: buildctl }],
    ["the builder cannot be inspected", { backend: buildx, engine: PAIR, answer: { code: 1, stderr: "unknown flag" } }],
    ["the backend has no daemon", { backend: podman }],
  ])("keeps the failure unchanged if %s", async (_, example) => {
    expect((await ask(example)).failure).toBe(DIED);
  });

  it.each([new Failure("run-step", "no"), new Error("bug")])(
    "runs no command after another error: %s",
    async (error) => {
      const { failure, asked } = await ask({ backend: buildx, engine: PAIR }, error);
      expect([failure, asked]).toEqual([error, []]);
    },
  );
});
