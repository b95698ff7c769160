const require = process.getBuiltinModule;
import {
  BACKENDS,
  assumeBackend,
  choiceOf,
  findEngine,
  isLocalEngine,
  isOfManifests,
  isUnsupported,
  nonEmpty,
  readAnnotation,
  withAttributes
} from "./chunk-7RTJJHDU.js";
import {
  Secret
} from "./chunk-LYU2TUP2.js";
import {
  distinctRepositories,
  parseReference,
  printReference,
  printRepository,
  repositoryOf,
  withDigest
} from "./chunk-FUNF45SS.js";
import {
  LAYOUT_ARGUMENTS,
  fetchModels,
  layoutVariables,
  ownDirectories,
  printTag,
  remoteFilesOf,
  resolveLayout,
  rootParents
} from "./chunk-LFUDSXAA.js";
import {
  digestOf,
  hexOf,
  isDigest,
  parsePlatform,
  printPlatform,
  samePlatform
} from "./chunk-4A5QFJSO.js";
import {
  require_lt
} from "./chunk-CES2CCPC.js";
import {
  Failure,
  cancelled,
  isLack
} from "./chunk-DERAUSUC.js";
import {
  __toESM
} from "./chunk-ZDX6KC25.js";

// src/inputs/lists.ts
function splitList(text2, separators, readQuoted) {
  return (NEEDS_READER.test(text2) ? readQuoted(text2) : readPlain(text2)).flatMap((record) => separators.commas ? record : [record.join(",")]).map((item) => item.trim()).filter((item) => item !== "");
}
var NEEDS_READER = /["\r]/;
function readPlain(text2) {
  const lines2 = text2.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines2.map((line) => line.split(","));
}
async function openQuotedReader(texts) {
  if (!texts.some((text2) => NEEDS_READER.test(text2))) return readPlain;
  const { parse } = await import("./sync-3X5Q4LGJ.js");
  return (text2) => parse(text2, {
    columns: false,
    relax_quotes: true,
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true
  });
}
function splitLines(text2) {
  return text2.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}

// src/inputs/decoder.ts
function decoder(example, decode) {
  return { example, decode };
}
function text(example) {
  return decoder(example, (raw) => raw.trim() || void 0);
}
function parsed(example, parse) {
  return decoder(example, parse);
}
function required(example) {
  return decoder(example, (raw) => {
    if (raw.trim() === "") throw new Error("it must be given");
    return raw.trim();
  });
}
var TRUE = /^(true|True|TRUE)$/;
var FALSE = /^(false|False|FALSE)$/;
function toggle() {
  return decoder("true", (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    if (TRUE.test(word)) return true;
    if (FALSE.test(word)) return false;
    throw new Error(`"${word}" is neither true nor false`);
  });
}
function oneOf(...words) {
  return decoder(words[0] ?? "", (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    const found = words.find((known) => known === word);
    if (found === void 0) throw new Error(`"${word}" is none of ${words.join(", ")}`);
    return found;
  });
}
function items(example) {
  return decoder(example, (raw, readQuoted) => splitList(raw, { commas: true }, readQuoted));
}
function lines(example) {
  return decoder(example, (raw, readQuoted) => splitList(raw, { commas: false }, readQuoted));
}
function argv(example) {
  return decoder(example, splitLines);
}
function pairs(example) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = {};
    for (const line of splitList(raw, { commas: false }, readQuoted)) {
      const at = line.indexOf("=");
      const key = at < 0 ? line : line.slice(0, at).trim();
      if (at < 1 || key === "") problems.push(`"${line}" is not key=value`);
      else if (Object.hasOwn(found, key)) problems.push(`"${key}" is given twice`);
      else found[key] = line.slice(at + 1);
    }
    refuse(problems);
    return found;
  });
}
function secretText(example) {
  return decoder(example, (raw) => raw.trim() === "" ? void 0 : new Secret(raw.trim()));
}
function secretPairs(example) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = {};
    for (const [index, line] of splitList(raw, { commas: false }, readQuoted).entries()) {
      const at = line.indexOf("=");
      if (at < 1) problems.push(`item ${index + 1} is not id=value`);
      else found[line.slice(0, at).trim()] = new Secret(line.slice(at + 1));
    }
    refuse(problems);
    return found;
  });
}
function each(example, parse) {
  return decoder(example, (raw, readQuoted) => {
    const problems = [];
    const found = [];
    for (const item of splitList(raw, { commas: true }, readQuoted)) {
      try {
        found.push(parse(item));
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    refuse(problems);
    return found;
  });
}
function references(example) {
  return each(example, (item) => {
    const reference = parseReference(item);
    if (reference.digest !== void 0) throw new Error(`"${item}" has a digest; a tag is what can be moved`);
    return reference.tag === void 0 ? { ...reference, tag: "latest" } : reference;
  });
}
function platforms(example) {
  return each(example, parsePlatform);
}
function wholeNumber(example, minimum) {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    if (!/^\d{1,15}$/.test(word) || Number(word) < minimum) {
      throw new Error(`"${word}" is not a whole number of at least ${minimum}`);
    }
    return Number(word);
  });
}
var UNITS = ["b", "k", "m", "g", "t"];
function byteSize(example) {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return void 0;
    const [, digits, unit = ""] = /^(\d{1,9})([bkmgt]?)b?$/i.exec(word) ?? [];
    if (digits === void 0) throw new Error(`"${word}" is no size`);
    return Number(digits) * 1024 ** Math.max(0, UNITS.indexOf(unit.toLowerCase()));
  });
}
function epoch(example) {
  const seconds = wholeNumber(example, 0);
  return decoder(example, (raw, readQuoted) => raw.trim() === "bento" ? "bento" : seconds.decode(raw, readQuoted));
}
var HIGHEST_LEVEL = { gzip: 9, zstd: 22, none: 0 };
function repositoryOrOff(example) {
  return decoder(example, (raw) => {
    const name = raw.trim();
    if (name === "" || name === "off") return name || void 0;
    const { tag, digest, ...repository } = parseReference(name);
    if (tag !== void 0 || digest !== void 0) throw new Error(`"${name}" has a tag or digest, which it must not`);
    return repository;
  });
}
function compression(example) {
  return decoder(example, (raw) => {
    const found = /^(auto|gzip|zstd|none)?(?::(\d{1,2}))?$/.exec(raw.trim());
    if (found === null)
      throw new Error(`"${raw.trim()}" is none of auto, gzip, zstd, none, or one of them with :level`);
    const [, word, digits] = found;
    const format = word === "zstd" || word === "none" ? word : "gzip";
    if (word === void 0 || word === "auto") return { format, auto: true, ...levelOf(digits, format) };
    return { format, ...levelOf(digits, format) };
  });
}
function levelOf(digits, format) {
  if (digits === void 0) return {};
  const level = Number(digits);
  if (level > HIGHEST_LEVEL[format]) throw new Error(`${format} has no level ${level}`);
  return { level };
}
var OUTPUT_PREFIXES = {
  oci: "layout",
  "oci-archive": "oci-archive",
  "docker-archive": "docker-archive"
};
function outputs(example) {
  return each(example, (item) => {
    const [, prefix, rest = ""] = /^([a-z-]+):(.*)$/s.exec(item) ?? [];
    if (prefix === void 0) return { kind: item.endsWith(".tar") ? "oci-archive" : "layout", path: item };
    const kind = OUTPUT_PREFIXES[prefix];
    if (kind === void 0) throw new Error(`"${prefix}:" is none of ${Object.keys(OUTPUT_PREFIXES).join(":, ")}:`);
    if (rest === "") throw new Error(`"${item}" names no path`);
    return { kind, path: rest };
  });
}
function refuse(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/inputs/attestations.ts
function attestation(example) {
  return { example, decode: (raw) => readAttributes(raw.trim()) };
}
function readAttributes(text2) {
  if (/^(?:false|)$/i.test(text2)) return void 0;
  if (/^true$/i.test(text2)) return "";
  const wrong = text2.split(",").filter((item) => !/^[\w-]+=./.test(item));
  if (wrong.length > 0) throw new Error(`"${wrong.join(",")}" is neither true, false nor key=value`);
  return text2;
}
var TYPES = ["provenance", "sbom"];
function attestations(example) {
  return {
    example,
    decode(raw, readQuoted) {
      const found = {};
      for (const line of splitList(raw, { commas: false }, readQuoted)) {
        const [first = "", ...others] = line.split(",");
        const type = TYPES.find((known) => first === `type=${known}`);
        if (type === void 0) throw new Error(`"${line}" does not begin with type=${TYPES.join(" or type=")}`);
        if (type in found) throw new Error(`type=${type} is given twice`);
        if (!others.includes("disabled=true")) found[type] = readAttributes(others.join(",")) ?? "";
      }
      return found;
    }
  };
}
function annotations(example) {
  const plain = pairs(example);
  return {
    example,
    decode(raw, readQuoted) {
      const given = Object.entries(plain.decode(raw, readQuoted));
      const keys = given.flatMap(([key, text2]) => readAnnotation(key).map((read) => ({ ...read, text: text2 })));
      return Object.fromEntries(
        keys.map(({ level = "manifest", platform, name, text: text2 }) => {
          const where = platform === void 0 ? level : `${level}[${platform}]`;
          return [where === "manifest" ? name : `${where}:${name}`, text2];
        })
      );
    }
  };
}

// src/tools/wish.ts
var TOOL_NAMES = ["buildx", "buildkit", "nerdctl", "nerdctl-full", "rootlesskit", "cni-plugins"];
var INSTALL_POLICIES = ["missing", "never", "always"];
var VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?$/;
function parseWishes(text2) {
  const problems = [];
  const wishes = [];
  for (const item of text2.split(/[\s,]+/).filter((word) => word !== "")) {
    const at = item.indexOf("@");
    const stated = at < 0 ? item : item.slice(0, at);
    const name = TOOL_NAMES.find((known) => known === stated);
    const version = at < 0 ? "" : item.slice(at + 1).replace(/^v/, "");
    if (name === void 0) problems.push(`"${stated}" is none of ${TOOL_NAMES.join(", ")}`);
    else if (!VERSION.test(version)) problems.push(`"${item}" names no version`);
    else if (wishes.some((wish) => wish.name === name)) problems.push(`${name} is given twice`);
    else wishes.push({ name, version });
  }
  refuse2(problems);
  return wishes;
}
function parseChecksums(text2) {
  const problems = [];
  const found = /* @__PURE__ */ new Map();
  const lines2 = text2.split("\n").map((line) => line.trim());
  for (const line of lines2.filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, sum = "", asset = ""] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?([^\s/]+)$/.exec(line) ?? [];
    const sha256 = sum.toLowerCase();
    if (asset === "") problems.push(`"${line}" is not a SHA-256 and the name of a file`);
    else if ((found.get(asset) ?? sha256) !== sha256) problems.push(`${asset} is given twice, with different sums`);
    else found.set(asset, sha256);
  }
  refuse2(problems);
  return Object.fromEntries(found);
}
function parseMirror(text2) {
  const mirror = text2.trim().replace(/(?<=.)\/+$/, "");
  if (mirror === "") return void 0;
  const isUrl = ["file:", "http:", "https:"].includes(URL.parse(mirror)?.protocol ?? "");
  if (!mirror.startsWith("/") && !isUrl) {
    throw new Failure("input", `"${mirror}" is neither an absolute directory nor a file, http or https URL`);
  }
  return mirror;
}
function refuse2(problems) {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}

// src/inputs/engine-schema.ts
var engineSchema = {
  backend: oneOf("auto", ...BACKENDS.map(({ name }) => name)),
  builder: text("tcp://buildkitd:1234"),
  "builder-ca": text("${{ vars.BUILDKIT_CA }}"),
  "builder-cert": text("${{ vars.BUILDKIT_CERT }}"),
  "builder-key": secretText("${{ secrets.BUILDKIT_KEY }}"),
  install: oneOf(...INSTALL_POLICIES),
  tools: parsed("buildkit@0.32.2 nerdctl@2.3.5", parseWishes),
  "tool-mirror": parsed("https://mirror.acme.example/github", parseMirror),
  "tool-checksums": parsed(`${"0".repeat(64)}  buildkit-v0.33.0.linux-amd64.tar.gz`, parseChecksums),
  "registry-mirrors": pairs("docker.io=mirror.acme.example"),
  "insecure-registries": items("registry.internal:5000"),
  "registry-authorities": pairs("registry.internal=/etc/ssl/acme.pem"),
  "cache-limit": byteSize("20gb"),
  "keep-state": toggle()
};

