"""Trains the classifier and saves it in the BentoML model store as `iris`."""

from pathlib import Path

import bentoml
import joblib
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

flowers = load_iris()
classifier = LogisticRegression(max_iter=1000).fit(flowers.data, flowers.target)

with bentoml.models.create("iris") as model:
    joblib.dump(classifier, Path(model.path) / "classifier.joblib")

print(f"saved {model.tag}")
