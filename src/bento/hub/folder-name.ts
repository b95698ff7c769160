/**
 * The folder of a model in a cache of the Hub, `org/name` → `models--org--name`.
 * @see https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export function folderName(repository: string): string {
  return `models--${repository.replaceAll("/", "--")}`;
}
