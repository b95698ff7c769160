import { join } from "node:path";
import type { Places } from "./places.ts";

/** What configuration files are written from. */
export interface Setting {
  places: Places;
  /** The loopback registry's port. */
  port: number;
  /** Second octet of the lab's own 10.x.0.0/16. */
  subnet: number;
}

/** The networks of a lab: a bridge each, so that engines cannot take each other's addresses. */
export const networks = { docker: 0, classic: 1, nerdctl: 2, podman: 3 } as const;

export type NetworkName = keyof typeof networks;

/** A bridge's name; the kernel allows 15 characters. */
export function bridge({ places }: Setting, name: NetworkName): string {
  return `bi${places.key}${name.charAt(0)}`;
}

/** An address or prefix in an engine's network: host 0 is the network itself, 1 its bridge. */
export function address({ subnet }: Setting, name: NetworkName, host: number): string {
  return `10.${subnet}.${networks[name]}.${host}`;
}

/** The registry as image references name it. */
export function registry({ port }: Setting): string {
  return `127.0.0.1:${port}`;
}

/** The path of an engine's socket. */
export function socket({ places }: Setting, name: string): string {
  return join(places.run, `${name}.sock`);
}

/** The name of buildx's docker-container builder, and of its container. */
export const builderName = "lab";
export const builderContainer = `buildx_buildkit_${builderName}0`;
