podman build \
  --layers=true \
  --identity-label=false \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --format oci \
  --source-date-epoch 315619200 \
  --rewrite-timestamp \
  --pull=missing \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --iidfile /temp/kept/image.id /bentos/iris/1

podman push \
  --compression-format gzip \
  --force-compression "$(cat /temp/kept/image.id)" oci:/out/layout:1.4.0

podman push \
  --compression-format gzip \
  --force-compression "$(cat /temp/kept/image.id)" oci-archive:/out/oci.tar:1.4.0

podman push "$(cat /temp/kept/image.id)" docker-archive:/out/docker.tar:registry.example.com/acme/iris:1.4.0