// src/inputs/schema.ts
var schema = {
  bento: required("./dist/iris.bento"),
  "bentoml-home": text("./bentoml"),
  dockerfile: text("generated"),
  ...engineSchema,
  tags: references("ghcr.io/acme/iris:1.4.0"),
  platforms: platforms("linux/amd64"),
  labels: pairs("org.opencontainers.image.vendor=Acme"),
  annotations: annotations("org.opencontainers.image.description=Iris"),
  provenance: attestation("mode=max"),
  sbom: attestation("true"),
  attests: attestations("type=provenance,mode=max"),
  "build-args": pairs("PIP_INDEX_URL=https://pypi.example.com/simple"),
  target: text("environment"),
  format: oneOf("oci", "docker"),
  compression: compression("zstd:3"),
  "source-date-epoch": epoch("1700000000"),
  assembly: oneOf("auto", "direct", "backend"),
  "environment-cache": repositoryOrOff("ghcr.io/acme/iris-environments"),
  "verify-models": toggle(),
  "if-exists": oneOf("build", "skip"),
  "model-artifact": toggle(),
  push: toggle(),
  "push-by-digest": toggle(),
  "digest-file": text("./digests"),
  load: toggle(),
  output: outputs("oci:./image"),
  cache: oneOf("auto", "off", "registry", "gha", "local", "inline"),
  "cache-from": lines("type=registry,ref=ghcr.io/acme/iris:cache"),
  "cache-to": lines("type=registry,ref=ghcr.io/acme/iris:cache,mode=max"),
  "no-cache": toggle(),
  "no-cache-filters": items("environment"),
  pull: toggle(),
  secrets: secretPairs("HF_TOKEN=${{ secrets.HF_TOKEN }}"),
  "secret-envs": items("HF_TOKEN"),
  "secret-files": pairs("netrc=/home/me/.netrc"),
  ssh: lines("default"),
  "registry-auth-file": text("/run/user/1000/auth.json"),
  "add-hosts": items("pypi.internal:10.0.0.7"),
  allow: items("network.host"),
  "build-contexts": pairs("extras=./extras"),
  "cgroup-parent": text("/ci"),
  network: text("host"),
  "shm-size": text("128m"),
  ulimit: items("nofile=1024:2048"),
  "extra-args": argv("--debug"),
  timeout: wholeNumber("60", 1),
  "dry-run": toggle(),
  summary: toggle()
};
var RENAMED = { "bento-tag": "bento", "oci-backend": "backend" };
function isPushed({ push, pushByDigest }) {
  return push === true || pushByDigest === true;
}

// src/script/attestations.ts
function attestationsOf({ attests, provenance, sbom }) {
  const all = { provenance, sbom, ...attests };
  return {
    ...all.provenance === void 0 ? {} : { provenance: all.provenance || "mode=min" },
    ...all.sbom === void 0 ? {} : { sbom: all.sbom }
  };
}
function withBuilderId(inputs, env2) {
  const { provenance, ...others } = attestationsOf(inputs);
  const run = addressOfRun(env2);
  if (provenance === void 0 || run === void 0 || /(?:^|,)builder-id=/.test(provenance)) return inputs;
  return { ...inputs, attests: { ...others, provenance: `${provenance},builder-id=${run}` } };
}
function addressOfRun(env2) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env2;
  if (!server || !repository || !run) return void 0;
  return `${server}/${repository}/actions/runs/${run}/attempts/${env2["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
}

// src/assembly/choice.ts
function chooseAssembly(inputs, recipe) {
  const wish = inputs.modelArtifact === true ? "model-artifact" : "assembly: direct";
  if (inputs.assembly === "backend") return { kind: "backend", because: "assembly: backend" };
  const obstacles = obstaclesOf(inputs, recipe);
  if (obstacles.length === 0 && recipe !== void 0) return { kind: "direct", recipe };
  const because = obstacles.join(" \xB7 ");
  if (mustBeDirect(inputs)) {
    throw new Failure("input", `${wish} is not possible here: ${because}`, {
      code: "Unsupported",
      lines: obstacles,
      hint: "Leave it out: the backend then makes the whole image where it must."
    });
  }
  return { kind: "backend", because };
}
function mustBeDirect(inputs) {
  return inputs.assembly === "direct" || inputs.modelArtifact === true;
}
function obstaclesOf(inputs, recipe) {
  const layoutOnly = inputs.output.every(({ kind }) => kind === "layout");
  const given = [
    [recipe === void 0, "the Dockerfile is not made by this action"],
    [recipe !== void 0 && recipe.afterPayload.length > 0, "the Bento's setup_script runs when its files are in"],
    [inputs.target !== void 0, "target stops at a stage of the Dockerfile"],
    [inputs.load === true, "load needs the backend's own store"],
    [!isPushed(inputs) && inputs.output.length === 0, "the image goes into the backend's own store"],
    [!layoutOnly, "only the backend writes archives"],
    [inputs.format === "docker", "docker's format has no annotations, by which layers are known again"],
    [Object.keys(attestationsOf(inputs)).length > 0, "only a builder can attest what it did"],
    [
      !Object.keys(inputs.annotations).flatMap(readAnnotation).every(isOfManifests),
      "only the backend annotates indexes, descriptors and single platforms"
    ],
    [inputs.cache === "inline", "an inline cache lies in an image that a backend made"],
    [inputs.extraArgs.length > 0, "extra-args are for the backend's build of the image"],
    [Object.keys(inputs.buildContexts).length > 0, "build-contexts may replace the base image"]
  ];
  return given.flatMap(([applies, reason]) => applies ? [reason] : []);
}

// src/fetch-remote.ts
async function fetchRemote({ models, watch, world }, because) {
  const { size } = remoteFilesOf(models);
  if (size === 0) return models;
  world.actions.info(`${size} files at the Hub are downloaded first: ${because}`);
  return watch.phase("download models", () => fetchModels(models, world));
}

// src/job.ts
function registryOptions({ authFile, inputs }) {
  return { plainHttp: inputs.insecureRegistries, ...authFile === void 0 ? {} : { authFile } };
}

// src/script/builder-keys.ts
import { dirname, join as join2 } from "node:path";

// src/script/secrets.ts
import { isAbsolute, join } from "node:path";
function secretVariables(inputs, bento) {
  const named2 = inputs.secretEnvs.map((item) => item.split("=").at(-1) ?? item);
  return [...named2, ...bento.envs.filter(({ stage }) => stage === "build").map(({ name }) => name)];
}
var MOST_BYTES = 500 * 1024;
async function gatherSecrets(inputs, declared, directory, world) {
  const problems = agentProblems(inputs.ssh, world.env);
  const values = new Map(Object.entries(inputs.secrets));
  for (const item of inputs.secretEnvs) {
    const [id = item, variable = id] = item.split("=");
    const value = world.env[variable];
    if (value === void 0) problems.push(`secret-envs: the variable ${variable} is not set`);
    else values.set(id, new Secret(value));
  }
  for (const [id, path] of Object.entries(inputs.secretFiles)) {
    const absolute2 = isAbsolute(path) ? path : join(world.workspace, path);
    if (await world.files.info(absolute2) === void 0) problems.push(`secret-files: there is no file ${path}`);
    else values.set(id, new Secret(await world.files.readText(absolute2)));
  }
  for (const { name, declared: fallback } of declared) {
    if (values.has(name)) continue;
    const value = world.env[name] ?? fallback;
    if (world.env[name] === void 0 && fallback === "") problems.push(`the Bento needs ${name} while it is built`);
    else values.set(name, new Secret(value));
  }
  problems.push(...tooLarge(values));
  if (problems.length > 0) throw missing(problems);
  for (const secret of values.values()) maskSecret(secret, world);
  const all = [...values].map(([id, content]) => ({ id, content, path: join(directory, id) }));
  return {
    mounts: all.map(({ id, path }) => ({ id, path })),
    files: all.map(({ path, content }) => ({ path, content, mode: 384 }))
  };
}
async function declaredMounts(inputs, declared, directory) {
  return { mounts: secretIdsOf(inputs, declared).map((id) => ({ id, path: join(directory, id) })), files: [] };
}
function secretIdsOf(inputs, declared) {
  const ids = [
    ...Object.keys(inputs.secrets),
    ...inputs.secretEnvs.map((item) => item.split("=")[0] ?? item),
    ...Object.keys(inputs.secretFiles),
    ...declared.map(({ name }) => name)
  ];
  return [...new Set(ids)];
}
function agentProblems(ssh, env2) {
  const wanted = ssh.filter((line) => !line.includes("="));
  return wanted.length === 0 || env2["SSH_AUTH_SOCK"] ? [] : [`ssh: ${wanted.join(", ")} needs an agent, and SSH_AUTH_SOCK is not set`];
}
function tooLarge(values) {
  return [...values].filter(([, secret]) => Buffer.byteLength(secret.reveal()) > MOST_BYTES).map(([id]) => `the secret ${id} is larger than ${MOST_BYTES / 1024} KiB`);
}
function missing(problems) {
  const onlyAgent = problems.every((problem) => problem.startsWith("ssh:"));
  return new Failure("input", problems.join(" \xB7 "), {
    code: "SecretMissing",
    lines: problems,
    hint: onlyAgent ? "Start an agent in a step before this one, or name a key: `ssh: default=/path/to/key`." : "Give it in the step, for example `env: { HF_TOKEN: ${{ secrets.HF_TOKEN }} }`, or by the input secrets; pull requests from forks have no secrets."
  });
}
function maskSecret(secret, { actions }) {
  for (const line of secret.reveal().split(/\r?\n/)) if (line.trim() !== "") actions.mask(line);
}

// src/script/builder-keys.ts
function builderKeyFiles({ builderCa, builderCert, builderKey }, directory) {
  const inputs = {
    ca: builderCa,
    cert: builderCert,
    key: builderKey
  };
  const given = Object.entries(inputs).flatMap(
    ([name, content]) => content === void 0 ? [] : [{ name, content, path: join2(directory, "builder", `${name}.pem`), mode: 384 }]
  );
  if (given.length === 0) return { keys: void 0, files: [] };
  return {
    keys: Object.fromEntries(given.map(({ name, path }) => [name, path])),
    files: given.map(({ path, content, mode }) => ({ path, content: withLineEnd(content), mode }))
  };
}
async function writeBuilderKeys(inputs, { files, actions }) {
  if (inputs.builderKey !== void 0) maskSecret(inputs.builderKey, { actions });
  const made = builderKeyFiles(inputs, await files.scratch());
  for (const { path, content, mode } of made.files) {
    await files.makeDirectory(dirname(path), 448);
    await files.write(path, content instanceof Secret ? content.reveal() : content, mode);
  }
  return made.keys;
}
function withLineEnd(content) {
  return content instanceof Secret ? new Secret(`${content.reveal()}
