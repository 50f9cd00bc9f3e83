"""Order files: receive, check, register, correct, discard. The same file is never registered twice.

receiving    keep a file, recognise its columns, start its check
checking     the job that finds wrong rows and says what the rest adds up to
registering  the job that writes transfers, part by part; stopping it and going on
correcting   rejected rows: taken away as a file, edited, brought back as an upload of their own
mappings     saved column mappings
vocabulary   the words of a file that a person is asked about
"""

from settlements.services.uploads.correcting import (
    Edits,
    close_rejections,
    correct_upload,
    rejected_rows,
)
from settlements.services.uploads.mappings import (
    change_column_mapping,
    delete_column_mapping,
    save_column_mapping,
)
from settlements.services.uploads.receiving import (
    discard_upload,
    head_of,
    map_upload,
    receive_upload,
)
from settlements.services.uploads.registering import (
    UploadReport,
    import_orders,
    register_upload,
    report_of,
    stop_upload,
)

__all__ = [
    "Edits",
    "UploadReport",
    "change_column_mapping",
    "close_rejections",
    "correct_upload",
    "delete_column_mapping",
    "discard_upload",
    "head_of",
    "import_orders",
    "map_upload",
    "receive_upload",
    "register_upload",
    "rejected_rows",
    "report_of",
    "save_column_mapping",
    "stop_upload",
]
