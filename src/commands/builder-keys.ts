import { dirname, join } from "node:path";
import type { BuilderKeys } from "../backends/backend.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import { Secret } from "../secrets/secret.ts";
import { maskSecret } from "./gather-secrets.ts";
import type { FileWrite } from "./script.ts";

export interface KeyFiles {
  /** Undefined when the inputs give none. */
  readonly keys: BuilderKeys | undefined;
  readonly files: readonly FileWrite[];
}

/** A builder may need no keys. */
type KeyInputs = Pick<Inputs, "builder"> & Partial<Pick<Inputs, "builderCa" | "builderCert" | "builderKey">>;

/** The files with the certificates and the key for a remote builder, below a private directory. */
export function builderKeyFiles({ builderCa, builderCert, builderKey }: KeyInputs, directory: string): KeyFiles {
  const inputs: Readonly<Record<keyof BuilderKeys, string | Secret | undefined>> = {
    ca: builderCa,
    cert: builderCert,
    key: builderKey,
  };
  const given = Object.entries(inputs).flatMap(([name, content]) =>
    content === undefined ? [] : [{ name, content, path: join(directory, "builder", `${name}.pem`), mode: 0o600 }],
  );
  if (given.length === 0) return { keys: undefined, files: [] };
  return {
    keys: Object.fromEntries(given.map(({ name, path }) => [name, path])),
    files: given.map(({ path, content, mode }) => ({ path, content: withLineEnd(content), mode })),
  };
}

/** Writes the files once, for probing the builder and for the build, and masks the key in the log from then on. */
export async function writeBuilderKeys(
  inputs: KeyInputs,
  { files, actions }: Pick<Machine, "files" | "actions">,
): Promise<BuilderKeys | undefined> {
  if (inputs.builderKey !== undefined) maskSecret("builder-key", inputs.builderKey, actions);
  const made = builderKeyFiles(inputs, await files.scratch());
  for (const { path, content, mode } of made.files) {
    await files.makeDirectory(dirname(path), 0o700);
    await files.write(path, content instanceof Secret ? content.revealBytes() : content, mode);
  }
  return made.keys;
}

/** GitHub trims inputs, and some PEM readers require a newline at the end. */
function withLineEnd(content: string | Secret): string | Secret {
  return content instanceof Secret ? new Secret(`${content.reveal()}\n`) : `${content}\n`;
}
