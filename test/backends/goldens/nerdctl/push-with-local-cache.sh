nerdctl build \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --cache-from 'type=local,"src=/home/me/.cache/a,b"' \
  --cache-to 'type=local,"dest=/home/me/.cache/a,b",mode=max,ignore-error=true' \
  --target environment \
  --output type=image,store=false /bentos/iris/1

nerdctl build \
  --progress plain \
  --file /temp/iris/Dockerfile \
  --platform linux/amd64 \
  --build-arg SOURCE_DATE_EPOCH=315619200 \
  --tag registry.example.com/acme/iris:1.4.0 \
  --output type=image,push=true,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --iidfile /temp/kept/image-0.id /bentos/iris/1
