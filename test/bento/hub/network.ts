/** The addresses that a test may send requests to, and a check for each request: credentials go only to the workflow's hub. */
import { expect, onTestFinished } from "vitest";
import type { Http } from "../../../src/machine/machine.ts";
import type { FakeHub } from "./server.ts";

interface Sent {
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface Network {
  readonly http: Http;
  /** All requests in order, with their original addresses before they are mapped to a hub on loopback. */
  readonly sent: readonly Sent[];
  /** Serves an origin such as `https://hub.example` from a hub on loopback. */
  place(origin: string, hub: FakeHub): void;
}

/**
 * HTTP that reaches only loopback and the mapped origins. When the test ends, no credentials may have been sent to another origin than the
 * workflow's hub, with any hubs, pages, redirects and storages of the test.
 * @param endpoint HF_ENDPOINT; without it huggingface.co is the workflow's hub.
 */
export function openNetwork(http: Http, endpoint = "https://huggingface.co"): Network {
  const sent: Sent[] = [];
  const hubs = new Map<string, FakeHub>();
  const { origin: trusted } = new URL(endpoint);
  onTestFinished(() => {
    const withCredentials = sent.filter(({ authorization }) => authorization !== undefined);
    expect(withCredentials.filter(({ url }) => new URL(url).origin !== trusted)).toEqual([]);
  });
  return {
    sent,
    place: (origin, hub) => void hubs.set(origin, hub),
    http: {
      async request(request) {
        const { url, headers = {} } = request;
        const basic = url.username === "" ? undefined : `${url.username}:${url.password}`;
        sent.push({ url: url.href, authorization: headers["authorization"] ?? basic });
        const hub = hubs.get(url.origin);
        if (hub !== undefined)
          return http.request({ ...request, url: new URL(url.pathname + url.search, hub.endpoint) });
        if (url.hostname === "127.0.0.1") return http.request(request);
        throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${url.hostname}`), { code: "ENOTFOUND" });
      },
    },
  };
}
