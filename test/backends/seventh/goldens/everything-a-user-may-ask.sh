# refused: compression: kaniko compresses with gzip wherever the base image is in docker's format
# refused: source-date-epoch: kaniko rewrites the times of all layers, the base image's too, to the year 1 alone
# refused: build-contexts: kaniko reads one directory
# refused: secrets: kaniko runs steps without their mounts, and says nothing
# refused: annotations: kaniko annotates nothing
# refused: add-hosts: kaniko runs steps as its own container runs
# refused: network: kaniko runs steps as its own container runs
