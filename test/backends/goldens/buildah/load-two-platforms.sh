buildah build \
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

buildah build \
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

buildah manifest create localhost/bento-image:kept

buildah manifest add localhost/bento-image:kept "$(cat /temp/kept/image-linux-arm64.id)"

buildah manifest add localhost/bento-image:kept "$(cat /temp/kept/image-linux-amd64.id)"

buildah tag localhost/bento-image:kept registry.example.com/acme/iris:1

buildah tag localhost/bento-image:kept other.example.com/iris:latest

buildah manifest rm localhost/bento-image:kept
