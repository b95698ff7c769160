const require = process.getBuiltinModule;
import {
  RETRY_POLICY,
  TransientFailure,
  authHint,
  failureOfConnection,
  failureOfRefusal,
  withRetries
} from "./chunk-6EAK6YUK.js";
import {
  isLoopback,
  unsafeReason
} from "./chunk-CDAP7TIF.js";
import {
  DOCKER_HUB_KEY,
  Failure,
  Secret,
  cancelled,
  createHash,
  digestOf,
  distinctRepositories,
  errorCode,
  findByRepository,
  hexOf,
  inParallel,
  isDigest,
  isJsonObject,
  masksOf,
  normalizePlatform,
  parseAuthConfig,
  printReference,
  printRepository,
  sameRepository
} from "./chunk-X4LXKBUS.js";

// src/layout/layout.ts
import { join } from "node:path/posix";

// src/oci/media-types.ts
var OCI_INDEX = "application/vnd.oci.image.index.v1+json";
var OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
var OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
var OCI_EMPTY = "application/vnd.oci.empty.v1+json";
var DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
var DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
var ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST].join(", ");
var IMAGE_CONFIGS = /* @__PURE__ */ new Set([OCI_CONFIG, "application/vnd.docker.container.image.v1+json"]);
function isIndexType(mediaType) {
  return mediaType === OCI_INDEX || mediaType === DOCKER_INDEX;
}
function isManifestType(mediaType) {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}
function isImageConfigType(mediaType) {
  return IMAGE_CONFIGS.has(mediaType);
}
function isForeignType(mediaType) {
  return /\.foreign\.|nondistributable/.test(mediaType);
}
function ociType(mediaType) {
  const docker = /^application\/vnd\.docker\.image\.rootfs\.diff\.tar(?:\.(gzip|zstd))?$/.exec(mediaType);
  if (docker === null) return mediaType;
  const suffix = docker[1] === void 0 ? "" : `+${docker[1]}`;
  return `application/vnd.oci.image.layer.v1.tar${suffix}`;
}

// src/oci/manifest.ts
function parseManifest(bytes, mediaType, where) {
  const json = parseJsonObject(bytes, where);
  const type = typeOf(json, mediaType);
  if (isIndexType(type)) {
    const members = parseDescriptors(json["manifests"], where);
    return { kind: "index", mediaType: type, members, annotations: annotationsOf(json["annotations"]) };
  }
  if (isManifestType(type)) {
    return {
      kind: "manifest",
      mediaType: type,
      config: parseDescriptor(json["config"], where),
      layers: parseDescriptors(json["layers"], where),
      annotations: annotationsOf(json["annotations"])
    };
  }
  throw invalid(where, `is of type ${JSON.stringify(type)}, which is no image`);
}
function parseJsonObject(bytes, where) {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes));
    if (isJsonObject(json)) return json;
  } catch (cause) {
    throw invalid(where, "is no JSON", cause);
  }
  throw invalid(where, "is no JSON object");
}
function typeOf(json, stated) {
  if (stated !== void 0 && (isIndexType(stated) || isManifestType(stated))) return stated;
  if (typeof json["mediaType"] === "string") return json["mediaType"];
  if (Array.isArray(json["manifests"])) return OCI_INDEX;
  return Array.isArray(json["layers"]) ? OCI_MANIFEST : stated ?? "";
}
function parseDescriptors(value, where) {
  if (!Array.isArray(value)) throw invalid(where, "lacks its list of descriptors");
  return value.map((item) => parseDescriptor(item, where));
}
function parseDescriptor(value, where) {
  if (!isJsonObject(value)) throw invalid(where, "has a descriptor that is no object");
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== "string") throw invalid(where, "has a descriptor without a media type");
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw invalid(where, `has a descriptor with the digest ${JSON.stringify(digest)}`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(where, `has a descriptor with the size ${JSON.stringify(size)}`);
  }
  const platform = platformOf(value["platform"]);
  return {
    mediaType,
    digest,
    size,
    ...platform === void 0 ? {} : { platform },
    annotations: annotationsOf(value["annotations"])
  };
}
function platformOf(value) {
  if (!isJsonObject(value)) return void 0;
  const { os, architecture, variant } = value;
  if (typeof os !== "string" || typeof architecture !== "string" || os === "" || architecture === "") return void 0;
  return { os, architecture, ...typeof variant === "string" && variant !== "" ? { variant } : {} };
}
function annotationsOf(value) {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry) => typeof entry[1] === "string")
  );
}
function invalid(where, reason, cause) {
  return new Failure("network", `${where} ${reason}.`, { code: "ManifestInvalid", cause });
}

