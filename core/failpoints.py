"""Named points where crash tests kill the process. Without the variable they do nothing."""

import os
import signal

CHOSEN = os.environ.get("JEONGSAN_FAILPOINT", "")


def failpoint(name: str) -> None:
    """Die as by kill -9 when this point was chosen (JEONGSAN_FAILPOINT=name)."""
    if name == CHOSEN:
        os.kill(os.getpid(), signal.SIGKILL)
