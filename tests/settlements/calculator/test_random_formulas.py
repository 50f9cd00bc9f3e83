"""Random and hostile formulas by the thousand: each is a formula or a FormulaError, and bounded."""

from contextlib import suppress
from random import Random

from core.money import MAX_WON
from settlements.calculator import FormulaError
from settlements.calculator.language import names_in, parse
from tests.settlements.calculator.test_language import KINDS, compiled
from tests.settlements.scale import scale

COUNT = scale("RANDOM_FORMULAS", 2_000)

WORDS = [
    "A", "B", "RATE", "RATIO", "ROUND(", "ROUND_UP(", "ROUND_DOWN(", "(", ")", "(", ")", "+", "-",
    "*", "+", "-", "*", "1", "0.00001", "9" * 15, "0.5", " ",
]  # fmt: skip
HOSTILE = [
    "(" * 500, ")" * 500, "-" * 500, "A*" * 300, "ROUND(" * 200, "9" * 5_000, "0." + "9" * 5_000,
    "**", "//", "/", "%", "^", "==", "=", ";", ":", ",", "'", '"', "\\", "`", "#", "@", "$", "\n",
    "__import__('os')", "__class__", "lambda x: x", "exec(A)", "A if B else A", "[A]", "{A}", "A.B",
    "0x7f", "1e309", "1_000", "0b1", "nan", "inf", "None", "True", "１２", "٣", "Ⅷ", "Ａ", "주문",
    "\u200b", "\u202e", "\ufeff", "\x00", "\ud800", "é", "😀", "ROUND", "round(", "A B", "1A", ".5",
]  # fmt: skip


def plausible(random: Random, depth: int) -> str:
    """A formula as people write them."""
    if depth == 0 or random.random() < 0.2:
        return random.choice(["A", "B", "RATE", "RATIO", "7", "0.125"])
    if random.random() < 0.2:
        name = random.choice(["ROUND", "ROUND_UP", "ROUND_DOWN", "-", ""])
        return f"{name}({plausible(random, depth - 1)})"
    left, right = plausible(random, depth - 1), plausible(random, depth - 1)
    return f"{left} {random.choice('+-*')} {right}"


def text(random: Random) -> str:
    """Plausible, with a hostile piece in it, or noise; up to very long."""
    if random.random() < 0.3:
        return plausible(random, random.choice([1, 2, 4]))
    words = random.choices(WORDS, k=random.choice([3, 8, 20, 60]))
    for _ in range(random.choice([0, 1, 1, 3])):
        words.insert(random.randrange(len(words) + 1), random.choice(HOSTILE))
    if random.random() < 0.1:
        words += [chr(random.randrange(1, 0x3000)) for _ in words]
    return "".join(words) * random.choice([1, 1, 1, 1, 40])


def test_random_formulas_are_calculated_or_refused_where_they_are_wrong():
    random = Random(20_261_125)
    calculated = 0
    for number in range(COUNT):
        formula = text(random)
        try:
            tree = parse(formula)
        except FormulaError as error:
            for problem in error.problems:
                assert 0 <= problem.start <= problem.end <= len(formula), (number, formula[:80])
                assert problem.message
            continue
        if {name.text for name in names_in(tree)} <= KINDS.keys():
            with suppress(FormulaError):
                assert isinstance(compiled(formula), int), (number, formula[:80])
                calculated += 1
    assert calculated > COUNT // 5


def test_no_random_formula_grows_beyond_its_bounds():
    """Deeper, longer or with more digits than any formula needs: refused, not tried."""
    random = Random(7)
    for shape in ("(" * 2_000 + "A" + ")" * 2_000, "A" + "*A" * 2_000, "-" * 5_000 + "A"):
        noise = "".join(random.choices(WORDS, k=50))
        for formula in (shape, shape + noise, noise + shape, str(MAX_WON) * 1_000):
            try:
                parse(formula)
            except FormulaError:
                continue
            raise AssertionError(f"{formula[:60]} was taken")
