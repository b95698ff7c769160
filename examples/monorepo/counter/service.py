import bentoml

image = bentoml.images.Image(python_version="3.11")


@bentoml.service(image=image)
class Counter:
    @bentoml.api
    def count(self, text: str) -> int:
        return len(text.split())
