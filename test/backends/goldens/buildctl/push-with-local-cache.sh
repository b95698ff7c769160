buildctl build \
  --progress plain \
  --frontend dockerfile.v0 \
  --local context=/bentos/iris/1 \
  --local dockerfile=/temp/iris \
  --opt filename=Dockerfile \
  --opt platform=linux/amd64 \
  --opt build-arg:SOURCE_DATE_EPOCH=315619200 \
  --import-cache 'type=local,"src=/home/me/.cache/a,b"' \
  --export-cache 'type=local,"dest=/home/me/.cache/a,b",mode=max,ignore-error=true' \
  --opt target=environment \
  --metadata-file /temp/kept/metadata.json

buildctl build \
  --progress plain \
  --frontend dockerfile.v0 \
  --local context=/bentos/iris/1 \
  --local dockerfile=/temp/iris \
  --opt filename=Dockerfile \
  --opt platform=linux/amd64 \
  --opt build-arg:SOURCE_DATE_EPOCH=315619200 \
  --import-cache 'type=local,"src=/home/me/.cache/a,b"' \
  --output type=image,name=registry.example.com/acme/iris:1.4.0,push=true,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --metadata-file /temp/kept/metadata.json
