"""What the console's frame, first page and histories know of statements."""

from __future__ import annotations

from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.console import history, home, navigation
from core.console.home import Counter
from core.console.navigation import Entry
from payouts.models import Statement

READ = Permission.PAYOUT_READ
LIST = "payouts:statements"


def _failed(workspace: Workspace) -> int:
    return rows(Statement, workspace).filter(status="SEND_FAILED").count()


navigation.register(
    Entry("정산내역서", "템플릿", "payouts:statement_templates", READ),
    Entry("정산내역서", "발송", LIST, READ),
)
home.register_counter(
    Counter(
        "정산내역서 발송 실패",
        _failed,
        LIST,
        "tab=failed&period=all",
        READ,
        tone="wrong",
        order=60,
    )
)
history.register_nouns(
    {
        "statement": "정산내역서",
        "statementtemplate": "정산내역서 템플릿",
        "title": "제목",
        "shown_items": "표시 항목",
        "notice": "안내문",
    }
)
history.register_verbs(
    {
        "statement.send_prepared": "정산내역서 발송을 시작했습니다",
        "statement.sent": "정산내역서를 보냈습니다",
        "statement.send_failed": "정산내역서를 보내지 못했습니다",
        "statementtemplate.created": "템플릿을 만들었습니다",
        "statementtemplate.updated": "템플릿을 고쳤습니다",
        "statementtemplate.made_default": "기본 템플릿으로 정했습니다",
        "statementtemplate.archived": "보관했습니다",
        "statementtemplate.recovered": "보관에서 되돌렸습니다",
    }
)
