/** The address of a Hugging Face hub, as bento.yaml and HF_ENDPOINT write it. */

/** Undefined unless it is an http or https URL. */
export function parseHubAddress(text: string): URL | undefined {
  const url = URL.parse(text) ?? undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

/** For requests, logs and comparisons: without login, query, fragment, and slashes at the end. */
export function printHubAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/{1,100}$/, "");
}
