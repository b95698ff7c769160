/** Certificates for mutual TLS, for as long as a test lasts. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Paths of PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly authority: Certificate;
  readonly server: Certificate;
  readonly client: Certificate;
}

/**
 * Makes an authority, and a server's and a client's certificate by it.
 * @param names whose they are, as in `subjectAltName` of x509v3_config(5).
 */
export async function makeCertificates(directory: string, names = "IP:127.0.0.1"): Promise<Certificates> {
  const at = (name: string): Certificate => ({
    cert: join(directory, `${name}.crt`),
    key: join(directory, `${name}.key`),
  });
  const extensions = join(directory, "extensions");
  await writeFile(extensions, `subjectAltName=${names}\n`);
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const authority = at("authority");
  const own = ["-x509", "-days", "1", "-subj", "/CN=lab", "-keyout", authority.key, "-out", authority.cert];
  await run("openssl", ["req", ...fresh, ...own]);
  const sign = async (name: string): Promise<Certificate> => {
    const { cert, key } = at(name);
    const request = join(directory, `${name}.csr`);
    await run("openssl", ["req", ...fresh, "-subj", `/CN=${name}`, "-keyout", key, "-out", request]);
    const by = ["-CA", authority.cert, "-CAkey", authority.key, "-CAcreateserial"];
    await run("openssl", ["x509", "-req", "-in", request, ...by, "-days", "1", "-extfile", extensions, "-out", cert]);
    return { cert, key };
  };
  return { authority, server: await sign("server"), client: await sign("client") };
}
