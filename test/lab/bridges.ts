import { run, succeeds } from "./command.ts";
import { address, bridge, type NetworkName, networks, type Setting } from "./setting.ts";

/** Bridges made by the lab; nerdctl's and podman's are made by their network plugins, with the names we gave. */
const own: readonly NetworkName[] = ["docker", "classic"];

/** A second octet of 10.x.0.0/16 that no route of this machine uses. */
export async function freeSubnet(key: string): Promise<number> {
  const routes = await run(["ip", "-4", "route", "show", "table", "all"]);
  const start = Number.parseInt(key, 16) % 100;
  for (let step = 0; step < 100; step++) {
    const subnet = 100 + ((start + step) % 100);
    if (
      !routes.includes(` 10.${subnet}.`) &&
      !routes.startsWith(`10.${subnet}.`) &&
      !routes.includes(`\n10.${subnet}.`)
    )
      return subnet;
  }
  throw new Error("all of 10.100.0.0 to 10.199.0.0 is in use");
}

/** Makes the docker bridges and lets the lab's addresses out into the machine. */
export async function connectNetworks(setting: Setting): Promise<void> {
  for (const name of own) {
    const link = bridge(setting, name);
    if (await succeeds(["ip", "link", "show", "dev", link])) continue;
    await run(["ip", "link", "add", "name", link, "type", "bridge"]);
    await run(["ip", "address", "add", `${address(setting, name, 1)}/24`, "dev", link]);
    await run(["ip", "link", "set", "dev", link, "up"]);
  }
  for (const { table, chain, match } of rules(setting)) {
    if (await succeeds(["iptables", "--wait", "--table", table, "--check", chain, ...match])) continue;
    await run(["iptables", "--wait", "--table", table, "--insert", chain, ...match]);
  }
}

/** Removes every bridge of the lab, with the interfaces of containers on it, and its rules. */
export async function disconnectNetworks(setting: Setting): Promise<void> {
  for (const name of Object.keys(networks) as NetworkName[])
    await succeeds(["ip", "link", "delete", "dev", bridge(setting, name)]);
  for (const { table, chain, match } of rules(setting)) {
    const argv = ["iptables", "--wait", "--table", table, "--delete", chain, ...match] as const;
    while (await succeeds(argv)); // once for each time it is there
  }
}

interface Rule {
  table: "nat" | "filter";
  chain: string;
  match: readonly string[];
}

/** The rules all engines share. FORWARD's policy may be DROP where another docker has been. */
function rules(setting: Setting): readonly Rule[] {
  const all = `10.${setting.subnet}.0.0/16`;
  const mark = ["-m", "comment", "--comment", `bento-image-lab-${setting.places.key}`];
  return [
    { table: "nat", chain: "POSTROUTING", match: ["-s", all, "!", "-d", all, ...mark, "-j", "MASQUERADE"] },
    { table: "filter", chain: "FORWARD", match: ["-s", all, ...mark, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", match: ["-d", all, ...mark, "-j", "ACCEPT"] },
  ];
}
