/** What an action.yml says of its inputs. It is the source of defaults and descriptions, so the command line reads it as it is. */
import type { Files } from "../machine/machine.ts";
import { repositoryFile } from "../machine/terminal.ts";

export interface InputMetadata {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
  /** Present for a name that is accepted for the sake of older workflows. */
  readonly deprecationMessage?: string;
}

export interface Metadata {
  readonly description: string;
  readonly inputs: Readonly<Record<string, InputMetadata>>;
}

/** @param path of the action.yml in this repository. */
export async function readMetadata(path: string, files: Pick<Files, "readText">): Promise<Metadata> {
  const { load } = await import("../machine/libraries.ts");
  const text = await files.readText(repositoryFile(path));
  // The cast is safe: the file is this repository's own, and a contract test reads it with GitHub's parser.
  return load(text) as Metadata;
}
