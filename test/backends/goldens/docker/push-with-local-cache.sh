docker buildx build \
  --builder default \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --cache-from 'type=local,"src=/home/me/.cache/a,b"' \
  --cache-to 'type=local,"dest=/home/me/.cache/a,b",mode=max,ignore-error=true' \
  --target environment \
  --provenance=false \
  --sbom=false \
  --output type=cacheonly \
  --metadata-file /temp/kept/metadata.json /bentos/iris/1

docker buildx build \
  --builder default \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --cache-from 'type=local,"src=/home/me/.cache/a,b"' \
  --provenance=false \
  --sbom=false \
  --output type=image,name=registry.example.com/acme/iris:1.4.0,push=true,unpack=false,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --metadata-file /temp/kept/metadata.json /bentos/iris/1
