const require = process.getBuiltinModule;
import {
  require_gte,
  require_parse
} from "./chunk-66XMJTYP.js";
import {
  distinctRepositories,
  parseReference,
  printReference,
  printRepository
} from "./chunk-MPNFN7OS.js";
import {
  normalizePlatform,
  parsePlatform,
  printPlatform
} from "./chunk-V6QKYO5S.js";
import {
  Failure,
  ProgramMissing
} from "./chunk-DERAUSUC.js";
import {
  __toESM
} from "./chunk-ZDX6KC25.js";

// src/backends/buildah-delivery.ts
import { basename } from "node:path";

// src/image/nonempty.ts
function nonEmpty(list) {
  const [first, ...rest] = list;
  return first === void 0 ? void 0 : [first, ...rest];
}

// src/backends/backend.ts
function unsupported(reason) {
  return { unsupported: reason };
}
function isAddress(builder) {
  return builder?.includes("://") === true;
}
function isUnsupported(answer) {
  return "unsupported" in answer;
}

// src/backends/buildkit.ts
var import_parse = __toESM(require_parse(), 1);

// src/image/annotation.ts
var LEVELS = ["manifest", "index", "manifest-descriptor", "index-descriptor"];
function readAnnotation(text) {
  const at2 = text.indexOf(":");
  if (at2 < 0) return [{ name: text }];
  const name = text.slice(at2 + 1);
  if (name === "") throw new Error(`"${text}" names no annotation`);
  return text.slice(0, at2).split(",").map((level) => readLevel(level, name));
}
function readLevel(text, name) {
  const [, word, platform] = /^([a-z-]+)(?:\[([\w/-]+)\])?$/.exec(text) ?? [];
  const level = LEVELS.find((known) => known === word);
  if (level === void 0) {
    throw new Error(`"${text}:" is none of ${LEVELS.join(":, ")}:, with or without a platform such as [linux/amd64]`);
  }
  return { level, name, ...platform === void 0 ? {} : { platform } };
}
function isOfManifests({ level = "manifest", platform }) {
  return level === "manifest" && platform === void 0;
}

// src/backends/buildkit.ts
var COMPRESSIONS = { gzip: "gzip", zstd: "zstd", none: "uncompressed" };
function compressionAttributes({ format, level }) {
  return {
    compression: COMPRESSIONS[format],
    ...level === void 0 ? {} : { "compression-level": String(level) },
    // Layers of the base image stay the bytes they are: nothing is fetched only to be compressed again.
    "force-compression": "false"
  };
}
function annotationAttributes(annotations) {
  const attributes = Object.entries(annotations).flatMap(
    ([key, text]) => readAnnotation(key).map(({ level, platform, name }) => [
      `annotation${level === void 0 ? "" : `-${level}`}${platform === void 0 ? "" : `[${platform}]`}.${name}`,
      text
    ])
  );
  return { attributes: Object.fromEntries(attributes) };
}
function quoteFields(fields) {
  return fields.map((field2) => /[",\n]/.test(field2) ? `"${field2.replaceAll('"', '""')}"` : field2).join(",");
}
var attributeFeatures = {
  format: (format) => ({ attributes: { "oci-mediatypes": String(format === "oci"), "oci-artifact": "false" } }),
  compression: (compression) => ({ attributes: compressionAttributes(compression) }),
  annotations: annotationAttributes
};
function epochBy(flag, prefix = "") {
  return ({ seconds, rewrite }) => ({
    flags: [flag, `${prefix}SOURCE_DATE_EPOCH=${seconds}`],
    attributes: rewrite ? { "rewrite-timestamp": "true" } : {}
  });
}
var STYLE_CHECKS = [
  "ConsistentInstructionCasing",
  "CopyIgnoredFile",
  "DuplicateStageName",
  "ExposeInvalidFormat",
  "ExposeProtoCasing",
  "FromAsCasing",
  "FromPlatformFlagConstDisallowed",
  "InvalidDefaultArgInFrom",
  "InvalidDefinitionDescription",
  "JSONArgsRecommended",
  "LegacyKeyValueFormat",
  "MaintainerDeprecated",
  "MultipleInstructionsDisallowed",
  "NoEmptyContinuation",
  "RedundantTargetPlatform",
  "ReservedStageName",
  "SecretsUsedInArgOrEnv",
  "StageNameCasing",
  "UndefinedArgInFrom",
  "UndefinedVar",
  "WorkdirRelativePath"
];
function strictBaseBy(flag, prefix = "") {
  return () => ({ flags: [flag, `${prefix}BUILDKIT_DOCKERFILE_CHECK=skip=${STYLE_CHECKS.join(",")};error=true`] });
}
function isForOci(key) {
  return key.startsWith("oci-") || key.startsWith("annotation");
}
function withAttributes(exporter, attributes) {
  const fitting = Object.entries(attributes).filter(([key]) => exporter.type !== "docker" || !isForOci(key));
  return { ...exporter, attributes: { ...exporter.attributes, ...Object.fromEntries(fitting) } };
}
function joinNames(references) {
  return references.map(printReference).join(",");
}
var fileDeliveries = {
  layout: ({ path }, plan) => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path, tar: "false" } }],
    evidence: [{ kind: "layout", path }]
  }),
  "oci-archive": ({ path }, plan) => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path } }],
    evidence: [{ kind: "oci-archive", path }]
  }),
  "docker-archive": ({ path }, plan) => archiveAt(path, plan)
};
function withoutAttestations(plan, way) {
  return plan.features.attests === void 0 ? way : unsupported("attestations get lost on the way to a local store");
}
function archiveAt(path, plan) {
  if ((plan.features.platforms ?? []).length > 1) return unsupported("a docker archive holds one platform");
  return withoutAttestations(plan, {
    exporters: [{ type: "docker", attributes: { name: joinNames(plan.references), dest: path } }]
  });
}
function pushByDigest(plan) {
  if (wants(plan, "load") || wants(plan, "docker-archive")) return uploadByDigest(plan);
  const name = distinctRepositories(plan.references).map(printRepository).join(",");
  return {
    exporters: [
      { type: "image", attributes: { name, push: "true", "push-by-digest": "true", "name-canonical": "true" } }
    ]
  };
}
function uploadByDigest(plan) {
  const path = passingLayout(plan);
  const layout = wants(plan, "layout") ? {} : fileDeliveries.layout({ path }, plan);
  return {
    ...layout,
    steps: [{ kind: "upload-by-digest", layout: path, to: distinctRepositories(plan.references) }]
  };
}
function passingLayout(plan) {
  return plan.deliveries.find((delivery) => delivery.kind === "layout")?.path ?? `${plan.scratch}/layout`;
}
function printExporter({ type, attributes }) {
  return quoteFields([`type=${type}`, ...Object.entries(attributes).map(([key, text]) => `${key}=${text}`)]);
}
function metadataEvidence(path, exporters) {
  return { kind: "metadata", path, trust: exporters.some(({ type }) => type === "docker") ? "config" : "root" };
}
function wants(plan, kind) {
  return plan.deliveries.some((delivery) => delivery.kind === kind);
}
function versionOf(text) {
  const version = (0, import_parse.default)(text?.trim() ?? "", { loose: true });
  if (version === null || version.version.startsWith("0.0.0")) return void 0;
  return `${version.major}.${version.minor}.${version.patch}`;
}
function versionsOf(found) {
  return Object.fromEntries(
    Object.entries(found).flatMap(([part, text]) => {
      const version = versionOf(text);
      return version === void 0 ? [] : [[part, version]];
    })
  );
}
function hostPairs(addHosts) {
  return addHosts.map((entry) => entry.replace(":", "=")).join(",");
}

