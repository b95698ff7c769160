const require = process.getBuiltinModule;

// src/machine/address-kind.ts
import { BlockList, isIP } from "node:net";
var NAT64 = "64:ff9b::";
var SELF = [
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
  ["192.0.0.192", 32]
];
var PRIVATE = [
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
  ["ff00::", 8]
];
var SELF_NAME = /^(?:(?:.+\.)?localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|metadata(?:\.google\.internal|\.goog)?|instance-data(?:\.ec2\.internal)?)$/;
var PRIVATE_NAME = /^[^.]+$|\.(?:internal|local|localdomain|lan|home\.arpa)$/;
var networks = /* @__PURE__ */ new Map();
function addressKind(hostname) {
  const name = hostname.toLowerCase().replace(/\.$/, "").replace(/^\[|\]$/g, "");
  if (isIP(name) === 0) return kindOfName(name);
  if (isIn(name, SELF)) return "self";
  return isIn(name, PRIVATE) ? "private" : "public";
}
function kindOfName(name) {
  if (SELF_NAME.test(name)) return "self";
  return PRIVATE_NAME.test(name) ? "private" : "public";
}
function isIn(address, listed) {
  return blockList(listed).check(address, familyOf(address));
}
function blockList(listed) {
  const known = networks.get(listed);
  if (known !== void 0) return known;
  const list = new BlockList();
  for (const [address, bits] of listed) {
    const family = familyOf(address);
    list.addSubnet(address, bits, family);
    if (family === "ipv4") list.addSubnet(`${NAT64}${address}`, 96 + bits, "ipv6");
  }
  networks.set(listed, list);
  return list;
}
function familyOf(address) {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

// src/machine/address.ts
function isLoopback(host) {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}
function unsafeReason(url, from, purpose = "trust") {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is no web address";
  const [kind, own] = [addressKind(url.hostname), addressKind(from.hostname)];
  const isElsewhere = url.hostname !== from.hostname;
  if (isElsewhere && kind === "self" && own !== "self") return "a private address, of this machine";
  if (purpose === "content") return void 0;
  if (url.protocol === "http:" && from.protocol === "https:") return "where the connection is not encrypted";
  return isElsewhere && kind !== "public" && own === "public" ? "a private address" : void 0;
}
function unquote(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export {
  addressKind,
  isLoopback,
  unsafeReason,
  unquote
};
