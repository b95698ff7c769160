podman build \
  --layers=true \
  --identity-label=false \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --format oci \
  --source-date-epoch 315619200 \
  --rewrite-timestamp \
  --pull=missing \
  --iidfile /temp/kept/image.id /bentos/iris/1

podman push \
  --compression-format gzip \
  --force-compression "$(cat /temp/kept/image.id)" oci:/temp/scratch/layout:1.4.0

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://registry.example.com/acme/iris:1.4.0
