podman build \
  --layers=true \
  --identity-label=false \
  --file /temp/iris/Dockerfile \
  --format docker \
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
  --format docker \
  --source-date-epoch 315619200 \
  --rewrite-timestamp \
  --pull=missing \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --platform linux/amd64 \
  --iidfile /temp/kept/image-linux-amd64.id /bentos/iris/1

podman push \
  --compress \
  --compression-format gzip \
  --force-compression "$(cat /temp/kept/image-linux-arm64.id)" dir:/temp/scratch/docker-linux-arm64

# then /temp/scratch/docker-linux-arm64 becomes linux-arm64 in the layout /temp/scratch/layout, by this action

podman push \
  --compress \
  --compression-format gzip \
  --force-compression "$(cat /temp/kept/image-linux-amd64.id)" dir:/temp/scratch/docker-linux-amd64

# then /temp/scratch/docker-linux-amd64 becomes linux-amd64 in the layout /temp/scratch/layout, by this action

# then the index of linux/arm64, linux/amd64 in /temp/scratch/layout, by this action

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://registry.example.com/acme/iris:1.4.0
