/** The version of uv to install when the base image does not have uv. */
const VERSION = "0.13.8";

/**
 * SHA-256 of its Linux wheels on PyPI, by platform tag. BentoML pins its uv in the same way since 1.4.40
 * (src/bentoml/_internal/container/frontend/dockerfile/templates/_macros.j2).
 */
const WHEELS: Readonly<Record<string, string>> = {
  manylinux2014_x86_64: "e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984",
  musllinux_1_1_x86_64: "29451c60f5e8b07403e0a175d5229efc36b0289b34143ff4aaa499a5dd52553a",
  manylinux2014_aarch64: "0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d",
  manylinux_2_28_aarch64: "5337c30bb893b4f9ce0ceb921ba2da0d13f649da644f40ad3bef84083bef0203",
  manylinux2014_armv7l: "86f1319f851e645bc295bb921e6be19beae7e69216c75ae809010ca7817393aa",
  musllinux_1_1_armv7l: "9cf0b7b12f13da6ab1c85694ab618d97a2bbd0c904cdea7f0172fb1dd768b9d5",
  linux_armv6l: "0ec33661a14e38dea8dfb18167d2a4a5c7fe3d476c62dd8eb6acf5f378727201",
  manylinux2014_i686: "5ace7ec339798aca31be51a75fa7c1544fe84e02fadd17a9fa3324813bbaf237",
  musllinux_1_1_i686: "63d807451e63c8d21b1b33c945af16438ac9d8ffddc59b31ce69c692135891f5",
  manylinux2014_ppc64le: "6999618363d03a0a085a9491db319e00b461dbda205db06ef1fd55dfcbf6472b",
  manylinux2014_s390x: "13050c64530a1ccfc223af0306a8152d41c0d36ea63bc19161221ca65dfe480a",
  manylinux_2_31_riscv64: "b26fe533dc6153787e40443b7d9428ed41349127bff36a954ec82c48be01ded9",
};

const REFUSAL =
  `The package index of this build has no uv ${VERSION} that PyPI has too: let it serve the same files, ` +
  "or take a base image that brings uv";

/**
 * Ignores the Python version that the wheels require, which only applies to their few Python modules. The program itself
 * creates environments for Python 3.6 and later (https://docs.astral.sh/uv/reference/policies/python/).
 */
export const UV_PIP_SETTINGS = "PIP_IGNORE_REQUIRES_PYTHON=1";

/** Shell lines that install uv from one of the pinned wheels. Any other file from the package index is refused. */
export function installUv(pip: string): readonly string[] {
  const hashes = Object.values(WHEELS).map((hash) => `    --hash=sha256:${hash}`);
  return [
    `printf '%s ' uv==${VERSION}`,
    ...hashes,
    `    | ${pip} install --only-binary :all: --require-hashes --requirement /dev/stdin ||`,
    `    { echo >&2 '${REFUSAL}'; exit 1; };`,
  ];
}