// src/oci/content.ts
var DOCUMENT_LIMIT = 16 * 1024 * 1024;
async function readManifest(content, descriptor) {
  const bytes = await content.document(descriptor);
  const where = `${descriptor.digest} in ${content.place}`;
  return { bytes, manifest: parseManifest(bytes, descriptor.mediaType, where) };
}
async function readAtMost(stream, limit, where) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new Failure("network", `${where} gives more than ${limit} bytes.`, { code: "TooLarge" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
function checkBytes(bytes, { digest }, where) {
  const found = digestOf(bytes);
  if (found === digest) return bytes;
  throw new Failure("network", `${where} gave other content than asked for.`, {
    code: "DigestMismatch",
    lines: [`asked for ${digest}`, `the content's digest is ${found}`]
  });
}

// src/oci/graph.ts
async function readGraph(content, root) {
  const found = /* @__PURE__ */ new Map();
  async function visit(descriptor) {
    if (found.has(descriptor.digest)) return;
    const { bytes, manifest } = await readManifest(content, descriptor);
    if (manifest.kind === "index") for (const member of manifest.members) await visit(member);
    const { mediaType } = manifest;
    const blobs = manifest.kind === "index" ? [] : [manifest.config, ...manifest.layers];
    found.set(descriptor.digest, {
      descriptor: { ...descriptor, mediaType },
      bytes,
      blobs: blobs.filter((blob) => !isForeignType(blob.mediaType))
    });
  }
  await visit(root);
  return [...found.values()];
}

// src/layout/layout.ts
var REF_NAME = "org.opencontainers.image.ref.name";
async function openLayout(files, directory) {
  const index = join(directory, "index.json");
  if (await files.info(index) === void 0) {
    throw damaged(`${directory} is no OCI layout: it has no index.json.`);
  }
  async function locate({ digest, size }) {
    const path = join(directory, "blobs/sha256", hexOf(digest));
    const info = await files.info(path);
    if (info?.kind !== "file") throw damaged(`The OCI layout ${directory} lacks ${digest}.`);
    if (size !== void 0 && info.size !== size)
      throw damaged(`${path} has ${info.size} bytes, but ${size} are named in the image.`);
    return path;
  }
  return {
    place: directory,
    images: parseLayoutIndex(await files.readBytes(index), index),
    document: async (descriptor) => checkBytes(await files.readBytes(await locate(descriptor)), descriptor, directory),
    blob: async (descriptor) => files.pieces(await locate(descriptor))
  };
}
function parseLayoutIndex(bytes, where) {
  return parseDescriptors(parseJsonObject(bytes, where)["manifests"], where);
}
function imageOf({ images, place }, name) {
  const named = images.filter(({ annotations }) => namesOf(annotations).includes(name));
  const candidates = named.length > 0 ? named : images;
  const [first] = candidates;
  if (first === void 0) throw damaged(`The OCI layout ${place} holds no image.`);
  const digests = new Set(candidates.map(({ digest }) => digest));
  if (digests.size === 1) return first;
  throw new Failure("tool", `The OCI layout ${place} holds ${digests.size} images where one was expected.`, {
    code: "LayoutAmbiguous",
    lines: candidates.map(
      ({ digest, annotations }) => `${digest} ${namesOf(annotations).find(Boolean) ?? "without a name"}`
    ),
    hint: "Give an empty directory."
  });
}
function namesOf(annotations) {
  return [annotations[REF_NAME], annotations["io.containerd.image.name"]];
}
function damaged(message) {
  return new Failure("tool", message, {
    code: "LayoutDamaged",
    hint: "The tool that wrote it did not finish, or something changed it since."
  });
}
async function writeLayout(content, root, directory, files, name) {
  const manifests = await readGraph(content, root);
  const folder = join(directory, "blobs/sha256");
  await files.makeDirectory(folder, 493);
  const blobs = new Map(manifests.flatMap((manifest) => manifest.blobs).map((blob) => [blob.digest, blob]));
  for (const blob of blobs.values()) {
    await writeBlob(content, blob, files.sink(join(folder, hexOf(blob.digest)), { mode: 420 }));
  }
  for (const { descriptor, bytes } of manifests) {
    await files.write(join(folder, hexOf(descriptor.digest)), bytes, 420);
  }
  await files.write(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }), 420);
  await files.write(join(directory, "index.json"), printLayoutIndex(root, name), 420);
}
function printLayoutIndex(root, name, others = []) {
  const manifests = [...others.map((other) => describedAs(other, void 0)), describedAs(root, name)];
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
}
function describedAs({ mediaType, digest, size, platform, annotations }, name) {
  const all = { ...annotations, ...name === void 0 ? {} : { [REF_NAME]: name } };
  return {
    mediaType,
    digest,
    size,
    ...platform === void 0 ? {} : { platform },
    ...Object.keys(all).length === 0 ? {} : { annotations: all }
  };
}
async function writeBlob(content, descriptor, sink) {
  const { digest, size } = descriptor;
  const hash = createHash("sha256");
  let written = 0;
  let broken;
  sink.on("error", (error) => {
    broken ??= error;
  });
  try {
    for await (const piece of await content.blob(descriptor)) {
      hash.update(piece);
      written += piece.length;
      await settled((done) => sink.write(piece, done));
    }
    await settled((done) => sink.end(done));
  } catch (error) {
    throw broken ?? error;
  } finally {
    sink.destroy();
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found === digest && written === size) return;
  throw new Failure("network", `${content.place} gave other content than asked for.`, {
    code: "DigestMismatch",
    lines: [`asked for ${digest} of ${size} bytes`, `the content's digest is ${found}, of ${written} bytes`]
  });
}
function settled(act) {
  return new Promise((resolve2, reject) => {
    act((error) => error ? reject(error) : resolve2());
  });
}

// src/oci/describe.ts
var ATTESTATION = "vnd.docker.reference.type";
function isAttestation({ annotations }) {
  return annotations[ATTESTATION] !== void 0;
}
async function describe(content, root) {
  const { manifest } = await readManifest(content, root);
  return {
    digest: root.digest,
    kind: manifest.kind,
    platforms: await describePlatforms(content, root, manifest)
  };
}
async function describePlatforms(content, descriptor, manifest) {
  if (manifest.kind === "manifest") {
    return isImageConfigType(manifest.config.mediaType) ? [await describeImage(content, descriptor, manifest)] : [];
  }
  const members = manifest.members.filter(
    (member) => !isAttestation(member) && (isIndexType(member.mediaType) || isManifestType(member.mediaType))
  );
  const described = await Promise.all(
    members.map(async (member) => describePlatforms(content, member, (await readManifest(content, member)).manifest))
  );
  return described.flat();
}
async function describeImage(content, descriptor, { config, layers }) {
  const stated = parseJsonObject(await content.document(config), `The config ${config.digest} in ${content.place}`);
  const sizes = [descriptor, config, ...layers].map(({ size }) => size);
  return {
    platform: normalizePlatform(platformOf(stated) ?? descriptor.platform ?? UNKNOWN),
    digest: descriptor.digest,
    imageid: config.digest,
    size: sizes.reduce((total, size) => total + size, 0),
    layers: layers.map(({ digest, size }) => ({ digest, size }))
  };
}
var UNKNOWN = { os: "unknown", architecture: "unknown" };

// src/registry/auth/challenge.ts
var TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
var ITEM = new RegExp(`[\\s,]*(${TOKEN})(?:\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN})))?`, "y");
function parseChallenges(header) {
  const challenges = [];
  const item = new RegExp(ITEM);
  for (let found = item.exec(header); found !== null; found = item.exec(header)) {
    const [, name = "", quoted, bare] = found;
    const value = quoted?.replace(/\\(.)/g, "$1") ?? bare;
    if (value === void 0) challenges.push({ scheme: name.toLowerCase(), parameters: {} });
    else Object.assign(challenges.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value });
  }
  return challenges;
}

// src/registry/endpoint.ts
function apiHost(domain) {
  return domain === "docker.io" ? "registry-1.docker.io" : domain;
}
function checkAddress(url, registry, purpose = "trust") {
  const reason = unsafeReason(url, registry, purpose);
  if (reason === void 0) return;
  throw new Failure("network", `The registry ${registry.host} sends us to ${url.origin}, ${reason}.`, {
    code: "UnsafeAddress",
    hint: "The registry, or the proxy before it, is set up with a wrong public address."
  });
}

