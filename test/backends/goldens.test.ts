import { describe, expect, it } from "vitest";
import { type Cache, type Delivery, type Engine, type Features, isUnsupported } from "../../src/backends/backend.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import { answer, dialectOf } from "../../src/commands/answers.ts";
import { compile } from "../../src/commands/compile.ts";
import { printScript } from "../../src/commands/script.ts";
import { Failure } from "../../src/errors.ts";
import { able } from "./able.ts";
import { describeGoldens, MINIMAL, REGISTRY, spread, TWO_PLATFORMS } from "./goldens.ts";
import { planOf } from "./plans.ts";

const push: Delivery = { kind: "push" };
const load: Delivery = { kind: "load" };

const ATTESTED: Partial<Features> = {
  ...MINIMAL,
  annotations: {
    "org.opencontainers.image.title": "Iris",
    "index:org.opencontainers.image.title": "Iris",
    "manifest[linux/amd64]:com.example.cpu": "yes",
    "manifest-descriptor:com.example.tier": "gold",
  },
  attests: { provenance: "mode=max,builder-id=https://ci.example.com/1", sbom: "" },
};

describe.each(BACKENDS)("$name has the command lines of its golden files", (backend) =>
  describeGoldens(backend, `goldens/${backend.name}`),
);

describe.each(BACKENDS.filter(({ name }) => name === "podman" || name === "buildah"))("$name", (backend) => {
  it("loads several platforms as one manifest list under every tag", async () => {
    const tags = ["registry.example.com/acme/iris:1", "other.example.com/iris:latest"] as const;
    const golden = spread(printScript(compile(backend, planOf(TWO_PLATFORMS, [load], [...tags]), backend.assumed, [])));
    await expect(golden).toMatchFileSnapshot(`goldens/${backend.name}/load-two-platforms.sh`);
  });

  it("pushes docker's format through a separate directory for each platform", async () => {
    const plan = planOf({ ...TWO_PLATFORMS, format: "docker" }, [push]);
    const golden = spread(printScript(compile(backend, plan, backend.assumed, [])));
    await expect(golden).toMatchFileSnapshot(`goldens/${backend.name}/push-in-dockers-format.sh`);
  });
});

const CACHING = BACKENDS.filter((backend) => !isUnsupported(answer(backend, "cache", REGISTRY, backend.assumed, {})));

describe.each(CACHING)("$name with a registry cache", (backend) => {
  it("only reads the cache without write access, and caches a requested stage with the same two commands", () => {
    const plan = planOf({ target: "environment", cache: { ...REGISTRY, write: false } }, [push]);
    const [first = "", second = ""] = printScript(compile(backend, plan, backend.assumed, []));
    expect(first).toMatch(/--(?:cache-from|import-cache)/);
    expect(`${first} ${second}`).not.toMatch(/--cache-to|--export-cache/);
    expect(second).toMatch(/--(?:cache-from|import-cache)/);
  });
});

describe.each(BACKENDS.filter(({ features }) => typeof features.attests === "function"))("$name", (backend) => {
  it("pushes attestations and annotations of every level", async () => {
    const golden = spread(printScript(compile(backend, planOf(ATTESTED, [push]), backend.assumed, [])));
    await expect(golden).toMatchFileSnapshot(`goldens/${backend.name}/push-attested-and-annotated.sh`);
  });

  it.each(["local", "gha", "inline"] as const)("uses a cache of kind %s", async (kind) => {
    const caches: Readonly<Record<typeof kind, Cache>> = {
      local: { kind: "local", directory: "/home/me/.cache/a,b", stage: "environment", write: true },
      gha: { kind: "gha", scope: "bento-cache-1", stage: "environment", write: true },
      inline: { kind: "inline", image: planOf({}, [push]).references[0], write: true },
    };
    const golden = spread(printScript(compile(backend, planOf({ cache: caches[kind] }, [push]), backend.assumed, [])));
    await expect(golden).toMatchFileSnapshot(`goldens/${backend.name}/push-with-${kind}-cache.sh`);
  });

  it("refuses attestations for a docker archive, which cannot hold them", () => {
    const plan = planOf({ attests: { sbom: "" } }, [{ kind: "docker-archive", path: "/out.tar" }]);
    expect(() => compile(backend, plan, backend.assumed, [])).toThrow(
      /output: a docker archive.*cannot hold attestations \(no backend can\)/,
    );
  });
});

const ATTESTING = able("docker", "buildx", "nerdctl", "buildctl");

