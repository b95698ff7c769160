import { describe, expect, it } from "vitest";
import { addressKind } from "../../src/machine/address-kind.ts";

/** The host as normalized by a URL, as all callers pass it. */
function kindOf(host: string) {
  return addressKind(new URL(`https://${host}/`).hostname);
}

describe("An address of this machine", () => {
  it.each([
    ...["localhost", "LOCALHOST", "localhost.", "foo.localhost", "foo.localhost.", "localhost.localdomain"],
    ...["ip6-localhost", "ip6-loopback", "metadata.google.internal", "metadata.google.internal.", "metadata"],
    ...["127.0.0.1", "127.0.0.1.", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001", "0", "0.0.0.0"],
    ...["169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.170.2"],
    ...[
      "[::]",
      "[::1]",
      "[0:0:0:0:0:0:0:1]",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "[::ffff:a9fe:a9fe]",
      "[fe80::1]",
    ],
    ...["[fd00:ec2::254]", "[fd20:ce::254]", "100.100.100.200", "192.0.0.192", "168.63.129.16", "metadata.goog"],
    ...["instance-data", "instance-data.ec2.internal", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::100.100.100.200]"],
    ...["[64:ff9b::7f00:1]", "[::ffff:168.63.129.16]"],
  ])("is %s", (host) => {
    expect(kindOf(host)).toBe("self");
  });
});

describe("A private address", () => {
  it.each([
    ...["10.0.0.1", "012.0.0.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.1", "192.0.2.1"],
    ...["100.100.100.199", "192.0.0.193", "[fd20:ce::253]"],
    ...["100.64.0.1", "100.127.255.255", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1"],
    ...["255.255.255.255", "[::ffff:10.0.0.1]", "[::10.0.0.1]", "[64:ff9b::10.0.0.1]"],
    ...["[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]"],
    ...["minio", "registry.", "minio.internal", "harbor.local", "nas.lan", "box.home.arpa", "host.localdomain"],
  ])("is %s", (host) => {
    expect(kindOf(host)).toBe("private");
  });
});

describe("A public address", () => {
  it.each([
    ...["ghcr.io", "ghcr.io.", "localhost.example.com", "metadata.google.internal.example.com", "internal.example.com"],
    ...[
      "9.255.255.255",
      "11.0.0.1",
      "100.63.0.1",
      "100.128.0.1",
      "172.15.0.1",
      "172.32.0.1",
      "192.167.0.1",
      "223.0.0.1",
    ],
    ...["100.128.100.200", "168.63.129.15", "168.63.129.17", "instance-data.example.com"],
    ...["8.8.8.8", "[::ffff:8.8.8.8]", "[2606:4700::1111]", "[2a00:1450::1]"],
  ])("is %s", (host) => {
    expect(kindOf(host)).toBe("public");
  });
});