// src/registry/auth/credentials.ts
import { join as join2 } from "node:path/posix";
function openCredentials(machine, authFile) {
  let configs;
  const found = /* @__PURE__ */ new Map();
  const masked = /* @__PURE__ */ new Set();
  function mask(credential) {
    for (const text of credential === void 0 ? [] : masksOfCredential(credential)) {
      if (!masked.has(text)) machine.actions.mask(text);
      masked.add(text);
    }
  }
  async function read() {
    const reading = configs ?? (authFile === void 0 ? readAmbient(machine) : readGiven(machine, authFile));
    configs = reading;
    return reading.catch((error) => {
      configs = void 0;
      throw error;
    });
  }
  async function look(repository) {
    const credential = await find(machine, await read(), repository);
    mask(credential);
    return credential;
  }
  function ask(repository) {
    const key = printRepository(repository);
    const asked = look(repository);
    found.set(key, asked);
    asked.catch(() => found.get(key) === asked && found.delete(key));
    return asked;
  }
  return async (repository, refused) => {
    const known = found.get(printRepository(repository));
    if (known === void 0) return ask(repository);
    if (refused === void 0 || await known !== refused) return known;
    const latest = found.get(printRepository(repository));
    if (latest !== void 0 && latest !== known) return latest;
    configs = void 0;
    return ask(repository);
  };
}
function sameCredential(one, other) {
  return one?.username === other?.username && secretsOf(one).join("\n") === secretsOf(other).join("\n");
}
async function readGiven({ files }, path) {
  if (await files.info(path) === void 0) {
    throw new Failure("input", `registry-auth-file names ${path}, which does not exist.`, { code: "AuthFileMissing" });
  }
  return [{ source: path, config: parseAuthConfig(await files.readText(path), path) }];
}
async function readAmbient({ env, files }) {
  const configs = [];
  const inline = env["DOCKER_AUTH_CONFIG"];
  if (inline) configs.push({ source: "DOCKER_AUTH_CONFIG", config: parseAuthConfig(inline, "DOCKER_AUTH_CONFIG") });
  for (const path of ambientPaths(env)) {
    const text = await files.readText(path).catch(() => void 0);
    if (text !== void 0 && text.trim() !== "") configs.push({ source: path, config: parseAuthConfig(text, path) });
  }
  return configs;
}
function ambientPaths(env) {
  const home = env["HOME"];
  const docker = env["DOCKER_CONFIG"] || home && join2(home, ".docker");
  const runtime = env["XDG_RUNTIME_DIR"];
  const paths = [
    docker && join2(docker, "config.json"),
    env["REGISTRY_AUTH_FILE"],
    // Without a runtime directory podman takes the user's number; root's is the one that jobs in containers have.
    runtime ? join2(runtime, "containers/auth.json") : "/run/containers/0/auth.json",
    home && join2(env["XDG_CONFIG_HOME"] || join2(home, ".config"), "containers/auth.json")
  ];
  return paths.filter((path) => path !== void 0 && path !== "");
}
async function find(machine, configs, repository) {
  for (const { source, config } of configs) {
    const credential = await fromPrograms(machine, config, repository) ?? fromEntry(config, repository, source);
    if (credential !== void 0) return credential;
  }
  return void 0;
}
function fromEntry(config, repository, source) {
  const usable = new Map([...config.auths].filter(([, entry2]) => isUsable(entry2)));
  const entry = findByRepository(usable, repository)?.value;
  if (entry === void 0) return void 0;
  return {
    username: entry.username ?? "",
    ...entry.password === void 0 ? {} : { password: new Secret(entry.password) },
    ...entry.identityToken === void 0 ? {} : { identityToken: new Secret(entry.identityToken) },
    ...entry.registryToken === void 0 ? {} : { registryToken: new Secret(entry.registryToken) },
    source
  };
}
function isUsable(entry) {
  return (entry.password ?? entry.identityToken ?? entry.registryToken) !== void 0;
}
async function fromPrograms(machine, config, repository) {
  const helper = findByRepository(config.helpers, repository);
  if (helper !== void 0) return askProgram(machine, helper.value, helper.key);
  const server = repository.domain === "docker.io" ? DOCKER_HUB_KEY : repository.domain;
  return config.store === void 0 ? void 0 : askProgram(machine, config.store, server);
}
async function askProgram(machine, name, server) {
  const tool = `docker-credential-${name}`;
  const { code, stdout, stderr } = await machine.processes.ask({ tool, args: ["get"], stdin: server }).catch((cause) => {
    throw programFailed(tool, server, "cannot be started; is it installed?", [], cause);
  });
  if (code !== 0) {
    if (/credentials not found/i.test(stdout + stderr)) return void 0;
    throw programFailed(tool, server, `ended with exit code ${code}`, `${stdout}
${stderr}`.split("\n"));
  }
  return parseAnswer(stdout, tool, server);
}
function parseAnswer(stdout, tool, server) {
  let answer;
  try {
    answer = JSON.parse(stdout);
  } catch {
  }
  if (!isJsonObject(answer) || typeof answer["Secret"] !== "string") {
    throw programFailed(tool, server, "gave an answer that is no credential");
  }
  if (answer["Secret"] === "") return void 0;
  const username = typeof answer["Username"] === "string" ? answer["Username"] : "";
  const secret = new Secret(answer["Secret"]);
  return { username, source: tool, ...username === "<token>" ? { identityToken: secret } : { password: secret } };
}
function programFailed(tool, server, what, lines = [], cause) {
  return new Failure("auth", `The credential program ${tool}, asked about ${server}, ${what}.`, {
    code: "CredentialProgramFailed",
    lines: lines.map((line) => line.trim()).filter((line) => line !== ""),
    hint: "Install or repair the program, or remove it from credHelpers or credsStore of the credentials file.",
    cause
  });
}
function masksOfCredential(credential) {
  const { username, password } = credential;
  const basic = password && new Secret(basicAuth(username, password));
  const secrets = [password, credential.identityToken, credential.registryToken, basic];
  return secrets.flatMap((secret) => secret === void 0 ? [] : masksOf(secret));
}
function secretsOf(credential) {
  const secrets = [credential?.password, credential?.identityToken, credential?.registryToken];
  return secrets.map((secret) => secret?.reveal());
}
function basicAuth(username, password) {
  return Buffer.from(`${username}:${password.reveal()}`).toString("base64");
}

