#!/usr/bin/env python3
"""Draw crates/deedbox/assets/sample-contract.pdf, the contract of `deedbox demo`.

    python3 -m venv /tmp/author && /tmp/author/bin/pip install reportlab==5.1.0
    /tmp/author/bin/python scripts/make_sample_contract.py OUT.pdf

An instalment sale contract for a vehicle, three Letter pages, with embedded Liberation fonts
(Debian: fonts-liberation). It was run once and its result is committed; the bytes are the same
for the same version of reportlab. People, companies, vehicle and numbers are invented, and this is
no form to use: it is not reviewed for the law of any state.

Text to anchor fields to, each once: `Buyer signature:`, `Buyer date:`, `Co-buyer signature:`,
`Co-buyer date:`, `Seller signature:`, `Seller date:` (page 3), `Buyer initials:`,
`Co-buyer initials:` (page 2), `Garaging address:`, `Insurance company:` (page 1).
"""

from __future__ import annotations

import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

FONTS = Path("/usr/share/fonts/truetype/liberation")
INK = colors.HexColor("#1b2430")
SOFT = colors.HexColor("#5c6875")
RULE = colors.HexColor("#aab4bf")
TINT = colors.HexColor("#eef2f6")
ACCENT = colors.HexColor("#1f4e79")

CONTRACT_NO = "HM-2026-04417"
CENT = Decimal("0.01")

# --- the deal; everything else is computed from these ----------------------------------------------
CASH_PRICE = Decimal("28450.00")
DOC_FEE = Decimal("199.00")
TITLE_AND_REGISTRATION = Decimal("268.50")
SALES_TAX_RATE = Decimal("0.0625")
SERVICE_CONTRACT = Decimal("1495.00")
CASH_DOWN = Decimal("3000.00")
TRADE_IN = Decimal("4200.00")
TRADE_IN_PAYOFF = Decimal("1150.00")
APR = Decimal("6.49")
MONTHS = 60


def cents(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def money(value):
    return f"$ {cents(value):,.2f}"


class Deal:
    """The figures of the disclosure, so that they agree with one another to the cent."""

    def __init__(self):
        self.sales_tax = cents((CASH_PRICE + DOC_FEE) * SALES_TAX_RATE)
        self.total_cash_price = CASH_PRICE + DOC_FEE + self.sales_tax
        self.net_trade_in = TRADE_IN - TRADE_IN_PAYOFF
        self.total_down = CASH_DOWN + self.net_trade_in
        self.unpaid_balance = self.total_cash_price - self.total_down
        self.others = TITLE_AND_REGISTRATION + SERVICE_CONTRACT
        self.amount_financed = self.unpaid_balance + self.others
        self.payment = self.monthly_payment()
        self.total_of_payments = self.payment * MONTHS
        self.finance_charge = self.total_of_payments - self.amount_financed
        self.total_sale_price = self.total_of_payments + self.total_down

    def monthly_payment(self):
        rate = APR / 1200
        return cents(self.amount_financed * rate / (1 - (1 + rate) ** -MONTHS))


def style(name, **more):
    base = {"fontName": "Sans", "fontSize": 9.7, "leading": 13.2, "textColor": INK}
    return ParagraphStyle(name, **(base | more))


BODY = style("body", alignment=TA_JUSTIFY, spaceAfter=5.5)
SMALL = style("small", fontSize=8, leading=10.2, textColor=SOFT)
CELL = style("cell", fontSize=9.2, leading=12)
LABEL = style("label", fontSize=6.8, leading=8.6, textColor=SOFT)
HEAD = style("head", fontName="Sans-Bold", fontSize=10.6, leading=14, textColor=ACCENT, spaceBefore=10, spaceAfter=4)
BIG = style("big", fontName="Sans-Bold", fontSize=13, leading=16)
NOTICE = style("notice", fontName="Sans-Bold", fontSize=8.8, leading=11.8)


def fonts():
    for name, file in (
        ("Sans", "LiberationSans-Regular"),
        ("Sans-Bold", "LiberationSans-Bold"),
        ("Sans-Italic", "LiberationSans-Italic"),
    ):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{file}.ttf")))
    pdfmetrics.registerFontFamily("Sans", normal="Sans", bold="Sans-Bold", italic="Sans-Italic")


def labelled(label, value):
    return [Paragraph(label.upper(), LABEL), Paragraph(value, CELL)]


def grid(rows, widths, extra=()):
    table = Table(rows, colWidths=widths)
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.7, RULE),
                ("INNERGRID", (0, 0), (-1, -1), 0.4, RULE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
                ("LEFTPADDING", (0, 0), (-1, -1), 5),
                *extra,
            ]
        )
    )
    return table


