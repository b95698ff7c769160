const require = process.getBuiltinModule;
import {
  DOCUMENT_LIMIT,
  OCI_CONFIG,
  OCI_EMPTY,
  OCI_INDEX,
  OCI_MANIFEST,
  describe,
  distinctRepositories,
  imageOf,
  inParallel,
  isJsonObject,
  openLayout,
  openRegistries,
  parseJsonObject,
  platformOf,
  readAtMost,
  readManifest,
  repositoryContent,
  resolve,
  resolveDigest,
  sendManifest,
  transfer,
  uploadBlob,
  verify,
  writeLayout
} from "./chunk-5BL3I4JB.js";
import {
  ENVIRONMENT_STAGE,
  assumeBackend,
  chooseBackend,
  environmentSource,
  epochOf,
  isLocalEngine,
  mustBeDirect,
  nonEmpty,
  printTag,
  referencesOf,
  refuseExisting,
  removeOnFailure,
  rootParents,
  runBackend,
  secretIdsOf,
  settle
} from "./chunk-RFQHOXOY.js";
import {
  digestOf,
  hexOf,
  isDigest,
  normalizePlatform,
  parsePlatform,
  parseReference,
  printPlatform,
  printReference,
  printRepository,
  repositoryOf,
  samePlatform,
  sameRepository,
  withDigest
} from "./chunk-5DZKIIXO.js";
import {
  Failure
} from "./chunk-77OOFXIV.js";
import {
  createHash
} from "./chunk-QR4HHSVU.js";
import "./chunk-4QQRMYA2.js";
import "./chunk-ZDX6KC25.js";

// src/registry/limits.ts
var MIB = 1024 * 1024;
var LIMITS = [
  {
    // https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
    domain: /^ghcr\.io$/,
    registry: "GitHub's container registry",
    layerSize: 1e10,
    words: "10 GB"
  },
  {
    // https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html
    domain: /^public\.ecr\.aws$/,
    registry: "Amazon ECR Public",
    layerSize: 1e4 * MIB,
    words: "10,000 MiB"
  },
  {
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
    domain: /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/,
    registry: "Amazon ECR",
    layerSize: 52e3 * MIB,
    words: "52,000 MiB"
  },
  {
    // https://learn.microsoft.com/azure/container-registry/container-registry-skus
    domain: /\.azurecr\.io$/,
    registry: "Azure Container Registry",
    layerSize: 200 * 1024 * MIB,
    words: "200 GiB"
  }
];
var LAYER_COUNT = 127;
function checkLimits(references, layers, layerCount) {
  const domains = new Set(references.map(({ domain }) => domain));
  const limits = LIMITS.filter(({ domain }) => [...domains].some((name) => domain.test(name)));
  const lines = limits.flatMap(
    ({ registry, layerSize, words }) => layers.filter(({ size }) => size > layerSize).map(({ title, size }) => `${title}: ${size} bytes in one layer; ${registry} takes ${words} at most`)
  );
  const [first] = lines;
  if (first !== void 0) {
    const message = lines.length === 1 ? `A layer is too large: ${first}.` : "Layers are too large for the registry.";
    throw new Failure("input", message, {
      code: "LayerTooLarge",
      lines,
      hint: "Push to a registry that takes larger layers, or split the model, each part of which gets a layer of its own."
    });
  }
  if (layerCount <= LAYER_COUNT) return;
  throw new Failure("input", `The image would have ${layerCount} layers; engines take ${LAYER_COUNT} at most.`, {
    code: "TooManyLayers",
    hint: "Use a base image with fewer layers, or put models that are used together into one."
  });
}

// src/assembly/names.ts
var ENVIRONMENT_LABEL = "dev.bento-image.environment";
var LAYER_TITLE = "dev.bento-image.layer";
var LAYER_KEY = "dev.bento-image.layer.key";
var LAYER_SET = "dev.bento-image.layer.set";
var LAYER_DIFF_ID = "dev.bento-image.layer.diff-id";
var CONTENT_KEY = "dev.bento-image.key";
var TAG_DIGITS = 40;
function environmentTag(key) {
  return `bento-environment-${hexOf(key).slice(0, TAG_DIGITS)}`;
}
function modelTag(key) {
  return `bento-model-${hexOf(key).slice(0, TAG_DIGITS)}`;
}

// src/assembly/compose.ts
function composeImage(parts) {
  const { environment, layers, annotations } = parts;
  const config = document(OCI_CONFIG, composeConfig(parts));
  const below = environment.layers.map(({ mediaType, digest, size }) => ({
    mediaType: ociType(mediaType),
    digest,
    size
  }));
  const payload = layers.map(({ descriptor }) => stated(descriptor));
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: stated(config.descriptor),
    layers: [...below, ...payload],
    ...Object.keys(annotations).length === 0 ? {} : { annotations }
  });
  return { config, manifest };
}
function stated({ mediaType, digest, size, annotations }) {
  return { mediaType, digest, size, ...Object.keys(annotations).length === 0 ? {} : { annotations } };
}
function document(mediaType, value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, annotations: {} } };
}
function composeConfig({ environment, layers, runtime, labels, epoch }) {
  const { config: base } = environment;
  const created = new Date(epoch * 1e3).toISOString().replace(".000Z", "Z");
  const history = layers.map(({ title }) => ({ created, created_by: `bento-image: ${title}` }));
  const rootfs = objectOf(base["rootfs"]);
  return {
    ...base,
    created,
    config: composeRuntime(objectOf(base["config"]), runtime, labels),
    rootfs: {
      ...rootfs,
      type: "layers",
      diff_ids: [...listOf(rootfs["diff_ids"]), ...layers.map(({ diffId }) => diffId)]
    },
    history: [...listOf(base["history"]), ...history]
  };
}
function composeRuntime(base, runtime, labels) {
  const { [ENVIRONMENT_LABEL]: _key, ...own } = objectOf(base["Labels"]);
  const all = { ...own, ...labels };
  const ports = Object.fromEntries(runtime.exposedPorts.map((port) => [`${port}/tcp`, {}]));
  const { Cmd: _arguments, Labels: _labels, ...rest } = base;
  return {
    ...rest,
    User: runtime.user,
    ExposedPorts: { ...objectOf(base["ExposedPorts"]), ...ports },
    Env: withVariables(listOf(base["Env"]), runtime.variables),
    Entrypoint: runtime.entrypoint,
    WorkingDir: runtime.workdir,
    ...Object.keys(all).length === 0 ? {} : { Labels: all }
  };
}
function withVariables(env, variables) {
  const values = new Map(variables.map(({ name, value }) => [name, `${name}=${value}`]));
  const nameOf2 = (line) => String(line).split("=")[0] ?? "";
  const kept = env.map((line) => values.get(nameOf2(line)) ?? line);
  const there = new Set(env.map(nameOf2));
  return [...kept, ...[...values].filter(([name]) => !there.has(name)).map(([, line]) => line)];
}
function ociType(mediaType) {
  const docker = /^application\/vnd\.docker\.image\.rootfs\.diff\.tar(?:\.(gzip|zstd))?$/.exec(mediaType);
  if (docker === null) return mediaType;
  const suffix = docker[1] === void 0 ? "" : `+${docker[1]}`;
  return `application/vnd.oci.image.layer.v1.tar${suffix}`;
}
function objectOf(value) {
  return isJsonObject(value) ? value : {};
}
function listOf(value) {
  return Array.isArray(value) ? value : [];
}
function composeIndex(members, annotations) {
  return document(OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: members.map(({ platform: { os, architecture, variant }, manifest: { descriptor } }) => ({
      mediaType: descriptor.mediaType,
      digest: descriptor.digest,
      size: descriptor.size,
      platform: { architecture, os, ...variant === void 0 ? {} : { variant } }
    })),
    ...Object.keys(annotations).length === 0 ? {} : { annotations }
  });
}

// src/assembly/content.ts
function assembledContent(documents, layers, environments) {
  const inMemory = new Map(documents.map((item) => [item.descriptor.digest, item]));
  const payload = new Map(layers.map((layer) => [layer.descriptor.digest, layer]));
  const [first] = environments;
  function environmentOf(digest) {
    const found = environments.find((environment) => environment.layers.some((layer) => layer.digest === digest));
    if (found === void 0) throw new Failure("internal", `the assembled image has no ${digest}`);
    return found;
  }
  return {
    place: "the assembled image",
    ...first?.content.repository === void 0 ? {} : { repository: first.content.repository },
    async document({ digest }) {
      const found = inMemory.get(digest);
      if (found === void 0) throw new Failure("internal", `the assembled image has no document ${digest}`);
      return found.bytes;
    },
    async blob(descriptor) {
      const { digest } = descriptor;
      const known = inMemory.get(digest);
      if (known !== void 0) return oneOf(known.bytes);
      return payload.get(digest)?.open() ?? environmentOf(digest).content.blob(descriptor);
    }
  };
}
async function* oneOf(bytes) {
  yield bytes;
}

