const require = process.getBuiltinModule;
import {
  fileDigest
} from "./chunk-ECC6SQXF.js";
import {
  DOCUMENT_LIMIT,
  OCI_CONFIG,
  OCI_EMPTY,
  OCI_INDEX,
  OCI_MANIFEST,
  REQUESTS_AT_ONCE,
  UploadSession,
  describe,
  imageOf,
  ociType,
  openLayout,
  openRegistries,
  parseJsonObject,
  platformOf,
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
} from "./chunk-LIFKLJS7.js";
import {
  TransientFailure
} from "./chunk-6EAK6YUK.js";
import {
  CONTENT_KEY,
  ENVIRONMENT_CONFIG,
  ENVIRONMENT_KEY,
  ENVIRONMENT_LABEL,
  LAYER_DIFF_ID,
  LAYER_KEY,
  LAYER_TITLE,
  LayerLost,
  RECORD_SIGNATURE,
  UNKNOWN_ENVIRONMENT_TAG,
  environmentTag,
  isRemote,
  lastTag,
  modelTag,
  planPayload,
  predictSize,
  prepareLayer,
  reportOf
} from "./chunk-VLUE4HU6.js";
import "./chunk-E3U6JMMS.js";
import "./chunk-CDAP7TIF.js";
import "./chunk-4VYR3FMV.js";
import {
  ENVIRONMENT_STAGE,
  Failure,
  assumeBackend,
  cancelled,
  createHash,
  createHmac,
  digestOf,
  distinctRepositories,
  downloadRemoteFiles,
  environmentSource,
  epochOf,
  hexOf,
  inParallel,
  isDigest,
  isJsonObject,
  isLocalEngine,
  isPushed,
  layoutPath,
  limitConcurrency,
  maskSecret,
  mustBeDirect,
  nonEmpty,
  normalizePlatform,
  parsePlatform,
  parseReference,
  printBytes,
  printComment,
  printPlatform,
  printReference,
  printRepository,
  printTag,
  readyEngine,
  reconcile,
  referencesOf,
  refuseExisting,
  registryOptions,
  removeOnFailure,
  repositoryOf,
  runBackend,
  samePlatform,
  sameRepository,
  secretIdsOf,
  timingSafeEqual,
  withDigest
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/layers/abortable-workers.ts
function abortableWorkers(workers, signal) {
  return { width: workers.width, run: (job) => untilAborted(workers.run(job), signal) };
}
function untilAborted(work, signal) {
  const aborted = Promise.withResolvers();
  const stop = () => aborted.reject(cancelled(signal, "The files were not read to the end"));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener("abort", stop));
}

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

// src/assembly/assembled-content.ts
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
      const inline = inMemory.get(digest);
      if (inline !== void 0) return oneOf(inline.bytes);
      return payload.get(digest)?.open() ?? environmentOf(digest).content.blob(descriptor);
    }
  };
}
async function* oneOf(bytes) {
  yield bytes;
}

// src/layers/distinct-layers.ts
var EMPTY = [
  "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
  "sha256:84ff92691f909a05b224e1c56abb4864f01b4f8e3c854e4bb4c7baf1d3f6d652"
];
function withoutIdleLayers(config) {
  const kept = keptLayers(config);
  if (!kept.includes(false)) return config;
  return {
    ...config,
    rootfs: { ...rootfsOf(config), diff_ids: diffIdsOf(config).filter((_, index) => kept[index]) },
    ...Array.isArray(config["history"]) ? { history: markIdle(config["history"], kept) } : {}
  };
}
function keepLayers(layers, config) {
  const kept = keptLayers(config);
  return layers.filter((_, index) => kept[index] !== false);
}
function keptLayers(config) {
  const ids = diffIdsOf(config);
  return ids.map((id, index) => !EMPTY.includes(id) && ids.lastIndexOf(id) === index);
}
function markIdle(history, kept) {
  let layer = 0;
  return history.map((entry) => {
    if (!isJsonObject(entry) || entry["empty_layer"] === true) return entry;
    const stays = kept[layer] !== false;
    layer += 1;
    return stays ? entry : { ...entry, empty_layer: true };
  });
}
function rootfsOf(config) {
  const rootfs = config["rootfs"];
  return isJsonObject(rootfs) ? rootfs : {};
}
function diffIdsOf(config) {
  const ids = rootfsOf(config)["diff_ids"];
  return Array.isArray(ids) ? ids : [];
}