// src/backends/buildah-delivery.ts
function nameOf({ references }) {
  return references[0].tag ?? "latest";
}
function partsOf({ features: { platforms }, kept }) {
  if (platforms === void 0 || platforms.length < 2) return void 0;
  return nonEmpty(
    platforms.map((platform) => {
      const name = printPlatform(platform).replaceAll("/", "-");
      return { platform, idFile: `${kept}/image-${name}.id`, name };
    })
  );
}
function idFile({ kept }) {
  return `${kept}/image.id`;
}
function assembleBuildah(tool) {
  return ({ plan, flags }) => {
    const build = (title, iidfile, more) => ({
      title,
      tool,
      args: [
        ...["build", "--layers=true", "--identity-label=false", "--file", plan.dockerfile],
        ...flags,
        ...more,
        ...["--iidfile", iidfile],
        ...plan.extraArgs,
        plan.context
      ]
    });
    const parts = partsOf(plan);
    if (parts !== void 0) {
      const [first, ...others] = parts;
      const member = ({ platform, idFile: iidfile }) => {
        const printed = printPlatform(platform);
        return { command: build(`${tool} build ${printed}`, iidfile, ["--platform", printed]), evidence: [] };
      };
      return [member(first), ...others.map(member)];
    }
    const names = wants(plan, "load") ? namesOf(plan).flatMap((name) => ["--tag", name]) : [];
    return [
      {
        command: build(`${tool} build`, idFile(plan), names),
        evidence: [{ kind: "digest", path: idFile(plan), means: "config" }]
      }
    ];
  };
}
function namesOf({ references }) {
  return references.map(printReference);
}
function run(tool, title, args) {
  return { kind: "run", command: { title: `${tool} ${title}`, tool, args } };
}
function exportFlags({ features: { compression } }) {
  const { format = "gzip", level } = compression ?? {};
  return [
    ...["--compression-format", format, "--force-compression"],
    ...level === void 0 ? [] : ["--compression-level", String(level)]
  ];
}
function toLayout(tool, plan) {
  const layout = passingLayout(plan);
  const evidence = [{ kind: "layout", path: layout }];
  const name = nameOf(plan);
  const parts = partsOf(plan);
  const put = (from, to) => run(tool, "push oci", ["push", ...exportFlags(plan), { contentOf: from }, `oci:${layout}:${to}`]);
  if (parts === void 0) return { steps: [put(idFile(plan), name)], evidence };
  const exported = parts.map((part) => put(part.idFile, part.name));
  const [first, ...others] = parts;
  const members = [memberOf(first), ...others.map(memberOf)];
  return { steps: [...exported, { kind: "join", layout, members, name }], evidence };
}
function memberOf({ name, platform }) {
  return { name, platform };
}
function toArchive(tool, plan, path) {
  const evidence = [{ kind: "oci-archive", path }];
  if (partsOf(plan) === void 0) {
    const to = `oci-archive:${path}:${nameOf(plan)}`;
    const args2 = ["push", ...exportFlags(plan), { contentOf: idFile(plan) }, to];
    return { steps: [run(tool, "push oci-archive", args2)], evidence };
  }
  const made = toLayout(tool, plan);
  const args = ["--create", "--file", path, "--directory", passingLayout(plan), "oci-layout", "index.json", "blobs"];
  return { steps: [...made.steps, run("tar", "--create", args)], evidence: [...made.evidence, ...evidence] };
}
function toList(tool, plan, parts) {
  const list = `localhost/bento-image:${basename(plan.kept).replaceAll(/[^\w.-]/g, "-")}`;
  const step = (...args) => run(tool, "manifest", args);
  return {
    steps: [
      step("manifest", "create", list),
      ...parts.map((part) => step("manifest", "add", list, { contentOf: part.idFile })),
      ...namesOf(plan).map((name) => step("tag", list, name)),
      // Takes only this name away as long as there are others.
      step("manifest", "rm", list)
    ]
  };
}
function onThisSide(deliver) {
  return (delivery, plan, { remote }) => remote === true ? unsupported("podman's remote client writes no layout, which the image's exact bytes pass through") : deliver(delivery, plan);
}
function withoutColon(deliver) {
  return (delivery, plan) => delivery.path.includes(":") ? unsupported(`podman and buildah read ${delivery.path} only up to its colon`) : deliver(delivery, plan);
}
function buildahDeliveries(tool) {
  return {
    push: onThisSide((_, plan) => {
      const { steps, evidence } = toLayout(tool, plan);
      return { steps: [...steps, { kind: "upload", layout: passingLayout(plan), to: plan.references }], evidence };
    }),
    "push-by-digest": onThisSide((_, plan) => {
      const { steps, evidence } = toLayout(tool, plan);
      const to = distinctRepositories(plan.references);
      return { steps: [...steps, { kind: "upload-by-digest", layout: passingLayout(plan), to }], evidence };
    }),
    // The build itself names a single image in the local store; see `assembleBuildah`.
    load: (_, plan) => {
      const parts = partsOf(plan);
      return parts === void 0 ? {} : toList(tool, plan, parts);
    },
    layout: onThisSide(withoutColon((_, plan) => toLayout(tool, plan))),
    "oci-archive": onThisSide(withoutColon(({ path }, plan) => toArchive(tool, plan, path))),
    "docker-archive": onThisSide(
      withoutColon(({ path }, plan) => {
        if (partsOf(plan) !== void 0) return unsupported("a docker archive holds one platform");
        const to = `docker-archive:${path}:${printReference(plan.references[0])}`;
        return { steps: [run(tool, "push docker-archive", ["push", { contentOf: idFile(plan) }, to])] };
      })
    )
  };
}

