const PYTHON = /^\s*-\s*["']?(?:[\w./-]+::)?python\s*={1,2}\s*(\d+\.\d+)/;

/**
 * The Python `X.Y` that an environment.yml asks for; undefined when it names none. BentoML looks for the first line that
 * ends in `python=X.Y` (`CondaOptions.get_python_version` in
 * https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/bento/build_config.py), so that `ipython=8.1`
 * counts and `python=3.11.4` does not; here it is the package `python`, with or without a channel and a patch level.
 */
export function condaPython(environment: string): string | undefined {
  const found = environment.split("\n").map((line) => PYTHON.exec(line)?.[1]);
  return found.find((version) => version !== undefined);
}
