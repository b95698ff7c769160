"""Continues a text with a language model on a GPU. The image is built without one."""

import bentoml

# vLLM's wheels contain CUDA's libraries, so the base image needs none.
image = bentoml.images.Image(python_version="3.11").requirements_file("requirements.txt")


@bentoml.service(image=image, resources={"gpu": 1}, traffic={"timeout": 300})
class Chat:
    model = bentoml.models.HuggingFaceModel("Qwen/Qwen2.5-7B-Instruct")

    def __init__(self) -> None:
        from vllm import LLM

        self.engine = LLM(model=self.model)

    @bentoml.api
    def generate(self, prompt: str, max_tokens: int = 256) -> str:
        from vllm import SamplingParams

        (output,) = self.engine.generate([prompt], SamplingParams(max_tokens=max_tokens))
        return output.outputs[0].text
