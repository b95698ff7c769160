import { BlockList, isIP } from "node:net";

/**
 * The kind of a host, judged by its name or address. `self`: this machine and services that only it can reach, such as the
 * metadata service of a cloud. `private`: a network that is not the internet.
 */
export type AddressKind = "self" | "private" | "public";

type Network = readonly [address: string, bits: number];

/** The prefix of IPv4 addresses in an IPv6-only network. Source: RFC 6052 */
const NAT64 = "64:ff9b::";

/** Source: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry */
const SELF: readonly Network[] = [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["::", 127],
  ["fe80::", 10],
  // AWS's metadata and time services: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  ["fd00:ec2::", 32],
  // Google's: https://cloud.google.com/compute/docs/metadata/querying-metadata
  ["fd20:ce::254", 128],
  // Alibaba's: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
  ["100.100.100.200", 32],
  // Azure's agent: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  ["168.63.129.16", 32],
  // Oracle's, in its Classic service.
  ["192.0.0.192", 32],
];
const PRIVATE: readonly Network[] = [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  // IPv4 in IPv6 (compatible, NAT64 and its local prefix, Teredo and its neighbours, 6to4), which may lead to any of the above.
  ["::", 96],
  [NAT64, 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fec0::", 10],
  ["ff00::", 8],
];

const SELF_NAME =
  /^(?:(?:.+\.)?localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|metadata(?:\.google\.internal|\.goog)?|instance-data(?:\.ec2\.internal)?)$/;
/** Names without a dot, and names of domains that do not exist in the public DNS. Source: RFC 6762, 8375; ICANN resolution 2024.07.29.06 */
const PRIVATE_NAME = /^[^.]+$|\.(?:internal|local|localdomain|lan|home\.arpa)$/;

const networks = new Map<readonly Network[], BlockList>();

/**
 * The kind of a host. Names are not resolved: see docs/security.md.
 * @param hostname of a URL, which has normalized all forms of addresses (octal, hexadecimal, a single number).
 */
export function addressKind(hostname: string): AddressKind {
  const name = hostname
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\[|\]$/g, "");
  if (isIP(name) === 0) return kindOfName(name);
  if (isIn(name, SELF)) return "self";
  return isIn(name, PRIVATE) ? "private" : "public";
}

function kindOfName(name: string): AddressKind {
  if (SELF_NAME.test(name)) return "self";
  return PRIVATE_NAME.test(name) ? "private" : "public";
}

/** Node also matches the mapped form of IPv4 addresses (`::ffff:7f00:1`). */
function isIn(address: string, listed: readonly Network[]): boolean {
  return blockList(listed).check(address, familyOf(address));
}

function blockList(listed: readonly Network[]): BlockList {
  const cached = networks.get(listed);
  if (cached !== undefined) return cached;
  const list = new BlockList();
  for (const [address, bits] of listed) {
    const family = familyOf(address);
    list.addSubnet(address, bits, family);
    if (family === "ipv4") list.addSubnet(`${NAT64}${address}`, 96 + bits, "ipv6");
  }
  networks.set(listed, list);
  return list;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
