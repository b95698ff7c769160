/** The addresses that a test may ask, and the law that holds for each of them: who gets a login. */
import { expect, onTestFinished } from "vitest";
import type { Http } from "../../../src/machine/machine.ts";
import type { FakeHub } from "./server.ts";

interface Sent {
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface Network {
  readonly http: Http;
  /** Every request in its order, as it was meant: before an address was taken for a hub on loopback. */
  readonly sent: readonly Sent[];
  /** Lets a hub on loopback stand at an origin such as `https://hub.example`. */
  place(origin: string, hub: FakeHub): void;
}

/**
 * HTTP that reaches loopback and what was placed. When the test ends, no login may have gone to another origin than the
 * workflow's hub, whatever hubs, pages, redirects and storages the test had.
 * @param endpoint HF_ENDPOINT; without it huggingface.co is the workflow's hub.
 */
export function openNetwork(http: Http, endpoint = "https://huggingface.co"): Network {
  const sent: Sent[] = [];
  const hubs = new Map<string, FakeHub>();
  const { origin: trusted } = new URL(endpoint);
  onTestFinished(() => {
    const told = sent.filter(({ authorization }) => authorization !== undefined);
    expect(told.filter(({ url }) => new URL(url).origin !== trusted)).toEqual([]);
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
