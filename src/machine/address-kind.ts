import { BlockList, isIP } from "node:net";

/**
 * Where a host is, as far as its name or number says: `self` is this machine and what only it reaches, such as the
 * metadata service of a cloud; `private` is a network that is not the internet.
 */
export type AddressKind = "self" | "private" | "public";

type Network = readonly [address: string, bits: number];

/** IPv4 addresses as a network of IPv6 alone has them. Source: RFC 6052 */
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
  // IPv4 in IPv6: compatible, NAT64, its local prefix, Teredo and its neighbours, 6to4. Any of them may lead to the above.
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
/** Names without a dot, and those of domains that the internet does not have. Source: RFC 6762, 8375; ICANN resolution 2024.07.29.06 */
const PRIVATE_NAME = /^[^.]+$|\.(?:internal|local|localdomain|lan|home\.arpa)$/;

const networks = new Map<readonly Network[], BlockList>();

/**
 * @param hostname of a URL, which has brought numbers of any form (octal, hexadecimal, one number) into one.
 * A name is not looked up: see docs/security.md.
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

/** Node finds IPv4 addresses in their mapped form (`::ffff:7f00:1`) too. */
function isIn(address: string, listed: readonly Network[]): boolean {
  return blockList(listed).check(address, familyOf(address));
}

function blockList(listed: readonly Network[]): BlockList {
  const known = networks.get(listed);
  if (known !== undefined) return known;
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
