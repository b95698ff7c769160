# check=skip=ConsistentInstructionCasing,CopyIgnoredFile,DuplicateStageName,ExposeInvalidFormat,ExposeProtoCasing,FileConsistentCommandCasing,FromAsCasing,FromPlatformFlagConstDisallowed,InvalidDefaultArgInFrom,InvalidDefinitionDescription,JSONArgsRecommended,LegacyKeyValueFormat,MaintainerDeprecated,MultipleInstructionsDisallowed,NoEmptyContinuation,RedundantTargetPlatform,ReservedStageName,SecretsUsedInArgOrEnv,StageNameCasing,UndefinedArgInFrom,UndefinedVar,WorkdirRelativePath;error=true
# The image of the Bento gpu:ifiypoxfjwdrqax4, built with BentoML 1.4.38. Written by bento-image 1.0.0.

FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04 AS environment

# The first to make the directory: the layer of a WORKDIR that makes none is empty.
WORKDIR /home/bentoml/bento

# Each RUN ends with giving what it changed one time, so that the same files are the same layer, whoever builds it and when.

# Some base images end with another user; everything above the last USER runs as root.
USER root
ENV LANG=C.UTF-8 \
    LC_ALL=C.UTF-8 \
    PYTHONIOENCODING=UTF-8 \
    PYTHONUNBUFFERED=1 \
    NVIDIA_VISIBLE_DEVICES=""

