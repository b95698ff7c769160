const require = process.getBuiltinModule;
import {
  addPath,
  debug,
  endGroup,
  error,
  exportVariable,
  getState,
  info,
  notice,
  saveState,
  setOutput,
  setSecret,
  startGroup,
  summary,
  warning
} from "./chunk-3UWS56GE.js";
import {
  ENVIRONMENT_STAGE,
  FIXED_TIME,
  RENAMED,
  baseImage,
  chooseAssembly,
  fetchRemote,
  imageSource,
  isPushed,
  layoutPath,
  openQuotedReader,
  originOf,
  quoteForShell,
  quoteOperands,
  readyEngine,
  referencesOf,
  requirePython,
  runBackend,
  schema,
  secretVariables,
  settleTimes
} from "./chunk-27UFY3SJ.js";
import "./chunk-6RT75R37.js";
import "./chunk-66XMJTYP.js";
import "./chunk-UJP66MBR.js";
import "./chunk-LYU2TUP2.js";
import {
  distinctRepositories,
  printFamiliar,
  printReference,
  printRepository,
  withDigest
} from "./chunk-MPNFN7OS.js";
import {
  ALONE,
  LAYOUT_ARGUMENTS,
  layoutVariables,
  locateModels,
  ownDirectories,
  parseReference,
  printTag,
  pythonMinor,
  readCreationTimeOf,
  readManifest,
  readStrictText,
  resolveLayout,
  rootParents
} from "./chunk-LFUDSXAA.js";
import {
  printBytes
} from "./chunk-SVY2NNPE.js";
import "./chunk-J64RREMD.js";
import {
  platformSlug,
  printPlatform
} from "./chunk-V6QKYO5S.js";
import {
  rmRF,
  which
} from "./chunk-R4RK45PA.js";
import {
  bentomlHome,
  expandPath,
  storeDirectories
} from "./chunk-JYF7KFO6.js";
import {
  FAILURE_TITLES,
  Failure,
  asFailure,
  cancelled
} from "./chunk-DERAUSUC.js";
import "./chunk-FVKZJ5J4.js";
import {
  __callDispose,
  __using
} from "./chunk-ZDX6KC25.js";

// src/build.ts
import { join as join11, resolve as resolve2 } from "node:path/posix";

// src/bento/address.ts
import { resolve } from "node:path/posix";

// src/bento/store.ts
import { join } from "node:path/posix";
var NAMED = 10;
async function findInStore(reference2, directory, world) {
  const folder = join(directory, reference2.name);
  const versions = await listVersions(folder, world);
  if (versions.length === 0) throw await noSuchName(reference2, directory, world);
  const version = reference2.version === void 0 || reference2.version === "latest" ? await latestVersion(folder, versions, world) : matchVersion(reference2.name, reference2.version, versions, directory);
  return join(folder, version);
}
async function listStore(directory, world) {
  const names = await listDirectories(directory, world);
  const tags = await Promise.all(
    names.map(
      async (name) => (await listVersions(join(directory, name), world)).map((version) => `${name}:${version}`)
    )
  );
  return tags.flat();
}
async function listVersions(folder, world) {
  const names = await listDirectories(folder, world);
  const manifests = await Promise.all(names.map((name) => world.files.info(join(folder, name, "bento.yaml"))));
  return names.filter((_, index) => manifests[index] !== void 0);
}
async function listDirectories(directory, world) {
  if (await world.files.info(directory) === void 0) return [];
  const entries = await world.files.list(directory);
  return entries.filter(({ kind }) => kind === "directory" || kind === "symlink").map(({ name }) => name);
}
function matchVersion(name, wanted, versions, directory) {
  if (versions.includes(wanted)) return wanted;
  const matches = versions.filter((version) => version.startsWith(wanted));
  const [match, ...others] = matches;
  if (match !== void 0 && others.length === 0) return match;
  if (match !== void 0) {
    throw new Failure("input", `${name}:${wanted} fits several Bentos: ${some(matches)}`, {
      code: "Ambiguous",
      hint: "Write more of the version."
    });
  }
  throw new Failure(
    "input",
    `The Bento store ${directory} has no ${name}:${wanted}; of ${name} it has ${some(versions)}`,
    {
      code: "NotFound",
      hint: "`bentoml pull` fetches a Bento from BentoCloud, `bentoml build` makes one."
    }
  );
}
async function noSuchName({ name, version }, directory, world) {
  const tags = await listStore(directory, world);
  const content = tags.length === 0 ? "it holds no Bentos" : `it has ${some(tags)}`;
  const wanted = version === void 0 ? name : `${name}:${version}`;
  return new Failure("input", `The Bento store ${directory} has no ${wanted}; ${content}`, {
    code: "NotFound",
    hint: "Check `bentoml-home`, or build the Bento in an earlier step of this job."
  });
}
async function latestVersion(folder, versions, world) {
  const file = join(folder, "latest");
  const named = await world.files.info(file) === void 0 ? "" : (await world.files.readText(file)).trim();
  if (versions.includes(named)) return named;
  const times = await Promise.all(versions.map((version) => creationTime(join(folder, version), world)));
  const dated = versions.map((version, index) => ({
    version,
    time: times[index]?.getTime() ?? Number.NEGATIVE_INFINITY
  }));
  const newest = dated.reduce((best, candidate) => candidate.time > best.time ? candidate : best);
  return newest.version;
}
async function creationTime(folder, world) {
  const file = join(folder, "bento.yaml");
  try {
    return await readCreationTimeOf(await readStrictText(file, world), file);
  } catch (error2) {
    if (!(error2 instanceof Failure)) throw error2;
    world.actions.warning(`Skipped while looking for the newest version: ${error2.message}`);
    return void 0;
  }
}
function some(names) {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

// src/bento/address.ts
var PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
async function locateBento(address, world) {
  const { bento } = address;
  if (bento.trim() === "") throw new Failure("input", "No Bento was named", { code: "NotFound" });
  const path = resolve(world.workspace, expandPath(bento, world.env));
  const real = await existing(path, world);
  if (real !== void 0) return locatePath(real, bento, world);
  return locateTag(address, path, world);
}
async function existing(path, world) {
  if (await world.files.info(path) === void 0) return void 0;
  try {
    return await world.files.realPath(path);
  } catch (error2) {
    const reason = error2 instanceof Error ? error2.message : String(error2);
    throw new Failure("input", `${path} cannot be followed: ${reason}`, { code: "NotFound", cause: error2 });
  }
}
async function locatePath(path, address, world) {
  const kind = (await world.files.info(path))?.kind;
  if (kind === "file") {
    const { extractArchive } = await import("./extract-NA5WYZSX.js");
    return { directory: await extractArchive(path, address, world), origin: "archive", address };
  }
  if (kind !== "directory") {
    throw new Failure("input", `${path} is neither a directory nor a file`, { code: "NotFound" });
  }
  if (await world.files.info(`${path}/bento.yaml`) === void 0) {
    throw new Failure("bento", `The directory ${path} is not a Bento: it has no bento.yaml`, {
      code: "ManifestMissing",
      hint: PATH_ONLY.test(address) ? "Give the directory that `bentoml build` made, not the project or the store it lies in." : `A path that exists comes before a tag; for the Bento of that name in the store write "${address}:latest".`
    });
  }
  return { directory: path, origin: "directory", address };
}
async function locateTag(address, path, world) {
  const { bento } = address;
  if (PATH_ONLY.test(bento)) {
    throw new Failure("input", `There is nothing at ${path}`, {
      code: "NotFound",
      hint: `Relative paths start at ${world.workspace}. Was the Bento built, or its artifact downloaded, in this job?`
    });
  }
  const { tag, lowered } = parseReference(bento);
  if (lowered) world.actions.warning(`The tag "${bento}" is lowered, as BentoML does.`);
  const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, world));
  try {
    const found = await findInStore(tag, bentos, world);
    return { directory: await world.files.realPath(found), origin: "store", address: bento };
  } catch (error2) {
    if (!(error2 instanceof Failure) || error2.code !== "NotFound") throw error2;
    throw new Failure(error2.class, `There is nothing at ${path}, and: ${error2.message}`, {
      code: error2.code,
      ...error2.hint === void 0 ? {} : { hint: error2.hint }
    });
  }
}

// src/bento/bento-directory.ts
import { join as join4, normalize as normalize2 } from "node:path/posix";

