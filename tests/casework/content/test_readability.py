"""How a text reads is measured alike in four languages."""

from __future__ import annotations

import pytest

from tideover.casework.outreach.content.links import check_code, typed_code
from tideover.casework.outreach.content.readability import reading
from tideover.terms.faults import Refused

PLAIN = {
    "en": "You can pay now. You can pay later. Call us if you need help.",
    "nl": "U kunt nu betalen. U kunt ook later betalen. Bel ons als u hulp nodig heeft.",
    "es": "Puede pagar hoy. Puede pagar otro día. Llame si necesita ayuda.",
    "fr": "Vous pouvez payer ce mois. Vous pouvez payer plus tard. Appelez si besoin.",
}
LEGAL = {
    "en": "Notwithstanding the aforementioned contractual obligations, the undersigned reserves "
          "the right to institute recovery proceedings regarding outstanding receivables.",
    "nl": "Niettegenstaande voornoemde contractuele verplichtingen behoudt ondergetekende zich het "
          "recht voor invorderingsmaatregelen betreffende openstaande verplichtingen te treffen.",
    "es": "No obstante las obligaciones contractuales anteriormente mencionadas, la compañía "
          "suministradora procederá a la reclamación extrajudicial de las cantidades adeudadas.",
    "fr": "Nonobstant les obligations contractuelles susmentionnées, la société se réserve la "
          "possibilité d'engager une procédure de recouvrement des sommes actuellement exigibles.",
}  # fmt: skip


@pytest.mark.parametrize("language", PLAIN)
def test_plain_words_pass_the_bar_and_legal_ones_do_not(language: str) -> None:
    assert reading(PLAIN[language], language).score > 80
    assert reading(LEGAL[language], language).score < 40


def test_words_a_sentence_are_counted_by_sentence_ends() -> None:
    assert reading("One two three. One two three four five.", "en").words_a_sentence == 4.0


def test_a_text_without_words_has_no_score() -> None:
    assert reading("123 {…}", "en").score == 0.0


def test_a_check_code_depends_on_the_message_and_the_key() -> None:
    codes = {check_code(name, key) for name in ("M1", "M2") for key in (b"k" * 16, b"l" * 16)}
    assert len(codes) == 4
    with pytest.raises(Refused, match="too short"):
        check_code("M1", b"short")


def test_a_code_typed_carelessly_is_still_the_code() -> None:
    assert typed_code("1o0l ab-cd") == "1001-ABCD"
