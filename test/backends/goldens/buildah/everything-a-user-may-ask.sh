buildah build \
  --layers=true \
  --identity-label=false \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --format oci \
  --source-date-epoch 315619200 \
  --rewrite-timestamp \
  --pull=always \
  --no-cache \
  --target environment \
  --build-arg PIP_INDEX_URL=https://pypi.example.com/simple \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --secret id=HF_TOKEN,src=/temp/scratch/secrets/HF_TOKEN \
  --label 'org.opencontainers.image.title=Iris, the flower' \
  --annotation 'org.opencontainers.image.description=a "quoted", text' \
  --add-host pypi.internal:10.0.0.7 \
  --network host \
  --iidfile /temp/kept/image.id /bentos/iris/1

buildah push \
  --compression-format zstd \
  --force-compression \
  --compression-level 3 "$(cat /temp/kept/image.id)" oci:/temp/scratch/layout:1.4.0

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://registry.example.com/acme/iris:1.4.0
