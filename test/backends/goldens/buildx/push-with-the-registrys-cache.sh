docker buildx build \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --no-cache \
  --cache-from type=registry,ref=registry.example.com/acme/iris:bento-cache-1 \
  --cache-to type=registry,ref=registry.example.com/acme/iris:bento-cache-1,mode=max,ignore-error=true,image-manifest=true,oci-mediatypes=true \
  --target environment \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --provenance=false \
  --sbom=false \
  --output type=cacheonly \
  --metadata-file /temp/kept/metadata.json /bentos/iris/1

docker buildx build \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --cache-from type=registry,ref=registry.example.com/acme/iris:bento-cache-1 \
  --build-context generated=/temp/iris/generated \
  --build-context model-iris-tree=/models/iris_tree/1 \
  --label a=b \
  --provenance=false \
  --sbom=false \
  --output type=image,name=registry.example.com/acme/iris:1.4.0,push=true,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --metadata-file /temp/kept/metadata.json /bentos/iris/1
