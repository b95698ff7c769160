import { isJsonObject, parseJson } from "../text/json.ts";
import type { CurrentBuilder } from "./backend.ts";

/**
 * What `docker buildx use` has stored: `{"Key":"unix:///var/run/docker.sock","Name":"mine","Global":false}`, with an empty
 * name after `docker buildx use default`. `Key`, the docker endpoint for which the builder is current, is not compared: only
 * docker knows its own.
 * Source: docker/buildx, store/store.go (SetCurrent) and util/confutil/config.go (NewConfig).
 */
export const buildxCurrent: CurrentBuilder = {
  path(env) {
    const docker = env["DOCKER_CONFIG"] || `${env["HOME"] || "/root"}/.docker`;
    return `${env["BUILDX_CONFIG"] || `${docker}/buildx`}/current`;
  },
  read(text) {
    const stored = parseJson(text);
    const name = isJsonObject(stored) ? stored["Name"] : undefined;
    return typeof name === "string" && name !== "" && name !== "default" ? name : undefined;
  },
};