// src/assembly/compose.ts
function composeImage(parts) {
  const { environment, layers, annotations } = parts;
  const config = document(OCI_CONFIG, composeConfig(parts));
  const below = keepLayers(environment.layers, environment.config).map(({ mediaType, digest, size }) => ({
    mediaType: ociType(mediaType),
    digest,
    size
  }));
  const payload = layers.map(({ descriptor }) => descriptorJson(descriptor));
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptorJson(config.descriptor),
    layers: [...below, ...payload],
    ...Object.keys(annotations).length === 0 ? {} : { annotations }
  });
  return { config, manifest };
}
function descriptorJson({ mediaType, digest, size, annotations }) {
  return { mediaType, digest, size, ...Object.keys(annotations).length === 0 ? {} : { annotations } };
}
function document(mediaType, value) {
  return documentOf(mediaType, new TextEncoder().encode(JSON.stringify(value)));
}
function documentOf(mediaType, bytes) {
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, annotations: {} } };
}
function composeConfig({ environment, layers, runtime, labels, epoch }) {
  const base = withoutIdleLayers(environment.config);
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
  const replaced = env.map((line) => values.get(nameOf(line)) ?? line);
  const existing = new Set(env.map(nameOf));
  return [...replaced, ...[...values].filter(([name]) => !existing.has(name)).map(([, line]) => line)];
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

// src/assembly/assembled-image.ts
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
    const isTaken2 = await session.patch({ size: source.size, open }, NO_SINGLE_PATCH);
    if (!isTaken2) await session.abandon();
    if (!isTaken2) return void 0;
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

// src/assembly/blob-presence.ts
var MAX_UNCHECKED_SIZE = 1 << 16;
function openBlobPresence(registries, references) {
  const holders = /* @__PURE__ */ new Map();
  const firsts = [...new Map(references.toReversed().map((one) => [one.domain, repositoryOf(one)])).values()];
  let uploadedBytes = 0;
  function add(repository, digests) {
    const name = printRepository(repository);
    for (const digest of digests) holders.set(digest, (holders.get(digest) ?? /* @__PURE__ */ new Map()).set(name, repository));
  }
  function has(repository, digest) {
    return holders.get(digest)?.has(printRepository(repository)) ?? false;
  }
  async function uploadTo(repository, { descriptor, open, origin }, signal) {
    const held = [...holders.get(descriptor.digest)?.values() ?? []];
    const mountFrom = held.find(({ domain }) => domain === repository.domain);
    const isNew = origin === "hashed" && descriptor.size <= MAX_UNCHECKED_SIZE;
    const options = { signal, isNew, ...mountFrom === void 0 ? {} : { mountFrom } };
    const result = await uploadBlob(registries, repository, { descriptor, open }, options);
    add(repository, [descriptor.digest]);
    if (result === "uploaded") uploadedBytes += descriptor.size;
  }
  return {
    add,
    has,
    async upload(layer, signal) {
      const missing = firsts.filter((repository) => !has(repository, layer.descriptor.digest));
      for (const repository of missing) await uploadTo(repository, layer, signal);
    },
    async send(bytes, signal) {
      const [repository, ...others] = firsts;
      if (repository === void 0 || others.length > 0) throw new Error("a stream goes to one registry");
      const sent = await uploadStream(registries, repository, bytes, { signal });
      add(repository, [sent.digest]);
      uploadedBytes += sent.size;
      return sent;
    },
    get uploadedBytes() {
      return uploadedBytes;
    }
  };
}
function recordCached(presence, { cache }, { previous, recordedDigests, environments }) {
  if (previous !== void 0) presence.add(repositoryOf(previous.reference), previous.blobs);
  if (cache !== void 0) presence.add(cache.repository, recordedDigests);
  recordEnvironments(presence, environments);
}
function recordEnvironments(presence, environments) {
  for (const { content, layers } of environments) {
    if (content.repository !== void 0) presence.add(content.repository, digestsOf(layers));
  }
}
function digestsOf(layers) {
  return layers.map(({ digest }) => digest);
}
async function prepareBigFirst(jobs, signal, work) {
  const bigFirst = [...jobs.entries()].sort(([, one], [, other]) => sizeOf(other) - sizeOf(one));
  const done = /* @__PURE__ */ new Map();
  await inParallel(bigFirst, REQUESTS_AT_ONCE, signal, async ([index, job], taskSignal) => {
    done.set(index, await work(job, taskSignal));
  });
  return jobs.flatMap((_, index) => done.get(index) ?? []);
}
function sizeOf({ plan }) {
  return plan.entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
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
    config: descriptorJson(config.descriptor),
    layers: layers.map(
      ({ descriptor }) => descriptorJson({ ...descriptor, mediaType: weightType(descriptor.mediaType) })
    ),
    subject: descriptorJson({ ...image, annotations: {} })
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

// src/cache/signature.ts
var FORMAT = "bento-image cache 1";
function openSigner(cacheKey) {
  const mac = (purpose, message) => `sha256:${createHmac("sha256", cacheKey.reveal()).update(`${FORMAT} ${purpose}
${message}`).digest("hex")}`;
  const sign = (kind, claims) => mac(`record ${kind}`, JSON.stringify(claims));
  return {
    tagKey: (key) => mac("tag", key),
    sign,
    isGenuine: (kind, claims, signature = "") => isDigest(signature) && timingSafeEqual(Buffer.from(signature), Buffer.from(sign(kind, claims)))
  };
}

// src/assembly/request.ts
function readAssemblyRequest(inputs, bento, recipe, here, { workspace }) {
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
    verifyModels: inputs.verifyModels === true,
    // A layout must be written even if the registry has the image.
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
    addHosts: inputs.addHosts,
    ...inputs.network === void 0 ? {} : { network: inputs.network },
    ...layout === void 0 ? {} : { layout },
    ...cache === void 0 ? {} : { cache },
    ...cache !== void 0 && first !== void 0 && sameRepository(cache.repository, first) ? { last: { ...cache.repository, tag: lastTag(bento.tag.name, platforms) } } : {}
  };
}
function targetsOf({ references, byDigest }, digest) {
  return byDigest ? references.map((repository) => withDigest(repository, digest)) : references;
}
function cacheOf(inputs, [first]) {
  const { environmentCache, cacheKey } = inputs;
  if (environmentCache === "off") return void 0;
  const repository = environmentCache ?? first;
  if (repository === void 0) return void 0;
  const models = inputs.noCache !== true;
  return {
    repository: repositoryOf(repository),
    reads: { models, environments: models && inputs.noCacheFilters.length === 0 },
    ...cacheKey === void 0 ? {} : { signer: openSigner(cacheKey) }
  };
}
function obstacleToStreaming({
  references,
  layout,
  compression,
  verifyModels
}) {
  if (verifyModels) return "verify-models reads them";
  if (layout !== void 0) return "an OCI layout is written as well";
  if (new Set(references.map(({ domain }) => domain)).size !== 1) return "the image is pushed to several registries";
  return isSizeKnown(compression) ? void 0 : "they are compressed";
}
function isSizeKnown({ format, level, auto }) {
  return auto === true || format === "none" || format === "gzip" && level === 0;
}

// src/assembly/size-changes.ts
var CLASSES = ["environment", "models", "code"];
function sizeChanges(layers, payload, previous) {
  const last = previous?.layers ?? [];
  if (!last.some(({ title }) => title !== void 0)) return [];
  const below = layers.slice(0, layers.length - payload.length).map(({ size }) => ({ size, class: "environment" }));
  const now = [
    ...below,
    ...payload.map(({ title, descriptor }) => ({ size: descriptor.size, class: classOf(title) }))
  ];
  const before = last.map(({ size, title }) => ({ size, class: classOf(title) }));
  return CLASSES.map((name) => ({ title: name, now: sumOf(now, name), before: sumOf(before, name) }));
}
function classOf(title) {
  if (title === void 0) return "environment";
  return title.startsWith("model ") ? "models" : "code";
}
function sumOf(layers, name) {
  return layers.reduce((sum, layer) => sum + (layer.class === name ? layer.size : 0), 0);
}

// src/cache/layer-cache.ts
function isSource(cache, repository) {
  return cache !== void 0 && cache.signer === void 0 && sameRepository(cache.repository, repository);
}

// src/cache/cached-layers.ts
var MAX_MEMBERS = 32;
async function findPrevious(registries, references, cache) {
  for (const reference of references) {
    const found = await unlessAbsent(() => readImage(registries, reference));
    if (found !== void 0) return previousOf(reference, found, cache);
  }
  return {};
}
async function readImage(registries, reference) {
  const root = await resolve(registries, reference);
  const content = repositoryContent(registries, repositoryOf(reference), root);
  const { manifest } = await readManifest(content, root);
  const read = async (descriptor) => (await readManifest(content, descriptor)).manifest;
  if (manifest.kind === "manifest") return { root, members: [manifest] };
  const distinct = [...new Map(manifest.members.map((member) => [member.digest, member])).values()];
  if (distinct.length > MAX_MEMBERS) return { root, members: [] };
  const manifests = await Promise.all(distinct.map(read));
  return { root, members: manifests.filter((member) => member.kind === "manifest") };
}
function previousOf(reference, image, cache) {
  const { root, members } = image;
  const layers = members.flatMap((member) => member.layers);
  const previous = {
    reference,
    digest: root.digest,
    layers: members[0]?.layers.map(sizedLayer) ?? [],
    blobs: [...new Set(members.flatMap(({ config, layers: own }) => [config, ...own].map(({ digest }) => digest)))]
  };
  if (!isSource(cache, reference) || !cache.reads.models) return { previous };
  return { previous, cached: { reference, root, members, layers: cachedLayersOf(layers) } };
}
function sizedLayer({ size, annotations: { [LAYER_TITLE]: title } }) {
  return { size, ...title === void 0 ? {} : { title } };
}
async function findModel(registries, cache, key) {
  const reference = { ...cache.repository, tag: modelTag(key, cache.signer) };
  const found = await unlessAbsent(() => readImage(registries, reference));
  const [record, ...others] = found?.members ?? [];
  if (record === void 0 || others.length > 0) return /* @__PURE__ */ new Map();
  const layers = cachedLayersOf(record.layers);
  const claims = modelClaims(cache.repository, key, layers);
  if (cache.signer?.isGenuine("model", claims, record.annotations[RECORD_SIGNATURE]) === false) {
    warnOfForgery(registries, reference);
    return /* @__PURE__ */ new Map();
  }
  return layers;
}
function modelClaims(repository, model, layers) {
  const sorted = [...layers].sort(([one], [other]) => one < other ? -1 : 1);
  const parts = sorted.map(([key, { diffId, mediaType, digest, size }]) => [key, diffId, mediaType, digest, size]);
  return [printRepository(repository), model, parts];
}
function warnOfForgery({ machine }, reference) {
  machine.actions.warning(
    `Ignoring ${printReference(reference)}: it is not signed with this cache-key. It is built again. Only jobs that have the key should be able to push to this repository.`
  );
}
function cachedLayersOf(layers) {
  return new Map(
    layers.flatMap(({ mediaType, digest, size, annotations }) => {
      const { [LAYER_KEY]: key, [LAYER_DIFF_ID]: diffId = "" } = annotations;
      return key === void 0 || !isDigest(diffId) ? [] : [[key, { mediaType, digest, size, diffId }]];
    })
  );
}
var ABSENT = ["NotFound", "Denied", "ManifestInvalid", "TooLarge"];
async function unlessAbsent(read) {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Failure && ABSENT.includes(error.code)) return void 0;
    throw error;
  }
}

