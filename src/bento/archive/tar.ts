import { readTar, type TarMember } from "../../tar/reader.ts";
import type { ArchiveTree } from "./tree.ts";
import { unsafe } from "./unsafe.ts";

/** Receives the members of an archive one after the other. */
export type MemberSink = Pick<ArchiveTree, "addFile" | "addDirectory" | "addLink" | "addHardLink">;

/**
 * Unpacks a tar into the tree, member by member. When it rejects, no write is in progress.
 * @throws {Failure} bento/UnsafePath, TooLarge; errors of {@link readTar} when the archive is damaged.
 */
export async function unpackTar(bytes: AsyncIterable<Uint8Array>, tree: MemberSink): Promise<void> {
  for await (const member of readTar(bytes)) await addMember(member, tree);
}

function addMember({ path, kind, size, mode, target, content }: TarMember, tree: MemberSink): Promise<void> {
  switch (kind) {
    case "file":
      return tree.addFile(path, (mode & 0o111) !== 0, content, size);
    case "directory":
      return tree.addDirectory(path);
    case "link":
      return tree.addLink(path, target);
    case "hard link":
      return tree.addHardLink(path, target);
    case "irregular":
      throw unsafe(path, "is not a file, directory or link");
  }
}
