executor \
  --dockerfile /temp/iris/Dockerfile \
  --context dir:///bentos/iris/1 \
  --custom-platform linux/amd64 \
  --compression gzip \
  --target environment \
  --label dev.bento-image.environment=sha256:0123 \
  --registry-map index.docker.io=mirror.example.com \
  --insecure-registry mirror.example.com \
  --registry-certificate private.example.com=/certificates/private.pem \
  --single-snapshot \
  --no-push \
  --digest-file /temp/kept/image.id \
  --oci-layout-path /temp/scratch/layout

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://registry.example.com/acme/iris:1.4.0
