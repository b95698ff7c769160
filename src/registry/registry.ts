import { adoptDirectory } from "../layout/adopt-directory.ts";
import { openArchive } from "../layout/archive.ts";
import { joinLayout, type NamedImage } from "../layout/join-layout.ts";
import { imageOf, openLayout } from "../layout/layout.ts";
import { describe } from "../oci/describe.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageDescription } from "../oci/image-description.ts";
import { type Reference, type Repository, repositoryOf, withDigest } from "../oci/reference.ts";
import { printBytes } from "../text/byte-size.ts";
import type { NonEmpty } from "../values.ts";
import { openRegistries, type RegistryMachine, type RegistryOptions } from "./registries.ts";
import { type ResolvedImage, repositoryContent, resolve } from "./resolve.ts";
import { type Transfer, transfer } from "./transfer.ts";
import { verify } from "./verify.ts";

/** Operations on registries, layouts and archives for the rest of the action. Failures are those of the linked functions. */
export interface Registry {
  /** {@link resolve} */
  resolve(reference: Reference): Promise<ResolvedImage>;
  /** {@link describe}, of the image that the reference points to. */
  describe(reference: Reference): Promise<ImageDescription>;
  /** {@link describe}, of the image in an OCI layout directory; `name` picks one of several ({@link imageOf}). */
  describeLayout(directory: string, name?: string): Promise<ImageDescription>;
  /** {@link describe}, of the image in an OCI archive file. */
  describeArchive(file: string, name?: string): Promise<ImageDescription>;
  /** {@link transfer}, of the only image in an OCI layout directory. */
  pushLayout(directory: string, to: readonly Reference[]): Promise<void>;
  /** {@link transfer}, of the only image in an OCI layout directory, by digest without tags. */
  pushLayoutByDigest(directory: string, to: readonly Repository[]): Promise<void>;
  /** {@link adoptDirectory} */
  adoptDirectory(directory: string, layout: string, name: string): Promise<void>;
  /** {@link joinLayout} */
  joinLayout(directory: string, members: NonEmpty<NamedImage>, name: string): Promise<void>;
  /** {@link transfer}, of the image that `from` points to, within a registry or to another one. */
  copy(from: Reference, to: readonly Reference[]): Promise<void>;
  /** {@link verify} */
  verify(references: readonly Reference[], expected: Digest): Promise<void>;
}

export function openRegistry(machine: RegistryMachine, options: RegistryOptions = {}): Registry {
  const registries = openRegistries(machine, options);
  return {
    resolve: (reference) => resolve(registries, reference),
    async describe(reference) {
      const root = await resolve(registries, reference);
      return describe(repositoryContent(registries, repositoryOf(reference), root), root);
    },
    async describeLayout(directory, name) {
      const layout = await openLayout(machine.files, directory);
      return describe(layout, imageOf(layout, name));
    },
    async describeArchive(file, name) {
      const archive = await openArchive(machine.files, file);
      return describe(archive, imageOf(archive, name));
    },
    async pushLayout(directory, to) {
      const layout = await openLayout(machine.files, directory);
      machine.actions.info(printTransfer(await transfer(registries, layout, imageOf(layout), to)));
    },
    async pushLayoutByDigest(directory, to) {
      const layout = await openLayout(machine.files, directory);
      const root = imageOf(layout);
      const references = to.map((repository) => withDigest(repository, root.digest));
      machine.actions.info(printTransfer(await transfer(registries, layout, root, references)));
    },
    adoptDirectory: (directory, layout, name) => adoptDirectory(directory, layout, name, machine.files),
    joinLayout: (directory, members, name) => joinLayout(directory, members, name, machine.files),
    async copy(from, to) {
      const root = await resolve(registries, from);
      const content = repositoryContent(registries, repositoryOf(from), root);
      machine.actions.info(printTransfer(await transfer(registries, content, root, to)));
    },
    verify: (references, expected) => verify(registries, references, expected),
  };
}

function printTransfer({ outcomes, uploadedBytes }: Transfer): string {
  const { uploaded, mounted, present } = outcomes;
  return `Blobs: ${uploaded} uploaded (${printBytes(uploadedBytes)}), ${mounted} mounted, ${present} already there.`;
}
