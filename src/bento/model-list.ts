import { type BentoModel, printTag, type Tag } from "./bento.ts";
import { parseHubAddress, printHubAddress } from "./hub-address.ts";
import { parseInstant } from "./instant.ts";
import type { ManifestNode } from "./manifest-node.ts";
import { parseTag } from "./tag.ts";

/**
 * The Hub's rule for names. They do not contain `--` or `..`, so two repositories never share a folder in a cache.
 * https://github.com/huggingface/huggingface_hub/blob/v1.0.0/src/huggingface_hub/utils/_validators.py, `validate_repo_id`
 */
const REPOSITORY = /^(?!.*(?:--|\.\.))[\w-][\w.-]{0,95}(?:\/[\w-][\w.-]{0,95})?$/;
/** A commit, branch or tag. Its parts must be valid file names, because a cache and the image use them as such. */
const REVISION = /^(?!.*\.\.)(?=.{1,200}$)[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** Limits the cost of matching a repository's files. */
const MAX_PATTERNS = 1_000;
const MAX_PATTERN_LENGTH = 1_000;

/**
 * The models of a Bento: `models` and every `services[].models`, one per tag, sorted by tag. The last entry of a tag
 * applies, as in BentoML, but an alias or time that only an earlier entry has is kept.
 */
export function readModels(manifest: ManifestNode, warnings: string[]): readonly BentoModel[] {
  const lists = [
    manifest.key("models"),
    ...manifest
      .key("services")
      .items()
      .map((service) => service.key("models")),
  ];
  const models = new Map<string, BentoModel>();
  for (const item of lists.flatMap((list) => list.items())) {
    const model = readModel(item, warnings);
    if (model === undefined) continue;
    const key = printTag(model.tag);
    models.set(key, { ...pickCommon(models.get(key)), ...model });
  }
  return [...models].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, model]) => model);
}

function pickCommon(model: BentoModel | undefined): Pick<BentoModel, "alias" | "creationTime"> {
  return {
    ...(model?.alias === undefined ? {} : { alias: model.alias }),
    ...(model?.creationTime === undefined ? {} : { creationTime: model.creationTime }),
  };
}

function readModel(item: ManifestNode, warnings: string[]): BentoModel | undefined {
  // Before 1.0.0a7 a model was listed as a plain tag.
  if (item.isText) {
    const tag = readTag(item);
    return tag && { registry: "bentoml", tag };
  }
  const tag = readTag(item.key("tag"));
  const alias = item.key("alias").text();
  const creationTime = readTime(item.key("creation_time"));
  const registry = item.key("registry").text() ?? "bentoml";
  if (tag === undefined) return undefined;
  const common = { tag, ...(alias ? { alias } : {}), ...(creationTime === undefined ? {} : { creationTime }) };
  if (registry === "bentoml") return { registry, ...common };
  if (registry === "huggingface")
    return { registry, ...common, ...readHubMetadata(item.key("metadata"), tag, warnings) };
  item.key("registry").mistake(`is "${registry}"; it must be bentoml or huggingface`);
  return undefined;
}

function readTag(node: ManifestNode): Tag | undefined {
  const text = node.requiredText();
  const tag = parseTag(text);
  if (tag === undefined && text !== "") node.mistake(`is "${text}", which is not a tag \`name:version\``, "TagInvalid");
  return tag;
}

function readTime(node: ManifestNode): Date | undefined {
  const text = node.text();
  const time = text === undefined ? undefined : parseInstant(text);
  if (text !== undefined && time === undefined) node.mistake(`is "${text}", which is not a time`);
  return time;
}

/** Without metadata the repository is taken from the tag, `org--name`, as in BentoML's `HuggingFaceModel.from_info`. */
function readHubMetadata(metadata: ManifestNode, tag: Tag, warnings: string[]) {
  const repository = (metadata.key("model_id").text() ?? tag.name.replace("--", "/")).toLowerCase();
  const revision = metadata.key("revision").text() || "main";
  const endpoint = readEndpoint(metadata.key("endpoint"), warnings);
  if (!REPOSITORY.test(repository)) metadata.mistake(`has the model_id ${JSON.stringify(repository)}`, "ValueInvalid");
  if (!REVISION.test(revision)) metadata.mistake(`has the revision ${JSON.stringify(revision)}`, "ValueInvalid");
  return {
    repository,
    revision,
    ...(endpoint ? { endpoint } : {}),
    include: readPatterns(metadata.key("include")),
    exclude: readPatterns(metadata.key("exclude")),
  };
}

/** Credentials in the address are neither shown nor used: a Bento may not decide where credentials are sent. */
function readEndpoint(node: ManifestNode, warnings: string[]): string | undefined {
  const text = node.text();
  if (!text) return undefined;
  const url = parseHubAddress(text);
  if (url === undefined) {
    node.mistake("is not a URL that starts with https:// or http://", "ValueInvalid");
    return undefined;
  }
  if (url.username !== "" || url.password !== "") {
    warnings.push(
      `bento.yaml contains credentials for ${url.host} (${node.path}). Everybody who has the Bento or the image can read them. They are not used; set credentials for the build in HF_ENDPOINT.`,
    );
  }
  return printHubAddress(url);
}

function readPatterns(node: ManifestNode): readonly string[] {
  const patterns = node.isText ? [node.requiredText()] : node.texts();
  if (patterns.length <= MAX_PATTERNS && patterns.every(({ length }) => length <= MAX_PATTERN_LENGTH)) return patterns;
  node.mistake(
    `has more than ${MAX_PATTERNS} patterns, or one of more than ${MAX_PATTERN_LENGTH} characters`,
    "ValueInvalid",
  );
  return [];
}
