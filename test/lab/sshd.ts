/** A machine that is reached by ssh: a sshd of a test's own on a loopback port, with keys of its own. */
import { execFile, spawn } from "node:child_process";
import { chmod, copyFile, mkdir, open, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./port.ts";
import { until } from "./ready.ts";

export interface SshMachine {
  /** `ssh://user@127.0.0.1:port` */
  readonly address: string;
  /** Clients, each a PATH with a ssh that knows certain keys and asks for nothing else. */
  readonly clients: {
    /** Has a key that the machine takes, and knows the machine. */
    readonly welcome: string;
    /** Its key is somebody else's. */
    readonly stranger: string;
    /** Has never heard of the machine. */
    readonly newcomer: string;
  };
  close(): Promise<void>;
}

/** @param path of programs, here and on that machine. */
export async function startSshMachine(directory: string, path: string): Promise<SshMachine> {
  await mkdir(directory);
  const [host, own, other] = ["host", "own", "other"].map((name) => join(directory, name));
  for (const file of [host, own, other]) {
    await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", `${file}`]);
  }
  await copyFile(`${own}.pub`, join(directory, "authorized_keys"));
  const port = await freePort();
  const [type = "", key = ""] = (await readFile(`${host}.pub`, "utf8")).split(" ");
  const known = join(directory, "known_hosts");
  await writeFile(known, `[127.0.0.1]:${port} ${type} ${key}\n`);
  const close = await startDaemon(directory, port, path);
  const client = async (name: string, identity: string | undefined, hosts: string): Promise<string> =>
    `${await writeClient(join(directory, name), `${identity}`, hosts)}:${path}`;
  return {
    address: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    clients: {
      welcome: await client("welcome", own, known),
      stranger: await client("stranger", other, known),
      newcomer: await client("newcomer", own, join(directory, "nobody")),
    },
    close,
  };
}

/** sshd wants a directory below /run that Debian's service makes: here it has a /run of its own. */
const START = "mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec /usr/sbin/sshd -D -e -f";

async function startDaemon(directory: string, port: number, path: string): Promise<() => Promise<void>> {
  const config = join(directory, "sshd_config");
  const settings = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${directory}/host`,
    `AuthorizedKeysFile ${directory}/authorized_keys`,
    `SetEnv PATH=${path}`,
    ...["PidFile none", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no"],
    // The way to a directory for temporary files is everybody's.
    "StrictModes no",
  ];
  await writeFile(config, `${settings.join("\n")}\n`);
  const log = join(directory, "log");
  const file = await open(log, "w");
  const args = ["--mount", "--propagation", "private", "sh", "-c", `${START} ${config}`];
  const daemon = spawn("unshare", args, { stdio: ["ignore", file.fd, file.fd] });
  await file.close();
  const ended = new Promise<void>((done) => daemon.once("exit", () => done()));
  await until("sshd", async () => (await readFile(log, "utf8")).includes("Server listening"));
  return async () => {
    daemon.kill("SIGTERM");
    await ended;
  };
}

/** ssh looks for its files where the account lives, whatever HOME says; a CI job has them there. */
async function writeClient(directory: string, identity: string, hosts: string): Promise<string> {
  await mkdir(directory);
  const config = join(directory, "config");
  const options = [`IdentityFile ${identity}`, "IdentitiesOnly yes", `UserKnownHostsFile ${hosts}`];
  await writeFile(config, `${[...options, "GlobalKnownHostsFile /dev/null"].join("\n")}\n`);
  await writeFile(join(directory, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${config} "$@"\n`);
  await chmod(join(directory, "ssh"), 0o755);
  return directory;
}
