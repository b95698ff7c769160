const require = process.getBuiltinModule;
import {
  BACKENDS,
  buildThroughBackend,
  chooseAssembly,
  deriveRecipe,
  layoutPath,
  referencesOf,
  secretVariables
} from "./chunk-PBZ5AHN5.js";
import {
  Secret,
  parsePlatform,
  parseReference as parseReference2,
  printFamiliar,
  printPlatform,
  printReference,
  printRepository,
  withDigest
} from "./chunk-XJ5V6HMY.js";
import {
  ALONE,
  locateModels,
  parseReference,
  printBytes,
  printTag,
  pythonMinor,
  readCreationTimeOf,
  readManifest,
  readStrictText
} from "./chunk-ZQLRCMMP.js";
import "./chunk-3UYPSNGT.js";
import {
  rmRF,
  which
} from "./chunk-V67TBTN6.js";
import {
  bentomlHome,
  expandPath,
  storeDirectories
} from "./chunk-NRY7642C.js";
import {
  FAILURE_TITLES,
  Failure,
  asFailure,
  cancelled
} from "./chunk-Z2VNPK4Q.js";
import {
  randomUUID
} from "./chunk-QR4HHSVU.js";
import {
  __callDispose,
  __using
} from "./chunk-ZDX6KC25.js";

// src/bento/address.ts
import { resolve } from "node:path/posix";

