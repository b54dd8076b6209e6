#!/usr/bin/env python3
"""Judge every signature of PDF files with pyHanko and print one JSON object per file, one a line.

    validate_pdf.py [--trust ca.pem]... [--at 2026-04-11T10:00:00Z] [--lenient] FILE.pdf...

Run it with the interpreter of .venv (made by `scripts/setup test`). The reader is strict unless
`--lenient` is given, and the changes made after each signature are always analysed.

Per file: {"file", "ok", "error", "signatures": [{"field", "kind", "valid", "intact", "trusted",
"coverage", "docmdp_ok", "modification_level", "timestamp_ok", "bottom_line", "detail"}]}.
`ok` means: at least one signature, and every one has a true `bottom_line`.
Exit code: 0 when every file is ok, 1 when one is not, 2 for bad usage.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from datetime import datetime, timezone
from pathlib import Path

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

DOCUMENT_TIMESTAMP = "/DocTimeStamp"


def context(roots, at):
    """A fresh context per signature: pyHanko keeps what it learned from one in the next."""
    return ValidationContext(
        trust_roots=roots,
        moment=at,
        best_signature_time=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def name_of(value):
    return value.name if value is not None else None


def token_ok(token):
    """None when there is no token, else whether it is sound and its authority is trusted."""
    return None if token is None else bool(token.valid and token.intact and token.trusted)


def change_report(status):
    """The reason of a refused later change; a diff result itself says nothing more than its level."""
    result = status.diff_result
    return str(result) if isinstance(result, SuspiciousModification) else None


def common(signature, kind, status):
    return {
        "field": signature.field_name,
        "kind": kind,
        "signer": signature.signer_cert.subject.human_friendly,
        "subfilter": str(signature.sig_object.get("/SubFilter")),
        "valid": status.valid,
        "intact": status.intact,
        "trusted": status.trusted,
        "trust_problem": name_of(status.trust_problem_indic),
        "coverage": name_of(status.coverage),
        "docmdp_ok": status.docmdp_ok,
        "modification_level": name_of(status.modification_level),
        "detail": change_report(status),
    }


def judge_timestamp(signature, roots, at):
    status = validate_pdf_timestamp(signature, context(roots, at))
    sound = bool(status.valid and status.intact and status.trusted)
    unchanged = status.docmdp_ok is not False
    return common(signature, "timestamp", status) | {
        "timestamp": status.timestamp.isoformat(),
        "timestamp_ok": sound,
        "bottom_line": sound and unchanged,
    }


def judge_signature(signature, roots, at):
    status = validate_pdf_signature(signature, context(roots, at), context(roots, at))
    token = status.timestamp_validity
    return common(signature, "signature", status) | {
        "digest": status.md_algorithm,
        "timestamp": token.timestamp.isoformat() if token else None,
        "timestamp_ok": token_ok(token),
        "bottom_line": bool(status.bottom_line),
    }


def judge(signature, roots, at):
    is_timestamp = str(signature.sig_object_type) == DOCUMENT_TIMESTAMP
    try:
        return (judge_timestamp if is_timestamp else judge_signature)(signature, roots, at)
    except Exception as problem:  # one broken signature must not hide the verdict on the others
        return {
            "field": signature.field_name,
            "kind": "timestamp" if is_timestamp else "signature",
            "valid": False,
            "intact": False,
            "trusted": False,
            "trust_problem": None,
            "coverage": None,
            "docmdp_ok": None,
            "modification_level": None,
            "timestamp_ok": None,
            "bottom_line": False,
            "detail": f"{type(problem).__name__}: {problem}",
        }


def judge_file(path, roots, at, strict):
    with path.open("rb") as source:
        reader = PdfFileReader(source, strict=strict)
        if reader.encrypted:
            reader.decrypt("")
        verdicts = [judge(signature, roots, at) for signature in reader.embedded_signatures]
    ok = bool(verdicts) and all(verdict["bottom_line"] for verdict in verdicts)
    error = None if verdicts else "no signature in the file"
    return {"file": str(path), "ok": ok, "error": error, "signatures": verdicts}


def report(path, roots, at, strict):
    try:
        return judge_file(path, roots, at, strict)
    except Exception as problem:  # an unreadable file is a verdict too
        error = f"{type(problem).__name__}: {problem}"
        return {"file": str(path), "ok": False, "error": error, "signatures": []}


def instant(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--trust", action="append", default=[], metavar="CA.pem")
    parser.add_argument("--at", type=instant, metavar="ISO-INSTANT")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--strict", dest="strict", action="store_true", default=True)
    mode.add_argument("--lenient", dest="strict", action="store_false")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.pdf")
    return parser.parse_args()


def main():
    chosen = arguments()
    logging.disable(logging.CRITICAL)  # findings are in the answer; the log would repeat them
    roots = list(load_certs_from_pemder(chosen.trust))
    reports = [report(path, roots, chosen.at, chosen.strict) for path in chosen.files]
    for one in reports:
        print(json.dumps(one, ensure_ascii=False))
    return 0 if all(one["ok"] for one in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
