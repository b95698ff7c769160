const require = process.getBuiltinModule;
import {
  bentomlHome,
  storeDirectories
} from "./chunk-JYF7KFO6.js";
import {
  Failure
} from "./chunk-DERAUSUC.js";

// src/assembly/split.ts
var ALONE = 64 * 2 ** 20;
var MOST_ALONE = 64;
function splitLayer(plan, budget) {
  const big = plan.entries.filter((entry) => entry.kind === "file" && isBig(entry)).sort((one, other) => other.size - one.size).slice(0, Math.max(0, budget));
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
function isBig({ size, source }) {
  return size >= ALONE || source.kind === "remote";
}
function isAbove(directory, { path }) {
  return directory.kind === "directory" && path.startsWith(`${directory.path}/`);
}
function nameOf({ path }) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /^[0-9a-f]{40,64}$/.test(name) ? `${name.slice(0, 12)}\u2026` : name;
}

// src/bento/models.ts
import { join } from "node:path/posix";

// src/bento/bento.ts
function printTag(tag) {
  return `${tag.name}:${tag.version}`;
}

// src/bento/env.ts
var NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
var SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
var CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
var STAGES = ["all", "build", "runtime"];
function readEnvs(node) {
  const envs = /* @__PURE__ */ new Map();
  for (const item of node.items()) {
    const name = item.key("name").requiredText();
    const value = item.key("value").text() ?? "";
    const stage = readStage(item.key("stage"));
    checkEnv(item, name, value, stage === "build" ? SHELL_NAME : NAME);
    envs.set(name, { name, value, stage });
  }
  return [...envs.values()];
}
function readDockerEnv(node) {
  if (!node.present) return void 0;
  const pairs = node.isList ? node.texts().map(splitPair) : node.textEntries();
  for (const [name, value] of pairs) checkEnv(node, name, value, NAME);
  return Object.fromEntries(pairs);
}
function hasControlCharacter(text) {
  return CONTROL.test(text);
}
function readStage(node) {
  const text = node.text() ?? "all";
  const stage = STAGES.find((known) => known === text);
  if (stage === void 0) node.mistake(`is "${text}"; it must be one of ${STAGES.join(", ")}`);
  return stage ?? "all";
}
function splitPair(text) {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}
function checkEnv(node, name, value, grammar) {
  if (!grammar.test(name)) {
    node.mistake(`names the variable "${name}", which is no name of an environment variable`, "ValueInvalid");
  }
  if (hasControlCharacter(value)) {
    node.mistake(`gives ${name} a value with a line break or control character, which no ENV can hold`, "ValueInvalid");
  }
}

