# The image of the Bento toolbox:qzolrtxfj26saax4, built with BentoML 1.4.38. Written by bento-image 1.0.0.

FROM python:3.12-slim AS environment

# Some base images end with another user; everything above the last USER runs as root.
USER root
ENV LANG=C.UTF-8 \
    LC_ALL=C.UTF-8 \
    PYTHONIOENCODING=UTF-8 \
    PYTHONUNBUFFERED=1

# The user that runs the service. Written by hand: useradd and adduser differ, and both put the day of the build
# into /etc/shadow.
RUN set -ex; \
    grep -q ^bentoml: /etc/group || echo 'bentoml:*:1034:' >> /etc/group; \
    grep -q ^bentoml: /etc/passwd || echo 'bentoml:*:1034:1034::/home/bentoml:/bin/sh' >> /etc/passwd; \
    test "$(id -u bentoml)" = 1034 || \
        { echo >&2 'In the base image bentoml has another number than 1034: set the build argument BENTO_USER_UID'; exit 1; }; \
    mkdir -p /home/bentoml /home/bentoml/bento; \
    chmod 0755 /home /home/bentoml /home/bentoml/bento; \
    chown 0:0 /home; \
    chown 1034:1034 /home/bentoml /home/bentoml/bento
ENV BENTO_PATH=/home/bentoml/bento \
    BENTOML_HOME=/home/bentoml/ \
    BENTOML_HF_CACHE_DIR=/home/bentoml/bento/hf-models \
    BENTOML_CONTAINERIZED=true
WORKDIR /home/bentoml/bento

# The Bento's commands before its Python packages: one layer, because only its end can remove what they leave behind.
COPY --chown=1034:1034 --chmod=755 env/docker/script__a4822557af799ca96459a0ad26f2be60 /home/bentoml/bento/env/docker/
RUN export SOURCE_DATE_EPOCH=315619200; \
    set -ex; \
    /bin/sh -c 'apt-get update && apt-get install -q -y --no-install-recommends --allow-remove-essential ca-certificates gnupg2 bash build-essential git'; \
    /bin/sh -c 'apt-get install -q -y -o Dpkg::Options::=--force-confdef ffmpeg libgomp1=12.2.0-14 git-lfs'; \
    /bin/sh -c 'echo "before $HOME" > /tmp/before && ls -la'; \
    /bin/sh -c 'chmod +x ./env/docker/script__a4822557af799ca96459a0ad26f2be60 && ./env/docker/script__a4822557af799ca96459a0ad26f2be60'; \
    rm -rf /var/cache/apt/*.bin /var/cache/apt/archives/*.deb ~/.cache/pip ~/.cache/uv; \
    rm -f /var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache \
          /var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/.pwd.lock

# uv, unless the base image brings it, and the virtual environment in which the service runs.
RUN export SOURCE_DATE_EPOCH=315619200 \
        PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_BREAK_SYSTEM_PACKAGES=1 \
        PIP_EXTRA_INDEX_URL="https://wheels.example.org/simple"; \
    set -ex; \
    if ! command -v uv; then \
        pip="$(command -v pip)" || pip="python3 -m pip"; \
        $pip --version || { python3 -m venv /opt/uv; pip=/opt/uv/bin/pip; ln -s /opt/uv/bin/uv /usr/local/bin/uv; }; \
        $pip install uv==0.13.8; \
    fi; \
    UV_PYTHON_INSTALL_DIR=/app/python/ UV_VENV_CLEAR=1 uv venv --no-cache --python 3.12 /app/.venv; \
    chown -R 1034:1034 /app/.venv
ENV VIRTUAL_ENV=/app/.venv \
    UV_COMPILE_BYTECODE=1 \
    UV_NO_PROGRESS=1
ENV PATH=/app/.venv/bin:$PATH

# The Python packages. Their list is mounted, not copied: nothing else of the Bento touches this layer.
COPY --chown=1034:1034 src/vendor /home/bentoml/bento/src/vendor
COPY --chown=1034:1034 src/reqs/extra.txt /home/bentoml/bento/src/reqs/extra.txt
RUN --mount=type=cache,target=/var/cache/uv \
    --mount=type=bind,source=env/python,target=/home/bentoml/bento/env/python \
    export SOURCE_DATE_EPOCH=315619200 \
        UV_CACHE_DIR=/var/cache/uv UV_LINK_MODE=copy PYC_INVALIDATION_MODE=UNCHECKED_HASH; \
    set -ex; \
    uv --directory src pip install -r /home/bentoml/bento/env/python/requirements.txt; \
    for noted in /app/.venv/lib/*/site-packages/*.dist-info/uv_cache.json; do \
        if [ -f "$noted" ]; then rm "$noted"; sed -i /uv_cache.json/d "${noted%/*}/RECORD"; fi; \
    done

# The Bento's commands after its Python packages: one layer, because only its end can remove what they leave behind.
COPY --chown=1034:1034 --chmod=755 env/docker/script__a3d1d691f2e7a97e6f590f1560b41d0b /home/bentoml/bento/env/docker/
RUN --mount=type=bind,source=env/python,target=/home/bentoml/bento/env/python \
    export SOURCE_DATE_EPOCH=315619200; \
    set -ex; \
    /bin/sh -c 'python -c '\''import idna; print(idna.__version__)'\'''; \
    /bin/sh -c 'chmod +x ./env/docker/script__a3d1d691f2e7a97e6f590f1560b41d0b && ./env/docker/script__a3d1d691f2e7a97e6f590f1560b41d0b'; \
    rm -rf /var/lib/apt/lists/* /var/cache/apk/* /var/cache/yum/* /var/cache/dnf/* \
           /var/cache/apt/*.bin /var/cache/apt/archives/*.deb ~/.cache/pip ~/.cache/uv; \
    rm -f /var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache \
          /var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/.pwd.lock

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