// src/backends/words.ts
var import_gte = __toESM(require_gte(), 1);
function value(flag) {
  return (given) => ({ flags: [flag, given] });
}
function each(flag) {
  return (given) => ({ flags: given.flatMap((item) => [flag, item]) });
}
function joined(flag) {
  return (given) => ({ flags: [flag, given.join(",")] });
}
function pairs(flag, prefix = "") {
  return (given) => ({ flags: pairFlags(flag, given, prefix) });
}
function pairFlags(flag, given, prefix = "") {
  return Object.entries(given).flatMap(([key, text]) => [flag, `${prefix}${key}=${text}`]);
}
function toggle(...flags) {
  return (given) => ({ flags: given ? flags : [] });
}
function since(part, version, say) {
  return { part, since: version, say };
}
function has(engine, part, version) {
  const found = engine.versions[part];
  return found === void 0 || (0, import_gte.default)(found, version);
}

// src/backends/buildah-family.ts
var OWN_CACHE = "podman and buildah keep caches in repositories of a registry, one tag a step";
var LOST = "the repository takes no cache";
function repositoryFlags(flag) {
  return (caches) => {
    const named2 = caches.map((cache) => ({ cache, ref: /^(?:type=registry,ref=)?([^=,]+)(?:,|$)/.exec(cache)?.[1] }));
    const others = named2.flatMap(({ cache, ref }) => ref === void 0 ? [cache] : []);
    if (others.length > 0) return unsupported(`${OWN_CACHE}, and take no ${others.join(" ")}`);
    return { flags: named2.flatMap(({ ref = "" }) => [flag, printRepository(parseReference(ref))]) };
  };
}
function cacheFlags(cache) {
  if (cache.kind !== "registry") return unsupported(OWN_CACHE);
  const repository = printRepository(cache.repository);
  const from = ["--cache-from", repository];
  return cache.write ? { flags: [...from, "--cache-to", repository], mayFail: LOST } : { flags: from };
}
function annotationFlags(annotations) {
  const keys = Object.entries(annotations).flatMap(
    ([key, text]) => readAnnotation(key).map((read) => ({ ...read, text }))
  );
  if (!keys.every(isOfManifests)) return unsupported("podman and buildah annotate manifests alone");
  return { flags: keys.flatMap(({ name, text }) => ["--annotation", `${name}=${text}`]) };
}
var buildahFeatures = {
  builder: unsupported("podman and buildah build in their own process"),
  builderKeys: unsupported("podman and buildah build in their own process"),
  // Several of them are several builds, each with its own; see buildah-delivery.ts.
  platforms: ([first, ...others]) => others.length > 0 ? {} : { flags: ["--platform", printPlatform(first)] },
  format: (format) => ({ flags: ["--format", format] }),
  // Layers are kept unpacked; they are compressed as the image leaves the store, see buildah-delivery.ts.
  compression: ({ format }) => format === "none" ? unsupported("podman and buildah always compress the layers of a layout") : {},
  // Rewriting costs nothing here: the layers are being written anyway.
  epoch: ({ seconds }, engine) => ({
    flags: has(engine, "buildah", "1.41.0") ? ["--source-date-epoch", String(seconds), "--rewrite-timestamp"] : ["--timestamp", String(seconds)]
  }),
  // buildah warns, builds and exits with 0. Source: containers/buildah, imagebuildah/stage_executor.go
  strictBase: () => ({ forbids: ["does not match the expected platform"] }),
  pull: (pull) => ({ flags: [`--pull=${pull ? "always" : "missing"}`] }),
  noCache: (noCache) => ({ flags: noCache ? ["--no-cache"] : [] }),
  noCacheFilters: unsupported("podman and buildah can only leave out the cache of all stages (no-cache)"),
  cacheFrom: repositoryFlags("--cache-from"),
  cacheTo: repositoryFlags("--cache-to"),
  cache: cacheFlags,
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: (labels) => refuseExpansion(labels),
  annotations: annotationFlags,
  attests: unsupported("podman and buildah make no attestations"),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: unsupported("podman and buildah have no entitlements"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent")
};
var CACHED_STEP = /^--> (?:Using cache|Cache pulled from remote) /;
function takesLinks(engine) {
  return has(engine, "buildah", "1.37.0");
}
function refuseExpansion(labels) {
  const mangled = Object.keys(labels).filter((key) => /[$\n]/.test(labels[key] ?? ""));
  if (mangled.length > 0)
    return unsupported(`podman and buildah would change the $ or line break in ${mangled.join(", ")}`);
  return { flags: Object.entries(labels).flatMap(([key, text]) => ["--label", `${key}=${text}`]) };
}

// src/backends/buildctl.ts
import { basename as basename2, dirname } from "node:path";

// src/backends/buildkit-cache.ts
var CACHED_STEP2 = /^#\d+ CACHED$/;
function cacheBy(from, to) {
  return (cache) => {
    const described = describeCache(cache);
    return { flags: [from, described.from, ...cache.write ? [to, described.to] : []] };
  };
}
var WHOLE = ["mode=max", "ignore-error=true"];
function describeCache(cache) {
  switch (cache.kind) {
    case "registry": {
      const fields = ["type=registry", `ref=${printReference({ ...cache.repository, tag: cache.tag })}`];
      const form = ["image-manifest=true", "oci-mediatypes=true"];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...WHOLE, ...form]) };
    }
    case "gha": {
      const fields = ["type=gha", `scope=${cache.scope}`];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...WHOLE]) };
    }
    case "local": {
      const { directory } = cache;
      return {
        from: quoteFields(["type=local", `src=${directory}`]),
        to: quoteFields(["type=local", `dest=${directory}`, ...WHOLE])
      };
    }
    case "inline":
      return { from: quoteFields(["type=registry", `ref=${printReference(cache.image)}`]), to: "type=inline" };
  }
}

