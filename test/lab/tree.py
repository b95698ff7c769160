"""Unpacks layers on paper: prints the tree they make as JSON, path -> "type mode uid:gid content". Times are left out."""

import hashlib
import json
import sys
import tarfile

KINDS = {
    tarfile.REGTYPE: "file",
    tarfile.AREGTYPE: "file",
    tarfile.DIRTYPE: "directory",
    tarfile.SYMTYPE: "symlink",
    tarfile.LNKTYPE: "hardlink",
}


def content(layer, member):
    if not member.isreg():
        return member.linkname
    return hashlib.file_digest(layer.extractfile(member), "sha256").hexdigest()


def apply(path, tree):
    added, removed = {}, []
    with tarfile.open(path) as layer:
        for member in layer:
            name = member.name.removeprefix("./").strip("/")
            folder, _, base = name.rpartition("/")
            if base == ".wh..wh..opq":
                removed.append(f"{folder}/")
            elif base.startswith(".wh."):
                removed.append(f"{folder}/{base[4:]}".lstrip("/"))
            else:
                kind = KINDS.get(member.type, "other")
                added[name] = f"{kind} {member.mode:o} {member.uid}:{member.gid} {content(layer, member)}"
    for gone in removed:
        below = gone if gone.endswith("/") else f"{gone}/"
        for name in [name for name in tree if name == gone or name.startswith(below)]:
            del tree[name]
    tree.update(added)


tree = {}
for path in sys.argv[1:]:
    apply(path, tree)
json.dump(tree, sys.stdout)
