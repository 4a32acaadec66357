"""The words of the sandbox bank's page, in four languages."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Sandbox bank", "note": "This is a trial bank. No money moves.",
        "pay": "Pay", "fail": "Let it fail", "leave": "Go back without paying",
        "expire": "Let it run out", "refund": "Refund it", "take_back": "Take it back (chargeback)",
        "give_back": "Win it back", "open": "Not paid yet", "paid": "Paid", "failed": "It failed",
        "canceled": "Not paid", "expired": "It ran out", "back": "Back to the utility",
        "reference": "Reference",
    },
    "nl": {
        "title": "Proefbank", "note": "Dit is een proefbank. Er beweegt geen geld.",
        "pay": "Betalen", "fail": "Laten mislukken", "leave": "Terug zonder te betalen",
        "expire": "Laten verlopen", "refund": "Terugbetalen", "take_back": "Terughalen (storneren)",
        "give_back": "Weer ontvangen", "open": "Nog niet betaald", "paid": "Betaald",
        "failed": "Mislukt", "canceled": "Niet betaald", "expired": "Verlopen",
        "back": "Terug naar het bedrijf", "reference": "Kenmerk",
    },
    "es": {
        "title": "Banco de prueba", "note": "Es un banco de prueba. No se mueve dinero.",
        "pay": "Pagar", "fail": "Hacer que falle", "leave": "Volver sin pagar",
        "expire": "Dejar que caduque", "refund": "Devolverlo", "take_back": "Retrotraerlo",
        "give_back": "Recuperarlo", "open": "Aún sin pagar", "paid": "Pagado",
        "failed": "Ha fallado", "canceled": "Sin pagar", "expired": "Ha caducado",
        "back": "Volver a la empresa", "reference": "Referencia",
    },
    "fr": {
        "title": "Banque d’essai", "note": "C’est une banque d’essai. Aucun argent ne circule.",
        "pay": "Payer", "fail": "Faire échouer", "leave": "Revenir sans payer",
        "expire": "Laisser expirer", "refund": "Rembourser", "take_back": "Reprendre (impayé)",
        "give_back": "Récupérer", "open": "Pas encore payé", "paid": "Payé", "failed": "Échoué",
        "canceled": "Non payé", "expired": "Expiré", "back": "Retour à l’entreprise",
        "reference": "Référence",
    },
}  # fmt: skip
