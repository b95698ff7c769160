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
} from "./chunk-6RT75R37.js";
import {
  require_lt
} from "./chunk-66XMJTYP.js";
import {
  printScript,
  readClaims
} from "./chunk-UJP66MBR.js";
import {
  Secret
} from "./chunk-LYU2TUP2.js";
import {
  distinctRepositories,
  parseReference,
  printReference,
  repositoryOf,
  withDigest
} from "./chunk-MPNFN7OS.js";
import {
  fetchModels,
  printTag,
  remoteFilesOf
} from "./chunk-LFUDSXAA.js";
import {
  digestOf,
  hexOf
} from "./chunk-J64RREMD.js";
import {
  parsePlatform,
  printPlatform,
  samePlatform
} from "./chunk-V6QKYO5S.js";
import {
  Failure,
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
      const found = {};
      for (const [given, text2] of Object.entries(plain.decode(raw, readQuoted))) {
        for (const key of readAnnotation(given).map(printKey)) {
          if (Object.hasOwn(found, key)) throw new Error(`"${key}" is given twice`);
          found[key] = text2;
        }
      }
      return found;
    }
  };
}
function printKey({ level = "manifest", platform, name }) {
  const where = platform === void 0 ? level : `${level}[${platform}]`;
  return where === "manifest" ? name : `${where}:${name}`;
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
function withBuilderId(inputs, env) {
  const { provenance, ...others } = attestationsOf(inputs);
  const run = addressOfRun(env);
  if (provenance === void 0 || run === void 0 || /(?:^|,)builder-id=/.test(provenance)) return inputs;
  return { ...inputs, attests: { ...others, provenance: `${provenance},builder-id=${run}` } };
}
function addressOfRun(env) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (!server || !repository || !run) return void 0;
  return `${server}/${repository}/actions/runs/${run}/attempts/${env["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
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
    const absolute = isAbsolute(path) ? path : join(world.workspace, path);
    if (await world.files.info(absolute) === void 0) problems.push(`secret-files: there is no file ${path}`);
    else values.set(id, new Secret(await world.files.readText(absolute)));
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
function agentProblems(ssh, env) {
  const wanted = ssh.filter((line) => !line.includes("="));
  return wanted.length === 0 || env["SSH_AUTH_SOCK"] ? [] : [`ssh: ${wanted.join(", ")} needs an agent, and SSH_AUTH_SOCK is not set`];
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
async function readyEngine(job) {
  const { inputs, env, world } = job;
  if (inputs.dryRun === true) return assumeBackend(inputs, env, world);
  const found = await findOrSetUp(job);
  if (found.reason !== void 0) {
    world.actions.info(`backend: auto is ${found.backend.name} here (${found.reason})`);
  }
  return found;
}
async function findOrSetUp(job) {
  const { inputs, env, world } = job;
  const asked = choiceOf(inputs);
  const keys = await writeBuilderKeys(inputs, world);
  const found = await findEngine(asked, inputs.builder, world, env, keys).catch((error) => {
    if (inputs.install === "never" || !isLack(error)) throw error;
    return error;
  });
  if (!(found instanceof Error) && inputs.install !== "always") return found;
  const { setUp } = await import("./set-up-UNV2RGGN.js");
  return setUp(found, asked, { ...job, ...keys === void 0 ? {} : { keys } });
}

// src/job.ts
function registryOptions({ authFile, inputs }) {
  return { plainHttp: inputs.insecureRegistries, ...authFile === void 0 ? {} : { authFile } };
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

// src/image/base-image.ts
var UBUNTU_2404 = /^12\.[68]\./;
var UBUNTU_2004 = /^11\.[0-6]\./;
var REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:/@[\]-]*$/;
var DEBIAN = /(?:^|\/)(?:(?:python|debian|ubuntu|miniconda3)(?::(?!\S*(?:alpine|windows))\S+)?|cuda:\S+-ubuntu\S+)$/;
function isDebian(base) {
  return DEBIAN.test(base);
}
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

// src/image/times.ts
var FIXED_TIME = 315619200;
function settleTimes(sections, base) {
  const copies = sections.some(({ steps }) => steps.some(({ kind }) => kind === "copy"));
  if (copies || !isDebian(base)) return sections;
  const settled = sections.map(({ comment, steps }) => ({ comment, steps: steps.map(settle2) }));
  return [{ comment: WHY, steps: [] }, ...settled];
}
var WHY = [
  "Each RUN ends with giving what it changed one time, so that the same files are the same layer, whoever builds it and when."
];
function settle2(step) {
  return step.kind === "run" ? { ...step, time: FIXED_TIME } : step;
}
function newestTime(sections) {
  const isSettled = ({ steps }) => steps.every((step) => step.kind !== "copy" && (step.kind !== "run" || step.time !== void 0));
  return sections.every(isSettled) ? FIXED_TIME : void 0;
}
function statementsWithTime(statements, time) {
  return [
    `started="$(date +@%s.%N)"; sleep 0.02`,
    ...statements,
    [
      "find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune",
      `    -o -newerct "$started" -newermt @${time} -exec touch --no-dereference --date=@${time} '{}' + || true`
    ].join("\n")
  ];
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
  const time = newestTime(recipe.environment);
  return {
    ...imageSource(recipe, options),
    contexts: [],
    generated: [],
    ...time === void 0 ? {} : { newestTime: time }
  };
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
      return renderRun(
        step.mounts,
        step.time === void 0 ? step.statements : statementsWithTime(step.statements, step.time)
      );
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

// src/script/plan.ts
import { resolve } from "node:path";
var DEFAULT_EPOCH = FIXED_TIME;
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
    epoch: clampTo(epochOf(inputs, bento), source),
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
function clampTo(seconds, { newestTime: newestTime2 }) {
  return { seconds, rewrite: newestTime2 === void 0 || newestTime2 > seconds };
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
  const load = inputs.load ?? (!isPushed(inputs) && outputs2.length === 0);
  const all = [
    ...isPushed(inputs) ? [{ kind: inputs.pushByDigest === true ? "push-by-digest" : "push" }] : [],
    ...load ? [{ kind: "load" }] : [],
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

// src/read-back.ts
function pushedTo({ deliveries, references: references2 }, digest) {
  if (deliveries.some(({ kind }) => kind === "push")) return references2;
  if (!deliveries.some(({ kind }) => kind === "push-by-digest")) return [];
  if (digest === void 0) throw new Failure("internal", "a build pushed an image by digest and told no digest");
  return distinctRepositories(references2).map((repository) => withDigest(repository, digest));
}
async function readBack(script, plan, registry, world) {
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
import { join as join3 } from "node:path";
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
  const { reference, isPushed: isPushed2, env, stage } = ground;
  const scope = scopeOf(ground);
  const kept = { write: true, ...stage === void 0 ? {} : { stage } };
  switch (kind) {
    case "registry":
      return { ...kept, kind, repository: repositoryOf(named(kind, reference)), tag: scope, write: isPushed2 };
    case "gha":
      if (stage === void 0) throw weightsTooBig();
      return { ...kept, kind, scope };
    case "local": {
      const home = env["XDG_CACHE_HOME"] || join3(env["HOME"] || "/root", ".cache");
      return { ...kept, kind, directory: join3(home, "bento-image", scope) };
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
function hasService(env) {
  return Boolean(env[TOKEN]) && Boolean(env["ACTIONS_RESULTS_URL"] || env["ACTIONS_CACHE_URL"]);
}
function usesService({ cacheFrom, cacheTo }, cache) {
  return cache?.kind === "gha" || [...cacheFrom, ...cacheTo].some((line) => /(?:^|,)type=gha(?:,|$)/.test(line));
}
function checkService(wish, { env }) {
  const isAsked = wish.cache === "gha" || usesService(wish, void 0);
  if (!isAsked || wish.dryRun === true || hasService(env)) return;
  throw new Failure("input", "cache: GitHub's cache service is not here", {
    code: "CacheServiceMissing",
    lines: [`${TOKEN}, with ACTIONS_RESULTS_URL or ACTIONS_CACHE_URL, is not in the step's environment`],
    hint: "It is on GitHub's runners; elsewhere give cache: registry or cache: local."
  });
}
function cacheVariables(wish, cache, env) {
  return usesService(wish, cache) ? { [TOKEN]: env[TOKEN] } : {};
}

