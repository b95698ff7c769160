"""Classifies iris flowers by the lengths and widths of their sepals and petals, in centimetres."""

from pathlib import Path

import bentoml
import joblib
import numpy as np

SPECIES = ("setosa", "versicolor", "virginica")

image = bentoml.images.Image(python_version="3.11").requirements_file("requirements.txt")


@bentoml.service(image=image, resources={"cpu": "1"})
class Iris:
    model = bentoml.models.BentoModel("iris:latest")

    def __init__(self) -> None:
        self.classifier = joblib.load(Path(self.model.path) / "classifier.joblib")

    @bentoml.api
    def classify(self, flowers: list[list[float]]) -> list[str]:
        """Names the species of each flower, given as [sepal length, sepal width, petal length, petal width]."""
        return [SPECIES[index] for index in self.classifier.predict(np.asarray(flowers))]
