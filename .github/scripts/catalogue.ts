/** Writes the newest releases of the tools into the catalogue, with the checksums that are published for them. */
import { writeFileSync } from "node:fs";
import { CATALOGUE } from "../../src/tools/catalogue.ts";
import { type PublishedRelease, propose } from "./catalogue/propose.ts";

const API = process.env["GITHUB_API_URL"] ?? "https://api.github.com";
const token = process.env["GITHUB_TOKEN"];

async function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

const catalogue = await propose(CATALOGUE, {
  async latest(repository) {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await get(`${API}/repos/${repository}/releases/latest`, authorization);
    return (await response.json()) as PublishedRelease;
  },
  text: async (url) => (await get(url)).text(),
});
writeFileSync(
  new URL("../../src/tools/catalogue.json", import.meta.url),
  `${JSON.stringify(catalogue, undefined, 2)}\n`,
);
