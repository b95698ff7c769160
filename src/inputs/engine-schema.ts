import { parseBuilder } from "../backends/builder-nodes.ts";
import { BACKENDS } from "../backends/index.ts";
import { INSTALL_POLICIES, parseChecksums, parseMirror, parseToolRequests } from "../tools/tool-request.ts";
import type { Schema, ValuesOf } from "./decode-schema.ts";
import { byteSize, items, ofKind, oneOf, pairs, parsed, secretText, text, toggle } from "./decoder.ts";

/** Inputs that select the engine and control its setup: all of setup/action.yml, and part of action.yml. */
export const engineSchema = {
  backend: oneOf("auto", ...BACKENDS.map(({ name }) => name)),
  builder: ofKind("list", parsed("tcp://buildkitd:1234", parseBuilder)),
  "builder-ca": ofKind("document", text("${{ vars.BUILDKIT_CA }}")),
  "builder-cert": ofKind("document", text("${{ vars.BUILDKIT_CERT }}")),
  "builder-key": secretText("${{ secrets.BUILDKIT_KEY }}"),
  install: oneOf(...INSTALL_POLICIES),
  tools: ofKind("list", parsed("buildkit@0.32.2 nerdctl@2.3.5", parseToolRequests)),
  "tool-mirror": parsed("https://mirror.acme.example/github", parseMirror),
  "tool-checksums": ofKind("list", parsed(`${"0".repeat(64)}  buildkit-v0.33.0.linux-amd64.tar.gz`, parseChecksums)),
  "registry-mirrors": pairs("docker.io=mirror.acme.example"),
  "insecure-registries": items("registry.internal:5000"),
  "registry-authorities": pairs("registry.internal=/etc/ssl/acme.pem"),
  "cache-limit": byteSize("20gb"),
  "keep-state": toggle(),
} satisfies Schema;

export type EngineInputs = ValuesOf<typeof engineSchema>;
