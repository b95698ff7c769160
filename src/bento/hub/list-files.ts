/** A module of its own, for the bundle takes a whole library where it is loaded late: 64 KB this way, else 370. */
export { listFiles } from "@huggingface/hub";
