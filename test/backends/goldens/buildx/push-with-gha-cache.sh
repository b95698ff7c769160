docker buildx build \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --cache-from type=gha,scope=bento-cache-1 \
  --cache-to type=gha,scope=bento-cache-1,mode=max,ignore-error=true \
  --target environment \
  --provenance=false \
  --sbom=false \
  --output type=cacheonly \
  --metadata-file /temp/kept/metadata.json /bentos/iris/1

docker buildx build \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --cache-from type=gha,scope=bento-cache-1 \
  --provenance=false \
  --sbom=false \
  --output type=image,name=registry.example.com/acme/iris:1.4.0,push=true,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --metadata-file /temp/kept/metadata.json /bentos/iris/1
