executor \
  --dockerfile /temp/iris/Dockerfile \
  --context dir:///bentos/iris/1 \
  --custom-platform linux/amd64 \
  --compression gzip \
  --single-snapshot \
  --no-push \
  --digest-file /temp/kept/image.id \
  --oci-layout-path /temp/scratch/layout

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://registry.example.com/acme/iris:1.4.0
