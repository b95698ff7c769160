import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Copies a Bento of the store under a new version, with one more line in its service. Gives the new tag. */
export async function changeOneLine(
  home: string,
  { name, version }: { readonly name: string; readonly version: string },
  changed: string,
): Promise<string> {
  const [from, to] = [version, changed].map((one) => join(home, "bentos", name, one)) as [string, string];
  await cp(from, to, { recursive: true });
  await appendFile(join(to, "src/service.py"), `\nCHANGE = "${changed}"\n`);
  const manifest = join(to, "bento.yaml");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replace(`version: ${version}`, `version: ${changed}`));
  return `${name}:${changed}`;
}