describe("podman and buildah", () => {
  const buildah = BACKENDS.find(({ name }) => name === "buildah");
  if (buildah === undefined) throw new Error("buildah is a backend");
  const commandsFor = (features: Partial<Features>) =>
    printScript(compile(buildah, planOf(features, [push]), buildah.assumed, [])).join("\n");

  it("refuse attestations and annotations that are not the manifest's, and name the backends that support them", () => {
    expect(() => commandsFor({ attests: { provenance: "mode=min" }, annotations: { "index:a": "b" } })).toThrow(
      new RegExp(`annotations: .*${ATTESTING} · provenance, sbom, attests: .*${ATTESTING}`),
    );
  });

  it("accept BuildKit's description of a registry cache, and refuse other caches", () => {
    expect(
      commandsFor({ cacheFrom: ["type=registry,ref=r.example.com/a:tag"], cacheTo: ["r.example.com/a"] }),
    ).toContain("--cache-from r.example.com/a --cache-to r.example.com/a ");
    expect(() => commandsFor({ cacheTo: ["type=gha"] })).toThrow(
      /cache-to: .* do not support type=gha \(.*buildx.* can\)/,
    );
  });

  it("continue the build if the cache cannot be written", () => {
    const plan = planOf({ cache: REGISTRY }, [push]);
    const [first, second] = compile(buildah, plan, buildah.assumed, []).steps;
    expect(first).toMatchObject({ kind: "run", command: { mayFail: expect.any(String) } });
    expect(second).toMatchObject({ kind: "run", command: expect.not.objectContaining({ mayFail: expect.anything() }) });
  });
});

describe("docker on the classic image store", () => {
  const docker = BACKENDS.find(({ name }) => name === "docker");
  if (docker === undefined) throw new Error("docker is a backend");
  const classic: Engine = { ...docker.assumed, store: "classic" };

  it("pushes without the attributes that the store does not support", async () => {
    const golden = spread(printScript(compile(docker, planOf(MINIMAL, [push]), classic, [])));
    await expect(golden).toMatchFileSnapshot("goldens/docker/push-on-classic.sh");
  });

  it("refuses everything that the store does not support in one message, with the backends that do", () => {
    const plan = planOf({ annotations: { a: "b" } }, [{ kind: "layout", path: "/out" }]);
    expect(() => compile(docker, plan, classic, [])).toThrow(
      new RegExp(
        `annotations: .*classic image store.*${able("buildx", "podman", "buildah", "nerdctl", "buildctl")} · output: `,
      ),
    );
  });
});

describe("version gates", () => {
  it("refuse a tool that is too old, with the reason", () => {
    const podman = BACKENDS.find(({ name }) => name === "podman");
    if (podman === undefined) throw new Error("podman is a backend");
    const old = { versions: { podman: "3.4.4", buildah: "1.23.1" } };
    expect(() => compile(podman, planOf({}, [push]), old, [])).toThrow(Failure);
    expect(() => compile(podman, planOf({}, [push]), old, [])).toThrow(/podman 3\.4\.4 is older than 4\.3\.0/);
  });

  it("let Debian 12's podman build without mounts, and without a flag that it does not know", () => {
    const podman = BACKENDS.find(({ name }) => name === "podman");
    if (podman === undefined) throw new Error("podman is a backend");
    const debian = { versions: { podman: "4.3.1", buildah: "1.28.2" } };
    const plan = planOf({}, [push]);
    expect(printScript(compile(podman, plan, debian, [])).join()).not.toContain("--force-compression");
    const { reads } = dialectOf(podman, debian);
    expect([reads.bindMount, reads.cacheMount, reads.copyOwner]).toEqual([false, false, true]);
    expect(() => compile(podman, { ...plan, constructs: ["secretMount"] }, debian, [])).toThrow(
      /type=secret: .*1\.28\.2 is too old.*1\.33\.0/,
    );
  });

  it("refuse a single feature that needs a newer version", () => {
    const nerdctl = BACKENDS.find(({ name }) => name === "nerdctl");
    if (nerdctl === undefined) throw new Error("nerdctl is a backend");
    const plan = planOf({ addHosts: ["a:1.2.3.4"] }, [push]);
    expect(() => compile(nerdctl, plan, { versions: { nerdctl: "2.0.1" } }, [])).toThrow(
      /add-hosts: nerdctl 2\.0\.1 is too old for it; 2\.0\.3/,
    );
  });
});