// src/assembly/image.ts
function assemble(environments, layers, { runtime }, { epoch, labels, annotations: asked2 }, key) {
  const annotations = { ...asked2, [CONTENT_KEY]: key };
  const images = environments.map((environment) => ({
    platform: environment.platform,
    ...composeImage({ environment, layers, runtime, labels, annotations, epoch })
  }));
  const [only] = images;
  const root = only !== void 0 && images.length === 1 ? only.manifest : composeIndex(images, annotations);
  const documents = [.../* @__PURE__ */ new Set([...images.flatMap(({ config, manifest }) => [config, manifest]), root])];
  return { root, documents, content: assembledContent(documents, layers, environments) };
}

// src/registry/referrers.ts
async function addReferrer(registries, repository, subject, referrer) {
  if (await knowsReferrers(registries, repository, subject)) return;
  const reference = { ...repository, tag: `sha256-${hexOf(subject)}` };
  const others = await resolve(registries, reference).then(membersOf, (error) => {
    if (error instanceof Failure && error.code === "NotFound") return [];
    throw error;
  });
  const { mediaType, digest, size, artifactType } = referrer;
  if (others.some((member) => isJsonObject(member) && member["digest"] === digest)) return;
  const manifests = [...others, { mediaType, digest, size, artifactType }];
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  const descriptor = { mediaType: OCI_INDEX, digest: digestOf(bytes), size: bytes.length, annotations: {} };
  await sendManifest(registries, reference, { descriptor, bytes, blobs: [] });
}
async function knowsReferrers(registries, repository, subject) {
  const answer = await registries.retrying(
    () => registries.send(
      { repository, write: false },
      { method: "GET", target: `referrers/${subject}`, doing: "asking for referrers", accept: [200, 404] }
    )
  );
  await readAtMost(answer.body, DOCUMENT_LIMIT, "The list of referrers");
  return answer.status === 200;
}
function membersOf({ bytes }) {
  const members = parseJsonObject(bytes, "The index of referrers")["manifests"];
  return Array.isArray(members) ? members : [];
}

// src/assembly/model-pack.ts
var MODEL_MANIFEST = "application/vnd.cncf.model.manifest.v1+json";
var MODEL_CONFIG = "application/vnd.cncf.model.config.v1+json";
var MODEL_WEIGHT = "application/vnd.cncf.model.weight.v1.tar";
function composeModelPack(located, layers, image) {
  const config = document(MODEL_CONFIG, {
    descriptor: descriptorOf(located),
    modelfs: { type: "layers", diffIds: layers.map(({ diffId }) => diffId) },
    config: {}
  });
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: MODEL_MANIFEST,
    config: stated(config.descriptor),
    layers: layers.map(({ descriptor }) => stated({ ...descriptor, mediaType: weightType(descriptor.mediaType) })),
    subject: stated({ ...image, annotations: {} })
  });
  return { config, manifest, layers };
}
function descriptorOf({ model, ...located }) {
  const common = {
    ...model.creationTime === void 0 ? {} : { createdAt: model.creationTime.toISOString() },
    name: model.tag.name,
    version: model.tag.version
  };
  if (model.registry === "bentoml") return common;
  const revision = "commit" in located ? located.commit : model.revision;
  return { ...common, name: model.repository, revision, sourceURL: `${model.endpoint ?? HUB}/${model.repository}` };
}
var HUB = "https://huggingface.co";
function weightType(mediaType) {
  return `${MODEL_WEIGHT}${/\+\w+$/.exec(mediaType)?.[0] ?? ""}`;
}
async function pushModelPacks(registries, image, repositories, layers, { has }) {
  const models = [...new Set(layers.flatMap(({ job }) => job.located ?? []))];
  const lines = [];
  for (const located of models) {
    const own = layers.filter(({ job }) => job.located === located);
    const { config, manifest } = composeModelPack(located, own, image);
    const content = assembledContent([config, manifest], own, []);
    const references = repositories.map((repository) => withDigest(repository, manifest.descriptor.digest));
    await transfer(registries, content, manifest.descriptor, references, { present: has });
    for (const repository of repositories) {
      await addReferrer(registries, repository, image.digest, { ...manifest.descriptor, artifactType: MODEL_MANIFEST });
    }
    const names = repositories.map((repository) => `${printRepository(repository)}@${manifest.descriptor.digest}`);
    lines.push(`Model artifact of ${printTag(located.model.tag)}: ${names.join(", ")}`);
  }
  return lines;
}

