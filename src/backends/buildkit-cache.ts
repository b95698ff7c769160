/** Caches in the words of BuildKit, the same on all its front ends. */
import { printReference } from "../oci/reference.ts";
import type { Cache, Render } from "./backend.ts";
import { quoteFields } from "./buildkit.ts";

/** In BuildKit's plain progress. */
export const CACHED_STEP = /^#\d+ CACHED$/;

/** The cache, by flags of their own for reading and writing. */
export function cacheBy(from: string, to: string): Render<Cache> {
  return (cache) => {
    const described = describeCache(cache);
    return { flags: [from, described.from, ...(cache.write ? [to, described.to] : [])] };
  };
}

/** All steps of the stage, not only those whose files are in the image; what cannot be written does not end the build. */
const WHOLE = ["mode=max", "ignore-error=true"];

/** In BuildKit's words. Source: https://docs.docker.com/build/cache/backends/ */
function describeCache(cache: Cache): { readonly from: string; readonly to: string } {
  switch (cache.kind) {
    case "registry": {
      const fields = ["type=registry", `ref=${printReference({ ...cache.repository, tag: cache.tag })}`];
      const form = ["image-manifest=true", "oci-mediatypes=true"];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...WHOLE, ...form]) };
    }
    case "gha": {
      const fields = ["type=gha", `scope=${cache.scope}`];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...WHOLE]) };
    }
    case "local": {
      const { directory } = cache;
      return {
        from: quoteFields(["type=local", `src=${directory}`]),
        to: quoteFields(["type=local", `dest=${directory}`, ...WHOLE]),
      };
    }
    case "inline":
      return { from: quoteFields(["type=registry", `ref=${printReference(cache.image)}`]), to: "type=inline" };
  }
}