// src/cache/cached-environment.ts
async function findEnvironment(registries, cache, key, platform) {
  const { repository, signer } = cache;
  const reference = { ...repository, tag: environmentTag(key, signer) };
  return unlessAbsent(async () => {
    const root = await resolve(registries, reference);
    const found = await readEnvironment(repositoryContent(registries, repository, root), root, key, platform);
    if (found === void 0) return void 0;
    const { environment, manifest } = found;
    const signature = manifest.annotations[RECORD_SIGNATURE];
    if (signer?.isGenuine("environment", environmentClaims(repository, environment), signature) === false) {
      warnOfForgery(registries, reference);
      return void 0;
    }
    return environment;
  });
}
function environmentClaims(repository, { key, platform, configDigest, layers }) {
  const parts = layers.map(({ mediaType, digest, size }) => [ociType(mediaType), digest, size]);
  return [printRepository(repository), key, printPlatform(platform), configDigest, parts];
}
async function environmentBelow(registries, { members, reference }, key, platform) {
  const member = members.find(
    ({ annotations, layers: layers2 }) => annotations[ENVIRONMENT_KEY] === key && layers2.some(isOfPayload)
  );
  const digest = member?.annotations[ENVIRONMENT_CONFIG] ?? "";
  if (member === void 0 || !isDigest(digest)) return void 0;
  const layers = member.layers.slice(0, member.layers.findIndex(isOfPayload));
  const content = repositoryContent(registries, repositoryOf(reference));
  return unlessAbsent(async () => {
    const bytes = await content.document({ mediaType: OCI_CONFIG, digest });
    const config = withoutIdleLayers(parseJsonObject(bytes, `The config ${digest} in ${content.place}`));
    const environment = { key, platform, layers, config, configDigest: digest };
    return isEnvironment(environment) ? { ...environment, content } : void 0;
  });
}
function isOfPayload({ annotations }) {
  return LAYER_TITLE in annotations;
}
async function readEnvironment(content, root, key, platform) {
  const manifest = await readOnlyImage(content, root);
  if (manifest === void 0) return void 0;
  const where = `The config ${manifest.config.digest} in ${content.place}`;
  const config = parseJsonObject(await content.document(manifest.config), where);
  const environment = { key, platform, layers: manifest.layers, config, configDigest: manifest.config.digest };
  return isEnvironment(environment) ? { environment: { ...environment, content }, manifest } : void 0;
}
async function readOnlyImage(content, root) {
  const { manifest } = await readManifest(content, root);
  if (manifest.kind === "manifest") return manifest;
  const [member, ...others] = manifest.members.filter(({ annotations }) => Object.keys(annotations).length === 0);
  if (member === void 0 || others.length > 0) return void 0;
  const { manifest: image } = await readManifest(content, member);
  return image.kind === "manifest" ? image : void 0;
}
function isEnvironment({ key, platform, layers, config }) {
  const found = platformOf(config);
  const isWanted = found !== void 0 && samePlatform(normalizePlatform(found), platform);
  const diffIds = diffIdsOf2(config);
  return isWanted && labelOf(config) === key && diffIds.length === layers.length && diffIds.every(isDiffId);
}
function isDiffId(id) {
  return typeof id === "string" && isDigest(id);
}
function labelOf(config) {
  const runtime = config["config"];
  const labels = isJsonObject(runtime) ? runtime["Labels"] : void 0;
  return isJsonObject(labels) ? labels[ENVIRONMENT_LABEL] : void 0;
}
function diffIdsOf2(config) {
  const rootfs = config["rootfs"];
  const ids = isJsonObject(rootfs) ? rootfs["diff_ids"] : void 0;
  return Array.isArray(ids) ? ids : [];
}

