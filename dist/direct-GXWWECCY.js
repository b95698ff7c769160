const require = process.getBuiltinModule;
import {
  fileDigest
} from "./chunk-3HECC4DZ.js";
import {
  DOCUMENT_LIMIT,
  UploadSession,
  describe,
  imageOf,
  openLayout,
  openRegistries,
  printIndex,
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
} from "./chunk-ECNDHC4S.js";
import {
  TransientFailure,
  inParallel
} from "./chunk-6B45HMP2.js";
import {
  CONTENT_KEY,
  ENVIRONMENT_CONFIG,
  ENVIRONMENT_KEY,
  ENVIRONMENT_LABEL,
  LAYER_DIFF_ID,
  LAYER_KEY,
  LAYER_SET,
  LAYER_TITLE,
  LayerLost,
  environmentTag,
  isRemote,
  lastTag,
  modelTag,
  planPayload,
  prepareLayer,
  reportOf,
  sizeAhead
} from "./chunk-RGJAXKLR.js";
import "./chunk-E3U6JMMS.js";
import "./chunk-TYDJACYB.js";
import "./chunk-4VYR3FMV.js";
import {
  ENVIRONMENT_STAGE,
  Failure,
  OCI_CONFIG,
  OCI_EMPTY,
  OCI_INDEX,
  OCI_MANIFEST,
  assumeBackend,
  cancelled,
  createHash,
  digestOf,
  distinctRepositories,
  environmentSource,
  epochOf,
  fetchRemote,
  hexOf,
  isDigest,
  isJsonObject,
  isLocalEngine,
  isPushed,
  layoutPath,
  mustBeDirect,
  nonEmpty,
  normalizePlatform,
  parseJsonObject,
  parsePlatform,
  parseReference,
  platformOf,
  printBytes,
  printComment,
  printPlatform,
  printReference,
  printRepository,
  printTag,
  readyEngine,
  referencesOf,
  refuseExisting,
  registryOptions,
  removeOnFailure,
  repositoryOf,
  runBackend,
  samePlatform,
  sameRepository,
  secretIdsOf,
  settle,
  withDigest
} from "./chunk-JGF2PNCH.js";
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
  checkLayerCount(layerCount);
}
function checkLayerCount(layerCount) {
  if (layerCount <= LAYER_COUNT) return;
  throw new Failure("input", `The image would have ${layerCount} layers; engines take ${LAYER_COUNT} at most.`, {
    code: "TooManyLayers",
    hint: "Use a base image with fewer layers, or put models that are used together into one."
  });
}

