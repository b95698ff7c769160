/** A module of its own, for the bundle takes a whole library where it is loaded late: 97 KB this way, else 126. */
export { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } from "js-yaml";
