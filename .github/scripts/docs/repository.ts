/** The repository's name and the version, wherever they stand: package.json is the one place to change them. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const SOURCE = "src/text/documentation.ts";

/** What package.json says. */
interface Package {
  /** `OWNER/NAME` at github.com. */
  readonly repository: string;
  readonly version: string;
}

/** @throws Error when `repository` is not in npm's short form `github:OWNER/NAME`. */
export function readPackage(): Package {
  const { repository, version } = JSON.parse(readFileSync("package.json", "utf8"));
  const [, name] = /^github:([\w-]+\/[\w.-]+)$/.exec(repository) ?? [];
  if (name === undefined) throw new Error(`repository in package.json is ${repository}, and not github:OWNER/NAME`);
  return { repository: name, version };
}

/**
 * The texts, and all tracked ones that have the repository's former name, with the name of today. The former one is what
 * the source says, since this is what wrote it there.
 * @param texts by file.
 */
export function withRepository(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { repository, version } = readPackage();
  const source = readFileSync(SOURCE, "utf8").replace(/(?<=VERSION = ").+(?=")/, version);
  const [former = ""] = /(?<=REPOSITORY = ").+(?=")/.exec(source) ?? [];
  const others = former === repository ? {} : textsWith(former);
  return Object.fromEntries(
    Object.entries({ ...others, ...texts, [SOURCE]: source }).map(([file, text]) => [
      file,
      text.replaceAll(former, repository),
    ]),
  );
}

function textsWith(name: string): Readonly<Record<string, string>> {
  const found = execFileSync("git", ["grep", "-l", "--fixed-strings", name, "--", ":!dist", ":!package.json"], {
    encoding: "utf8",
  });
  const files = found.trim().split("\n");
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, "utf8")]));
}
