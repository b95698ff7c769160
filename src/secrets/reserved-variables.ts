/** Variables of the runner. Source: https://docs.github.com/actions/reference/workflows-and-actions/variables */
const OF_RUNNER = ["ACTIONS_", "GITHUB_", "INPUT_", "RUNNER_", "STATE_"];

/** Variables by which programs and their libraries find their files, the network and their engine. */
const TOOLS = [
  ..."PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM TMPDIR TMP TEMP LD_PRELOAD".split(" "),
  ..."HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS".split(" "),
  ..."SSH_AUTH_SOCK KUBECONFIG STORAGE_DRIVER STORAGE_OPTS CNI_PATH NETCONFPATH DBUS_SESSION_BUS_ADDRESS".split(" "),
];
const OF_TOOLS = [
  ..."LC_ LD_LIBRARY_ XDG_ SSL_CERT_ GODEBUG OTEL_ KUBERNETES_ REGISTRY_".split(" "),
  ..."BUILDAH_ BUILDCTL_ BUILDKIT_ BUILDX_ CONTAINER_ CONTAINERD_ CONTAINERS_ DOCKER_ NERDCTL_ PODMAN_".split(" "),
];

/** Credentials that login actions set for all steps of a job, which credential helpers read. */
const OF_CLOUDS = [
  ..."ALIBABA_CLOUD_ ARM_ AWS_ AZURE_ CLOUDSDK_ DIGITALOCEAN_ ECR_".split(" "),
  ..."GCLOUD_ GCP_ GOOGLE_ IBMCLOUD_ OCI_CLI_ VAULT_".split(" "),
];

/** Credentials for GitHub, hubs and registries, and signing keys. They are never for the build. */
const TOKENS = ["CR_PAT", "HF_TOKEN", "NODE_AUTH_TOKEN"];
const OF_TOKENS = "BENTO_CLOUD_ COSIGN_ DOCKERHUB_ GH_ HUGGINGFACE_ HUGGING_FACE_ SIGSTORE_".split(" ");

/**
 * Variables with which tools and their credential helpers log in: those of AWS, Google and Azure as read by their
 * libraries, those of BuildKit's caches, and the ones by which docker and podman find their credentials.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 * @see https://learn.microsoft.com/azure/developer/go/sdk/authentication/authentication-overview
 * @see https://github.com/moby/buildkit#azure-blob-storage-cache-experimental
 */
const LOGINS = [
  ..."AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION".split(" "),
  ..."AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE".split(" "),
  ..."AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_CREDENTIALS_FULL_URI".split(" "),
  ..."GOOGLE_APPLICATION_CREDENTIALS GOOGLE_GHA_CREDS_PATH CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE".split(" "),
  ..."CLOUDSDK_AUTH_ACCESS_TOKEN AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_USERNAME".split(" "),
  ..."AZURE_PASSWORD AZURE_CLIENT_CERTIFICATE_PATH AZURE_CLIENT_CERTIFICATE_PASSWORD".split(" "),
  ..."AZURE_FEDERATED_TOKEN_FILE BUILDKIT_AZURE_STORAGE_SECRET_ACCESS_KEY".split(" "),
  ..."DOCKER_AUTH_CONFIG DOCKER_CONFIG DOCKER_CERT_PATH REGISTRY_AUTH_FILE".split(" "),
];

const RESERVED = new Set([...TOOLS, ...TOKENS]);
const PREFIXES = [...OF_RUNNER, ...OF_TOOLS, ...OF_CLOUDS, ...OF_TOKENS];
const READ_BY_TOOLS = new Set([...TOOLS, ...LOGINS]);

/** Whether tools need the variable of the step, even if it is also a secret of the build. */
export function isReadByTools(name: string): boolean {
  return READ_BY_TOOLS.has(name.toUpperCase());
}

/**
 * Whether a variable of the step belongs to the runner or to tools, or is a credential of the job. A Bento that declares
 * such a name for its build does not get the step's value unless the workflow passes it with `secret-envs`. It gets all
 * other variables of the step that it declares.
 * @param value of the step. A Bento may get HF_ENDPOINT, but not if its address contains a login.
 */
export function isReserved(name: string, value = ""): boolean {
  const upper = name.toUpperCase();
  if (upper === "HF_ENDPOINT") return value.includes("@");
  return RESERVED.has(upper) || PREFIXES.some((prefix) => upper.startsWith(prefix));
}