// src/assembly/collect.ts
import { basename, dirname, join } from "node:path/posix";
var DIRECTORY_MODE = 493;
var PLAIN_MODE = 420;
var EXECUTABLE_MODE = 493;
var OWNER_EXECUTES = 64;
var ROOT = { uid: 0, gid: 0 };
async function collectPayload(recipe, epoch, files) {
  const layers = recipe.payload.filter(({ kind }) => kind !== "parents");
  return Promise.all(
    layers.map(async (layer) => {
      const found = await Promise.all(layer.copies.map((copy) => collectCopy(copy, layer.owner, recipe, files)));
      const entries = withParents(found.flat(), layer.owner, rootParents(recipe.layout));
      refuseReserved(entries, layer.name);
      return { layer, plan: { title: layer.name, entries, epoch } };
    })
  );
}
async function collectCopy(copy, owner, recipe, files) {
  if (copy.context === "generated") return collectGenerated(copy, owner, recipe.generated, files);
  const context = recipe.contexts.find(({ name }) => name === copy.context)?.directory ?? recipe.context;
  const found = await Promise.all(
    copy.sources.map(async (source) => {
      const path = await locate(source, context, files);
      const info = await files.info(path);
      if (info?.kind === "directory") return collectDirectory(path, relative(copy.destination), owner, files);
      return [fileEntry(placeOf(copy.destination, source), path, info, owner)];
    })
  );
  return found.flat();
}
async function locate(source, context, files) {
  const root = await files.realPath(context);
  const path = await files.realPath(join(root, source)).catch(() => void 0);
  if (path === root || path?.startsWith(`${root}/`)) return path;
  throw new Failure("bento", `${join(context, source)} is a link that leads to nothing in ${context}`, {
    code: "UnsafePath",
    hint: "Replace it with what it leads to, or build the Bento anew."
  });
}
function placeOf(destination, source) {
  return relative(destination.endsWith("/") ? join(destination, basename(source)) : destination);
}
function relative(path) {
  return path.replace(/^\/+|\/+$/g, "");
}
async function collectDirectory(directory, place, owner, files) {
  const inside = await Promise.all(
    (await files.list(directory)).map(async ({ name, kind }) => {
      const path = join(directory, name);
      const target = join(place, name);
      switch (kind) {
        case "directory":
          return collectDirectory(path, target, owner, files);
        case "symlink":
          return [{ kind: "link", path: target, target: await files.readLink(path), owner }];
        default:
          return [fileEntry(target, path, await files.info(path), owner)];
      }
    })
  );
  return [directoryEntry(place, owner), ...inside.flat()];
}
function fileEntry(place, path, info, owner) {
  if (info?.kind !== "file") {
    throw new Failure("bento", `${path} is ${info === void 0 ? "gone" : "no regular file"}: no image can hold it`, {
      code: "EntryUnusable",
      hint: "Remove sockets, pipes and devices from the Bento, or build it anew."
    });
  }
  const mode = (info.mode & OWNER_EXECUTES) === 0 ? PLAIN_MODE : EXECUTABLE_MODE;
  return { kind: "file", path: place, mode, owner, size: info.size, source: { kind: "path", path } };
}
function directoryEntry(path, owner) {
  return { kind: "directory", path, mode: DIRECTORY_MODE, owner };
}
async function collectGenerated({ sources, destination }, owner, generated, files) {
  const inside = generated.filter(({ path }) => sources.some((source) => path.startsWith(`${source}/`)));
  return Promise.all(
    inside.map(async (entry) => {
      const place = join(relative(destination), entry.path.slice(entry.path.indexOf("/") + 1));
      return generatedEntry(entry, place, owner, files);
    })
  );
}
async function generatedEntry(entry, place, owner, files) {
  switch (entry.kind) {
    case "directory":
      return directoryEntry(place, owner);
    case "link":
      return { kind: "link", path: place, target: entry.target, owner };
    case "file": {
      const { content, mode } = entry;
      const size = Buffer.byteLength(content);
      return { kind: "file", path: place, mode, owner, size, source: { kind: "content", content } };
    }
    case "copy": {
      return { ...fileEntry(place, entry.source, await files.info(entry.source), owner), mode: entry.mode };
    }
  }
}
function withParents(entries, owner, roots) {
  const all = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    for (let path = dirname(entry.path); path !== "."; path = dirname(path)) {
      all.set(path, directoryEntry(path, roots.includes(`/${path}`) ? ROOT : owner));
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}
var WHITEOUT = ".wh.";
function refuseReserved(entries, layer) {
  const reserved = entries.filter(({ path }) => basename(path).startsWith(WHITEOUT)).map(({ path }) => path);
  if (reserved.length === 0) return;
  throw new Failure("bento", `${layer}: no image can hold files whose names start with ${WHITEOUT}`, {
    code: "NameReserved",
    lines: reserved,
    hint: "Rename them, or leave them out of the Bento."
  });
}

// src/assembly/encoding.ts
import { deflateRaw } from "node:zlib";

// src/assembly/file-content.ts
async function* contentOf(entry, files) {
  const { source, size } = entry;
  if (source.kind === "content") {
    yield Buffer.from(source.content);
    return;
  }
  const before = await checkUnchanged(source.path, size, files);
  let read = 0;
  for await (const piece of piecesOf(source.path, files)) {
    read += piece.length;
    if (read > size) throw changed(source.path, `has more than the ${size} bytes that it had`);
    yield piece;
  }
  if (read < size) throw changed(source.path, `ends after ${read} bytes, it had ${size}`);
  const after = await checkUnchanged(source.path, size, files);
  if (after.modified.getTime() !== before.modified.getTime()) throw changed(source.path, "was written meanwhile");
}
async function checkUnchanged(path, size, files) {
  const info = await files.info(path);
  if (info === void 0) throw changed(path, "is gone");
  if (info.kind !== "file") throw changed(path, "is no regular file any more");
  if (info.size !== size) throw changed(path, `has ${info.size} bytes, it had ${size}`);
  return info;
}
async function* piecesOf(path, files) {
  try {
    yield* files.pieces(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw changed(path, "is gone", error);
    throw error;
  }
}
function changed(path, how, cause) {
  return new Failure("bento", `${path} changed while its layer was made: it ${how}`, {
    code: "ContentChanged",
    hint: "Build when nothing writes into the Bento or its models any more.",
    cause
  });
}

// src/assembly/tar.ts
var BLOCK = 512;
var NAME_LENGTH = 100;
var PREFIX_LENGTH = 155;
var LINK_MODE = 511;
var END = 2 * BLOCK;
var TYPES = { file: "0", link: "2", directory: "5" };
var DIGITS = { uid: 7, gid: 7, size: 11, mtime: 11 };
function headerOf(entry, epoch) {
  const path = pathOf(entry);
  const records = recordsOf(entry, epoch);
  const header = block({
    ...numbersOf(entry, epoch),
    ...placeOf2(path) ?? { name: legacy(path), prefix: "" },
    type: TYPES[entry.kind],
    mode: entry.kind === "link" ? LINK_MODE : entry.mode,
    link: legacy(targetOf(entry))
  });
  return records === "" ? header : Buffer.concat([extended(records), header]);
}
function paddingOf(size) {
  return (BLOCK - size % BLOCK) % BLOCK;
}
function endOfTar() {
  return new Uint8Array(END);
}
function tarSize({ entries, epoch }) {
  return entries.reduce((total, entry) => total + entrySize(entry, epoch), END);
}
function filesOf({ entries }) {
  return entries.filter((entry) => entry.kind === "file");
}
function entrySize(entry, epoch) {
  const records = Buffer.byteLength(recordsOf(entry, epoch));
  const extension = records === 0 ? 0 : BLOCK + padded(records);
  return extension + BLOCK + padded(sizeOf(entry));
}
function padded(size) {
  return size + paddingOf(size);
}
function sizeOf(entry) {
  return entry.kind === "file" ? entry.size : 0;
}
function pathOf({ kind, path }) {
  return kind === "directory" ? `${path}/` : path;
}
function targetOf(entry) {
  return entry.kind === "link" ? entry.target : "";
}
function numbersOf(entry, epoch) {
  return { ...entry.owner, size: sizeOf(entry), mtime: epoch };
}
function recordsOf(entry, epoch) {
  const path = pathOf(entry);
  const link = targetOf(entry);
  const numbers = numbersOf(entry, epoch);
  return [
    ...placeOf2(path) === void 0 ? [record("path", path)] : [],
    ...fits(link) ? [] : [record("linkpath", link)],
    ...["size", "uid", "gid", "mtime"].filter((field) => !fitsOctal(numbers[field], DIGITS[field])).map((field) => record(field, String(numbers[field])))
  ].join("");
}
function isAscii(text) {
  return Buffer.byteLength(text) === text.length;
}
function fits(name) {
  return name.length <= NAME_LENGTH && isAscii(name);
}
function placeOf2(path) {
  if (fits(path)) return { name: path, prefix: "" };
  const slash = path.lastIndexOf("/", Math.min(PREFIX_LENGTH, path.length - 2));
  const name = path.slice(slash + 1);
  return slash > 0 && fits(name) && isAscii(path) ? { name, prefix: path.slice(0, slash) } : void 0;
}
function legacy(name) {
  return name.replace(new RegExp("\\P{ASCII}", "gu"), "_").slice(0, NAME_LENGTH);
}
function fitsOctal(value, digits) {
  return value >= 0 && value < 8 ** digits;
}
function record(key, value) {
  const rest = Buffer.byteLength(` ${key}=${value}
`);
  const digits = String(rest + String(rest).length).length;
  return `${rest + digits} ${key}=${value}
`;
}
function extended(records) {
  const content = Buffer.from(records);
  const header = block({
    name: "././@PaxHeader",
    prefix: "",
    type: "x",
    mode: 420,
    uid: 0,
    gid: 0,
    size: content.length,
    mtime: 0,
    link: ""
  });
  return Buffer.concat([header, content, Buffer.alloc(paddingOf(content.length))]);
}
function block({ name, prefix, type, mode, uid, gid, size, mtime, link }) {
  const bytes = Buffer.alloc(BLOCK);
  const put = (text, offset) => void bytes.write(text, offset, "latin1");
  put(name, 0);
  put(octal(mode, 7), 100);
  put(octal(uid, DIGITS.uid), 108);
  put(octal(gid, DIGITS.gid), 116);
  put(octal(size, DIGITS.size), 124);
  put(octal(mtime, DIGITS.mtime), 136);
  put(type, 156);
  put(link, 157);
  put("ustar\x0000", 257);
  put(octal(0, 7), 329);
  put(octal(0, 7), 337);
  put(prefix, 345);
  const sum = bytes.reduce((total, byte) => total + byte, 8 * 32);
  put(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}
function octal(value, digits) {
  return (fitsOctal(value, digits) ? value : 0).toString(8).padStart(digits, "0");
}

// src/assembly/sample.ts
var WINDOW = 1 << 16;
var WINDOWS = 32;
async function sampleOf(plan, files) {
  const { places, size } = layOut(plan);
  const read = windowsOf(size).map(async (window) => {
    const parts = [];
    for (const { entry, start } of places.filter((place) => place.start < window.end && place.end > window.start)) {
      parts.push(...await readEntry(entry, plan.epoch, moved(window, start), files));
    }
    return parts;
  });
  return Buffer.concat((await Promise.all(read)).flat());
}
function layOut({ entries, epoch }) {
  let offset = 0;
  const places = entries.map((entry) => {
    const start = offset;
    offset += entrySize(entry, epoch);
    return { entry, start, end: offset };
  });
  return { places, size: offset };
}
function windowsOf(size) {
  const count = Math.min(WINDOWS, Math.ceil(size / WINDOW));
  const distance = size <= WINDOWS * WINDOW ? WINDOW : (size - WINDOW) / (WINDOWS - 1);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor(index * distance);
    return { start, end: start + WINDOW };
  });
}
function moved({ start, end }, offset) {
  return { start: Math.max(0, start - offset), end: Math.max(0, end - offset) };
}
async function readEntry(entry, epoch, window, files) {
  const header = headerOf(entry, epoch);
  const head = header.subarray(window.start, window.end);
  if (entry.kind !== "file") return [head];
  const padding = moved(window, header.length + entry.size);
  return [
    head,
    ...await readContent(entry, moved(window, header.length), files),
    new Uint8Array(paddingOf(entry.size)).subarray(padding.start, padding.end)
  ];
}
async function readContent({ source, size }, window, files) {
  const { start } = window;
  const end = Math.min(size, window.end);
  if (start >= end) return [];
  if (source.kind === "content") return [Buffer.from(source.content).subarray(start, end)];
  await checkUnchanged(source.path, size, files);
  return Array.fromAsync(files.source(source.path, { start, end: end - 1 }));
}

// src/assembly/encoding.ts
var GZIP_LEVEL = 6;
var ZSTD_LEVEL = 3;
var WORTHWHILE = 0.05;
async function chooseEncoding(plan, compression, files) {
  if (compression === void 0 || compression.auto) return choose(plan, gzip(compression?.level), files);
  const encoding = asked(compression);
  return { encoding, reason: `${printEncoding(encoding)}: as asked` };
}
function mediaTypeOf({ kind }) {
  const tar = "application/vnd.oci.image.layer.v1.tar";
  if (kind === "none") return tar;
  return kind === "zstd" ? `${tar}+zstd` : `${tar}+gzip`;
}
function asked({ format, level }) {
  if (format === "gzip") return gzip(level);
  return format === "zstd" ? { kind: "zstd", level: level ?? ZSTD_LEVEL } : { kind: "none" };
}
function gzip(level = GZIP_LEVEL) {
  return level === 0 ? { kind: "stored" } : { kind: "gzip", level };
}
function deflatedSize(bytes) {
  return new Promise((resolve3, reject) => {
    deflateRaw(
      bytes,
      { level: GZIP_LEVEL },
      (error, deflated) => error === null ? resolve3(deflated.length) : reject(error)
    );
  });
}
async function choose(plan, compressed, files) {
  const sample = await sampleOf(plan, files);
  const ratio = await deflatedSize(sample) / sample.length;
  const encoding = ratio > 1 - WORTHWHILE ? { kind: "stored" } : compressed;
  const percent = (100 * ratio).toFixed(1);
  return {
    encoding,
    reason: `${printEncoding(encoding)}: a sample of ${printSize(sample.length)} compresses to ${percent} %`
  };
}
function printEncoding(encoding) {
  return "level" in encoding ? `${encoding.kind} level ${encoding.level}` : encoding.kind;
}
function printSize(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// src/assembly/key.ts
var FORMAT = 1;
function identityOf(located) {
  if (located.kind === "snapshot") {
    const isNamedByContent = located.files.every(({ source }) => source.startsWith("blobs/"));
    return isNamedByContent ? "named by content" : `commit ${located.commit}`;
  }
  const { tag, creationTime } = located.model;
  return creationTime === void 0 ? void 0 : `${printTag(tag)} ${creationTime.toISOString()}`;
}
function layerKey(plan, compression, identity) {
  const entries = plan.entries.map((entry) => ({
    ...entry,
    ..."source" in entry ? { source: entry.source.kind === "content" ? entry.source.content : identity } : {}
  }));
  const { epoch } = plan;
  return digestOf(JSON.stringify({ format: FORMAT, epoch, compression, entries }));
}

// src/assembly/layer-bytes.ts
import { constants, crc32 as crc322, createDeflateRaw, createZstdCompress } from "node:zlib";

// src/assembly/stored-gzip.ts
import { crc32 } from "node:zlib";
var MOST = 65535;
var BLOCK_HEADER = 5;
var BLOCKS = 16;
var GZIP_HEADER = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 255);
var TRAILER = 8;
function gzipTrailer(crc, size) {
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}
function storedSize(size) {
  const blocks = Math.max(1, Math.ceil(size / MOST));
  return GZIP_HEADER.length + blocks * BLOCK_HEADER + size + TRAILER;
}
async function* storedGzip(content, size) {
  const blocks = new StoredBlocks(size);
  let crc = 0;
  yield GZIP_HEADER;
  for await (const piece of content) {
    crc = crc32(piece, crc);
    yield* blocks.add(piece);
  }
  yield blocks.end();
  yield gzipTrailer(crc, size);
}
var StoredBlocks = class {
  #buffer;
  #used = 0;
  /** Bytes that the current block still takes. */
  #room = 0;
  /** Bytes that belong to later blocks. */
  #later;
  constructor(size) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(BLOCKS * (BLOCK_HEADER + MOST), storedSize(size)));
    this.#later = size;
    this.#start();
  }
  *add(piece) {
    for (let from = 0; from < piece.length; ) {
      if (this.#room === 0) {
        if (this.#later === 0) throw new Error("A content has more bytes than were said.");
        if (this.#used === this.#buffer.length) yield this.#take();
        this.#start();
      }
      const part = piece.subarray(from, from + this.#room);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      this.#room -= part.length;
      from += part.length;
    }
  }
  end() {
    if (this.#room + this.#later > 0) throw new Error("A content has fewer bytes than were said.");
    return this.#take();
  }
  /** Gives what is gathered. */
  #take() {
    const gathered2 = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return gathered2;
  }
  #start() {
    const length = Math.min(MOST, this.#later);
    this.#later -= length;
    this.#room = length;
    this.#buffer.writeUInt8(this.#later === 0 ? 1 : 0, this.#used);
    this.#buffer.writeUInt16LE(length, this.#used + 1);
    this.#buffer.writeUInt16LE(MOST - length, this.#used + 3);
    this.#used += BLOCK_HEADER;
  }
};

// src/assembly/layer-bytes.ts
var PIECE = 1 << 20;
var COMPRESSED_PIECE = 1 << 16;
async function* tarOf(plan, files, onContent = () => void 0) {
  for (const entry of plan.entries) {
    yield headerOf(entry, plan.epoch);
    if (entry.kind !== "file") continue;
    for await (const piece of contentOf(entry, files)) {
      onContent(entry, piece);
      yield piece;
    }
    yield new Uint8Array(paddingOf(entry.size));
  }
  yield endOfTar();
}
function blobOf(plan, encoding, files) {
  const tar = tarOf(plan, files);
  switch (encoding.kind) {
    case "none":
      return gathered(tar);
    case "stored":
      return storedGzip(tar, tarSize(plan));
    case "gzip":
      return deflatedGzip(tar, encoding.level);
    case "zstd":
      return zstd(tar, encoding.level, tarSize(plan));
  }
}
async function* deflatedGzip(content, level) {
  let crc = 0;
  let size = 0;
  const counted = async function* () {
    for await (const piece of content) {
      crc = crc322(piece, crc);
      size += piece.length;
      yield piece;
    }
  };
  yield GZIP_HEADER;
  yield* through(createDeflateRaw({ level, chunkSize: COMPRESSED_PIECE }), counted());
  yield gzipTrailer(crc, size);
}
function zstd(content, level, size) {
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 0 };
  return through(createZstdCompress({ params, pledgedSrcSize: size, chunkSize: COMPRESSED_PIECE }), content);
}
async function* through(compressor, content) {
  const fed = feed(compressor, gathered(content)).catch((error) => void compressor.destroy(error));
  try {
    yield* compressor;
  } finally {
    compressor.destroy();
    await fed;
  }
}
async function feed(compressor, pieces) {
  for await (const piece of pieces) {
    await new Promise((done, fail) => {
      compressor.write(piece, (error) => error ? fail(error) : done());
    });
  }
  compressor.end();
}
async function* gathered(content) {
  const buffer = Buffer.allocUnsafeSlow(PIECE);
  let used = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + PIECE - used);
      buffer.set(part, used);
      used += part.length;
      from += part.length;
      if (used === PIECE) {
        yield buffer;
        used = 0;
      }
    }
  }
  if (used > 0) yield buffer.subarray(0, used);
}

