const require = process.getBuiltinModule;
import {
  printReference,
  printRepository
} from "./chunk-MPNFN7OS.js";
import {
  isDigest
} from "./chunk-J64RREMD.js";
import {
  printPlatform
} from "./chunk-V6QKYO5S.js";
import {
  Failure
} from "./chunk-DERAUSUC.js";

// src/result/claims.ts
import { basename } from "node:path/posix";
var ROOT_KEY = "containerimage.digest";
var CONFIG_KEY = "containerimage.config.digest";
async function readEvidence(path, doer, files) {
  const text = await files.readText(path).catch((cause) => {
    throw evidenceMissing(`${doer} has no ${basename(path)}`, cause);
  });
  return text.trim();
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
function parseObject(text) {
  try {
    const parsed = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
function claim(means, value) {
  return typeof value === "string" && isDigest(value) ? { [means]: value } : {};
}

// src/script/quote.ts
var PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
function quoteArgument(argument) {
  if (typeof argument !== "string") return `"$(cat ${quoteArgument(argument.contentOf)})"`;
  return PLAIN.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
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
      const platforms = step.members.map(({ platform }) => printPlatform(platform)).join(", ");
      return [`# then the index of ${platforms} in ${step.layout}, by this action`];
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

export {
  readEvidence,
  readClaims,
  printCommand,
  printScript
};
