"""How much of what is random a run tries: little by default, as much as asked for.

RANDOM_FORMULAS=100000 RANDOM_ORDERS=1000000 pytest tests/settlements -k random
"""

import os


def scale(name: str, default: int) -> int:
    return int(os.environ.get(name, default))