// src/assembly/hash.ts
function performHash(job, files) {
  switch (job.kind) {
    case "files":
      return hashFiles(job.files, files);
    case "tar":
      return hashTar(job, files);
    case "blob":
      return hashBlob(job, files);
  }
}
async function hashFiles(entries, files) {
  const hashes = [];
  for (const entry of entries) {
    const hash2 = createHash("sha256");
    for await (const piece of contentOf(entry, files)) hash2.update(piece);
    hashes.push(hash2.digest("hex"));
  }
  return hashes;
}
async function hashTar({ plan, withFiles }, files) {
  const tar = createHash("sha256");
  const watched = watch(files);
  const each = withFiles ? new EachFile() : void 0;
  const pieces = tarOf(plan, watched.files, (entry, piece) => each?.update(entry, piece));
  for await (const piece of pieces) tar.update(piece);
  return {
    digest: `sha256:${tar.digest("hex")}`,
    files: each === void 0 ? [] : filesOf(plan).map((entry) => each.hashOf(entry)),
    newest: watched.newest()
  };
}
var EachFile = class {
  #done = /* @__PURE__ */ new Map();
  #entry;
  #hash = createHash("sha256");
  update(entry, piece) {
    if (entry !== this.#entry) this.#next(entry);
    this.#hash.update(piece);
  }
  /** A file of which nothing came is empty. */
  hashOf(entry) {
    this.#next(void 0);
    return this.#done.get(entry) ?? createHash("sha256").digest("hex");
  }
  #next(entry) {
    if (this.#entry !== void 0) this.#done.set(this.#entry, this.#hash.digest("hex"));
    this.#entry = entry;
    this.#hash = createHash("sha256");
  }
};
async function hashBlob({ plan, encoding }, files) {
  const hash2 = createHash("sha256");
  const watched = watch(files);
  let size = 0;
  for await (const piece of blobOf(plan, encoding, watched.files)) {
    hash2.update(piece);
    size += piece.length;
  }
  return { digest: `sha256:${hash2.digest("hex")}`, size, newest: watched.newest() };
}
function watch(files) {
  let newest = 0;
  const info = async (path) => {
    const found = await files.info(path);
    newest = Math.max(newest, found?.modified.getTime() ?? 0);
    return found;
  };
  return { files: { info, pieces: (path) => files.pieces(path) }, newest: () => newest };
}

// src/assembly/measure.ts
var WORTH_A_THREAD = 8 << 20;
var COST_OF_A_FILE = 1 << 16;
async function measureLayer(plan, encoding, machine) {
  const hasher = hasherFor(plan, machine);
  if (encoding.kind === "none") {
    const [blob2, set2] = await Promise.all([hasher({ kind: "blob", plan, encoding }), setOf(plan, machine)]);
    return { plan, encoding, diffId: blob2.digest, digest: blob2.digest, size: blob2.size, set: set2 };
  }
  const apart = machine.workers.width > 2;
  const [tar, blob, set] = await Promise.all([
    hasher({ kind: "tar", plan, withFiles: !apart }),
    hasher({ kind: "blob", plan, encoding }),
    apart ? setOf(plan, machine) : void 0
  ]);
  if (tar.newest !== blob.newest) throw changed(plan.title, "was written meanwhile");
  const { digest, size } = blob;
  return { plan, encoding, diffId: tar.digest, digest, size, set: set ?? setFrom(filesOf(plan), tar.files) };
}
async function setOf(plan, machine) {
  const entries = filesOf(plan);
  const hasher = hasherFor(plan, machine);
  const shares = sharesOf(entries, machine.workers.width);
  const hashed = await Promise.all(shares.map(async (files) => zip(files, await hasher({ kind: "files", files }))));
  const hashes = new Map(hashed.flat());
  return setFrom(
    entries,
    entries.map((entry) => hashes.get(entry) ?? "")
  );
}
function hasherFor(plan, { files, workers }) {
  const cost = tarSize(plan) + COST_OF_A_FILE * plan.entries.length;
  return cost < WORTH_A_THREAD ? (job) => hashHere(job, files) : (job) => hashAway(job, workers);
}
async function hashHere(job, files) {
  return await performHash(job, files);
}
async function hashAway(job, workers) {
  return await workers.run(job);
}
function sharesOf(entries, count) {
  const shares = Array.from({ length: count }, () => ({ cost: 0, files: [] }));
  for (const entry of entries.toSorted((one, other) => other.size - one.size)) {
    const least = shares.reduce((found, share) => share.cost < found.cost ? share : found);
    least.cost += entry.size + COST_OF_A_FILE;
    least.files.push(entry);
  }
  return shares.map(({ files }) => files).filter((files) => files.length > 0);
}
function zip(files, hashes) {
  return files.map((file, index) => [file, hashes[index] ?? ""]);
}
function setFrom(entries, hashes) {
  const lines = entries.map(({ path }, index) => Buffer.from(checksumLine(hashes[index] ?? "", path)));
  return digestOf(Buffer.concat(lines.sort(Buffer.compare)));
}
function checksumLine(hash2, path) {
  const escaped = path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `${escaped === path ? "" : "\\"}${hash2}  ${escaped}
`;
}

// src/assembly/split.ts
var ALONE = 64 * 2 ** 20;
var MOST_ALONE = 64;
function splitLayer(plan, budget) {
  const big = plan.entries.filter((entry) => entry.kind === "file" && entry.size >= ALONE).sort((one, other) => other.size - one.size).slice(0, Math.max(0, budget));
  const alone = new Set(big);
  const rest = plan.entries.filter((entry) => !alone.has(entry));
  const parts = plan.entries.filter((entry) => alone.has(entry)).map((entry) => ({
    ...plan,
    title: `${plan.title} (${nameOf(entry)})`,
    entries: [...plan.entries.filter((other) => isAbove(other, entry)), entry]
  }));
  const restCounts = rest.some((entry) => !big.some((file) => isAbove(entry, file)));
  return big.length === 0 || restCounts ? [...parts, { ...plan, entries: rest }] : parts;
}
function splitLayers(layers) {
  let budget = MOST_ALONE;
  return layers.flatMap((layer) => {
    const parts = splitLayer(layer.plan, budget);
    budget -= parts.length - 1;
    return parts.map((plan) => ({ ...layer, plan }));
  });
}
function isAbove(directory, { path }) {
  return directory.kind === "directory" && path.startsWith(`${directory.path}/`);
}
function nameOf({ path }) {
  return path.slice(path.lastIndexOf("/") + 1);
}

// src/assembly/payload.ts
async function planPayload(recipe, models, { epoch, compression }, world) {
  const collected = await collectPayload(recipe, epoch, world.files);
  const whole = collected.map(({ layer, plan }, index) => {
    const model = layer.kind === "model" ? models[index] : void 0;
    const identity = model === void 0 ? void 0 : identityOf(model);
    return { located: model, plan, identity, model: keyOf(plan, compression, identity) };
  });
  return splitLayers(whole).map(({ located, plan, identity, model }) => {
    const key = keyOf(plan, compression, identity);
    return {
      plan,
      ...located === void 0 ? {} : { located },
      ...key === void 0 || model === void 0 ? {} : { key, model }
    };
  });
}
function keyOf(plan, compression, identity) {
  return identity === void 0 ? void 0 : layerKey(plan, compression, identity);
}
async function prepareLayer(job, known, { compression, verifyModels }, world) {
  const found = job.key === void 0 ? void 0 : known.get(job.key);
  if (found !== void 0 && (!verifyModels || await setOf(job.plan, world) === found.set)) {
    return recall(job, found, { compression, verifyModels }, world);
  }
  return hash(job, compression, world);
}
function recall(job, { descriptor, diffId }, { compression, verifyModels }, world) {
  return {
    title: job.plan.title,
    descriptor,
    diffId,
    job,
    origin: verifyModels ? "verified" : "known",
    reason: "",
    async open() {
      const again = await hash(job, compression, world);
      if (again.descriptor.digest === descriptor.digest) return again.open();
      throw new LayerLost(job);
    }
  };
}
var LayerLost = class extends Error {
  job;
  constructor(job) {
    super(`${job.plan.title} is not what it was`);
    this.job = job;
  }
};
async function hash(job, compression, world) {
  const { plan, key } = job;
  const { encoding, reason } = await chooseEncoding(plan, compression, world.files);
  const { digest, size, diffId, set } = await measureLayer(plan, encoding, world);
  const annotations = {
    [LAYER_TITLE]: plan.title,
    ...key === void 0 ? {} : { [LAYER_KEY]: key, [LAYER_SET]: set, [LAYER_DIFF_ID]: diffId }
  };
  return {
    title: plan.title,
    descriptor: { mediaType: mediaTypeOf(encoding), digest, size, annotations },
    diffId,
    job,
    origin: "hashed",
    reason,
    open: async () => blobOf(plan, encoding, world.files)
  };
}
function reportOf({ title, origin, reason }) {
  return { title, note: origin === "hashed" ? reason : NOTES[origin] };
}
var NOTES = { known: "known, not read", verified: "known, and read again" };
async function sizeAhead({ plan, key }, known, compression, world) {
  const found = key === void 0 ? void 0 : known.get(key);
  if (found !== void 0) return found.descriptor.size;
  const { encoding } = await chooseEncoding(plan, compression, world.files);
  if (encoding.kind === "stored") return storedSize(tarSize(plan));
  return encoding.kind === "none" ? tarSize(plan) : 0;
}

// src/assembly/placement.ts
var NOT_ASKED_FOR = 1 << 16;
function openPlacement(registries, references) {
  const holders = /* @__PURE__ */ new Map();
  const firsts = [...new Map(references.toReversed().map((one) => [one.domain, repositoryOf(one)])).values()];
  let uploadedBytes = 0;
  function note(repository, digests) {
    for (const digest of digests) holders.set(digest, [...holders.get(digest) ?? [], repository]);
  }
  function has(repository, digest) {
    return holders.get(digest)?.some((holder) => sameRepository(holder, repository)) ?? false;
  }
  async function bring(repository, { descriptor, open, origin }, signal) {
    const mountFrom = holders.get(descriptor.digest)?.find(({ domain }) => domain === repository.domain);
    const isNew = origin === "hashed" && descriptor.size <= NOT_ASKED_FOR;
    const options = { signal, isNew, ...mountFrom === void 0 ? {} : { mountFrom } };
    const arrival = await uploadBlob(registries, repository, { descriptor, open }, options);
    note(repository, [descriptor.digest]);
    if (arrival === "uploaded") uploadedBytes += descriptor.size;
  }
  return {
    note,
    has,
    async place(layer, signal) {
      const missing = firsts.filter((repository) => !has(repository, layer.descriptor.digest));
      for (const repository of missing) await bring(repository, layer, signal);
    },
    get uploadedBytes() {
      return uploadedBytes;
    }
  };
}
var WIDTH = 4;
async function inPlace(jobs, signal, work) {
  const bigFirst = [...jobs.entries()].sort(([, one], [, other]) => sizeOf2(other) - sizeOf2(one));
  const done = /* @__PURE__ */ new Map();
  await inParallel(bigFirst, WIDTH, signal, async ([index, job], either) => {
    done.set(index, await work(job, either));
  });
  return jobs.flatMap((_, index) => done.get(index) ?? []);
}
function sizeOf2({ plan }) {
  return plan.entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

// src/assembly/remember.ts
var MODEL_TYPE = "application/vnd.bento-image.model.v1+json";
async function rememberModels(registries, { cache, references }, { newModels }, layers, placement) {
  const image = references.find(({ domain }) => domain === cache?.domain);
  if (cache === void 0 || image === void 0) return;
  for (const model of newModels) {
    const own = layers.filter(({ job }) => job.model === model);
    try {
      await remember(registries, repositoryOf(image), cache, model, own, placement);
    } catch (error) {
      registries.world.actions.debug(`A model could not be noted in the registry: ${String(error)}`);
    }
  }
}
async function remember(registries, from, cache, model, layers, { has }) {
  const config = document(OCI_EMPTY, {});
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: MODEL_TYPE,
    config: stated(config.descriptor),
    layers: layers.map(({ descriptor }) => stated(descriptor))
  });
  const content = assembledContent([config, manifest], layers, []);
  const origin = sameRepository(from, cache) ? {} : { repository: from };
  const tag = { ...cache, tag: modelTag(model) };
  await transfer(registries, { ...content, ...origin }, manifest.descriptor, [tag], { present: has });
}