// src/bento/image-options.ts
var DISTROS = ["debian", "alpine", "ubi8", "amazonlinux"];
var PYTHON = /^(\d+\.\d+)(?:\.\d+)?$/;
var CUDA = /^[\w.-]+$/;
var BOOTSTRAP = /^(?:apt-get update|apk add|yum (?:update|upgrade))\b/;
function readImageV1(manifest) {
  const docker = manifest.key("docker");
  const conda = manifest.key("conda");
  const baseImage = readBaseImage(docker.key("base_image"));
  const pythonVersion = readPython(docker.key("python_version"));
  const cudaVersion = readCuda(docker.key("cuda_version"));
  const dockerEnv = readDockerEnv(docker.key("env"));
  return {
    spec: 1,
    distro: readDistro(docker.key("distro")),
    systemPackages: readSystemPackages(docker.key("system_packages")),
    setupScript: docker.key("setup_script").present,
    dockerfileTemplate: docker.key("dockerfile_template").present,
    conda: ["environment_yml", "channels", "dependencies", "pip"].some((name) => conda.key(name).truthy),
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    ...cudaVersion === void 0 ? {} : { cudaVersion },
    ...dockerEnv === void 0 ? {} : { dockerEnv },
    ...baseImage === void 0 ? {} : { baseImage }
  };
}
function readImageV2(manifest) {
  const image = manifest.key("image");
  const baseImage = readBaseImage(image.key("base_image"));
  if (baseImage === void 0)
    image.key("base_image").mistake("is empty: there is nothing to build from", "ValueInvalid");
  const pythonVersion = readWord(image.key("python_version"));
  return {
    spec: 2,
    baseImage: baseImage ?? "",
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    commands: dropDoubledBootstrap(readCommands(image.key("commands"))),
    postCommands: readCommands(image.key("post_commands")),
    buildInclude: image.key("build_include").texts()
  };
}
function dropDoubledBootstrap(commands) {
  const [first, second, ...rest] = commands;
  return first !== void 0 && first === second && BOOTSTRAP.test(first) ? [first, ...rest] : commands;
}
function readBaseImage(node) {
  const image = readWord(node);
  if (image?.startsWith("-")) node.mistake(`is "${image}", which is no image reference`, "ValueInvalid");
  return image;
}
function readWord(node) {
  const word = node.text()?.trim();
  if (!word) return void 0;
  if (/\s/.test(word) || hasControlCharacter(word)) {
    node.mistake(
      `is ${JSON.stringify(word)}, which has a blank, line break or control character in it`,
      "ValueInvalid"
    );
  }
  return word;
}
function readPython(node) {
  const text = node.text();
  if (!text) return void 0;
  const minor = pythonMinor(text);
  if (minor === void 0) node.mistake(`is "${text}"; it must look like 3.11`, "ValueInvalid");
  return minor;
}
function pythonMinor(version) {
  return PYTHON.exec(version.trim())?.[1];
}
function readCuda(node) {
  const text = node.text();
  if (text && !CUDA.test(text)) node.mistake(`is "${text}", which is no version`, "ValueInvalid");
  return text || void 0;
}
function readDistro(node) {
  const text = node.text() || "debian";
  const distro = DISTROS.find((known) => known === text);
  if (distro === void 0) node.mistake(`is "${text}"; it must be one of ${DISTROS.join(", ")}`);
  return distro ?? "debian";
}
function readSystemPackages(node) {
  const packages = node.texts();
  if (packages.some(hasControlCharacter)) node.mistake("has a line break or control character in it", "ValueInvalid");
  return packages;
}
function readCommands(node) {
  const commands = node.texts();
  if (commands.some((command) => command.includes("\0"))) node.mistake("has a NUL character in it", "ValueInvalid");
  return commands;
}