// src/backends/buildx.ts
var buildxFeatures = {
  ...attributeFeatures,
  builder: (builder) => isAddress(builder) ? unsupported(
    "an address is no builder of buildx: create one with `docker buildx create --driver remote` and give its name"
  ) : {},
  builderKeys: unsupported(
    "buildx knows the certificates of its nodes: give them to `docker buildx create --driver-opt cacert=\u2026,cert=\u2026,key=\u2026`"
  ),
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
  epoch: epochBy("--build-arg"),
  strictBase: strictBaseBy("--build-arg"),
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  noCacheFilters: joined("--no-cache-filter"),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  cache: cacheBy("--cache-from", "--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
  attests: (attests) => ({ flags: Object.entries(attests).flatMap(attestFlag) }),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: each("--allow"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent")
};
function attestFlag([type, attributes]) {
  return ["--attest", attributes === "" ? `type=${type}` : `type=${type},${attributes}`];
}
function refuseOthers({ attests = {} }) {
  return [
    ...attests.provenance === void 0 ? ["--provenance=false"] : [],
    ...attests.sbom === void 0 ? ["--sbom=false"] : []
  ];
}
function assembleBuildx({ plan, engine, flags, exporters }) {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...["buildx", "build"],
    ...engine.builder === void 0 ? [] : ["--builder", engine.builder],
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...refuseOthers(plan.features),
    // Without an output the docker driver would load the image.
    ...exporters.length === 0 ? ["--output", "type=cacheonly"] : [],
    ...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
    ...["--metadata-file", metadata],
    ...plan.extraArgs,
    plan.context
  ];
  return [
    {
      command: { title: `docker buildx build (${engine.builder ?? "the current builder"})`, tool: "docker", args },
      evidence: [metadataEvidence(metadata, exporters)]
    }
  ];
}
function readInspect(text) {
  const [head = "", ...rest] = text.split(/^Nodes:.*$/m);
  const nodes = rest.join("").split(/^(?=Name:)/m).filter((part) => part.startsWith("Name:"));
  return { name: field(head, "Name"), driver: field(head, "Driver"), nodes: nodes.map(readNode) };
}
function readNode(text) {
  const platforms = field(text, "Platforms")?.split(",") ?? [];
  return {
    name: field(text, "Name"),
    endpoint: field(text, "Endpoint"),
    status: field(text, "Status"),
    buildkit: field(text, "BuildKit(?: version)?"),
    platforms: platforms.map((platform) => parsePlatform(platform.trim().replace(/\*$/, "")))
  };
}
function field(text, name) {
  return new RegExp(`^${name}:\\s*(.+)$`, "m").exec(text)?.[1]?.trim();
}
function mayStart([, inspect]) {
  if (inspect === void 0 || inspect.code !== 0) return true;
  const { driver, nodes } = readInspect(inspect.stdout);
  return driver !== "remote" && !nodes.every(({ status }) => status === "running");
}
function buildxVersion(answer) {
  return /buildx\s+v?(\S+)/.exec(answer?.stdout ?? "")?.[1];
}
function readEngine([version, ...inspections]) {
  if (version === void 0 || version.code !== 0) throw missingBuildx(version);
  const inspect = inspections.at(-1);
  if (inspect === void 0 || inspect.code !== 0) {
    throw new Failure("engine", "buildx has no builder that can be reached", {
      lines: inspect === void 0 ? [] : lastLines(inspect),
      hint: "See `docker buildx ls`; make one with `docker buildx create --use`, or name one in the input builder."
    });
  }
  const { name, driver, nodes } = readInspect(inspect.stdout);
  if (driver === "docker") throw dockerDriver(name ?? "default");
  const dead = nodes.filter(({ status }) => status !== void 0 && status !== "running");
  if (dead.length > 0) throw deadNodes(name ?? "", dead);
  const [first] = nodes;
  const platform = first?.platforms[0];
  return {
    versions: versionsOf({ buildx: buildxVersion(version), buildkit: first?.buildkit }),
    ...nodes.length > 1 ? { nodes: nodes.length } : {},
    ...platform === void 0 ? {} : { platform },
    ...name === void 0 ? {} : { builder: name }
  };
}
function deadNodes(builder, nodes) {
  const told = nodes.map(({ name, endpoint, status }) => `node ${name} at ${endpoint} is ${status}`);
  return new Failure("engine", `the builder ${builder} has nodes that do not answer: ${told.join(" \xB7 ")}`, {
    code: "NodeDead",
    lines: told,
    hint: "Start the daemon there, or check address and certificates; `docker buildx rm` and `create` make the builder anew."
  });
}
function dockerDriver(name) {
  return new Failure("engine", `the builder ${name} is the docker daemon itself (docker driver)`, {
    code: "DockerDriver",
    hint: "Use the backend docker, or a builder of its own: docker/setup-buildx-action, or `docker buildx create --use`."
  });
}
function missingBuildx(answer) {
  return new ProgramMissing("docker-buildx", {
    message: "docker has no buildx plugin; the legacy builder cannot build this image",
    lines: answer === void 0 ? [] : lastLines(answer),
    hint: "Let the action install it (input install), install the docker-buildx-plugin package, or use the backend podman, buildah or buildctl."
  });
}
function lastLines({ stdout, stderr }) {
  return `${stdout}
${stderr}`.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "").slice(-5);
}
function named(builder) {
  return builder === void 0 ? [] : ["--builder", builder];
}
function byOneNode(deliver) {
  return (delivery, plan, { nodes = 1 }) => nodes > 1 && (plan.features.platforms ?? []).length > 1 ? unsupported("several nodes of a builder write no file together; push, and take it from the registry") : deliver(delivery, plan);
}
var buildx = {
  name: "buildx",
  tool: "docker",
  title: "docker buildx with the builder that is current or named",
  isCandidate: (builder) => builder !== void 0 && !isAddress(builder),
  requires: [
    { part: "buildx", minimum: "0.13.0", because: "several outputs of one build and named contexts work from then on" },
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times works from then on" }
  ],
  programs: { "docker-buildx": "buildx", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  addresses: [],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: (builder) => [
    { args: ["buildx", "version"] },
    // Older than the flag --timeout, buildx refuses it, and is asked the other way.
    { args: ["buildx", "inspect", "--timeout", "4s", ...named(builder)] },
    { args: ["buildx", "inspect", "--bootstrap", ...named(builder)], isOpen: mayStart }
  ],
  readEngine,
  assumed: { versions: {} },
  features: buildxFeatures,
  deliveries: {
    layout: byOneNode(fileDeliveries.layout),
    "oci-archive": byOneNode(fileDeliveries["oci-archive"]),
    "docker-archive": fileDeliveries["docker-archive"],
    push: (_, plan) => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }]
    }),
    "push-by-digest": (_, plan) => pushByDigest(plan),
    load: byOneNode(
      (_, plan) => withoutAttestations(plan, {
        exporters: [{ type: "docker", attributes: { name: joinNames(plan.references) } }]
      })
    )
  },
  assemble: assembleBuildx
};

