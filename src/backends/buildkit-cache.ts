/** BuildKit's cache options, the same for all its clients. */
import { printReference } from "../oci/reference.ts";
import type { Cache, Render } from "./backend.ts";
import { quoteFields } from "./buildkit.ts";

/** The line of a cached step in BuildKit's plain progress. */
export const CACHED_STEP = /^#\d+ CACHED$/;

/** Renders the cache with one flag for reading (`from`) and one for writing (`to`). */
export function renderCache(from: string, to: string): Render<Cache> {
  return (cache) => {
    const described = describeCache(cache);
    return { flags: [from, described.from, ...(cache.write ? [to, described.to] : [])] };
  };
}

/** Export all steps of the stage, not only those whose files are in the image. A cache that cannot be written does not fail the build. */
const EXPORT_OPTIONS = ["mode=max", "ignore-error=true"];

/** The values of BuildKit's flags for reading and writing. Source: https://docs.docker.com/build/cache/backends/ */
function describeCache(cache: Cache): { readonly from: string; readonly to: string } {
  switch (cache.kind) {
    case "registry": {
      const fields = ["type=registry", `ref=${printReference({ ...cache.repository, tag: cache.tag })}`];
      const form = ["image-manifest=true", "oci-mediatypes=true"];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...EXPORT_OPTIONS, ...form]) };
    }
    case "gha": {
      const fields = ["type=gha", `scope=${cache.scope}`];
      return { from: quoteFields(fields), to: quoteFields([...fields, ...EXPORT_OPTIONS]) };
    }
    case "local": {
      const { directory } = cache;
      return {
        from: quoteFields(["type=local", `src=${directory}`]),
        to: quoteFields(["type=local", `dest=${directory}`, ...EXPORT_OPTIONS]),
      };
    }
    case "inline":
      return { from: quoteFields(["type=registry", `ref=${printReference(cache.image)}`]), to: "type=inline" };
  }
}
