import { type Env, type RunOptions, runWell } from "./program.ts";

/** An image of a Bento of the store `home`, by the real BentoML with its backend docker. */
export async function bentomlContainerize(
  {
    bento,
    image,
    home,
    place,
    env,
  }: {
    readonly bento: string;
    readonly image: string;
    readonly home: string;
    /** Where its temporary files go. */
    readonly place: string;
    readonly env: Env;
  },
  options: RunOptions,
): Promise<void> {
  const own = { ...env, HOME: place, TMPDIR: place, BENTOML_HOME: home, BENTOML_DO_NOT_TRACK: "true" };
  await runWell(env["LAB_BENTOML"] ?? "", ["containerize", bento, "--image-tag", image], own, options);
}
