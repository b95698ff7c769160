import { describe, expect, it } from "vitest";
import { isLoopback } from "../../src/machine/address.ts";
import { apiHost, checkAddress } from "../../src/registry/endpoint.ts";

describe("apiHost", () => {
  it("gives the separate API host of Docker Hub", () => {
    expect([apiHost("docker.io"), apiHost("ghcr.io")]).toEqual(["registry-1.docker.io", "ghcr.io"]);
  });
});

describe("isLoopback", () => {
  it.each([
    ["localhost", true],
    ["localhost:5000", true],
    ["127.0.0.1:5000", true],
    ["127.1.2.3", true],
    ["[::1]:5000", true],
    ["localhost.example:5000", false],
    ["127.0.0.1.example", false],
    ["10.0.0.1", false],
    ["ghcr.io", false],
  ])("is for %s: %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe("checkAddress", () => {
  it.each([
    ["https://auth.docker.io/token", "https://registry-1.docker.io"],
    ["https://bucket.s3.example/x", "https://registry.example"],
    ["http://127.0.0.1:5001/token", "http://127.0.0.1:5000"],
    ["https://10.0.0.1:8443/token", "https://10.0.0.1"],
    ["https://10.0.0.2/token", "https://10.0.0.1"],
  ])("accepts %s from %s", (url, registry) => {
    expect(() => checkAddress(new URL(url), new URL(registry))).not.toThrow();
  });

  it.each([
    ["http://registry.example/token", "https://registry.example", "not encrypted"],
    ["https://172.20.0.1/token", "https://registry.example", "private"],
    ["https://[fd00::1]/token", "https://registry.example", "private"],
    ["https://169.254.169.254/latest", "https://10.0.0.1", "of this machine"],
    ["https://localhost/token", "https://registry.internal", "of this machine"],
    ["file:///etc/passwd", "https://registry.example", "not a web address"],
  ])("rejects %s from %s", (url, registry, reason) => {
    expect(() => checkAddress(new URL(url), new URL(registry))).toThrow(reason);
  });

  it.each([
    ["http://minio.example:9000/blob", "https://harbor.example"],
    ["http://10.0.0.7:9000/blob", "https://harbor.example"],
    ["http://minio:9000/blob", "https://harbor.example"],
    ["https://minio.internal/blob", "https://harbor.example"],
  ])("accepts %s from %s only for content", (url, registry) => {
    expect(() => checkAddress(new URL(url), new URL(registry), "content")).not.toThrow();
    expect(() => checkAddress(new URL(url), new URL(registry))).toThrow(/not encrypted|private/);
  });

  it.each(["http://169.254.169.254/latest/meta-data", "http://localhost:8080/x", "http://metadata.google.internal/x"])(
    "refuses %s for content too",
    (url) => {
      expect(() => checkAddress(new URL(url), new URL("https://harbor.example"), "content")).toThrow("of this machine");
    },
  );
});
