nerdctl build \
  --buildkit-host tcp://buildkitd:1234 \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --tag registry.example.com/acme/iris:1 \
  --tag other.example.com/iris:latest \
  --output type=image,push=true,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --iidfile /temp/kept/image-0.id /bentos/iris/1

skopeo copy \
  --all \
  --preserve-digests docker://registry.example.com/acme/iris:1 docker://other.example.com/iris:latest
