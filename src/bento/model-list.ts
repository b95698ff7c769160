import { type BentoModel, printTag, type Tag } from "./bento.ts";
import { parseInstant } from "./instant.ts";
import type { ManifestNode } from "./manifest-node.ts";
import { parseTag } from "./tag.ts";

const REPOSITORY = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/;
const REVISION = /^[\w-][\w./-]*$/;

/**
 * The models a Bento ships: `models` and every `services[].models`, one per tag, sorted by tag. The later entry wins, as
 * in BentoML, but an alias or time that only an earlier one gives is kept.
 */
export function readModels(manifest: ManifestNode): readonly BentoModel[] {
  const lists = [
    manifest.key("models"),
    ...manifest
      .key("services")
      .items()
      .map((service) => service.key("models")),
  ];
  const models = new Map<string, BentoModel>();
  for (const item of lists.flatMap((list) => list.items())) {
    const model = readModel(item);
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

function readModel(item: ManifestNode): BentoModel | undefined {
  // Before 1.0.0a7 a model was its tag.
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
  if (registry === "huggingface") return { registry, ...common, ...readHubMetadata(item.key("metadata"), tag) };
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

/** Without metadata the repository is in the tag, `org--name`, as in BentoML's `HuggingFaceModel.from_info`. */
function readHubMetadata(metadata: ManifestNode, tag: Tag) {
  const repository = (metadata.key("model_id").text() ?? tag.name.replace("--", "/")).toLowerCase();
  const revision = metadata.key("revision").text() || "main";
  const endpoint = metadata.key("endpoint").text();
  if (!REPOSITORY.test(repository)) metadata.mistake(`has the model_id "${repository}"`, "ValueInvalid");
  if (!REVISION.test(revision) || revision.includes("..")) {
    metadata.mistake(`has the revision "${revision}"`, "ValueInvalid");
  }
  if (endpoint && !isHttp(endpoint))
    metadata.mistake(`has the endpoint "${endpoint}", not an http URL`, "ValueInvalid");
  return {
    repository,
    revision,
    ...(endpoint ? { endpoint } : {}),
    include: readPatterns(metadata.key("include")),
    exclude: readPatterns(metadata.key("exclude")),
  };
}

function readPatterns(node: ManifestNode): readonly string[] {
  return node.isText ? [node.requiredText()] : node.texts();
}

function isHttp(url: string): boolean {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "http:" || protocol === "https:";
}
