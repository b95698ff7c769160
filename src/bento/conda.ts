const PYTHON = /^\s*-\s*["']?(?:[\w./-]+::)?python\s*={1,2}\s*(\d+\.\d+)/;

/**
 * The Python version `X.Y` that an environment.yml requires; undefined if it has none. It is the version of the package
 * `python`, with or without a channel and a patch level. BentoML instead uses the first line that ends in `python=X.Y`
 * (`CondaOptions.get_python_version` in
 * https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/bento/build_config.py), so it accepts `ipython=8.1`
 * and ignores `python=3.11.4`.
 */
export function condaPython(environment: string): string | undefined {
  const found = environment.split("\n").map((line) => PYTHON.exec(line)?.[1]);
  return found.find((version) => version !== undefined);
}
