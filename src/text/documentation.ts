/** Written by `npm run docs`, from `repository` and `version` of package.json. */
const REPOSITORY = "OWNER/bento-image";
export const VERSION = "1.0.0";

/**
 * Address of a page of this version, for messages and summaries. It does not come from the runner's variables: those are
 * empty for `uses: ./`, and on GitHub Enterprise Server they name a server that has the action from github.com.
 * @param page path in the repository, with the heading: `docs/troubleshooting.md#auth`.
 */
export function documentationUrl(page: `${string}.md${"" | `#${string}`}`): string {
  return `https://github.com/${REPOSITORY}/blob/v${VERSION}/${page}`;
}

/** Where a bug of the action is reported. */
export const BUG_REPORT_URL = `https://github.com/${REPOSITORY}/issues/new?template=bug.yml`;
