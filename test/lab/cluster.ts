/** The corner of a Kubernetes API that buildx's driver needs; its pods are the lab's own buildkitd. */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Deployment, readDeployment } from "./deployment.ts";
import { freePort } from "./port.ts";
import { type SpdyStream, serveSpdy } from "./spdy.ts";

export interface Cluster {
  /** Path of a configuration for clients. */
  readonly kubeconfig: string;
  /** What it was asked, once each, in the order of asking: `POST /apis/…`. */
  readonly asked: ReadonlySet<string>;
  /** By namespace and name. */
  readonly deployments: ReadonlyMap<string, Deployment>;
  readonly configMaps: ReadonlySet<string>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Addresses of the buildkitd in the pods of the first Deployment, of the second, and so on. */
  readonly daemons: readonly string[];
  /** Whether pods ever run. */
  readonly isReady?: boolean;
}

/** @param options among them an existing directory for its configuration. */
export async function openCluster({ directory, env, daemons, isReady = true }: ClusterOptions): Promise<Cluster> {
  const asked = new Set<string>();
  const deployments = new Map<string, Deployment>();
  const configMaps = new Set<string>();
  const port = await freePort();

  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { code, json } = answer(request, body);
    response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(json));
  });
  const sockets = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    asked.add(`${request.method} ${request.url}`);
    sockets.add(socket);
    const [, pod = ""] = /\/pods\/([^/]+)\/exec/.exec(request.url ?? "") ?? [];
    const index = [...deployments.values()].findIndex(({ name }) => pod.startsWith(`${name}-`));
    exec(request, socket, head, { ...env, BUILDKIT_HOST: daemons[index] ?? "" });
  });

  function answer({ method = "", url = "" }: IncomingMessage, body: Buffer): { code: number; json: object } {
    const { pathname, searchParams } = new URL(url, "http://cluster");
    asked.add(`${method} ${pathname}`);
    const [, namespace = "", kind = "", name = ""] =
      /^\/(?:api|apis\/apps)\/v1\/namespaces\/([^/]+)\/([^/]+)\/?([^/]*)$/.exec(pathname) ?? [];
    const key = `${namespace}/${name}`;
    if (kind === "pods") return { code: 200, json: podsOf(namespace, searchParams.get("labelSelector") ?? "") };
    if (kind === "configmaps" && method === "POST") configMaps.add(namespace);
    if (kind === "configmaps" && method === "DELETE") configMaps.delete(namespace);
    if (kind === "configmaps") return { code: 200, json: { apiVersion: "v1", kind: "ConfigMap" } };
    if (kind !== "deployments") return notFound(pathname);
    if (method === "POST") {
      const made = readDeployment(body);
      deployments.set(`${namespace}/${made.name}`, made);
      return { code: 201, json: print(made) };
    }
    const found = deployments.get(key);
    if (found === undefined) return notFound(key);
    if (method === "DELETE") deployments.delete(key);
    return { code: 200, json: print(found) };
  }

  function print({ name, labels, replicas }: Deployment): object {
    return {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name } },
      spec: { replicas, selector: { matchLabels: labels } },
      status: { readyReplicas: isReady ? replicas : 0 },
    };
  }

  function podsOf(namespace: string, selector: string): object {
    const found = [...deployments].filter(
      ([key, { name }]) => key.startsWith(`${namespace}/`) && `,${selector},`.includes(`,app=${name},`),
    );
    const items = found.flatMap(([, { name, replicas }]) =>
      Array.from({ length: replicas }, (_, index) => ({
        metadata: { name: `${name}-${index}`, namespace },
        spec: { containers: [{ name: "buildkitd" }] },
        status: { phase: "Running" },
      })),
    );
    return { apiVersion: "v1", kind: "PodList", items };
  }

  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const kubeconfig = join(directory, "kubeconfig");
  await writeFile(kubeconfig, JSON.stringify(configuration(`http://127.0.0.1:${port}`)));
  return {
    ...{ kubeconfig, asked, deployments, configMaps },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function notFound(what: string): { code: number; json: object } {
  const status = { apiVersion: "v1", kind: "Status", status: "Failure", reason: "NotFound", code: 404 };
  return { code: 404, json: { ...status, message: `${what} not found` } };
}

/** A context is a namespace's cluster and user; JSON is YAML. */
function configuration(server: string): object {
  return {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "lab" },
    clusters: [{ name: "lab", cluster: { server } }],
    users: [{ name: "lab", user: {} }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab", namespace: "of-the-configuration" } }],
  };
}

/** The command in the pod is `buildctl`, by the lab's address. Source: https://github.com/kubernetes/client-go/blob/master/tools/remotecommand/v4.go */
function exec({ url = "" }: IncomingMessage, socket: Duplex, head: Buffer, env: ClusterOptions["env"]): void {
  const [tool = "", ...args] = new URL(url, "http://cluster").searchParams.getAll("command");
  socket.write(
    [
      ...["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: SPDY/3.1"],
      ...["X-Stream-Protocol-Version: v4.channel.k8s.io", "", ""],
    ].join("\r\n"),
  );
  const child = spawn(tool, args, { env, stdio: "pipe" });
  const streams = new Map<string, SpdyStream>();
  const spdy = serveSpdy(socket, head, {
    onStream(stream) {
      const type = stream.headers["streamtype"] ?? "";
      streams.set(type, stream);
      if (type === "stdout" || type === "stderr") void forward(stream, child[type]);
    },
    onData(id, data, isLast) {
      if (id !== 0 && id !== streams.get("stdin")?.id) return;
      if (isLast) child.stdin.end(data);
      else child.stdin.write(data);
    },
  });
  child.stdin.on("error", () => undefined);
  child.on("exit", () => {
    const error = streams.get("error");
    const success = Buffer.from(JSON.stringify({ status: "Success" }));
    if (error !== undefined) void spdy.send(error, success, "last");
  });

  async function forward(stream: SpdyStream, output: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of output) await spdy.send(stream, chunk);
    await spdy.send(stream, new Uint8Array(), "last");
  }
}
