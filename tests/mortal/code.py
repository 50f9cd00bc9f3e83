"""What mortal processes are forked from: all the code, read, and no connection made."""

import django

django.setup()

from tests.crash import courier, payout_worker, statement_worker, upload_worker  # noqa: E402, F401
from tests.invoices import dying  # noqa: E402, F401