`) : `${content}
`;
}

// src/ready.ts
async function readyEngine(job, lifetime = "step") {
  const { inputs, env: env2, world } = job;
  if (inputs.dryRun === true) return assumeBackend(inputs, env2, world);
  const found = await findOrSetUp(job, lifetime);
  if (found.reason !== void 0) {
    world.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}
async function findOrSetUp(job, lifetime) {
  const { inputs, env: env2, world } = job;
  const asked = choiceOf(inputs);
  const keys = await writeBuilderKeys(inputs, world);
  const found = await findEngine(asked, inputs.builder, world, env2, keys).catch((error) => {
    if (inputs.install === "never" || !isLack(error)) throw error;
    return error;
  });
  if (!(found instanceof Error) && inputs.install !== "always") return found;
  const { setUp } = await import("./set-up-JBGITBME.js");
  return setUp(found, asked, { ...job, ...keys === void 0 ? {} : { keys } }, lifetime);
}

// src/result/result.ts
function settle(seen, claims, wanted) {
  const [image] = seen;
  const roots = [...seen.map(({ digest: digest2 }) => digest2), ...claims.root === void 0 ? [] : [claims.root]];
  agree("the image's digest", roots);
  const [only, ...others] = image?.platforms ?? [];
  const single = others.length === 0 ? only : void 0;
  agree(
    "the config's digest",
    [single?.imageid, claims.config].filter((digest2) => digest2 !== void 0)
  );
  if (image !== void 0) checkPlatforms(image.platforms, wanted);
  const digest = image?.digest ?? claims.root;
  const imageid = single?.imageid ?? (image === void 0 ? claims.config : void 0);
  return {
    platforms: image?.platforms ?? [],
    ...image === void 0 ? {} : { kind: image.kind },
    ...digest === void 0 ? {} : { digest },
    ...imageid === void 0 ? {} : { imageid }
  };
}
function agree(what, digests) {
  const different = [...new Set(digests)];
  if (different.length < 2) return;
  throw new Failure("internal", `${what} is not the same everywhere: ${different.join(", ")}`, {
    code: "DigestMismatch",
    hint: "Something else wrote to the same tag or path during this build, or the tool reported another image; nothing here can be trusted."
  });
}
function checkPlatforms(found, wanted) {
  const missing2 = wanted.filter((platform) => !found.some((image) => samePlatform(image.platform, platform)));
  if (missing2.length === 0) return;
  throw new Failure("platform", `the image has no ${missing2.map(printPlatform).join(", ")}`, {
    lines: [`it has ${found.map(({ platform }) => printPlatform(platform)).join(", ")}`]
  });
}

// src/script/creations.ts
async function removeOnFailure(paths, files, work) {
  const before = await Promise.all(paths.map((path) => files.info(path)));
  try {
    return await work();
  } catch (error) {
    for (const [index, path] of paths.entries()) if (before[index] === void 0) await files.remove(path);
    throw error;
  }
}
async function refuseExisting(paths, files) {
  const taken = [];
  for (const path of paths) {
    const found = await files.info(path);
    const isFree = found === void 0 || found.kind === "directory" && (await files.list(path)).length === 0;
    if (!isFree) taken.push(path);
  }
  if (taken.length === 0) return;
  throw new Failure("input", `output: there is something already at ${taken.join(", ")}`, {
    code: "OutputExists",
    hint: "Give another path, or remove it in a step before this one."
  });
}

// src/image/quoting.ts
var PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteForShell(text2) {
  if (PLAIN.test(text2)) return text2;
  if (!text2.includes("\n")) return singleQuote(text2);
  return [`"$(printf '%s\\n'`, ...text2.split("\n").map((line) => `    ${singleQuote(line)}`)].join("\n").concat(`)"`);
}
function singleQuote(text2) {
  return `'${text2.replaceAll("'", `'\\''`)}'`;
}
function quoteForDockerfile(text2) {
  return PLAIN.test(text2) ? text2 : `"${text2.replace(/["$\\]/g, "\\$&")}"`;
}
function quoteOperands(sources, destination) {
  const paths = [...sources, destination];
  if (paths.every((path) => PLAIN.test(path) && !path.startsWith("-"))) return paths.join(" ");
  const words = [...sources.map((source) => escapeWord(escapeGlob(source))), escapeWord(destination)];
  return JSON.stringify(words).replaceAll('","', '", "');
}
function escapeGlob(path) {
  return path.replace(/[*?[]/g, "[$&]").replaceAll("\\", "\\\\");
}
function escapeWord(text2) {
  return text2.replace(/[\\"'$]/g, "\\$&");
}

// src/image/dockerfile.ts
var ENVIRONMENT_STAGE = "environment";
function renderDockerfile(recipe, { link, base } = { link: true }) {
  const isPinned = base !== void 0 && !recipe.base.includes("@");
  const sections = [
    header(recipe),
    `FROM ${recipe.base}${isPinned ? `@${base}` : ""} AS ${ENVIRONMENT_STAGE}`,
    ...recipe.environment.map(renderSection),
    `# The image: the environment, and the files of the Bento on top.
FROM ${ENVIRONMENT_STAGE}`,
    ...renderPayload(recipe.payload, link),
    ...recipe.afterPayload.map(renderSection),
    renderRuntime(recipe.runtime)
  ];
  return `${sections.join("\n\n")}
`;
}
function environmentSource(recipe, options) {
  return { ...imageSource(recipe, options), contexts: [], generated: [] };
}
function imageSource(recipe, options) {
  const { context, contexts, generated, secrets, resolvedBuildArgs, base, notes } = recipe;
  const dockerfile = renderDockerfile(recipe, options);
  return { dockerfile, context, contexts, generated, secrets, resolvedBuildArgs, base, notes };
}
function header({ bento, bentomlVersion, tool }) {
  const version = bentomlVersion.replace(/[^\w.+-]/g, "");
  return `# The image of the Bento ${printTag(bento)}, built with BentoML ${version}. Written by ${tool}.`;
}
function renderSection({ comment, steps }) {
  return [...comment.map((line) => `# ${line}`), ...steps.map(renderStep)].join("\n");
}
function renderStep(step) {
  switch (step.kind) {
    case "user":
      return `USER ${step.name}`;
    case "env":
      return renderVariables(step.variables);
    case "path":
      return `ENV PATH=${step.directory}:$PATH`;
    case "workdir":
      return `WORKDIR ${step.path}`;
    case "copy":
      return [
        `COPY --chown=${renderOwner(step.owner)}`,
        ...step.executable ? ["--chmod=755"] : [],
        quoteOperands(step.sources, step.destination)
      ].join(" ");
    case "run":
      return renderRun(step.mounts, step.statements);
  }
}
function renderVariables(variables) {
  return `ENV ${continued(variables.map(({ name, value }) => `${name}=${quoteForDockerfile(value)}`))}`;
}
function renderRun(mounts, statements) {
  const last = statements.length - 1;
  const lines2 = statements.flatMap((statement, index) => `${statement}${index === last ? "" : ";"}`.split("\n"));
  return `RUN ${continued([...mounts.map(renderMount), ...lines2])}`;
}
function renderMount(mount) {
  switch (mount.kind) {
    case "cache":
      return `--mount=type=cache,target=${mount.target}`;
    case "bind":
      return `--mount=type=bind,source=${mount.source},target=${mount.target}`;
    case "secret":
      return `--mount=type=secret,id=${mount.id},required=true`;
  }
}
function continued(lines2) {
  return lines2.join(" \\\n    ");
}
function renderPayload(layers, link) {
  const groups = [
    { kind: "model", comment: "# The models, a layer each, straight from where they lie." },
    { kind: "bento", comment: "# The Bento, from what changes least to what changes with every build." },
    {
      kind: "parents",
      comment: "# A linked layer gives the directories on the way to its files to their owner; these are root's."
    }
  ];
  return groups.map(({ kind, comment }) => ({ comment, layers: layers.filter((layer) => layer.kind === kind) })).filter((group) => group.layers.length > 0).map((group) => [group.comment, ...group.layers.flatMap((layer) => renderLayer(layer, link))].join("\n"));
}
function renderLayer({ owner, copies }, link) {
  return copies.map(
    ({ context, sources, destination }) => [
      "COPY",
      // Buildah takes two dots anywhere in a linked destination for a way out (add.go).
      ...link && !destination.includes("..") ? ["--link"] : [],
      `--chown=${renderOwner(owner)}`,
      ...context === void 0 ? [] : [`--from=${context}`],
      quoteOperands(sources, destination)
    ].join(" ")
  );
}
function renderOwner({ uid, gid }) {
  return `${uid}:${gid}`;
}
function renderRuntime({ variables, exposedPorts, user, entrypoint }) {
  return [
    "# How a container starts.",
    ...variables.length === 0 ? [] : [renderVariables(variables)],
    `EXPOSE ${exposedPorts.join(" ")}`,
    `USER ${user}`,
    `ENTRYPOINT ${JSON.stringify(entrypoint)}`
  ].join("\n");
}

// src/script/image-source.ts
import { isAbsolute as isAbsolute2, join as join7 } from "node:path";

// src/image/given-dockerfile.ts
import { join as join4 } from "node:path/posix";

// src/image/contexts.ts
function nameContexts(models) {
  const short = models.map(({ model }) => slug(`model ${model.tag.name}`));
  const long = models.map(
    ({ model }, index) => count(short, short[index]) === 1 ? short[index] ?? "" : slug(`model ${model.tag.name} ${model.tag.version}`)
  );
  return models.map((located, index) => {
    const same = long.slice(0, index).filter((name2) => name2 === long[index]).length;
    const name = `${long[index]}${same === 0 ? "" : `-${same + 1}`}`;
    return { name, directory: located.directory, located };
  });
}
function count(names, name) {
  return names.filter((other) => other === name).length;
}
function slug(text2) {
  return text2.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/-$/, "");
}

// src/image/dockerfile-text.ts
var HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=$|[\s;|&<>)])/g;
var HEREDOC_KEYWORDS = ["RUN", "COPY", "ADD"];
function parseDockerfile(text2) {
  const lines2 = text2.split(/\r?\n/);
  const continuation = new RegExp(`\\${escapeCharacter(lines2)}[ \\t]*$`);
  const instructions = [];
  let index = 0;
  while (index < lines2.length) {
    const parts = [];
    let firstLine = index + 1;
    for (let more = true; more && index < lines2.length; index += 1) {
      const line = lines2[index] ?? "";
      if (/^\s*#/.test(line) || line.trim() === "" && parts.length > 0) continue;
      if (parts.length === 0) firstLine = index + 1;
      more = continuation.test(line);
      parts.push(line.replace(continuation, ""));
    }
    const logical = parts.join("").trim();
    if (logical === "") continue;
    const instruction = splitInstruction(logical);
    if (HEREDOC_KEYWORDS.includes(instruction.keyword)) index = skipHeredocs(logical, lines2, index);
    instructions.push({ ...instruction, firstLine, lastLine: index });
  }
  return instructions;
}
function lastBase(instructions, buildArgs) {
  const values = /* @__PURE__ */ new Map();
  const stages = /* @__PURE__ */ new Map();
  let base;
  for (const { keyword, operands } of instructions) {
    if (keyword === "ARG" && base === void 0) {
      for (const [, name = "", quoted, bare = ""] of operands.matchAll(/([A-Za-z_]\w*)(?:=(?:"([^"]*)"|(\S*)))?/g)) {
        values.set(name, buildArgs[name] ?? quoted ?? bare);
      }
    }
    if (keyword !== "FROM") continue;
    const [image = "", , stage] = operands.split(/\s+/);
    const expanded = image.replace(
      /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
      (whole, braced, bare) => String(values.get(braced ?? bare) ?? whole)
    );
    base = stages.get(expanded.toLowerCase()) ?? expanded;
    if (stage !== void 0) stages.set(stage.toLowerCase(), base);
  }
  return base;
}
function escapeCharacter(lines2) {
  for (const line of lines2) {
    const [, name, value] = /^#\s*([a-zA-Z]+)\s*=\s*(\S+)/.exec(line) ?? [];
    if (name === void 0) return "\\";
    if (name.toLowerCase() === "escape" && value === "`") return "`";
  }
  return "\\";
}
function splitInstruction(logical) {
  const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(logical) ?? [];
  const [leading = ""] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
  return {
    keyword: keyword.toUpperCase(),
    flags: leading.split(/\s+/).filter((flag) => flag !== ""),
    operands: rest.slice(leading.length).trim()
  };
}
function skipHeredocs(logical, lines2, start) {
  let index = start;
  for (const [, dash, , name] of logical.matchAll(HEREDOC)) {
    const end = lines2.findIndex((line, at) => at >= index && (dash === "-" ? line.replace(/^\t+/, "") : line) === name);
    if (end !== -1) index = end + 1;
  }
  return index;
}

// src/image/payload.ts
import { dirname as dirname2, join as join3 } from "node:path/posix";
var ROOT = { uid: 0, gid: 0 };
var FIRST = ["apis", "env"];
var MODELS = ["models", "hf-models"];
function payloadLayers(bento, contexts, layout) {
  const named2 = (kind) => bento.entries.filter((entry) => entry.kind === kind && !MODELS.includes(entry.name)).map(({ name }) => name);
  const directories = named2("directory");
  const layer = (name, copies) => ({
    kind: "bento",
    name,
    owner: layout,
    copies
  });
  const directory = (name) => layer(name, [{ sources: [name], destination: `${join3(layout.bento, name)}/` }]);
  return [
    ...contexts.map((context) => modelLayer(context, layout)),
    ...directories.filter((name) => FIRST.includes(name)).map(directory),
    layer("generated", [{ context: "generated", sources: ["bento"], destination: `${layout.bento}/` }]),
    ...directories.filter((name) => !FIRST.includes(name)).map(directory),
    layer("manifest", [
      { sources: named2("file"), destination: `${layout.bento}/` },
      // Followed by name, so that one to a directory stays a directory of that name.
      ...named2("symlink").map((name) => ({ sources: [name], destination: join3(layout.bento, name) }))
    ]),
    {
      kind: "parents",
      name: "parents",
      owner: ROOT,
      copies: [{ context: "generated", sources: ["parents"], destination: "/" }]
    }
  ];
}
function modelLayer(context, layout) {
  const name = `model ${printTag(context.located.model.tag)}`;
  return { kind: "model", name, owner: layout, copies: copyModel(context, layout.bento) };
}
function copyModel({ name: context, located }, bento) {
  if (located.kind === "store") {
    const { name, version } = located.model.tag;
    return [{ context, sources: ["."], destination: `${bento}/models/${name}/${version}/` }];
  }
  const sources = [...new Set(located.files.map(({ source }) => source))].sort();
  const groups = Map.groupBy(sources, dirname2);
  const root = join3(bento, "hf-models", repositoryFolder(located.model.repository));
  return [...groups].map(([directory, files]) => ({
    context,
    sources: files,
    destination: `${join3(root, directory)}/`
  }));
}
function repositoryFolder(repository) {
  return `models--${repository.replaceAll("/", "--")}`;
}
function generatedEntries(bento, models, layout) {
  const scripts = ["entrypoint.sh", ...bento.image.spec === 1 && bento.image.setupScript ? ["setup_script"] : []];
  const entries = [
    ...["models", "hf-models"].map((name) => directoryEntry(join3("bento", name))),
    ...modelEntries(models).map((entry) => ({ ...entry, path: join3("bento", entry.path) })),
    ...scripts.map((name) => {
      const path = join3("env/docker", name);
      return { kind: "copy", path: join3("bento", path), mode: 493, source: join3(bento.directory, path) };
    }),
    ...rootParents(layout).map((path) => directoryEntry(join3("parents", path)))
  ];
  return withParents(entries);
}
function modelEntries(models) {
  return [
    ...latestVersions(models).map(([name, version]) => fileEntry(join3("models", name, "latest"), version)),
    ...models.flatMap(snapshotEntries)
  ];
}
function latestVersions(models) {
  const newest = /* @__PURE__ */ new Map();
  for (const located of models) {
    if (located.kind !== "store") continue;
    const { name, version } = located.model.tag;
    const time = located.model.creationTime?.getTime() ?? 0;
    const known = newest.get(name);
    if (known === void 0 || time >= known.time) newest.set(name, { version, time });
  }
  return [...newest].map(([name, { version }]) => [name, version]);
}
function snapshotEntries(located) {
  if (located.kind !== "snapshot") return [];
  const { model, commit, files } = located;
  const root = join3("hf-models", repositoryFolder(model.repository));
  const links = files.flatMap(({ source, path }) => {
    const place = join3("snapshots", commit, path);
    if (place === source) return [];
    return [{ kind: "link", path: join3(root, place), target: join3("../".repeat(place.split("/").length - 1), source) }];
  });
  const listing = join3("trees", `${commit}.json`);
  return [
    ...links,
    // Without its listing huggingface_hub 2 asks the Hub what belongs to the commit, at every start.
    ...located.listed ? [copyEntry(join3(root, listing), join3(located.directory, listing))] : [],
    // Without the commit in the manifest the server looks the branch up, here instead of at the Hub.
    ...model.revision === commit ? [] : [fileEntry(join3(root, "refs", model.revision), commit)]
  ];
}
function copyEntry(path, source) {
  return { kind: "copy", path, mode: 420, source };
}
function fileEntry(path, content) {
  return { kind: "file", path, mode: 420, content };
}
function withParents(entries) {
  const all = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    for (let path = dirname2(entry.path); path !== "."; path = dirname2(path)) all.set(path, directoryEntry(path));
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}
function directoryEntry(path) {
  return { kind: "directory", path: path.replace(/^\//, ""), mode: 493 };
}

// src/image/given-dockerfile.ts
function storedSource(bento, models, given) {
  const text2 = dropSyntax(given.text);
  const instructions = parseDockerfile(text2);
  const contexts = nameContexts(models.filter((model) => model.kind === "snapshot" || model.origin === "store"));
  const copy = findBentoCopy(instructions);
  if (copy === void 0 && contexts.length > 0) throw copyMissing(given.path, contexts);
  const added = copy === void 0 ? [] : modelInstructions(copy, contexts);
  const lines2 = text2.split("\n");
  const at = copy?.lastLine ?? lines2.length;
  return {
    ...givenSource(bento, given, instructions),
    dockerfile: [...lines2.slice(0, at), ...added, ...lines2.slice(at)].join("\n"),
    contexts: contexts.map(({ name, directory }) => ({ name, directory })),
    generated: copy === void 0 ? [] : modelTree(models),
    notes: bakedNotes(bento, instructions)
  };
}
function ownSource(bento, models, given) {
  return {
    ...givenSource(bento, given, parseDockerfile(given.text)),
    dockerfile: given.text,
    contexts: nameContexts(models).map(({ name, directory }) => ({ name, directory })),
    generated: generatedEntries(bento, models, resolveLayout(given.buildArgs)),
    notes: []
  };
}
function givenSource(bento, given, instructions) {
  const base = lastBase(instructions, given.buildArgs);
  if (base === void 0) {
    throw new Failure("dockerfile", `${given.path} has no FROM`, {
      code: "FromMissing",
      position: { file: given.path }
    });
  }
  return { context: bento.directory, base, secrets: mountedSecrets(bento, instructions), resolvedBuildArgs: [] };
}
function dropSyntax(text2) {
  return text2.replace(/^#\s*syntax\s*=.*\r?\n/i, "");
}
function findBentoCopy(instructions) {
  const stage = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === "FROM"));
  return stage.findLast(
    ({ keyword, flags, operands }) => (keyword === "COPY" || keyword === "ADD") && !flags.some((flag) => flag.startsWith("--from=")) && /^(?:\.\/?\s+\.\/?|\["\.\/?",\s*"\.\/?"\])$/.test(operands)
  );
}
function modelInstructions(copy, contexts) {
  const owner = copy.flags.filter((flag) => flag.startsWith("--chown="));
  const print = (context, sources, destination) => ["COPY", ...owner, `--from=${context}`, quoteOperands(sources, destination)].join(" ");
  return [
    "# The models, straight from where they lie.",
    ...contexts.flatMap(
      (context) => copyModel(context, ".").map(({ sources, destination }) => print(context.name, sources, destination))
    ),
    print("generated", ["bento"], "./")
  ];
}
function modelTree(models) {
  const directories = ["models", "hf-models"].map((path) => ({ kind: "directory", path, mode: 493 }));
  const entries = [...directories, ...modelEntries(models)];
  return withParents(entries.map((entry) => ({ ...entry, path: join4("bento", entry.path) })));
}
function mountedSecrets(bento, instructions) {
  const flags = instructions.flatMap((instruction) => instruction.flags);
  const mounts = flags.filter((flag) => /^--mount=.*\btype=secret\b/.test(flag));
  return bento.envs.filter(
    ({ name, stage }) => stage === "build" && mounts.some((mount) => new RegExp(`\\bid=${name}(?:,|$)`).test(mount))
  ).map(({ name, value }) => ({ name, declared: value }));
}
function bakedNotes(bento, instructions) {
  const set = instructions.filter(({ keyword }) => keyword === "ENV").map(({ operands }) => operands.split(/[=\s]/)[0]);
  const baked = bento.envs.filter(({ name, stage }) => stage === "build" && set.includes(name)).map(({ name }) => name);
  if (baked.length === 0) return [];
  return [
    `The stored Dockerfile writes ${baked.join(", ")} into the image, which the Bento declares for the build alone; the generated one does not.`
  ];
}
function copyMissing(path, contexts) {
  return new Failure("dockerfile", `${path} has no \`COPY . ./\` after which the Bento's models could be copied`, {
    code: "CopyMissing",
    lines: contexts.map(({ name }) => `COPY --from=${name} \u2026`),
    hint: "Use `dockerfile: generated`, or give a Dockerfile of your own that copies the models from these contexts.",
    position: { file: path }
  });
}

// src/image/base-image.ts
var UBUNTU_2404 = /^12\.[68]\./;
var UBUNTU_2004 = /^11\.[0-6]\./;
var REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:/@[\]-]*$/;
function originOf(image) {
  if (image.baseImage !== void 0) return "own";
  if (image.cudaVersion !== void 0) return "cuda";
  return image.conda ? "conda" : "python";
}
function baseImage(image) {
  const base = image.spec === 2 ? image.baseImage : image.baseImage ?? derivedImage(image);
  if (REFERENCE.test(base)) return base;
  throw new Failure("bento", `The Bento's base image is ${JSON.stringify(base)}, which is no image reference`, {
    code: "ValueInvalid"
  });
}
function derivedImage(image) {
  const origin = originOf(image);
  if (origin === "cuda") return cudaImage(image.distro, image.cudaVersion ?? "");
  if (origin === "conda") return condaImage(image.distro);
  return pythonImage(image.distro, requirePython(image));
}
function pythonImage(distro, python) {
  switch (distro) {
    case "debian":
      return `python:${python}-slim`;
    case "alpine":
      return `python:${python}-alpine`;
    case "ubi8":
      return `registry.access.redhat.com/ubi8/python-${python.replace(".", "")}:1`;
    case "amazonlinux":
      return "amazonlinux:2";
  }
}
function condaImage(distro) {
  if (distro === "debian") return "continuumio/miniconda3:latest";
  if (distro === "alpine") return "continuumio/miniconda3:4.10.3p0-alpine";
  throw unsupported("conda", distro);
}
function cudaImage(distro, version) {
  if (distro === "debian") {
    if (UBUNTU_2404.test(version)) return `nvidia/cuda:${version}-cudnn-runtime-ubuntu24.04`;
    return `nvidia/cuda:${version}-cudnn8-runtime-${UBUNTU_2004.test(version) ? "ubuntu20.04" : "ubuntu22.04"}`;
  }
  if (distro === "ubi8") return `nvidia/cuda:${version}-${UBUNTU_2404.test(version) ? "cudnn" : "cudnn8"}-runtime-ubi8`;
  throw unsupported("CUDA", distro);
}
function requirePython(image) {
  if (image.pythonVersion !== void 0) return image.pythonVersion;
  throw new Failure("bento", "The Bento does not say which Python it needs", {
    code: "ValueInvalid",
    hint: "Set `docker.python_version` in bentofile.yaml and build the Bento again."
  });
}
function unsupported(what, distro) {
  return new Failure("bento", `The Bento asks for ${what} on ${distro}, for which there is no base image`, {
    code: "ValueInvalid",
    hint: "Set `docker.distro` to debian, or name a `docker.base_image`, and build the Bento again."
  });
}

// src/image/commands.ts
import { join as join5 } from "node:path/posix";

// src/image/step.ts
var FIXED_EPOCH = "SOURCE_DATE_EPOCH=315619200";
function runStep(statements, options) {
  return {
    kind: "run",
    mounts: [...options.mounts ?? [], ...options.secrets.map(({ name }) => ({ kind: "secret", id: name }))],
    statements: [
      ...options.secrets.map(({ name }) => `export ${name}="$(cat /run/secrets/${name})"`),
      [`export ${FIXED_EPOCH}`, ...options.settings ?? []].join("\n    "),
      // Prints what runs from here on; not above, where values are.
      "set -ex",
      ...statements
    ]
  };
}
function cleanUp(options) {
  const indexes = "/var/lib/apt/lists/* /var/cache/apk/* /var/cache/yum/* /var/cache/dnf/*";
  const caches = "/var/cache/apt/*.bin /var/cache/apt/archives/*.deb ~/.cache/pip ~/.cache/uv";
  const logs = "/var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache";
  const backups = "/var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow-";
  return [
    options.keepIndexes ? `rm -rf ${caches}` : `rm -rf ${indexes}
       ${caches}`,
    `rm -f ${logs}
      ${backups} /etc/.pwd.lock`
  ];
}

// src/image/commands.ts
var SCRIPT = /\bscript__\w+/g;
var USES_PACKAGES = /\b(?:apt|apt-get|aptitude|apk|script__\w+)\b/;
function commandsSection(when, image, layout, secrets) {
  const commands = when === "before" ? image.commands : image.postCommands;
  if (commands.length === 0) return [];
  const keepIndexes = when === "before" && image.postCommands.some((command) => USES_PACKAGES.test(command));
  const mounts = when === "before" ? [] : [pythonMount(layout)];
  const statements = [...commands.map(runCommand), ...cleanUp({ keepIndexes })];
  return [
    {
      comment: [
        `The Bento's commands ${when} its Python packages: one layer, because only its end can remove what they leave behind.`
      ],
      steps: [...copyScripts(commands, layout), runStep(statements, { secrets, mounts })]
    }
  ];
}
function copyScripts(commands, layout) {
  const names = [...new Set(commands.join("\n").match(SCRIPT) ?? [])].sort();
  if (names.length === 0) return [];
  return [
    {
      kind: "copy",
      sources: names.map((name) => join5("env/docker", name)),
      destination: `${join5(layout.bento, "env/docker")}/`,
      owner: layout,
      executable: true
    }
  ];
}
function runCommand(command) {
  return `/bin/sh -c ${quoteForShell(answerYum(command))}`;
}
function answerYum(command) {
  return command.replace(/^yum update && yum install -y /, "yum update -y && yum install -y ");
}
function condaSection(image, layout, secrets) {
  const conda = "/opt/conda/bin/conda";
  const target = join5(layout.bento, "env/conda");
  const python = image.condaPython === void 0 ? [] : [`${conda} install -y -n base pkgs/main::python=${image.condaPython} pip`];
  return {
    comment: ["Conda's packages, in its base environment."],
    steps: [
      runStep(
        [
          ...python,
          `${conda} config --set pip_interop_enabled True`,
          `${conda} env update -n base -f ${target}/environment.yml`,
          `${conda} clean --all -y`,
          ...cleanUp({ keepIndexes: false })
        ],
        { secrets, mounts: [{ kind: "bind", source: "env/conda", target }] }
      )
    ]
  };
}
function setupSection(layout, secrets) {
  return {
    comment: ["The setup script sees the whole Bento, as in BentoML's own image."],
    steps: [
      runStep([join5(layout.bento, "env/docker/setup_script"), ...cleanUp({ keepIndexes: false })], {
        secrets
      })
    ]
  };
}
function pythonMount(layout) {
  return { kind: "bind", source: "env/python", target: join5(layout.bento, "env/python") };
}

// src/image/environment.ts
import { join as join6 } from "node:path/posix";

// src/image/account.ts
var LOCALE = [
  { name: "LANG", value: "C.UTF-8" },
  { name: "LC_ALL", value: "C.UTF-8" },
  { name: "PYTHONIOENCODING", value: "UTF-8" },
  { name: "PYTHONUNBUFFERED", value: "1" }
];
function startSection(more) {
  return {
    comment: ["Some base images end with another user; everything above the last USER runs as root."],
    steps: [
      { kind: "user", name: "root" },
      { kind: "env", variables: [...LOCALE, ...more] }
    ]
  };
}
function accountSection(layout) {
  const { user, uid, gid, home } = layout;
  const parents = rootParents(layout).join(" ");
  const own = ownDirectories(layout).join(" ");
  const refusal = `In the base image ${user} has another number than ${uid}: set the build argument BENTO_USER_UID`;
  return {
    comment: [
      "The user that runs the service. Written by hand: useradd and adduser differ, and both put the day of the build",
      "into /etc/shadow."
    ],
    steps: [
      {
        kind: "run",
        mounts: [],
        statements: [
          "set -ex",
          `grep -q ^${user}: /etc/group || echo '${user}:*:${gid}:' >> /etc/group`,
          `grep -q ^${user}: /etc/passwd || echo '${user}:*:${uid}:${gid}::${home}:/bin/sh' >> /etc/passwd`,
          `test "$(id -u ${user})" = ${uid} ||
    { echo >&2 '${refusal}'; exit 1; }`,
          `mkdir -p ${own}`,
          `chmod 0755 ${parents} ${own}`,
          `chown 0:0 ${parents}`,
          `chown ${uid}:${gid} ${own}`
        ]
      },
      { kind: "env", variables: layoutVariables(layout) },
      { kind: "workdir", path: layout.bento }
    ]
  };
}
function variablesSections(variables) {
  if (variables.length === 0) return [];
  return [{ comment: ["The Bento's own variables."], steps: [{ kind: "env", variables }] }];
}

// src/image/bootstrap.ts
var APT_INSTALL = "apt-get install -q -y -o Dpkg::Options::=--force-confdef --no-install-recommends --allow-remove-essential";
function bootstrapSections(image, secrets) {
  if (originOf(image) === "own") return [];
  const { before, statements, after } = bootstrap(image);
  const steps = [
    env(before),
    runStep([...statements, ...cleanUp({ keepIndexes: false })], { secrets }),
    env(after)
  ];
  return [
    {
      comment: ["Packages of the distribution, in one layer that ends with removing what installing leaves behind."],
      steps: steps.filter((step) => step !== void 0)
    }
  ];
}
function env(variables) {
  return variables.length === 0 ? void 0 : { kind: "env", variables };
}
function bootstrap(image) {
  const packages = image.systemPackages.map(quoteForShell);
  switch (image.distro) {
    case "debian":
      return debian(image, packages);
    case "alpine":
      return {
        before: [],
        statements: [
          wrap("apk add --update", "bash gcc libc-dev shadow musl-dev build-base linux-headers g++ curl".split(" ")),
          ...install("apk add", packages)
        ],
        after: [{ name: "ENV", value: "/root/.bashrc" }]
      };
    case "ubi8":
      return ubi8(image, packages);
    case "amazonlinux":
      return amazonlinux(image, packages);
  }
}
function debian(image, packages) {
  const common = "ca-certificates gnupg2 bash build-essential curl".split(" ");
  return {
    before: [{ name: "DEBIAN_FRONTEND", value: "noninteractive" }],
    statements: [
      "apt-get update -y",
      wrap(APT_INSTALL, [...common, ...packages]),
      ...originOf(image) === "cuda" ? deadsnakes(requirePython(image)) : []
    ],
    after: []
  };
}
function deadsnakes(python) {
  return [
    wrap(APT_INSTALL, ["software-properties-common"]),
    "add-apt-repository -y ppa:deadsnakes/ppa",
    "apt-get update -y",
    wrap(APT_INSTALL, [`python${python}`, `python${python}-dev`, `python${python}-venv`]),
    `ln -sf /usr/bin/python${python} /usr/bin/python3`
  ];
}
function ubi8(image, packages) {
  const isCuda = originOf(image) === "cuda";
  return {
    before: [],
    statements: [
      "yum upgrade -y",
      wrap("yum install -y", "ca-certificates curl gcc gcc-c++ make bash shadow-utils".split(" ")),
      ...install("yum install -y", packages),
      ...isCuda ? ubi8Python(requirePython(image)) : []
    ],
    after: isCuda ? UBI8_HOME : []
  };
}
var UBI8_HOME = [
  { name: "HOME", value: "/opt/app-root/src" },
  { name: "APP_ROOT", value: "/opt/app-root" },
  {
    name: "PATH",
    value: "/opt/app-root/src/bin:/opt/app-root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  }
];
function ubi8Python(python) {
  return [
    `dnf install -y --setopt=tsflags=nodocs python${python.replace(".", "")}`,
    `ln -sf /usr/bin/python${python} /usr/bin/python3`,
    `ln -sf /usr/bin/pip${python} /usr/bin/pip3`
  ];
}
function amazonlinux(image, packages) {
  const python = requirePython(image);
  const short = python.replace(".", "");
  return {
    before: [],
    statements: [
      "yum upgrade -y",
      wrap("yum install -y", "amazon-linux-extras curl ca-certificates gcc gcc-c++ make bash shadow-utils".split(" ")),
      `amazon-linux-extras enable python${python}`,
      `yum install -y python${short} python${short}-devel`,
      `yum groupinstall -y "Development Tools"`,
      ...install("yum install -y", packages),
      `ln -sf /usr/bin/python${python} /usr/bin/python3`,
      `ln -sf /usr/bin/pip${python} /usr/bin/pip3`
    ],
    after: []
  };
}
function install(command, packages) {
  return packages.length === 0 ? [] : [wrap(command, packages)];
}
function wrap(command, words) {
  return `${command}
    ${words.join(" ")}`;
}

// src/image/venv.ts
var UV_VERSION = "0.13.8";
var VENV = "/app/.venv";
var UV_CACHE = "/var/cache/uv";
var PIP_SETTINGS = [
  "PIP_DISABLE_PIP_VERSION_CHECK=1",
  "PIP_NO_CACHE_DIR=1",
  "PIP_ROOT_USER_ACTION=ignore",
  // Distributions may mark their Python as externally managed (PEP 668).
  "PIP_BREAK_SYSTEM_PACKAGES=1"
];
function venvSection({ layout, secrets, indexOptions, python, after }) {
  const venv = ["uv venv --no-cache", ...python, VENV].join(" ");
  return {
    comment: ["uv, unless the base image brings it, and the virtual environment in which the service runs."],
    steps: [
      runStep(
        [
          [
            "if ! command -v uv; then",
            '    pip="$(command -v pip)" || pip="python3 -m pip";',
            "    $pip --version || { python3 -m venv /opt/uv; pip=/opt/uv/bin/pip; ln -s /opt/uv/bin/uv /usr/local/bin/uv; };",
            `    $pip install uv==${UV_VERSION};`,
            "fi"
          ].join("\n"),
          `UV_PYTHON_INSTALL_DIR=/app/python/ UV_VENV_CLEAR=1 ${venv}`,
          `chown -R ${layout.uid}:${layout.gid} ${VENV}`
        ],
        { secrets, settings: [PIP_SETTINGS.join(" "), ...indexSettings(indexOptions)] }
      ),
      {
        kind: "env",
        variables: [{ name: "VIRTUAL_ENV", value: VENV }, { name: "UV_COMPILE_BYTECODE", value: "1" }, ...after]
      },
      { kind: "path", directory: `${VENV}/bin` }
    ]
  };
}
var PIP_VARIABLES = {
  "--index-url": "PIP_INDEX_URL",
  "--extra-index-url": "PIP_EXTRA_INDEX_URL",
  "--find-links": "PIP_FIND_LINKS",
  "--trusted-host": "PIP_TRUSTED_HOST"
};
function indexSettings(options) {
  const pairs2 = options.map((option) => option.split(/\s+(.*)/s)).filter(([name = "", value = ""]) => name !== "--find-links" || /^https?:/.test(value));
  return Object.entries(PIP_VARIABLES).flatMap(([option, variable]) => {
    const values = pairs2.flatMap(([name, value = ""]) => name === option && value !== "" ? [value] : []);
    const kept = option === "--index-url" ? values.slice(-1) : values;
    return kept.length === 0 ? [] : [`${variable}="${kept.map(quoteOpen).join(" ")}"`];
  });
}
function quoteOpen(value) {
  return value.replace(/[\\"`]|\$(?!\{[A-Z0-9_]+\})/g, "\\$&");
}
function installStep(install2, options) {
  const settings = `UV_CACHE_DIR=${UV_CACHE} UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH`;
  return runStep([install2, ...options.local ? FORGET_TIMES : []], {
    secrets: options.secrets,
    settings: [settings, ...options.pip ? [PIP_SETTINGS.join(" ")] : []],
    mounts: [{ kind: "cache", target: UV_CACHE }, ...options.mounts]
  });
}
var FORGET_TIMES = [
  [
    `for noted in ${VENV}/lib/*/site-packages/*.dist-info/uv_cache.json; do`,
    '    if [ -f "$noted" ]; then rm "$noted"; sed -i /uv_cache.json/d "${noted%/*}/RECORD"; fi;',
    "done"
  ].join("\n")
];

// src/image/environment.ts
function environmentV2(input, image) {
  const { bento, layout, variables } = input;
  const { secrets } = variables;
  const python = image.pythonVersion === void 0 ? [] : ["--python", quoteForShell(image.pythonVersion)];
  return [
    startSection([]),
    accountSection(layout),
    ...variablesSections(variables.all),
    ...commandsSection("before", image, layout, secrets),
    venvSection({
      layout,
      secrets,
      indexOptions: bento.indexOptions,
      python,
      after: [{ name: "UV_NO_PROGRESS", value: "1" }]
    }),
    packagesSectionV2(image, layout, secrets),
    ...commandsSection("after", image, layout, secrets)
  ];
}
function environmentV1(input, image) {
  const { bento, layout, variables } = input;
  const { secrets } = variables;
  const origin = originOf(image);
  const isConda = origin === "conda";
  return [
    // Empty, so that a container sees GPUs only when it is started with them.
    startSection(origin === "cuda" ? [{ name: "NVIDIA_VISIBLE_DEVICES", value: "" }] : []),
    ...bootstrapSections(image, secrets),
    accountSection(layout),
    ...variablesSections(variables.all),
    ...isConda ? [condaSection(image, layout, secrets)] : [],
    venvSection({
      layout,
      secrets,
      indexOptions: bento.indexOptions,
      python: isConda ? CONDA_PYTHON : pythonArgument(image),
      after: []
    }),
    packagesSectionV1(bento, image, layout, secrets)
  ];
}
var CONDA_PYTHON = ["--python", "/opt/conda/bin/python", "--system-site-packages"];
function pythonArgument(image) {
  return image.pythonVersion === void 0 ? [] : ["--python", quoteForShell(image.pythonVersion)];
}
var PACKAGES = [
  "The Python packages. Their list is mounted, not copied: nothing else of the Bento touches this layer."
];
function packagesSectionV2(image, layout, secrets) {
  const includes = image.buildInclude.map((path) => {
    const source = path === "." ? "src" : join6("src", path);
    return {
      kind: "copy",
      sources: [source],
      destination: join6(layout.bento, source),
      owner: layout,
      executable: false
    };
  });
  const directory = includes.length === 0 ? "env/python" : "src";
  const requirements = join6(layout.bento, "env/python/requirements.txt");
  const install2 = `uv --directory ${directory} pip install -r ${requirements}`;
  return {
    comment: PACKAGES,
    steps: [...includes, installStep(install2, { secrets, mounts: [pythonMount(layout)], local: includes.length > 0 })]
  };
}
function packagesSectionV1(bento, image, layout, secrets) {
  const directory = join6(layout.bento, "env/python");
  const install2 = image.installScript ? `bash -euxo pipefail ${directory}/install.sh` : `uv pip install -r ${directory}/requirements.txt ${quoteForShell(`bentoml==${bento.bentomlVersion}`)}`;
  return {
    comment: PACKAGES,
    steps: [installStep(install2, { secrets, mounts: [pythonMount(layout)], local: true, pip: true })]
  };
}

// src/image/variables.ts
var NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
var SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
function sortVariables(bento, buildArgs) {
  const envs = [...new Map(bento.envs.map((env2) => [env2.name, env2])).values()];
  const build = envs.filter(({ stage }) => stage === "build");
  const runtime = envs.filter(({ stage }) => stage === "runtime");
  const later = new Set([...build, ...runtime].map(({ name }) => name));
  const dockerEnv = bento.image.spec === 1 ? bento.image.dockerEnv : void 0;
  const all = dockerEnv === void 0 ? envs.filter(({ stage }) => stage === "all") : Object.entries(dockerEnv).map(([name, value]) => ({ name, value })).filter(({ name }) => !later.has(name));
  const resolve2 = ({ name, value }) => ({ name, value: buildArgs[name] ?? value });
  const resolved = { all: all.map(resolve2), runtime: runtime.map(resolve2) };
  for (const variable of [...resolved.all, ...resolved.runtime]) checkVariable(variable);
  for (const { name } of build) if (!SECRET_NAME.test(name)) throw invalid(`${name} cannot be a variable of a shell`);
  const isSet = ({ name, value }) => value !== "" || dockerEnv?.[name] !== void 0;
  return {
    all: resolved.all.filter(isSet),
    runtime: resolved.runtime.filter(isSet),
    secrets: build.map(({ name, value }) => ({ name, declared: value })),
    unset: [...resolved.all, ...resolved.runtime].filter((variable) => !isSet(variable)).map(({ name }) => name)
  };
}
function checkVariable({ name, value }) {
  if (!NAME.test(name)) throw invalid(`${JSON.stringify(name)} is no name of an environment variable`);
  if (/[\0\r\n]/.test(value)) throw invalid(`${name} has a value of several lines, which no ENV can hold`);
}
function invalid(what) {
  return new Failure("bento", `An environment variable of the Bento cannot be set: ${what}`, { code: "ValueInvalid" });
}

// src/image/recipe.ts
var PORTS = [3e3, 3001];
function makeRecipe(bento, models, options) {
  const { image } = bento;
  const layout = resolveLayout(options.buildArgs);
  const variables = sortVariables(bento, options.buildArgs);
  const contexts = nameContexts(models);
  const input = { bento, layout, variables };
  return {
    bento: bento.tag,
    bentomlVersion: bento.bentomlVersion,
    tool: options.tool,
    base: baseImage(image),
    environment: image.spec === 1 ? environmentV1(input, image) : environmentV2(input, image),
    payload: payloadLayers(bento, contexts, layout),
    afterPayload: image.spec === 1 && image.setupScript ? [setupSection(layout, variables.secrets)] : [],
    runtime: {
      variables: variables.runtime,
      exposedPorts: PORTS,
      user: layout.user,
      workdir: layout.bento,
      entrypoint: [`${layout.bento}/env/docker/entrypoint.sh`]
    },
    layout,
    context: bento.directory,
    contexts: contexts.map(({ name, directory }) => ({ name, directory })),
    generated: generatedEntries(bento, models, layout),
    secrets: variables.secrets,
    resolvedBuildArgs: Object.keys(options.buildArgs).filter(
      (name) => LAYOUT_ARGUMENTS.includes(name) || bento.envs.some((env2) => env2.name === name) || isDockerEnv(bento, name)
    ),
    notes: [...variableNotes(variables), ...optionNotes(bento)]
  };
}
function isDockerEnv({ image }, name) {
  return image.spec === 1 && image.dockerEnv?.[name] !== void 0;
}
function variableNotes({ unset }) {
  if (unset.length === 0) return [];
  return [
    `The Bento gives no value to ${unset.join(", ")}: not set in the image, so pass them when you start the container, or as build-args.`
  ];
}
function optionNotes({ image }) {
  if (image.spec === 2) return [];
  const notes = [];
  if (image.baseImage !== void 0 && image.systemPackages.length > 0) {
    notes.push(
      "`docker.system_packages` has no effect with a `docker.base_image`: BentoML leaves that image as it is."
    );
  }
  const other = image.condaPython !== void 0 && image.condaPython !== image.pythonVersion;
  if (originOf(image) === "conda" && other && image.pythonVersion !== void 0) {
    notes.push(
      `The service runs in conda's Python ${image.condaPython}, not in the Python ${image.pythonVersion} of \`docker.python_version\`.`
    );
  }
  return notes;
}

// src/script/image-source.ts
var STORED = "env/docker/Dockerfile";
function deriveRecipe({ dockerfile = "generated", buildArgs }, bento, models, tool) {
  const templated = bento.image.spec === 1 && bento.image.dockerfileTemplate;
  return dockerfile === "generated" && !templated ? makeRecipe(bento, models, { buildArgs, tool }) : void 0;
}
async function deriveSource({ inputs, bento, models, recipe }, options, world) {
  if (recipe !== void 0) return { ...imageSource(recipe, options), payload: titlesOf(recipe) };
  const { dockerfile = "generated", buildArgs } = inputs;
  const isStored = dockerfile === "stored" || dockerfile === "generated";
  const path = isStored ? join7(bento.directory, STORED) : absolute(dockerfile, world.workspace);
  const given = { path, buildArgs, text: await readDockerfile(path, world) };
  return { ...isStored ? storedSource(bento, models, given) : ownSource(bento, models, given), payload: [] };
}
function titlesOf({ payload, afterPayload }) {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}
function absolute(path, workspace) {
  return isAbsolute2(path) ? path : join7(workspace, path);
}
async function readDockerfile(path, { files }) {
  if (await files.info(path) === void 0) {
    throw new Failure("input", `dockerfile: there is no file ${path}`, {
      hint: "Give generated, stored, or a path from the workspace."
    });
  }
  return files.readText(path);
}

// src/script/plan.ts
import { resolve } from "node:path";
var DEFAULT_EPOCH = 315619200;
function referencesOf(inputs, bento) {
  return nonEmpty(inputs.tags) ?? [parseReference(`${bento.tag.name}:${bento.tag.version}`)];
}
function makePlan(inputs, bento, source, engine, secrets, paths) {
  return {
    dockerfile: paths.dockerfile,
    context: source.context,
    references: referencesOf(inputs, bento),
    features: definedOnly(featuresOf(inputs, bento, source, engine, secrets, paths)),
    deliveries: deliveriesOf(inputs, paths.workspace),
    extraArgs: inputs.extraArgs,
    scratch: paths.scratch,
    kept: paths.kept
  };
}
function featuresOf(inputs, bento, source, engine, secrets, paths) {
  const generated = paths.generated === void 0 ? [] : [{ name: "generated", directory: paths.generated }];
  const extra = Object.entries(inputs.buildContexts).map(([name, address]) => ({ name, address }));
  const directories = extra.filter(({ address }) => !address.includes("://"));
  return {
    builder: inputs.builder,
    builderKeys: builderKeyFiles(inputs, paths.scratch).keys,
    platforms: nonEmpty(inputs.platforms) ?? (engine.platform === void 0 ? void 0 : [engine.platform]),
    format: inputs.format ?? "oci",
    compression: withoutChoice(inputs.compression),
    epoch: epochOf(inputs, bento),
    pull: inputs.pull ?? false,
    noCache: inputs.noCache,
    noCacheFilters: filled(inputs.noCacheFilters),
    cacheFrom: filled(inputs.cacheFrom),
    cacheTo: filled(inputs.cacheTo),
    // Chosen when the rest is settled; see chooseCache.
    cache: void 0,
    target: inputs.target,
    buildArgs: filledPairs(withoutKeys(inputs.buildArgs, source.resolvedBuildArgs)),
    contexts: filled([
      ...generated,
      ...source.contexts,
      ...directories.map(({ name, address }) => ({ name, directory: resolve(paths.workspace, address) }))
    ]),
    remoteContexts: filledPairs(
      Object.fromEntries(
        extra.filter(({ address }) => address.includes("://")).map(({ name, address }) => [name, address])
      )
    ),
    secrets: filled(secrets),
    ssh: filled(inputs.ssh),
    labels: filledPairs(inputs.labels),
    annotations: filledPairs(inputs.annotations),
    attests: filledPairs(attestationsOf(inputs)),
    addHosts: filled(inputs.addHosts),
    network: inputs.network,
    allow: filled(inputs.allow),
    shmSize: inputs.shmSize,
    ulimits: filled(inputs.ulimit),
    cgroupParent: inputs.cgroupParent,
    strictBase: true
  };
}
function withoutChoice({ format, level }) {
  return level === void 0 ? { format } : { format, level };
}
function epochOf({ sourceDateEpoch }, bento) {
  if (sourceDateEpoch === "bento") return Math.floor(bento.creationTime.getTime() / 1e3);
  return sourceDateEpoch ?? DEFAULT_EPOCH;
}
function layoutPath({ output }, workspace) {
  const layout = output.find(({ kind }) => kind === "layout");
  return layout === void 0 ? void 0 : resolve(workspace, layout.path);
}
function deliveriesOf(inputs, workspace) {
  const outputs2 = inputs.output.map(({ kind, path }) => ({ kind, path: resolve(workspace, path) }));
  const load2 = inputs.load ?? (!isPushed(inputs) && outputs2.length === 0);
  const all = [
    ...isPushed(inputs) ? [{ kind: inputs.pushByDigest === true ? "push-by-digest" : "push" }] : [],
    ...load2 ? [{ kind: "load" }] : [],
    ...outputs2
  ];
  return nonEmpty(all) ?? [{ kind: "load" }];
}
function filled(list) {
  return list.length === 0 ? void 0 : list;
}
function filledPairs(given) {
  return Object.keys(given).length === 0 ? void 0 : given;
}
function withoutKeys(given, keys) {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !keys.includes(key)));
}
function definedOnly(wish) {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== void 0));
}

// src/result/claims.ts
import { basename } from "node:path/posix";
var ROOT_KEY = "containerimage.digest";
var CONFIG_KEY = "containerimage.config.digest";
async function readEvidence(path, doer, files) {
  const text2 = await files.readText(path).catch((cause) => {
    throw evidenceMissing(`${doer} has no ${basename(path)}`, cause);
  });
  return text2.trim();
}
function evidenceMissing(what, cause) {
  return new Failure("tool", `${what}: the tool ended well but does not say what it built`, {
    code: "EvidenceMissing",
    hint: "Is the program on PATH the tool itself, and no wrapper that drops its arguments?",
    cause
  });
}
async function readClaims(evidence, files) {
  const claims = [];
  for (const item of evidence) {
    if ("trust" in item || "means" in item)
      claims.push(readClaim(item, await readEvidence(item.path, "The build", files)));
  }
  return Object.assign({}, ...claims);
}
function readClaim(item, content) {
  const claims = item.kind === "digest" ? claim(item.means, content) : readMetadata(content, item.trust);
  if (Object.keys(claims).length === 0) throw evidenceMissing(`${basename(item.path)} holds no digest`);
  return claims;
}
function readMetadata(content, trust) {
  const values = new Map(Object.entries(parseObject(content)));
  const config = claim("config", values.get(CONFIG_KEY));
  const root = trust === "root" || config.config === void 0 ? claim("root", values.get(ROOT_KEY)) : {};
  return { ...config, ...root };
}
function parseObject(text2) {
  try {
    const parsed2 = JSON.parse(text2);
    return typeof parsed2 === "object" && parsed2 !== null ? parsed2 : {};
  } catch {
    return {};
  }
}
function claim(means, value) {
  return typeof value === "string" && isDigest(value) ? { [means]: value } : {};
}

// src/script/answers.ts
var import_lt = __toESM(require_lt(), 1);
var INPUT_OF = {
  builder: "builder",
  builderKeys: "builder-ca, builder-cert, builder-key",
  platforms: "platforms",
  format: "format",
  compression: "compression",
  epoch: "source-date-epoch",
  pull: "pull",
  noCache: "no-cache",
  noCacheFilters: "no-cache-filters",
  cacheFrom: "cache-from",
  cacheTo: "cache-to",
  cache: "cache",
  target: "target",
  buildArgs: "build-args",
  contexts: "build-contexts",
  remoteContexts: "build-contexts",
  secrets: "secrets",
  ssh: "ssh",
  labels: "labels",
  annotations: "annotations",
  attests: "provenance, sbom, attests",
  addHosts: "add-hosts",
  network: "network",
  allow: "allow",
  shmSize: "shm-size",
  ulimits: "ulimit",
  cgroupParent: "cgroup-parent",
  strictBase: "dockerfile"
};
var DELIVERY_INPUT = {
  push: "push",
  "push-by-digest": "push-by-digest",
  load: "load",
  layout: "output",
  "oci-archive": "output",
  "docker-archive": "output"
};
function plannedFeatures(plan) {
  const names = Object.keys(INPUT_OF);
  return names.flatMap((name) => {
    const value = plan.features[name];
    return value === void 0 ? [] : [[name, value]];
  });
}
function refusalOf(backend, name, value, engine) {
  const said = answer(backend, name, value, engine);
  return isUnsupported(said) ? said.unsupported : void 0;
}
function answer(backend, name, value, engine) {
  const cell = backend.features[name];
  if (typeof cell === "function") return cell(value, engine);
  if (isUnsupported(cell)) return cell;
  const found = engine.versions[cell.part];
  if (found !== void 0 && (0, import_lt.default)(found, cell.since)) {
    return { unsupported: `${cell.part} ${found} is too old for it; ${cell.since} is the first that can` };
  }
  return cell.say(value, engine);
}
function deliver(backend, delivery, plan, engine) {
  const cell = backend.deliveries[delivery.kind];
  return cell(delivery, plan, engine);
}
function whoCan(name, value, except) {
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(answer(backend, name, value, backend.assumed))
  ).map((backend) => backend.name);
}
function whoDelivers(delivery, plan, except) {
  const { platforms: platforms2, attests } = plan.features;
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(deliver(backend, delivery, plan, backend.assumed)) && (platforms2 === void 0 || refusalOf(backend, "platforms", platforms2, backend.assumed) === void 0) && (attests === void 0 || refusalOf(backend, "attests", attests, backend.assumed) === void 0)
  ).map((backend) => backend.name);
}

