import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { realActions } from "../../src/machine/actions.ts";
import { realFiles } from "../../src/machine/files.ts";
import { realHttp } from "../../src/machine/http.ts";
import { realProcesses } from "../../src/machine/processes.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { parseReference, type Reference } from "../../src/oci/reference.ts";
import { openRegistry, type Registry } from "../../src/registry/registry.ts";
import { LayoutWriter } from "../registry/fixture.ts";
import { labEnvironment } from "./environment.ts";
import { type Fault, type FaultProxy, openFaultProxy } from "./fault-proxy.ts";
import { openUploads } from "./uploads.ts";

/** Pushing a layout to a real registry while something goes wrong between it and us. */
const UPLOAD = /\/blobs\/uploads\/[0-9a-f]/;
const BLOB = /\/blobs\/sha256:/;
const TAG = /\/manifests\/1$/;
const MIB = 1024 * 1024;

let lab: Record<string, string>;

beforeAll(async () => {
  lab = await labEnvironment();
});

interface Trial {
  readonly proxy: FaultProxy;
  readonly registry: Registry;
  readonly directory: string;
  /** Through the proxy. */
  readonly to: Reference;
  /** The same, past it. */
  readonly direct: Reference;
  readonly root: { readonly digest: string };
}

function openTestRegistry(): Registry {
  const { signal } = new AbortController();
  const http = realHttp({ env: lab, signal });
  onTestFinished(() => http.close());
  const machine = {
    env: lab,
    http,
    signal,
    files: realFiles(tmpdir()),
    processes: realProcesses(lab, signal),
    actions: realActions(false),
    now: () => new Date(),
  };
  return openRegistry(machine, { retryPolicy: { tries: 5, firstDelay: 20, longestWait: 5_000 } });
}

/** An image with a layer of 16 MiB, a repository of its own, and the faults on the way there. */
async function prepare(faults: readonly Fault[], layerType?: string): Promise<Trial> {
  const host = lab["LAB_REGISTRY"] ?? "";
  const proxy = await openFaultProxy({ registry: host, faults });
  onTestFinished(() => proxy.close());
  const layout = await LayoutWriter.create();
  const root = await layout.manifest("amd64", ["small", "big".padEnd(16 * MIB, "layer")], undefined, layerType);
  await layout.finish(root);
  const name = `faults/${randomUUID()}:1`;
  const [to, direct] = [parseReference(`${proxy.host}/${name}`), parseReference(`${host}/${name}`)];
  return { proxy, registry: openTestRegistry(), directory: layout.directory, to, direct, root };
}

async function isTagged(reference: Reference): Promise<boolean> {
  const { domain, path, tag } = reference;
  const answer = await fetch(`http://${domain}/v2/${path}/manifests/${tag}`, {
    headers: { accept: "application/vnd.oci.image.manifest.v1+json" },
  });
  return answer.status === 200;
}