// src/registry/auth/token.ts
var DEFAULT_LIFE = 60;
var ANSWER_LIMIT = 1024 * 1024;
function scopesOf({ repository, write, mountFrom }) {
  const scope = `repository:${repository.path}:${write ? "pull,push" : "pull"}`;
  return mountFrom === void 0 ? [scope] : [scope, `repository:${mountFrom.path}:pull`];
}
async function logIn(machine, credentials, access, endpoint, before) {
  const { repository } = access;
  const credential = await credentials(repository, before?.isCredential === true ? before.credential : void 0);
  try {
    return await logInWith(machine, access, endpoint, credential);
  } catch (error) {
    if (credential === void 0 || !(error instanceof Failure) || error.code !== REFUSED) throw error;
    const renewed = await credentials(repository, credential);
    if (before === void 0 && sameCredential(renewed, credential)) throw error;
    return logInWith(machine, access, endpoint, renewed);
  }
}
async function logInWith(machine, access, endpoint, credential) {
  const lasting = { expires: Number.POSITIVE_INFINITY, credential, isCredential: true };
  if (credential?.registryToken !== void 0) {
    return { ...lasting, header: `Bearer ${credential.registryToken.reveal()}` };
  }
  if (endpoint.challenge.scheme === "bearer") {
    return { ...await fetchToken(machine, access, endpoint, credential), credential, isCredential: false };
  }
  if (credential?.password === void 0) throw notLoggedIn(access.repository);
  return { ...lasting, header: `Basic ${basicAuth(credential.username, credential.password)}` };
}
function printCredential({ username, source }) {
  return `the credentials${username === "" ? "" : ` of ${username}`} from ${source}`;
}
async function fetchToken(machine, access, { challenge, registry }, credential) {
  const realm = realmOf(challenge, registry);
  const service = challenge.parameters["service"];
  const parameters = new URLSearchParams(service === void 0 ? [] : [["service", service]]);
  for (const scope of scopesOf(access)) parameters.append("scope", scope);
  const started = machine.now().getTime();
  const answer = credential?.identityToken === void 0 ? await askToken(machine, realm, parameters, credential) : await tradeToken(machine, realm, parameters, credential, credential.identityToken);
  const body = await readAnswer(answer, realm);
  if (answer.status !== 200) throw tokenRefused(machine, access, { ...answer, text: body }, credential);
  return readToken(machine, body, realm, started);
}
async function askToken(machine, realm, parameters, credential) {
  const url = new URL(realm);
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  const headers = credential?.password === void 0 ? {} : { authorization: `Basic ${basicAuth(credential.username, credential.password)}` };
  return send(machine, { method: "GET", url, headers });
}
async function tradeToken(machine, realm, parameters, credential, refresh) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "bento-image",
    refresh_token: refresh.reveal()
  });
  const service = parameters.get("service");
  if (service !== null) form.set("service", service);
  form.set("scope", parameters.getAll("scope").join(" "));
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send(machine, { method: "POST", url: realm, headers, body: form.toString() });
  if (answer.status !== 404 && answer.status !== 405) return answer;
  answer.body.destroy();
  return askToken(machine, realm, parameters, credential);
}
async function send(machine, request) {
  try {
    return await machine.http.request(request);
  } catch (error) {
    throw machine.signal.aborted ? cancelled(machine.signal, `The login at ${request.url.host} was stopped`, error) : failureOfConnection(error, request.url);
  }
}
async function readAnswer({ body }, realm) {
  try {
    return (await readAtMost(body, ANSWER_LIMIT, realm.host)).toString("utf8");
  } catch (error) {
    throw error instanceof Failure ? error : failureOfConnection(error, realm);
  }
}
function realmOf({ parameters }, registry) {
  const realm = parameters["realm"] ?? "";
  if (!URL.canParse(realm, registry.href)) {
    throw new Failure("auth", `${registry.host} names no address to get a token from.`, { code: "RealmInvalid" });
  }
  const url = new URL(realm, registry);
  checkAddress(url, registry);
  return url;
}
function readToken(machine, body, realm, started) {
  const json = parseJsonObject(Buffer.from(body), `The token from ${realm.host}`);
  const token = json["token"] || json["access_token"];
  if (typeof token !== "string") {
    throw new Failure("auth", `${realm.host} gave an answer without a token.`, { code: "TokenInvalid" });
  }
  for (const mask of masksOf(new Secret(token))) machine.actions.mask(mask);
  const life = typeof json["expires_in"] === "number" ? json["expires_in"] : 0;
  return { header: `Bearer ${token}`, expires: started + Math.max(life, DEFAULT_LIFE) * 1e3 };
}
function tokenRefused(machine, { repository, write }, refusal, credential) {
  const login = credential && printCredential(credential);
  const circumstances = { repository, write, doing: "giving a token", login, now: machine.now().getTime() };
  const failure = failureOfRefusal(refusal, circumstances);
  if (failure instanceof TransientFailure) return failure;
  if (credential === void 0) return notLoggedIn(repository, failure.lines);
  return credentialsRefused(repository, credential, failure.lines);
}
var REFUSED = "CredentialsRefused";
function credentialsRefused(repository, credential, lines) {
  const { domain } = repository;
  return new Failure("auth", `${domain} refused ${printCredential(credential)} for ${printRepository(repository)}.`, {
    code: REFUSED,
    lines,
    hint: authHint(repository)
  });
}
function notLoggedIn(repository, lines = []) {
  return new Failure("auth", `${repository.domain} wants a login for ${printRepository(repository)}; none was found.`, {
    code: "NotLoggedIn",
    lines,
    hint: authHint(repository)
  });
}

// src/registry/auth/authorization.ts
var MARGIN = 1e4;
function openAuthorizer(machine, credentials) {
  const doors = /* @__PURE__ */ new Map();
  const grants = /* @__PURE__ */ new Map();
  function renew(access, endpoint, stale, before) {
    const key = keyOf(access);
    const latest = grants.get(key);
    if (latest !== void 0 && latest !== stale) return latest;
    const grant = logIn(machine, credentials, access, endpoint, before);
    grants.set(key, grant);
    grant.catch(() => grants.get(key) === grant && grants.delete(key));
    return grant;
  }
  return {
    async current(access) {
      const known = grants.get(keyOf(access)) ?? grants.get(keyOf({ ...access, write: true }));
      const grant = await known;
      if (grant !== void 0 && grant.expires - MARGIN > machine.now().getTime()) return grant;
      const endpoint = doors.get(access.repository.domain);
      return endpoint && renew(access, endpoint, known, grant);
    },
    async login(access, registry, header, refused) {
      const known = grants.get(keyOf(access));
      const grant = await known;
      if (grant !== void 0 && grant.header !== refused?.header) return grant;
      const endpoint = { challenge: chooseChallenge(header, access.repository), registry };
      doors.set(access.repository.domain, endpoint);
      return renew(access, endpoint, known, refused);
    }
  };
}
function keyOf(access) {
  return [access.repository.domain, ...scopesOf(access)].join(" ");
}
function chooseChallenge(header, { domain }) {
  const challenges = parseChallenges(header);
  const chosen = challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic");
  if (chosen !== void 0) return chosen;
  const offered = challenges.map(({ scheme }) => scheme).join(", ") || "none";
  throw new Failure("auth", `${domain} wants a login of a kind that is not known here (offered: ${offered}).`, {
    code: "SchemeUnknown"
  });
}