// src/script/cache.ts
import { join as join8 } from "node:path";
var SCOPE_DIGITS = 40;
function chooseCache(wish, ground) {
  checkService(wish, ground);
  const { cache: kind = "off" } = wish;
  if (kind === "off") return { told: "off" };
  if (kind === "auto") return chooseFreely(wish, ground);
  const cache = makeCache(kind, ground);
  return { cache, told: `${printCache(cache)}, as asked` };
}
function chooseFreely({ cacheFrom, cacheTo }, ground) {
  const idle = reasonForNone(cacheFrom.length + cacheTo.length > 0, ground);
  if (idle !== void 0) return { told: `off: ${idle}` };
  const refusals = [];
  for (const [kind, isHere, because] of [
    ["registry", ground.isPushed && ground.reference !== void 0, "the image is pushed there"],
    ["gha", hasService(ground.env), "the runner has the service"]
  ]) {
    if (!isHere) continue;
    const cache = makeCache(kind, ground);
    const refusal = ground.refusalOf(cache);
    if (refusal === void 0) return { cache, told: `${printCache(cache)}: ${because}` };
    refusals.push(`no ${kind}: ${refusal}`);
  }
  const nowhere = "nothing is pushed, and GitHub's cache service is not here";
  return { told: `off: ${refusals.length === 0 ? nowhere : refusals.join("; ")}` };
}
function reasonForNone(isGiven, { stage, keepsEnvironment }) {
  if (isGiven) return "cache-from and cache-to say what to use";
  if (keepsEnvironment) return "the environment itself is kept in the registry";
  return stage === void 0 ? "in a Dockerfile of another make, weights cannot be told from the rest" : void 0;
}
function scopeOf({ bento, base, platforms: platforms2 }) {
  const key = digestOf(JSON.stringify([bento, base, ...platforms2.map(printPlatform).sort()]));
  return `bento-cache-${hexOf(key).slice(0, SCOPE_DIGITS)}`;
}
function makeCache(kind, ground) {
  const { reference, isPushed: isPushed2, env: env2, stage } = ground;
  const scope = scopeOf(ground);
  const kept = { write: true, ...stage === void 0 ? {} : { stage } };
  switch (kind) {
    case "registry":
      return { ...kept, kind, repository: repositoryOf(named(kind, reference)), tag: scope, write: isPushed2 };
    case "gha":
      if (stage === void 0) throw weightsTooBig();
      return { ...kept, kind, scope };
    case "local": {
      const home = env2["XDG_CACHE_HOME"] || join8(env2["HOME"] || "/root", ".cache");
      return { ...kept, kind, directory: join8(home, "bento-image", scope) };
    }
    case "inline":
      return { kind, image: named(kind, reference), write: true };
  }
}
function named(kind, reference) {
  if (reference !== void 0) return reference;
  throw new Failure("input", `cache: ${kind} lies in the repository of the first tag, and there are no tags`, {
    hint: "Give tags, or another cache."
  });
}
function weightsTooBig() {
  return new Failure(
    "input",
    "cache: gha would take the weights, which a Dockerfile of another make mixes with the rest",
    {
      code: "Unsupported",
      hint: "Give dockerfile: generated, another cache, or say it yourself in cache-to."
    }
  );
}
function printCache(cache) {
  switch (cache.kind) {
    case "registry":
      return `registry, ${printReference({ ...cache.repository, tag: cache.tag })}${cache.write ? "" : ", read only"}`;
    case "gha":
      return `gha, scope ${cache.scope}`;
    case "local":
      return `local, ${cache.directory}`;
    case "inline":
      return `inline, in ${printReference(cache.image)}`;
  }
}
var TOKEN = "ACTIONS_RUNTIME_TOKEN";
function hasService(env2) {
  return Boolean(env2[TOKEN]) && Boolean(env2["ACTIONS_RESULTS_URL"] || env2["ACTIONS_CACHE_URL"]);
}
function usesService({ cacheFrom, cacheTo }, cache) {
  return cache?.kind === "gha" || [...cacheFrom, ...cacheTo].some((line) => /(?:^|,)type=gha(?:,|$)/.test(line));
}
function checkService(wish, { env: env2 }) {
  const isAsked = wish.cache === "gha" || usesService(wish, void 0);
  if (!isAsked || wish.dryRun === true || hasService(env2)) return;
  throw new Failure("input", "cache: GitHub's cache service is not here", {
    code: "CacheServiceMissing",
    lines: [`${TOKEN}, with ACTIONS_RESULTS_URL or ACTIONS_CACHE_URL, is not in the step's environment`],
    hint: "It is on GitHub's runners; elsewhere give cache: registry or cache: local."
  });
}
function cacheVariables(wish, cache, env2) {
  return usesService(wish, cache) ? { [TOKEN]: env2[TOKEN] } : {};
}

