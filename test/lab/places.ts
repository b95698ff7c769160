import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the lab of one checkout keeps what. */
export interface Places {
  /** This folder, test/lab. */
  source: string;
  /** Binaries and image contents, shared by all checkouts of this user. */
  cache: string;
  /** The checkout's git-ignored `.lab/`. */
  lab: string;
  bin: string;
  etc: string;
  log: string;
  /** Data roots of the engines. */
  state: string;
  /** Sockets. Short, because a Unix socket path ends at 107 bytes however deep the checkout lies. */
  run: string;
  /** What all labs of this machine share: who is up, and what the machine was like before. */
  machine: string;
  /** Eight hex digits that name this checkout in bridges, rules and sockets. */
  key: string;
}

const project = "bento-image";

/** The places of the checkout this file lies in. */
export function places(): Places {
  const source = import.meta.dirname;
  const checkout = resolve(source, "../..");
  const lab = join(checkout, ".lab");
  const key = createHash("sha256").update(checkout).digest("hex").slice(0, 8);
  const machine = `/run/${project}-lab`;
  const cacheHome = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return {
    source,
    cache: join(cacheHome, `${project}-lab`),
    lab,
    bin: join(lab, "bin"),
    etc: join(lab, "etc"),
    log: join(lab, "log"),
    state: join(lab, "state"),
    run: join(machine, key),
    machine,
    key,
  };
}
