podman build \
  --layers=true \
  --identity-label=false \
  --file /temp/iris/Dockerfile \
  --format oci \
  --source-date-epoch 315619200 \
  --rewrite-timestamp \
  --pull=missing \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --platform linux/arm64 \
  --iidfile /temp/kept/image-linux-arm64.id /bentos/iris/1

podman build \
  --layers=true \
  --identity-label=false \
  --file /temp/iris/Dockerfile \
  --format oci \
  --source-date-epoch 315619200 \
  --rewrite-timestamp \
  --pull=missing \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --platform linux/amd64 \
  --iidfile /temp/kept/image-linux-amd64.id /bentos/iris/1

podman push \
  --compression-format gzip \
  --force-compression "$(cat /temp/kept/image-linux-arm64.id)" oci:/out/layout:linux-arm64

podman push \
  --compression-format gzip \
  --force-compression "$(cat /temp/kept/image-linux-amd64.id)" oci:/out/layout:linux-amd64

# then the index of linux/arm64, linux/amd64 in /out/layout, by this action

skopeo copy \
  --all \
  --preserve-digests oci:/out/layout docker://registry.example.com/acme/iris:1.4.0

tar \
  --create \
  --file /out/oci.tar \
  --directory /out/layout oci-layout index.json blobs
