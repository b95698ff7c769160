"""Two services in one Bento and one image: Search asks Embedder. Each can be scaled on its own."""

import bentoml

image = bentoml.images.Image(python_version="3.11")

DOCUMENTS = ("a Bento is code and models", "an image is layers", "a digest names bytes")


@bentoml.service(image=image, resources={"cpu": "1"})
class Embedder:
    @bentoml.api
    def embed(self, text: str) -> list[float]:
        """How often each letter of the alphabet occurs."""
        return [float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"]


@bentoml.service(image=image)
class Search:
    embedder = bentoml.depends(Embedder)

    @bentoml.api
    async def search(self, text: str) -> str:
        """The document that is nearest to the text."""
        wanted = await self.embedder.to_async.embed(text)
        vectors = [await self.embedder.to_async.embed(document) for document in DOCUMENTS]
        distances = [sum((a - b) ** 2 for a, b in zip(vector, wanted)) for vector in vectors]
        return DOCUMENTS[distances.index(min(distances))]