// src/script/compile.ts
var import_lt2 = __toESM(require_lt(), 1);
function compile(backend, plan, engine, files) {
  checkVersions(backend, engine);
  const refusals = [];
  const features = plannedFeatures(plan).map(([name, value]) => {
    const said = answer(backend, name, value, engine);
    const words = isUnsupported(said) ? refuse3(refusals, INPUT_OF[name], said, whoCan(name, value, backend)) : said;
    return { name, words };
  });
  const ways = plan.deliveries.map((delivery) => {
    const way = deliver(backend, delivery, plan, engine);
    return isUnsupported(way) ? refuse3(refusals, DELIVERY_INPUT[delivery.kind], way, whoDelivers(delivery, plan, backend)) : way;
  });
  if (refusals.length > 0) {
    throw new Failure(
      "input",
      `the backend ${backend.name} cannot do everything that is asked: ${refusals.join(" \xB7 ")}`,
      {
        code: "Unsupported",
        lines: refusals
      }
    );
  }
  const { cache } = plan.features;
  const stage = cache?.stage;
  const later = features.flatMap(({ name, words }) => {
    if (cache === void 0 || stage === void 0) return [words];
    if (name === "cache") return wordsOf(answer(backend, name, { ...cache, write: false }, engine));
    return SAID_ONCE.has(name) ? [] : [words];
  });
  const script = assemble(backend, plan, engine, later, ways, files);
  return stage === void 0 ? script : { ...script, steps: [...keepStage(backend, plan, engine, stage), ...script.steps] };
}
var SAID_ONCE = /* @__PURE__ */ new Set(["noCache", "noCacheFilters"]);
var OF_THE_IMAGE = /* @__PURE__ */ new Set(["labels", "annotations", "attests"]);
function keepStage(backend, plan, engine, stage) {
  const features = { ...plan.features, target: stage };
  const words = plannedFeatures({ ...plan, features }).flatMap(([name, value]) => {
    return OF_THE_IMAGE.has(name) ? [] : wordsOf(answer(backend, name, value, engine));
  });
  const [first, ...others] = backend.assemble({
    plan: { ...plan, features, deliveries: [{ kind: "push" }] },
    engine,
    flags: words.flatMap(({ flags = [] }) => flags),
    exporters: []
  });
  const mayFail = words.find((word) => word.mayFail !== void 0)?.mayFail;
  const more = { ...forbidsOf(words), ...mayFail === void 0 ? {} : { mayFail } };
  const step = ({ command }) => ({
    kind: "run",
    command: { ...command, title: `${command.title}: ${stage}, with its cache`, ...more }
  });
  return [step(first), ...others.map(step)];
}
function wordsOf(said) {
  return isUnsupported(said) ? [] : [said];
}
function forbidsOf(words) {
  const forbids = words.flatMap((word) => word.forbids ?? []);
  return forbids.length === 0 ? {} : { forbids };
}
function assemble(backend, plan, engine, words, ways, files) {
  const attributes = Object.assign({}, ...words.map((word) => word.attributes ?? {}));
  const builds = backend.assemble({
    plan,
    engine,
    flags: words.flatMap((word) => word.flags ?? []),
    exporters: ways.flatMap((way) => way.exporters ?? []).map((exporter) => withAttributes(exporter, attributes))
  });
  const steps = [
    ...builds.map(({ command }) => ({
      kind: "run",
      command: { ...command, ...forbidsOf(words) }
    })),
    ...ways.flatMap((way) => way.steps ?? [])
  ];
  const evidence = [
    ...builds.flatMap((build) => build.evidence),
    ...ways.flatMap((way) => way.evidence ?? [])
  ];
  return {
    files,
    steps: nonEmpty(distinct(steps)) ?? [{ kind: "run", command: builds[0].command }],
    evidence: distinct(evidence),
    creates: plan.deliveries.flatMap((delivery) => "path" in delivery ? [delivery.path] : [])
  };
}
function distinct(items2) {
  const seen = /* @__PURE__ */ new Set();
  return items2.filter((item) => {
    const key = JSON.stringify(item);
    return seen.has(key) ? false : seen.add(key);
  });
}
function checkVersions(backend, engine) {
  const old = backend.requires.filter(({ part, minimum }) => {
    const found = engine.versions[part];
    return found !== void 0 && (0, import_lt2.default)(found, minimum);
  });
  if (old.length === 0) return;
  const told = old.map(
    ({ part, minimum, because }) => `${part} ${engine.versions[part]} is older than ${minimum}: ${because}`
  );
  throw new Failure("tool", told.join(" \xB7 "), {
    code: "TooOld",
    hint: `Update ${old.map(({ part }) => part).join(" and ")}, or choose another backend.`
  });
}
function refuse3(refusals, input, { unsupported: unsupported2 }, able) {
  const others = able.length === 0 ? "no backend can" : `${able.join(", ")} can`;
  refusals.push(`${input}: ${unsupported2} (${others})`);
  return {};
}

