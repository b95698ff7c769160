import { Failure, firstFew } from "../errors.ts";
import type { Bento, ImageOptionsV2 } from "./bento.ts";
import { readEnvs } from "./env.ts";
import { type ManifestImageV1, readImageV1, readImageV2 } from "./image-options.ts";
import { parseInstant } from "./instant.ts";
import { ManifestNode, type Mistake } from "./manifest-node.ts";
import { readModels } from "./model-list.ts";
import { faultOfTagPart } from "./tag.ts";
import { parseYaml } from "./yaml.ts";

/** The content of bento.yaml, without what has to be read from the Bento's other files. */
export interface Manifest extends Omit<Bento, "directory" | "entries" | "indexOptions" | "image"> {
  readonly image: ManifestImageV1 | ImageOptionsV2;
  /** Warnings for the user, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the text of a bento.yaml of BentoML 1.0.0a6 or later. Unknown keys are ignored; all mistakes are reported
 * together. Schema: `BentoInfo`, `BentoInfoV2` in
 * https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/bento/bento.py
 * @param file path for messages and positions.
 * @throws {Failure} bento/ManifestInvalid, TagInvalid or ValueInvalid.
 */
export async function readManifest(text: string, file: string): Promise<Manifest> {
  const document = await parseManifest(text, file);
  const mistakes: Mistake[] = [];
  const warnings: string[] = [];
  const root = new ManifestNode(document, "", mistakes);
  const manifest = {
    tag: { name: readTagPart(root.key("name"), warnings), version: readTagPart(root.key("version"), warnings) },
    bentomlVersion: root.key("bentoml_version").text() ?? "",
    creationTime: readCreationTime(root.key("creation_time")),
    service: root.key("service").text() ?? "",
    labels: Object.fromEntries(root.key("labels").textEntries()),
    envs: readEnvs(root.key("envs")),
    models: readModels(root, warnings),
    image: readSpec(root.key("spec"), warnings) === 2 ? readImageV2(root) : readImageV1(root),
    warnings,
  };
  failOn(mistakes, file);
  return manifest;
}

/** The creation time of a manifest, to find the newest of several; undefined if it has none. */
export async function readCreationTimeOf(text: string, file: string): Promise<Date | undefined> {
  const root = new ManifestNode(await parseManifest(text, file), "", []);
  return parseInstant(root.key("creation_time").text() ?? "");
}

async function parseManifest(text: string, file: string): Promise<unknown> {
  // A YAML parser reports an empty document as a syntax error; this message is clearer.
  const document = text.trim() === "" ? undefined : await parseYaml(text, file);
  if (document === null || typeof document !== "object" || Array.isArray(document)) {
    throw new Failure("bento", `${file} is not the manifest of a Bento: it must be a YAML map`, {
      code: "ManifestInvalid",
      position: { file },
    });
  }
  return document;
}

function failOn(mistakes: readonly Mistake[], file: string): void {
  const [first] = mistakes;
  if (first === undefined) return;
  const messages = firstFew([...new Set(mistakes.map((mistake) => mistake.message))]);
  // If there are several codes, the most general one is used.
  const code = mistakes.find((mistake) => mistake.code === "ManifestInvalid")?.code ?? first.code;
  throw new Failure("bento", `${file}: ${messages.join("; ")}`, {
    code,
    lines: messages,
    position: { file },
    hint: "Correct the source of the Bento (service or bentofile.yaml) and run `bentoml build` again.",
  });
}

function readTagPart(node: ManifestNode, warnings: string[]): string {
  const text = node.requiredText();
  const lower = text.toLowerCase();
  if (lower !== text) warnings.push(`The Bento's ${node.path} "${text}" is changed to "${lower}", as BentoML does.`);
  const fault = node.present ? faultOfTagPart(lower) : undefined;
  if (fault !== undefined) node.mistake(`is "${text}", which ${fault}`, "TagInvalid");
  return lower;
}

function readCreationTime(node: ManifestNode): Date {
  const text = node.requiredText();
  const time = parseInstant(text);
  if (time === undefined && text !== "") node.mistake(`is "${text}", which is not a time`);
  return time ?? new Date(0);
}

/** BentoML reads every value other than 2 as spec 1 (`BentoInfo.from_yaml_file`). */
function readSpec(node: ManifestNode, warnings: string[]): 1 | 2 {
  const text = node.text() ?? "1";
  if (text === "2") return 2;
  if (text !== "1") warnings.push(`bento.yaml has the unknown spec "${text}"; it is read as spec 1, as BentoML does.`);
  return 1;
}
