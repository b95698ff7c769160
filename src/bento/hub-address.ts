/** The URL of a Hugging Face Hub, as in bento.yaml and HF_ENDPOINT. */

/** Undefined unless it is an http or https URL. */
export function parseHubAddress(text: string): URL | undefined {
  const url = URL.parse(text) ?? undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

/** For requests, logs and comparisons: without credentials, query, fragment and trailing slashes. */
export function printHubAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/{1,100}$/, "");
}