describe("a push", () => {
  const lostBlob: Fault = { method: "HEAD", path: BLOB, mishap: { kind: "answer", status: 200 } };
  const challenge = { "www-authenticate": 'Bearer realm="/token",service="lab"' };

  it.each<[string, readonly Fault[]]>([
    [
      "whose connection breaks in the middle of a layer, twice",
      [{ method: "PUT", path: UPLOAD, times: 2, mishap: { kind: "reset", afterBytes: 5 * MIB } }],
    ],
    [
      "that is asked to wait",
      [
        {
          method: "PUT",
          path: UPLOAD,
          times: 1,
          mishap: { kind: "answer", status: 429, headers: { "retry-after": "1" } },
        },
        {
          method: "POST",
          path: /uploads\/$/,
          times: 1,
          mishap: { kind: "answer", status: 429, headers: { "retry-after": "1" } },
        },
      ],
    ],
    [
      "that meets errors of the server",
      [
        { method: "HEAD", path: BLOB, times: 2, mishap: { kind: "answer", status: 500 } },
        { method: "PUT", path: UPLOAD, times: 2, mishap: { kind: "answer", status: 502 } },
        { method: "PUT", path: TAG, times: 2, mishap: { kind: "answer", status: 503 } },
      ],
    ],
    [
      "whose token ends in the middle",
      [
        { method: "PUT", path: UPLOAD, times: 1, mishap: { kind: "answer", status: 401, headers: challenge } },
        { method: "PUT", path: TAG, times: 1, mishap: { kind: "answer", status: 401, headers: challenge } },
        {
          method: "GET",
          path: /^\/token/,
          mishap: { kind: "answer", status: 200, body: '{"token":"good"}' },
        },
      ],
    ],
    [
      "whose uploads are forgotten, by PUT and by PATCH",
      [
        { method: "PUT", path: UPLOAD, times: 2, mishap: { kind: "forget" } },
        { method: "PATCH", path: UPLOAD, times: 1, mishap: { kind: "forget" } },
      ],
    ],
    ["that is told of blobs that are not there", [lostBlob]],
  ])("%s arrives", async (_, faults) => {
    const { proxy, registry, directory, to, direct, root } = await prepare(faults);
    await registry.pushLayout(directory, [to]);
    expect((await openTestRegistry().resolve(direct)).digest).toBe(root.digest);
    expect(await openTestRegistry().describe(direct)).toEqual(await registry.describeLayout(directory));
    expect(await openUploads(direct.path, proxy)).toEqual([]);
  });

  const never = { kind: "answer", status: 400, body: '{"errors":[{"code":"MANIFEST_INVALID"}]}' } as const;

  it.each<[string, readonly Fault[], object]>([
    [
      "a connection that always breaks",
      [{ method: "PUT", path: UPLOAD, mishap: { kind: "reset", afterBytes: MIB } }],
      { class: "network", code: "Unreachable" },
    ],
    [
      "a registry that is down",
      [{ method: "PUT", path: UPLOAD, mishap: { kind: "answer", status: 500 } }],
      { class: "network", code: "RegistryUnavailable" },
    ],
    [
      "a limit that lasts",
      [{ method: "PUT", path: UPLOAD, mishap: { kind: "answer", status: 429, headers: { "retry-after": "3600" } } }],
      { class: "rate-limit", code: "TooManyRequests" },
    ],
    [
      "a login that is never enough",
      [
        { method: "PUT", path: UPLOAD, mishap: { kind: "answer", status: 401, headers: challenge } },
        { method: "GET", path: /^\/token/, mishap: { kind: "answer", status: 200, body: '{"token":"good"}' } },
      ],
      { class: "auth", code: "Denied" },
    ],
    [
      "a proxy that takes no big bodies",
      [{ method: "PUT", path: UPLOAD, mishap: { kind: "answer", status: 413 } }],
      { class: "network", code: "TooLarge" },
    ],
    [
      "uploads that are always forgotten",
      [
        { method: "PUT", path: UPLOAD, mishap: { kind: "forget" } },
        { method: "PATCH", path: UPLOAD, mishap: { kind: "forget" } },
      ],
      { class: "network", code: "UploadLost" },
    ],
    [
      "a manifest that is refused",
      [{ method: "PUT", path: TAG, mishap: never }],
      { class: "network", code: "Refused" },
    ],
  ])("to %s fails for that reason, and leaves neither tag nor upload", async (_, faults, failure) => {
    const { proxy, registry, directory, to, direct } = await prepare(faults);
    await expect(registry.pushLayout(directory, [to])).rejects.toMatchObject(failure);
    expect(await isTagged(direct)).toBe(false);
    expect(await openUploads(direct.path, proxy)).toEqual([]);
  });

  it.each(["application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar+zstd"])(
    "to a registry that refuses %s says so, and leaves neither tag nor upload",
    async (type) => {
      const faults = [{ method: "PUT", path: TAG, mishap: never }];
      const { proxy, registry, directory, to, direct } = await prepare(faults, type);
      await expect(registry.pushLayout(directory, [to])).rejects.toMatchObject({
        class: "input",
        code: "LayerTypeRefused",
        hint: expect.stringContaining(`${type}, `),
      });
      expect(await isTagged(direct)).toBe(false);
      expect(await openUploads(direct.path, proxy)).toEqual([]);
    },
  );

  it.each(["PUT", "GET"])("does not believe another digest in the answer to %s of the manifest", async (method) => {
    const other = digestOf("another image");
    const mishap = { kind: "headers", headers: { "docker-content-digest": other } } as const;
    const { registry, directory, to, root } = await prepare([{ method, path: TAG, mishap }]);
    const pushed = registry.pushLayout(directory, [to]).then(() => registry.resolve(to));
    await expect(pushed).rejects.toMatchObject({
      class: "network",
      code: "DigestMismatch",
      lines: [`the registry says ${other}`, `the content's digest is ${root.digest}`],
    });
  });
});