// src/bento/instant.ts
var ISO = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/;
function parseInstant(text) {
  const [, day, time, fraction = "", zone = "Z"] = ISO.exec(text.trim()) ?? [];
  if (day === void 0 || time === void 0) return void 0;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const instant = /* @__PURE__ */ new Date(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(instant.getTime()) ? void 0 : instant;
}

// src/bento/manifest-node.ts
var ManifestNode = class _ManifestNode {
  path;
  #value;
  #mistakes;
  constructor(value, path, mistakes) {
    this.path = path;
    this.#value = value;
    this.#mistakes = mistakes;
  }
  get present() {
    return this.#value !== void 0 && this.#value !== null;
  }
  /** Neither absent nor an empty string, list or map: what Python calls true. */
  get truthy() {
    if (!this.present || this.#value === "") return false;
    return typeof this.#value !== "object" || Object.keys(this.#value).length > 0;
  }
  get isText() {
    return typeof this.#value === "string";
  }
  get isList() {
    return Array.isArray(this.#value);
  }
  key(name) {
    const path = this.path === "" ? name : `${this.path}.${name}`;
    const map = this.#map();
    return this.#at(map !== void 0 && Object.hasOwn(map, name) ? map[name] : void 0, path);
  }
  text() {
    if (typeof this.#value === "string") return this.#value;
    if (this.present) this.#wrong("a string");
    return void 0;
  }
  requiredText() {
    if (!this.present) this.mistake("is missing");
    return this.text() ?? "";
  }
  items() {
    if (Array.isArray(this.#value)) return this.#value.map((item, index) => this.#at(item, `${this.path}[${index}]`));
    if (this.present) this.#wrong("a list");
    return [];
  }
  texts() {
    return this.items().map((item) => item.requiredText());
  }
  /** The pairs of a map of strings; null stands for the empty string. */
  textEntries() {
    const map = this.#map();
    if (map === void 0) return [];
    return Object.keys(map).map((name) => [name, this.key(name).text() ?? ""]);
  }
  mistake(message, code = "ManifestInvalid") {
    this.#mistakes.push({ code, message: `${this.path === "" ? "the file" : `\`${this.path}\``} ${message}` });
  }
  #map() {
    if (!this.present) return void 0;
    if (typeof this.#value === "object" && !Array.isArray(this.#value)) return this.#value;
    this.#wrong("a map");
    return void 0;
  }
  #at(value, path) {
    return new _ManifestNode(value, path, this.#mistakes);
  }
  #wrong(wanted) {
    const message = `must be ${wanted}, not ${kindOf(this.#value)}`;
    const said = this.#mistakes.some((mistake) => mistake.message.includes(`\`${this.path}\` ${message}`));
    if (!said) this.mistake(message);
  }
};
function kindOf(value) {
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a string" : "a map";
}

// src/bento/tag.ts
var MAX_LENGTH = 63;
var PART = /^[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?$/;
function faultOfTagPart(part) {
  if (part === "") return "is empty";
  if (part.length > MAX_LENGTH) return `has ${part.length} characters, at most ${MAX_LENGTH} are allowed`;
  if (!PART.test(part)) return "must be letters, digits, '-', '_' and '.', with a letter or digit at both ends";
  return void 0;
}
function parseReference(text) {
  const lower = text.toLowerCase();
  const colon = lower.indexOf(":");
  const name = colon === -1 ? lower : lower.slice(0, colon);
  const version = colon === -1 ? void 0 : lower.slice(colon + 1);
  const faults = [describe("name", name), ...version === void 0 ? [] : [describe("version", version)]].filter(
    (fault) => fault !== void 0
  );
  if (faults.length > 0) {
    throw new Failure("input", `"${text}" is not a Bento tag: ${faults.join("; ")}`, {
      code: "TagInvalid",
      hint: version === "" ? `For the newest one write "${name}:latest".` : "A tag is `name` or `name:version`."
    });
  }
  return { tag: version === void 0 ? { name } : { name, version }, lowered: lower !== text };
}
function parseTag(text) {
  const [name = "", ...rest] = text.toLowerCase().split(":");
  const version = rest.join(":");
  return faultOfTagPart(name) === void 0 && faultOfTagPart(version) === void 0 ? { name, version } : void 0;
}
function describe(half, part) {
  const fault = faultOfTagPart(part);
  return fault === void 0 ? void 0 : `the ${half} "${part}" ${fault}`;
}

// src/bento/model-list.ts
var REPOSITORY = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/;
var REVISION = /^[\w-][\w./-]*$/;
function readModels(manifest) {
  const lists = [
    manifest.key("models"),
    ...manifest.key("services").items().map((service) => service.key("models"))
  ];
  const models = /* @__PURE__ */ new Map();
  for (const item of lists.flatMap((list) => list.items())) {
    const model = readModel(item);
    if (model === void 0) continue;
    const key = printTag(model.tag);
    models.set(key, { ...pickCommon(models.get(key)), ...model });
  }
  return [...models].sort(([one], [other]) => one < other ? -1 : 1).map(([, model]) => model);
}
function pickCommon(model) {
  return {
    ...model?.alias === void 0 ? {} : { alias: model.alias },
    ...model?.creationTime === void 0 ? {} : { creationTime: model.creationTime }
  };
}
function readModel(item) {
  if (item.isText) {
    const tag2 = readTag(item);
    return tag2 && { registry: "bentoml", tag: tag2 };
  }
  const tag = readTag(item.key("tag"));
  const alias = item.key("alias").text();
  const creationTime = readTime(item.key("creation_time"));
  const registry = item.key("registry").text() ?? "bentoml";
  if (tag === void 0) return void 0;
  const common = { tag, ...alias ? { alias } : {}, ...creationTime === void 0 ? {} : { creationTime } };
  if (registry === "bentoml") return { registry, ...common };
  if (registry === "huggingface") return { registry, ...common, ...readHubMetadata(item.key("metadata"), tag) };
  item.key("registry").mistake(`is "${registry}"; it must be bentoml or huggingface`);
  return void 0;
}
function readTag(node) {
  const text = node.requiredText();
  const tag = parseTag(text);
  if (tag === void 0 && text !== "") node.mistake(`is "${text}", which is not a tag \`name:version\``, "TagInvalid");
  return tag;
}
function readTime(node) {
  const text = node.text();
  const time = text === void 0 ? void 0 : parseInstant(text);
  if (text !== void 0 && time === void 0) node.mistake(`is "${text}", which is not a time`);
  return time;
}
function readHubMetadata(metadata, tag) {
  const repository = (metadata.key("model_id").text() ?? tag.name.replace("--", "/")).toLowerCase();
  const revision = metadata.key("revision").text() || "main";
  const endpoint = metadata.key("endpoint").text();
  if (!REPOSITORY.test(repository)) metadata.mistake(`has the model_id "${repository}"`, "ValueInvalid");
  if (!REVISION.test(revision) || revision.includes("..")) {
    metadata.mistake(`has the revision "${revision}"`, "ValueInvalid");
  }
  if (endpoint && !isHttp(endpoint))
    metadata.mistake(`has the endpoint "${endpoint}", not an http URL`, "ValueInvalid");
  return {
    repository,
    revision,
    ...endpoint ? { endpoint } : {},
    include: readPatterns(metadata.key("include")),
    exclude: readPatterns(metadata.key("exclude"))
  };
}
function readPatterns(node) {
  return node.isText ? [node.requiredText()] : node.texts();
}
function isHttp(url) {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "http:" || protocol === "https:";
}

// src/bento/yaml.ts
var MAX_BYTES = 16 * 1024 * 1024;
var MAX_ALIASES = 1e3;
async function parseYaml(text, file) {
  const { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } = await import("./yaml-reader-FFLCHVTW.js");
  try {
    return load(text, { schema: FAILSAFE_SCHEMA.withTags(nullCoreTag), json: true, maxAliases: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === void 0 ? void 0 : error.mark.line + 1;
    throw new Failure(
      "bento",
      `${file} is not valid YAML${line === void 0 ? "" : ` (line ${line})`}: ${error.reason}`,
      {
        code: "ManifestInvalid",
        position: line === void 0 ? { file } : { file, line },
        cause: error
      }
    );
  }
}
async function readStrictText(path, world) {
  const info = await world.files.info(path);
  if (info !== void 0 && info.size > MAX_BYTES) {
    throw new Failure("bento", `${path} has ${info.size} bytes; more than ${MAX_BYTES} are not read`, {
      code: "TooLarge"
    });
  }
  const bytes = await readOrExplain(path, world);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Failure("bento", `${path} is not UTF-8 text`, {
      code: "ManifestInvalid",
      position: { file: path },
      cause: error
    });
  }
}
async function readOrExplain(path, world) {
  try {
    return await world.files.readBytes(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("bento", `${path} cannot be read: ${reason}`, { code: "Unreadable", cause: error });
  }
}

// src/bento/manifest.ts
async function readManifest(text, file) {
  const document = await parseManifest(text, file);
  const mistakes = [];
  const warnings = [];
  const root = new ManifestNode(document, "", mistakes);
  const manifest = {
    tag: { name: readTagPart(root.key("name"), warnings), version: readTagPart(root.key("version"), warnings) },
    bentomlVersion: root.key("bentoml_version").text() ?? "",
    creationTime: readCreationTime(root.key("creation_time")),
    service: root.key("service").text() ?? "",
    labels: Object.fromEntries(root.key("labels").textEntries()),
    envs: readEnvs(root.key("envs")),
    models: readModels(root),
    image: readSpec(root.key("spec"), warnings) === 2 ? readImageV2(root) : readImageV1(root),
    warnings
  };
  failOn(mistakes, file);
  return manifest;
}
async function readCreationTimeOf(text, file) {
  const root = new ManifestNode(await parseManifest(text, file), "", []);
  return parseInstant(root.key("creation_time").text() ?? "");
}
async function parseManifest(text, file) {
  const document = text.trim() === "" ? void 0 : await parseYaml(text, file);
  if (document === null || typeof document !== "object" || Array.isArray(document)) {
    throw new Failure("bento", `${file} is not the manifest of a Bento: it must be a map of keys`, {
      code: "ManifestInvalid",
      position: { file }
    });
  }
  return document;
}
function failOn(mistakes, file) {
  const [first] = mistakes;
  if (first === void 0) return;
  const messages = mistakes.map((mistake) => mistake.message);
  const code = mistakes.find((mistake) => mistake.code === "ManifestInvalid")?.code ?? first.code;
  throw new Failure("bento", `${file}: ${messages.join("; ")}`, {
    code,
    lines: messages,
    position: { file },
    hint: "Correct it where the Bento is made (service or bentofile.yaml) and run `bentoml build` again."
  });
}
function readTagPart(node, warnings) {
  const text = node.requiredText();
  const lower = text.toLowerCase();
  if (lower !== text) warnings.push(`The Bento's ${node.path} "${text}" is lowered to "${lower}", as BentoML does.`);
  const fault = node.present ? faultOfTagPart(lower) : void 0;
  if (fault !== void 0) node.mistake(`is "${text}", which ${fault}`, "TagInvalid");
  return lower;
}
function readCreationTime(node) {
  const text = node.requiredText();
  const time = parseInstant(text);
  if (time === void 0 && text !== "") node.mistake(`is "${text}", which is not a time`);
  return time ?? /* @__PURE__ */ new Date(0);
}
function readSpec(node, warnings) {
  const text = node.text() ?? "1";
  if (text === "2") return 2;
  if (text !== "1") warnings.push(`bento.yaml has the unknown spec "${text}"; it is read as spec 1, as BentoML does.`);
  return 1;
}

// src/bento/models.ts
async function locateModels(bento, options, world) {
  const store = () => storeDirectories(bentomlHome(options.bentomlHome, world)).models;
  const stored = await locateStoreModels(bento, store, world);
  const located = [];
  for (const model of bento.models) {
    const found = model.registry === "bentoml" ? stored.get(model) : await locateOnHub(model, options, world);
    if (found !== void 0) located.push(found);
  }
  return located;
}
async function locateOnHub(model, options, world) {
  const { locateSnapshot } = await import("./snapshot-WMYADAOV.js");
  return locateSnapshot(model, world, options);
}
function remoteFilesOf(models) {
  const all = /* @__PURE__ */ new Map();
  for (const located of models) {
    if (located.kind === "store") continue;
    const { model, commit, directory } = located;
    for (const { source, path, size, remote } of located.files) {
      if (remote !== void 0) all.set(join(directory, source), { model, commit, path, size, sha256: remote });
    }
  }
  return all;
}
async function fetchModels(models, world) {
  const { fetchSnapshot } = await import("./fetch-3XKDAUT7.js");
  const fetched = [];
  for (const located of models) {
    fetched.push(located.kind === "snapshot" ? await fetchSnapshot(located, world) : located);
  }
  return fetched;
}
async function locateStoreModels(bento, store, world) {
  const models = bento.models.filter((model) => model.registry === "bentoml");
  const found = await Promise.all(models.map((model) => locateStoreModel(model, bento.directory, store, world)));
  const missing = models.filter((_, index) => found[index] === void 0).map(({ tag }) => printTag(tag));
  if (missing.length > 0) throw allMissing(missing, bento.directory, store());
  return new Map(models.flatMap((model, index) => pair(model, found[index])));
}
async function locateStoreModel(model, directory, store, world) {
  const { name, version } = model.tag;
  const held = await locateAt(model, "bento", join(directory, "models", name, version), world);
  return held ?? locateAt(model, "store", join(store(), name, version), world);
}
async function locateAt(model, origin, directory, world) {
  if (await world.files.info(join(directory, "model.yaml")) === void 0) return void 0;
  const found = await world.files.realPath(directory);
  return { kind: "store", model: await dated(model, found, world), origin, directory: found };
}
function pair(model, found) {
  return found === void 0 ? [] : [[model, found]];
}
async function dated(model, directory, world) {
  if (model.creationTime !== void 0) return model;
  const file = join(directory, "model.yaml");
  const creationTime = await readCreationTimeOf(await readStrictText(file, world), file);
  return creationTime === void 0 ? model : { ...model, creationTime };
}
function allMissing(tags, directory, store) {
  return new Failure(
    "bento",
    `The Bento needs ${tags.join(", ")}, found neither in ${join(directory, "models")} nor in ${store}`,
    {
      code: "ModelMissing",
      lines: tags.map((tag) => `bentoml models pull ${tag}`),
      hint: `Restore the store of the machine that built the Bento (\`bentoml-home\`), export the Bento with its models (\`bentoml export\`), or fetch them from BentoCloud after a login: ` + tags.map((tag) => `\`bentoml models pull ${tag}\``).join(", ")
    }
  );
}

// src/image/layout.ts
var USER = "bentoml";
var ID = "1034";
var USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
var NUMBER = /^[1-9]\d{0,9}$/;
var PATH = /^(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/;
var RESERVED = /^\/(?:tmp|root|dev|proc|sys|run|etc|bin|sbin|lib|lib64|var\/tmp|var\/run)(?:\/|$)|^\/(?:usr|var|home|opt)$/;
var LAYOUT_ARGUMENTS = ["BENTO_USER", "BENTO_USER_UID", "BENTO_USER_GID", "BENTO_PATH"];
function resolveLayout(buildArgs) {
  const take = (name, fallback, grammar, shape) => {
    const value = buildArgs[name] ?? fallback;
    if (grammar.test(value)) return value;
    throw new Failure("input", `The build argument ${name} is ${JSON.stringify(value)}; it must be ${shape}`, {
      code: "BuildArgumentInvalid"
    });
  };
  const user = take("BENTO_USER", USER, USER_NAME, "a user name of lower case letters, digits, `_` and `-`");
  const home = `/home/${user}`;
  const bento = take("BENTO_PATH", `${home}/bento`, PATH, "an absolute path of letters, digits, `_`, `.` and `-`");
  if (RESERVED.test(bento)) {
    throw new Failure("input", `The build argument BENTO_PATH is ${bento}, a directory that belongs to the system`, {
      code: "BuildArgumentInvalid",
      hint: "Choose a directory of its own, such as /opt/bento."
    });
  }
  return {
    user,
    home,
    bento,
    uid: Number(take("BENTO_USER_UID", ID, NUMBER, "a number above 0")),
    gid: Number(take("BENTO_USER_GID", ID, NUMBER, "a number above 0"))
  };
}
function layoutVariables(layout) {
  return [
    { name: "BENTO_PATH", value: layout.bento },
    { name: "BENTOML_HOME", value: `${layout.home}/` },
    { name: "BENTOML_HF_CACHE_DIR", value: `${layout.bento}/hf-models` },
    { name: "BENTOML_CONTAINERIZED", value: "true" }
  ];
}
function rootParents(layout) {
  const own = (directory) => directory === layout.home || directory.startsWith(`${layout.home}/`);
  const parents = [layout.home, layout.bento].flatMap((path) => ancestors(path));
  return [...new Set(parents)].filter((directory) => !own(directory)).sort();
}
function ownDirectories(layout) {
  const all = [layout.home, layout.bento, ...ancestors(layout.bento)];
  return [...new Set(all)].filter((directory) => !rootParents(layout).includes(directory)).sort();
}
function ancestors(path) {
  const names = path.split("/").slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}

export {
  ALONE,
  splitLayers,
  pythonMinor,
  printTag,
  parseReference,
  readStrictText,
  readManifest,
  readCreationTimeOf,
  locateModels,
  remoteFilesOf,
  fetchModels,
  LAYOUT_ARGUMENTS,
  resolveLayout,
  layoutVariables,
  rootParents,
  ownDirectories
};
