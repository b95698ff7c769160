import { describe, expect, it } from "vitest";
import {
  composeImage,
  composeIndex,
  type DescribedLayer,
  document,
  type ImageParts,
} from "../../src/assembly/compose.ts";
import type { Environment } from "../../src/cache/cached-environment.ts";
import { digestOf } from "../../src/oci/digest.ts";
import type { Descriptor } from "../../src/oci/manifest.ts";
import type { Runtime } from "../../src/recipe/recipe.ts";
import { AMD64, environmentConfig, MANIFEST } from "./environments.ts";
import { EPOCH } from "./plans.ts";

const KEY = digestOf("key");
const GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";

function descriptor(content: string, mediaType = GZIP, annotations = {}): Descriptor {
  return { mediaType, digest: digestOf(content), size: content.length, annotations };
}

function environment(
  config: object = environmentConfig(KEY),
  layers = [descriptor("base"), descriptor("packages")],
): Environment {
  const nowhere = () => Promise.reject(new Error("nobody reads it"));
  return {
    key: KEY,
    platform: AMD64,
    layers,
    config: { ...config },
    configDigest: digestOf("config"),
    content: { place: "nowhere", document: nowhere, blob: nowhere },
  };
}

const RUNTIME: Runtime = {
  variables: [
    { name: "LANG", value: "de_DE=.UTF-8" },
    { name: "WORKERS", value: "4" },
  ],
  exposedPorts: [3000, 3001],
  user: "bentoml",
  workdir: "/home/bentoml/bento",
  entrypoint: ["/home/bentoml/bento/env/docker/entrypoint.sh"],
};

const LAYERS: readonly DescribedLayer[] = ["model iris:1", "src"].map((title) => ({
  title,
  descriptor: descriptor(title, GZIP, { "dev.bento-image.layer": title }),
  diffId: digestOf(`${title}, unpacked`),
}));

function compose(parts: Partial<ImageParts> = {}) {
  const all = {
    environment: environment(),
    layers: LAYERS,
    runtime: RUNTIME,
    labels: {},
    annotations: {},
    epoch: EPOCH,
  };
  const { config, manifest } = composeImage({ ...all, ...parts });
  return { config, manifest, ...read(config, manifest) };
}

function read(config: { bytes: Uint8Array }, manifest: { bytes: Uint8Array }) {
  return {
    image: JSON.parse(Buffer.from(config.bytes).toString()),
    descriptorJson: JSON.parse(Buffer.from(manifest.bytes).toString()),
  };
}

describe("The configuration of an image", () => {
  it("keeps the environment's fields that this action does not set, including unknown ones", () => {
    const config = { ...environmentConfig(KEY), "os.features": ["x"], author: "somebody" };
    const own = { ...config.config, StopSignal: "SIGINT", Healthcheck: { Test: ["NONE"] }, Volumes: { "/data": {} } };
    const { image } = compose({ environment: environment({ ...config, config: own }) });
    expect(image).toMatchObject({ ...AMD64, author: "somebody", "os.features": ["x"] });
    expect(image.config).toMatchObject({
      StopSignal: "SIGINT",
      Healthcheck: { Test: ["NONE"] },
      Volumes: { "/data": {} },
    });
  });

  it("sets how a container starts", () => {
    const { image } = compose();
    expect(image.config).toMatchObject({
      User: "bentoml",
      WorkingDir: "/home/bentoml/bento",
      Entrypoint: ["/home/bentoml/bento/env/docker/entrypoint.sh"],
      ExposedPorts: { "3000/tcp": {}, "3001/tcp": {} },
    });
  });

  it("drops the default arguments of the base, which belong to its own entry point", () => {
    expect(compose().image.config).not.toHaveProperty("Cmd");
  });

  it("replaces variables in place and appends new ones", () => {
    expect(compose().image.config.Env).toEqual(["PATH=/app/.venv/bin:/usr/bin:/bin", "LANG=de_DE=.UTF-8", "WORKERS=4"]);
  });

  it("keeps the exposed ports of the base", () => {
    const config = environmentConfig(KEY);
    const { image } = compose({
      environment: environment({ ...config, config: { ...config.config, ExposedPorts: { "9/udp": {} } } }),
    });
    expect(image.config.ExposedPorts).toEqual({ "9/udp": {}, "3000/tcp": {}, "3001/tcp": {} });
  });

  it("merges the base's labels with the user's, which take precedence, and drops the environment label", () => {
    expect(compose({ labels: { maintainer: "me", more: "1" } }).image.config.Labels).toEqual({
      maintainer: "me",
      more: "1",
    });
    expect(compose().image.config.Labels).toEqual({ maintainer: "base" });
    const config = environmentConfig(KEY);
    const { maintainer: _, ...Labels } = config.config.Labels;
    const bare = environment({ ...config, config: { ...config.config, Labels } });
    expect(compose({ environment: bare }).image.config).not.toHaveProperty("Labels");
  });

  it("has a diff ID and a history entry for every layer", () => {
    const { image, descriptorJson } = compose();
    const config = environmentConfig(KEY);
    expect(image.rootfs).toEqual({
      type: "layers",
      diff_ids: [...config.rootfs.diff_ids, ...LAYERS.map(({ diffId }) => diffId)],
    });
    const filled = image.history.filter((entry: { empty_layer?: boolean }) => entry.empty_layer !== true);
    expect(filled).toHaveLength(image.rootfs.diff_ids.length);
    expect(descriptorJson.layers).toHaveLength(image.rootfs.diff_ids.length);
    expect(image.history.slice(-2)).toEqual(
      LAYERS.map(({ title }) => ({ created: "1980-01-02T00:00:00Z", created_by: `bento-image: ${title}` })),
    );
  });

  it("drops layers of the environment that change nothing: empty ones, and ones that are repeated above", () => {
    const empty = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";
    const ids = ["base", "twice", "run", "twice"].map((text) => digestOf(text));
    const steps = ["FROM", "COPY", "WORKDIR", "RUN", "COPY again"].map((step) => ({ created_by: step }));
    const config = {
      ...environmentConfig(KEY),
      rootfs: { type: "layers", diff_ids: [...ids.slice(0, 2), empty, ...ids.slice(2)] },
      history: [steps[0], { created_by: "ENV", empty_layer: true }, ...steps.slice(1)],
    };
    const layers = ["base", "twice", "nothing", "run", "twice"].map((text) => descriptor(text));
    const { image, descriptorJson } = compose({ environment: environment(config, layers) });
    expect(image.rootfs.diff_ids).toEqual([ids[0], ids[2], ids[1], ...LAYERS.map(({ diffId }) => diffId)]);
    expect(descriptorJson.layers.slice(0, 3).map(({ digest }: Descriptor) => digest)).toEqual(
      ["base", "run", "twice"].map((text) => digestOf(text)),
    );
    const idle = image.history.filter((entry: { empty_layer?: boolean }) => entry.empty_layer === true);
    expect(idle.map((entry: { created_by: string }) => entry.created_by)).toEqual(["ENV", "COPY", "WORKDIR"]);
    expect(image.history).toHaveLength(6 + LAYERS.length);
  });

  it.each([
    [EPOCH, "1980-01-02T00:00:00Z"],
    [0, "1970-01-01T00:00:00Z"],
    [1_772_359_200, "2026-03-01T10:00:00Z"],
  ])("has the creation time of epoch %s", (epoch, created) => {
    expect(compose({ epoch }).image.created).toBe(created);
  });

  it.each([
    ["nothing but a platform", { ...AMD64 }],
    ["nulls, as Go writes empty lists", { ...AMD64, config: { Env: null, Labels: null }, rootfs: null, history: null }],
  ])("is complete for an environment whose configuration is %s", (_, config) => {
    const { image } = compose({ environment: environment(config, []) });
    expect(image.config.Env).toEqual(["LANG=de_DE=.UTF-8", "WORKERS=4"]);
    expect(image.rootfs.diff_ids).toHaveLength(2);
    expect(image.history).toHaveLength(2);
  });
});

