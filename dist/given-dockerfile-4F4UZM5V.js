const require = process.getBuiltinModule;
import {
  Failure,
  copyModel,
  generatedEntries,
  modelEntries,
  nameContexts,
  ownValue,
  quoteOperands,
  resolveLayout,
  withParents
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/recipe/dockerfile/given-dockerfile.ts
import { join } from "node:path/posix";

// src/recipe/dockerfile/parse.ts
var HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=$|[\s;|&<>)])/g;
var HEREDOC_KEYWORDS = ["RUN", "COPY", "ADD"];
function parseDockerfile(text) {
  const lines = text.split(/\r?\n/);
  const continuation = new RegExp(`\\${escapeCharacter(lines)}[ \\t]*$`);
  const ends = heredocEnds(lines);
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
    if (HEREDOC_KEYWORDS.includes(instruction.keyword)) index = skipHeredocs(logical, ends, index);
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
        values.set(name, ownValue(buildArgs, name) ?? quoted ?? bare);
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
function skipHeredocs(logical, ends, start) {
  let index = start;
  for (const [, dash, , name = ""] of logical.matchAll(HEREDOC)) {
    const end = ends(name, dash === "-", index);
    if (end !== void 0) index = end + 1;
  }
  return index;
}
function heredocEnds(lines) {
  const plain = /* @__PURE__ */ new Map();
  const indented = /* @__PURE__ */ new Map();
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const [, tabs, name] = /^(\t*)([A-Za-z_]\w*)$/.exec(lines[index] ?? "") ?? [];
    if (name === void 0) continue;
    for (const positions of tabs === "" ? [plain, indented] : [indented]) {
      const existing = positions.get(name);
      if (existing === void 0) positions.set(name, [index]);
      else existing.push(index);
    }
  }
  return (name, isIndented, from) => {
    const positions = (isIndented ? indented : plain).get(name) ?? [];
    while ((positions.at(-1) ?? from) < from) positions.pop();
    return positions.at(-1);
  };
}

// src/recipe/dockerfile/parser-directives.ts
var REPLACEMENT = "# The builder's own frontend reads this.";
function dropSyntax(text) {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const lines = text.slice(mark.length).split("\n");
  const start = lines[0]?.startsWith("#!") === true ? 1 : 0;
  const prefix = lines[start]?.startsWith("//") === true ? "//" : "#";
  const after = lines.findIndex((line, index) => index >= start && directiveOf(line, prefix) === void 0);
  const end = after === -1 ? lines.length : after;
  const directives = lines.slice(start, end);
  const others = directives.filter((line) => directiveOf(line, prefix) !== "syntax");
  if (others.length === directives.length) return text;
  return mark + [...lines.slice(0, start), ...others, REPLACEMENT, ...lines.slice(end)].join("\n");
}
var DIRECTIVE = /^[\s\u0085]*([A-Za-z][A-Za-z0-9]*)\s*=./s;
var DIRECTIVES = ["syntax", "escape", "check"];
function directiveOf(line, prefix) {
  if (!line.startsWith(prefix)) return void 0;
  const name = DIRECTIVE.exec(line.slice(prefix.length).replace(/\r$/, ""))?.[1]?.toLowerCase();
  return name !== void 0 && DIRECTIVES.includes(name) ? name : void 0;
}

// src/recipe/dockerfile/given-dockerfile.ts
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
  const secrets = mountedSecrets(bento, instructions);
  return { context: bento.directory, base, secrets, buildArgs: {}, resolvedBuildArgs: [] };
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
  return withParents(entries.map((entry) => ({ ...entry, path: join("bento", entry.path) })));
}
function mountedSecrets(bento, instructions) {
  const flags = instructions.flatMap((instruction) => instruction.flags);
  const mounts = flags.filter((flag) => /^--mount=.*\btype=secret\b/.test(flag));
  const fields = new Set(mounts.flatMap((mount) => mount.replace("--mount=", "").split(",")));
  return bento.envs.filter(({ name, stage }) => stage === "build" && fields.has(`id=${name}`)).map(({ name, value }) => ({ name, declared: value }));
}
function bakedNotes(bento, instructions) {
  const set = instructions.filter(({ keyword }) => keyword === "ENV").map(({ operands }) => operands.split(/[=\s]/)[0]);
  const baked = bento.envs.filter(({ name, stage }) => stage === "build" && set.includes(name)).map(({ name }) => name);
  if (baked.length === 0) return [];
  return [
    `The stored Dockerfile writes ${baked.join(", ")} into the image, although the Bento declares them for the build only. The generated Dockerfile does not.`
  ];
}
function copyMissing(path, contexts) {
  return new Failure(
    "dockerfile",
    `${path} has no \`COPY . ./\` in its last stage, after which the Bento's models would be copied`,
    {
      code: "CopyMissing",
      lines: contexts.map(({ name }) => `COPY --from=${name} \u2026`),
      hint: "Use `dockerfile: generated`, or provide a Dockerfile that copies the models from these contexts.",
      position: { file: path }
    }
  );
}
export {
  ownSource,
  storedSource
};
