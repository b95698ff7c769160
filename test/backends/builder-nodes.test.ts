import { describe, expect, it } from "vitest";
import { isOneDaemon, parseBuilder, readNodes } from "../../src/backends/builder-nodes.ts";

const ARM64 = { os: "linux", architecture: "arm64" };

describe("the input builder", () => {
  it("may be a name, which is not validated", () => {
    expect([parseBuilder(" mine "), parseBuilder("")]).toEqual(["mine", undefined]);
  });

  it("may be one address per line, each with the platforms of its node", () => {
    expect(readNodes("tcp://amd64.internal:1234\ntcp://arm64.internal:1234 linux/arm64, linux/arm/v7\n")).toEqual([
      { driver: "remote", endpoint: "tcp://amd64.internal:1234", options: {}, platforms: [] },
      {
        ...{ driver: "remote", endpoint: "tcp://arm64.internal:1234", options: {} },
        platforms: [ARM64, { os: "linux", architecture: "arm", variant: "v7" }],
      },
    ]);
  });

  it("may be a deployment in a Kubernetes cluster, with options of buildx's driver", () => {
    const text = "kubernetes://builds?replicas=2&nodeselector=kubernetes.io/arch=arm64&env.HTTP_PROXY=http://p:1 arm64";
    const options = { namespace: "builds", replicas: "2", "env.HTTP_PROXY": "http://p:1" };
    expect(readNodes(text)).toEqual([
      {
        ...{ driver: "kubernetes", readyWithin: 120_000, platforms: [ARM64] },
        options: { ...options, nodeselector: "kubernetes.io/arch=arm64" },
      },
    ]);
    expect(readNodes("kubernetes://?timeout=1m30s")).toMatchObject([
      { options: { timeout: "1m30s" }, readyWithin: 90_000 },
    ]);
  });

  it.each([
    ["unix:///run/buildkit/buildkitd.sock", true],
    ["kube-pod://buildkitd?namespace=builds", true],
    ["kubernetes://builds", false],
    ["tcp://a:1 linux/arm64", false],
    ["tcp://a:1\ntcp://b:1", false],
    ["mine", false],
    [undefined, false],
  ])("%j is the address of a single running daemon: %s", (builder, expected) => {
    expect(isOneDaemon(builder)).toBe(expected);
  });

  it.each([
    ["kubernetes://builds?replica=2", '"replica" is not an option of kubernetes://builds (options: image, replicas, '],
    ["kubernetes://builds?namespace=other", "namespace: give it before the question mark"],
    ["kubernetes://?default-load=true", "default-load: the inputs load"],
    ["kubernetes://?persistent-volume-claim.requests.storage=1Gi", "its volumes would stay in the cluster"],
    ["kubernetes://?replicas=1&replicas=2", "replicas is given twice"],
    ["kubernetes://?timeout=soon", 'timeout: "soon" is not a duration'],
    ["kubernetes://Builds", '"Builds" is not a valid Kubernetes namespace'],
    ["kubernetes://builds/pod", '"/pod" is not allowed after the namespace'],
    ["tcp://a:1\nmine", '"mine" is not an address'],
    ["tcp://a:1\ntcp://a:1", "tcp://a:1 is given twice"],
    ["tcp://a:1 arm64\ntcp://b:1 linux/arm64", "linux/arm64 is given to two nodes"],
    ["tcp://a:1 linux", '"linux" is not a platform'],
    ["tcp://a:1\nkubernetes://", "either addresses or deployments"],
  ])("rejects %j with the message %j", (builder, message) => {
    expect(() => parseBuilder(builder)).toThrow(message);
  });
});
