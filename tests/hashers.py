from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """The real algorithm, so a live server can check what a test wrote, but one round of it."""

    iterations = 1