class Line(Flowable):
    """A label and a rule to write on, with room above it."""

    def __init__(self, parts, height=30):
        super().__init__()
        self.parts, self.height = parts, height

    def wrap(self, width, _height):
        self.width = width
        return width, self.height

    def draw(self):
        x = 0
        for label, share in self.parts:
            span = self.width * share
            label_width = pdfmetrics.stringWidth(label, "Sans", 9.2)
            self.canv.setFont("Sans", 9.2)
            self.canv.setFillColor(INK)
            self.canv.drawString(x, 4, label)
            self.canv.setStrokeColor(INK)
            self.canv.setLineWidth(0.6)
            self.canv.line(x + label_width + 4, 2, x + span - 12, 2)
            x += span


def frame(canvas, document):
    width, height = LETTER
    canvas.saveState()
    canvas.setFillColor(ACCENT)
    canvas.rect(0, height - 0.34 * inch, width, 0.34 * inch, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont("Sans-Bold", 9)
    canvas.drawString(0.75 * inch, height - 0.225 * inch, "HARBORLIGHT MOTORS, INC.")
    canvas.setFont("Sans", 8)
    canvas.drawRightString(width - 0.75 * inch, height - 0.225 * inch, f"Contract no. {CONTRACT_NO}")
    canvas.setFillColor(SOFT)
    canvas.setFont("Sans", 7)
    canvas.drawString(0.75 * inch, 0.5 * inch, "Retail instalment sale contract, motor vehicle. Sample with invented parties; not a form to use.")
    canvas.drawRightString(width - 0.75 * inch, 0.5 * inch, f"Page {document.page} of 3")
    canvas.restoreState()


def parties(width):
    return grid(
        [
            [
                labelled("Buyer", "<b>Ana Torres</b><br/>218 Juniper Lane, Apt 4<br/>Eastbrook, ST 00417"),
                labelled("Co-buyer", "<b>Ben Okafor</b><br/>218 Juniper Lane, Apt 4<br/>Eastbrook, ST 00417"),
                labelled("Seller (creditor)", "<b>Harborlight Motors, Inc.</b><br/>1400 Quay Road<br/>Eastbrook, ST 00412"),
            ]
        ],
        [width / 3] * 3,
    )


def vehicle(width):
    cells = [
        labelled("New/used", "New"),
        labelled("Year", "2026"),
        labelled("Make and model", "Alder Meridian LX, hybrid"),
        labelled("Vehicle identification number", "5ZAMD4F37T0041187"),
        labelled("Odometer", "14 mi"),
        labelled("Use", "Personal"),
    ]
    shares = (0.11, 0.08, 0.27, 0.30, 0.12, 0.12)
    return grid([cells], [width * share for share in shares])


def disclosure(deal, width):
    boxes = (
        ("ANNUAL PERCENTAGE RATE", f"{APR} %", "The cost of your credit as a yearly rate."),
        ("FINANCE CHARGE", money(deal.finance_charge), "The dollar amount the credit will cost you."),
        ("Amount financed", money(deal.amount_financed), "The amount of credit provided to you or on your behalf."),
        ("Total of payments", money(deal.total_of_payments), "What you will have paid after all payments as scheduled."),
        ("Total sale price", money(deal.total_sale_price), f"The total cost of your purchase on credit, with your down payment of {money(deal.total_down)}."),
    )
    rows = [
        [Paragraph(f"<b>{title}</b>", CELL) for title, _, _ in boxes],
        [Paragraph(words, SMALL) for _, _, words in boxes],
        [Paragraph(value, BIG) for _, value, _ in boxes],
    ]
    look = [
        ("LINEBELOW", (0, 0), (-1, 1), 0.6, colors.white),
        ("BACKGROUND", (0, 0), (1, -1), TINT),
        ("LINEBELOW", (0, 0), (1, 1), 0.6, TINT),
        ("BOX", (0, 0), (1, -1), 1.4, INK),
    ]
    return grid(rows, [width / 5] * 5, look)


def schedule(deal, width):
    rows = [
        [Paragraph(f"<b>{head}</b>", CELL) for head in ("Number of payments", "Amount of each payment", "When payments are due")],
        [
            Paragraph(str(MONTHS), CELL),
            Paragraph(money(deal.payment), CELL),
            Paragraph("Monthly, on the 15th, beginning May 15, 2026", CELL),
        ],
    ]
    return grid(rows, [width * 0.25, width * 0.3, width * 0.45], [("BACKGROUND", (0, 0), (-1, 0), TINT)])


def itemization(deal, width):
    lines = [
        ("1", "Cash price of the vehicle, with accessories", CASH_PRICE),
        ("", "Documentation fee (not required by law)", DOC_FEE),
        ("", f"Sales tax at {SALES_TAX_RATE * 100:.2f} % of price and fee", deal.sales_tax),
        ("", "<b>Total cash price</b>", deal.total_cash_price),
        ("2", f"Trade-in: 2019 Alder Cove, value {money(TRADE_IN)} less payoff {money(TRADE_IN_PAYOFF)}", deal.net_trade_in),
        ("", "Cash down payment", CASH_DOWN),
        ("", "<b>Total down payment</b>", deal.total_down),
        ("3", "<b>Unpaid balance of cash price</b> (1 less 2)", deal.unpaid_balance),
        ("4", "Paid to public officials: certificate of title, registration", TITLE_AND_REGISTRATION),
        ("", "Paid to Wayfare Protection Co.: optional service contract, 60 months", SERVICE_CONTRACT),
        ("", "<b>Total of amounts paid to others on your behalf</b>", deal.others),
        ("5", "<b>Amount financed</b> (3 plus 4)", deal.amount_financed),
    ]
    rows = [[Paragraph(no, CELL), Paragraph(what, CELL), money(amount)] for no, what, amount in lines]
    look = [
        ("ALIGN", (2, 0), (2, -1), "RIGHT"),
        ("FONT", (2, 0), (2, -1), "Sans", 9.2),
        ("TEXTCOLOR", (2, 0), (2, -1), INK),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
        ("BACKGROUND", (0, 3), (-1, 3), TINT),
        ("BACKGROUND", (0, 6), (-1, 7), TINT),
        ("BACKGROUND", (0, 10), (-1, 11), TINT),
    ]
    return grid(rows, [width * 0.05, width * 0.75, width * 0.2], look)


TERMS = (
    ("Promise to pay", "You promise to pay the amount financed and the finance charge to the Seller, or to whom this contract is assigned, in the payments of the schedule on page 1. The finance charge is earned day by day on the unpaid part of the amount financed."),
    ("Prepayment", "You may pay all or part of what you owe at any time and no fee is charged for that. If you pay early you do not owe the part of the finance charge that has not been earned."),
    ("Late payment", "If a payment is not received in full within ten days after it is due, you pay a late charge of five percent of the unpaid part of it, not more than $ 25.00."),
    ("Security interest", "You give the Seller a security interest in the vehicle, in everything installed in it, in proceeds of the vehicle, and in refunds of insurance and service contracts that are financed here. It secures all you owe under this contract."),
    ("Use and care", "You keep the vehicle in good repair, do not take it out of the country, do not sell or rent it, and do not let anyone have a lien on it without the written consent of the holder of this contract."),
    ("Insurance", "You keep the vehicle insured against loss and damage for its value, with a deductible of not more than $ 1,000.00 and with the holder named as loss payee, until all is paid. You choose the insurer."),
    ("Default", "You are in default if a payment is more than thirty days late, if you break a promise of this contract that matters, or if a statement in your application was untrue in a way that matters. The holder then may ask for all that you owe at once, after any notice and any right to cure that the law gives you."),
    ("Repossession and sale", "After a default the holder may take the vehicle where that can be done without breach of the peace. You are told how to get it back and when it is to be sold, at least ten days before. What the sale brings above what you owe and the cost of the sale is paid to you."),
    ("Warranties", "Unless the Seller gives a written warranty or a service contract within ninety days from the date of this contract, the Seller makes no warranties, express or implied, beyond those that the manufacturer gives."),
)


def terms():
    for number, (title, words) in enumerate(TERMS, start=1):
        yield Paragraph(f"<b>{number}. {title}.</b> {words}", BODY)


def signatures(width):
    def person(role, name):
        return [
            Paragraph(f"<b>{role}:</b> {name}", CELL),
            Line([(f"{role} signature:", 0.68), (f"{role} date:", 0.32)], height=42),
            Spacer(1, 12),
        ]

    rows = person("Buyer", "Ana Torres") + person("Co-buyer", "Ben Okafor")
    rows += person("Seller", "Harborlight Motors, Inc., by Mara Lindqvist, finance director")
    return KeepTogether(rows)


def story(deal, width):
    yield Paragraph("Retail Instalment Sale Contract", style("title", fontName="Sans-Bold", fontSize=17, leading=21))
    yield Paragraph("Motor vehicle, simple finance charge. Date of contract: April 11, 2026", style("under", textColor=SOFT, spaceAfter=7))
    yield parties(width)
    yield Spacer(1, 6)
    yield Paragraph(
        "You, the Buyer (and Co-buyer, if any), may buy the vehicle below for cash or on credit. By signing this contract you choose to buy it on credit under the agreements on all of its pages. “We” is the Seller, or the holder to whom the contract is assigned.",
        BODY,
    )
    yield Paragraph("The vehicle", HEAD)
    yield vehicle(width)
    yield Spacer(1, 8)
    yield Line([("Garaging address:", 1.0)], height=24)
    yield Spacer(1, 4)
    yield Paragraph("Federal truth-in-lending disclosures", HEAD)
    yield disclosure(deal, width)
    yield Paragraph("Your payment schedule", HEAD)
    yield schedule(deal, width)
    yield Spacer(1, 6)
    yield Paragraph(
        "<b>Late charge.</b> If a payment is more than ten days late you are charged five percent of it, not more than $ 25.00. <b>Prepayment.</b> If you pay off early you pay no penalty. <b>Security interest.</b> You give a security interest in the vehicle being purchased. <b>Further information.</b> See the rest of this contract for nonpayment, default, and any required repayment in full before the scheduled date.",
        BODY,
    )
    yield Paragraph("Insurance", HEAD)
    yield Paragraph(
        "You must insure the vehicle. You may do so through anyone you choose who is acceptable to us. Credit life and credit disability insurance are not required to obtain credit and are not part of this sale. <b>Liability insurance for bodily injury and property damage caused to others is not included in this contract.</b>",
        BODY,
    )
    yield Spacer(1, 4)
    yield Line([("Insurance company:", 0.62), ("Policy number:", 0.38)], height=24)
    yield PageBreak()
    yield Paragraph("Itemization of amount financed", HEAD)
    yield itemization(deal, width)
    yield Paragraph("Terms", HEAD)
    yield from terms()
    yield Spacer(1, 6)
    yield Paragraph("Initial here to show that you have read the itemization and terms 1 to 9.", SMALL)
    yield Line([("Buyer initials:", 0.5), ("Co-buyer initials:", 0.5)], height=34)
    yield PageBreak()
    yield Paragraph("Assignment and electronic record", HEAD)
    yield Paragraph(
        "<b>10. Assignment.</b> The Seller may assign this contract and the security interest without your consent. Notice names the assignee and where to pay. The Seller intends to assign it to <b>Northfield Member Credit Union</b>, 77 Granary Street, Eastbrook, ST 00409, without recourse except for the Seller's written warranties to it.",
        BODY,
    )
    yield Paragraph(
        "<b>11. Electronic chattel paper.</b> You and the Seller agree to make, sign and keep this contract as an electronic record. There is one authoritative copy of it. It is the copy in the vault of the custodian who is named in its control legend, and it stays identifiable as the authoritative copy. Every other copy, on a screen or on paper, says on each page that it is a copy. A change to the authoritative copy can be made only with the consent of the person in control and shows as authorized or unauthorized.",
        BODY,
    )
    yield Paragraph(
        "<b>12. Your copy.</b> You receive a completed copy of this contract when all have signed. You can ask for another at any time without charge while you owe money under it.",
        BODY,
    )
    yield Paragraph(
        "<b>13. Law and severability.</b> Federal law and the law of the state of the Seller's address govern this contract. If a part of it cannot be enforced, the rest stays in force.",
        BODY,
    )
    yield Spacer(1, 4)
    notice = [
        [
            [
                Paragraph("NOTICE TO THE BUYER", style("caps", fontName="Sans-Bold", fontSize=10, leading=14, textColor=ACCENT)),
                Paragraph(
                    "Do not sign this contract before you read it, or if it has any blank spaces that should be filled in. You are entitled to an exact copy of the contract you sign. You have the right to pay off the full amount due in advance and to a refund of the finance charge that has not been earned. Keep this contract to protect your legal rights.",
                    NOTICE,
                ),
                Spacer(1, 5),
                Paragraph(
                    "ANY HOLDER OF THIS CONSUMER CREDIT CONTRACT IS SUBJECT TO ALL CLAIMS AND DEFENSES WHICH THE DEBTOR COULD ASSERT AGAINST THE SELLER OF GOODS OR SERVICES OBTAINED PURSUANT HERETO OR WITH THE PROCEEDS HEREOF. RECOVERY HEREUNDER BY THE DEBTOR SHALL NOT EXCEED AMOUNTS PAID BY THE DEBTOR HEREUNDER.",
                    NOTICE,
                ),
            ]
        ]
    ]
    yield grid(notice, [width], [("BOX", (0, 0), (-1, -1), 1.4, INK), ("BACKGROUND", (0, 0), (-1, -1), TINT), ("TOPPADDING", (0, 0), (-1, -1), 6), ("BOTTOMPADDING", (0, 0), (-1, -1), 8), ("LEFTPADDING", (0, 0), (-1, -1), 9), ("RIGHTPADDING", (0, 0), (-1, -1), 9)])
    yield Paragraph("Signatures", HEAD)
    yield Paragraph(
        "By signing you agree to all terms on pages 1 to 3, and you confirm that before signing you could read the whole contract and keep a copy of it.",
        BODY,
    )
    yield Spacer(1, 6)
    yield signatures(width)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_sample_contract.py OUT.pdf")
    fonts()
    margin = 0.75 * inch
    document = BaseDocTemplate(
        sys.argv[1],
        pagesize=LETTER,
        title=f"Retail Instalment Sale Contract {CONTRACT_NO}",
        author="Harborlight Motors, Inc. (invented)",
        subject="Sample contract for deedbox demo",
        lang="en-US",
        invariant=1,
    )
    width, height = LETTER
    box = Frame(margin, 0.8 * inch, width - 2 * margin, height - 1.4 * inch, leftPadding=0, rightPadding=0, topPadding=6, bottomPadding=0)
    document.addPageTemplates(PageTemplate(frames=[box], onPage=frame))
    document.build(list(story(Deal(), width - 2 * margin)))


if __name__ == "__main__":
    main()
