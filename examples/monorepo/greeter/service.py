import bentoml

image = bentoml.images.Image(python_version="3.11")


@bentoml.service(image=image)
class Greeter:
    @bentoml.api
    def greet(self, name: str = "world") -> str:
        return f"Hello, {name}!"
