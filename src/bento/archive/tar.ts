import { readTar, type TarMember } from "../../tar/reader.ts";
import type { ArchiveTree } from "./tree.ts";
import { unsafe } from "./unsafe.ts";

/** What takes the members of an archive, one after the other. */
export type MemberSink = Pick<ArchiveTree, "addFile" | "addDirectory" | "addLink" | "addHardLink">;

/**
 * Unpacks the bytes of a tar into the tree, member by member. When it rejects nothing is being written any more.
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
      throw unsafe(path, "is no file, directory or link");
  }
}
