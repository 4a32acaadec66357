"""Who may see which page: the one table. A page that is not in it is refused to everyone.

A page is named as its address is named in `urls.py`, with its namespace. `tests/casework/access`
asks every address as every role and compares the answer with this table.
"""

from __future__ import annotations

from typing import Literal

from tideover.casework.access.roles import (
    ADMINISTRATOR,
    AGENT,
    ANALYST,
    CARE,
    COMPLIANCE,
    ROLES,
    STRATEGIST,
    TEAM_LEAD,
)

Rule = frozenset[str] | Literal["anyone", "signed in", "own proof"]

ANYONE: Rule = "anyone"  # before there is a login
SIGNED_IN: Rule = "signed in"  # about one's own login; a role is not needed, nor a second factor
OWN_PROOF: Rule = "own proof"  # the view itself asks for a token or a signature; no session counts

STAFF: Rule = frozenset(ROLES)
READ_CASES: Rule = frozenset({AGENT, TEAM_LEAD, COMPLIANCE, CARE})
WORK_CASES: Rule = frozenset({AGENT, TEAM_LEAD, CARE})
READ_PLANS: Rule = frozenset({TEAM_LEAD, STRATEGIST, COMPLIANCE, ANALYST})
APPROVE: Rule = frozenset({STRATEGIST, COMPLIANCE})
SEE_OUTBOX: Rule = frozenset({TEAM_LEAD, STRATEGIST, COMPLIANCE, ADMINISTRATOR})
RUN_OUTBOX: Rule = frozenset({TEAM_LEAD, COMPLIANCE, ADMINISTRATOR})

SEE_CARE: Rule = frozenset({CARE, COMPLIANCE})  # what a circumstance of health or harm is
SEE_MONEY: Rule = frozenset({TEAM_LEAD, COMPLIANCE})

PAGES: dict[str, Rule] = {
    "health": ANYONE,  # counts alone; keep it from the outside world with the proxy
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "mfa_authenticate": ANYONE,  # between password and second factor nobody is signed in yet
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "console:start": STAFF,
    "console:worklist": READ_CASES,
    "console:worklist_csv": READ_CASES,
    "console:find": READ_CASES,
    "console:case": READ_CASES,
    "console:calls": WORK_CASES,
    "console:calls_csv": WORK_CASES,
    "console:call_made": WORK_CASES,
    "console:call": WORK_CASES,
    "console:promise": WORK_CASES,
    "console:promise_confirm": WORK_CASES,
    "console:promise_withdraw": WORK_CASES,
    "console:plan": WORK_CASES,
    "console:plan_agree": WORK_CASES,
    "console:plan_cancel": WORK_CASES,
    "console:plan_size": WORK_CASES,
    "console:hold": WORK_CASES,
    "console:hold_release": WORK_CASES,
    "console:circumstance": WORK_CASES,
    "console:circumstance_end": WORK_CASES,
    "console:circumstance_act": WORK_CASES,
    "console:care": SEE_CARE,
    "console:certificate": WORK_CASES,
    "console:hardship": WORK_CASES,
    "console:hardship_next": WORK_CASES,
    "console:note": WORK_CASES,
    "console:answered": WORK_CASES,
    "console:paper": WORK_CASES,
    "console:referral_step": WORK_CASES,
    "console:send_link": WORK_CASES,
    "console:opt_out": WORK_CASES,
    "console:reply": READ_CASES,
    "console:reply_confirm": WORK_CASES,
    "console:reply_whose": WORK_CASES,
    "console:reply_nobodys": WORK_CASES,
    "console:message_settle": frozenset({TEAM_LEAD}),
    "console:texts": READ_PLANS,
    "console:text": READ_PLANS,
    "console:texts_propose": frozenset({STRATEGIST, COMPLIANCE}),
    "console:text_approve": frozenset({TEAM_LEAD, STRATEGIST, COMPLIANCE}),
    "console:strategies": READ_PLANS,
    "console:strategy_propose": frozenset({STRATEGIST}),
    "console:strategy_approve": APPROVE,
    "console:outbox": SEE_OUTBOX,
    "console:outbox_hold": RUN_OUTBOX,
    "console:outbox_release": RUN_OUTBOX,
    "console:bank": SEE_MONEY,
    "console:bank_settle": frozenset({TEAM_LEAD}),
    "console:settlements": SEE_MONEY,
    "console:reports": READ_PLANS,
    "console:report": READ_PLANS,
    "console:mailbox": READ_CASES,
    "console:mailbox_message": READ_CASES,
    "console:mailbox_enclosed": READ_CASES,
    "console:mailbox_html": READ_CASES,
    "console:looks": frozenset({COMPLIANCE}),
    "console:looks_csv": frozenset({COMPLIANCE}),
}

# Addresses of the API, of webhooks, of the portal and of the sandbox bank, by the namespace they
# lie in.
NAMESPACES: dict[str, Rule] = {"api": OWN_PROOF, "webhooks": OWN_PROOF, "portal": OWN_PROOF,
                              "payments": OWN_PROOF}  # fmt: skip


def rule_of(page: str) -> Rule | None:
    """Return who may see a page; none where nobody said, and then nobody may.

    Examples:
        >>> rule_of("console:looks") == frozenset({"compliance officer"})
        True
        >>> rule_of("api:accounts")
        'own proof'
        >>> rule_of("console:forgotten") is None
        True
    """
    return PAGES.get(page) or NAMESPACES.get(page.partition(":")[0] if ":" in page else "")


def permits(rule: Rule | None, roles: frozenset[str]) -> bool:
    """Say whether somebody signed in with these roles may see a page of this rule."""
    if isinstance(rule, frozenset):
        return bool(rule & roles)
    return rule is not None


def may(page: str, roles: frozenset[str]) -> bool:
    """Say whether somebody signed in with these roles may see a page."""
    return permits(rule_of(page), roles)
