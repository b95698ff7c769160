import { describe, expect, it } from "vitest";
import { type Published, type PublishedRelease, propose } from "../../.github/scripts/catalogue/propose.ts";
import { CATALOGUE } from "../../src/tools/catalogue.ts";

const SUM = "ab".repeat(32);
const OTHER = "cd".repeat(32);

function asset(name: string, digest: string | null = null) {
  return { name, size: 5, digest, browser_download_url: `https://example.com/${name}` };
}

/** Only buildx has a new release; the releases of the other tools are old. */
function publishing(release: PublishedRelease, texts: Readonly<Record<string, string>> = {}): Published {
  return {
    latest: async (repository) => (repository === "docker/buildx" ? release : { tag_name: "v0.0.1", assets: [] }),
    text: async (url) => texts[url] ?? Promise.reject(new Error(`nobody asked for ${url}`)),
  };
}

const file = "buildx-v9.0.0.linux-amd64";
const list = "https://example.com/checksums.txt";

describe("a proposal for the catalogue", () => {
  it("adds the newest release with its published checksums, and keeps the others", async () => {
    const release = { tag_name: "v9.0.0", assets: [asset(file, `sha256:${SUM}`), asset("checksums.txt")] };
    const next = await propose(CATALOGUE, publishing(release, { [list]: `${SUM} *${file}\n` }));
    expect(next).toEqual({
      ...CATALOGUE,
      buildx: { ...CATALOGUE.buildx, "9.0.0": { amd64: { sha256: SUM, size: 5 } } },
    });
  });

  it("changes nothing for a release without checksums", async () => {
    expect(await propose(CATALOGUE, publishing({ tag_name: "v9.0.0", assets: [asset(file)] }))).toEqual(CATALOGUE);
  });

  it("is rejected if the project's list has another checksum", async () => {
    const release = { tag_name: "v9.0.0", assets: [asset(file, `sha256:${SUM}`), asset("checksums.txt")] };
    await expect(propose(CATALOGUE, publishing(release, { [list]: `${OTHER}  ${file}\n` }))).rejects.toThrow(OTHER);
  });

  it("is rejected if the file's .sha256 has another checksum", async () => {
    const release = { tag_name: "v9.0.0", assets: [asset(file, `sha256:${SUM}`), asset(`${file}.sha256`)] };
    const texts = { [`https://example.com/${file}.sha256`]: `${OTHER}  ${file}\n` };
    await expect(propose(CATALOGUE, publishing(release, texts))).rejects.toThrow(OTHER);
  });

  it("is rejected if the file of a version in the catalogue has changed", async () => {
    const known = "buildx-v0.36.1.linux-amd64";
    const release = { tag_name: "v0.36.1", assets: [asset(known, `sha256:${SUM}`)] };
    await expect(propose(CATALOGUE, publishing(release))).rejects.toThrow(known);
  });
});