// src/registry/body.ts
var BodyError = class extends Error {
};
async function* checkedBody(body, request) {
  const announced = Number(request.headers?.["content-length"]);
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.length;
      if (size > announced) throw otherSize(request.doing, announced, "more");
      yield piece;
    }
    if (size < announced) throw otherSize(request.doing, announced, "fewer");
  } catch (cause) {
    throw new BodyError("", { cause });
  }
}
function otherSize(doing, announced, how) {
  return new Failure("network", `There were ${how} than the announced ${announced} bytes while ${doing}.`, {
    code: "SizeMismatch",
    hint: "Something changed the content since its size was taken. Try again, with nothing else writing to it."
  });
}

// src/registry/registries.ts
var REQUESTS_AT_ONCE = 4;
var REDIRECTS = 5;
var LOGINS = 3;
var ERROR_BYTES = 65536;
function openRegistries(machine, options = {}) {
  const authorizer = openAuthorizer(machine, openCredentials(machine, options.authFile));
  const origins = /* @__PURE__ */ new Map();
  async function sendWithLogin(access, origin, url, call) {
    if (url.origin !== origin.origin) return sendOnce(machine, url, call, void 0);
    let grant = await authorizer.current(access);
    const logins = call.logins ?? (grant === void 0 ? 1 : LOGINS);
    let attempt = await sendOnce(machine, url, call, grant);
    for (let count = 0; attempt.answer.status === 401 && count < logins; count++) {
      attempt.answer.body.resume();
      const refused = grant;
      grant = await authorizer.login(access, origin, attempt.answer.headers["www-authenticate"] ?? "", refused);
      attempt = await sendOnce(machine, url, call, grant);
      if (grant.header === refused?.header) break;
    }
    return attempt;
  }
  async function follow(access, origin, call) {
    let url = addressOf(call.target, origin, access.repository);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const { answer, login } = await sendWithLogin(access, origin, url, call);
      const location = redirectOf(answer, call);
      if (location === void 0) {
        if (call.accept.includes(answer.status)) return { ...answer, url };
        const circumstances = { ...access, doing: call.doing, login, now: machine.now().getTime() };
        throw failureOfRefusal({ ...answer, text: await readStart(answer.body) }, circumstances);
      }
      answer.body.resume();
      url = resolveLocation(location, url, origin, call.isContent ? "content" : "trust");
    }
    throw new Failure("network", `${origin.host} redirects without end.`, { code: "RedirectLoop" });
  }
  return {
    machine,
    refusedMounts: /* @__PURE__ */ new Set(),
    retrying: (work, signal) => withRetries(machine, options.retryPolicy ?? RETRY_POLICY, work, signal),
    async send(access, call) {
      const { domain } = access.repository;
      const known = origins.get(domain);
      let origin = known ?? likelyOrigin(domain, options.plainHttp ?? []);
      const answer = await follow(access, origin, call).catch((error) => {
        if (known !== void 0 || origin.protocol !== "http:" || !wantsTls(error)) throw error;
        origin = new URL(`https://${origin.host}`);
        return follow(access, origin, call);
      });
      origins.set(domain, origin);
      return answer;
    }
  };
}
function resolveLocation(location, base, origin, purpose = "trust") {
  if (!URL.canParse(location, base.href)) {
    throw new Failure("network", `${origin.host} gave the location ${JSON.stringify(location)}, which is no address.`, {
      code: "LocationInvalid"
    });
  }
  const url = new URL(location, base);
  const isOwn = url.hostname === origin.hostname && (purpose === "trust" || url.port === "" || url.port === origin.port);
  if (isOwn && url.protocol === "http:" && origin.protocol === "https:") url.protocol = "https:";
  checkAddress(url, origin, purpose);
  return url;
}
function addressOf(target, origin, { path }) {
  return typeof target === "string" ? new URL(`/v2/${path}/${target}`, origin) : target;
}
function likelyOrigin(domain, plainHttp) {
  const isPlain = plainHttp.includes(domain) || isLoopback(domain);
  return new URL(`${isPlain ? "http" : "https"}://${apiHost(domain)}`);
}
function wantsTls(error) {
  if (!(error instanceof Failure)) return false;
  const { cause } = error;
  const code = errorCode(cause);
  return /^(?:ECONNRESET|HPE_)/.test(code) || error.lines.some((line) => /HTTP request .{0,200}HTTPS/i.test(line));
}
async function sendOnce(machine, url, call, grant) {
  const body = typeof call.body === "function" ? checkedBody(await call.body(), call) : call.body;
  try {
    const answer = await machine.http.request({
      method: call.method,
      url,
      headers: {
        "user-agent": "bento-image",
        ...call.headers,
        ...grant === void 0 ? {} : { authorization: grant.header }
      },
      ...body === void 0 ? {} : { body },
      ...call.idleTimeout === void 0 ? {} : { idleTimeout: call.idleTimeout },
      ...call.signal === void 0 ? {} : { signal: call.signal }
    });
    return { answer, login: grant?.credential && printCredential(grant.credential) };
  } catch (error) {
    if (machine.signal.aborted) throw cancelled(machine.signal, `Stopped while ${call.doing}`, error);
    if (error instanceof BodyError) throw error.cause;
    throw call.signal?.aborted ? error : failureOfConnection(error, url);
  }
}
function redirectOf({ status, headers }, { method }) {
  const follows = (method === "GET" || method === "HEAD") && [301, 302, 303, 307, 308].includes(status);
  return follows ? headers["location"] : void 0;
}
async function readStart(body) {
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > ERROR_BYTES) break;
    }
  } catch {
  }
  return Buffer.concat(chunks).toString("utf8");
}

