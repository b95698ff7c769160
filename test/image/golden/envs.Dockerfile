# The image of the Bento env_zoo:ceqyynhfjw5b6ax4, built with BentoML 1.4.38. Written by bento-image 1.0.0.

FROM python:3.11-slim AS environment

# Each RUN ends with giving what it changed one time, so that the same files are the same layer, whoever builds it and when.

# Some base images end with another user; everything above the last USER runs as root.
USER root
ENV LANG=C.UTF-8 \
    LC_ALL=C.UTF-8 \
    PYTHONIOENCODING=UTF-8 \
    PYTHONUNBUFFERED=1

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
WORKDIR /home/bentoml/bento

# The Bento's own variables.
ENV PLAIN=value \
    SPACED="two words" \
    QUOTED="say \"hi\"" \
    APOS="it's" \
    COMMAS=a,b,c=d \
    DOLLAR="\$HOME and \${PATH}" \
    BACKSLASH="C:\\new\\table" \
    NUMBERISH=1e3 \
    OCTALISH=0o17 \
    TRUEISH=true \
    UNICODE="grüße ☕" \
    HASH="a # b" \
    DUP=second \
    URL="https://u:p@h.example/x?y=1&z=%20" \
    FROM_SERVICE=yes

# The Bento's commands before its Python packages: one layer, because only its end can remove what they leave behind.
RUN --mount=type=secret,id=BUILD_ONLY,required=true \
    --mount=type=secret,id=SVC_TOKEN,required=true \
    started="$(date +@%s.%N)"; sleep 0.02; \
    export BUILD_ONLY="$(cat /run/secrets/BUILD_ONLY)"; \
    export SVC_TOKEN="$(cat /run/secrets/SVC_TOKEN)"; \
    export SOURCE_DATE_EPOCH=315619200; \
    set -ex; \
    /bin/sh -c 'apt-get update && apt-get install -q -y --no-install-recommends --allow-remove-essential ca-certificates gnupg2 bash build-essential git'; \
    rm -rf /var/lib/apt/lists/* /var/cache/apk/* /var/cache/yum/* /var/cache/dnf/* \
           /var/cache/apt/*.bin /var/cache/apt/archives/*.deb ~/.cache/pip ~/.cache/uv; \
    rm -f /var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache \
          /var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/.pwd.lock; \
    find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune \
        -o -newerct "$started" -newermt @315619200 -exec touch --no-dereference --date=@315619200 '{}' + || true

# uv, unless the base image brings it, and the virtual environment in which the service runs.
RUN --mount=type=secret,id=BUILD_ONLY,required=true \
    --mount=type=secret,id=SVC_TOKEN,required=true \
    started="$(date +@%s.%N)"; sleep 0.02; \
    export BUILD_ONLY="$(cat /run/secrets/BUILD_ONLY)"; \
    export SVC_TOKEN="$(cat /run/secrets/SVC_TOKEN)"; \
    export SOURCE_DATE_EPOCH=315619200 \
        PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_BREAK_SYSTEM_PACKAGES=1; \
    set -ex; \
    if ! command -v uv; then \
        pip="$(command -v pip)" || pip="python3 -m pip"; \
        $pip --version || { python3 -m venv /opt/uv; pip=/opt/uv/bin/pip; ln -s /opt/uv/bin/uv /usr/local/bin/uv; }; \
        $pip install uv==0.13.8; \
    fi; \
    UV_PYTHON_INSTALL_DIR=/app/python/ UV_VENV_CLEAR=1 uv venv --no-cache --python 3.11 /app/.venv; \
    chown -R 1034:1034 /app/.venv; \
    find / -xdev '(' -path /proc -o -path /sys -o -path /dev ')' -prune \
        -o -newerct "$started" -newermt @315619200 -exec touch --no-dereference --date=@315619200 '{}' + || true
ENV VIRTUAL_ENV=/app/.venv \
    UV_COMPILE_BYTECODE=1 \
    UV_NO_PROGRESS=1
ENV PATH=/app/.venv/bin:$PATH

# The Python packages. Their list is mounted, not copied: nothing else of the Bento touches this layer.
RUN --mount=type=cache,target=/var/cache/uv \
    --mount=type=bind,source=env/python,target=/home/bentoml/bento/env/python \
    --mount=type=secret,id=BUILD_ONLY,required=true \
    --mount=type=secret,id=SVC_TOKEN,required=true \
    started="$(date +@%s.%N)"; sleep 0.02; \
    export BUILD_ONLY="$(cat /run/secrets/BUILD_ONLY)"; \
    export SVC_TOKEN="$(cat /run/secrets/SVC_TOKEN)"; \
    export SOURCE_DATE_EPOCH=315619200 \
        UV_CACHE_DIR=/var/cache/uv UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH; \
    set -ex; \
    uv --directory env/python pip install -r /home/bentoml/bento/env/python/requirements.txt; \
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
ENV ONLY_RUNTIME=later
EXPOSE 3000 3001
USER bentoml
ENTRYPOINT ["/home/bentoml/bento/env/docker/entrypoint.sh"]