// src/backends/buildctl.ts
var UNITS = { "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
function inBytes(size) {
  const [, digits, unit = ""] = /^(\d+)([bkmg]?)b?$/i.exec(size) ?? [];
  return digits === void 0 ? void 0 : Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
}
function option(key, text) {
  return { flags: ["--opt", `${key}=${text}`] };
}
function cacheFlags2(flag) {
  return (caches) => ({
    flags: caches.flatMap((cache) => [flag, cache.includes("type=") ? cache : `type=registry,ref=${cache}`])
  });
}
var features = {
  ...attributeFeatures,
  builder: (address) => isAddress(address) ? {} : unsupported("buildctl takes an address, for example unix:///run/buildkit/buildkitd.sock"),
  // They stand before the word `build`.
  builderKeys: () => ({}),
  platforms: (platforms) => option("platform", platforms.map(printPlatform).join(",")),
  epoch: epochBy("--opt", "build-arg:"),
  strictBase: strictBaseBy("--opt", "build-arg:"),
  pull: (pull) => pull ? option("image-resolve-mode", "pull") : {},
  noCache: toggle("--no-cache"),
  noCacheFilters: (stages) => option("no-cache", stages.join(",")),
  cacheFrom: cacheFlags2("--import-cache"),
  cacheTo: cacheFlags2("--export-cache"),
  cache: cacheBy("--import-cache", "--export-cache"),
  target: (target) => option("target", target),
  buildArgs: pairs("--opt", "build-arg:"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => [
      "--local",
      `${name}=${directory}`,
      "--opt",
      `context:${name}=local:${name}`
    ])
  }),
  remoteContexts: pairs("--opt", "context:"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--opt", "label:"),
  attests: (attests) => ({
    flags: Object.entries(attests).flatMap(([type, attributes]) => ["--opt", `attest:${type}=${attributes}`])
  }),
  addHosts: (addHosts) => option("add-hosts", hostPairs(addHosts)),
  network: (mode) => ({
    flags: ["--opt", `force-network-mode=${mode}`, ...mode === "host" ? ["--allow", "network.host"] : []]
  }),
  allow: each("--allow"),
  shmSize: (size) => {
    const bytes = inBytes(size);
    return bytes === void 0 ? unsupported(`"${size}" is no size such as 128m`) : option("shm-size", String(bytes));
  },
  ulimits: (ulimits) => option("ulimit", ulimits.join(",")),
  cgroupParent: (parent) => option("cgroup-parent", parent)
};
function assemble({ plan, engine, flags, exporters }) {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...at(engine.builder, plan.features.builderKeys),
    ...["build", "--progress", "plain", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${plan.context}`, "--local", `dockerfile=${dirname(plan.dockerfile)}`],
    ...["--opt", `filename=${basename2(plan.dockerfile)}`],
    ...flags,
    ...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
    ...["--metadata-file", metadata],
    ...plan.extraArgs
  ];
  return [
    { command: { title: "buildctl build", tool: "buildctl", args }, evidence: [metadataEvidence(metadata, exporters)] }
  ];
}
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function nativePlatform(workers) {
  const [worker] = Array.isArray(workers) ? workers : [];
  const [first] = worker?.platforms ?? [];
  if (first?.os === void 0 || first.architecture === void 0) return {};
  const { os, architecture, variant } = first;
  return { platform: normalizePlatform({ os, architecture, ...variant === void 0 ? {} : { variant } }) };
}
function unreachable(answer) {
  return new Failure("engine", "buildctl cannot reach a buildkitd", {
    lines: answer === void 0 ? [] : lastLines(answer),
    hint: "Start buildkitd, or name it in the input builder (unix://, tcp://, ssh://, docker-container://, kube-pod://) or in BUILDKIT_HOST."
  });
}
function readEngine2([workers, info], builder) {
  if (workers === void 0 || workers.code !== 0) throw unreachable(workers);
  const version = /"version":\s*"([^"]+)"/.exec(info?.stdout ?? "")?.[1];
  return {
    versions: versionsOf({ buildkit: version }),
    ...nativePlatform(parseJson(workers.stdout)),
    ...builder === void 0 ? {} : { builder }
  };
}
function at(builder, { ca, cert, key } = {}) {
  const given = { "--addr": builder, "--tlscacert": ca, "--tlscert": cert, "--tlskey": key };
  return Object.entries(given).flatMap(([flag, text]) => text === void 0 ? [] : [flag, text]);
}
var buildctl = {
  name: "buildctl",
  tool: "buildctl",
  title: "buildctl with a running buildkitd, local or remote",
  isCandidate: (builder) => builder === void 0 || isAddress(builder),
  requires: [
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times and several outputs work from then on" }
  ],
  programs: { buildctl: "buildkit", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  addresses: ["BUILDKIT_HOST"],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: (builder, keys) => [
    { args: [...at(builder, keys), "debug", "workers", "--format", "{{json .}}"] },
    { args: [...at(builder, keys), "debug", "info", "--format", "{{json .}}"] }
  ],
  readEngine: readEngine2,
  assumed: { versions: {} },
  features,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan) => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }]
    }),
    "push-by-digest": (_, plan) => pushByDigest(plan),
    load: (_, plan) => {
      const archive = `${plan.scratch}/image.tar`;
      const way = archiveAt(archive, plan);
      return isUnsupported(way) ? way : { ...way, steps: [{ kind: "load", archive }] };
    }
  },
  assemble
};

// src/backends/buildah.ts
function readEngine3([answer]) {
  const parsed = answer?.code === 0 ? parseJson(answer.stdout) : void 0;
  const info = typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info.version === void 0) {
    throw new Failure("engine", "buildah does not work here", {
      lines: answer === void 0 ? [] : lastLines(answer),
      hint: "Run `buildah info` on the runner; a rootless buildah needs subuid and subgid ranges of its user."
    });
  }
  return {
    versions: versionsOf({ buildah: info.version }),
    emulation: "kernel",
    ...info.buildPlatform === void 0 ? {} : { platform: parsePlatform(info.buildPlatform) }
  };
}
var buildah = {
  name: "buildah",
  tool: "buildah",
  title: "buildah, no daemon",
  isCandidate: (builder) => builder === void 0,
  requires: [
    {
      part: "buildah",
      minimum: "1.33.0",
      because: "earlier ones misread here-documents and several mounts of one step"
    }
  ],
  programs: {},
  addresses: [],
  takesLinks,
  cachedStep: CACHED_STEP,
  questions: () => [{ args: ["version", "--json"] }],
  readEngine: readEngine3,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("buildah"),
  assemble: assembleBuildah("buildah")
};

// src/backends/docker.ts
function parseInfo(answer) {
  try {
    const parsed = JSON.parse(answer?.stdout ?? "");
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
function storeOf(info) {
  const status = info.DriverStatus ?? [];
  return status.some((pair) => pair.join(" ").includes("io.containerd.snapshotter.v1")) ? "containerd" : "classic";
}
var REWRITES_SINCE = "29.1.0";
var CLASSIC_NOTE = "This docker daemon keeps images in its classic store: the image has docker's media types and its own file times, so its digest differs from that of other backends. The containerd image store or the backend buildx gives the same digest everywhere.";
function readEngine4([answer]) {
  const info = parseInfo(answer);
  if (info.host !== void 0) {
    throw new Failure("tool", "the program docker on this machine is podman", {
      hint: "Use the backend podman; it is the same engine without the disguise."
    });
  }
  if (info.ServerVersion === void 0 || info.ServerVersion === "") {
    throw new Failure("engine", "the docker daemon cannot be reached", {
      lines: info.ServerErrors ?? (answer === void 0 ? [] : lastLines(answer)),
      hint: "Start the daemon, or let this user use its socket (group docker), or choose the backend podman, buildah or buildctl."
    });
  }
  const plugin = info.ClientInfo?.Plugins?.find(({ Name }) => Name === "buildx");
  if (plugin === void 0) throw missingBuildx(void 0);
  const store = storeOf(info);
  const versions = versionsOf({ docker: info.ServerVersion, buildx: plugin.Version });
  if (store === "containerd" && !has({ versions }, "docker", REWRITES_SINCE)) {
    throw new Failure(
      "tool",
      `docker ${info.ServerVersion} cannot rewrite file times with the containerd image store`,
      {
        hint: `Use the backend buildx with a docker-container builder, or docker ${REWRITES_SINCE} or newer.`
      }
    );
  }
  return {
    versions,
    store,
    // The docker driver's builder has the name of the docker context it belongs to.
    builder: info.ClientInfo?.Context ?? "default",
    ...platformOf(info),
    // Docker Desktop's daemon is in a machine of its own, with emulators.
    ...info.ClientInfo?.Context === "default" ? { emulation: "kernel" } : {},
    ...store === "classic" ? { notes: [CLASSIC_NOTE] } : {}
  };
}
function platformOf({ OSType, Architecture }) {
  return OSType === void 0 || Architecture === void 0 ? {} : { platform: parsePlatform(`${OSType}/${Architecture}`) };
}
function image(plan, engine, more = {}) {
  const unpack = engine.store === "classic" ? {} : { unpack: "false" };
  return { exporters: [{ type: "image", attributes: { name: joinNames(plan.references), ...more, ...unpack } }] };
}
function onContainerd(deliver) {
  return (delivery, plan, engine) => engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : deliver(delivery, plan);
}
var CLASSIC_ATTRIBUTES = /* @__PURE__ */ new Set(["name", "push", "dest"]);
function assemble2(call) {
  if (call.engine.store !== "classic") return assembleBuildx(call);
  const exporters = call.exporters.map(({ type, attributes }) => ({
    type,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => CLASSIC_ATTRIBUTES.has(key)))
  }));
  const [{ command, evidence }] = assembleBuildx({ ...call, exporters });
  const trusted = evidence.map(
    (item) => item.kind === "metadata" && !wants(call.plan, "push") ? { ...item, trust: "config" } : item
  );
  return [{ command, evidence: trusted }];
}
var CLASSIC_LIMIT = "the classic image store of this docker daemon cannot do it; switch it to the containerd image store";
function notOnClassic(say) {
  return (given, engine) => engine.store === "classic" ? unsupported(CLASSIC_LIMIT) : say(given, engine);
}
var docker = {
  name: "docker",
  tool: "docker",
  title: "the docker daemon itself (docker driver of buildx)",
  isCandidate: (builder) => builder === void 0,
  requires: [
    { part: "docker", minimum: "23.0.0", because: "BuildKit is the daemon's builder from then on" },
    { part: "buildx", minimum: "0.13.0", because: "several outputs of one build and named contexts work from then on" }
  ],
  programs: { "docker-buildx": "buildx" },
  addresses: [],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: () => [{ args: ["info", "--format", "{{json .}}"] }],
  readEngine: readEngine4,
  assumed: { versions: {}, store: "containerd", builder: "default" },
  features: {
    ...buildxFeatures,
    builder: unsupported("docker always builds in its own daemon"),
    builderKeys: unsupported("docker always builds in its own daemon"),
    platforms: (platforms, engine) => engine.store === "classic" && platforms.length > 1 ? unsupported(CLASSIC_LIMIT) : buildxFeatures.platforms(platforms),
    // Only the cache that lies in the image itself can leave the daemon.
    cacheTo: (caches, engine) => engine.store === "classic" && caches.some((cache) => !/^(?:.*,)?type=inline\b/.test(cache)) ? unsupported(CLASSIC_LIMIT) : buildxFeatures.cacheTo(caches, engine),
    cache: (cache, engine) => engine.store === "classic" && cache.write && cache.kind !== "inline" ? unsupported(CLASSIC_LIMIT) : buildxFeatures.cache(cache, engine),
    annotations: notOnClassic(buildxFeatures.annotations),
    attests: notOnClassic(buildxFeatures.attests),
    compression: (given, engine) => engine.store === "classic" && given.format !== "gzip" ? unsupported(CLASSIC_LIMIT) : buildxFeatures.compression(given)
  },
  deliveries: {
    ...fileDeliveries,
    layout: onContainerd(fileDeliveries.layout),
    "oci-archive": onContainerd(fileDeliveries["oci-archive"]),
    "docker-archive": onContainerd(fileDeliveries["docker-archive"]),
    push: (_, plan, engine) => image(plan, engine, { push: "true" }),
    // Refused in every store: "push-by-digest is currently not implemented for docker driver" (docker/buildx, build/opt.go).
    "push-by-digest": onContainerd((_, plan) => uploadByDigest(plan)),
    // A pushed image stays in the daemon's store too.
    load: (_, plan, engine) => wants(plan, "push") ? {} : image(plan, engine)
  },
  assemble: assemble2
};

// src/backends/nerdctl.ts
var NO_SUCH_FLAG = "nerdctl build has no such flag";
var features2 = {
  ...attributeFeatures,
  builder: (address) => isAddress(address) ? {} : unsupported("nerdctl takes the address of a buildkitd"),
  builderKeys: unsupported("nerdctl has no flags for certificates of a buildkitd"),
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
  epoch: epochBy("--build-arg"),
  strictBase: strictBaseBy("--build-arg"),
  // `--pull=false` would mean "never ask the registry" (image-resolve-mode=local), so it is left out.
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  noCacheFilters: unsupported(NO_SUCH_FLAG),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  cache: cacheBy("--cache-from", "--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`])
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
  attests: (attests) => ({ flags: Object.entries(attests).flatMap(attestFlag) }),
  addHosts: since("nerdctl", "2.0.3", each("--add-host")),
  network: value("--network"),
  allow: each("--allow"),
  shmSize: unsupported(NO_SUCH_FLAG),
  ulimits: unsupported(NO_SUCH_FLAG),
  cgroupParent: unsupported(NO_SUCH_FLAG)
};
function assemble3({ plan, engine, flags, exporters }) {
  const cached = flags.filter((flag) => flag !== "--no-cache" && flag !== "--pull");
  const builds = exporters.map(
    (exporter, index) => assembleOne({ plan, engine, flags: index === 0 ? flags : cached }, exporter, index)
  );
  return nonEmpty(builds) ?? [assembleOne({ plan, engine, flags }, NOWHERE, 0)];
}
var NOWHERE = { type: "image", attributes: { store: "false" } };
function assembleOne({ plan, engine, flags }, exporter, index) {
  const isNamed = exporter.type === "image" && exporter !== NOWHERE;
  const iidfile = `${plan.kept}/image-${index}.id`;
  const args = [
    "build",
    ...engine.builder === void 0 ? [] : ["--buildkit-host", engine.builder],
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...isNamed ? plan.references.flatMap((reference) => ["--tag", printReference(reference)]) : [],
    ...["--output", printExporter(exporter)],
    ...isNamed ? ["--iidfile", iidfile] : [],
    ...plan.extraArgs,
    plan.context
  ];
  const title = `nerdctl build (${exporter.attributes["push"] === "true" ? "push" : exporter.type})`;
  return {
    command: { title, tool: "nerdctl", args },
    // nerdctl's "image id" file holds the manifest's or index's digest, not the config's.
    evidence: isNamed ? [{ kind: "digest", path: iidfile, means: "root" }] : []
  };
}
var NAMESPACED = "unix:///run/buildkit-default/buildkitd.sock";
function readEngine5([version, ...workers], builder) {
  if (version === void 0 || version.code !== 0) {
    throw new Failure("engine", "nerdctl cannot reach containerd", {
      lines: version === void 0 ? [] : lastLines(version),
      hint: "Start containerd, or name its socket in CONTAINERD_ADDRESS; a rootless one belongs to its own user."
    });
  }
  const silent = workers.every(({ code }) => code !== 0);
  if (silent) {
    throw new Failure("engine", "nerdctl has no buildkitd to build with", {
      code: "BuildkitdMissing",
      lines: workers.flatMap(lastLines),
      hint: "Start buildkitd, or name it in the input builder or in BUILDKIT_HOST."
    });
  }
  const [first, namespaced] = workers;
  const address = builder ?? (first?.code === 0 ? void 0 : NAMESPACED);
  const answer = first?.code === 0 ? first : namespaced;
  const found = /"Client":\s*\{\s*"Version":\s*"v?([^"]+)"/.exec(version.stdout)?.[1];
  return {
    versions: versionsOf({ nerdctl: found }),
    ...nativePlatform(parseJson(answer?.stdout ?? "")),
    ...address === void 0 ? {} : { builder: address }
  };
}
function askForWorkers(address) {
  const at2 = address === void 0 ? [] : ["--addr", address];
  return { tool: "buildctl", args: [...at2, "debug", "workers", "--format", "{{json .}}"] };
}
var nerdctl = {
  name: "nerdctl",
  tool: "nerdctl",
  title: "nerdctl with containerd and its buildkitd",
  isCandidate: (builder) => builder === void 0,
  requires: [{ part: "nerdctl", minimum: "2.0.0", because: "named contexts work from then on" }],
  programs: {
    nerdctl: "nerdctl",
    buildctl: "buildkit",
    buildkitd: "buildkit",
    containerd: "nerdctl-full",
    "containerd-shim-runc-v2": "nerdctl-full",
    runc: "nerdctl-full"
  },
  addresses: ["BUILDKIT_HOST"],
  takesLinks: () => true,
  cachedStep: CACHED_STEP2,
  questions: (builder) => [
    { args: ["version", "--format", "json"] },
    askForWorkers(builder),
    ...builder === void 0 ? [askForWorkers(NAMESPACED)] : []
  ],
  readEngine: readEngine5,
  assumed: { versions: {} },
  features: features2,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan) => {
      const [first, ...others] = plan.references;
      const rest = nonEmpty(others);
      return {
        exporters: [{ type: "image", attributes: { push: "true" } }],
        // Of several tags nerdctl pushes only the first, and says nothing.
        ...rest === void 0 ? {} : { steps: [{ kind: "copy", from: first, to: rest }] }
      };
    },
    // nerdctl has no name for the image without --tag, and pushes that tag.
    "push-by-digest": (_, plan) => uploadByDigest(plan),
    // A pushed image stays in containerd's store too.
    load: (_, plan) => wants(plan, "push") ? {} : { exporters: [{ type: "image", attributes: {} }] }
  },
  assemble: assemble3
};