// src/registry/resolve.ts
function resolve(registries, reference, { patient = true } = {}) {
  const ask = () => resolveOnce(registries, reference);
  return patient ? registries.retrying(ask) : ask();
}
async function resolveOnce(registries, reference) {
  const { repository, name } = address(reference);
  const where = printReference(reference);
  const answer = await registries.send(
    { repository, write: false },
    {
      method: "GET",
      target: `manifests/${name}`,
      headers: { accept: ACCEPT },
      doing: `reading ${name}`,
      accept: [200]
    }
  );
  const bytes = await readBody(answer, where);
  const digest = digestOf(bytes);
  if (reference.digest !== void 0) checkBytes(bytes, { digest: reference.digest }, printRepository(reference));
  checkClaim(answer, digest, where);
  const type = answer.headers["content-type"]?.split(";")[0]?.trim();
  const { mediaType } = parseManifest(bytes, type, where);
  return { mediaType, digest, size: bytes.length, bytes, annotations: {} };
}
async function resolveDigest(registries, reference, { patient = true, mirrors = {} } = {}) {
  if (reference.digest !== void 0) return reference.digest;
  const mirror = mirrors[reference.domain];
  return mirror && await digestAtMirror(registries, { ...reference, domain: mirror }) || digestAt(registries, reference, patient);
}
async function currentDigest(registries, reference) {
  try {
    return await digestAt(registries, reference, false);
  } catch (error) {
    if (error instanceof Failure && error.class !== "cancelled") return void 0;
    throw error;
  }
}
async function digestAtMirror(registries, reference) {
  try {
    return await digestAt(registries, reference, false);
  } catch (error) {
    if (!(error instanceof Failure) || error.class === "cancelled") throw error;
    registries.machine.actions.info(`${printReference(reference)}, a mirror: ${error.message}`);
    return void 0;
  }
}
async function digestAt(registries, reference, patient) {
  const ask = () => askForDigest(registries, reference);
  const claimed = await (patient ? registries.retrying(ask) : ask());
  return claimed ?? (await resolve(registries, reference, { patient })).digest;
}
async function askForDigest(registries, { domain, path, tag }) {
  const name = tag ?? "latest";
  const { body, headers, status } = await registries.send(
    { repository: { domain, path }, write: false },
    {
      method: "HEAD",
      target: `manifests/${name}`,
      headers: { accept: ACCEPT },
      doing: `asking for the digest of ${name}`,
      accept: [200, 405]
    }
  );
  body.resume();
  const claimed = headers["docker-content-digest"] ?? "";
  return status === 200 && isDigest(claimed) ? claimed : void 0;
}
function repositoryContent(registries, repository, known) {
  const place = printRepository(repository);
  return {
    place,
    repository,
    async document(descriptor) {
      const { digest, mediaType } = descriptor;
      if (digest === known?.digest) return known.bytes;
      if (isIndexType(mediaType) || isManifestType(mediaType)) {
        return (await resolve(registries, { ...repository, digest })).bytes;
      }
      return registries.retrying(
        async () => checkBytes(await readBody(await openBlob(registries, repository, digest), place), descriptor, place)
      );
    },
    blob: async ({ digest }) => passing(await openBlob(registries, repository, digest))
  };
}
function checkClaim({ headers }, digest, where) {
  const claimed = headers["docker-content-digest"];
  if (claimed === void 0 || claimed === digest || !claimed.startsWith("sha256:")) return;
  throw new Failure("network", `The registry calls ${where} by another digest than its content has.`, {
    code: "DigestMismatch",
    lines: [`the registry says ${claimed}`, `the content's digest is ${digest}`]
  });
}
function openBlob(registries, repository, digest) {
  return registries.send(
    { repository, write: false },
    { method: "GET", target: `blobs/${digest}`, doing: `reading ${digest}`, accept: [200], isContent: true }
  );
}
function address({ domain, path, tag, digest }) {
  return { repository: { domain, path }, name: digest ?? tag ?? "latest" };
}
async function* passing({ body, url }) {
  try {
    yield* body;
  } catch (error) {
    throw failureOfConnection(error, url);
  }
}
async function readBody({ body, url }, where) {
  try {
    return await readAtMost(body, DOCUMENT_LIMIT, where);
  } catch (error) {
    throw error instanceof Failure ? error : failureOfConnection(error, url);
  }
}

// src/registry/put-tags.ts
async function putTags(registries, references, digest, put2) {
  const order = await inOrder(registries, references, digest);
  for (const reference of firstOfEachOther(references, order)) await put2({ ...reference, digest });
  const done = [];
  for (const reference of order) {
    try {
      await put2(reference);
    } catch (error) {
      throw done.length > 0 && error instanceof Failure ? afterOthers(error, done) : error;
    }
    done.push(reference);
  }
}
async function inOrder(registries, references, digest) {
  if (references.length < 2) return references;
  const found = /* @__PURE__ */ new Map();
  await inParallel(references, REQUESTS_AT_ONCE, registries.machine.signal, async (reference) => {
    if (reference.digest === void 0) found.set(reference, await currentDigest(registries, reference));
  });
  const wrong = references.filter((reference) => found.get(reference) !== digest);
  const moved = wrong.filter((reference) => found.get(reference) !== void 0);
  return [.../* @__PURE__ */ new Set([...moved.filter(isVersion), ...moved, ...wrong])];
}
function firstOfEachOther(references, others) {
  const rest = references.filter((reference) => !others.some((other) => sameRepository(reference, other)));
  return distinctRepositories(rest).flatMap((repository) => rest.find((one) => sameRepository(one, repository)) ?? []);
}
function isVersion({ tag = "" }) {
  return /\d/.test(tag);
}
function afterOthers(error, done) {
  const { code, hint, position } = error;
  return new Failure(error.class, error.message, {
    code,
    lines: [...error.lines, `put before: ${done.map(printReference).join(", ")}`],
    ...hint === void 0 ? {} : { hint },
    ...position === void 0 ? {} : { position },
    cause: error
  });
}

