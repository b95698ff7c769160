/** Bentos whose texts contain everything that could be misread in a Dockerfile. */
import fc from "fast-check";
import type {
  Bento,
  BentoEntry,
  EnvStage,
  ImageOptionsV1,
  ImageOptionsV2,
  LocatedModel,
} from "../../src/bento/bento.ts";
import { enclosureOf } from "../fakes/enclosed.ts";

const PIECES = [
  ...[
    "\nRUN evil",
    "\nUSER 0",
    "USER root",
    "\nONBUILD RUN evil",
    "ENTRYPOINT []",
    '["a", "b"]',
    "[1]",
    "# escape=`",
    "#",
  ],
  ...["<<EOF", "<<-EOF", '<<-"USER bentoml"', "<< 'EOF'", "3<<EOF", "<", "<<", "<<<", "\nEOF", "\n", "\r\n", "\r"],
  ...["'", '"', "\\", "\\\n", "`", "$", "$(", "${", "}", "$PATH", "${PATH:-x}", "\\$", "$'", ";", "&&", "|", "(", ")"],
  ...[
    "--mount=type=bind",
    "--from=x",
    "-",
    " ",
    "\t",
    "\v",
    "\f",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "*",
    "[",
    "]",
    "?",
    "..",
    "/",
  ],
];

/** Lines around a here-document whose quotes a lexer and the shell interpret differently. */
const NESTED = [
  'a "b\nc <<EOF d "',
  `a "b\nc <<-"USER bentoml" d "`,
  `it's\n<< EOF 'x`,
  "echo \"\n<<'EOF'\n\"",
  'x\n "<<A" \ny\nA',
];

/** Any text without NUL, which the reader of a manifest refuses everywhere. */
const hostile = fc
  .string({
    unit: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: "grapheme", maxLength: 3 })),
    maxLength: 12,
  })
  .map((text) => text.replaceAll("\0", "").toWellFormed());

export const variableName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const stage = fc.constantFrom<EnvStage>("all", "build", "runtime");
const value = fc.oneof({ weight: 4, arbitrary: hostile.map(oneLine) }, hostile);
const reference = fc
  .tuple(
    value,
    fc.constantFrom(
      "$PATH",
      "${PATH}",
      "$A",
      "\\$A",
      "${LANG}x",
      "$1",
      "$LANGé",
      "${A:-}",
      "${A:-b $LANG}",
      "${LANG:+é}",
      "\\\\$A",
    ),
  )
  .map((all) => all.join(""));
/** A text that starts like a variable but is not a supported form is refused. */
const known = (text: string) => text.replace(/\$\{(?![A-Za-z]+(?:\}|:[-+][^{}]*\}$))/g, "$");
export const anyEnvs = fc.array(fc.record({ name: variableName, value, stage }), { maxLength: 4 });
const command = fc.oneof(
  hostile,
  fc.array(fc.oneof(hostile, fc.constantFrom(...NESTED)), { maxLength: 3 }).map((all) => all.join("")),
);
const commands = fc.array(command, { maxLength: 3 });

const base = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("python:3.11-slim", "acme/base:1", "registry.example.com:5000/python:3.12") },
  hostile,
);

const imageV2: fc.Arbitrary<ImageOptionsV2> = fc.record({
  spec: fc.constant(2 as const),
  baseImage: base,
  pythonVersion: hostile,
  commands,
  postCommands: commands,
  buildInclude: fc.array(hostile.filter(isName), { maxLength: 2 }),
});

const imageV1: fc.Arbitrary<ImageOptionsV1> = fc.record(
  {
    spec: fc.constant(1 as const),
    distro: fc.constantFrom("debian" as const, "alpine" as const, "ubi8" as const, "amazonlinux" as const),
    pythonVersion: fc.constant("3.11"),
    dockerEnv: fc.dictionary(
      fc.oneof(variableName, fc.constantFrom("PATH", "LANG", "A")),
      fc.oneof(value, reference).map(known),
      {
        maxKeys: 4,
      },
    ),
    systemPackages: fc.array(hostile.map(oneLine), { maxLength: 3 }),
    setupScript: fc.boolean(),
    dockerfileTemplate: fc.constant(false),
    conda: fc.boolean(),
    installScript: fc.boolean(),
    baseImage: base,
  },
  {
    requiredKeys: [
      "spec",
      "distro",
      "pythonVersion",
      "systemPackages",
      "setupScript",
      "dockerfileTemplate",
      "conda",
      "installScript",
    ],
  },
);

export const anyImage = fc.oneof(imageV2, imageV1);

const option = fc
  .tuple(fc.constantFrom("--index-url", "--extra-index-url", "--find-links", "--trusted-host"), hostile)
  .map(([name, text]) => `${name} ${oneLine(text)}`);

const entries = fc.uniqueArray(hostile.filter(isName), { maxLength: 4 }).chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc.record({
        name: fc.constant(name),
        kind: fc.constantFrom<BentoEntry["kind"]>("file", "directory", "symlink"),
      }),
    ),
  ),
);

export const anyBento: fc.Arbitrary<Bento> = fc
  .record({
    image: anyImage,
    envs: anyEnvs,
    bentomlVersion: hostile.map(oneLine),
    indexOptions: fc.array(option, { maxLength: 2 }),
    entries,
  })
  .map(({ image, entries: more, ...rest }) =>
    bentoOf(image, { ...rest, entries: [{ name: "bento.yaml", kind: "file" }, ...more] }),
  );

/** A snapshot of a Hugging Face repository whose files have any names. */
export const anyModels: fc.Arbitrary<readonly LocatedModel[]> = fc
  .uniqueArray(hostile.filter(isName), { maxLength: 2 })
  .map((names) =>
    names.length === 0
      ? []
      : [
          {
            kind: "snapshot",
            model: {
              registry: "huggingface",
              tag: { name: "acme--m", version: "1" },
              repository: "acme/m",
              revision: "main",
              include: [],
              exclude: [],
            },
            directory: enclosureOf("/m"),
            files: names.map((name) => ({ source: `snapshots/c/${name}`, path: name, size: 1 })),
            commit: "c",
            listed: false,
            origin: "cache",
          },
        ],
  );

export function bentoOf(image: Bento["image"], rest: Partial<Bento> = {}): Bento {
  return {
    tag: { name: "b", version: "v" },
    bentomlVersion: "1.4.38",
    creationTime: new Date(0),
    service: "s:S",
    labels: {},
    envs: [],
    models: [],
    directory: enclosureOf("/b"),
    entries: [{ name: "bento.yaml", kind: "file" }],
    indexOptions: [],
    image,
    ...rest,
  };
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\v\f]/g, "");
}

/** Whether a file can have this name; the reader refuses control characters in paths. */
function isName(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters.
  return text !== "" && text !== "." && text !== ".." && !/[\u0000-\u001f/]/.test(text) && text !== "bento.yaml";
}