// src/backends/podman.ts
function readEngine6([answer]) {
  const parsed = answer?.code === 0 ? parseJson(answer.stdout) : void 0;
  const info = typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info.host === void 0) {
    throw new Failure("engine", "podman does not work here", {
      lines: answer === void 0 ? [] : lastLines(answer),
      hint: "Run `podman info` on the runner; a rootless podman needs subuid and subgid ranges of its user."
    });
  }
  const { os = "linux", arch } = info.host;
  return {
    versions: versionsOf({ podman: info.version?.Version, buildah: info.host.buildahVersion }),
    ...info.host.serviceIsRemote === true ? { remote: true } : { emulation: "kernel" },
    ...arch === void 0 ? {} : { platform: parsePlatform(`${os}/${arch}`) }
  };
}
var podman = {
  name: "podman",
  tool: "podman",
  title: "podman, no daemon",
  isCandidate: (builder) => builder === void 0,
  requires: [
    { part: "podman", minimum: "4.8.0", because: "earlier ones misread here-documents and several mounts of one step" }
  ],
  programs: {},
  addresses: [],
  takesLinks,
  cachedStep: CACHED_STEP,
  questions: () => [{ args: ["info", "--format", "json"] }],
  readEngine: readEngine6,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("podman"),
  assemble: assembleBuildah("podman")
};

