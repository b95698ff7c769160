import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import {
  buildkitConfiguration,
  containerdConfiguration,
  hostsConfigurations,
  nerdctlConfiguration,
} from "../../src/engines/configuration.ts";

const SETTINGS = {
  mirrors: { "docker.io": ["mirror.acme.example"] },
  insecure: ["registry.acme.example:5000"],
  authorities: { "mirror.acme.example": ["/etc/acme ca.pem"] },
  maxBytes: 5_000_000_000,
};
const PATHS = { root: "/e/buildkitd", sockets: "/e/run" };

describe("buildkitd's configuration", () => {
  it("has the paths, and the settings of registries and cache size", () => {
    const worker = { kind: "oci", rootless: false, processSandbox: true } as const;
    expect(parse(buildkitConfiguration(SETTINGS, worker, PATHS))).toEqual({
      root: "/e/buildkitd",
      grpc: { address: ["unix:///e/run/buildkitd.sock"] },
      otel: { socketPath: "/e/run/otel.sock" },
      worker: {
        oci: {
          ...{ enabled: true, snapshotter: "auto", rootless: false, noProcessSandbox: false },
          ...{ gc: true, maxUsedSpace: 5_000_000_000, networkMode: "host" },
        },
        containerd: { enabled: false },
      },
      registry: {
        "docker.io": { mirrors: ["mirror.acme.example"] },
        "registry.acme.example:5000": { http: true, insecure: true },
        "mirror.acme.example": { ca: ["/etc/acme ca.pem"] },
      },
    });
  });

  it("keeps BuildKit's defaults without settings", () => {
    const worker = { kind: "containerd", address: "/c.sock", namespace: "default" } as const;
    const text = buildkitConfiguration({ mirrors: {}, insecure: [], authorities: {} }, worker, PATHS);
    expect(parse(text)).toMatchObject({
      worker: { oci: { enabled: false }, containerd: { enabled: true, address: "/c.sock", networkMode: "host" } },
    });
    expect(text).not.toMatch(/registry|maxUsedSpace/);
  });
});

describe("containerd's and nerdctl's configuration", () => {
  it("have all paths in the engine's directory", () => {
    const places = { ...PATHS, directory: "/e", namespace: "default", cni: undefined };
    for (const text of [containerdConfiguration(PATHS), nerdctlConfiguration(places)]) {
      const paths = text.match(/(?<=")(?:unix:\/\/)?\/[^"]*/g) ?? [];
      expect(paths.every((path) => path.replace("unix://", "").startsWith("/e/"))).toBe(true);
      expect(paths.length).toBeGreaterThan(2);
    }
  });

  it("use a mirror first, and plain HTTP for an insecure registry", () => {
    const texts = hostsConfigurations(SETTINGS);
    expect(parse(texts.get("docker.io") ?? "")).toEqual({
      host: {
        "https://mirror.acme.example": { capabilities: ["pull", "resolve"], ca: ["/etc/acme ca.pem"] },
      },
    });
    expect(texts.get("registry.acme.example:5000")).toContain('"http://registry.acme.example:5000"');
  });
});
