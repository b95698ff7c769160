docker buildx build \
  --builder ours \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --provenance=false \
  --sbom=false \
  --output type=image,name=registry.example.com/acme/iris:1.4.0,push=true,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false \
  --metadata-file /temp/kept/metadata.json /bentos/iris/1
