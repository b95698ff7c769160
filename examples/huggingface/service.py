"""Says whether a text is friendly, with a model of Hugging Face. ONNX needs neither torch nor CUDA: the environment stays small."""

from pathlib import Path

import bentoml

image = bentoml.images.Image(python_version="3.11").requirements_file("requirements.txt")


@bentoml.service(image=image, resources={"cpu": "1"})
class Sentiment:
    # Only what the service reads: the repository holds the weights in several forms.
    model = bentoml.models.HuggingFaceModel(
        "Xenova/distilbert-base-uncased-finetuned-sst-2-english",
        include=["onnx/model_quantized.onnx", "tokenizer.json"],
    )

    def __init__(self) -> None:
        from onnxruntime import InferenceSession
        from tokenizers import Tokenizer

        files = Path(self.model)
        self.tokenizer = Tokenizer.from_file(str(files / "tokenizer.json"))
        self.session = InferenceSession(files / "onnx/model_quantized.onnx")

    @bentoml.api
    def classify(self, text: str) -> str:
        import numpy as np

        tokens = self.tokenizer.encode(text)
        (scores,) = self.session.run(
            None, {"input_ids": np.array([tokens.ids]), "attention_mask": np.array([tokens.attention_mask])}
        )
        return "positive" if scores[0][1] > scores[0][0] else "negative"