// src/assembly/size-changes.ts
var CLASSES = ["environment", "models", "code"];
function sizeChanges(layers, payload, earlier) {
  if (earlier === void 0 || !earlier.layers.some(({ annotations }) => LAYER_TITLE in annotations)) return [];
  const below = layers.slice(0, layers.length - payload.length).map(({ size }) => ({ size, class: "environment" }));
  const now = [
    ...below,
    ...payload.map(({ title, descriptor }) => ({ size: descriptor.size, class: classOf(title) }))
  ];
  const before = earlier.layers.map(({ size, annotations }) => ({ size, class: classOf(annotations[LAYER_TITLE]) }));
  return CLASSES.map((name) => ({ title: name, now: sumOf(now, name), before: sumOf(before, name) }));
}
function classOf(title) {
  if (title === void 0) return "environment";
  return title.startsWith("model ") ? "models" : "code";
}
function sumOf(layers, name) {
  return layers.reduce((sum, layer) => sum + (layer.class === name ? layer.size : 0), 0);
}

// src/assembly/waste.ts
import { join as join2 } from "node:path/posix";
var WORTH_A_WORD = 1 << 20;
async function findWaste(layers, recipe, files) {
  const places = layers.filter(({ origin }) => origin === "hashed").flatMap(({ job }) => placesOf(job.plan.entries));
  return [...await findDoubles(places, files), ...inEnvironment(layers, recipe)];
}
function placesOf(entries) {
  return entries.flatMap(
    (entry) => entry.kind === "file" && entry.size >= WORTH_A_WORD && entry.source.kind === "path" ? [{ entry, path: entry.source.path }] : []
  );
}
async function findDoubles(places, files) {
  const bySize = Map.groupBy(places, ({ entry }) => entry.size);
  const suspects = [...bySize.values()].filter((group) => group.length > 1).flat();
  const hashed = [];
  for (const place of suspects) hashed.push({ place, hash: await hashOf(place.path, files) });
  return [...Map.groupBy(hashed, ({ hash: hash2 }) => hash2).values()].filter((group) => group.length > 1).map((group) => {
    const [first] = group;
    const paths = group.map(({ place }) => `/${place.entry.path}`).sort();
    const size = printMegabytes((first?.place.entry.size ?? 0) * (group.length - 1));
    return `${size} are in the image more than once: ${paths.join(" and ")} are the same file.`;
  });
}
async function hashOf(path, files) {
  const hash2 = createHash("sha256");
  for await (const piece of files.pieces(path)) hash2.update(piece);
  return hash2.digest("hex");
}
function inEnvironment(layers, { environment, layout }) {
  const copies = environment.flatMap(({ steps }) => steps).filter((step) => step.kind === "copy");
  return copies.flatMap(({ sources, destination }) => {
    const roots = sources.map((source) => join2(layout.bento, source).slice(1));
    const inside = layers.flatMap(({ job }) => job.plan.entries).filter((entry) => isBelow(entry.path, roots));
    const size = inside.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
    if (size < WORTH_A_WORD) return [];
    const line = `COPY ${sources.join(" ")} ${destination}`;
    return [
      `${printMegabytes(size)} are in the image twice: the stage ${ENVIRONMENT_STAGE} needs them (\`${line}\`) because the requirements or build_include name them, and they are sources of the Bento too.`
    ];
  });
}
function isBelow(path, roots) {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}
function printMegabytes(size) {
  return `${(size / 1e6).toFixed(1)} MB`;
}