// src/registry/send-manifest.ts
var UNUSUAL_LAYER = /\.tar(?:[+.]zstd)?$/;
var REFUSALS = ["TagImmutable", "Refused", "Denied"];
async function sendManifest(registries, reference, manifest) {
  const digest = digestOf(manifest.bytes);
  if (reference.digest !== void 0 && reference.digest !== digest) {
    throw new Failure("internal", `${printReference(reference)} cannot name the image ${digest}.`);
  }
  try {
    await registries.retrying(() => put(registries, reference, manifest));
  } catch (error) {
    const found = isRefusal(error) && reference.tag !== void 0 ? await currentDigest(registries, reference) : void 0;
    if (found === digest) return;
    throw immutable(error, reference, digest, found) ?? explained(error, manifest);
  }
}
async function put(registries, reference, { descriptor, bytes }) {
  const { domain, path, tag, digest } = reference;
  const answer = await registries.send(
    { repository: { domain, path }, write: true },
    {
      method: "PUT",
      target: `manifests/${digest ?? tag ?? "latest"}`,
      headers: { "content-type": descriptor.mediaType },
      body: bytes,
      doing: `putting the manifest ${digest ?? `under the tag ${tag ?? "latest"}`}`,
      accept: [200, 201, 202]
    }
  );
  answer.body.resume();
  checkClaim(answer, digestOf(bytes), printRepository(reference));
}
function isRefusal(error) {
  return error instanceof Failure && REFUSALS.includes(error.code) && !/BLOB_UNKNOWN/.test(error.lines.join(" "));
}
function immutable(error, reference, wanted, found) {
  if (!(error instanceof Failure) || error.code !== "TagImmutable" || found === void 0) return void 0;
  const { class: failureClass, code, lines, hint } = error;
  const message = `${printReference(reference)} cannot be moved: it stands for ${found}, this image is ${wanted}.`;
  return new Failure(failureClass, message, { code, lines, ...hint && { hint }, cause: error });
}
function explained(error, { blobs: [, ...layers] }) {
  if (!(error instanceof Failure) || error.code !== "Refused" || /BLOB_UNKNOWN/.test(error.lines.join(" ")))
    return error;
  const types = new Set(layers.map(({ mediaType }) => mediaType).filter((type) => UNUSUAL_LAYER.test(type)));
  if (types.size === 0) return error;
  return new Failure("input", error.message, {
    code: "LayerTypeRefused",
    lines: error.lines,
    hint: `The image has layers of the type ${[...types].join(" and ")}, which not every registry takes. Set "compression: gzip".`,
    cause: error
  });
}

