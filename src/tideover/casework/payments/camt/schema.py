"""What may stand where in a statement, over all versions from 02 on; from the published schemas.

Only the parts that carry money are held to it: a name that is not here is a mistake, or of a kind
of file that we do not know, and no sum is taken from such a file.
"""

from __future__ import annotations

import re

SPACE = r"urn:iso:std:iso:20022:tech:xsd:camt\.05[234]\.001\.(0[2-9]|[1-9]\d)"
MESSAGES = frozenset({"BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn", "BkToCstmrAcctRpt"})
STATEMENTS = frozenset({"Stmt", "Ntfctn", "Rpt"})

_MESSAGE = frozenset({"GrpHdr", "SplmtryData", *STATEMENTS})
_STATEMENT = frozenset({
    "Id", "StmtPgntn", "NtfctnPgntn", "RptPgntn", "ElctrncSeqNb", "RptgSeq", "LglSeqNb", "CreDtTm",
    "FrToDt", "CpyDplctInd", "RptgSrc", "Acct", "RltdAcct", "Intrst", "Bal", "TxsSummry", "Ntry",
    "AddtlStmtInf", "AddtlNtfctnInf", "AddtlRptInf",
})  # fmt: skip
CHILDREN: dict[str, frozenset[str]] = {
    **dict.fromkeys(MESSAGES, _MESSAGE),
    **dict.fromkeys(STATEMENTS, _STATEMENT),
    "GrpHdr": frozenset({"MsgId", "CreDtTm", "MsgRcpt", "MsgPgntn", "OrgnlBizQry", "AddtlInf"}),
    "Ntry": frozenset({
        "NtryRef", "Amt", "CdtDbtInd", "RvslInd", "Sts", "BookgDt", "ValDt", "AcctSvcrRef",
        "Avlbty", "BkTxCd", "ComssnWvrInd", "AddtlInfInd", "AmtDtls", "Chrgs", "TechInptChanl",
        "Intrst", "CardTx", "NtryDtls", "AddtlNtryInf",
    }),
    "NtryDtls": frozenset({"Btch", "TxDtls"}),
    "TxDtls": frozenset({
        "Refs", "Amt", "CdtDbtInd", "AmtDtls", "Avlbty", "BkTxCd", "Chrgs", "Intrst", "RltdPties",
        "RltdAgts", "LclInstrm", "Purp", "RltdRmtInf", "RmtInf", "RltdDts", "RltdPric", "RltdQties",
        "FinInstrmId", "Tax", "RtrInf", "CorpActn", "SfkpgAcct", "CshDpst", "CardTx", "AddtlTxInf",
        "SplmtryData", "PmtTpInf", "UndrlygAllcn",
    }),
    "RmtInf": frozenset({"Ustrd", "Strd"}),
    "BookgDt": frozenset({"Dt", "DtTm"}),
    "ValDt": frozenset({"Dt", "DtTm"}),
}  # fmt: skip
NEEDED: dict[str, tuple[str, ...]] = {
    "GrpHdr": ("MsgId", "CreDtTm"),
    "Acct": ("Id",),
    "Ntry": ("Amt", "CdtDbtInd", "Sts"),
}
_FORMS = {
    "IBAN": re.compile(r"[A-Z]{2}\d{2}[0-9A-Za-z ]{1,38}", re.ASCII),
    "CdtDbtInd": re.compile(r"CRDT|DBIT"),
    "RvslInd": re.compile(r"true|false|1|0"),
    "Dt": re.compile(r"\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2})?", re.ASCII),
    **dict.fromkeys(("DtTm", "CreDtTm", "FrDtTm", "ToDtTm"), re.compile(
        r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)),
}  # fmt: skip


def unlike(name: str, text: str) -> str:
    """Return why a value cannot be what its name says; empty where it can."""
    form = _FORMS.get(name)
    return f"{name} cannot be {text[:30]!r}" if form and not form.fullmatch(text) else ""