// src/bento/conda.ts
var PYTHON = /^\s*-\s*["']?(?:[\w./-]+::)?python\s*={1,2}\s*(\d+\.\d+)/m;
function condaPython(environment) {
  return PYTHON.exec(environment)?.[1];
}

// src/bento/readability.ts
import { join as join2, relative } from "node:path/posix";
var AT_ONCE = 64;
var NAMED2 = 20;
async function checkReadable(directory, files) {
  const findings = { unreadable: [], irregular: [] };
  await walk(directory, directory, files, findings);
  report(findings.irregular, "UnsafePath", "is no file, directory or link", directory);
  report(findings.unreadable, "Unreadable", "cannot be read", directory);
}
async function walk(root, directory, files, findings) {
  const entries = await files.list(directory).catch((error2) => {
    if (!isRefusal(error2)) throw error2;
    findings.unreadable.push(`${relative(root, directory) || "."}/`);
    return [];
  });
  const plain = entries.filter((entry) => entry.kind === "file").map((entry) => join2(directory, entry.name));
  for (let start = 0; start < plain.length; start += AT_ONCE) {
    const batch = plain.slice(start, start + AT_ONCE);
    const readable = await Promise.all(batch.map((path) => isReadable(path, files)));
    findings.unreadable.push(...batch.filter((_, index) => !readable[index]).map((path) => relative(root, path)));
  }
  for (const { name, kind } of entries) {
    if (kind === "other") findings.irregular.push(relative(root, join2(directory, name)));
    if (kind === "directory") await walk(root, join2(directory, name), files, findings);
  }
}
async function isReadable(path, files) {
  try {
    const info3 = await files.info(path);
    if (info3 !== void 0 && (info3.mode & 4) === 0) await files.readHead(path, 1);
    return true;
  } catch (error2) {
    if (isRefusal(error2)) return false;
    throw error2;
  }
}
function isRefusal(error2) {
  const code2 = error2 instanceof Error && "code" in error2 ? error2.code : void 0;
  return code2 === "EACCES" || code2 === "EPERM";
}
function report(paths, code2, fault, directory) {
  if (paths.length === 0) return;
  const named = paths.slice(0, NAMED2);
  const more = paths.length - named.length;
  throw new Failure("bento", `In ${directory}, ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} ${fault}`, {
    code: code2,
    lines: named,
    ...code2 === "Unreadable" ? { hint: `Run \`chmod -R u+rX ${directory}\` or build as the user who owns the files.` } : {}
  });
}

// src/bento/references.ts
import { join as join3, normalize } from "node:path/posix";
var LOST_SCRIPTS = "`bentoml build` up to 1.4.38 loses the files of `Image.run_script`: put the commands into `Image.run`, or name the script as `docker.setup_script` in bentofile.yaml, and build the Bento again.";
function neededFiles(image) {
  const common = ["env/docker/entrypoint.sh"];
  if (image.spec === 2) return [...common, "env/python/requirements.txt"];
  return [
    ...common,
    ...image.installScript ? [] : ["env/python/requirements.txt"],
    ...image.setupScript ? ["env/docker/setup_script"] : [],
    ...image.dockerfileTemplate ? ["env/docker/Dockerfile"] : [],
    ...image.conda ? ["env/conda/environment.yml"] : []
  ];
}
async function findMissingFiles(image, directory, files) {
  const missing = await absent(neededFiles(image), (path) => join3(directory, path), files);
  return missing.map((path) => ({ message: `${path} is not in the Bento` }));
}
async function findMissingScripts(image, directory, files) {
  const commands2 = [...image.commands, ...image.postCommands].join("\n");
  const names = [...new Set(commands2.match(/\bscript__\w+/g) ?? [])];
  const missing = await absent(names, (name) => join3(directory, "env/docker", name), files);
  return missing.map((name) => ({
    message: `a command runs env/docker/${name}, which is not there`,
    hint: LOST_SCRIPTS
  }));
}
async function findMissingIncludes(image, directory, files) {
  const missing = await absent(image.buildInclude, (path) => join3(directory, "src", path), files);
  return missing.map((path) => ({ message: `\`image.build_include\` names ${path}, which is not in src/` }));
}
async function findMissingPackages(references, root, file, files) {
  const missing = await Promise.all(
    references.map(async ({ kind, text, path }) => {
      if (/^(?:file:|\/)/i.test(path)) {
        return {
          message: `a requirement is "${text}", a file of the machine that built the Bento`,
          hint: "Name the wheel by a path below the project (`./wheels/\u2026`) or publish it to an index, and build the Bento again."
        };
      }
      const base = kind === "file" ? root : join3(file, "..");
      const outside = normalize(path).startsWith("../");
      const found = outside ? void 0 : await files.info(join3(base, path));
      return found === void 0 ? { message: `a requirement is "${text}", which is not in the Bento` } : void 0;
    })
  );
  return missing.filter((reference2) => reference2 !== void 0);
}
async function absent(names, locate, files) {
  const found = await Promise.all(names.map((name) => files.info(locate(name))));
  return names.filter((_, index) => found[index] === void 0);
}

// src/bento/requirements.ts
var SHORT = { "-i": "--index-url", "-f": "--find-links" };
var INDEX_OPTIONS = /* @__PURE__ */ new Set(["--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--no-index"]);
var NESTED = /* @__PURE__ */ new Set(["-r", "--requirement", "-c", "--constraint"]);
var EDITABLE = /* @__PURE__ */ new Set(["-e", "--editable"]);
var ARCHIVE = /\.(?:whl|tar\.gz|tgz|zip|tar\.bz2|tar\.xz)$/;
function parseRequirements(text) {
  const lines = text.replace(/\\\r?\n/g, " ").split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, "").trim()).filter((line) => line !== "");
  return {
    indexOptions: lines.map(indexOptionOf).filter((option) => option !== void 0),
    references: lines.map(referenceOf).filter((reference2) => reference2 !== void 0)
  };
}
function splitOption(line) {
  const [, name = "", value = ""] = /^(-[a-zA-Z]|--[a-z-]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(line) ?? [];
  return name === "" ? void 0 : { name: SHORT[name] ?? name, value: value.trim() };
}
function indexOptionOf(line) {
  const option = splitOption(line);
  if (option === void 0 || !INDEX_OPTIONS.has(option.name)) return void 0;
  return `${option.name} ${option.value}`.trim();
}
function referenceOf(line) {
  const option = splitOption(line);
  if (option !== void 0) {
    if (NESTED.has(option.name)) return reference("requirements", option.value);
    return EDITABLE.has(option.name) ? fileReference(option.value) : void 0;
  }
  const [, direct] = /^[\w.-]+(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(line) ?? [];
  return fileReference(direct ?? line.split(/\s+|;/)[0] ?? "");
}
function fileReference(text) {
  if (/^file:/i.test(text)) return reference("file", text);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return void 0;
  const isPath = text.startsWith(".") || text.startsWith("/") || ARCHIVE.test(text);
  return isPath ? reference("file", text) : void 0;
}
function reference(kind, text) {
  const path = text.replace(/#.*$/, "").replace(/(?<=[^/])\[[^\]]*\]$/, "");
  return path === "" ? void 0 : { kind, text, path };
}

// src/bento/bento-directory.ts
async function readBento(located, world) {
  const { directory } = located;
  const manifest = await readManifestFile(located, world);
  for (const warning2 of manifest.warnings) world.actions.warning(warning2);
  await checkReadable(directory, world.files);
  const image = await completeImage(manifest, directory, world);
  const requirements = await readRequirements(image, directory, world);
  await checkReferences(image, requirements, directory, world.files);
  const { warnings: _, ...rest } = manifest;
  return {
    ...rest,
    image: image.spec === 2 ? coverPackages(image, requirements) : image,
    directory,
    entries: await readEntries(directory, world.files),
    indexOptions: requirements.indexOptions
  };
}
async function readManifestFile(located, world) {
  const file = join4(located.directory, "bento.yaml");
  const info3 = await world.files.info(file);
  if (info3 === void 0) {
    throw new Failure("bento", `${located.address} is not a Bento: there is no bento.yaml in ${located.directory}`, {
      code: "ManifestMissing",
      hint: "Give the directory, archive or tag that `bentoml build` made, not the project it was made from."
    });
  }
  if (info3.kind !== "file") {
    throw new Failure("bento", `${file} must be a regular file; it is a ${info3.kind}`, { code: "UnsafePath" });
  }
  return readManifest(await readStrictText(file, world), file);
}
async function completeImage(manifest, directory, world) {
  const { image } = manifest;
  if (image.spec === 2) return { ...image, buildInclude: checkIncludes(image.buildInclude, directory) };
  const pythonVersion = image.pythonVersion ?? await builderPython(image, directory, world);
  const conda = image.conda ? await readCondaPython(directory, world) : void 0;
  const condaOrOwn = conda ?? pythonVersion;
  return {
    ...image,
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    ...image.conda && condaOrOwn !== void 0 ? { condaPython: condaOrOwn } : {},
    installScript: await world.files.info(join4(directory, "env/python/install.sh")) !== void 0
  };
}
async function builderPython(image, directory, world) {
  const file = join4(directory, "env/python/version.txt");
  if (image.baseImage !== void 0 || await world.files.info(file) === void 0) return void 0;
  return pythonMinor(await readStrictText(file, world));
}
async function readCondaPython(directory, world) {
  const file = join4(directory, "env/conda/environment.yml");
  return await world.files.info(file) === void 0 ? void 0 : condaPython(await readStrictText(file, world));
}
function checkIncludes(paths, directory) {
  const normal = paths.map((path) => normalize2(path).replace(/\/$/, ""));
  const bad = paths.filter((_, index) => /^\/|^\.\.(?:\/|$)|[\u0000-\u001f]/.test(normal[index] ?? ""));
  if (bad.length === 0) return normal;
  throw new Failure("bento", `\`image.build_include\` leaves src/: ${bad.join(", ")}`, {
    code: "UnsafePath",
    position: { file: join4(directory, "bento.yaml") }
  });
}
async function requirementsPlace(image, directory, files) {
  const python = join4(directory, "env/python");
  if (image.spec === 1) {
    const lock = join4(python, "requirements.lock.txt");
    const locked = await files.info(lock) !== void 0;
    return { file: locked ? lock : join4(python, "requirements.txt"), root: python };
  }
  const src = join4(directory, "src");
  const root = await files.info(src) === void 0 ? python : src;
  return { file: join4(python, "requirements.txt"), root };
}
async function readRequirements(image, directory, world) {
  const place = await requirementsPlace(image, directory, world.files);
  const exists = await world.files.info(place.file) !== void 0;
  return { ...place, ...parseRequirements(exists ? await readStrictText(place.file, world) : "") };
}
async function checkReferences(image, { references, root, file }, directory, files) {
  const missing = [
    ...await findMissingFiles(image, directory, files),
    ...image.spec === 2 ? await findMissingScripts(image, directory, files) : [],
    ...image.spec === 2 ? await findMissingIncludes(image, directory, files) : [],
    ...await findMissingPackages(references, root, file, files)
  ];
  if (missing.length === 0) return;
  const messages = missing.map(({ message }) => message);
  const hints = [...new Set(missing.map(({ hint }) => hint).filter((hint) => hint !== void 0))];
  throw new Failure("bento", `The Bento in ${directory} is not complete: ${messages.join("; ")}`, {
    code: "ReferenceMissing",
    lines: messages,
    hint: hints.join(" ") || "Build the Bento again; if the file stays away, its build options name a file they do not ship."
  });
}
function coverPackages(image, { references }) {
  const paths = references.filter(({ kind }) => kind === "file").map(({ path }) => normalize2(path));
  const covered = (path) => image.buildInclude.some((include) => include === "." || path === include || path.startsWith(`${include}/`));
  const added = [...new Set(paths.filter((path) => !covered(path)))];
  return { ...image, buildInclude: [...image.buildInclude, ...added] };
}
async function readEntries(directory, files) {
  const entries = await files.list(directory);
  return entries.flatMap(({ name, kind }) => kind === "other" ? [] : [{ name, kind }]);
}

// src/inputs/doubles.ts
function doubles(names) {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

// src/inputs/conflicts.ts
function findConflicts(inputs) {
  const layouts = inputs.output.filter(({ kind }) => kind === "layout");
  return [
    ...doubles(inputs.tags.map(printReference)).map((tag) => `tags: ${tag} is given twice`),
    ...doubles(inputs.output.map(({ path }) => path)).map((path) => `output: ${path} is given twice`),
    ...doubles(secretIds(inputs)).map((id) => `secrets, secret-envs, secret-files: the secret ${id} is given twice`),
    ...secretIds(inputs).filter((id) => !SECRET_ID.test(id)).map((id) => `secrets, secret-envs, secret-files: "${id}" is no id (for example: HF_TOKEN)`),
    ...when(
      isPushed(inputs) && inputs.tags.length === 0,
      "push: it needs tags (for example: tags: ghcr.io/acme/iris:1.4.0)"
    ),
    ...when(
      inputs.assembly === "backend" && (inputs.ifExists === "skip" || inputs.environmentCache !== void 0 || inputs.modelArtifact === true),
      "if-exists, environment-cache, model-artifact: they are for direct assembly (for example: assembly: auto)"
    ),
    ...when(
      inputs.modelArtifact === true && !isPushed(inputs),
      "model-artifact: it lies beside a pushed image (for example: push: true)"
    ),
    ...when(
      inputs.digestFile !== void 0 && !isPushed(inputs),
      "digest-file: it tells the digest of a pushed image (for example: push-by-digest: true)"
    ),
    ...when(
      inputs.builderCert === void 0 !== (inputs.builderKey === void 0),
      "builder-cert, builder-key: one is of no use without the other"
    ),
    ...when(
      (inputs.builderCa ?? inputs.builderCert) !== void 0 && inputs.builder?.startsWith("tcp://") !== true,
      "builder-ca, builder-cert, builder-key: they are for an address in builder (for example: builder: tcp://buildkitd:1234)"
    ),
    ...when(
      (inputs.cache === "registry" || inputs.cache === "inline") && inputs.tags.length === 0,
      "cache: this one lies in the repository of the first tag, and there are no tags (for example: cache: local)"
    ),
    ...[...inputs.cacheFrom, ...inputs.cacheTo].filter((line) => CREDENTIAL.test(line)).map(() => "cache-from, cache-to: a credential would show on the command line; the tools find their own"),
    ...["provenance", "sbom"].filter((type) => inputs[type] !== void 0 && inputs.attests[type] !== void 0).map((type) => `${type}, attests: the same attestation is given twice`),
    ...when(
      Object.keys(inputs.annotations).some((key) => /^index[^:]*:/.test(key)) && !isIndex(inputs),
      "annotations: one platform without attestations makes no index to annotate (for example: org.opencontainers.image.title=Iris)"
    ),
    ...when(layouts.length > 1, "output: one layout directory is enough"),
    ...when(
      inputs.load === false && !isPushed(inputs) && inputs.output.length === 0,
      "load: with load: false, and neither push nor output, the image would go nowhere (for example: push: true)"
    ),
    ...when(
      inputs.format === "docker" && inputs.output.some(({ kind }) => kind !== "docker-archive"),
      "format: an OCI layout or OCI archive cannot be in docker's format (for example: output: docker-archive:image.tar)"
    ),
    ...when(
      inputs.format === "docker" && inputs.compression.format === "zstd",
      "compression: docker's format has no zstd layers (for example: format: oci)"
    )
  ];
}
var CREDENTIAL = /(?:^|,)(?:token|ghtoken|secret_access_key|session_token|secret_key)=/;
function isIndex({ platforms, provenance, sbom, attests }) {
  return platforms.length > 1 || provenance !== void 0 || sbom !== void 0 || Object.keys(attests).length > 0;
}
var SECRET_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
function secretIds({ secrets, secretEnvs, secretFiles }) {
  return [
    ...Object.keys(secrets),
    ...secretEnvs.map((item) => item.split("=")[0] ?? item),
    ...Object.keys(secretFiles)
  ];
}
function when(condition, problem) {
  return condition ? [problem] : [];
}

// src/inputs/decode-schema.ts
function decodeValues(schema2, raw, readQuoted, mistakes, findConflicts2) {
  const problems = [...mistakes];
  const decoded = {};
  for (const [name, decoder] of Object.entries(schema2)) {
    try {
      decoded[camelCase(name)] = decoder.decode(raw(name), readQuoted);
    } catch (error2) {
      const reason = error2 instanceof Error ? error2.message : String(error2);
      problems.push(`${name}: ${reason} (for example: ${decoder.example})`);
    }
  }
  const values = decoded;
  if (problems.length === 0) problems.push(...findConflicts2(values));
  if (problems.length > 0) throw inputFailure(problems);
  return values;
}
function variable(env2, name) {
  return env2[`INPUT_${name.toUpperCase()}`] ?? "";
}
function inputFailure(problems) {
  const count2 = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count2} not right: ${problems.join(" \xB7 ")}`, {
    lines: problems,
    hint: "The README lists every input with its grammar and an example."
  });
}
function camelCase(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

// src/inputs/decode.ts
async function decodeInputs(env2) {
  return decodeWith(env2, await openQuotedReader(Object.keys(schema).map(readRaw(env2).raw)));
}
function decodeWith(env2, readQuoted) {
  const { raw, notes, problems } = readRaw(env2);
  return { inputs: decodeValues(schema, raw, readQuoted, problems, findConflicts), notes };
}
function readRaw(env2) {
  const notes = [];
  const problems = [];
  const renamed = /* @__PURE__ */ new Map();
  for (const [old, current] of Object.entries(RENAMED)) {
    const value = variable(env2, old);
    if (value === "") continue;
    notes.push(`The input "${old}" is now called "${current}".`);
    if (old === "bento-tag" && variable(env2, current) !== "") problems.push(`"${old}" and "${current}" are both given`);
    renamed.set(current, value);
  }
  return { raw: (name) => renamed.get(name) ?? variable(env2, name), notes, problems };
}

// src/report/digest-file.ts
function digestFileOf(report2, revision) {
  const { result, references, bento } = report2;
  if (result.digest === void 0) return void 0;
  const platforms = result.platforms.map(({ platform }) => platform);
  const file = {
    digest: result.digest,
    repositories: distinctRepositories(references).map(printRepository),
    platforms: platforms.map(printPlatform),
    bento: printTag(bento.tag),
    ...revision ? { revision } : {}
  };
  const name = [bento.tag.name, ...platforms.map(platformSlug)].join("-");
  return { name: `${name}.json`, content: `${JSON.stringify(file, null, 2)}
` };
}

// src/report/outputs.ts
function outputsOf(report2) {
  const { result, references } = report2;
  const [first] = references;
  const { digest } = result;
  return {
    digest: digest ?? "",
    image: digest === void 0 || first === void 0 ? "" : printReference(withDigest(first, digest)),
    images: JSON.stringify(digest === void 0 ? [] : repositoriesOf(report2).map((name) => `${name}@${digest}`)),
    imageid: result.imageid ?? "",
    digests: JSON.stringify(digestsOf(report2)),
    tags: tagsOf(report2).join("\n"),
    metadata: JSON.stringify(metadataOf(report2)),
    dockerfile: report2.dockerfile,
    bento: printTag(report2.bento.tag),
    backend: report2.backend,
    layout: report2.layout ?? "",
    commands: report2.commands.join("\n")
  };
}
function tagsOf({ references, byDigest }) {
  return byDigest ? [] : references.map(printReference);
}
function repositoriesOf({ references }) {
  return [...new Set(references.map(printRepository))];
}
function digestsOf({ result }) {
  return Object.fromEntries(
    result.platforms.map(({ platform, digest, imageid, size }) => [printPlatform(platform), { digest, imageid, size }])
  );
}
function metadataOf(report2) {
  const { bento, result, engine } = report2;
  return {
    digest: result.digest,
    kind: result.kind,
    imageid: result.imageid,
    digests: digestsOf(report2),
    tags: tagsOf(report2),
    backend: report2.backend,
    versions: engine.versions,
    base: report2.base,
    bento: {
      name: bento.tag.name,
      version: bento.tag.version,
      spec: bento.image.spec,
      bentoml: bento.bentomlVersion,
      models: report2.models.map((located) => ({
        tag: printTag(located.model.tag),
        source: located.origin,
        size: sizeOf(located)
      }))
    }
  };
}
function sizeOf(located) {
  return located.kind === "snapshot" ? located.files.reduce((sum2, file) => sum2 + file.size, 0) : void 0;
}

// src/report/stopwatch.ts
function openStopwatch(now) {
  const phases2 = [];
  return {
    phases: phases2,
    async phase(title, work) {
      const start = now().getTime();
      try {
        return await work();
      } finally {
        phases2.push({ title, seconds: (now().getTime() - start) / 1e3 });
      }
    }
  };
}

// src/report/subjects.ts
async function declareSubjects(report2, { env: env2, files }) {
  const { GITHUB_ARTIFACTS: path, GITHUB_ARTIFACTS_LIST: list2 } = env2;
  const { digest } = report2.result;
  if (!report2.pushed || !path || digest === void 0) return [];
  const declared = new Map((await readDeclared(list2, files)).map(({ name, digest: known }) => [name, known]));
  const names = repositoriesOf(report2);
  const taken = names.filter((name) => (declared.get(name) ?? digest) !== digest);
  const lines = names.filter((name) => !taken.includes(name)).map((name) => `oci://${name}@${digest}
`);
  const before = await files.info(path) === void 0 ? "" : await files.readText(path);
  await files.write(path, before + lines.join(""), 420);
  return taken;
}
async function readDeclared(path, files) {
  if (!path) return [];
  const text = await files.readText(path).catch(() => "");
  try {
    const parsed = JSON.parse(text);
    return parsed?.subjects ?? [];
  } catch {
    return [];
  }
}

// src/report/summary.ts
function summaryOf(report2) {
  const sections = [
    heading(report2),
    facts(report2),
    ...report2.notes.map((note) => `> [!NOTE]
> ${note}`),
    ...report2.result.platforms.map((image) => sizes(image, report2)),
    changes(report2),
    phases(report2),
    usage(report2),
    commands(report2)
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}
`;
}
function heading({ bento, dryRun }) {
  return `### ${dryRun ? "Dry run: " : ""}Bento \`${printTag(bento.tag)}\` \u2192 image`;
}
function facts(report2) {
  const { result, engine, bento } = report2;
  const noDigest = report2.dryRun ? "" : "none: the store keeps no manifest";
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  return table([
    ["Backend", [report2.backend, ...versions.length === 0 ? [] : [`(${versions.join(", ")})`]].join(" ")],
    ["Assembly", report2.assembly],
    ["Cache", report2.cache ?? ""],
    ["Base image", code(report2.base)],
    ["BentoML", `${bento.bentomlVersion}, spec ${bento.image.spec}`],
    [report2.byDigest ? "Repositories" : "Tags", namesOf(report2).map(code).join("<br>")],
    [
      `Digest${result.kind === void 0 ? "" : ` (${result.kind})`}`,
      result.digest === void 0 ? noDigest : code(result.digest)
    ],
    ["Image id (config)", result.imageid === void 0 ? "" : code(result.imageid)],
    ["Platforms", result.platforms.map(({ platform }) => code(printPlatform(platform))).join(" ")]
  ]);
}
function namesOf({ references, byDigest }) {
  return (byDigest ? distinctRepositories(references) : references).map(printFamiliar);
}
function sizes({ platform, layers, size }, { payload }) {
  const below = layers.slice(0, layers.length - payload.length);
  const rows = [
    ["base and environment", printBytes(sum(below.map((layer) => layer.size)))],
    ...payload.map(({ title, note }, index) => [
      title,
      `${printBytes(layers[below.length + index]?.size ?? 0)}${note === void 0 ? "" : ` (${note})`}`
    ])
  ];
  if (payload.length === 0 || layers.length < payload.length) rows.length = 1;
  return `**Size of ${printPlatform(platform)}: ${printBytes(size)}** (compressed)

${table(rows)}`;
}
function changes({ changes: all }) {
  if (all.length === 0) return "";
  const rows = all.map(({ title, now, before }) => [title, `${printBytes(now)} (${difference(now - before)})`]);
  return `**Against the image that the first tag had before**

${table(rows)}`;
}
function difference(count2) {
  if (count2 === 0) return "as before";
  return `${count2 < 0 ? "\u2212" : "+"}${printBytes(Math.abs(count2))}`;
}
function phases({ phases: all }) {
  return all.length === 0 ? "" : table([...all.map(({ title, seconds }) => [title, `${seconds.toFixed(1)} s`])]);
}
function usage({ pushed, references, result }) {
  const [first] = references;
  if (!pushed || first === void 0 || result.digest === void 0) return "";
  const image = printReference(withDigest(first, result.digest));
  return ["Run it:", "", "```sh", `docker run --rm -p 3000:3000 ${image}`, "```"].join("\n");
}
function commands({ commands: lines }) {
  return ["<details><summary>Commands</summary>", "", "```sh", ...lines, "```", "", "</details>"].join("\n");
}
function table(rows) {
  const filled = rows.filter(([, text]) => text !== "");
  return [
    "| | |",
    "|---|---|",
    ...filled.map(([name = "", text = ""]) => `| ${name} | ${text.replaceAll("|", "\\|")} |`)
  ].join("\n");
}
function code(text) {
  return `\`${text}\``;
}
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

// src/script/credentials.ts
import { isAbsolute, join as join5 } from "node:path";
async function findAuthFile(authFile, { files, workspace }) {
  if (authFile === void 0) return void 0;
  const path = isAbsolute(authFile) ? authFile : join5(workspace, authFile);
  if (await files.info(path) !== void 0) return path;
  throw new Failure("input", `registry-auth-file: there is no file ${path}`, { code: "AuthFileMissing" });
}
async function shareCredentials(authFile, world) {
  if (authFile === void 0) return { env: {} };
  const { env: env2, files } = world;
  const path = await findAuthFile(authFile, world);
  const own = env2["DOCKER_CONFIG"] ?? join5(env2["HOME"] ?? "/root", ".docker");
  const directory = join5(await files.scratch(), "docker");
  await files.makeDirectory(directory, 448);
  await files.write(join5(directory, "config.json"), await files.readBytes(path), 384);
  const others = await files.info(own) === void 0 ? [] : await files.list(own);
  for (const { name } of others)
    if (name !== "config.json") await files.makeLink(join5(own, name), join5(directory, name));
  return { path, env: { DOCKER_CONFIG: directory, REGISTRY_AUTH_FILE: path } };
}

// src/script/environment.ts
var AMBIENT = [
  "DOCKER_BUILDKIT",
  "DOCKER_DEFAULT_PLATFORM",
  "DOCKER_CONTENT_TRUST",
  "BUILDKIT_PROGRESS",
  "BUILDKIT_SYNTAX",
  "BUILDX_BUILDER",
  "BUILDX_DEFAULT_POLICY",
  "BUILDX_GIT_INFO",
  "BUILDX_GIT_LABELS",
  "BUILDX_METADATA_PROVENANCE",
  "BUILDX_METADATA_WARNINGS",
  "BUILDX_NO_DEFAULT_ATTESTATIONS",
  "BUILDX_NO_DEFAULT_LOAD",
  "BUILDX_NO_DEFAULT_OCI_ARTIFACT",
  "BUILDAH_FORMAT",
  "BUILDAH_LAYERS",
  "SOURCE_DATE_EPOCH"
];
var RUNNER_TOKEN = "ACTIONS_RUNTIME_TOKEN";
function toolEnvironment(env2, secretNames, additions) {
  const hidden = /* @__PURE__ */ new Set([...AMBIENT, RUNNER_TOKEN, ...secretNames]);
  const kept = Object.entries(env2).filter(([name]) => !hidden.has(name) && !name.startsWith("INPUT_"));
  return { ...Object.fromEntries(kept), ...additions };
}

// src/script/image-source.ts
import { isAbsolute as isAbsolute2, join as join10 } from "node:path";

// src/image/given-dockerfile.ts
import { join as join7 } from "node:path/posix";

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
function slug(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/-$/, "");
}

// src/image/dockerfile-text.ts
var HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=$|[\s;|&<>)])/g;
var HEREDOC_KEYWORDS = ["RUN", "COPY", "ADD"];
function parseDockerfile(text) {
  const lines = text.split(/\r?\n/);
  const continuation = new RegExp(`\\${escapeCharacter(lines)}[ \\t]*$`);
  const instructions = [];
  let index = 0;
  while (index < lines.length) {
    const parts = [];
    let firstLine = index + 1;
    for (let more = true; more && index < lines.length; index += 1) {
      const line = lines[index] ?? "";
      if (/^\s*#/.test(line) || line.trim() === "" && parts.length > 0) continue;
      if (parts.length === 0) firstLine = index + 1;
      more = continuation.test(line);
      parts.push(line.replace(continuation, ""));
    }
    const logical = parts.join("").trim();
    if (logical === "") continue;
    const instruction = splitInstruction(logical);
    if (HEREDOC_KEYWORDS.includes(instruction.keyword)) index = skipHeredocs(logical, lines, index);
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
function escapeCharacter(lines) {
  for (const line of lines) {
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
function skipHeredocs(logical, lines, start) {
  let index = start;
  for (const [, dash, , name] of logical.matchAll(HEREDOC)) {
    const end = lines.findIndex((line, at) => at >= index && (dash === "-" ? line.replace(/^\t+/, "") : line) === name);
    if (end !== -1) index = end + 1;
  }
  return index;
}

// src/image/payload.ts
import { dirname, join as join6 } from "node:path/posix";
var ROOT = { uid: 0, gid: 0 };
var FIRST = ["apis", "env"];
var MODELS = ["models", "hf-models"];
function payloadLayers(bento, contexts, layout) {
  const named = (kind) => bento.entries.filter((entry) => entry.kind === kind && !MODELS.includes(entry.name)).map(({ name }) => name);
  const directories = named("directory");
  const layer = (name, copies) => ({
    kind: "bento",
    name,
    owner: layout,
    copies
  });
  const directory = (name) => layer(name, [{ sources: [name], destination: `${join6(layout.bento, name)}/` }]);
  return [
    ...contexts.map((context) => modelLayer(context, layout)),
    ...directories.filter((name) => FIRST.includes(name)).map(directory),
    layer("generated", [{ context: "generated", sources: ["bento"], destination: `${layout.bento}/` }]),
    ...directories.filter((name) => !FIRST.includes(name)).map(directory),
    layer("manifest", [
      { sources: named("file"), destination: `${layout.bento}/` },
      // Followed by name, so that one to a directory stays a directory of that name.
      ...named("symlink").map((name) => ({ sources: [name], destination: join6(layout.bento, name) }))
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
  const groups = Map.groupBy(sources, dirname);
  const root = join6(bento, "hf-models", repositoryFolder(located.model.repository));
  return [...groups].map(([directory, files]) => ({
    context,
    sources: files,
    destination: `${join6(root, directory)}/`
  }));
}
function repositoryFolder(repository) {
  return `models--${repository.replaceAll("/", "--")}`;
}
function generatedEntries(bento, models, layout) {
  const scripts = ["entrypoint.sh", ...bento.image.spec === 1 && bento.image.setupScript ? ["setup_script"] : []];
  const entries = [
    ...["models", "hf-models"].map((name) => directoryEntry(join6("bento", name))),
    ...modelEntries(models).map((entry) => ({ ...entry, path: join6("bento", entry.path) })),
    ...scripts.map((name) => {
      const path = join6("env/docker", name);
      return { kind: "copy", path: join6("bento", path), mode: 493, source: join6(bento.directory, path) };
    }),
    ...rootParents(layout).map((path) => directoryEntry(join6("parents", path)))
  ];
  return withParents(entries);
}
function modelEntries(models) {
  return [
    ...latestVersions(models).map(([name, version]) => fileEntry(join6("models", name, "latest"), version)),
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
  const root = join6("hf-models", repositoryFolder(model.repository));
  const links = files.flatMap(({ source, path }) => {
    const place = join6("snapshots", commit, path);
    if (place === source) return [];
    return [{ kind: "link", path: join6(root, place), target: join6("../".repeat(place.split("/").length - 1), source) }];
  });
  const listing = join6("trees", `${commit}.json`);
  return [
    ...links,
    // Without its listing huggingface_hub 2 asks the Hub what belongs to the commit, at every start.
    ...located.listed ? [copyEntry(join6(root, listing), join6(located.directory, listing))] : [],
    // Without the commit in the manifest the server looks the branch up, here instead of at the Hub.
    ...model.revision === commit ? [] : [fileEntry(join6(root, "refs", model.revision), commit)]
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
    for (let path = dirname(entry.path); path !== "."; path = dirname(path)) all.set(path, directoryEntry(path));
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}
function directoryEntry(path) {
  return { kind: "directory", path: path.replace(/^\//, ""), mode: 493 };
}

// src/image/given-dockerfile.ts
function storedSource(bento, models, given) {
  const text = dropSyntax(given.text);
  const instructions = parseDockerfile(text);
  const contexts = nameContexts(models.filter((model) => model.kind === "snapshot" || model.origin === "store"));
  const copy = findBentoCopy(instructions);
  if (copy === void 0 && contexts.length > 0) throw copyMissing(given.path, contexts);
  const added = copy === void 0 ? [] : modelInstructions(copy, contexts);
  const lines = text.split("\n");
  const at = copy?.lastLine ?? lines.length;
  return {
    ...givenSource(bento, given, instructions),
    dockerfile: [...lines.slice(0, at), ...added, ...lines.slice(at)].join("\n"),
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
function dropSyntax(text) {
  return text.replace(/^#\s*syntax\s*=.*\r?\n/i, "");
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
  return withParents(entries.map((entry) => ({ ...entry, path: join7("bento", entry.path) })));
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

// src/image/commands.ts
import { join as join8 } from "node:path/posix";

// src/image/step.ts
var FIXED_EPOCH = `SOURCE_DATE_EPOCH=${FIXED_TIME}`;
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
function commandsSection(when2, image, layout, secrets) {
  const commands2 = when2 === "before" ? image.commands : image.postCommands;
  if (commands2.length === 0) return [];
  const keepIndexes = when2 === "before" && image.postCommands.some((command) => USES_PACKAGES.test(command));
  const mounts = when2 === "before" ? [] : [pythonMount(layout)];
  const statements = [...commands2.map(runCommand), ...cleanUp({ keepIndexes })];
  return [
    {
      comment: [
        `The Bento's commands ${when2} its Python packages: one layer, because only its end can remove what they leave behind.`
      ],
      steps: [...copyScripts(commands2, layout), runStep(statements, { secrets, mounts })]
    }
  ];
}
function copyScripts(commands2, layout) {
  const names = [...new Set(commands2.join("\n").match(SCRIPT) ?? [])].sort();
  if (names.length === 0) return [];
  return [
    {
      kind: "copy",
      sources: names.map((name) => join8("env/docker", name)),
      destination: `${join8(layout.bento, "env/docker")}/`,
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
  const target = join8(layout.bento, "env/conda");
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
      runStep([join8(layout.bento, "env/docker/setup_script"), ...cleanUp({ keepIndexes: false })], {
        secrets
      })
    ]
  };
}
function pythonMount(layout) {
  return { kind: "bind", source: "env/python", target: join8(layout.bento, "env/python") };
}

// src/image/environment.ts
import { join as join9 } from "node:path/posix";

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
  const pairs = options.map((option) => option.split(/\s+(.*)/s)).filter(([name = "", value = ""]) => name !== "--find-links" || /^https?:/.test(value));
  return Object.entries(PIP_VARIABLES).flatMap(([option, variable2]) => {
    const values = pairs.flatMap(([name, value = ""]) => name === option && value !== "" ? [value] : []);
    const kept = option === "--index-url" ? values.slice(-1) : values;
    return kept.length === 0 ? [] : [`${variable2}="${kept.map(quoteOpen).join(" ")}"`];
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
    const source = path === "." ? "src" : join9("src", path);
    return {
      kind: "copy",
      sources: [source],
      destination: join9(layout.bento, source),
      owner: layout,
      executable: false
    };
  });
  const directory = includes.length === 0 ? "env/python" : "src";
  const requirements = join9(layout.bento, "env/python/requirements.txt");
  const install2 = `uv --directory ${directory} pip install -r ${requirements}`;
  return {
    comment: PACKAGES,
    steps: [...includes, installStep(install2, { secrets, mounts: [pythonMount(layout)], local: includes.length > 0 })]
  };
}
function packagesSectionV1(bento, image, layout, secrets) {
  const directory = join9(layout.bento, "env/python");
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
  const build2 = envs.filter(({ stage }) => stage === "build");
  const runtime = envs.filter(({ stage }) => stage === "runtime");
  const later = new Set([...build2, ...runtime].map(({ name }) => name));
  const dockerEnv = bento.image.spec === 1 ? bento.image.dockerEnv : void 0;
  const all = dockerEnv === void 0 ? envs.filter(({ stage }) => stage === "all") : Object.entries(dockerEnv).map(([name, value]) => ({ name, value })).filter(({ name }) => !later.has(name));
  const resolve4 = ({ name, value }) => ({ name, value: buildArgs[name] ?? value });
  const resolved = { all: all.map(resolve4), runtime: runtime.map(resolve4) };
  for (const variable2 of [...resolved.all, ...resolved.runtime]) checkVariable(variable2);
  for (const { name } of build2) if (!SECRET_NAME.test(name)) throw invalid(`${name} cannot be a variable of a shell`);
  const isSet = ({ name, value }) => value !== "" || dockerEnv?.[name] !== void 0;
  return {
    all: resolved.all.filter(isSet),
    runtime: resolved.runtime.filter(isSet),
    secrets: build2.map(({ name, value }) => ({ name, declared: value })),
    unset: [...resolved.all, ...resolved.runtime].filter((variable2) => !isSet(variable2)).map(({ name }) => name)
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
  const base = baseImage(image);
  const environment = image.spec === 1 ? environmentV1(input, image) : environmentV2(input, image);
  return {
    bento: bento.tag,
    bentomlVersion: bento.bentomlVersion,
    tool: options.tool,
    base,
    environment: settleTimes(environment, base),
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
  const path = isStored ? join10(bento.directory, STORED) : absolute(dockerfile, world.workspace);
  const given = { path, buildArgs, text: await readDockerfile(path, world) };
  return { ...isStored ? storedSource(bento, models, given) : ownSource(bento, models, given), payload: [] };
}
function titlesOf({ payload, afterPayload }) {
  return afterPayload.length > 0 ? [] : payload.flatMap(({ name, copies }) => copies.map(() => name));
}
function absolute(path, workspace) {
  return isAbsolute2(path) ? path : join10(workspace, path);
}
async function readDockerfile(path, { files }) {
  if (await files.info(path) === void 0) {
    throw new Failure("input", `dockerfile: there is no file ${path}`, {
      hint: "Give generated, stored, or a path from the workspace."
    });
  }
  return files.readText(path);
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
  const build2 = await runBackend(job, found, inputs, source, { ...stage, keepsEnvironment: false });
  return {
    ...build2,
    backend: backend.name,
    assembly: `by the backend: ${because}`,
    engine,
    base: source.base,
    payload: source.payload.map((title) => ({ title })),
    changes: [],
    notes: [...source.notes, ...engine.notes ?? []]
  };
}

// src/build.ts
var TOOL = "bento-image";
var MINUTE = 6e4;
async function build(world) {
  const { inputs, notes } = await decodeInputs(world.env);
  if (inputs.timeout !== void 0) world.cancelAfter(inputs.timeout * MINUTE);
  const watch = openStopwatch(world.now);
  const { bento, models } = await watch.phase("read the Bento", () => readAll(inputs, world));
  const credentials = await shareCredentials(inputs.registryAuthFile, world);
  const env2 = toolEnvironment(world.env, secretVariables(inputs, bento), credentials.env);
  const recipe = deriveRecipe(inputs, bento, models, TOOL);
  const job = { inputs, bento, models, recipe, authFile: credentials.path, env: env2, watch, world };
  const outcome = await make(job, chooseAssembly(inputs, recipe));
  const layout = inputs.dryRun === true ? void 0 : layoutPath(inputs, world.workspace);
  const report2 = {
    bento,
    models,
    references: referencesOf(inputs, bento),
    pushed: isPushed(inputs) && inputs.dryRun !== true,
    byDigest: inputs.pushByDigest === true,
    dryRun: inputs.dryRun === true,
    phases: watch.phases,
    ...outcome,
    notes: [...notes, ...outcome.notes],
    ...layout === void 0 ? {} : { layout }
  };
  if (inputs.digestFile !== void 0) await leaveDigest(report2, resolve2(world.workspace, inputs.digestFile), world);
  await tell(report2, inputs.summary !== false, world);
}
async function make(job, choice) {
  if (choice.kind === "backend") return buildThroughBackend(job, choice.because);
  const { buildDirectly } = await import("./direct-ZOAIXBFD.js");
  const made = await buildDirectly(job, choice.recipe);
  return "declined" in made ? buildThroughBackend(job, made.declined) : made;
}
async function readAll(inputs, world) {
  const home = inputs.bentomlHome === void 0 ? {} : { bentomlHome: inputs.bentomlHome };
  const bento = await readBento(await locateBento({ bento: inputs.bento, ...home }, world), world);
  const options = { ...home, dryRun: inputs.dryRun === true, remoteFrom: ALONE };
  return { bento, models: await locateModels(bento, options, world) };
}
async function leaveDigest(report2, directory, { env: env2, files }) {
  const file = digestFileOf(report2, env2["GITHUB_SHA"]);
  if (file === void 0) return;
  await files.makeDirectory(directory, 493);
  await files.write(join11(directory, file.name), file.content, 420);
}
async function tell(report2, withSummary, world) {
  const { actions } = world;
  for (const note of report2.notes) actions.notice(note);
  if (report2.dryRun) for (const line of report2.commands) actions.info(line);
  for (const [name, value] of Object.entries(outputsOf(report2))) actions.setOutput(name, value);
  const taken = await declareSubjects(report2, world);
  if (taken.length > 0) {
    actions.notice(`Not declared for attestation, as this job did so with another digest: ${taken.join(", ")}`);
  }
  if (withSummary) await actions.writeSummary(summaryOf(report2));
  const { digest, imageid } = report2.result;
  if (!report2.dryRun) actions.info(`Built ${report2.references.length} tag(s): ${digest ?? imageid ?? ""}`);
}

// src/report/failure.ts
var MOST_CHARACTERS = 4e3;
var MOST_OF_MESSAGE = 2e3;
function reportFailure(failure, actions) {
  actions.error(printFailure(failure), {
    title: FAILURE_TITLES[failure.class],
    ...failure.position === void 0 ? {} : { file: failure.position.file },
    ...failure.position?.line === void 0 ? {} : { line: failure.position.line }
  });
  if (failure.cause instanceof Error && failure.cause.stack !== void 0) actions.debug(failure.cause.stack);
}
function printFailure(failure) {
  const lines = failure.lines.filter((line) => !failure.message.includes(line)).map((line) => `  ${line}`);
  const hint = failure.hint === void 0 ? [] : [`\u2192 ${failure.hint}`];
  const { message: whole } = failure;
  const message = whole.length > MOST_OF_MESSAGE ? `${whole.slice(0, MOST_OF_MESSAGE)}\u2026` : whole;
  const room = MOST_CHARACTERS - message.length - (failure.hint?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines, room), ...hint].join("\n");
}
function lastThatFit(lines, room) {
  const kept = [];
  let used = 0;
  for (const line of lines.toReversed()) {
    used += line.length + 1;
    if (used > room) break;
    kept.unshift(line);
  }
  return kept;
}

// src/world/real.ts
import { availableParallelism, tmpdir } from "node:os";
import { resolve as resolve3 } from "node:path";

// src/world/actions.ts
function properties(annotation = {}) {
  return {
    ...annotation.title === void 0 ? {} : { title: annotation.title },
    ...annotation.file === void 0 ? {} : { file: annotation.file },
    ...annotation.line === void 0 ? {} : { startLine: annotation.line }
  };
}
function realActions(hasSummary) {
  return {
    info,
    debug,
    notice: (message, annotation) => notice(message, properties(annotation)),
    warning: (message, annotation) => warning(message, properties(annotation)),
    error: (message, annotation) => error(message, properties(annotation)),
    startGroup,
    endGroup,
    mask: setSecret,
    setOutput: (name, value) => setOutput(name, value),
    exportVariable: (name, value) => exportVariable(name, value),
    addPath,
    saveState: (name, value) => saveState(name, value),
    getState,
    async writeSummary(markdown) {
      if (hasSummary) await summary.addRaw(markdown, true).write();
    }
  };
}

// src/world/files.ts
import { createReadStream, createWriteStream } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  symlink,
  writeFile
} from "node:fs/promises";
import { join as join12 } from "node:path";

// src/world/file-info.ts
function kindOf(entry) {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isDirectory()) return "directory";
  return entry.isFile() ? "file" : "other";
}
function infoFrom(found) {
  return { kind: kindOf(found), size: found.size, mode: found.mode & 4095, modified: found.mtime };
}
function isMissing(error2) {
  const code2 = error2 instanceof Error && "code" in error2 ? error2.code : void 0;
  return code2 === "ENOENT" || code2 === "ENOTDIR";
}

// src/world/files.ts
async function info2(path) {
  try {
    return infoFrom(await lstat(path));
  } catch (error2) {
    if (isMissing(error2)) return void 0;
    throw error2;
  }
}
async function list(path) {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort((one, other) => one.name < other.name ? -1 : 1);
}
async function readHead(path, length) {
  var _stack = [];
  try {
    const handle = __using(_stack, await open(path), true);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
var PIECE = 1 << 20;
function makePieces() {
  const spare = [];
  return async function* pieces(path) {
    var _stack = [];
    try {
      const handle = __using(_stack, await open(path), true);
      const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE);
      try {
        for (; ; ) {
          const { bytesRead } = await handle.read(buffer, 0, PIECE);
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        spare.push(buffer);
      }
    } catch (_) {
      var _error = _, _hasError = true;
    } finally {
      var _promise = __callDispose(_stack, _error, _hasError);
      _promise && await _promise;
    }
  };
}
async function write(path, content, mode) {
  await writeFile(path, content, { mode });
  await chmod(path, mode);
}
async function makeDirectory(path, mode) {
  const created = await mkdir(path, { recursive: true, mode });
  if (created !== void 0) await chmod(path, mode);
}
async function makeKept(temporary) {
  const directory = await mkdtemp(join12(temporary, "bento-image-"));
  await chmod(directory, 493);
  return directory;
}
function realFiles(temporary) {
  let scratch;
  let kept;
  return {
    info: info2,
    list,
    readHead,
    pieces: makePieces(),
    write,
    makeDirectory,
    readBytes: (path) => readFile(path),
    readText: (path) => readFile(path, "utf8"),
    readLink: (path) => readlink(path),
    realPath: (path) => realpath(path),
    source: (path, range) => createReadStream(path, { ...range, highWaterMark: 1 << 16 }),
    sink: (path, { mode, append }) => createWriteStream(path, { mode, flags: append ? "a" : "wx" }),
    makeLink: (target, path) => symlink(target, path),
    setMode: (path, mode) => chmod(path, mode),
    rename: (from, to) => rename(from, to),
    remove: (path) => rmRF(path),
    scratch() {
      scratch ??= mkdtemp(join12(temporary, "bento-image-"));
      return scratch;
    },
    kept() {
      kept ??= makeKept(temporary);
      return kept;
    },
    async dispose() {
      if (scratch !== void 0) await rmRF(await scratch);
    }
  };
}

// src/world/http-body.ts
import { Readable } from "node:stream";
function isStreamed(body) {
  return body !== void 0 && typeof body !== "string" && !(body instanceof Uint8Array);
}
function sendPieces(body, sent) {
  let left = Number(sent.getHeader("content-length"));
  let over = false;
  let letGo = () => void 0;
  async function send() {
    for await (const piece of body) {
      if (over || sent.destroyed) return;
      left -= piece.length;
      if (left < 0) throw new Error("the body is longer than its content-length");
      await new Promise((resolve4) => {
        letGo = resolve4;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve4();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve4, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve4();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve4, (error2) => {
      if (over) return;
      sent.destroy(error2 instanceof Error ? error2 : new Error(String(error2)));
      reject(error2);
    });
  });
}

// src/world/trust.ts
import { readdir as readdir2, readFile as readFile2 } from "node:fs/promises";
import { join as join13 } from "node:path";
var UNTRUSTED = /* @__PURE__ */ new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
]);
function isUntrusted(error2) {
  return error2 instanceof Error && "code" in error2 && UNTRUSTED.has(String(error2.code));
}
function certificateDirectories(env2) {
  const home = env2["HOME"];
  const own = home === void 0 ? [] : [join13(home, ".config/docker/certs.d"), join13(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env2, host) {
  const roots = [];
  for (const directory of certificateDirectories(env2)) {
    const names = await readdir2(join13(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile2(join13(directory, host, name), "utf8"));
    }
  }
  return roots;
}

// src/world/http.ts
var IDLE_TIMEOUT = 3e4;
function realHttp(machine) {
  const transports = /* @__PURE__ */ new Map();
  const agents = [];
  const roots = /* @__PURE__ */ new Map();
  let trustMachine = false;
  function transportOf(protocol) {
    const known = transports.get(protocol);
    if (known !== void 0) return known;
    const opened = openTransport(protocol, machine.env).then((transport) => {
      agents.push(transport.agent);
      return transport;
    });
    transports.set(protocol, opened);
    return opened;
  }
  function rootsOf(url) {
    const key = `${url.host} ${trustMachine}`;
    const found = roots.get(key) ?? gatherRoots(machine.env, url.host, trustMachine);
    roots.set(key, found);
    return found;
  }
  async function attempt(request) {
    const { url } = request;
    const transport = await transportOf(url.protocol);
    const ca = url.protocol === "https:" ? await rootsOf(url) : void 0;
    const sent = transport.request(url, {
      method: request.method,
      headers: headersOf(request),
      agent: transport.agent,
      signal: request.signal ?? machine.signal,
      timeout: request.idleTimeout ?? IDLE_TIMEOUT,
      ...ca === void 0 ? {} : { ca }
    });
    return exchange(sent, request);
  }
  return {
    async request(request) {
      try {
        return await attempt(request);
      } catch (error2) {
        if (trustMachine || !isUntrusted(error2)) throw error2;
        trustMachine = true;
        if (isStreamed(request.body)) throw error2;
        return await attempt(request);
      }
    },
    close() {
      for (const agent of agents) agent.destroy();
    }
  };
}
async function openTransport(protocol, env2) {
  const options = { keepAlive: true, proxyEnv: { ...env2 } };
  if (protocol === "https:") {
    const https = process.getBuiltinModule("node:https");
    return { agent: new https.Agent(options), request: https.request };
  }
  const http = process.getBuiltinModule("node:http");
  return { agent: new http.Agent(options), request: http.request };
}
async function gatherRoots(env2, host, trustMachine) {
  const own = await registryRoots(env2, host);
  if (own.length === 0 && !trustMachine) return void 0;
  const { getCACertificates } = await import("node:tls");
  return [...getCACertificates("default"), ...own, ...trustMachine ? getCACertificates("system") : []];
}
function headersOf({ headers, body }) {
  if (body === void 0 || isStreamed(body)) return { ...headers };
  return { ...headers, "content-length": String(Buffer.byteLength(body)) };
}
function exchange(sent, { body, url }) {
  return new Promise((resolve4, reject) => {
    let answer;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve4(given), reject);
    });
    if (!isStreamed(body)) sent.end(body);
  });
}
function flatten(response) {
  const headers = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== void 0) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
function timedOut(url) {
  return Object.assign(new Error(`${url.host} was silent for too long`), { code: "ETIMEDOUT" });
}

// src/world/processes.ts
import { once } from "node:events";
import { constants } from "node:os";
import { delimiter, join as join14 } from "node:path";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env2, signal) {
  return {
    async which(tool, path) {
      if (path === void 0 || path === env2["PATH"]) return await which(tool) || void 0;
      for (const directory of path.split(delimiter)) {
        const found = directory === "" ? "" : await which(join14(directory, tool));
        if (found !== "") return found;
      }
      return void 0;
    },
    // @actions/exec crashes this process when a program ends without reading its input.
    ask: (invocation) => invocation.stdin === void 0 ? ask(invocation, env2) : capture(invocation, env2, new AbortController().signal),
    async capture(invocation) {
      const answer = await capture(invocation, env2, eitherOf(signal, invocation));
      if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
      return answer;
    },
    async stream(invocation, onLine) {
      const tail = [];
      const keep = async (output) => {
        for await (const line of linesOf(output)) {
          tail.push(line);
          if (tail.length > TAIL_LINES) tail.shift();
          onLine(line);
        }
      };
      return { ...await run(invocation, env2, eitherOf(signal, invocation), { stdout: keep, stderr: keep }), tail };
    }
  };
}
function eitherOf(signal, { signal: own }) {
  return own === void 0 ? signal : AbortSignal.any([signal, own]);
}
async function capture(invocation, env2, signal) {
  const answer = { stdout: "", stderr: "" };
  const readers = {
    stdout: async (output) => {
      for await (const text of output) answer.stdout += text;
    },
    stderr: async (output) => {
      for await (const text of output) answer.stderr += text;
    }
  };
  const killAfter = invocation.signal === void 0 ? KILL_AFTER_MS : 0;
  const { code: code2, signal: killedBy } = await run(invocation, env2, signal, readers, killAfter);
  return { ...answer, code: code2 ?? statusOf(killedBy) };
}
async function ask({ tool, args, cwd, env: env2 }, ambient) {
  const { getExecOutput } = await import("./exec-HRKGP3NX.js");
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(env2 ?? ambient),
    ...cwd === void 0 ? {} : { cwd }
  });
  return { code: exitCode, stdout, stderr };
}
async function run(invocation, env2, signal, readers, killAfter = KILL_AFTER_MS) {
  const { tool, args, stdin, cwd } = invocation;
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly(invocation.env ?? env2),
    stdio: "pipe",
    ...cwd === void 0 ? {} : { cwd }
  });
  const stopListening = endGroupOn(signal, child, killAfter);
  try {
    child.stdin.on("error", () => void 0).end(stdin);
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8");
    const drained = Promise.allSettled([readers.stdout(child.stdout), readers.stderr(child.stderr)]);
    const [code2, killedBy] = await once(child, "exit");
    await drain(drained, child);
    return {
      code: typeof code2 === "number" ? code2 : void 0,
      signal: typeof killedBy === "string" ? killedBy : void 0
    };
  } catch (error2) {
    throw notStarted(error2, tool);
  } finally {
    stopListening();
  }
}
async function drain(read, child) {
  const giveUp = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await read;
  clearTimeout(giveUp);
}
function notStarted(error2, tool) {
  const isSpawn = error2 instanceof Error && "syscall" in error2 && String(error2.syscall).startsWith("spawn");
  return isSpawn ? new Failure("tool", `${tool} cannot be started: ${error2.message}`, { cause: error2 }) : error2;
}
function definedOnly(env2) {
  return Object.fromEntries(Object.entries(env2).filter((pair) => pair[1] !== void 0));
}
function statusOf(killedBy) {
  return 128 + (constants.signals[killedBy] ?? 0);
}
async function* linesOf(output) {
  let rest = "";
  for await (const text of output) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}
function endGroupOn(signal, child, killAfter) {
  let lastResort;
  const end = () => {
    signalGroup(child, "SIGTERM");
    lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), killAfter);
  };
  signal.addEventListener("abort", end, { once: true });
  return () => {
    signal.removeEventListener("abort", end);
    clearTimeout(lastResort);
    if (signal.aborted) signalGroup(child, "SIGKILL");
  };
}
function signalGroup(child, signal) {
  if (child.pid === void 0) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
  }
}

// src/world/answer.ts
function errorFrom({ message, stack, code: code2, failure }) {
  const original = Object.assign(new Error(message), { stack, code: code2 });
  if (failure === void 0) return original;
  const { class: failureClass, ...details } = failure;
  return new Failure(failureClass, message, { ...details, ...code2 === void 0 ? {} : { code: code2 }, cause: original });
}

// src/world/workers.ts
var YOUNG = 2;
function realWorkers(width, signal) {
  const threads = /* @__PURE__ */ new Set();
  const idle = [];
  const turns = new Turns(width);
  let disposed = false;
  function refuseWhenOver() {
    if (signal.aborted) throw stopped(signal);
    if (disposed) throw ended();
  }
  async function start() {
    const { Worker: Thread } = await import("node:worker_threads");
    refuseWhenOver();
    const thread = new Thread(entryPoint(), { env: {}, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    threads.add(thread);
    return thread.once("exit", () => threads.delete(thread));
  }
  async function perform(job) {
    refuseWhenOver();
    const thread = idle.pop() ?? await start();
    try {
      const answer = await ask2(thread, job);
      idle.push(thread);
      return answer;
    } catch (error2) {
      await thread.terminate();
      throw error2;
    }
  }
  async function endAll() {
    idle.length = 0;
    await Promise.all([...threads].map((thread) => thread.terminate()));
  }
  const onAbort = () => void endAll();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    width,
    async run(job) {
      const answer = await turns.take(() => perform(job)).catch((error2) => {
        throw signal.aborted ? stopped(signal, error2) : error2;
      });
      if ("error" in answer) throw errorFrom(answer.error);
      return answer.result;
    },
    async dispose() {
      disposed = true;
      signal.removeEventListener("abort", onAbort);
      await endAll();
    }
  };
}
var Turns = class {
  #waiting = [];
  #free;
  constructor(width) {
    this.#free = width;
  }
  async take(work) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === void 0) this.#free += 1;
      else next();
    }
  }
};
function entryPoint() {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../worker.ts" : "./worker.js", here);
}
function ask2(thread, job) {
  return new Promise((resolve4, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve4(answer);
    });
    thread.postMessage(job);
  });
}
function ended() {
  return new Failure("internal", "A worker thread ended before its job did");
}
function stopped(signal, cause) {
  return cancelled(signal, "Reading the files was stopped", cause);
}

// src/world/real.ts
function realWorld() {
  const env2 = { ...process.env };
  const cancellation = new AbortController();
  const cancel = (signal) => cancellation.abort(signal);
  let timer;
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const files = realFiles(env2["RUNNER_TEMP"] || tmpdir());
  const http = realHttp({ env: env2, signal: cancellation.signal });
  const workers = realWorkers(availableParallelism(), cancellation.signal);
  return {
    env: env2,
    workspace: resolve3(env2["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(withoutInputs(env2), cancellation.signal),
    workers,
    system: async () => (await import("./system-44TZRGIN.js")).realSystem(),
    toolCache: async () => (await import("./tool-cache-MFIHXJB7.js")).realToolCache(env2),
    actions: realActions(Boolean(env2["GITHUB_STEP_SUMMARY"])),
    signal: cancellation.signal,
    now: () => /* @__PURE__ */ new Date(),
    cancelAfter(milliseconds) {
      timer = setTimeout(() => cancellation.abort("timeout"), milliseconds);
    },
    async dispose() {
      clearTimeout(timer);
      http.close();
      await workers.dispose();
      await files.dispose();
      process.off("SIGINT", cancel);
      process.off("SIGTERM", cancel);
    }
  };
}
function withoutInputs(env2) {
  return Object.fromEntries(Object.entries(env2).filter(([name]) => !name.startsWith("INPUT_")));
}

// src/door.ts
async function openDoor(story) {
  const world = realWorld();
  try {
    await story(world);
  } catch (error2) {
    const failure = asFailure(error2);
    const isCancel = world.signal.aborted && failure.class !== "cancelled";
    reportFailure(isCancel ? cancelled(world.signal, "The run stopped", error2) : failure, world.actions);
    process.exitCode = 1;
  } finally {
    await world.dispose();
  }
}

// src/main.ts
await openDoor(build);