// src/assembly/abortable.ts
function abortableWorkers(workers, signal) {
  return { width: workers.width, run: (job) => untilAborted(workers.run(job), signal) };
}
function untilAborted(work, signal) {
  const aborted = Promise.withResolvers();
  const stop = () => aborted.reject(cancelled(signal, "Reading the files was stopped"));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener("abort", stop));
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
  return documentOf(mediaType, new TextEncoder().encode(JSON.stringify(value)));
}
function documentOf(mediaType, bytes) {
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
  const nameOf = (line) => String(line).split("=")[0] ?? "";
  const kept = env.map((line) => values.get(nameOf(line)) ?? line);
  const there = new Set(env.map(nameOf));
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
  const descriptors = members.map(({ platform, manifest: { descriptor } }) => ({ ...descriptor, platform }));
  return documentOf(OCI_INDEX, printIndex(descriptors, annotations));
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
function assemble(environments, layers, { runtime }, { epoch, labels, annotations: asked }, contentKey) {
  const images = environments.map((environment) => {
    const { key, configDigest, platform } = environment;
    const own = { [CONTENT_KEY]: contentKey(key), [ENVIRONMENT_KEY]: key, [ENVIRONMENT_CONFIG]: configDigest };
    const annotations = { ...asked, ...own };
    return { platform, ...composeImage({ environment, layers, runtime, labels, annotations, epoch }) };
  });
  const [only] = images;
  const root = only !== void 0 && images.length === 1 ? only.manifest : composeIndex(images, {});
  const documents = [.../* @__PURE__ */ new Set([...images.flatMap(({ config, manifest }) => [config, manifest]), root])];
  return { root, documents, content: assembledContent(documents, layers, environments) };
}

// src/registry/referrers.ts
var TRIES = 5;
async function addReferrer(registries, repository, subject, referrer) {
  if (await knowsReferrers(registries, repository, subject)) return;
  const reference = { ...repository, tag: `sha256-${hexOf(subject)}` };
  for (let tries = 0; tries < TRIES; tries++) {
    const others = await readMembers(registries, reference);
    if (isAmong(others, referrer)) return;
    await writeMembers(registries, reference, [...others, entryOf(referrer)]);
  }
  if (isAmong(await readMembers(registries, reference), referrer)) return;
  throw new Failure("network", `${printReference(reference)} does not keep the entry of ${referrer.digest}.`, {
    code: "ReferrerLost",
    hint: "Something else writes this tag all the time; see concurrency in the workflow's documentation."
  });
}
async function readMembers(registries, reference) {
  return resolve(registries, reference).then(membersOf, (error) => {
    if (error instanceof Failure && error.code === "NotFound") return [];
    throw error;
  });
}
function isAmong(members, { digest }) {
  return members.some((member) => isJsonObject(member) && member["digest"] === digest);
}
function entryOf({ mediaType, digest, size, artifactType }) {
  return { mediaType, digest, size, artifactType };
}
async function writeMembers(registries, reference, manifests) {
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

// src/assembly/order.ts
function readOrder(inputs, bento, recipe, here, { workspace }) {
  const byDigest = inputs.pushByDigest === true;
  const names = isPushed(inputs) ? referencesOf(inputs, bento) : [];
  const references = byDigest ? distinctRepositories(names) : names;
  const cache = cacheOf(inputs, references);
  const layout = layoutPath(inputs, workspace);
  const platforms = nonEmpty(inputs.platforms) ?? [here];
  const [first] = references;
  return {
    platforms,
    references,
    byDigest,
    rebuild: inputs.noCache === true || inputs.noCacheFilters.length > 0,
    verifyModels: inputs.verifyModels === true,
    // A layout is to be written, whatever the registry holds.
    skipExisting: inputs.ifExists === "skip" && layout === void 0,
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
    ...layout === void 0 ? {} : { layout },
    ...cache === void 0 ? {} : { cache },
    ...cache !== void 0 && first !== void 0 && sameRepository(cache, first) ? { last: { ...cache, tag: lastTag(bento.tag.name, platforms) } } : {}
  };
}
function targetsOf({ references, byDigest }, digest) {
  return byDigest ? references.map((repository) => withDigest(repository, digest)) : references;
}
function cacheOf({ environmentCache }, [first]) {
  if (environmentCache === "off") return void 0;
  if (environmentCache !== void 0) return environmentCache;
  return first === void 0 ? void 0 : repositoryOf(first);
}
function obstacleToStreaming({
  references,
  layout,
  compression
}) {
  if (layout !== void 0) return "a layout is written, too";
  if (new Set(references.map(({ domain }) => domain)).size !== 1) return "there are several registries to push to";
  return isSizeKnown(compression) ? void 0 : "they are to be compressed";
}
function isSizeKnown({ format, level, auto }) {
  return auto === true || format === "none" || format === "gzip" && level === 0;
}

// src/registry/upload-stream.ts
var NO_SINGLE_PATCH = [405, 415, 501];
async function uploadStream(registries, repository, source, { signal }) {
  const { size } = source;
  const digest = await registries.retrying(() => uploadOnce(registries, repository, source, signal), signal);
  if (digest !== void 0) return { digest, size };
  const known = await registries.retrying(() => hashAll(source), signal);
  const open = () => openSource(source);
  const descriptor = { mediaType: "application/octet-stream", digest: known, size, annotations: {} };
  await uploadBlob(registries, repository, { descriptor, open }, { signal });
  return { digest: known, size };
}
async function uploadOnce(registries, repository, source, signal) {
  const session = new UploadSession(registries, repository, `uploading a blob of ${source.size} bytes`, signal);
  let digest;
  async function open() {
    digest = void 0;
    return hashing(await openSource(source), (found) => {
      digest = found;
    });
  }
  try {
    const isTaken = await session.patch({ size: source.size, open }, NO_SINGLE_PATCH);
    if (!isTaken) await session.abandon();
    if (!isTaken) return void 0;
    if (digest === void 0) throw answeredEarly(source, repository);
    await session.commit(digest);
    return digest;
  } catch (error) {
    await session.abandon();
    if (digest !== void 0 && !signal.aborted && await session.has(digest).catch(() => false)) return digest;
    throw error;
  }
}
async function* hashing(pieces, done) {
  const hash = createHash("sha256");
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  done(`sha256:${hash.digest("hex")}`);
}
async function hashAll(source) {
  const hash = createHash("sha256");
  for await (const piece of await openSource(source)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}
async function openSource({ open }) {
  try {
    return withTransientFailures(await open());
  } catch (error) {
    throw asTransient(error);
  }
}
async function* withTransientFailures(pieces) {
  try {
    yield* pieces;
  } catch (error) {
    throw asTransient(error);
  }
}
function asTransient(error) {
  if (!(error instanceof Failure) || error instanceof TransientFailure) return error;
  if (error.class !== "network" && error.class !== "rate-limit") return error;
  const { code, lines, hint } = error;
  return new TransientFailure(error.class, error.message, { code, lines, ...hint && { hint }, cause: error });
}
function answeredEarly({ size }, { domain }) {
  return new TransientFailure("network", `${domain} took an upload of ${size} bytes before all of them were sent.`, {
    code: "AnsweredEarly"
  });
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
    async send(bytes, signal) {
      const [repository, ...others] = firsts;
      if (repository === void 0 || others.length > 0) throw new Error("a stream goes to one registry");
      const sent = await uploadStream(registries, repository, bytes, { signal });
      note(repository, [sent.digest]);
      uploadedBytes += sent.size;
      return sent;
    },
    get uploadedBytes() {
      return uploadedBytes;
    }
  };
}
function noteKnowledge(placement, { cache }, { earlier, kept, environments }) {
  for (const { layers } of earlier?.members ?? []) {
    if (earlier !== void 0) placement.note(repositoryOf(earlier.reference), digestsOf(layers));
  }
  if (cache !== void 0) placement.note(cache, kept);
  noteEnvironments(placement, environments);
}
function noteEnvironments(placement, environments) {
  for (const { content, layers } of environments) {
    if (content.repository !== void 0) placement.note(content.repository, digestsOf(layers));
  }
}
function digestsOf(layers) {
  return layers.map(({ digest }) => digest);
}
var WIDTH = 4;
async function inPlace(jobs, signal, work) {
  const bigFirst = [...jobs.entries()].sort(([, one], [, other]) => sizeOf(other) - sizeOf(one));
  const done = /* @__PURE__ */ new Map();
  await inParallel(bigFirst, WIDTH, signal, async ([index, job], either) => {
    done.set(index, await work(job, either));
  });
  return jobs.flatMap((_, index) => done.get(index) ?? []);
}
function sizeOf({ plan }) {
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
async function rememberImage(registries, { last }, root) {
  if (last === void 0) return;
  try {
    await sendManifest(registries, last, { ...root, blobs: [] });
  } catch (error) {
    registries.world.actions.debug(`The tag of the last image could not be moved: ${String(error)}`);
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

// src/assembly/semaphore.ts
function openSemaphore(width) {
  const waiting = [];
  let free = width;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === void 0) free += 1;
      else next();
    }
  };
}

// src/assembly/size-changes.ts
var CLASSES = ["environment", "models", "code"];
function sizeChanges(layers, payload, earlier) {
  const last = earlier?.members[0]?.layers ?? [];
  if (!last.some(({ annotations }) => LAYER_TITLE in annotations)) return [];
  const below = layers.slice(0, layers.length - payload.length).map(({ size }) => ({ size, class: "environment" }));
  const now = [
    ...below,
    ...payload.map(({ title, descriptor }) => ({ size: descriptor.size, class: classOf(title) }))
  ];
  const before = last.map(({ size, annotations }) => ({ size, class: classOf(annotations[LAYER_TITLE]) }));
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
import { join } from "node:path/posix";
var WORTH_A_WORD = 1 << 20;
var START = 1 << 16;
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
  const alike = await sameBy(places, ({ entry }) => Promise.resolve(String(entry.size)));
  const sameStart = await sameBy(
    alike.flat(),
    async ({ path, entry }) => digestOf(Buffer.concat([Buffer.from(`${entry.size} `), await files.readHead(path, START)]))
  );
  const same = await sameBy(sameStart.flat(), ({ path }) => fileDigest(path, files));
  return same.map((group) => {
    const paths = group.map(({ entry }) => `/${entry.path}`).sort();
    const size = printBytes((group[0]?.entry.size ?? 0) * (group.length - 1));
    return `${size} are in the image more than once: ${paths.join(" and ")} are the same file.`;
  });
}
async function sameBy(places, markOf) {
  const groups = /* @__PURE__ */ new Map();
  for (const place of places) {
    const mark = await markOf(place);
    groups.set(mark, [...groups.get(mark) ?? [], place]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
function inEnvironment(layers, { environment, layout }) {
  const copies = environment.flatMap(({ steps }) => steps).filter((step) => step.kind === "copy");
  return copies.flatMap(({ sources, destination }) => {
    const roots = sources.map((source) => join(layout.bento, source).slice(1));
    const inside = layers.flatMap(({ job }) => job.plan.entries).filter((entry) => isBelow(entry.path, roots));
    const size = inside.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
    if (size < WORTH_A_WORD) return [];
    const line = `COPY ${sources.join(" ")} ${destination}`;
    return [
      `${printBytes(size)} are in the image twice: the stage ${ENVIRONMENT_STAGE} needs them (\`${line}\`) because the requirements or build_include name them, and they are sources of the Bento too.`
    ];
  });
}
function isBelow(path, roots) {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}

// src/assembly/assembly.ts
var STREAMS = 2;
var Assembly = class {
  #recipe;
  #order;
  #knowledge;
  #registries;
  #world;
  #watch;
  #placement;
  #prepared = /* @__PURE__ */ new Map();
  #streams = openSemaphore(STREAMS);
  /** By their keys. */
  #environments;
  /** What an earlier run said of layers, less what turned out to be gone. */
  #known;
  constructor(recipe, order, knowledge, registries, world, watch) {
    this.#recipe = recipe;
    this.#order = order;
    this.#knowledge = knowledge;
    this.#registries = registries;
    this.#world = world;
    this.#watch = watch;
    this.#placement = openPlacement(registries, order.references);
    this.#known = new Map(knowledge.known);
    this.#environments = new Map(knowledge.environments.map((environment) => [environment.key, environment]));
    noteKnowledge(this.#placement, order, knowledge);
  }
  /**
   * The image of the first tag, or the Bento's last one, when the order takes it for an answer and it is made of the very
   * same things; all tags then point to it. Undefined when it has to be made.
   */
  async findUnchanged() {
    const { earlier, layerJobs, requests } = this.#knowledge;
    const { skipExisting } = this.#order;
    if (!skipExisting || earlier === void 0) return void 0;
    const stated2 = earlier.members.map(({ annotations }) => annotations[CONTENT_KEY]);
    if (stated2.includes(void 0)) return void 0;
    if (layerJobs.some(({ plan, key }) => isRemote(plan) && !this.#known.has(key ?? ""))) return void 0;
    const layers = await inPlace(layerJobs, this.#world.signal, (job, either) => this.#prepare(job, either));
    if (requests.map(({ key }) => this.#contentKey(layers, key)).join() !== stated2.join()) return void 0;
    const content = repositoryContent(this.#registries, repositoryOf(earlier.reference), earlier.root);
    const targets = targetsOf(this.#order, earlier.root.digest);
    const others = targets.filter((reference) => reference !== earlier.reference);
    if (others.length > 0) await transfer(this.#registries, content, earlier.root, others);
    await verify(this.#registries, targets, earlier.root.digest);
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
        const layer = await this.#prepare(job, either);
        await this.#placement.place(layer, either);
        return layer;
      });
    };
    const timed = (signal) => this.#watch.phase("hash and upload layers", () => placeAll(signal));
    await inParallel([buildMissing, timed], 2, this.#world.signal, (work, signal) => work(signal));
    const environments = requests.flatMap(({ key }) => this.#environments.get(key) ?? []);
    noteEnvironments(this.#placement, environments);
    return this.#watch.phase("write the image", () => this.#deliver(environments, layers));
  }
  async #deliver(environments, layers) {
    const { references, layout } = this.#order;
    const image = assemble(environments, layers, this.#recipe, this.#order, (key) => this.#contentKey(layers, key));
    const { content, root } = image;
    const description = await describe(content, root.descriptor);
    checkLayerCount(Math.max(...description.platforms.map((platform) => platform.layers.length)));
    if (layout !== void 0) await writeLayout(content, root.descriptor, layout, this.#world.files);
    let uploadedBytes = this.#placement.uploadedBytes;
    if (references.length > 0) {
      const targets = targetsOf(this.#order, root.descriptor.digest);
      uploadedBytes += await this.#push(image, targets);
      await verify(this.#registries, targets, root.descriptor.digest);
      await rememberModels(this.#registries, this.#order, this.#knowledge, layers, this.#placement);
      await rememberImage(this.#registries, this.#order, root);
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
  async #push({ content, root, documents }, targets) {
    const fresh = new Set(documents.map(({ descriptor }) => descriptor.digest));
    const { uploadedBytes } = await transfer(this.#registries, content, root.descriptor, targets, {
      present: (repository, digest) => this.#placement.has(repository, digest),
      isNew: (digest) => fresh.has(digest)
    });
    return uploadedBytes;
  }
  /** Hashed once, whoever asks first. */
  #prepare(job, signal) {
    const world = { ...this.#world, workers: abortableWorkers(this.#world.workers, signal) };
    const prepared = this.#prepared.get(job) ?? prepareLayer(job, this.#known, this.#order, world, () => this.#stream(job, signal));
    this.#prepared.set(job, prepared);
    return prepared;
  }
  /** Loaded where it is used. */
  async #stream(job, signal) {
    const { streamLayer } = await import("./stream-layer-VLI2DO4R.js");
    const { send } = this.#placement;
    return this.#streams(() => streamLayer(job, this.#order.compression, send, { ...this.#world, signal }));
  }
  /** The digest of all that goes into the image on an environment, known before that is there. */
  #contentKey(layers, environment) {
    const { labels, annotations } = this.#order;
    const payload = layers.map(({ diffId, descriptor }) => [diffId, descriptor.digest]);
    return digestOf(JSON.stringify({ environment, payload, runtime: this.#recipe.runtime, labels, annotations }));
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
function recallEnvironment(registries, cache, earlier, key, platform) {
  const member = earlier?.members.find(({ annotations }) => annotations[ENVIRONMENT_KEY] === key);
  const digest = member?.annotations[ENVIRONMENT_CONFIG] ?? "";
  if (earlier === void 0 || member === void 0 || !isDigest(digest)) return Promise.resolve(void 0);
  const layers = member.layers.filter(({ annotations }) => !(LAYER_TITLE in annotations));
  const place = repositoryOf(earlier.reference);
  return ifThere(async () => {
    const bytes = await repositoryContent(registries, cache).document({ mediaType: OCI_CONFIG, digest });
    const config = parseJsonObject(bytes, `The config ${digest} in ${printRepository(cache)}`);
    const environment = { key, platform, layers, config, configDigest: digest };
    return isEnvironment(environment) ? { ...environment, content: repositoryContent(registries, place) } : void 0;
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
  const environment = { key, platform, layers: manifest.layers, config, configDigest: manifest.config.digest };
  return isEnvironment(environment) ? { ...environment, content } : void 0;
}
function isEnvironment({ key, platform, layers, config }) {
  const found = platformOf(config);
  const isWanted = found !== void 0 && samePlatform(normalizePlatform(found), platform);
  return isWanted && labelOf(config) === key && diffIdsOf(config).length === layers.length;
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
import { join as join2 } from "node:path/posix";
var FORMAT = 1;
async function environmentKey(request, files) {
  const { recipe, base, platform, buildArgs, secretIds, sshIds, epoch, compression } = request;
  const steps = recipe.environment.flatMap((section) => section.steps);
  const sources = [...new Set(steps.flatMap(sourcesOf))].sort();
  const read = [];
  for (const source of sources) read.push(...await listSource(join2(recipe.context, source), source, files));
  return digestOf(
    JSON.stringify({
      format: FORMAT,
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
        lines.push(...await listContent(join2(path, entry.name), join2(name, entry.name), files));
      }
      return lines;
    }
    case "file":
      return [`${name} ${(info.mode & 64) === 0 ? "-" : "x"} ${await fileDigest(path, files)}`];
    case "symlink":
      return [`${name} -> ${await files.readLink(path)}`];
    default:
      return [];
  }
}

// src/assembly/known.ts
async function findEarlier(registries, references) {
  for (const reference of references) {
    const found = await ifThere(() => readEarlier(registries, reference));
    if (found !== void 0) return found;
  }
  return void 0;
}
async function readEarlier(registries, reference) {
  const root = await resolve(registries, reference);
  const content = repositoryContent(registries, repositoryOf(reference), root);
  const { manifest } = await readManifest(content, root);
  const read = async (descriptor) => (await readManifest(content, descriptor)).manifest;
  const manifests = manifest.kind === "index" ? await Promise.all(manifest.members.map(read)) : [manifest];
  const members = manifests.filter((member) => member.kind === "manifest");
  return { reference, root, members, known: knownLayers(members.flatMap(({ layers }) => layers)) };
}
async function findModel(registries, repository, key) {
  const found = await findEarlier(registries, [{ ...repository, tag: modelTag(key) }]);
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
async function findEnvironments(recipe, order, base, earlier, registries, world) {
  const requests = await Promise.all(
    order.platforms.map(async (platform) => ({
      platform,
      key: await environmentKey({ ...order, recipe, base, platform }, world.files)
    }))
  );
  const { cache, rebuild } = order;
  if (cache === void 0 || rebuild) return { requests, environments: [] };
  const found = await Promise.all(
    requests.map(
      async ({ key, platform }) => await recallEnvironment(registries, cache, earlier, key, platform) ?? findEnvironment(registries, cache, key, platform)
    )
  );
  return { requests, environments: found.filter((environment) => environment !== void 0) };
}
async function recallPayload(recipe, models, order, registries, world) {
  const { references, byDigest, cache, last, skipExisting } = order;
  const tags = [last, byDigest ? void 0 : references[0]].filter((reference) => reference !== void 0);
  const [layerJobs, earlier] = await Promise.all([
    planPayload(recipe, models, order, world),
    findEarlier(registries, skipExisting ? tags.toReversed() : tags)
  ]);
  const known = new Map(earlier?.known);
  const layers = cache === void 0 ? [] : await findModels(registries, cache, modelsWithout(known, layerJobs));
  for (const [key, layer] of layers) known.set(key, layer);
  return {
    layerJobs,
    known,
    kept: layers.map(([, layer]) => layer.descriptor.digest),
    newModels: modelsWithout(known, layerJobs),
    ...earlier === void 0 ? {} : { earlier }
  };
}
async function findModels(registries, cache, keys) {
  const found = await Promise.all([...keys].map((key) => findModel(registries, cache, key)));
  return found.flatMap((layers) => [...layers]);
}
function modelsWithout(known, jobs) {
  return new Set(jobs.flatMap(({ key, model }) => key && model && !known.has(key) ? [model] : []));
}

// src/build-environment.ts
import { join as join3 } from "node:path";
function rehearseEnvironment(job, found, build) {
  return run({ ...job, inputs: { ...job.inputs, dryRun: true } }, found, build, "");
}
async function buildEnvironment(job, found, build, registries) {
  const own = await withOwnScratch(job, environmentTag(build.key));
  const directory = join3(await own.world.files.scratch(), "environment");
  const told = await run(own, found, build, directory);
  const environment = await readBack(own, build, registries, directory);
  if (environment === void 0) throw unusable(found, build);
  return { ...told, environment };
}
async function withOwnScratch(job, name) {
  const { files } = job.world;
  const scratch = join3(await files.scratch(), name);
  await files.makeDirectory(scratch, 448);
  return { ...job, world: { ...job.world, files: { ...files, scratch: async () => scratch } } };
}
function run(job, found, build, directory) {
  const { recipe, base, key, platform, order } = build;
  const tag = environmentTag(key);
  const inputs = {
    ...job.inputs,
    tags: [order.cache === void 0 ? parseReference(`environment:${tag}`) : { ...order.cache, tag }],
    push: order.cache !== void 0,
    pushByDigest: false,
    load: false,
    output: order.cache === void 0 ? [{ kind: "layout", path: directory }] : [],
    platforms: [platform],
    labels: { [ENVIRONMENT_LABEL]: key },
    annotations: {},
    target: ENVIRONMENT_STAGE
  };
  const link = found.backend.takesLinks(found.engine);
  const source = environmentSource(recipe, { link, ...base === void 0 ? {} : { base } });
  return runBackend(job, found, inputs, source, {
    stage: ENVIRONMENT_STAGE,
    keepsEnvironment: order.cache !== void 0
  });
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
  const { inputs, watch, world } = job;
  const assumed = await assumeBackend(inputs, job.env, world);
  const askEngine = once(() => watch.phase("ask the engine", () => readyEngine(job)));
  const order = readOrder(inputs, job.bento, recipe, await platformHere(job, askEngine), world);
  const direct = { job, recipe, order, assumed: { ...assumed, engine: NO_ENGINE }, askEngine };
  const rehearsal = await rehearse(direct, assumed);
  if (inputs.dryRun === true) {
    const commands = [...rehearsal.commands, remark(order, void 0)];
    return { ...rehearsal, ...outcomeOf(direct, assumed, void 0), commands };
  }
  const registries = openRegistries(world, registryOptions(job));
  const models = await modelsFor(direct);
  const [base, payload] = await watch.phase(
    "look things up",
    () => Promise.all([
      findBase(registries, recipe.base, inputs.registryMirrors),
      recallPayload(recipe, models, order, registries, world)
    ])
  );
  if (typeof base === "object") {
    if (mustBeDirect(inputs)) throw base.failure;
    return { declined: base.unknown, askEngine };
  }
  const environments = await watch.phase(
    "find the environment",
    () => findEnvironments(recipe, order, base, payload.earlier, registries, world)
  );
  const assembly = new Assembly(recipe, order, { ...payload, ...environments }, registries, world, watch);
  await assembly.checkLimits();
  const made = await takeUnchanged(direct, assembly) ?? await make(direct, base, assembly, registries);
  return { ...rehearsal, ...made };
}
async function modelsFor({ job, order }) {
  const obstacle = obstacleToStreaming(order);
  return obstacle === void 0 ? job.models : fetchRemote(job, obstacle);
}
async function takeUnchanged(direct, assembly) {
  const unchanged = await assembly.findUnchanged();
  if (unchanged === void 0) return void 0;
  const tags = direct.order.references.map(printReference).join(", ");
  direct.job.world.actions.info(`${tags}: there already, made of the same things.`);
  return {
    ...outcomeOf(direct, direct.assumed, unchanged),
    assembly: "direct, image there already",
    commands: []
  };
}
async function make(direct, base, assembly, registries) {
  const { job, recipe, order } = direct;
  const { world } = job;
  const paths = order.layout === void 0 ? [] : [order.layout];
  await refuseExisting(paths, world.files);
  const commands = [];
  const cached = /* @__PURE__ */ new Set();
  let found = direct.assumed;
  const build = async (request, signal) => {
    found = await direct.askEngine();
    const wanted = { ...request, recipe, base, order };
    const built = await buildEnvironment({ ...job, world: { ...world, signal } }, found, wanted, registries);
    commands.push(...built.commands);
    if (built.cache !== void 0) cached.add(built.cache);
    return built.environment;
  };
  const made = await removeOnFailure(paths, world.files, () => assembly.make(build));
  if (order.references.length > 0) world.actions.info(`Uploaded ${printBytes(made.uploadedBytes)}.`);
  const cache = cached.size === 0 ? {} : { cache: [...cached].join("; ") };
  return { ...outcomeOf(direct, found, made), ...cache, commands: [...commands, remark(order, made)] };
}
var NO_ENGINE = { versions: {} };
async function platformHere({ inputs, env, world }, askEngine) {
  const here = parsePlatform(world.architecture);
  if (inputs.platforms.length > 0 || inputs.dryRun === true || isLocalEngine(inputs.builder, env)) return here;
  return (await askEngine()).engine.platform ?? here;
}
function rehearse({ job, recipe, order }, found) {
  const [platform] = order.platforms;
  return rehearseEnvironment(job, found, { key: digestOf(recipe.base), platform, recipe, order });
}
function outcomeOf({ recipe, order: { platforms } }, { backend, engine }, assembled) {
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
function remark({ references, layout, platforms }, made) {
  const places = [...references.map(printReference), ...layout === void 0 ? [] : [layout]];
  const layers = made === void 0 ? "the layers of models and code" : `${made.layers.length} layers`;
  const environment = platforms.map(printPlatform).join(", ");
  return printComment(`then ${layers} on the environment for ${environment}, by this action, to ${places.join(", ")}`);
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
