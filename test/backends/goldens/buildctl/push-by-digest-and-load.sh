buildctl \
  --addr tcp://buildkitd:1234 build \
  --progress plain \
  --frontend dockerfile.v0 \
  --local context=/bentos/iris/1 \
  --local dockerfile=/temp/iris \
  --opt filename=Dockerfile \
  --opt platform=linux/amd64 \
  --opt build-arg:SOURCE_DATE_EPOCH=315619200 \
  --local generated=/temp/iris/generated \
  --opt context:generated=local:generated \
  --local model-iris-tree=/models/iris_tree/1 \
  --opt context:model-iris-tree=local:model-iris-tree \
  --output type=oci,name=registry.example.com/acme/iris:1.4.0,dest=/temp/scratch/layout,tar=false,oci-mediatypes=true,oci-artifact=false,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --output type=docker,name=registry.example.com/acme/iris:1.4.0,dest=/temp/scratch/image.tar,compression=gzip,force-compression=false,rewrite-timestamp=true \
  --metadata-file /temp/kept/metadata.json

skopeo copy \
  --all \
  --preserve-digests oci:/temp/scratch/layout docker://registry.example.com/acme/iris@@unknown-digest@@

docker load \
  --input /temp/scratch/image.tar