// src/registry/session.ts
var COMMIT_TIMEOUT = 3e5;
var CLEANUP_TIMEOUT = 5e3;
var NO_SINGLE_PUT = [404, 405, 415, 501];
var UploadSession = class {
  #registries;
  #repository;
  #doing;
  #signal;
  #location;
  /** @param doing completes "answered 500 while …": `uploading sha256:…`. */
  constructor(registries, repository, doing, signal) {
    this.#registries = registries;
    this.#repository = repository;
    this.#doing = doing;
    this.#signal = signal;
  }
  async has(digest) {
    const doing = `asking for ${digest}`;
    const answer = await this.#call({
      method: "HEAD",
      target: `blobs/${digest}`,
      doing,
      accept: [200, 404],
      isContent: true
    });
    return answer.status === 200;
  }
  /** False when it must be uploaded; registries refuse mounts in many ways, none of which matters. */
  async mount(digest, from) {
    const pair = `${printRepository(from)} ${printRepository(this.#repository)}`;
    if (this.#registries.refusedMounts.has(pair)) return false;
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from.path)}`;
    const target = `blobs/uploads/?${query}`;
    try {
      const { signal } = this.#registries.machine;
      const answer = await this.#call(
        { method: "POST", target, body: "", accept: [201, 202], logins: 1, signal },
        from
      );
      if (answer.status === 201) return true;
      this.#location = locationOf(answer);
    } catch (error) {
      if (!(error instanceof Failure) || error.class === "cancelled" || error.class === "rate-limit") throw error;
      if (error.class === "auth") this.#registries.refusedMounts.add(pair);
    }
    return false;
  }
  /** All bytes and the end in one request; false when the registry does not take a blob this way. */
  async put(digest, bytes) {
    const target = withDigest(await this.#open(), digest);
    const accept = [201, 204, ...NO_SINGLE_PUT];
    const { status } = await this.#call({ method: "PUT", target, ...contentOf(bytes), accept });
    if (NO_SINGLE_PUT.includes(status)) return false;
    this.#location = void 0;
    return true;
  }
  /**
   * All bytes in one request without `Content-Range`, as docker, crane and jib send them: whoever refuses chunks takes
   * this. {@link commit} ends it.
   * @param otherwise statuses for which this is false; all others that are no success are a Failure.
   */
  async patch(bytes, otherwise = []) {
    const target = await this.#open();
    const accept = [201, 202, 204, ...otherwise];
    const answer = await this.#call({ method: "PATCH", target, ...contentOf(bytes), accept });
    if (otherwise.includes(answer.status)) return false;
    this.#location = locationOf(answer);
    return true;
  }
  async commit(digest) {
    const target = withDigest(await this.#open(), digest);
    await this.#call({ method: "PUT", target, body: "", idleTimeout: COMMIT_TIMEOUT, accept: [201, 204] });
    this.#location = void 0;
  }
  /** Tells the registry to drop the bytes it got; what it answers does not matter any more. */
  async abandon() {
    const target = this.#location;
    this.#location = void 0;
    if (target === void 0) return;
    const signal = AbortSignal.timeout(CLEANUP_TIMEOUT);
    await this.#call({ method: "DELETE", target, accept: [202, 204], signal }).catch(() => void 0);
  }
  /** Ended by a cancel of the run only: a session whose location we never learn could not be dropped. */
  async #open() {
    const { signal } = this.#registries.machine;
    this.#location ??= locationOf(
      await this.#call({ method: "POST", target: "blobs/uploads/", body: "", accept: [202], signal })
    );
    return this.#location;
  }
  async #call(request, mountFrom) {
    const access = { repository: this.#repository, write: true, ...mountFrom && { mountFrom } };
    const answer = await this.#registries.send(access, { doing: this.#doing, signal: this.#signal, ...request });
    answer.body.resume();
    return answer;
  }
};
function contentOf({ size, open }) {
  return {
    headers: { "content-type": "application/octet-stream", "content-length": String(size) },
    body: open,
    idleTimeout: COMMIT_TIMEOUT
  };
}
function withDigest(location, digest) {
  return new URL(`${location.href}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`);
}
function locationOf({ headers, url, status }) {
  const location = headers["location"];
  if (location === void 0) {
    throw new Failure("network", `${url.host} answered ${status} to an upload without saying where to send it.`, {
      code: "LocationMissing"
    });
  }
  return resolveLocation(location, url, new URL(url.origin));
}

// src/registry/upload.ts
function uploadBlob(registries, repository, { descriptor: { digest, size }, open }, { mountFrom, isNew, force, signal }) {
  const session = new UploadSession(registries, repository, `uploading ${digest}`, signal);
  let mustAsk = force !== true && isNew !== true;
  async function upload() {
    try {
      if (await session.put(digest, { size, open })) return;
      await session.abandon();
      await session.patch({ size, open });
      await session.commit(digest);
    } catch (error) {
      await session.abandon();
      if (signal.aborted || force || !await session.has(digest).catch(() => false)) throw error;
    }
  }
  return registries.retrying(async () => {
    if (mustAsk && await session.has(digest)) return "present";
    mustAsk = force !== true;
    if (mountFrom !== void 0 && await session.mount(digest, mountFrom)) return "mounted";
    await upload();
    return "uploaded";
  }, signal);
}

// src/registry/transfer.ts
async function transfer(registries, content, root, references, { present, isNew } = {}) {
  const manifests = await readGraph(content, root);
  const repositories = distinctRepositories(references);
  const arrivals = { present: 0, mounted: 0, uploaded: 0 };
  let uploadedBytes = 0;
  async function bring({ repository, blob, mountFrom }, signal) {
    if (present?.(repository, blob.digest)) return "present";
    const options = { signal, isNew: isNew?.(blob.digest) ?? false, ...mountFrom && { mountFrom } };
    return uploadBlob(registries, repository, blobOf(content, blob), options);
  }
  for (const jobs of planUploads(content, manifests, repositories)) {
    await inParallel(jobs, REQUESTS_AT_ONCE, registries.machine.signal, async (job, signal) => {
      const arrival = await bring(job, signal);
      arrivals[arrival] += 1;
      if (arrival === "uploaded") uploadedBytes += job.blob.size;
    });
  }
  for (const repository of repositories) {
    for (const manifest of manifests.slice(0, -1)) {
      await putManifest(registries, content, { ...repository, digest: manifest.descriptor.digest }, manifest);
    }
  }
  const last = manifests.at(-1);
  if (last !== void 0) {
    await putTags(
      registries,
      references,
      last.descriptor.digest,
      (reference) => putManifest(registries, content, reference, last)
    );
  }
  return { arrivals, uploadedBytes };
}
function planUploads(content, manifests, repositories) {
  const blobs = new Map(manifests.flatMap((manifest) => manifest.blobs).map((blob) => [blob.digest, blob]));
  const bigFirst = [...blobs.values()].sort((one, other) => other.size - one.size);
  const waves = [[], []];
  for (const repository of repositories) {
    const first = repositories.find(({ domain }) => domain === repository.domain) ?? repository;
    const origin = content.repository?.domain === repository.domain ? content.repository : void 0;
    const source = first === repository ? origin : first;
    const mountFrom = source !== void 0 && sameRepository(source, repository) ? void 0 : source;
    const wave = first === repository ? waves[0] : waves[1];
    wave.push(...bigFirst.map((blob) => ({ repository, blob, mountFrom })));
  }
  return waves;
}
async function putManifest(registries, content, reference, manifest) {
  const { signal } = registries.machine;
  for (const force of [false, true]) {
    try {
      await sendManifest(registries, reference, manifest);
      return;
    } catch (error) {
      if (!(error instanceof Failure) || !error.lines.some((line) => /BLOB_UNKNOWN/.test(line))) throw error;
      await inParallel(manifest.blobs, REQUESTS_AT_ONCE, signal, async (blob, either) => {
        await uploadBlob(registries, reference, blobOf(content, blob), { force, signal: either });
      });
    }
  }
  await sendManifest(registries, reference, manifest);
}
function blobOf(content, descriptor) {
  return { descriptor, open: () => content.blob(descriptor) };
}

// src/registry/verify.ts
async function verify(registries, references, expected) {
  const findings = /* @__PURE__ */ new Map();
  await inParallel(references, REQUESTS_AT_ONCE, registries.machine.signal, async (reference) => {
    const found = await digestAt2(registries, reference);
    if (found !== expected) findings.set(reference, found ?? "nothing");
  });
  if (findings.size === 0) return;
  const wrong = references.filter((reference) => findings.has(reference));
  throw new Failure(
    "network",
    `The registry does not hold the image that was pushed: ${wrong.map(printReference).join(", ")}.`,
    {
      code: "DigestMismatch",
      lines: wrong.map(
        (reference) => `${printReference(reference)}: expected ${expected}, found ${findings.get(reference)}`
      ),
      hint: "Another run may have pushed the same tag meanwhile; see concurrency in the workflow's documentation."
    }
  );
}
async function digestAt2(registries, reference) {
  try {
    return (await resolve(registries, reference)).digest;
  } catch (error) {
    if (error instanceof Failure && error.code === "NotFound") return void 0;
    throw error;
  }
}

// src/oci/image-index.ts
function printIndex(members, annotations = {}) {
  const index = {
    schemaVersion: 2,
    mediaType: indexTypeOf(members, annotations),
    manifests: members.map(({ mediaType, digest, size, platform: { os, architecture, variant }, ...member }) => ({
      mediaType,
      digest,
      size,
      ...sortedPairs(member.annotations ?? {}),
      platform: { architecture, os, ...variant === void 0 ? {} : { variant } }
    })),
    ...sortedPairs(annotations)
  };
  return new TextEncoder().encode(escapeAsGo(JSON.stringify(index, void 0, 2)));
}
function indexTypeOf(members, annotations = {}) {
  const isDocker = members.every(({ mediaType }) => mediaType === DOCKER_MANIFEST);
  return isDocker && members.length > 0 && Object.keys(annotations).length === 0 ? DOCKER_INDEX : OCI_INDEX;
}
function sortedPairs(annotations) {
  const pairs = Object.entries(annotations).sort(([one], [other]) => one < other ? -1 : 1);
  return pairs.length === 0 ? {} : { annotations: Object.fromEntries(pairs) };
}
function escapeAsGo(json) {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}

export {
  OCI_INDEX,
  OCI_MANIFEST,
  OCI_CONFIG,
  OCI_EMPTY,
  ociType,
  parseManifest,
  parseJsonObject,
  platformOf,
  DOCUMENT_LIMIT,
  readManifest,
  readAtMost,
  openLayout,
  parseLayoutIndex,
  imageOf,
  damaged,
  writeLayout,
  printLayoutIndex,
  printIndex,
  indexTypeOf,
  describe,
  REQUESTS_AT_ONCE,
  openRegistries,
  resolve,
  resolveDigest,
  repositoryContent,
  sendManifest,
  UploadSession,
  uploadBlob,
  transfer,
  verify
};