// src/script/emulation.ts
import { join as join9 } from "node:path/posix";
var HANDLERS = "/proc/sys/fs/binfmt_misc";
var QEMU = {
  "386": "i386",
  amd64: "x86_64",
  arm64: "aarch64",
  loong64: "loongarch64",
  mips64le: "mips64el",
  mipsle: "mipsel"
};
var COMPATIBLE = { amd64: "386", arm64: "arm" };
async function checkEmulation(platforms2, { emulation, platform: native }, files) {
  if (emulation !== "kernel" || native === void 0) return;
  const foreign = platforms2.filter(({ os, architecture }) => os === native.os && !runsOn(native, architecture));
  if (foreign.length === 0 || await files.info(join9(HANDLERS, "register")) === void 0) return;
  const handlers = await readHandlers(files);
  const problems = foreign.flatMap((platform) => problemOf(platform, handlers) ?? []);
  if (problems.length === 0) return;
  throw new Failure(
    "platform",
    `this machine, a ${printPlatform(native)}, cannot run the build's steps: ${problems.join(" \xB7 ")}`,
    {
      code: "NoEmulation",
      lines: problems,
      hint: "Put the step `uses: docker/setup-qemu-action` before this one, which installs emulators (binfmt); or, much faster, build each platform on a runner of its own and join them: see docs/platforms.md."
    }
  );
}
function runsOn(native, architecture) {
  return architecture === native.architecture || COMPATIBLE[native.architecture] === architecture;
}
async function readHandlers(files) {
  const names = (await files.list(HANDLERS)).map(({ name }) => name).filter((name) => !/^(register|status)$/.test(name));
  return Promise.all(names.map((name) => files.readText(join9(HANDLERS, name))));
}
function interpreterOf(architecture) {
  return new RegExp(
    `^interpreter \\S*/(?:(?:buildkit-)?qemu-${architecture}(?:-static)?|${architecture}-binfmt-P)$`,
    "m"
  );
}
function problemOf(platform, handlers) {
  const architecture = QEMU[platform.architecture] ?? platform.architecture;
  const emulator = `qemu-${architecture}`;
  const interpreter = interpreterOf(architecture);
  const rosetta = platform.architecture === "amd64" ? /^interpreter \S*rosetta$/m : interpreter;
  const fitting = handlers.filter((text2) => interpreter.test(text2) || rosetta.test(text2));
  const enabled = fitting.filter((text2) => /^enabled$/m.test(text2));
  const name = printPlatform(platform);
  if (enabled.length === 0) return `${name}: the kernel has no emulator ${emulator}`;
  if (enabled.every((text2) => !/^flags: \S*F/m.test(text2))) {
    return `${name}: the kernel's emulator ${emulator} lacks the flag F, so containers cannot use it`;
  }
  return void 0;
}

