import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { realActions } from "../../src/machine/actions.ts";
import { realFiles } from "../../src/machine/files.ts";
import { type RealHttp, realHttp } from "../../src/machine/http.ts";
import type { Env } from "../../src/machine/machine.ts";
import { realProcesses } from "../../src/machine/processes.ts";
import { parseReference, printReference, type Reference } from "../../src/oci/reference.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { labEnvironment } from "./environment.ts";
import { startSecureRegistry } from "./secure-registry.ts";

const run = promisify(execFile);
const https: RealHttp[] = [];
let lab: Record<string, string>;
let directory: string;

beforeAll(async () => {
  lab = await labEnvironment();
  directory = await mkdtemp(join(tmpdir(), "lab-registry-"));
  await mkdir(join(directory, "context"));
  await writeFile(join(directory, "context/Dockerfile"), "FROM busybox:stable\nCOPY Dockerfile /\n");
});

afterAll(async () => {
  for (const http of https) http.close();
  await rm(directory, { recursive: true, force: true });
});

function open(env: Env) {
  const { signal } = new AbortController();
  const http = realHttp({ env, signal });
  https.push(http);
  return openRegistry({
    env,
    http,
    signal,
    files: realFiles(tmpdir()),
    processes: realProcesses(env, signal),
    actions: realActions(false),
    now: () => new Date(),
  });
}

/** The digest of what skopeo reads under the reference. */
async function digestBySkopeo(reference: Reference, ...options: string[]): Promise<string> {
  const args = ["inspect", "--format", "{{.Digest}}", ...options, `docker://${printReference(reference)}`];
  return (await run("skopeo", args, { env: lab })).stdout.trim();
}

const writers: Readonly<Record<string, (layout: string) => Promise<unknown>>> = {
  buildctl(layout) {
    const context = join(directory, "context");
    const args = ["--frontend=dockerfile.v0", `--local=context=${context}`, `--local=dockerfile=${context}`];
    const options = ["--opt=platform=linux/amd64,linux/arm64", "--opt=attest:provenance=mode=max"];
    return run("buildctl", ["build", ...args, ...options, `--output=type=oci,tar=false,dest=${layout}`], { env: lab });
  },
  async podman(layout) {
    await run("podman", ["build", "--tag=localhost/lab-registry", join(directory, "context")], { env: lab });
    await run("podman", ["push", "localhost/lab-registry", `oci:${layout}:tag`], { env: lab });
  },
};

describe.each(Object.keys(writers))("a layout by %s", (writer) => {
  it("arrives in a real registry as it is, and skopeo sees the same digest", async () => {
    const layout = join(directory, writer);
    await writers[writer]?.(layout);
    const registry = open(lab);
    const names = [`lab/${writer}:1`, `lab/${writer}:2`, `lab/${writer}-mirror:1`];
    const references = names.map((name) => parseReference(`${lab["LAB_REGISTRY"]}/${name}`));
    const described = await registry.describeLayout(layout);
    await registry.pushLayout(layout, references);
    await registry.verify(references, described.digest);
    for (const reference of references) {
      expect(await registry.describe(reference)).toEqual(described);
      expect(await digestBySkopeo(reference, "--tls-verify=false")).toBe(described.digest);
    }
  });
});

describe("a registry with TLS and a password", () => {
  it("is used with the root and the login that podman has", async () => {
    const place = join(directory, "secure");
    await mkdir(place);
    const server = await startSecureRegistry(place, lab);
    onTestFinished(() => server.stop());
    const layout = join(place, "layout");
    await writers["podman"]?.(layout);
    const reference = parseReference(`${server.host}/lab/secure:1`);
    await expect(open(server.env).pushLayout(layout, [reference])).rejects.toMatchObject({ code: "NotLoggedIn" });
    await server.logIn();
    const registry = open(server.env);
    await registry.pushLayout(layout, [reference]);
    await registry.verify([reference], (await registry.describeLayout(layout)).digest);
  });
});
