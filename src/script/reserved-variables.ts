/** The runner's own. Source: https://docs.github.com/actions/reference/workflows-and-actions/variables */
const OF_RUNNER = ["ACTIONS_", "GITHUB_", "INPUT_", "RUNNER_", "STATE_"];

/** What programs, and the libraries that they are made of, read to find their files, the network and their engine. */
const TOOLS = [
  ..."PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM TMPDIR TMP TEMP LD_PRELOAD".split(" "),
  ..."HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS".split(" "),
  ..."SSH_AUTH_SOCK KUBECONFIG STORAGE_DRIVER STORAGE_OPTS CNI_PATH NETCONFPATH DBUS_SESSION_BUS_ADDRESS".split(" "),
];
const OF_TOOLS = [
  ..."LC_ LD_LIBRARY_ XDG_ SSL_CERT_ GODEBUG OTEL_ KUBERNETES_ REGISTRY_".split(" "),
  ..."BUILDAH_ BUILDCTL_ BUILDKIT_ BUILDX_ CONTAINER_ CONTAINERD_ CONTAINERS_ DOCKER_ NERDCTL_ PODMAN_".split(" "),
];

/** Credentials that login actions give to all steps of a job, where programs that keep passwords look for them. */
const OF_CLOUDS = "ARM_ AWS_ AZURE_ CLOUDSDK_ ECR_ GCLOUD_ GCP_ GOOGLE_ VAULT_".split(" ");

/** Tokens of GitHub and of hubs, which no tool needs. */
const TOKENS = new Set(["GITHUB_TOKEN", "GH_TOKEN", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "NODE_AUTH_TOKEN"]);

const NEEDED = new Set(TOOLS);
const PREFIXES = [...OF_RUNNER, ...OF_TOOLS, ...OF_CLOUDS];

/** Whether tools need the variable of the step: it is hidden from none, whatever the secrets of the build are called. */
export function isForTools(name: string): boolean {
  const upper = name.toUpperCase();
  return !TOKENS.has(upper) && (NEEDED.has(upper) || PREFIXES.some((prefix) => upper.startsWith(prefix)));
}

/**
 * Whether a variable of the step belongs to the runner or to the tools, or is a login of the whole job. A Bento that asks
 * for such a name while it is built does not get the step's value, unless the workflow gives it by `secret-envs`. All
 * other variables of the step are for the Bento to ask for.
 */
export function isReserved(name: string): boolean {
  return TOKENS.has(name.toUpperCase()) || isForTools(name);
}