// src/script/kept-files.ts
import { join as join10 } from "node:path";
async function keepFiles(source, { files }) {
  const directory = await files.kept();
  const dockerfile = join10(directory, "Dockerfile");
  await files.write(dockerfile, source.dockerfile, 420);
  if (source.generated.length === 0) return { dockerfile };
  const generated = join10(directory, "generated");
  await files.makeDirectory(generated, 493);
  for (const entry of source.generated) await writeEntry(entry, join10(generated, entry.path), files);
  return { dockerfile, generated };
}
async function writeEntry(entry, path, files) {
  switch (entry.kind) {
    case "directory":
      return files.makeDirectory(path, entry.mode);
    case "file":
      return files.write(path, entry.content, entry.mode);
    case "copy":
      return files.write(path, await files.readBytes(entry.source), entry.mode);
    case "link":
      return files.makeLink(entry.target, path);
  }
}

// src/script/perform.ts
import { dirname as dirname3 } from "node:path";

// src/script/diagnosis.ts
var PATTERNS = [
  {
    match: /no space left on device|ENOSPC|disk quota exceeded/i,
    class: "disk",
    hint: "Free space on the runner or move the engine's storage to a larger disk."
  },
  {
    match: /InvalidBaseImagePlatform|does not match the expected platform|no match for platform in manifest|no image found in (?:image index|manifest list) for architecture/i,
    class: "platform",
    hint: "The base image is not made for this platform; choose another base or another platform."
  },
  {
    match: /exec format error/i,
    class: "platform",
    hint: "The machine cannot run programs of this platform; install emulation (binfmt) or build on a native runner."
  },
  {
    match: /dockerfile parse error|unknown instruction|no build stage in current context|requires a FROM instruction|target stage .* could not be found|failed to (?:read|find) dockerfile|no target found/i,
    class: "dockerfile",
    hint: "The line below is the one the builder refused."
  },
  {
    match: /did not complete successfully|while running runtime: exit status|building at STEP .*exit status \d+|returned a non-zero code/i,
    class: "run-step",
    hint: "The lines above the error are what the step itself printed."
  },
  {
    match: /429 Too Many Requests|toomanyrequests/i,
    class: "rate-limit",
    hint: "Log in to the registry before this step, or use a mirror of it."
  },
  {
    match: /unauthorized|authentication required|no basic auth credentials|denied:|403 Forbidden|insufficient_scope|access denied/i,
    class: "auth",
    hint: "Log in to that registry in a step before this one; pushing to ghcr.io needs `permissions: packages: write`."
  },
  {
    match: /credential file is not accessible|checking authfile/i,
    class: "auth",
    hint: "REGISTRY_AUTH_FILE or DOCKER_CONFIG names a file that is not there."
  },
  {
    match: /granting entitlement .* is not allowed/i,
    class: "engine",
    hint: "The buildkitd must be started with --allow-insecure-entitlement for it."
  },
  {
    match: /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API|failed to list workers|no buildkit host is available|no builder .* found|cannot connect to podman|connect to containerd|containerd\.sock|(?:Unavailable: |code = Unavailable desc = )(?:error reading from server|closing transport|connection error)/i,
    class: "engine",
    hint: "The engine stopped or cannot be reached from this step; of a builder with several nodes, `docker buildx inspect` tells which one."
  },
  {
    match: /certificate signed by unknown authority|failed to verify certificate|x509:|server gave HTTP response to HTTPS client/i,
    class: "network",
    hint: "The registry's certificate or scheme is not what the engine expects; tell the engine its CA, or that it speaks plain http."
  },
  {
    match: /no such host|connection refused|i\/o timeout|connection reset by peer|TLS handshake timeout|unexpected EOF|50[0234] (?:Bad Gateway|Service Unavailable|Gateway|Internal)/i,
    class: "network",
    hint: "The registry or the network between did not answer; try again."
  },
  {
    match: /failed to resolve source metadata|manifest unknown|: not found|name unknown|short-name .* did not resolve|initializing source docker:|unable to copy from source/i,
    class: "base-image",
    hint: "Check the name of the base image; registries also say `not found` of what one may not see."
  }
];
var FALLBACK_HINT = "The tool's own last lines are above.";
function diagnose(command, exit, dockerfile) {
  const lines2 = decidingLines(exit.tail);
  const text2 = lines2.join("\n");
  const found = PATTERNS.find(({ match }) => match.test(text2));
  const line = positionOf(exit.tail);
  return new Failure(found?.class ?? "tool", `${command.title} ${howItEnded(exit)}${reasonOf(lines2)}`, {
    lines: lines2,
    hint: found?.hint ?? FALLBACK_HINT,
    ...line === void 0 ? {} : { position: { file: dockerfile, line } }
  });
}
var LONGEST_REASON = 300;
function reasonOf(lines2) {
  const last = lines2.at(-1)?.trim() ?? "";
  if (last === "") return "";
  return `: ${last.length > LONGEST_REASON ? `${last.slice(0, LONGEST_REASON)}\u2026` : last}`;
}
function howItEnded({ code, signal }) {
  if (code === void 0) return `was ended by ${signal ?? "a signal"}`;
  return code === 0 ? "only warned of what must not be" : `ended with exit code ${code}`;
}
var MOST_LINES = 30;
var CLOSING = /^(?:ERROR|error|Error|FATA\[|time=.*level=fatal)/;
function decidingLines(tail) {
  const lines2 = tail.filter((line) => line.trim() !== "");
  const last = lines2.findLastIndex((line) => CLOSING.test(line.trim()));
  const end = last < 0 ? lines2.length : last + 1;
  const log = between(lines2.slice(0, end), /^-{6}$/) ?? between(lines2.slice(0, end), /^-{7,}$/);
  const told = log === void 0 ? lines2.slice(0, end) : [...log, ...lines2.slice(end - 1, end)];
  return told.slice(-MOST_LINES);
}
function between(lines2, fence) {
  const fences = lines2.flatMap((line, index) => fence.test(line.trim()) ? [index] : []);
  const [start, end] = fences.slice(-2);
  return start === void 0 || end === void 0 ? void 0 : lines2.slice(start + 1, end);
}
function positionOf(tail) {
  const found = tail.findLast((line) => /^[\w.-]*Dockerfile[\w.-]*:\d+$/.test(line.trim()));
  return found === void 0 ? void 0 : Number(found.trim().split(":").at(-1));
}

// src/script/quote.ts
var PLAIN2 = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteArgument(argument) {
  if (typeof argument !== "string") return `"$(cat ${quoteArgument(argument.contentOf)})"`;
  return PLAIN2.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

// src/script/script.ts
function printCommand(tool, args) {
  return [tool, ...args].map(quoteArgument).join(" ");
}
function printScript(script) {
  return script.steps.flatMap(printStep);
}
function printStep(step) {
  switch (step.kind) {
    case "run":
      return [printCommand(step.command.tool, step.command.args)];
    case "load":
      return [printCommand("docker", ["load", "--input", step.archive])];
    case "upload":
      return step.to.map((reference) => printCopy(`oci:${step.layout}`, `docker://${printReference(reference)}`));
    case "upload-by-digest":
      return step.to.map(
        (repository) => printCopy(`oci:${step.layout}`, `docker://${printRepository(repository)}@@unknown-digest@@`)
      );
    case "join": {
      const platforms2 = step.members.map(({ platform }) => printPlatform(platform)).join(", ");
      return [`# then the index of ${platforms2} in ${step.layout}, by this action`];
    }
    case "copy":
      return step.to.map(
        (reference) => printCopy(`docker://${printReference(step.from)}`, `docker://${printReference(reference)}`)
      );
  }
}
function printCopy(from, to) {
  return printCommand("skopeo", ["copy", "--all", "--preserve-digests", from, to]);
}

// src/script/perform.ts
async function perform(script, performance) {
  const { files } = performance.world;
  for (const { path, content, mode } of script.files) {
    await files.makeDirectory(dirname3(path), 448);
    await files.write(path, content instanceof Secret ? content.reveal() : content, mode);
  }
  for (const path of script.creates) await files.makeDirectory(dirname3(path), 493);
  if (script.steps.some(({ kind }) => kind === "load")) await findLoader(performance);
  for (const step of script.steps) await performStep(step, performance);
}
async function performStep(step, performance) {
  const { registry } = performance;
  switch (step.kind) {
    case "run":
      return runCommand2(step.command, performance);
    case "load":
      return load(step.archive, performance);
    case "upload":
      return registry.pushLayout(step.layout, step.to);
    case "upload-by-digest":
      return registry.pushLayoutByDigest(step.layout, step.to);
    case "join":
      return registry.joinLayout(step.layout, step.members, step.name);
    case "copy":
      return registry.copy(step.from, step.to);
  }
}
async function runCommand2(command, performance) {
  const { processes, actions, signal } = performance.world;
  const { title, tool, args, forbids = [] } = command;
  const forbidden = [];
  const argv2 = await Promise.all(args.map((argument) => argumentText(argument, command, performance)));
  actions.startGroup(title);
  actions.info(printCommand(tool, args));
  const exit = await processes.stream({ tool, args: argv2, env: performance.env, signal }, (line) => {
    actions.info(line);
    performance.onLine?.(command, line);
    if (forbids.some((text2) => line.includes(text2))) forbidden.push(line);
  }).finally(() => actions.endGroup());
  if (signal.aborted) throw cancelled(signal, `${title} was stopped`);
  if (exit.code !== 0 && command.mayFail !== void 0) {
    return actions.warning(`${title} failed, and the build goes on: ${command.mayFail}, or a step failed`);
  }
  if (exit.code !== 0) throw diagnose(command, exit, performance.dockerfile);
  if (forbidden.length > 0) throw diagnose(command, { ...exit, tail: forbidden }, performance.dockerfile);
}
async function argumentText(argument, { title }, { world }) {
  return typeof argument === "string" ? argument : readEvidence(argument.contentOf, title, world.files);
}
var LOADERS = ["docker", "podman", "nerdctl"];
async function load(archive, performance) {
  const tool = await findLoader(performance);
  return runCommand2({ title: `${tool} load`, tool, args: ["load", "--input", archive] }, performance);
}
async function findLoader({ world: { processes } }) {
  for (const tool of LOADERS) if (await processes.which(tool) !== void 0) return tool;
  throw new Failure("tool", `no local store can take the image: none of ${LOADERS.join(", ")} is on PATH`, {
    hint: "Use push or output with this backend, or install one of them."
  });
}

// src/through-backend.ts
async function buildThroughBackend(job, because) {
  const { inputs, watch, world } = job;
  world.actions.info(`The backend makes the whole image: ${because}`);
  const found = await watch.phase("ask the engine", () => readyEngine(job));
  const { backend, engine } = found;
  if (inputs.dryRun !== true) await fetchRemote(job, "the backend reads them from the disk");
  const source = await deriveSource(job, { link: backend.takesLinks(engine) }, world);
  const stage = job.recipe === void 0 ? {} : { stage: ENVIRONMENT_STAGE };
  const build = await runBackend(job, found, inputs, source, { ...stage, keepsEnvironment: false });
  return {
    ...build,
    backend: backend.name,
    assembly: `by the backend: ${because}`,
    engine,
    base: source.base,
    payload: source.payload.map((title) => ({ title })),
    changes: [],
    notes: [...source.notes, ...engine.notes ?? []]
  };
}
async function runBackend(job, { backend, engine, env: own }, inputs, source, ground) {
  const { watch, world } = job;
  const dryRun = inputs.dryRun === true;
  const scratch = await world.files.scratch();
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(inputs, source.secrets, `${scratch}/secrets`, world);
  const written = await watch.phase("write the Dockerfile", () => keepFiles(source, world));
  const paths = { ...written, scratch, kept: await world.files.kept(), workspace: world.workspace };
  const bare = makePlan(withBuilderId(inputs, own), job.bento, source, engine, secrets.mounts, paths);
  const [reference] = job.inputs.tags;
  const choice = chooseCache(inputs, {
    ...ground,
    bento: job.bento.tag.name,
    base: source.base,
    platforms: bare.features.platforms ?? [],
    isPushed: isPushed(job.inputs),
    env: world.env,
    refusalOf: (cache2) => refusalOf(backend, "cache", cache2, engine),
    ...reference === void 0 ? {} : { reference }
  });
  const plan = withCache(bare, choice.cache);
  const files = [...secrets.files, ...builderKeyFiles(inputs, scratch).files];
  const script = compile(backend, plan, engine, files);
  const told = { dockerfile: plan.dockerfile, commands: printScript(script) };
  if (dryRun) return { ...told, result: { platforms: [] } };
  if (inputs.cache !== void 0) world.actions.info(`cache: ${inputs.cache} is ${choice.told}`);
  const hits = countCached(backend.cachedStep);
  const env2 = { ...own, ...cacheVariables(inputs, choice.cache, world.env) };
  await refuseExisting(script.creates, world.files);
  if (isLocalEngine(void 0, env2) && /^\s*RUN\s/im.test(source.dockerfile)) {
    await checkEmulation(plan.features.platforms ?? [], engine, world.files);
  }
  const result = await removeOnFailure(script.creates, world.files, async () => {
    const registry = await loadRegistry(registryOptions({ ...job, inputs }), world);
    const performance = { world, registry, env: env2, dockerfile: plan.dockerfile, onLine: hits.onLine };
    await watch.phase("build", () => perform(script, performance));
    return watch.phase("verify", () => verify(script, plan, registry, world));
  });
  const cache = `${choice.told}; ${hits.print()}`;
  if (inputs.cache !== void 0) world.actions.info(`cache: ${hits.print()}`);
  return { ...told, result, ...inputs.cache === void 0 ? {} : { cache } };
}
function withCache(plan, cache) {
  return cache === void 0 ? plan : { ...plan, features: { ...plan.features, cache } };
}
function countCached(line) {
  let first;
  let count2 = 0;
  return {
    onLine(command, text2) {
      first ??= command;
      if (command === first && line.test(text2)) count2 += 1;
    },
    print: () => `${count2 === 1 ? "1 step was" : `${count2} steps were`} taken from a cache`
  };
}
function pushedTo({ deliveries, references: references2 }, digest) {
  if (deliveries.some(({ kind }) => kind === "push")) return references2;
  if (!deliveries.some(({ kind }) => kind === "push-by-digest")) return [];
  if (digest === void 0) throw new Failure("internal", "a build pushed an image by digest and told no digest");
  return distinctRepositories(references2).map((repository) => withDigest(repository, digest));
}
async function loadRegistry(options, world) {
  const { openRegistry } = await import("./registry-RRNZJU65.js");
  return openRegistry(world, options);
}
async function verify(script, plan, registry, world) {
  const seen = [];
  for (const { kind, path } of script.evidence) {
    if (kind === "layout") seen.push(await registry.describeLayout(path));
    if (kind === "oci-archive") seen.push(await registry.describeArchive(path));
  }
  const claims = await readClaims(script.evidence, world.files);
  const [first, ...others] = pushedTo(plan, seen[0]?.digest ?? claims.root);
  if (first !== void 0) {
    const pushed = await registry.describe(first);
    await registry.verify([first, ...others], pushed.digest);
    seen.push(pushed);
  }
  return settle(seen, claims, plan.features.platforms ?? []);
}

export {
  openQuotedReader,
  schema,
  RENAMED,
  isPushed,
  chooseAssembly,
  mustBeDirect,
  ENVIRONMENT_STAGE,
  environmentSource,
  deriveRecipe,
  secretVariables,
  secretIdsOf,
  referencesOf,
  epochOf,
  layoutPath,
  fetchRemote,
  registryOptions,
  readyEngine,
  settle,
  removeOnFailure,
  refuseExisting,
  buildThroughBackend,
  runBackend
};