// src/assembly/store.ts
var MODEL_TYPE = "application/vnd.bento-image.model.v1+json";
async function storeModels(registries, { cache, references }, newModels, layers, presence) {
  const image = references.find(({ domain }) => domain === cache?.repository.domain);
  if (cache === void 0 || image === void 0) return;
  for (const model of newModels) {
    const own = layers.filter(({ job }) => job.model === model);
    const store = () => storeModel(registries, repositoryOf(image), cache, model, own, presence);
    await tryToStore(registries, "Could not store a model in the cache", store);
  }
}
async function moveLastTag(registries, { last }, root) {
  if (last === void 0) return;
  const store = () => sendManifest(registries, last, { ...root, blobs: [] });
  await tryToStore(registries, "Could not move the tag of the Bento's last image", store);
}
async function storeEnvironment(registries, cache, { environment, manifest }) {
  const { key } = environment;
  const signature = signatureOf(cache, "environment", environmentClaims(cache.repository, environment));
  const record = recordOf(manifest, { [ENVIRONMENT_KEY]: key, ...signature });
  const reference = { ...cache.repository, tag: environmentTag(key, cache.signer) };
  const store = () => sendManifest(registries, reference, { ...record, blobs: [] });
  await tryToStore(registries, "Could not store the environment in the cache", store);
}
function recordOf({ config, layers }, annotations) {
  return document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptorJson({ ...config, mediaType: OCI_CONFIG, annotations: {} }),
    layers: layers.map((layer) => descriptorJson({ ...layer, mediaType: ociType(layer.mediaType), annotations: {} })),
    annotations
  });
}
async function tryToStore(registries, message, store) {
  const { actions, signal } = registries.machine;
  try {
    await store();
  } catch (error) {
    if (signal.aborted || error instanceof Failure && error.class === "cancelled") throw error;
    actions.info(`${message}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
async function storeModel(registries, from, cache, model, layers, { has }) {
  const { repository, signer } = cache;
  const config = document(OCI_EMPTY, {});
  const annotations = signatureOf(cache, "model", modelClaims(repository, model, layersByKey(layers)));
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: MODEL_TYPE,
    config: descriptorJson(config.descriptor),
    layers: layers.map(({ descriptor }) => descriptorJson(descriptor)),
    ...Object.keys(annotations).length === 0 ? {} : { annotations }
  });
  const content = assembledContent([config, manifest], layers, []);
  const origin = sameRepository(from, repository) ? {} : { repository: from };
  const tag = { ...repository, tag: modelTag(model, signer) };
  await transfer(registries, { ...content, ...origin }, manifest.descriptor, [tag], { present: has });
}
function layersByKey(layers) {
  return new Map(
    layers.flatMap(
      ({ job: { key }, descriptor: { mediaType, digest, size }, diffId }) => key === void 0 ? [] : [[key, { mediaType, digest, size, diffId }]]
    )
  );
}
function signatureOf({ signer }, kind, claims) {
  return signer === void 0 ? {} : { [RECORD_SIGNATURE]: signer.sign(kind, claims) };
}

// src/assembly/waste.ts
import { join } from "node:path/posix";
var MIN_REPORTED_SIZE = 1 << 20;
var START = 1 << 16;
async function findWaste(layers, recipe, files) {
  const candidates = layers.filter(({ origin }) => origin === "hashed").flatMap(({ job }) => largeFilesOf(job.plan.entries));
  return [...await findDuplicates(candidates, files), ...inEnvironment(layers, recipe)];
}
function largeFilesOf(entries) {
  return entries.flatMap(
    (entry) => entry.kind === "file" && entry.size >= MIN_REPORTED_SIZE && entry.source.kind === "path" ? [{ entry, file: entry.source }] : []
  );
}
async function findDuplicates(candidates, files) {
  const alike = await groupBy(candidates, ({ entry }) => Promise.resolve(String(entry.size)));
  const sameStart = await groupBy(
    alike.flat(),
    async ({ file, entry }) => digestOf(Buffer.concat([Buffer.from(`${entry.size} `), await files.read(file, 0, START)]))
  );
  const same = await groupBy(sameStart.flat(), ({ file }) => fileDigest(file, files));
  return same.map((group) => {
    const paths = group.map(({ entry }) => `/${entry.path}`).sort();
    const size = printBytes((group[0]?.entry.size ?? 0) * (group.length - 1));
    return `${size} are in the image more than once: ${paths.join(" and ")} are the same file.`;
  });
}
async function groupBy(candidates, keyOf) {
  const groups = /* @__PURE__ */ new Map();
  for (const candidate of candidates) {
    const key = await keyOf(candidate);
    groups.set(key, [...groups.get(key) ?? [], candidate]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
function inEnvironment(layers, { environment, layout }) {
  const copies = environment.flatMap(({ steps }) => steps).filter((step) => step.kind === "copy");
  return copies.flatMap(({ sources, destination }) => {
    const roots = sources.map((source) => join(layout.bento, source).slice(1));
    const inside = layers.flatMap(({ job }) => job.plan.entries).filter((entry) => isBelow(entry.path, roots));
    const size = inside.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
    if (size < MIN_REPORTED_SIZE) return [];
    const line = `COPY ${sources.join(" ")} ${destination}`;
    return [
      `${printBytes(size)} are in the image twice: the stage ${ENVIRONMENT_STAGE} copies them (\`${line}\`) because the requirements or build_include list them, and they are also part of the Bento's sources.`
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
  #request;
  #lookup;
  #registries;
  #machine;
  #watch;
  #presence;
  #prepared = /* @__PURE__ */ new Map();
  #streams = limitConcurrency(STREAMS);
  /** By their keys. */
  #environments;
  /** The cached layers by their keys, without those that turned out to be lost. */
  #cachedLayers;
  /** Keys of the models that have no record in the cache, or one that lists a lost layer. */
  #newModels;
  constructor(recipe, request, lookup, registries, machine, watch) {
    this.#recipe = recipe;
    this.#request = request;
    this.#lookup = lookup;
    this.#registries = registries;
    this.#machine = machine;
    this.#watch = watch;
    this.#presence = openBlobPresence(registries, request.references);
    this.#cachedLayers = new Map(lookup.cachedLayers);
    this.#newModels = new Set(lookup.newModels);
    this.#environments = new Map(lookup.environments.map((environment) => [environment.key, environment]));
    recordCached(this.#presence, request, lookup);
  }
  /**
   * With `if-exists: skip`: the previous image, if it is identical to the one that this run would make. All tags then
   * point to it. Undefined when the image has to be made.
   */
  async findUnchanged() {
    const { previous, cached, layerJobs } = this.#lookup;
    const environments = this.#allEnvironments();
    if (!this.#request.skipExisting || previous === void 0) return void 0;
    const reusable = this.#request.cache?.reads.environments ? cached : void 0;
    if (environments === void 0 && reusable === void 0) {
      this.#machine.actions.info(
        "if-exists: skip: the environment is not cached, so the image is built before it can be compared."
      );
      return void 0;
    }
    if (layerJobs.some(({ plan, key }) => isRemote(plan) && !this.#cachedLayers.has(key ?? ""))) return void 0;
    const layers = await prepareBigFirst(
      layerJobs,
      this.#machine.signal,
      (job, taskSignal) => this.#prepare(job, taskSignal)
    );
    if (environments === void 0) return reusable && this.#reuseCached(reusable, layers);
    const image = this.#assemble(environments, layers);
    const { digest } = image.root.descriptor;
    if (digest !== previous.digest) return void 0;
    const targets = targetsOf(this.#request, digest);
    await this.#push(
      image,
      targets.filter((reference) => reference !== previous.reference)
    );
    await verify(this.#registries, targets, digest);
    return this.#unchanged(image.content, image.root.descriptor, layers);
  }
  /**
   * Reuses a cached image whose environment is no longer cached. Its annotations tell what it was made of; they are
   * trusted because the image is in the cache repository. Its layers of models and code are compared as well.
   */
  async #reuseCached({ root, reference, members }, layers) {
    const keys = this.#lookup.requests.map(({ key }) => this.#contentKey(layers, key));
    const payload = layers.map(({ descriptor }) => descriptor.digest).join();
    const isThis = members.every(({ annotations, layers: all }, index) => {
      const own = all.slice(all.length - layers.length).map(({ digest }) => digest);
      return annotations[CONTENT_KEY] === keys[index] && own.join() === payload;
    });
    if (!isThis || members.length !== keys.length) return void 0;
    const content = repositoryContent(this.#registries, repositoryOf(reference), root);
    const targets = targetsOf(this.#request, root.digest);
    const others = targets.filter((target) => target !== reference);
    if (others.length > 0) await transfer(this.#registries, content, root, others);
    await verify(this.#registries, targets, root.digest);
    return this.#unchanged(content, root, layers);
  }
  async #unchanged(content, root, layers) {
    return { image: await describe(content, root), layers, uploadedBytes: 0, changes: [], notes: [] };
  }
  /**
   * Checks the image against the documented limits of its registries before the build.
   * @throws Failure `input`, code `LayerTooLarge` or `TooManyLayers`. Only the size of layers that are not compressed can
   * be told beforehand, which includes weights.
   */
  async checkLimits() {
    const { layerJobs } = this.#lookup;
    const layers = await Promise.all(
      layerJobs.map(async (job) => ({
        title: job.plan.title,
        size: await predictSize(job, this.#cachedLayers, this.#request.compression, this.#machine)
      }))
    );
    const below = [...this.#environments.values()].map((environment) => environment.layers.length);
    checkLimits(this.#request.references, layers, layers.length + Math.max(0, ...below));
  }
  /**
   * Makes the image: environments and payload at the same time, then the documents, then the tags, and reads the tags
   * back. When a cached layer turns out to be lost, it is made from its files, once; the other cached layers are kept.
   */
  async make(build) {
    for (; ; ) {
      try {
        return await this.#makeOnce(build);
      } catch (error) {
        if (!(error instanceof LayerLost) || !this.#cachedLayers.delete(error.job.key ?? "")) throw error;
        this.#prepared.delete(error.job);
        if (error.job.model !== void 0) this.#newModels.add(error.job.model);
      }
    }
  }
  async #makeOnce(build) {
    const { requests, layerJobs } = this.#lookup;
    let layers = [];
    const buildMissing = async (signal) => {
      for (const request of requests) {
        if (this.#environments.has(request.key)) continue;
        this.#environments.set(request.key, await build(request, signal));
      }
    };
    const uploadAll = async (signal) => {
      layers = await prepareBigFirst(layerJobs, signal, async (job, taskSignal) => {
        const layer = await this.#prepare(job, taskSignal);
        await this.#presence.upload(layer, taskSignal);
        return layer;
      });
    };
    const timed = (signal) => this.#watch.phase("hash and upload layers", () => uploadAll(signal));
    await inParallel([buildMissing, timed], 2, this.#machine.signal, (work, signal) => work(signal));
    const environments = this.#allEnvironments() ?? [];
    recordEnvironments(this.#presence, environments);
    return this.#watch.phase("write the image", () => this.#deliver(environments, layers));
  }
  /** All environments in the order of the requests; undefined while one is missing. */
  #allEnvironments() {
    const { requests } = this.#lookup;
    const found = requests.flatMap(({ key }) => this.#environments.get(key) ?? []);
    return found.length === requests.length ? found : void 0;
  }
  #assemble(environments, layers) {
    return assemble(environments, layers, this.#recipe, this.#request, (key) => this.#contentKey(layers, key));
  }
  async #deliver(environments, layers) {
    const { references, layout } = this.#request;
    const image = this.#assemble(environments, layers);
    const { content, root } = image;
    const description = await describe(content, root.descriptor);
    checkLayerCount(Math.max(...description.platforms.map((platform) => platform.layers.length)));
    if (layout !== void 0) await writeLayout(content, root.descriptor, layout, this.#machine.files);
    let uploadedBytes = this.#presence.uploadedBytes;
    if (references.length > 0) {
      const targets = targetsOf(this.#request, root.descriptor.digest);
      uploadedBytes += await this.#push(image, targets);
      await verify(this.#registries, targets, root.descriptor.digest);
      await storeModels(this.#registries, this.#request, this.#newModels, layers, this.#presence);
      await moveLastTag(this.#registries, this.#request, root);
      if (this.#request.modelArtifact) await this.#pushModelPacks(root.descriptor, layers);
    }
    const [first] = description.platforms;
    return {
      image: description,
      layers,
      uploadedBytes,
      changes: first === void 0 ? [] : sizeChanges(first.layers, layers, this.#lookup.previous),
      notes: await findWaste(layers, this.#recipe, this.#machine.files.enclosed)
    };
  }
  async #pushModelPacks(image, layers) {
    const repositories = distinctRepositories(this.#request.references);
    const lines = await pushModelPacks(this.#registries, image, repositories, layers, this.#presence);
    for (const line of lines) this.#machine.actions.info(line);
  }
  async #push({ content, root, documents }, targets) {
    const fresh = new Set(documents.map(({ descriptor }) => descriptor.digest));
    const { uploadedBytes } = await transfer(this.#registries, content, root.descriptor, targets, {
      present: (repository, digest) => this.#presence.has(repository, digest),
      isNew: (digest) => fresh.has(digest)
    });
    return uploadedBytes;
  }
  /** Prepares each layer once; later calls get the same result. */
  #prepare(job, signal) {
    const machine = { ...this.#machine, workers: abortableWorkers(this.#machine.workers, signal) };
    const prepared = this.#prepared.get(job) ?? prepareLayer(job, this.#cachedLayers, this.#request, machine, () => this.#stream(job, signal));
    this.#prepared.set(job, prepared);
    prepared.catch(() => this.#prepared.delete(job));
    return prepared;
  }
  /** Loads the streaming code only when it is needed. */
  async #stream(job, signal) {
    const { streamLayer } = await import("./stream-layer-CP6YNNCC.js");
    const { send } = this.#presence;
    return this.#streams(() => streamLayer(job, this.#request.compression, send, { ...this.#machine, signal }));
  }
  /** A digest over everything that goes into the image. It uses the environment's key, so it does not need the environment itself. */
  #contentKey(layers, environment) {
    const { labels, annotations } = this.#request;
    const payload = layers.map(({ diffId, descriptor }) => [diffId, descriptor.digest]);
    return digestOf(JSON.stringify({ environment, payload, runtime: this.#recipe.runtime, labels, annotations }));
  }
};

// src/assembly/base-digest.ts
async function findBase(registries, base, mirrors) {
  const reference = parseReference(base);
  if (reference.digest !== void 0) return reference.digest;
  try {
    return await resolveDigest(registries, reference, { mirrors, patient: false });
  } catch (error) {
    if (!(error instanceof Failure) || error.class === "cancelled") throw error;
    return { unknown: `the base image ${base} cannot be resolved (${error.message})`, failure: error };
  }
}

// src/cache/environment-key.ts
import { join as join2 } from "node:path/posix";
var FORMAT2 = 1;
async function environmentKey(request, files) {
  const { recipe, base, platform, buildArgs, secretIds, sshIds, addHosts, network, epoch, compression } = request;
  const steps = recipe.environment.flatMap((section) => section.steps);
  const mounted = [...new Set(steps.flatMap(mountedSources))].sort();
  const copied = [...new Set(steps.flatMap(copiedSources))].sort();
  const read = [];
  for (const source of mounted) read.push(...await listSource(recipe.context, source, files, executableOf));
  for (const source of copied) read.push(...await listSource(recipe.context, source, files, modeOf));
  return digestOf(
    JSON.stringify({
      format: FORMAT2,
      base,
      platform: printPlatform(platform),
      steps,
      files: read,
      buildArgs: Object.entries(buildArgs).sort(([one], [other]) => one < other ? -1 : 1),
      secretIds: [...secretIds].sort(),
      declared: recipe.secrets.map(({ name, declared }) => [name, declared]).sort(),
      sshIds: [...sshIds].sort(),
      addHosts: [...addHosts].sort(),
      network,
      epoch,
      compression: { format: compression.format, level: compression.level }
    })
  );
}
function mountedSources(step) {
  return step.kind === "run" ? step.mounts.flatMap((mount) => mount.kind === "bind" ? [mount.source] : []) : [];
}
function copiedSources(step) {
  return step.kind === "copy" ? step.sources : [];
}
var executableOf = (mode) => (mode & 64) === 0 ? "-" : "x";
var modeOf = (mode) => (mode & 4095).toString(8);
async function listSource(context, source, files, print) {
  return listContent(await files.find(context, source), source, files, print);
}
async function listContent(found, name, files, print) {
  switch (found?.kind) {
    case "directory": {
      const lines = [`${name}/`];
      for (const entry of await files.list(found.directory)) {
        const path = join2(name, entry.name);
        if (entry.kind === "symlink") lines.push(`${path} -> ${await files.readLink(found.directory, entry.name)}`);
        else lines.push(...await listContent(await files.entry(found.directory, entry.name), path, files, print));
      }
      return lines;
    }
    case "file":
      return [`${name} ${print(found.info.mode)} ${await fileDigest(found.file, files)}`];
    default:
      return [];
  }
}

// src/assembly/look-up.ts
async function findEnvironments(recipe, request, base, cached, registries, machine) {
  const requests = await Promise.all(
    request.platforms.map(async (platform) => ({
      platform,
      key: await environmentKey(
        { ...request, recipe, base: base ?? digestOf(`only the name ${recipe.base}`), platform },
        machine.files.enclosed
      )
    }))
  );
  const { cache } = request;
  if (base === void 0 || cache === void 0 || !cache.reads.environments) return { requests, environments: [] };
  const found = await Promise.all(
    requests.map(
      async ({ key, platform }) => (cached && await environmentBelow(registries, cached, key, platform)) ?? findEnvironment(registries, cache, key, platform)
    )
  );
  return { requests, environments: found.filter((environment) => environment !== void 0) };
}
async function lookUpPayload(recipe, models, request, registries, machine) {
  const { references, byDigest, cache, last, skipExisting } = request;
  const tags = [last, byDigest ? void 0 : references[0]].filter((reference) => reference !== void 0);
  const [layerJobs, previous] = await Promise.all([
    planPayload(recipe, models, request, machine),
    findPrevious(registries, skipExisting ? tags.toReversed() : tags, cache)
  ]);
  const cachedLayers = new Map(previous.cached?.layers);
  const layers = await findModels(registries, cache, uncachedModels(cachedLayers, layerJobs));
  for (const [key, layer] of layers) cachedLayers.set(key, layer);
  return {
    ...previous,
    layerJobs,
    cachedLayers,
    recordedDigests: layers.map(([, { digest }]) => digest),
    newModels: uncachedModels(cachedLayers, layerJobs)
  };
}
async function findModels(registries, cache, keys) {
  if (cache === void 0 || !cache.reads.models) return [];
  const found = await Promise.all([...keys].map((key) => findModel(registries, cache, key)));
  return found.flatMap((layers) => [...layers]);
}
function uncachedModels(cachedLayers, jobs) {
  return new Set(jobs.flatMap(({ key, model }) => key && model && !cachedLayers.has(key) ? [model] : []));
}

// src/action/build-environment.ts
import { join as join3 } from "node:path";
function rehearseEnvironment(job, selection, planned) {
  const { cache } = planned.request;
  const destination = cache === void 0 ? { kind: "layout", directory: "" } : { kind: "tag", cache };
  return run({ ...job, inputs: { ...job.inputs, dryRun: true } }, selection, planned, destination);
}
async function buildEnvironment(job, selection, wanted, registries) {
  const own = await withOwnScratch(job, environmentTag(wanted.key));
  const { cache } = wanted.request;
  return cache === void 0 ? buildLayout(own, selection, wanted) : buildIntoCache(own, selection, wanted, cache, registries);
}
async function buildLayout(job, selection, wanted) {
  const directory = join3(await job.machine.files.scratch(), "environment");
  const built = await run(job, selection, wanted, { kind: "layout", directory });
  const layout = await openLayout(job.machine.files, directory);
  const stored = await readEnvironment(layout, imageOf(layout), wanted.key, wanted.platform);
  if (stored === void 0) throw unusable(selection, wanted);
  return { ...built, environment: stored.environment };
}
async function buildIntoCache(job, selection, wanted, cache, registries) {
  if (cache.signer === void 0 && !await isTaken(wanted, cache, registries)) {
    return buildTagged(job, selection, wanted, cache, registries);
  }
  const built = await run(job, selection, wanted, { kind: "digest", cache }).catch((error) => {
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    return run(job, selection, wanted, { kind: "tag", cache });
  });
  const stored = await readBuilt(built, selection, wanted, cache, registries);
  await storeEnvironment(registries, cache, stored);
  return { ...built, environment: stored.environment };
}
async function isTaken({ key }, { repository }, registries) {
  const tag = { ...repository, tag: environmentTag(key) };
  try {
    return await unlessAbsent(() => resolveDigest(registries, tag)) !== void 0;
  } catch (error) {
    if (!(error instanceof Failure) || error.class === "cancelled" || error.class === "auth") throw error;
    return false;
  }
}
async function buildTagged(job, selection, wanted, cache, registries) {
  try {
    const built = await run(job, selection, wanted, { kind: "tag", cache });
    return { ...built, environment: (await readBuilt(built, selection, wanted, cache, registries)).environment };
  } catch (error) {
    const isMismatch = error instanceof Failure && error.code === "DigestMismatch";
    if (isMismatch || job.machine.signal.aborted || !cache.reads.environments) throw error;
    const other = await findEnvironment(registries, cache, wanted.key, wanted.platform).catch(() => void 0);
    if (other === void 0) throw error;
    job.machine.actions.info(`Another run has built the environment for ${printPlatform(wanted.platform)} meanwhile.`);
    return { commands: [], environment: other };
  }
}
async function withOwnScratch(job, name) {
  const { files } = job.machine;
  const scratch = join3(await files.scratch(), name);
  await files.makeDirectory(scratch, 448);
  return { ...job, machine: { ...job.machine, files: { ...files, scratch: async () => scratch } } };
}
function run(job, selection, planned, destination) {
  const { recipe, base, key, platform } = planned;
  const tag = key === void 0 ? UNKNOWN_ENVIRONMENT_TAG : environmentTag(key);
  const isPushed2 = destination.kind !== "layout";
  const inputs = {
    ...job.inputs,
    tags: [isPushed2 ? { ...destination.cache.repository, tag } : parseReference(`environment:${tag}`)],
    push: destination.kind === "tag",
    pushByDigest: destination.kind === "digest",
    load: false,
    output: isPushed2 ? [] : [{ kind: "layout", path: destination.directory }],
    platforms: [platform],
    labels: { [ENVIRONMENT_LABEL]: key ?? tag },
    annotations: {},
    target: ENVIRONMENT_STAGE
  };
  const link = selection.backend.takesLinks(selection.engine);
  const source = environmentSource(recipe, { link, ...base === void 0 ? {} : { base } });
  return runBackend(job, selection, { inputs, source, stage: ENVIRONMENT_STAGE, keepsEnvironment: isPushed2 });
}
async function readBuilt({ result: { digest } }, selection, wanted, { repository }, registries) {
  if (digest === void 0) throw unusable(selection, wanted);
  const root = await resolve(registries, { ...repository, digest });
  const content = repositoryContent(registries, repository, root);
  const stored = await readEnvironment(content, root, wanted.key, wanted.platform);
  if (stored === void 0) throw unusable(selection, wanted);
  return stored;
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

// src/action/build-directly.ts
async function buildDirectly(job, recipe) {
  const { inputs, watch, machine } = job;
  const assumed = await assumeBackend(inputs, job.env, machine);
  const selectEngine = once(() => watch.phase("detect the engine", () => readyEngine(job)));
  const request = readAssemblyRequest(inputs, job.bento, recipe, await platformHere(job, selectEngine), machine);
  const direct = { job, recipe, request, assumed: { ...assumed, engine: NO_ENGINE }, selectEngine };
  if (inputs.cacheKey !== void 0) maskSecret("cache-key", inputs.cacheKey, machine.actions);
  const rehearsal = await rehearse(direct, assumed);
  if (inputs.dryRun === true) {
    const commands = [...rehearsal.commands, closingComment(request, void 0)];
    return { ...rehearsal, ...outcomeOf(direct, assumed, void 0), commands };
  }
  const registries = openRegistries(machine, registryOptions(job));
  const models = await modelsToAssemble(direct);
  const [base, payload] = await watch.phase(
    "query the registry",
    () => Promise.all([
      findBase(registries, recipe.base, inputs.registryMirrors),
      lookUpPayload(recipe, models, request, registries, machine)
    ])
  );
  const basis = typeof base === "object" ? await basisWithoutDigest(direct, base) : { base, request, environmentRequest: request };
  if ("because" in basis) return basis;
  machine.actions.info(
    "Direct assembly: the backend builds the environment unless it is cached; this action makes all other layers"
  );
  const environments = await watch.phase(
    "find the environment",
    () => findEnvironments(recipe, basis.request, basis.base, payload.cached, registries, machine)
  );
  const assembly = new Assembly(recipe, basis.request, { ...payload, ...environments }, registries, machine, watch);
  await assembly.checkLimits();
  const image = await findUnchanged(direct, assembly) ?? await assemble2(direct, basis, assembly, registries);
  return { dockerfile: rehearsal.dockerfile, ...image };
}
async function basisWithoutDigest({ job, recipe, request, selectEngine }, { unknown, failure }) {
  const { cache: _, ...environmentRequest } = request;
  const [platform] = request.platforms;
  try {
    await rehearseEnvironment(job, await selectEngine(), { platform, recipe, request: environmentRequest });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "Unsupported") throw error;
    if (mustBeDirect(job.inputs)) throw failure;
    return { because: unknown, selectEngine };
  }
  job.machine.actions.info(`The environment is built in this run and not cached: ${unknown}`);
  return { request: { ...request, skipExisting: false }, environmentRequest };
}
async function modelsToAssemble({ job, request }) {
  const obstacle = obstacleToStreaming(request);
  return obstacle === void 0 ? job.models : downloadRemoteFiles(job, obstacle);
}
async function findUnchanged(direct, assembly) {
  const unchanged = await assembly.findUnchanged();
  if (unchanged === void 0) return void 0;
  const tags = direct.request.references.map(printReference).join(", ");
  direct.job.machine.actions.info(`${tags}: an identical image exists already.`);
  return {
    ...outcomeOf(direct, direct.assumed, unchanged),
    assembly: "direct, image exists already",
    commands: []
  };
}
async function assemble2(direct, { base, environmentRequest }, assembly, registries) {
  const { job, recipe, request } = direct;
  const { machine } = job;
  const paths = request.layout === void 0 ? [] : [request.layout];
  await refuseExisting(paths, machine.files);
  const commands = [];
  const cached = /* @__PURE__ */ new Set();
  let selection = direct.assumed;
  const build = async (request2, signal) => {
    selection = await direct.selectEngine();
    const wanted = { ...request2, recipe, request: environmentRequest, ...base === void 0 ? {} : { base } };
    const built = await buildEnvironment({ ...job, machine: { ...machine, signal } }, selection, wanted, registries);
    commands.push(...built.commands);
    if (built.cache !== void 0) cached.add(built.cache);
    return built.environment;
  };
  const image = await removeOnFailure(paths, machine.files, () => assembly.make(build));
  if (request.references.length > 0) machine.actions.info(`Uploaded ${printBytes(image.uploadedBytes)}.`);
  const cache = cached.size === 0 ? {} : { cache: [...cached].join("; ") };
  return { ...outcomeOf(direct, selection, image), ...cache, commands: [...commands, closingComment(request, image)] };
}
var NO_ENGINE = { versions: {} };
async function platformHere({ inputs, env, machine }, selectEngine) {
  const here = parsePlatform(machine.architecture);
  if (inputs.platforms.length > 0 || inputs.dryRun === true || isLocalEngine(inputs.builder, env)) return here;
  return (await selectEngine()).engine.platform ?? here;
}
async function rehearse({ job, recipe, request }, selection) {
  const [platform] = request.platforms;
  const base = parseReference(recipe.base).digest;
  if (base !== void 0 && job.inputs.dryRun === true) {
    const key = await environmentKey({ ...request, recipe, base, platform }, job.machine.files.enclosed);
    return rehearseEnvironment(job, selection, { key, platform, recipe, request });
  }
  const { dockerfile, commands } = await rehearseEnvironment(job, selection, { platform, recipe, request });
  const unknown = `${UNKNOWN_ENVIRONMENT_TAG} stands for a name that is made of the digest of ${recipe.base}, for which a run asks the registry`;
  return { dockerfile, commands: [...commands, printComment(unknown)] };
}
function outcomeOf({ recipe, request: { platforms } }, { backend, engine }, assembled) {
  const builder = engine === NO_ENGINE ? "cached" : `by ${backend.name}`;
  return {
    backend: backend.name,
    assembly: `direct, environment ${builder}`,
    engine,
    base: recipe.base,
    result: assembled === void 0 ? { platforms: [] } : reconcile([assembled.image], {}, platforms),
    payload: assembled?.layers.map(reportOf) ?? [],
    changes: assembled?.changes ?? [],
    notes: [...recipe.notes, ...engine.notes ?? [], ...assembled?.notes ?? []]
  };
}
function closingComment({ references, layout, platforms }, image) {
  const places = [...references.map(printReference), ...layout === void 0 ? [] : [layout]];
  const layers = image === void 0 ? "the layers of models and code" : `${image.layers.length} layers`;
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
