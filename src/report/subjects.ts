import type { Machine } from "../machine/machine.ts";
import { repositoriesOf } from "./outputs.ts";
import type { Report } from "./report.ts";

/** What the job has declared so far, as the runner writes it. Source: actions/runner, ArtifactsListFileCommand.cs. */
interface DeclaredArtifacts {
  readonly subjects?: readonly { readonly name?: string; readonly digest?: string }[];
}

/**
 * Declares the pushed image to the runner, with a line `oci://REPOSITORY@DIGEST` for each repository, so that actions/attest
 * needs no inputs. The runner fails a step that declares a name again with another digest, so such names are left out.
 * @returns the repositories that are left out.
 * @see https://github.com/actions/runner/pull/4527
 */
export async function declareSubjects(
  report: Report,
  { env, files }: Pick<Machine, "env" | "files">,
): Promise<readonly string[]> {
  const { GITHUB_ARTIFACTS: path, GITHUB_ARTIFACTS_LIST: list } = env;
  const { digest } = report.result;
  if (!report.pushed || !path || digest === undefined) return [];
  const declared = new Map((await readDeclared(list, files)).map(({ name, digest: earlier }) => [name, earlier]));
  const names = repositoriesOf(report);
  const taken = names.filter((name) => (declared.get(name) ?? digest) !== digest);
  const lines = names.filter((name) => !taken.includes(name)).map((name) => `oci://${name}@${digest}\n`);
  const before = (await files.info(path)) === undefined ? "" : await files.readText(path);
  await files.write(path, before + lines.join(""), 0o644);
  return taken;
}

async function readDeclared(
  path: string | undefined,
  files: Pick<Machine["files"], "readText">,
): Promise<NonNullable<DeclaredArtifacts["subjects"]>> {
  if (!path) return [];
  const text = await files.readText(path).catch(() => "");
  try {
    const parsed: DeclaredArtifacts | null = JSON.parse(text);
    return parsed?.subjects ?? [];
  } catch {
    return [];
  }
}
