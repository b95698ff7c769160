# refused: source-date-epoch: kaniko rewrites the times of all layers, the base image's too, to the year 1 alone
# refused: build-contexts: kaniko reads one directory
