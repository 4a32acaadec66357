"""A linear reading of short texts; the same labelled examples always give the same one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from tideover.casework.outreach.replies.lists import Example
from tideover.casework.outreach.replies.meaning import Meaning
from tideover.rules.replies.spelling import plain, shortened, words_of

SEED = 20260304
FOLDS = 3
MANY = 4_000  # examples from which on one held-out part is enough to calibrate on
BY_MEANING = 0.7  # how much meaning counts beside words; see docs/replies.md
_STRENGTH = 1.0  # how closely the examples are followed
_COLDEST, _HOTTEST = 0.02, 5.0
Scores = NDArray[np.float64]


class Guess(NamedTuple):
    """The likeliest label of a text, and how likely it is, from 0 to 1.

    `watched` is how likely the label is that one must not miss, whichever is likeliest.
    """

    label: str
    confidence: float
    watched: float = 0.0


class Text(NamedTuple):
    """A text as it is counted."""

    words: list[str]
    traits: list[str]


Traits = Callable[[Sequence[str], str], list[str]]


class Learnt:
    """A reading that was learnt.

    Words and pairs of words, pieces of words of two to five letters, and traits are weighed by how
    rare they are; a support vector machine a label gives a score, and a softmax whose heat was
    fitted on examples held out makes of the scores a likelihood.

    Args:
        examples: At least one; a label may have any name.
        traits: What else to count of a text's words and its plain form.
        caution: How many times hotter than fitted: above 1 where what will be read is less like
            the examples than these are like each other.
        watch: The label whose likelihood is told with every guess.
        meaning: What texts mean whatever their words, for the same labels; then it counts more.

    Source:
        Guo et al. 2017, On calibration of modern neural networks, section 4 (temperature).
    """

    def __init__(
        self, examples: Sequence[Example], traits: Traits, *, caution: float = 1.0,
        watch: str = "", meaning: Meaning | None = None,
    ) -> None:  # fmt: skip
        self._traits = traits
        texts = [self._read(example.text) for example in examples]
        labels = np.array([example.label for example in examples])
        self.labels = sorted(set(labels.tolist()))
        self._meaning = meaning
        self._watched = [column for column, name in enumerate(self.labels) if name == watch]
        self._heat = caution * _heat(texts, labels, self.labels)
        self._scorer = _Scorer(texts, labels, self.labels)

    def guesses(self, texts: Sequence[str]) -> list[Guess]:
        """Return the likeliest label of each text."""
        if not texts:
            return []
        likely = _softmax(self._scorer.scores([self._read(text) for text in texts]) / self._heat)
        if self._meaning is not None:
            meant = _softmax(self._meaning.scores([shortened(text) for text in texts]))
            likely = BY_MEANING * meant + (1 - BY_MEANING) * likely
        best, watched = likely.argmax(axis=1), likely[:, self._watched].sum(axis=1)
        return [
            Guess(self.labels[label], round(float(likely[row, label]), 4), float(watched[row]))
            for row, label in enumerate(best)
        ]

    def _read(self, text: str) -> Text:
        read = plain(shortened(text))
        words = words_of(read)
        return Text(words, self._traits(words, read))


class _Scorer:
    """Scores of texts for each label, learnt from some texts."""

    def __init__(self, texts: Sequence[Text], labels: NDArray[Any], known: Sequence[str]) -> None:
        weigh = {"sublinear_tf": True, "min_df": 2 if len(texts) >= MANY else 1}
        self._counts = (
            TfidfVectorizer(analyzer=_words_and_pairs, **weigh),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), preprocessor=_joined, **weigh),
            TfidfVectorizer(analyzer=_traits_of, **weigh),
        )
        self._known = list(known)
        counted = hstack([_fitted(one, texts) for one in self._counts]).tocsr()
        self._machine: Any = None
        self._columns = [self._known.index(label) for label in sorted(set(labels.tolist()))]
        if len(self._columns) > 1:
            self._machine = LinearSVC(C=_STRENGTH, random_state=SEED).fit(counted, labels)

    def scores(self, texts: Sequence[Text]) -> Scores:
        """Return a row a text and a column a label; a label never seen is as unlikely as can be."""
        scores = np.full((len(texts), len(self._known)), -3.0)
        if self._machine is None:
            scores[:, self._columns] = 1.0
            return scores
        counted = hstack([_counted(one, texts) for one in self._counts]).tocsr()
        given = self._machine.decision_function(counted)
        # of two labels the machine scores the second alone
        scores[:, self._columns] = given if given.ndim == 2 else np.stack([-given, given], axis=1)
        return scores


def _words_and_pairs(text: Text) -> list[str]:
    words = text.words or ["§nothing"]
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def _joined(text: Text) -> str:
    return " ".join(text.words) or "§nothing"


def _traits_of(text: Text) -> list[str]:
    return text.traits or ["§none"]


def _fitted(counts: Any, texts: Sequence[Text]) -> csr_matrix:
    try:
        return counts.fit_transform(texts)
    except ValueError:  # no piece occurs twice
        counts.min_df = 1
        return counts.fit_transform(texts)


def _counted(counts: Any, texts: Sequence[Text]) -> csr_matrix:
    return counts.transform(texts)


def _heat(texts: Sequence[Text], labels: NDArray[Any], known: Sequence[str]) -> float:
    """Return what to divide scores by, so that likelihoods come true on texts not learnt from."""
    if len(known) < 2 or len(texts) < 2 * FOLDS:
        return 1.0
    rows: list[Scores] = []
    truth: list[int] = []
    for inside, outside in _parts(len(texts)):
        scorer = _Scorer([texts[k] for k in inside], labels[inside], known)
        rows.append(scorer.scores([texts[k] for k in outside]))
        truth += [known.index(labels[k]) for k in outside]
    scores, at = np.concatenate(rows), np.array(truth)

    def loss(heat: float) -> float:
        right = _softmax(scores / heat)[np.arange(len(at)), at]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    return float(minimize_scalar(loss, bounds=(_COLDEST, _HOTTEST), method="bounded").x)


def _parts(count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield which examples to learn from and which to hold out; one part alone of very many."""
    order = list(range(count))
    random.Random(SEED).shuffle(order)
    for fold in range(1 if count >= MANY else FOLDS):
        outside = order[fold::FOLDS]
        held = set(outside)
        yield [k for k in range(count) if k not in held], outside


def _softmax(scores: Scores) -> Scores:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely: Scores = raised / raised.sum(axis=1, keepdims=True)
    return likely