// src/backends/index.ts
var BACKENDS = [docker, buildx, podman, buildah, nerdctl, buildctl];
var LAST_RESORT = buildctl;
function findBackend(name) {
  return BACKENDS.find((backend) => backend.name === name);
}

// src/script/probe.ts
function choiceOf({ backend = "auto" }) {
  return findBackend(backend) ?? "auto";
}
async function findEngine(choice, builder, world, env, keys) {
  if (choice !== "auto") return { backend: choice, engine: await probe(choice, { builder, keys }, world, env), env };
  const refusals = [];
  for (const backend of candidates(builder)) {
    try {
      const engine = await probe(backend, { builder, keys }, world, env);
      return { backend, engine, env, reason: refusals.length === 0 ? "the first choice" : refusals.join("; ") };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refusals.push(`${backend.name}: ${error.message}`);
    }
  }
  throw new Failure("engine", "no builder works on this machine", {
    code: "NoEngine",
    lines: refusals,
    hint: "Install docker, podman, buildah, nerdctl or buildctl on the runner, or give the address of a buildkitd in the input builder."
  });
}
async function assumeBackend(inputs, env, world) {
  const { builder } = inputs;
  const choice = choiceOf(inputs);
  const backend = choice === "auto" ? await firstOnPath(candidates(builder), world) : choice;
  return { backend, env, engine: { ...backend.assumed, ...builder === void 0 ? {} : { builder } } };
}
async function firstOnPath([first, ...others], world) {
  for (const backend of [first, ...others]) {
    if (await world.processes.which(backend.tool) !== void 0) return backend;
  }
  return first;
}
var ADDRESSES = ["DOCKER_HOST", "DOCKER_CONTEXT", "BUILDKIT_HOST", "CONTAINER_HOST", "CONTAINER_CONNECTION"];
function isLocalEngine(builder, env) {
  return [builder, ...ADDRESSES.map((name) => env[name])].every((address) => !address || address.startsWith("unix://"));
}
function candidates(builder) {
  const found = nonEmpty(BACKENDS.filter((backend) => backend.isCandidate(builder)));
  if (found === void 0) throw new Failure("internal", `no backend takes the builder ${builder}`);
  return found;
}
async function probe(backend, { builder, keys }, world, env) {
  const questions = backend.questions(builder, keys);
  for (const tool of /* @__PURE__ */ new Set([backend.tool, ...questions.map((question) => question.tool ?? backend.tool)])) {
    if (await world.processes.which(tool, env["PATH"]) === void 0) {
      throw new ProgramMissing(tool);
    }
  }
  const answers = [];
  for (const { tool = backend.tool, args, isOpen } of questions) {
    if (isOpen?.(answers) === false) continue;
    answers.push(await ask({ tool, args, env }, builder, world));
  }
  return backend.readEngine(answers, builder);
}
var PATIENCE = 5e3;
async function ask(invocation, builder, { processes }) {
  if (builder === void 0 || !isAddress(builder)) return processes.capture(invocation);
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await processes.capture({ ...invocation, signal });
  if (!signal.aborted) return answer;
  throw new Failure("engine", `the builder at ${builder} does not answer within ${PATIENCE / 1e3} s`, {
    code: "NodeDead",
    hint: "Is the address right, the daemon up, and does a firewall let this runner through?"
  });
}

export {
  readAnnotation,
  isOfManifests,
  nonEmpty,
  isUnsupported,
  withAttributes,
  BACKENDS,
  LAST_RESORT,
  choiceOf,
  findEngine,
  assumeBackend,
  isLocalEngine
};
