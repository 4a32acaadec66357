"""Short ways to write a bank statement and to read it."""

from __future__ import annotations

from io import BytesIO

from tideover.casework.payments.camt.lines import Line, read_lines

IBAN = "NL91ABNA0417164300"
RF = "RF18539007547034"


def document(*entries: str, version: str = "053.001.02", account: str = "", more: str = "") -> str:
    """Return a statement with these entries."""
    message, part = {
        "053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        "052": ("BkToCstmrAcctRpt", "Rpt"),
    }[version[:3]]  # fmt: skip
    held = account or f"<Id><IBAN>{IBAN}</IBAN></Id>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><{message}>'
        f"<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-31T18:00:00</CreDtTm></GrpHdr>"
        f"<{part}><Id>S1</Id><Acct>{held}</Acct>{''.join(entries)}</{part}>{more}"
        f"</{message}></Document>"
    )


def entry(amount: str = "50.00", currency: str = "EUR", details: str = "", **said: str) -> str:
    """Return an entry; `sign`, `status`, `day`, `reversal` and `more` say the rest."""
    status = said.get("status", "<Sts>BOOK</Sts>")
    day = said.get("day", "<BookgDt><Dt>2026-03-31</Dt></BookgDt>")
    reversal = f"<RvslInd>{said['reversal']}</RvslInd>" if "reversal" in said else ""
    inner = f"<NtryDtls>{details}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{said.get('sign', 'CRDT')}</CdtDbtInd>{reversal}{status}{day}<BkTxCd/>"
        f"{inner}{said.get('more', '')}</Ntry>"
    )


def detail(inner: str = "", amount: str = "", sign: str = "", currency: str = "EUR") -> str:
    """Return a transaction of an entry."""
    own = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    way = f"<CdtDbtInd>{sign}</CdtDbtInd>" if sign else ""
    return f"<TxDtls>{own}{way}{inner}</TxDtls>"


def structured(reference: str) -> str:
    """Return a creditor reference as banks pass it on."""
    return f"<RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf>"


def free(*texts: str) -> str:
    """Return what a payer wrote."""
    return f"<RmtInf>{''.join(f'<Ustrd>{text}</Ustrd>' for text in texts)}</RmtInf>"


def lines(text: str | bytes) -> list[Line]:
    """Read a statement."""
    found: list[Line] = []
    raw = text if isinstance(text, bytes) else text.encode()
    read_lines(BytesIO(raw), "statement.xml", found.append)
    return found
