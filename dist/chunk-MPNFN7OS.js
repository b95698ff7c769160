const require = process.getBuiltinModule;
import {
  isDigest
} from "./chunk-J64RREMD.js";
import {
  Failure
} from "./chunk-DERAUSUC.js";

// src/image/reference.ts
var DOCKER_HUB = "docker.io";
var OFFICIAL = "library/";
var NAME_LIMIT = 255;
var TAG_LIMIT = 128;
var LABEL = "[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*";
var DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);
var PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
var TAG = /^\w[\w.-]*$/;
function parseReference(text) {
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
    ...tag === void 0 ? {} : { tag: checkedTag(text, tag) },
    ...digest === void 0 ? {} : { digest: checkedDigest(text, digest) }
  };
}
function printReference(reference) {
  const { tag, digest } = reference;
  return `${printRepository(reference)}${tag === void 0 ? "" : `:${tag}`}${digest === void 0 ? "" : `@${digest}`}`;
}
function printRepository({ domain, path }) {
  return `${domain}/${path}`;
}
function printFamiliar(reference) {
  const full = printReference(reference);
  if (reference.domain !== DOCKER_HUB) return full;
  const { path } = reference;
  const short = path.startsWith(OFFICIAL) && !path.includes("/", OFFICIAL.length);
  return full.slice(DOCKER_HUB.length + 1 + (short ? OFFICIAL.length : 0));
}
function repositoryOf({ domain, path }) {
  return { domain, path };
}
function withDigest({ domain, path }, digest) {
  return { domain, path, digest };
}
function sameRepository(a, b) {
  return a.domain === b.domain && a.path === b.path;
}
function distinctRepositories(references) {
  const distinct = [];
  for (const reference of references) {
    if (!distinct.some((known) => sameRepository(known, reference))) distinct.push(repositoryOf(reference));
  }
  return distinct;
}
function split(text) {
  const at = text.indexOf("@");
  const digest = at < 0 ? void 0 : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  return colon < 0 ? { name: tagged, tag: void 0, digest } : { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}
function splitDomain(text, name) {
  if (name === "") throw invalid(text, "the name is missing");
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  if (slash < 0 || !looksLikeDomain(first)) return atDockerHub(name);
  const rest = name.slice(slash + 1);
  return first === DOCKER_HUB || first === "index.docker.io" ? atDockerHub(rest) : { domain: first, path: rest };
}
function looksLikeDomain(first) {
  return /[.:]/.test(first) || first === "localhost";
}
function atDockerHub(path) {
  return { domain: DOCKER_HUB, path: path === "" || path.includes("/") ? path : OFFICIAL + path };
}
function checkCharacters(text) {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw invalid(text, `it starts with a URL scheme; write "${text.slice(text.indexOf("://") + 3)}"`);
  }
  const odd = /[^\w./:@[\]-]/u.exec(text);
  if (odd !== null) throw invalid(text, `${JSON.stringify(odd[0])} cannot stand in a reference`);
}
function checkDomain(text, domain) {
  if (!DOMAIN.test(domain)) throw invalid(text, `"${domain}" is no host name with an optional port`);
}
function checkPath(text, path) {
  if (path === "") throw invalid(text, "the repository's name is missing after the host");
  if (/[A-Z]/.test(path)) {
    const at = text.indexOf(path.startsWith(OFFICIAL) ? path.slice(OFFICIAL.length) : path);
    const lowered = text.slice(0, at) + text.slice(at).replace(/^[^:@]*/, (name) => name.toLowerCase());
    throw invalid(text, `repository names are lower case; write "${lowered}"`);
  }
  for (const component of path.split("/")) {
    if (component === "") throw invalid(text, "it has an empty part between slashes or a slash at an end");
    if (!PATH_COMPONENT.test(component)) {
      throw invalid(
        text,
        `"${component}" must be letters and digits, parted by single ".", "_" or "__", or dashes, none at an end`
      );
    }
  }
  if (/^library\/[0-9a-f]{64}$/.test(path)) throw invalid(text, "64 hexadecimal digits are an image ID, not a name");
}
function checkedTag(text, tag) {
  if (tag === "") throw invalid(text, 'the tag after ":" is empty');
  if (tag.length > TAG_LIMIT) {
    throw invalid(text, `the tag has ${tag.length} characters, ${TAG_LIMIT} is the limit`);
  }
  if (!TAG.test(tag)) {
    throw invalid(
      text,
      `the tag "${tag}" may hold letters, digits, "_", "." and "-" and must not start with "." or "-"`
    );
  }
  return tag;
}
function checkedDigest(text, digest) {
  if (!isDigest(digest)) {
    throw invalid(text, 'the part after "@" must be "sha256:" and 64 lower-case hexadecimal digits');
  }
  return digest;
}
function invalid(text, reason) {
  const shown = text.length > 300 ? `${text.slice(0, 300)}\u2026` : text;
  return new Failure("input", `"${shown}" is no image reference: ${reason}.`, {
    code: "ReferenceInvalid",
    hint: "References look like ghcr.io/acme/iris:1.4.0."
  });
}

export {
  parseReference,
  printReference,
  printRepository,
  printFamiliar,
  repositoryOf,
  withDigest,
  sameRepository,
  distinctRepositories
};