# Packages of the distribution, in one layer that ends with removing what installing leaves behind.
ENV DEBIAN_FRONTEND=noninteractive
RUN started="$(date +@%s.%N)"; sleep 0.02; \
    export SOURCE_DATE_EPOCH=315619200; \
    set -ex; \
    apt-get update -y; \
    apt-get install -q -y -o Dpkg::Options::=--force-confdef --no-install-recommends --allow-remove-essential \
        ca-certificates gnupg2 bash build-essential curl libsndfile1; \
    apt-get install -q -y -o Dpkg::Options::=--force-confdef --no-install-recommends --allow-remove-essential \
        software-properties-common; \
    add-apt-repository -y ppa:deadsnakes/ppa; \
    apt-get update -y; \
    apt-get install -q -y -o Dpkg::Options::=--force-confdef --no-install-recommends --allow-remove-essential \
        python3.12 python3.12-dev python3.12-venv; \
    ln -sf /usr/bin/python3.12 /usr/bin/python3; \
    rm -rf /var/lib/apt/lists/* /var/cache/apk/* /var/cache/yum/* /var/cache/dnf/* \
           /var/cache/apt/*.bin /var/cache/apt/archives/*.deb ~/.cache/pip ~/.cache/uv; \
    rm -f /var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache \
          /var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/.pwd.lock; \
    find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune \
        -o -newerct "$started" -newermt @315619200 -exec touch --no-dereference --date=@315619200 '{}' + || true

# The user that runs the service. Written by hand: useradd and adduser differ, and both put the day of the build
# into /etc/shadow.
RUN started="$(date +@%s.%N)"; sleep 0.02; \
    set -ex; \
    grep -q ^bentoml: /etc/group || echo 'bentoml:*:1034:' >> /etc/group; \
    grep -q ^bentoml: /etc/passwd || echo 'bentoml:*:1034:1034::/home/bentoml:/bin/sh' >> /etc/passwd; \
    test "$(id -u bentoml)" = 1034 || \
        { echo >&2 'In the base image bentoml has another number than 1034: set the build argument BENTO_USER_UID'; exit 1; }; \
    mkdir -p /home/bentoml /home/bentoml/bento; \
    chmod 0755 /home /home/bentoml /home/bentoml/bento; \
    chown 0:0 /home; \
    chown 1034:1034 /home/bentoml /home/bentoml/bento; \
    find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune \
        -o -newerct "$started" -newermt @315619200 -exec touch --no-dereference --date=@315619200 '{}' + || true
ENV BENTO_PATH=/home/bentoml/bento \
    BENTOML_HOME=/home/bentoml/ \
    BENTOML_HF_CACHE_DIR=/home/bentoml/bento/hf-models \
    BENTOML_CONTAINERIZED=true

# The Bento's own variables.
ENV MODE=fast

# uv, unless the base image brings it, and the virtual environment in which the service runs.
RUN started="$(date +@%s.%N)"; sleep 0.02; \
    export SOURCE_DATE_EPOCH=315619200 \
        PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_BREAK_SYSTEM_PACKAGES=1 \
        PIP_IGNORE_REQUIRES_PYTHON=1; \
    cd /home/bentoml/bento; \
    set -ex; \
    if ! command -v uv; then \
        pip="$(command -v pip)" || pip="python3 -m pip"; \
        $pip --version || { python3 -m venv /opt/uv; pip=/opt/uv/bin/pip; ln -s /opt/uv/bin/uv /usr/local/bin/uv; }; \
        printf '%s ' uv==0.13.8 \
            --hash=sha256:e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984 \
            --hash=sha256:29451c60f5e8b07403e0a175d5229efc36b0289b34143ff4aaa499a5dd52553a \
            --hash=sha256:0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d \
            --hash=sha256:5337c30bb893b4f9ce0ceb921ba2da0d13f649da644f40ad3bef84083bef0203 \
            --hash=sha256:86f1319f851e645bc295bb921e6be19beae7e69216c75ae809010ca7817393aa \
            --hash=sha256:9cf0b7b12f13da6ab1c85694ab618d97a2bbd0c904cdea7f0172fb1dd768b9d5 \
            --hash=sha256:0ec33661a14e38dea8dfb18167d2a4a5c7fe3d476c62dd8eb6acf5f378727201 \
            --hash=sha256:5ace7ec339798aca31be51a75fa7c1544fe84e02fadd17a9fa3324813bbaf237 \
            --hash=sha256:63d807451e63c8d21b1b33c945af16438ac9d8ffddc59b31ce69c692135891f5 \
            --hash=sha256:6999618363d03a0a085a9491db319e00b461dbda205db06ef1fd55dfcbf6472b \
            --hash=sha256:13050c64530a1ccfc223af0306a8152d41c0d36ea63bc19161221ca65dfe480a \
            --hash=sha256:b26fe533dc6153787e40443b7d9428ed41349127bff36a954ec82c48be01ded9 \
            | $pip install --only-binary :all: --require-hashes --requirement /dev/stdin || \
            { echo >&2 'The package index of this build has no uv 0.13.8 that PyPI has too: let it serve the same files, or take a base image that brings uv'; exit 1; }; \
    fi; \
    UV_PYTHON_INSTALL_DIR=/app/python/ UV_VENV_CLEAR=1 uv venv --no-cache --python 3.12 /app/.venv; \
    chown -R 1034:1034 /app/.venv; \
    find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune \
        -o -newerct "$started" -newermt @315619200 -exec touch --no-dereference --date=@315619200 '{}' + || true
ENV VIRTUAL_ENV=/app/.venv \
    UV_COMPILE_BYTECODE=1
ENV PATH=/app/.venv/bin:$PATH

# The Python packages. Their list is mounted, not copied: nothing else of the Bento touches this layer.
RUN --mount=type=cache,target=/var/cache/uv \
    --mount=type=bind,source=env/python,target=/home/bentoml/bento/env/python \
    started="$(date +@%s.%N)"; sleep 0.02; \
    export SOURCE_DATE_EPOCH=315619200 \
        UV_CACHE_DIR=/var/cache/uv UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH PYTHONHASHSEED=0 \
        PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_BREAK_SYSTEM_PACKAGES=1; \
    cd /home/bentoml/bento; \
    set -ex; \
    bash -euxo pipefail /home/bentoml/bento/env/python/install.sh; \
    for noted in /app/.venv/lib/*/site-packages/*.dist-info/uv_cache.json; do \
        if [ -f "$noted" ]; then rm "$noted"; sed -i /uv_cache.json/d "${noted%/*}/RECORD"; fi; \
    done; \
    find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune \
        -o -newerct "$started" -newermt @315619200 -exec touch --no-dereference --date=@315619200 '{}' + || true

# The image: the environment, and the files of the Bento on top.
FROM environment

# The Bento, from what changes least to what changes with every build.
COPY --link --chown=1034:1034 apis /home/bentoml/bento/apis/
COPY --link --chown=1034:1034 env /home/bentoml/bento/env/
COPY --link --chown=1034:1034 --from=generated bento /home/bentoml/bento/
COPY --link --chown=1034:1034 src /home/bentoml/bento/src/
COPY --link --chown=1034:1034 README.md bento.yaml /home/bentoml/bento/

# A linked layer gives the directories on the way to its files to their owner; these are root's.
COPY --link --chown=0:0 --from=generated parents /

# How a container starts.
EXPOSE 3000 3001
USER bentoml
ENTRYPOINT ["/home/bentoml/bento/env/docker/entrypoint.sh"]
