/** Where this action's pages are read. */
const PAGES = "https://github.com/OWNER/bento-image/blob/v1/docs";

/** The address of a page below docs/, for annotations and summaries. @param page with its anchor: `inputs.md#tags`. */
export function documentationOf(page: string): string {
  return `${PAGES}/${page}`;
}