// src/bento/store.ts
import { join } from "node:path/posix";
var NAMED = 10;
async function findInStore(reference2, directory, world2) {
  const folder = join(directory, reference2.name);
  const versions = await listVersions(folder, world2);
  if (versions.length === 0) throw await noSuchName(reference2, directory, world2);
  const version = reference2.version === void 0 || reference2.version === "latest" ? await latestVersion(folder, versions, world2) : matchVersion(reference2.name, reference2.version, versions, directory);
  return join(folder, version);
}
async function listStore(directory, world2) {
  const names = await listDirectories(directory, world2);
  const tags = await Promise.all(
    names.map(
      async (name) => (await listVersions(join(directory, name), world2)).map((version) => `${name}:${version}`)
    )
  );
  return tags.flat();
}
async function listVersions(folder, world2) {
  const names = await listDirectories(folder, world2);
  const manifests = await Promise.all(names.map((name) => world2.files.info(join(folder, name, "bento.yaml"))));
  return names.filter((_, index) => manifests[index] !== void 0);
}
async function listDirectories(directory, world2) {
  if (await world2.files.info(directory) === void 0) return [];
  const entries = await world2.files.list(directory);
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
async function noSuchName({ name, version }, directory, world2) {
  const tags = await listStore(directory, world2);
  const content = tags.length === 0 ? "it holds no Bentos" : `it has ${some(tags)}`;
  const wanted = version === void 0 ? name : `${name}:${version}`;
  return new Failure("input", `The Bento store ${directory} has no ${wanted}; ${content}`, {
    code: "NotFound",
    hint: "Check `bentoml-home`, or build the Bento in an earlier step of this job."
  });
}
async function latestVersion(folder, versions, world2) {
  const file = join(folder, "latest");
  const named = await world2.files.info(file) === void 0 ? "" : (await world2.files.readText(file)).trim();
  if (versions.includes(named)) return named;
  const times = await Promise.all(versions.map((version) => creationTime(join(folder, version), world2)));
  const dated = versions.map((version, index) => ({
    version,
    time: times[index]?.getTime() ?? Number.NEGATIVE_INFINITY
  }));
  const newest = dated.reduce((best, candidate) => candidate.time > best.time ? candidate : best);
  return newest.version;
}
async function creationTime(folder, world2) {
  const file = join(folder, "bento.yaml");
  try {
    return await readCreationTimeOf(await readStrictText(file, world2), file);
  } catch (error2) {
    if (!(error2 instanceof Failure)) throw error2;
    world2.actions.warning(`Skipped while looking for the newest version: ${error2.message}`);
    return void 0;
  }
}
function some(names) {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

// src/bento/address.ts
var PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;
async function locateBento(address, world2) {
  const { bento } = address;
  if (bento.trim() === "") throw new Failure("input", "No Bento was named", { code: "NotFound" });
  const path = resolve(world2.workspace, expandPath(bento, world2.env));
  const real = await existing(path, world2);
  if (real !== void 0) return locatePath(real, bento, world2);
  return locateTag(address, path, world2);
}
async function existing(path, world2) {
  if (await world2.files.info(path) === void 0) return void 0;
  try {
    return await world2.files.realPath(path);
  } catch (error2) {
    const reason = error2 instanceof Error ? error2.message : String(error2);
    throw new Failure("input", `${path} cannot be followed: ${reason}`, { code: "NotFound", cause: error2 });
  }
}
async function locatePath(path, address, world2) {
  const kind = (await world2.files.info(path))?.kind;
  if (kind === "file") {
    const { extractArchive } = await import("./extract-AYL2KYCS.js");
    return { directory: await extractArchive(path, address, world2), origin: "archive", address };
  }
  if (kind !== "directory") {
    throw new Failure("input", `${path} is neither a directory nor a file`, { code: "NotFound" });
  }
  if (await world2.files.info(`${path}/bento.yaml`) === void 0) {
    throw new Failure("bento", `The directory ${path} is not a Bento: it has no bento.yaml`, {
      code: "ManifestMissing",
      hint: PATH_ONLY.test(address) ? "Give the directory that `bentoml build` made, not the project or the store it lies in." : `A path that exists comes before a tag; for the Bento of that name in the store write "${address}:latest".`
    });
  }
  return { directory: path, origin: "directory", address };
}
async function locateTag(address, path, world2) {
  const { bento } = address;
  if (PATH_ONLY.test(bento)) {
    throw new Failure("input", `There is nothing at ${path}`, {
      code: "NotFound",
      hint: `Relative paths start at ${world2.workspace}. Was the Bento built, or its artifact downloaded, in this job?`
    });
  }
  const { tag, lowered } = parseReference(bento);
  if (lowered) world2.actions.warning(`The tag "${bento}" is lowered, as BentoML does.`);
  const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, world2));
  try {
    const found = await findInStore(tag, bentos, world2);
    return { directory: await world2.files.realPath(found), origin: "store", address: bento };
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
async function findMissingPackages(references2, root, file, files) {
  const missing = await Promise.all(
    references2.map(async ({ kind, text: text2, path }) => {
      if (/^(?:file:|\/)/i.test(path)) {
        return {
          message: `a requirement is "${text2}", a file of the machine that built the Bento`,
          hint: "Name the wheel by a path below the project (`./wheels/\u2026`) or publish it to an index, and build the Bento again."
        };
      }
      const base = kind === "file" ? root : join3(file, "..");
      const outside = normalize(path).startsWith("../");
      const found = outside ? void 0 : await files.info(join3(base, path));
      return found === void 0 ? { message: `a requirement is "${text2}", which is not in the Bento` } : void 0;
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
function parseRequirements(text2) {
  const lines2 = text2.replace(/\\\r?\n/g, " ").split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, "").trim()).filter((line) => line !== "");
  return {
    indexOptions: lines2.map(indexOptionOf).filter((option) => option !== void 0),
    references: lines2.map(referenceOf).filter((reference2) => reference2 !== void 0)
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
function fileReference(text2) {
  if (/^file:/i.test(text2)) return reference("file", text2);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text2)) return void 0;
  const isPath = text2.startsWith(".") || text2.startsWith("/") || ARCHIVE.test(text2);
  return isPath ? reference("file", text2) : void 0;
}
function reference(kind, text2) {
  const path = text2.replace(/#.*$/, "").replace(/(?<=[^/])\[[^\]]*\]$/, "");
  return path === "" ? void 0 : { kind, text: text2, path };
}

// src/bento/bento-directory.ts
async function readBento(located, world2) {
  const { directory } = located;
  const manifest = await readManifestFile(located, world2);
  for (const warning2 of manifest.warnings) world2.actions.warning(warning2);
  await checkReadable(directory, world2.files);
  const image = await completeImage(manifest, directory, world2);
  const requirements = await readRequirements(image, directory, world2);
  await checkReferences(image, requirements, directory, world2.files);
  const { warnings: _, ...rest } = manifest;
  return {
    ...rest,
    image: image.spec === 2 ? coverPackages(image, requirements) : image,
    directory,
    entries: await readEntries(directory, world2.files),
    indexOptions: requirements.indexOptions
  };
}
async function readManifestFile(located, world2) {
  const file = join4(located.directory, "bento.yaml");
  const info3 = await world2.files.info(file);
  if (info3 === void 0) {
    throw new Failure("bento", `${located.address} is not a Bento: there is no bento.yaml in ${located.directory}`, {
      code: "ManifestMissing",
      hint: "Give the directory, archive or tag that `bentoml build` made, not the project it was made from."
    });
  }
  if (info3.kind !== "file") {
    throw new Failure("bento", `${file} must be a regular file; it is a ${info3.kind}`, { code: "UnsafePath" });
  }
  return readManifest(await readStrictText(file, world2), file);
}
async function completeImage(manifest, directory, world2) {
  const { image } = manifest;
  if (image.spec === 2) return { ...image, buildInclude: checkIncludes(image.buildInclude, directory) };
  const pythonVersion = image.pythonVersion ?? await builderPython(image, directory, world2);
  const conda = image.conda ? await readCondaPython(directory, world2) : void 0;
  const condaOrOwn = conda ?? pythonVersion;
  return {
    ...image,
    ...pythonVersion === void 0 ? {} : { pythonVersion },
    ...image.conda && condaOrOwn !== void 0 ? { condaPython: condaOrOwn } : {},
    installScript: await world2.files.info(join4(directory, "env/python/install.sh")) !== void 0
  };
}
async function builderPython(image, directory, world2) {
  const file = join4(directory, "env/python/version.txt");
  if (image.baseImage !== void 0 || await world2.files.info(file) === void 0) return void 0;
  return pythonMinor(await readStrictText(file, world2));
}
async function readCondaPython(directory, world2) {
  const file = join4(directory, "env/conda/environment.yml");
  return await world2.files.info(file) === void 0 ? void 0 : condaPython(await readStrictText(file, world2));
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
async function readRequirements(image, directory, world2) {
  const place = await requirementsPlace(image, directory, world2.files);
  const exists = await world2.files.info(place.file) !== void 0;
  return { ...place, ...parseRequirements(exists ? await readStrictText(place.file, world2) : "") };
}
async function checkReferences(image, { references: references2, root, file }, directory, files) {
  const missing = [
    ...await findMissingFiles(image, directory, files),
    ...image.spec === 2 ? await findMissingScripts(image, directory, files) : [],
    ...image.spec === 2 ? await findMissingIncludes(image, directory, files) : [],
    ...await findMissingPackages(references2, root, file, files)
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
function coverPackages(image, { references: references2 }) {
  const paths = references2.filter(({ kind }) => kind === "file").map(({ path }) => normalize2(path));
  const covered = (path) => image.buildInclude.some((include) => include === "." || path === include || path.startsWith(`${include}/`));
  const added = [...new Set(paths.filter((path) => !covered(path)))];
  return { ...image, buildInclude: [...image.buildInclude, ...added] };
}
async function readEntries(directory, files) {
  const entries = await files.list(directory);
  return entries.flatMap(({ name, kind }) => kind === "other" ? [] : [{ name, kind }]);
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
      inputs.push === true && inputs.tags.length === 0,
      "push: it needs tags (for example: tags: ghcr.io/acme/iris:1.4.0)"
    ),
    ...when(
      inputs.assembly === "backend" && (inputs.ifExists === "skip" || inputs.environmentCache !== void 0 || inputs.modelArtifact === true),
      "if-exists, environment-cache, model-artifact: they are for direct assembly (for example: assembly: auto)"
    ),
    ...when(
      inputs.modelArtifact === true && inputs.push !== true,
      "model-artifact: it lies beside a pushed image (for example: push: true)"
    ),
    ...when(layouts.length > 1, "output: one layout directory is enough"),
    ...when(
      inputs.load === false && inputs.push !== true && inputs.output.length === 0,
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
function doubles(names) {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

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
      } catch (error2) {
        problems.push(error2 instanceof Error ? error2.message : String(error2));
      }
    }
    refuse(problems);
    return found;
  });
}
function references(example) {
  return each(example, (item) => {
    const reference2 = parseReference2(item);
    if (reference2.digest !== void 0) throw new Error(`"${item}" has a digest; a tag is what can be moved`);
    return reference2.tag === void 0 ? { ...reference2, tag: "latest" } : reference2;
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
function epoch(example) {
  const seconds = wholeNumber(example, 0);
  return decoder(example, (raw, readQuoted) => raw.trim() === "bento" ? "bento" : seconds.decode(raw, readQuoted));
}
var HIGHEST_LEVEL = { gzip: 9, zstd: 22, none: 0 };
function repositoryOrOff(example) {
  return decoder(example, (raw) => {
    const name = raw.trim();
    if (name === "" || name === "off") return name || void 0;
    const { tag, digest, ...repository } = parseReference2(name);
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

// src/inputs/schema.ts
var schema = {
  bento: required("./dist/iris.bento"),
  "bentoml-home": text("./bentoml"),
  dockerfile: text("generated"),
  backend: oneOf("auto", ...BACKENDS.map(({ name }) => name)),
  builder: text("tcp://buildkitd:1234"),
  tags: references("ghcr.io/acme/iris:1.4.0"),
  platforms: platforms("linux/amd64"),
  labels: pairs("org.opencontainers.image.vendor=Acme"),
  annotations: pairs("org.opencontainers.image.description=Iris"),
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
  load: toggle(),
  output: outputs("oci:./image"),
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
  "registry-mirrors": pairs("docker.io=mirror.acme.example"),
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

// src/inputs/decode.ts
async function decodeInputs(env) {
  return decodeWith(env, await openQuotedReader(Object.keys(schema).map(readRaw(env).raw)));
}
function decodeWith(env, readQuoted) {
  const { raw, notes, problems } = readRaw(env);
  const values = {};
  for (const [name, decoder2] of Object.entries(schema)) {
    try {
      values[camelCase(name)] = decoder2.decode(raw(name), readQuoted);
    } catch (error2) {
      const reason = error2 instanceof Error ? error2.message : String(error2);
      problems.push(`${name}: ${reason} (for example: ${decoder2.example})`);
    }
  }
  const inputs = values;
  if (problems.length === 0) problems.push(...findConflicts(inputs));
  if (problems.length > 0) throw inputFailure(problems);
  return { inputs, notes };
}
function inputFailure(problems) {
  const count = problems.length === 1 ? "one input is" : `${problems.length} inputs are`;
  return new Failure("input", `${count} not right: ${problems.join(" \xB7 ")}`, {
    lines: problems,
    hint: "The README lists every input with its grammar and an example."
  });
}
function readRaw(env) {
  const notes = [];
  const problems = [];
  const renamed = /* @__PURE__ */ new Map();
  for (const [old, current] of Object.entries(RENAMED)) {
    const value = variable(env, old);
    if (value === "") continue;
    notes.push(`The input "${old}" is now called "${current}".`);
    if (old === "bento-tag" && variable(env, current) !== "") problems.push(`"${old}" and "${current}" are both given`);
    renamed.set(current, value);
  }
  return { raw: (name) => renamed.get(name) ?? variable(env, name), notes, problems };
}
function variable(env, name) {
  return env[`INPUT_${name.toUpperCase()}`] ?? "";
}
function camelCase(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

// src/report/outputs.ts
function outputsOf(report2) {
  const { result, references: references2 } = report2;
  const [first] = references2;
  const { digest } = result;
  return {
    digest: digest ?? "",
    image: digest === void 0 || first === void 0 ? "" : printReference(withDigest(first, digest)),
    images: JSON.stringify(digest === void 0 ? [] : repositoriesOf(report2).map((name) => `${name}@${digest}`)),
    imageid: result.imageid ?? "",
    digests: JSON.stringify(digestsOf(report2)),
    tags: references2.map(printReference).join("\n"),
    metadata: JSON.stringify(metadataOf(report2)),
    dockerfile: report2.dockerfile,
    bento: printTag(report2.bento.tag),
    backend: report2.backend,
    layout: report2.layout ?? "",
    commands: report2.commands.join("\n")
  };
}
function repositoriesOf({ references: references2 }) {
  return [...new Set(references2.map(printRepository))];
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
    tags: report2.references.map(printReference),
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
    ["Base image", code(report2.base)],
    ["BentoML", `${bento.bentomlVersion}, spec ${bento.image.spec}`],
    ["Tags", report2.references.map((reference2) => code(printFamiliar(reference2))).join("<br>")],
    [
      `Digest${result.kind === void 0 ? "" : ` (${result.kind})`}`,
      result.digest === void 0 ? noDigest : code(result.digest)
    ],
    ["Image id (config)", result.imageid === void 0 ? "" : code(result.imageid)],
    ["Platforms", result.platforms.map(({ platform }) => code(printPlatform(platform))).join(" ")]
  ]);
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
function difference(count) {
  if (count === 0) return "as before";
  return `${count < 0 ? "\u2212" : "+"}${printBytes(Math.abs(count))}`;
}
function phases({ phases: all }) {
  return all.length === 0 ? "" : table([...all.map(({ title, seconds }) => [title, `${seconds.toFixed(1)} s`])]);
}
function usage({ pushed, references: references2, result }) {
  const [first] = references2;
  if (!pushed || first === void 0 || result.digest === void 0) return "";
  const image = printReference(withDigest(first, result.digest));
  return ["Run it:", "", "```sh", `docker run --rm -p 3000:3000 ${image}`, "```"].join("\n");
}
function commands({ commands: lines2 }) {
  return ["<details><summary>Commands</summary>", "", "```sh", ...lines2, "```", "", "</details>"].join("\n");
}
function table(rows) {
  const filled = rows.filter(([, text2]) => text2 !== "");
  return [
    "| | |",
    "|---|---|",
    ...filled.map(([name = "", text2 = ""]) => `| ${name} | ${text2.replaceAll("|", "\\|")} |`)
  ].join("\n");
}
function code(text2) {
  return `\`${text2}\``;
}
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

// src/script/credentials.ts
import { isAbsolute, join as join5 } from "node:path";
async function shareCredentials(authFile, world2) {
  if (authFile === void 0) return { env: {} };
  const { env, files, workspace } = world2;
  const path = isAbsolute(authFile) ? authFile : join5(workspace, authFile);
  if (await files.info(path) === void 0) {
    throw new Failure("input", `registry-auth-file: there is no file ${path}`, { code: "AuthFileMissing" });
  }
  const own = env["DOCKER_CONFIG"] ?? join5(env["HOME"] ?? "/root", ".docker");
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
function toolEnvironment(env, secretNames, additions) {
  const hidden = /* @__PURE__ */ new Set([...AMBIENT, ...secretNames]);
  const kept = Object.entries(env).filter(([name]) => !hidden.has(name) && !name.startsWith("INPUT_"));
  return { ...Object.fromEntries(kept), ...additions };
}

// src/build.ts
var TOOL = "bento-image";
var MINUTE = 6e4;
async function build(world2) {
  const { inputs, notes } = await decodeInputs(world2.env);
  if (inputs.timeout !== void 0) world2.cancelAfter(inputs.timeout * MINUTE);
  const watch = openStopwatch(world2.now);
  const { bento, models } = await watch.phase("read the Bento", () => readAll(inputs, world2));
  const credentials = await shareCredentials(inputs.registryAuthFile, world2);
  const env = toolEnvironment(world2.env, secretVariables(inputs, bento), credentials.env);
  const recipe = deriveRecipe(inputs, bento, models, TOOL);
  const job = { inputs, bento, models, recipe, authFile: credentials.path, env, watch, world: world2 };
  const outcome = await make(job, chooseAssembly(inputs, recipe));
  const layout = inputs.dryRun === true ? void 0 : layoutPath(inputs, world2.workspace);
  const report2 = {
    bento,
    models,
    references: referencesOf(inputs, bento),
    pushed: inputs.push === true && inputs.dryRun !== true,
    dryRun: inputs.dryRun === true,
    phases: watch.phases,
    ...outcome,
    notes: [...notes, ...outcome.notes],
    ...layout === void 0 ? {} : { layout }
  };
  await tell(report2, inputs.summary !== false, world2);
}
async function make(job, choice) {
  if (choice.kind === "backend") return buildThroughBackend(job, choice.because);
  const { buildDirectly } = await import("./direct-HWPQIDXW.js");
  const made = await buildDirectly(job, choice.recipe);
  return "declined" in made ? buildThroughBackend(job, made.declined) : made;
}
async function readAll(inputs, world2) {
  const home = inputs.bentomlHome === void 0 ? {} : { bentomlHome: inputs.bentomlHome };
  const bento = await readBento(await locateBento({ bento: inputs.bento, ...home }, world2), world2);
  const options = { ...home, dryRun: inputs.dryRun === true, remoteFrom: ALONE };
  return { bento, models: await locateModels(bento, options, world2) };
}
async function tell(report2, withSummary, { actions }) {
  for (const note of report2.notes) actions.notice(note);
  if (report2.dryRun) for (const line of report2.commands) actions.info(line);
  for (const [name, value] of Object.entries(outputsOf(report2))) actions.setOutput(name, value);
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
  const lines2 = failure.lines.filter((line) => !failure.message.includes(line)).map((line) => `  ${line}`);
  const hint = failure.hint === void 0 ? [] : [`\u2192 ${failure.hint}`];
  const { message: whole } = failure;
  const message = whole.length > MOST_OF_MESSAGE ? `${whole.slice(0, MOST_OF_MESSAGE)}\u2026` : whole;
  const room = MOST_CHARACTERS - message.length - (failure.hint?.length ?? 0);
  return [`[${failure.class}] ${message}`, ...lastThatFit(lines2, room), ...hint].join("\n");
}
function lastThatFit(lines2, room) {
  const kept = [];
  let used = 0;
  for (const line of lines2.toReversed()) {
    used += line.length + 1;
    if (used > room) break;
    kept.unshift(line);
  }
  return kept;
}

// src/world/real.ts
import { availableParallelism, tmpdir } from "node:os";
import { resolve as resolve2 } from "node:path";

// node_modules/@actions/core/lib/command.js
import * as os from "os";

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties2, message) {
  const cmd = new Command(command, properties2, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
  issueCommand(name, {}, message);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties2, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties2;
    this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key in this.properties) {
        if (this.properties.hasOwnProperty(key)) {
          const val = this.properties[key];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
import * as fs from "fs";
import * as os2 from "os";
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
import * as os3 from "os";

// node_modules/@actions/core/lib/summary.js
import { EOL as EOL3 } from "os";
import { constants, promises } from "fs";
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile } = promises;
var SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
  constructor() {
    this._buffer = "";
  }
  /**
   * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
   * Also checks r/w permissions.
   *
   * @returns step summary file path
   */
  filePath() {
    return __awaiter(this, void 0, void 0, function* () {
      if (this._filePath) {
        return this._filePath;
      }
      const pathFromEnv = process.env[SUMMARY_ENV_VAR];
      if (!pathFromEnv) {
        throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
      }
      try {
        yield access(pathFromEnv, constants.R_OK | constants.W_OK);
      } catch (_a) {
        throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
      }
      this._filePath = pathFromEnv;
      return this._filePath;
    });
  }
  /**
   * Wraps content in an HTML tag, adding any HTML attributes
   *
   * @param {string} tag HTML tag to wrap
   * @param {string | null} content content within the tag
   * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
   *
   * @returns {string} content wrapped in HTML element
   */
  wrap(tag, content, attrs = {}) {
    const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
    if (!content) {
      return `<${tag}${htmlAttrs}>`;
    }
    return `<${tag}${htmlAttrs}>${content}</${tag}>`;
  }
  /**
   * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
   *
   * @param {SummaryWriteOptions} [options] (optional) options for write operation
   *
   * @returns {Promise<Summary>} summary instance
   */
  write(options) {
    return __awaiter(this, void 0, void 0, function* () {
      const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
      const filePath = yield this.filePath();
      const writeFunc = overwrite ? writeFile : appendFile;
      yield writeFunc(filePath, this._buffer, { encoding: "utf8" });
      return this.emptyBuffer();
    });
  }
  /**
   * Clears the summary buffer and wipes the summary file
   *
   * @returns {Summary} summary instance
   */
  clear() {
    return __awaiter(this, void 0, void 0, function* () {
      return this.emptyBuffer().write({ overwrite: true });
    });
  }
  /**
   * Returns the current summary buffer as a string
   *
   * @returns {string} string of summary buffer
   */
  stringify() {
    return this._buffer;
  }
  /**
   * If the summary buffer is empty
   *
   * @returns {boolen} true if the buffer is empty
   */
  isEmptyBuffer() {
    return this._buffer.length === 0;
  }
  /**
   * Resets the summary buffer without writing to summary file
   *
   * @returns {Summary} summary instance
   */
  emptyBuffer() {
    this._buffer = "";
    return this;
  }
  /**
   * Adds raw text to the summary buffer
   *
   * @param {string} text content to add
   * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
   *
   * @returns {Summary} summary instance
   */
  addRaw(text2, addEOL = false) {
    this._buffer += text2;
    return addEOL ? this.addEOL() : this;
  }
  /**
   * Adds the operating system-specific end-of-line marker to the buffer
   *
   * @returns {Summary} summary instance
   */
  addEOL() {
    return this.addRaw(EOL3);
  }
  /**
   * Adds an HTML codeblock to the summary buffer
   *
   * @param {string} code content to render within fenced code block
   * @param {string} lang (optional) language to syntax highlight code
   *
   * @returns {Summary} summary instance
   */
  addCodeBlock(code2, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code2), attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML list to the summary buffer
   *
   * @param {string[]} items list of items to render
   * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
   *
   * @returns {Summary} summary instance
   */
  addList(items2, ordered = false) {
    const tag = ordered ? "ol" : "ul";
    const listItems = items2.map((item) => this.wrap("li", item)).join("");
    const element = this.wrap(tag, listItems);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML table to the summary buffer
   *
   * @param {SummaryTableCell[]} rows table rows
   *
   * @returns {Summary} summary instance
   */
  addTable(rows) {
    const tableBody = rows.map((row) => {
      const cells = row.map((cell) => {
        if (typeof cell === "string") {
          return this.wrap("td", cell);
        }
        const { header, data, colspan, rowspan } = cell;
        const tag = header ? "th" : "td";
        const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
        return this.wrap(tag, data, attrs);
      }).join("");
      return this.wrap("tr", cells);
    }).join("");
    const element = this.wrap("table", tableBody);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds a collapsable HTML details element to the summary buffer
   *
   * @param {string} label text for the closed state
   * @param {string} content collapsable content
   *
   * @returns {Summary} summary instance
   */
  addDetails(label, content) {
    const element = this.wrap("details", this.wrap("summary", label) + content);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML image tag to the summary buffer
   *
   * @param {string} src path to the image you to embed
   * @param {string} alt text description of the image
   * @param {SummaryImageOptions} options (optional) addition image attributes
   *
   * @returns {Summary} summary instance
   */
  addImage(src, alt, options) {
    const { width, height } = options || {};
    const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
    const element = this.wrap("img", null, Object.assign({ src, alt }, attrs));
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML section heading element
   *
   * @param {string} text heading text
   * @param {number | string} [level=1] (optional) the heading level, default: 1
   *
   * @returns {Summary} summary instance
   */
  addHeading(text2, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text2);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML thematic break (<hr>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addSeparator() {
    const element = this.wrap("hr", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML line break (<br>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addBreak() {
    const element = this.wrap("br", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML blockquote to the summary buffer
   *
   * @param {string} text quote text
   * @param {string} cite (optional) citation url
   *
   * @returns {Summary} summary instance
   */
  addQuote(text2, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text2, attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML anchor tag to the summary buffer
   *
   * @param {string} text link text/content
   * @param {string} href hyperlink
   *
   * @returns {Summary} summary instance
   */
  addLink(text2, href) {
    const element = this.wrap("a", text2, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();
var summary = _summary;

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function debug(message) {
  issueCommand("debug", {}, message);
}
function error(message, properties2 = {}) {
  issueCommand("error", toCommandProperties(properties2), message instanceof Error ? message.toString() : message);
}
function warning(message, properties2 = {}) {
  issueCommand("warning", toCommandProperties(properties2), message instanceof Error ? message.toString() : message);
}
function notice(message, properties2 = {}) {
  issueCommand("notice", toCommandProperties(properties2), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os3.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}

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
  writeFile as writeFile2
} from "node:fs/promises";
import { join as join6 } from "node:path";

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
  await writeFile2(path, content, { mode });
  await chmod(path, mode);
}
async function makeDirectory(path, mode) {
  const created = await mkdir(path, { recursive: true, mode });
  if (created !== void 0) await chmod(path, mode);
}
async function makeKept(temporary) {
  const directory = await mkdtemp(join6(temporary, "bento-image-"));
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
      scratch ??= mkdtemp(join6(temporary, "bento-image-"));
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
      await new Promise((resolve3) => {
        letGo = resolve3;
        sent.write(piece, (error2) => {
          if (error2) over = true;
          resolve3();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }
  return new Promise((resolve3, reject) => {
    function stop() {
      letGo();
      if (left === 0) return;
      over = true;
      resolve3();
      if (body instanceof Readable) body.destroy();
    }
    sent.once("close", stop);
    sent.once("response", (response) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve3, (error2) => {
      if (over) return;
      sent.destroy(error2 instanceof Error ? error2 : new Error(String(error2)));
      reject(error2);
    });
  });
}

// src/world/trust.ts
import { readdir as readdir2, readFile as readFile2 } from "node:fs/promises";
import { join as join7 } from "node:path";
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
function certificateDirectories(env) {
  const home = env["HOME"];
  const own = home === void 0 ? [] : [join7(home, ".config/docker/certs.d"), join7(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}
async function registryRoots(env, host) {
  const roots = [];
  for (const directory of certificateDirectories(env)) {
    const names = await readdir2(join7(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile2(join7(directory, host, name), "utf8"));
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
async function openTransport(protocol, env) {
  const options = { keepAlive: true, proxyEnv: { ...env } };
  if (protocol === "https:") {
    const https = process.getBuiltinModule("node:https");
    return { agent: new https.Agent(options), request: https.request };
  }
  const http = process.getBuiltinModule("node:http");
  return { agent: new http.Agent(options), request: http.request };
}
async function gatherRoots(env, host, trustMachine) {
  const own = await registryRoots(env, host);
  if (own.length === 0 && !trustMachine) return void 0;
  const { getCACertificates } = await import("node:tls");
  return [...getCACertificates("default"), ...own, ...trustMachine ? getCACertificates("system") : []];
}
function headersOf({ headers, body }) {
  if (body === void 0 || isStreamed(body)) return { ...headers };
  return { ...headers, "content-length": String(Buffer.byteLength(body)) };
}
function exchange(sent, { body, url }) {
  return new Promise((resolve3, reject) => {
    let answer;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve3(given), reject);
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
import { constants as constants2 } from "node:os";
var TAIL_LINES = 400;
var KILL_AFTER_MS = 5e3;
var DRAIN_MS = 5e3;
function realProcesses(env, signal) {
  return {
    async which(tool) {
      return await which(tool) || void 0;
    },
    ask: (invocation) => ask(invocation, env),
    async capture(invocation) {
      const answer = { stdout: "", stderr: "" };
      const { code: code2, signal: killedBy } = await run(invocation, env, signal, {
        stdout: async (output) => {
          for await (const text2 of output) answer.stdout += text2;
        },
        stderr: async (output) => {
          for await (const text2 of output) answer.stderr += text2;
        }
      });
      if (signal.aborted) throw cancelled(signal, `${invocation.tool} was stopped`);
      return { ...answer, code: code2 ?? statusOf(killedBy) };
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
      const either = invocation.signal === void 0 ? signal : AbortSignal.any([signal, invocation.signal]);
      return { ...await run(invocation, env, either, { stdout: keep, stderr: keep }), tail };
    }
  };
}
async function ask({ tool, args, stdin, cwd, env }, ambient) {
  const { getExecOutput } = await import("./exec-4N4N3QV7.js");
  const { exitCode, stdout, stderr } = await getExecOutput(`"${tool}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: definedOnly(env ?? ambient),
    input: Buffer.from(stdin ?? ""),
    ...cwd === void 0 ? {} : { cwd }
  });
  return { code: exitCode, stdout, stderr };
}
async function run(invocation, env, signal, readers) {
  const { tool, args, stdin, cwd } = invocation;
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], {
    detached: true,
    env: definedOnly(invocation.env ?? env),
    stdio: "pipe",
    ...cwd === void 0 ? {} : { cwd }
  });
  const stopListening = endGroupOn(signal, child);
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
function definedOnly(env) {
  return Object.fromEntries(Object.entries(env).filter((pair) => pair[1] !== void 0));
}
function statusOf(killedBy) {
  return 128 + (constants2.signals[killedBy] ?? 0);
}
async function* linesOf(output) {
  let rest = "";
  for await (const text2 of output) {
    const lines2 = `${rest}${text2}`.split("\n");
    rest = lines2.pop() ?? "";
    for (const line of lines2) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}
function endGroupOn(signal, child) {
  let lastResort;
  const end = () => {
    signalGroup(child, "SIGTERM");
    lastResort = setTimeout(() => signalGroup(child, "SIGKILL"), KILL_AFTER_MS);
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
  return new Promise((resolve3, reject) => {
    const onExit = () => reject(ended());
    thread.ref();
    thread.once("error", reject).once("exit", onExit);
    thread.once("message", (answer) => {
      thread.off("error", reject).off("exit", onExit);
      thread.unref();
      resolve3(answer);
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
  const env = { ...process.env };
  const cancellation = new AbortController();
  const cancel = (signal) => cancellation.abort(signal);
  let timer;
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const files = realFiles(env["RUNNER_TEMP"] || tmpdir());
  const http = realHttp({ env, signal: cancellation.signal });
  const workers = realWorkers(availableParallelism(), cancellation.signal);
  return {
    env,
    workspace: resolve2(env["GITHUB_WORKSPACE"] || "."),
    architecture: process.arch,
    files,
    http,
    processes: realProcesses(withoutInputs(env), cancellation.signal),
    workers,
    actions: realActions(Boolean(env["GITHUB_STEP_SUMMARY"])),
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
function withoutInputs(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("INPUT_")));
}

// src/main.ts
var world = realWorld();
try {
  await build(world);
} catch (error2) {
  const failure = asFailure(error2);
  const isCancel = world.signal.aborted && failure.class !== "cancelled";
  reportFailure(isCancel ? cancelled(world.signal, "The run stopped", error2) : failure, world.actions);
  process.exitCode = 1;
} finally {
  await world.dispose();
}
