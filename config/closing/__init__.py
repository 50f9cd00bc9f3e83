"""A month from its files to paid partners, as a chain of resumable stages.

Composition only: every stage is one or two service calls of the apps, so whatever the console
can refuse, this refuses too. Running it again with the same files finds everything done.
"""
