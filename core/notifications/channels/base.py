class Refused(Exception):
    """The channel definitely did not take the message and never will; the text says why."""


class PutOff(Exception):
    """The channel did not take the message this time: it may be offered again later."""


class Unreachable(Exception):
    """Nobody answers: no message has left, and none will for now."""