describe("The manifest of an image", () => {
  it("lists the environment's layers, then the payload's with the annotations that identify them", () => {
    const { descriptorJson, config } = compose();
    expect(descriptorJson).toEqual({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: config.descriptor.digest,
        size: config.descriptor.size,
      },
      layers: [
        { mediaType: GZIP, digest: digestOf("base"), size: 4 },
        { mediaType: GZIP, digest: digestOf("packages"), size: 8 },
        ...LAYERS.map((layer) => layer.descriptor),
      ],
    });
  });

  it("has the user's annotations", () => {
    expect(compose({ annotations: { a: "1" } }).descriptorJson.annotations).toEqual({ a: "1" });
  });

  it.each([
    ["application/vnd.docker.image.rootfs.diff.tar.gzip", GZIP],
    ["application/vnd.docker.image.rootfs.diff.tar", "application/vnd.oci.image.layer.v1.tar"],
    ["application/vnd.docker.image.rootfs.diff.tar.zstd", "application/vnd.oci.image.layer.v1.tar+zstd"],
    [`${GZIP}`, GZIP],
  ])("replaces the layer media type %s by OCI's and keeps the bytes", (type, oci) => {
    const { descriptorJson } = compose({
      environment: environment(undefined, [descriptor("base", type), descriptor("packages")]),
    });
    expect(descriptorJson.layers[0]).toEqual({ mediaType: oci, digest: digestOf("base"), size: 4 });
  });

  it("is described by the digest and size of its bytes", () => {
    const { manifest } = compose();
    expect(manifest.descriptor).toEqual({
      mediaType: MANIFEST,
      digest: digestOf(manifest.bytes),
      size: manifest.bytes.length,
      annotations: {},
    });
  });

  it("is the same for the same parts", () => {
    expect(compose().manifest.bytes).toEqual(compose().manifest.bytes);
  });
});

it("An index has its members in their order, with their platforms", () => {
  const platforms = [
    { os: "linux", architecture: "arm", variant: "v7" },
    { os: "linux", architecture: "amd64" },
  ];
  const members = platforms.map((platform) => ({ platform, manifest: document(MANIFEST, platform) }));
  const index = composeIndex(members, { a: "1" });
  expect(JSON.parse(Buffer.from(index.bytes).toString())).toEqual({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: members.map(
      ({
        platform,
        manifest: {
          descriptor: { digest, size },
        },
      }) => ({
        mediaType: MANIFEST,
        digest,
        size,
        platform,
      }),
    ),
    annotations: { a: "1" },
  });
});
