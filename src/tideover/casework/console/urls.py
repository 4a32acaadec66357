"""Addresses of the console; no id of a customer or an account stands in one."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tideover.casework.console.pages import (
    approvals,
    cases,
    money,
    outbox,
    plans,
    portal,
    reading,
    replies,
    work,
)

app_name = "console"
_CASE = "cases/<int:case_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.start, name="start"),
    path("worklist/", work.worklist, name="worklist"),
    path("worklist.csv", work.worklist_csv, name="worklist_csv"),
    path("find/", work.find, name="find"),
    path(_CASE, cases.case, name="case"),
    path(f"{_CASE}call/", cases.call, name="call"),
    path(f"{_CASE}promise/", cases.promise, name="promise"),
    path(f"{_CASE}promise/<path:of>/confirm/", cases.promise_confirm, name="promise_confirm"),
    path(f"{_CASE}promise/<path:of>/withdraw/", cases.promise_withdraw, name="promise_withdraw"),
    path(f"{_CASE}plan/", plans.plan, name="plan"),
    path(f"{_CASE}plan/agree/", plans.plan_agree, name="plan_agree"),
    path(f"{_CASE}plan/cancel/", cases.plan_cancel, name="plan_cancel"),
    path(f"{_CASE}plan/size/", cases.plan_size, name="plan_size"),
    path(f"{_CASE}hold/", cases.hold, name="hold"),
    path(f"{_CASE}hold/<int:of>/release/", cases.hold_release, name="hold_release"),
    path(f"{_CASE}care/", cases.circumstance, name="circumstance"),
    path(f"{_CASE}care/<path:of>/end/", cases.circumstance_end, name="circumstance_end"),
    path(f"{_CASE}asked/<int:of>/answered/", cases.answered, name="answered"),
    path(f"{_CASE}handed-on/<int:of>/", portal.referral_step, name="referral_step"),
    path(f"{_CASE}papers/<int:of>/", portal.paper, name="paper"),
    path(f"{_CASE}link/<path:of>/", portal.send_link, name="send_link"),
    path(f"{_CASE}note/", cases.note, name="note"),
    path(f"{_CASE}opt-out/", cases.opt_out, name="opt_out"),
    path(f"{_CASE}messages/<int:of>/settle/", cases.message_settle, name="message_settle"),
    path("replies/<int:reply_id>/", replies.reply, name="reply"),
    path("replies/<int:reply_id>/confirm/", replies.reply_confirm, name="reply_confirm"),
    path("texts/", approvals.texts, name="texts"),
    path("texts/<int:text_id>/", approvals.text, name="text"),
    path("texts/<int:text_id>/approve/", approvals.text_approve, name="text_approve"),
    path("strategies/", approvals.strategies, name="strategies"),
    path("strategies/propose/", approvals.strategy_propose, name="strategy_propose"),
    path("strategies/<int:proposal_id>/approve/", approvals.strategy_approve,
         name="strategy_approve"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/hold/", outbox.outbox_hold, name="outbox_hold"),
    path("outbox/release/", outbox.outbox_release, name="outbox_release"),
    path("bank/", money.bank, name="bank"),
    path("bank/<int:of>/", money.bank_settle, name="bank_settle"),
    path("settlements/", money.settlements, name="settlements"),
    path("reports/", reading.reports, name="reports"),
    path("reports/<str:name>", reading.report, name="report"),
    path("mailbox/", reading.mailbox, name="mailbox"),
    path("mailbox/<str:key>/", reading.mailbox_message, name="mailbox_message"),
    path("mailbox/<str:key>/letter/", reading.mailbox_enclosed, name="mailbox_enclosed"),
    path("mailbox/<str:key>/as-sent/", reading.mailbox_html, name="mailbox_html"),
    path("looks/", reading.looks, name="looks"),
    path("looks.csv", reading.looks_csv, name="looks_csv"),
]  # fmt: skip
