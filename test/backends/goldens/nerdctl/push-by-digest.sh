nerdctl build \
  --buildkit-host tcp://buildkitd:1234 \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --output 'type=oci,"name=registry.example.com/acme/iris:1,registry.example.com/acme/iris:latest,other.example.com/iris:1",dest=/temp/scratch/layout,tar=false,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true' /bentos/iris/1

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://registry.example.com/acme/iris@@unknown-digest@@

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://other.example.com/iris@@unknown-digest@@