// src/assembly/assembly.ts
var Assembly = class {
  #recipe;
  #order;
  #knowledge;
  #registries;
  #world;
  #watch;
  #placement;
  #prepared = /* @__PURE__ */ new Map();
  /** By their keys. */
  #environments;
  /** What an earlier run said of layers, less what turned out to be gone. */
  #known;
  constructor(recipe, order, knowledge, registries, world, watch2) {
    this.#recipe = recipe;
    this.#order = order;
    this.#knowledge = knowledge;
    this.#registries = registries;
    this.#world = world;
    this.#watch = watch2;
    this.#placement = openPlacement(registries, order.references);
    this.#known = new Map(knowledge.known);
    this.#environments = new Map(knowledge.environments.map((environment) => [environment.key, environment]));
    this.#noteWhatIsThere();
  }
  /**
   * The image of the first tag, when the order takes it for an answer and it is made of the very same things; the other
   * tags then point to it too. Undefined when it has to be made.
   */
  async findUnchanged() {
    const { earlier, layerJobs } = this.#knowledge;
    const { references, skipExisting } = this.#order;
    const [first, ...others] = references;
    const stated2 = earlier?.annotations[CONTENT_KEY];
    if (!skipExisting || first === void 0 || earlier === void 0 || stated2 === void 0) return void 0;
    const layers = await inPlace(layerJobs, this.#world.signal, (job) => this.#prepare(job));
    if (this.#contentKey(layers) !== stated2) return void 0;
    const content = repositoryContent(this.#registries, repositoryOf(first), earlier.root);
    if (others.length > 0) await transfer(this.#registries, content, earlier.root, others);
    await verify(this.#registries, references, earlier.root.digest);
    return { image: await describe(content, earlier.root), layers, uploadedBytes: 0, changes: [], notes: [] };
  }
  /**
   * @throws Failure `input`, code `LayerTooLarge` or `TooManyLayers`, when a registry is known not to take the image. Only
   * layers that are not compressed can be told beforehand; those that compress are no weights.
   */
  async checkLimits() {
    const { layerJobs } = this.#knowledge;
    const layers = await Promise.all(
      layerJobs.map(async (job) => ({
        title: job.plan.title,
        size: await sizeAhead(job, this.#known, this.#order.compression, this.#world)
      }))
    );
    const below = [...this.#environments.values()].map((environment) => environment.layers.length);
    checkLimits(this.#order.references, layers, layers.length + Math.max(0, ...below));
  }
  /**
   * Makes the image: environments and payload side by side, then documents, tags last, and reads the tags back. A layer
   * that was known and is gone is made anew, once.
   */
  async make(build) {
    try {
      return await this.#makeOnce(build);
    } catch (error) {
      if (!(error instanceof LayerLost)) throw error;
      this.#known.clear();
      this.#prepared.clear();
      return this.#makeOnce(build);
    }
  }
  async #makeOnce(build) {
    const { requests, layerJobs } = this.#knowledge;
    let layers = [];
    const buildMissing = async (signal) => {
      for (const request of requests) {
        if (this.#environments.has(request.key)) continue;
        this.#environments.set(request.key, await build(request, signal));
      }
    };
    const placeAll = async (signal) => {
      layers = await inPlace(layerJobs, signal, async (job, either) => {
        const layer = await this.#prepare(job);
        await this.#placement.place(layer, either);
        return layer;
      });
    };
    const timed = (signal) => this.#watch.phase("hash and upload layers", () => placeAll(signal));
    await inParallel([buildMissing, timed], 2, this.#world.signal, (work, signal) => work(signal));
    const environments = requests.flatMap(({ key }) => this.#environments.get(key) ?? []);
    this.#noteEnvironments(environments);
    return this.#watch.phase("write the image", () => this.#deliver(environments, layers));
  }
  async #deliver(environments, layers) {
    const { references, layout } = this.#order;
    const image = assemble(environments, layers, this.#recipe, this.#order, this.#contentKey(layers));
    const { content, root } = image;
    const description = await describe(content, root.descriptor);
    if (layout !== void 0) await writeLayout(content, root.descriptor, layout, this.#world.files);
    let uploadedBytes = this.#placement.uploadedBytes;
    if (references.length > 0) {
      uploadedBytes += await this.#push(image);
      await verify(this.#registries, references, root.descriptor.digest);
      await rememberModels(this.#registries, this.#order, this.#knowledge, layers, this.#placement);
      if (this.#order.modelArtifact) await this.#pushModelPacks(root.descriptor, layers);
    }
    const [first] = description.platforms;
    return {
      image: description,
      layers,
      uploadedBytes,
      changes: first === void 0 ? [] : sizeChanges(first.layers, layers, this.#knowledge.earlier),
      notes: await findWaste(layers, this.#recipe, this.#world.files)
    };
  }
  async #pushModelPacks(image, layers) {
    const repositories = distinctRepositories(this.#order.references);
    const lines = await pushModelPacks(this.#registries, image, repositories, layers, this.#placement);
    for (const line of lines) this.#world.actions.info(line);
  }
  async #push({ content, root, documents }) {
    const fresh = new Set(documents.map(({ descriptor }) => descriptor.digest));
    const { uploadedBytes } = await transfer(this.#registries, content, root.descriptor, this.#order.references, {
      present: (repository, digest) => this.#placement.has(repository, digest),
      isNew: (digest) => fresh.has(digest)
    });
    return uploadedBytes;
  }
  /** Hashed once, whoever asks first. */
  #prepare(job) {
    const prepared = this.#prepared.get(job) ?? prepareLayer(job, this.#known, this.#order, this.#world);
    this.#prepared.set(job, prepared);
    return prepared;
  }
  /** The digest of all that goes into the image, known before its environments are there. */
  #contentKey(layers) {
    const { labels, annotations } = this.#order;
    const environments = this.#knowledge.requests.map(({ key }) => key);
    const payload = layers.map(({ diffId, descriptor }) => [diffId, descriptor.digest]);
    return digestOf(JSON.stringify({ environments, payload, runtime: this.#recipe.runtime, labels, annotations }));
  }
  /** A registry keeps what its manifests name. */
  #noteWhatIsThere() {
    const { earlier, kept, environments } = this.#knowledge;
    const { cache, references } = this.#order;
    const [first] = references;
    if (first !== void 0 && earlier !== void 0) {
      this.#placement.note(
        repositoryOf(first),
        earlier.layers.map(({ digest }) => digest)
      );
    }
    if (cache !== void 0) this.#placement.note(cache, kept);
    this.#noteEnvironments(environments);
  }
  #noteEnvironments(environments) {
    for (const { content, layers } of environments) {
      const { repository } = content;
      if (repository !== void 0)
        this.#placement.note(
          repository,
          layers.map(({ digest }) => digest)
        );
    }
  }
};

// src/assembly/base.ts
async function findBase(registries, base, mirrors) {
  const reference = parseReference(base);
  if (reference.digest !== void 0) return reference.digest;
  try {
    return await resolveDigest(registries, reference, { mirrors, patient: false });
  } catch (error) {
    if (!(error instanceof Failure) || error.class === "cancelled") throw error;
    return { unknown: `the base image ${base} cannot be looked up (${error.message})`, failure: error };
  }
}

// src/assembly/environment.ts
async function findEnvironment(registries, repository, key, platform) {
  return ifThere(async () => {
    const root = await resolve(registries, { ...repository, tag: environmentTag(key) });
    return readEnvironment(repositoryContent(registries, repository, root), root, key, platform);
  });
}
var ABSENT = ["NotFound", "Denied", "ManifestInvalid"];
async function ifThere(look) {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Failure && ABSENT.includes(error.code)) return void 0;
    throw error;
  }
}
async function readEnvironment(content, root, key, platform) {
  const { manifest } = await readManifest(content, root);
  if (manifest.kind === "index") {
    const [member, ...others] = manifest.members.filter(({ annotations }) => Object.keys(annotations).length === 0);
    if (member === void 0 || others.length > 0) return void 0;
    return readEnvironment(content, member, key, platform);
  }
  const where = `The config ${manifest.config.digest} in ${content.place}`;
  const config = parseJsonObject(await content.document(manifest.config), where);
  const found = platformOf(config);
  const isWanted = found !== void 0 && samePlatform(normalizePlatform(found), platform);
  if (!isWanted || labelOf(config) !== key || diffIdsOf(config).length !== manifest.layers.length) return void 0;
  return { key, platform, manifest: root, layers: manifest.layers, config, content };
}
function labelOf(config) {
  const runtime = config["config"];
  const labels = isJsonObject(runtime) ? runtime["Labels"] : void 0;
  return isJsonObject(labels) ? labels[ENVIRONMENT_LABEL] : void 0;
}
function diffIdsOf(config) {
  const rootfs = config["rootfs"];
  const ids = isJsonObject(rootfs) ? rootfs["diff_ids"] : void 0;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "string" && isDigest(id)) : [];
}

// src/assembly/environment-key.ts
import { join as join3 } from "node:path/posix";
var FORMAT2 = 1;
async function environmentKey(request, files) {
  const { recipe, base, platform, buildArgs, secretIds, sshIds, epoch, compression } = request;
  const steps = recipe.environment.flatMap((section) => section.steps);
  const sources = [...new Set(steps.flatMap(sourcesOf))].sort();
  const read = [];
  for (const source of sources) read.push(...await listSource(join3(recipe.context, source), source, files));
  return digestOf(
    JSON.stringify({
      format: FORMAT2,
      base,
      platform: printPlatform(platform),
      steps,
      files: read,
      buildArgs: Object.entries(buildArgs).sort(([one], [other]) => one < other ? -1 : 1),
      secretIds: [...secretIds].sort(),
      sshIds: [...sshIds].sort(),
      epoch,
      compression: { format: compression.format, level: compression.level }
    })
  );
}
function sourcesOf(step) {
  if (step.kind === "copy") return step.sources;
  if (step.kind !== "run") return [];
  return step.mounts.flatMap((mount) => mount.kind === "bind" ? [mount.source] : []);
}
async function listSource(path, name, files) {
  const isLink = (await files.info(path))?.kind === "symlink";
  return listContent(isLink ? await files.realPath(path) : path, name, files);
}
async function listContent(path, name, files) {
  const info = await files.info(path);
  switch (info?.kind) {
    case "directory": {
      const lines = [`${name}/`];
      for (const entry of await files.list(path)) {
        lines.push(...await listContent(join3(path, entry.name), join3(name, entry.name), files));
      }
      return lines;
    }
    case "file":
      return [`${name} ${(info.mode & 64) === 0 ? "-" : "x"} ${await hashOf2(path, files)}`];
    case "symlink":
      return [`${name} -> ${await files.readLink(path)}`];
    default:
      return [];
  }
}
async function hashOf2(path, files) {
  const hash2 = createHash("sha256");
  for await (const piece of files.pieces(path)) hash2.update(piece);
  return `sha256:${hash2.digest("hex")}`;
}

// src/assembly/known.ts
function findEarlier(registries, repository, tag) {
  return ifThere(() => readEarlier(registries, repository, tag));
}
async function readEarlier(registries, repository, tag) {
  const root = await resolve(registries, { ...repository, tag });
  const content = repositoryContent(registries, repository, root);
  const { manifest } = await readManifest(content, root);
  const [first] = manifest.kind === "index" ? manifest.members : [];
  const member = first === void 0 ? manifest : (await readManifest(content, first)).manifest;
  const layers = member.kind === "manifest" ? member.layers : [];
  return { root, annotations: manifest.annotations, layers, known: knownLayers(layers) };
}
async function findModel(registries, repository, key) {
  const found = await findEarlier(registries, repository, modelTag(key));
  return found?.known ?? /* @__PURE__ */ new Map();
}
function knownLayers(layers) {
  return new Map(
    layers.flatMap((descriptor) => {
      const { [LAYER_KEY]: key, [LAYER_DIFF_ID]: diffId = "", [LAYER_SET]: set = "" } = descriptor.annotations;
      if (key === void 0 || !isDigest(diffId) || !isDigest(set)) return [];
      return [[key, { descriptor, diffId, set }]];
    })
  );
}

// src/assembly/knowledge.ts
async function gatherKnowledge(recipe, models, order, base, registries, world) {
  const layerJobs = await planPayload(recipe, models, order, world);
  const requests = await Promise.all(
    order.platforms.map(async (platform) => ({
      platform,
      key: await environmentKey({ ...order, recipe, base, platform }, world.files)
    }))
  );
  const [environments, findings] = await Promise.all([
    findEnvironments(registries, order, requests),
    recall2(registries, order, layerJobs)
  ]);
  return { layerJobs, requests, environments, ...findings };
}
async function findEnvironments(registries, { cache, rebuild }, requests) {
  if (cache === void 0 || rebuild) return [];
  const found = await Promise.all(
    requests.map(({ key, platform }) => findEnvironment(registries, cache, key, platform))
  );
  return found.filter((environment) => environment !== void 0);
}
async function recall2(registries, { references, cache }, jobs) {
  const [first] = references;
  const earlier = first === void 0 ? void 0 : await findEarlier(registries, repositoryOf(first), first.tag ?? "latest");
  const known = new Map(earlier?.known);
  const layers = cache === void 0 ? [] : await findModels(registries, cache, modelsWithout(known, jobs));
  for (const [key, layer] of layers) known.set(key, layer);
  const kept = layers.map(([, layer]) => layer.descriptor.digest);
  return { known, kept, newModels: modelsWithout(known, jobs), ...earlier === void 0 ? {} : { earlier } };
}
async function findModels(registries, cache, keys) {
  const found = await Promise.all([...keys].map((key) => findModel(registries, cache, key)));
  return found.flatMap((layers) => [...layers]);
}
function modelsWithout(known, jobs) {
  return new Set(jobs.flatMap(({ key, model }) => key && model && !known.has(key) ? [model] : []));
}

// src/assembly/order.ts
import { resolve as resolve2 } from "node:path";
function readOrder(inputs, bento, recipe, here, { workspace }) {
  const references = inputs.push === true ? referencesOf(inputs, bento) : [];
  const cache = cacheOf(inputs, references);
  const [layout] = inputs.output;
  return {
    platforms: nonEmpty(inputs.platforms) ?? [here],
    references,
    rebuild: inputs.noCache === true || inputs.noCacheFilters.length > 0,
    verifyModels: inputs.verifyModels === true,
    skipExisting: inputs.ifExists === "skip",
    modelArtifact: inputs.modelArtifact === true,
    labels: inputs.labels,
    annotations: inputs.annotations,
    epoch: epochOf(inputs, bento),
    compression: inputs.compression,
    buildArgs: Object.fromEntries(
      Object.entries(inputs.buildArgs).filter(([name]) => !recipe.resolvedBuildArgs.includes(name))
    ),
    secretIds: secretIdsOf(inputs, recipe.secrets),
    sshIds: inputs.ssh.map((line) => line.split("=")[0] ?? line),
    ...layout === void 0 ? {} : { layout: resolve2(workspace, layout.path) },
    ...cache === void 0 ? {} : { cache }
  };
}
function cacheOf({ environmentCache }, [first]) {
  if (environmentCache === "off") return void 0;
  if (environmentCache !== void 0) return environmentCache;
  return first === void 0 ? void 0 : repositoryOf(first);
}

// src/build-environment.ts
import { join as join4 } from "node:path";
function rehearseEnvironment(job, found, build) {
  return run({ ...job, inputs: { ...job.inputs, dryRun: true } }, found, build, "");
}
async function buildEnvironment(job, found, build, registries) {
  const directory = join4(await job.world.files.scratch(), environmentTag(build.key));
  const told = await run(job, found, build, directory);
  const environment = await readBack(job, build, registries, directory);
  if (environment === void 0) throw unusable(found, build);
  return { ...told, environment };
}
function run(job, found, build, directory) {
  const { recipe, base, key, platform, order } = build;
  const tag = environmentTag(key);
  const inputs = {
    ...job.inputs,
    tags: [order.cache === void 0 ? parseReference(`environment:${tag}`) : { ...order.cache, tag }],
    push: order.cache !== void 0,
    load: false,
    output: order.cache === void 0 ? [{ kind: "layout", path: directory }] : [],
    platforms: [platform],
    labels: { [ENVIRONMENT_LABEL]: key },
    annotations: {},
    target: ENVIRONMENT_STAGE
  };
  const link = found.backend.takesLinks(found.engine);
  const source = environmentSource(recipe, { link, ...base === void 0 ? {} : { base } });
  return runBackend(job, found, inputs, source);
}
async function readBack({ world }, { order: { cache }, key, platform }, registries, directory) {
  if (cache !== void 0) return findEnvironment(registries, cache, key, platform);
  const layout = await openLayout(world.files, directory);
  return readEnvironment(layout, imageOf(layout), key, platform);
}
function unusable({ backend }, { platform }) {
  return new Failure(
    "tool",
    `${backend.name} built another environment for ${printPlatform(platform)} than asked for`,
    {
      code: "EnvironmentUnusable",
      hint: "Give assembly: backend, and please report it with the log of this run."
    }
  );
}

// src/direct.ts
async function buildDirectly(job, recipe) {
  const { inputs, watch: watch2, world } = job;
  const assumed = await assumeBackend(inputs, world);
  const askEngine = once(() => watch2.phase("ask the engine", () => chooseBackend(inputs, job.env, world)));
  const order = readOrder(inputs, job.bento, recipe, await platformHere(job, askEngine), world);
  const rehearsal = await rehearse(job, recipe, assumed, order);
  if (inputs.dryRun === true) return { ...rehearsal, ...outcomeOf(recipe, assumed, order, void 0) };
  const registries = openRegistries(world, job.authFile === void 0 ? {} : { authFile: job.authFile });
  const base = await findBase(registries, recipe.base, inputs.registryMirrors);
  if (typeof base === "object") {
    if (mustBeDirect(inputs)) throw base.failure;
    return { declined: base.unknown };
  }
  const knowledge = await watch2.phase(
    "look things up",
    () => gatherKnowledge(recipe, job.models, order, base, registries, world)
  );
  const assembly = new Assembly(recipe, order, knowledge, registries, world, watch2);
  await assembly.checkLimits();
  const unchanged = await assembly.findUnchanged();
  if (unchanged !== void 0) {
    world.actions.info(`${order.references.map(printReference).join(", ")}: there already, made of the same things.`);
    return {
      ...rehearsal,
      ...outcomeOf(recipe, { ...assumed, engine: NO_ENGINE }, order, unchanged),
      assembly: "direct, image there already",
      commands: []
    };
  }
  const paths = order.layout === void 0 ? [] : [order.layout];
  await refuseExisting(paths, world.files);
  const commands = [];
  let found = { ...assumed, engine: NO_ENGINE };
  const build = async (request, signal) => {
    found = await askEngine();
    const wanted = { ...request, recipe, base, order };
    const built = await buildEnvironment({ ...job, world: { ...world, signal } }, found, wanted, registries);
    commands.push(...built.commands);
    return built.environment;
  };
  const made = await removeOnFailure(paths, world.files, () => assembly.make(build));
  return { ...rehearsal, ...outcomeOf(recipe, found, order, made), commands: [...commands, ...remarks(order, made)] };
}
var NO_ENGINE = { versions: {} };
async function platformHere({ inputs, env, world }, askEngine) {
  const here = parsePlatform(world.architecture);
  if (inputs.platforms.length > 0 || inputs.dryRun === true || isLocalEngine(inputs.builder, env)) return here;
  return (await askEngine()).engine.platform ?? here;
}
function rehearse(job, recipe, assumed, order) {
  const [platform] = order.platforms;
  return rehearseEnvironment(job, assumed, { key: digestOf(recipe.base), platform, recipe, order });
}
function outcomeOf(recipe, { backend, engine }, { platforms }, assembled) {
  const builder = engine === NO_ENGINE ? "known" : `by ${backend.name}`;
  return {
    backend: backend.name,
    assembly: `direct, environment ${builder}`,
    engine,
    base: recipe.base,
    result: assembled === void 0 ? { platforms: [] } : settle([assembled.image], {}, platforms),
    payload: assembled?.layers.map(reportOf) ?? [],
    changes: assembled?.changes ?? [],
    notes: [...recipe.notes, ...engine.notes ?? [], ...assembled?.notes ?? []]
  };
}
function remarks({ references, layout }, { image, layers }) {
  const places = [...references.map(printReference), ...layout === void 0 ? [] : [layout]];
  const platforms = image.platforms.map(({ platform }) => printPlatform(platform)).join(", ");
  return [
    `# then ${layers.length} layers on the environment for ${platforms}, by this action, to ${places.join(", ")}`
  ];
}
function once(work) {
  let result;
  return () => {
    result ??= work();
    return result;
  };
}
export {
  buildDirectly
};
