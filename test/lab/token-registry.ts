/** A registry that demands a token, and the server that gives it, for as long as a test lasts. */
import { randomUUID, sign, X509Certificate } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Distribution, startDistribution } from "./distribution.ts";
import { freePort } from "./port.ts";
import { until } from "./ready.ts";

const fixtures = join(import.meta.dirname, "../fixtures/tls");
const SERVICE = "lab";
const LIFETIME = 300;

/** Whom the server knows; eve may only read. `ada` may also come with an identity token, which is her password here. */
const USERS: Readonly<Record<string, string>> = { ada: "secret", eve: "secret" };
const READER = "eve";

/** How one logs in: by name and password, or by what a login left in a password's place. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly isIdentity?: boolean;
}

export interface TokenRegistry {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly storage: string;
  /** Scopes of the tokens that were given, in order. */
  readonly scopes: readonly string[];
  /** A `config.json` with that login for the registry. */
  authFile(login: Login): Promise<string>;
  stop(): Promise<void>;
}

interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** @param directory an empty one; the caller removes it. */
export async function startTokenRegistry(
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<TokenRegistry> {
  const scopes: string[] = [];
  const server = createServer((request, response) => {
    tokenFor(request, scopes).then(
      (token) => response.writeHead(token === undefined ? 401 : 200).end(JSON.stringify(token ?? { errors: [] })),
      () => response.destroy(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const host = `127.0.0.1:${await freePort()}`;
  const rootcertbundle = join(fixtures, "localhost.crt");
  const auth = { token: { realm, service: SERVICE, issuer: SERVICE, rootcertbundle } };
  const registry: Distribution = await startDistribution(directory, { http: { addr: host }, auth }, env);
  await until("registry with tokens", () =>
    fetch(`http://${host}/v2/`).then(
      ({ status }) => status === 401,
      () => false,
    ),
  );
  return {
    host,
    storage: registry.storage,
    scopes,
    async authFile({ username, password, isIdentity = false }) {
      const home = join(directory, randomUUID());
      await mkdir(home);
      const auth = Buffer.from(`${username}:${isIdentity ? "" : password}`).toString("base64");
      const entry = isIdentity ? { auth, identitytoken: password } : { auth };
      await writeFile(join(home, "config.json"), JSON.stringify({ auths: { [host]: entry } }));
      return join(home, "config.json");
    },
    async stop() {
      await registry.stop();
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

/** Undefined for those whom it does not know. Source: https://distribution.github.io/distribution/spec/auth/token/ */
async function tokenFor(request: IncomingMessage, scopes: string[]): Promise<object | undefined> {
  const { searchParams } = new URL(request.url ?? "", "http://server");
  const form = new URLSearchParams(await textOf(request));
  const user = request.method === "POST" ? userOfForm(form) : userOfHeader(request.headers.authorization);
  if (user === undefined) return undefined;
  const asked = [...searchParams.getAll("scope"), ...form.getAll("scope")].flatMap((scope) => scope.split(" "));
  scopes.push(...asked);
  const token = await signed(
    user,
    asked.map((scope) => accessOf(scope, user)),
  );
  return request.method === "POST" ? { access_token: token, expires_in: LIFETIME } : { token, expires_in: LIFETIME };
}

function userOfHeader(header = ""): string | undefined {
  const [username = "", password] = Buffer.from(header.replace(/^Basic /, ""), "base64")
    .toString()
    .split(":");
  return password !== undefined && USERS[username] === password ? username : undefined;
}

function userOfForm(form: URLSearchParams): string | undefined {
  return form.get("refresh_token") === USERS["ada"] ? "ada" : undefined;
}

function accessOf(scope: string, user: string): Access {
  const [type = "", name = "", actions = ""] = scope.split(":");
  const allowed = actions.split(",").filter((action) => user !== READER || action === "pull");
  return { type, name, actions: allowed };
}

/** Source: https://distribution.github.io/distribution/spec/auth/jwt/ */
async function signed(user: string, access: readonly Access[]): Promise<string> {
  const certificate = new X509Certificate(await readFile(join(fixtures, "localhost.crt")));
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: "JWT", alg: "ES256", x5c: [certificate.raw.toString("base64")] };
  const times = { iat: now, nbf: now - LIFETIME, exp: now + LIFETIME };
  const claims = { iss: SERVICE, aud: SERVICE, sub: user, jti: randomUUID(), ...times, access };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const key = await readFile(join(fixtures, "localhost.key"), "utf8");
  const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
