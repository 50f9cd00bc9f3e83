class Refused(Exception):
    """The channel definitely did not take the message; the text says why."""
