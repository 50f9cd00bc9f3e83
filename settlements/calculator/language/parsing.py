"""Text to tree, by recursive descent; the first mistake is reported with its place.

sum     = product { ("+" | "-") product }
product = factor { "*" factor }
factor  = { "+" | "-" } ( number | name | function "(" sum ")" | "(" sum ")" )
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from django.utils.translation import gettext as _

from settlements.calculator.language.problems import FormulaError, Problem, ProblemKind
from settlements.calculator.language.tree import (
    FUNCTIONS,
    Name,
    Negative,
    Node,
    Number,
    Product,
    Rounded,
    Sum,
)

MAX_LENGTH = 1_000
MAX_DEPTH = 30
MAX_INTEGER_DIGITS = 15
MAX_DECIMALS = 10

KEY_PATTERN = re.compile(r"[A-Za-z0-9_]{1,60}")
"""What a user's formula or parameter may be called; digits alone would be a number."""

TOKEN = re.compile(
    r"[ \t\r\n]+|(?P<number>[0-9]+\.[0-9]+)|(?P<word>[A-Za-z0-9_]+)|(?P<sign>[-+*()])"
)

END = "END"
NUMBER = "NUMBER"
WORD = "WORD"


class Token(NamedTuple):
    """`kind` of a sign is the sign itself."""

    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Node:
    """The tree of a formula. Errors: FormulaError with one problem."""
    if len(text) > MAX_LENGTH:
        message = _("수식은 %(length)s자까지 쓸 수 있습니다.") % {"length": f"{MAX_LENGTH:,}"}
        _refuse(ProblemKind.TOO_LONG, message, MAX_LENGTH, len(text))
    return _Parser(text).formula()


def names_in(node: Node) -> Iterator[Name]:
    match node:
        case Name():
            yield node
        case Sum(children) | Product(children):
            for child in children:
                yield from names_in(child)
        case Negative(value) | Rounded(_, value):
            yield from names_in(value)


def tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            message = _("쓸 수 없는 문자입니다: %(sign)s") % {"sign": repr(text[position])}
            _refuse(ProblemKind.SYNTAX, message, position, position + 1)
        if match.lastgroup:
            yield _token(match)
        position = match.end()
    yield Token(END, "", len(text), len(text))


def _token(match: re.Match[str]) -> Token:
    text = match.group()
    if match.lastgroup == "sign":
        return Token(text, text, *match.span())
    is_number = match.lastgroup == "number" or text.isdigit()
    return Token(NUMBER if is_number else WORD, text, *match.span())


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.depth = 0
        self.token = next(self.tokens)

    def formula(self) -> Node:
        node = self.sum()
        if self.token.kind != END:
            self.unexpected("%(place)s 연산자(+, -, *)가 필요합니다.")
        return node

    def sum(self) -> Node:
        terms = [self.product()]
        while self.token.kind in ("+", "-"):
            sign = self.take().kind
            term = self.product()
            terms.append(Negative(term) if sign == "-" else term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def product(self) -> Node:
        factors = [self.factor()]
        while self.token.kind == "*":
            self.take()
            factors.append(self.factor())
        return factors[0] if len(factors) == 1 else Product(tuple(factors))

    def factor(self) -> Node:
        is_negative = False
        while self.token.kind in ("+", "-"):
            is_negative ^= self.take().kind == "-"
        value = self.value()
        return Negative(value) if is_negative else value

    def value(self) -> Node:
        token = self.token
        if token.kind == "(":
            return self.parenthesised()
        if token.kind == NUMBER:
            return self.number()
        if token.kind != WORD:
            self.unexpected("%(place)s 숫자나 항목이 필요합니다.")
        self.take()
        if token.text in FUNCTIONS:
            return Rounded(FUNCTIONS[token.text], self.parenthesised())
        return Name(token.text, token.start, token.end)

    def parenthesised(self) -> Node:
        if self.depth == MAX_DEPTH:
            message = _("괄호는 %(depth)s겹까지 쓸 수 있습니다.") % {"depth": MAX_DEPTH}
            _refuse(ProblemKind.TOO_DEEP, message, self.token.start, self.token.end)
        self.expect("(", "%(place)s 여는 괄호가 필요합니다.")
        self.depth += 1
        node = self.sum()
        self.depth -= 1
        self.expect(")", "%(place)s 닫는 괄호가 필요합니다.")
        return node

    def number(self) -> Node:
        token = self.take()
        whole, _point, decimals = token.text.partition(".")
        if len(whole) > MAX_INTEGER_DIGITS or len(decimals) > MAX_DECIMALS:
            message = _("숫자는 정수 %(digits)s자리, 소수 %(decimals)s자리까지 쓸 수 있습니다.")
            limits = {"digits": MAX_INTEGER_DIGITS, "decimals": MAX_DECIMALS}
            _refuse(ProblemKind.TOO_LARGE, message % limits, token.start, token.end)
        return Number(int(whole + decimals), len(decimals))

    def take(self) -> Token:
        token, self.token = self.token, next(self.tokens, self.token)
        return token

    def expect(self, kind: str, message: str) -> None:
        if self.token.kind != kind:
            self.unexpected(message)
        self.take()

    def unexpected(self, message: str) -> NoReturn:
        found = self.token.text[:20]
        place = _("'%(found)s' 앞에") % {"found": found} if found else _("수식 끝에")
        where = self.token.start, self.token.end
        _refuse(ProblemKind.SYNTAX, _(message) % {"place": place}, *where)


def _refuse(kind: ProblemKind, message: str, start: int, end: int) -> NoReturn:
    raise FormulaError([Problem(kind, message, start, end)])