// src/script/cached-steps.ts
function countCached(line) {
  let first;
  let count = 0;
  return {
    onLine(command, text2) {
      first ??= command;
      if (command === first && line.test(text2)) count += 1;
    },
    print: () => `${count === 1 ? "1 step was" : `${count} steps were`} taken from a cache`
  };
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

// src/script/kept-files.ts
import { join as join4 } from "node:path";
async function keepFiles(source, { files }) {
  const directory = await files.kept();
  const dockerfile = join4(directory, "Dockerfile");
  await files.write(dockerfile, source.dockerfile, 420);
  if (source.generated.length === 0) return { dockerfile };
  const generated = join4(directory, "generated");
  await files.makeDirectory(generated, 493);
  for (const entry of source.generated) await writeEntry(entry, join4(generated, entry.path), files);
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

// src/run-backend.ts
async function runBackend(job, { backend, engine, env: own }, inputs, source, ground) {
  const { watch, world } = job;
  const dryRun = inputs.dryRun === true;
  const scratch = await world.files.scratch();
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(inputs, source.secrets, `${scratch}/secrets`, world);
  const written = await watch.phase("write the Dockerfile", () => keepFiles(source, world));
  const paths = { ...written, scratch, kept: await world.files.kept(), workspace: world.workspace };
  const bare = makePlan(withBuilderId(inputs, own), job.bento, source, engine, secrets.mounts, paths);
  const choice = cacheFor(bare, job, { backend, engine }, inputs, { ...ground, base: source.base });
  const plan = withCache(bare, choice.cache);
  const files = [...secrets.files, ...builderKeyFiles(inputs, scratch).files];
  const script = compile(backend, plan, engine, files);
  const told = { dockerfile: plan.dockerfile, commands: printScript(script) };
  if (dryRun) return { ...told, result: { platforms: [] } };
  if (inputs.cache !== void 0) world.actions.info(`cache: ${inputs.cache} is ${choice.told}`);
  const hits = countCached(backend.cachedStep);
  const env = { ...own, ...cacheVariables(inputs, choice.cache, world.env) };
  await refuseExisting(script.creates, world.files);
  if (isLocalEngine(void 0, env) && /^\s*RUN\s/im.test(source.dockerfile)) {
    const { checkEmulation } = await import("./emulation-J7P26ONB.js");
    await checkEmulation(plan.features.platforms ?? [], engine, world.files);
  }
  const result = await removeOnFailure(script.creates, world.files, async () => {
    const registry = await loadRegistry(registryOptions({ ...job, inputs }), world);
    const { perform } = await import("./perform-NNZZGU3E.js");
    const performance = { world, registry, env, dockerfile: plan.dockerfile, onLine: hits.onLine };
    await watch.phase("build", () => perform(script, performance));
    return watch.phase("verify", () => readBack(script, plan, registry, world));
  });
  const cache = `${choice.told}; ${hits.print()}`;
  if (inputs.cache !== void 0) world.actions.info(`cache: ${hits.print()}`);
  return { ...told, result, ...inputs.cache === void 0 ? {} : { cache } };
}
function withCache(plan, cache) {
  return cache === void 0 ? plan : { ...plan, features: { ...plan.features, cache } };
}
async function loadRegistry(options, world) {
  const { openRegistry } = await import("./registry-GX5JGV6N.js");
  return openRegistry(world, options);
}
function cacheFor(plan, job, { backend, engine }, inputs, ground) {
  const [reference] = job.inputs.tags;
  return chooseCache(inputs, {
    ...ground,
    bento: job.bento.tag.name,
    platforms: plan.features.platforms ?? [],
    isPushed: isPushed(job.inputs),
    env: job.world.env,
    refusalOf: (cache) => refusalOf(backend, "cache", cache, engine),
    ...reference === void 0 ? {} : { reference }
  });
}

export {
  openQuotedReader,
  schema,
  RENAMED,
  isPushed,
  chooseAssembly,
  mustBeDirect,
  quoteForShell,
  quoteOperands,
  originOf,
  baseImage,
  requirePython,
  FIXED_TIME,
  settleTimes,
  ENVIRONMENT_STAGE,
  environmentSource,
  imageSource,
  secretVariables,
  secretIdsOf,
  referencesOf,
  epochOf,
  layoutPath,
  fetchRemote,
  readyEngine,
  registryOptions,
  settle,
  removeOnFailure,
  refuseExisting,
  runBackend
};
