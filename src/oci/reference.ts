import { Failure } from "../errors.ts";
import type { NonEmpty } from "../values.ts";
import { type Digest, isDigest } from "./digest.ts";

/**
 * A repository with its full name: `docker.io/library/python`, never `python`.
 * `domain` includes the port, `path` has no leading or trailing slash.
 */
export interface Repository {
  readonly domain: string;
  readonly path: string;
}

/** A repository with a tag, a digest or both, which identify an image. Without either, tools use the tag `latest`. */
export interface Reference extends Repository {
  readonly tag?: string;
  readonly digest?: Digest;
}

const DOCKER_HUB = "docker.io";
const OFFICIAL = "library/";

/** The longest name: domain, slash and path together, as podman and buildah count; docker 24 and later only count the path. */
const NAME_LIMIT = 255;
const TAG_LIMIT = 128;

/** Every repetition below starts with a character that the previous one cannot match, so matching takes linear time. */
const LABEL = "[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*";
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]*$/;

/**
 * Parses an image reference as docker does. If the first part has no `.` or `:` and is not `localhost`, the image is on
 * Docker Hub, where a name of one part is below `library/`.
 * @throws Failure `input`, code `ReferenceInvalid`, with the invalid part.
 * @see https://github.com/distribution/reference/blob/main/normalize.go (ParseNormalizedNamed, splitDockerDomain)
 */
export function parseReference(text: string): Reference {
  if (text === "") throw invalid(text, "it is empty");
  checkCharacters(text);
  const { name, tag, digest } = split(text);
  const { domain, path } = splitDomain(text, name);
  checkDomain(text, domain);
  checkPath(text, path);
  if (domain.length + 1 + path.length > NAME_LIMIT) {
    throw invalid(text, `the name is longer than ${NAME_LIMIT} characters`);
  }
  return {
    domain,
    path,
    ...(tag === undefined ? {} : { tag: checkedTag(text, tag) }),
    ...(digest === undefined ? {} : { digest: checkedDigest(text, digest) }),
  };
}

/** The full reference without implied parts: `docker.io/library/python:3.11@sha256:…`. */
export function printReference(reference: Reference): string {
  const { tag, digest } = reference;
  return `${printRepository(reference)}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** `docker.io/library/python`, without tag and digest. */
export function printRepository({ domain, path }: Repository): string {
  return `${domain}/${path}`;
}

/** The familiar form without `docker.io/` and `library/`: `python:3.11`. */
export function printFamiliar(reference: Reference): string {
  const full = printReference(reference);
  if (reference.domain !== DOCKER_HUB) return full;
  const { path } = reference;
  const short = path.startsWith(OFFICIAL) && !path.includes("/", OFFICIAL.length);
  return full.slice(DOCKER_HUB.length + 1 + (short ? OFFICIAL.length : 0));
}

/** Whether it is one of Docker's official images, as every name without registry and namespace is. */
export function isOfficial({ domain, path }: Repository): boolean {
  return domain === DOCKER_HUB && path.startsWith(OFFICIAL);
}

/** The repository without tag and digest. */
export function repositoryOf({ domain, path }: Repository): Repository {
  return { domain, path };
}

/** `repository@digest`, without the tag: podman and buildah refuse references that have both. */
export function withDigest({ domain, path }: Repository, digest: Digest): Reference {
  return { domain, path, digest };
}

export function sameRepository(a: Repository, b: Repository): boolean {
  return a.domain === b.domain && a.path === b.path;
}

/** The repositories of the references, each once, in order. */
export function distinctRepositories(references: NonEmpty<Reference>): NonEmpty<Repository>;
export function distinctRepositories(references: readonly Reference[]): readonly Repository[];
export function distinctRepositories(references: readonly Reference[]): readonly Repository[] {
  const distinct: Repository[] = [];
  for (const reference of references) {
    if (!distinct.some((repository) => sameRepository(repository, reference))) distinct.push(repositoryOf(reference));
  }
  return distinct;
}

export function sameReference(a: Reference, b: Reference): boolean {
  return sameRepository(a, b) && a.tag === b.tag && a.digest === b.digest;
}

function split(text: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  return colon < 0
    ? { name: tagged, tag: undefined, digest }
    : { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}

function splitDomain(text: string, name: string): Repository {
  if (name === "") throw invalid(text, "the name is missing");
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  if (slash < 0 || !looksLikeDomain(first)) return atDockerHub(name);
  const rest = name.slice(slash + 1);
  return first === DOCKER_HUB || first === "index.docker.io" ? atDockerHub(rest) : { domain: first, path: rest };
}

function looksLikeDomain(first: string): boolean {
  return /[.:]/.test(first) || first === "localhost";
}

function atDockerHub(path: string): Repository {
  return { domain: DOCKER_HUB, path: path === "" || path.includes("/") ? path : OFFICIAL + path };
}

function checkCharacters(text: string): void {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw invalid(text, `it starts with a URL scheme; write "${text.slice(text.indexOf("://") + 3)}"`);
  }
  const odd = /[^\w./:@[\]-]/u.exec(text);
  if (odd !== null) throw invalid(text, `${JSON.stringify(odd[0])} is not allowed in a reference`);
}

function checkDomain(text: string, domain: string): void {
  if (!DOMAIN.test(domain)) throw invalid(text, `"${domain}" is not a host name with an optional port`);
}

function checkPath(text: string, path: string): void {
  if (path === "") throw invalid(text, "the repository's name is missing after the host");
  if (/[A-Z]/.test(path)) {
    const at = text.indexOf(path.startsWith(OFFICIAL) ? path.slice(OFFICIAL.length) : path);
    const lowered = text.slice(0, at) + text.slice(at).replace(/^[^:@]*/, (name) => name.toLowerCase());
    throw invalid(text, `repository names are lower case; write "${lowered}"`);
  }
  for (const component of path.split("/")) {
    if (component === "") throw invalid(text, "it has an empty part between slashes or a trailing slash");
    if (!PATH_COMPONENT.test(component)) {
      throw invalid(
        text,
        `"${component}" must be letters and digits, separated by a single ".", "_" or "__" or by dashes, without separators at either end`,
      );
    }
  }
  if (/^library\/[0-9a-f]{64}$/.test(path)) throw invalid(text, "64 hexadecimal digits are an image ID, not a name");
}

function checkedTag(text: string, tag: string): string {
  if (tag === "") throw invalid(text, 'the tag after ":" is empty');
  if (tag.length > TAG_LIMIT) {
    throw invalid(text, `the tag has ${tag.length} characters, ${TAG_LIMIT} is the limit`);
  }
  if (!TAG.test(tag)) {
    throw invalid(
      text,
      `the tag "${tag}" must consist of letters, digits, "_", "." and "-" and must not start with "." or "-"`,
    );
  }
  return tag;
}

function checkedDigest(text: string, digest: string): Digest {
  if (!isDigest(digest)) {
    throw invalid(text, 'the part after "@" must be "sha256:" and 64 lower-case hexadecimal digits');
  }
  return digest;
}

function invalid(text: string, reason: string): Failure {
  const shown = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return new Failure("input", `"${shown}" is not an image reference: ${reason}.`, {
    code: "ReferenceInvalid",
    hint: "Use a reference such as ghcr.io/acme/iris:1.4.0.",
  });
}
