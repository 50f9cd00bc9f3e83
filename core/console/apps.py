from django.apps import AppConfig

VERBS = {
    "member.added": "구성원을 등록했습니다",
    "member.role_changed": "역할을 바꿨습니다",
    "member.removed": "접근을 중지했습니다",
    "member.restored": "접근을 다시 허용했습니다",
    "apisecret.created": "API 시크릿을 만들었습니다",
    "apisecret.revoked": "API 시크릿을 폐기했습니다",
    "apisecret.rotated": "API 시크릿을 교체했습니다",
    "webhookendpoint.created": "웹훅을 만들었습니다",
    "webhookendpoint.changed": "웹훅을 바꿨습니다",
    "webhookendpoint.deleted": "웹훅을 삭제했습니다",
    "webhookendpoint.secret_rotated": "웹훅 시크릿을 교체했습니다",
    "webhookendpoint.tested": "시험 웹훅을 보냈습니다",
    "webhookdelivery.replayed": "웹훅을 다시 보냈습니다",
    "job.stop_requested": "작업 중단을 요청했습니다",
    "company.branded": "브랜드를 바꿨습니다",
    "user.otp_set_up": "OTP를 등록했습니다",
    "list.exported": "목록을 내려받았습니다",
    "notice.closed": "알림을 확인했습니다",
    "invariant.broken": "점검에서 어긋난 값을 찾았습니다",
}

NOUNS = {
    "job": "작업",
    "invariant": "점검",
    "message": "메시지",
    "notice": "알림",
    "member": "구성원",
    "apisecret": "API 시크릿",
    "webhookendpoint": "웹훅",
    "url": "주소",
    "event_types": "이벤트",
    "delivery": "전송 아이디",
    "allowed_networks": "허용 주소",
    "overlap_hours": "함께 쓰는 시간",
    "company": "고객사",
    "user": "사용자",
    "list": "목록",
    "count": "건수",
    "name": "이름",
    "email": "이메일",
    "role": "역할",
    "prefix": "시크릿 앞자리",
    "scopes": "권한",
    "brand_colour": "대표 색",
    "sender_email": "보내는 주소",
    "logo": "로고",
    "file": "파일",
    "rows": "건수",
    "query": "조건",
    "ids": "대상",
    "from": "이전 상태",
    "answer": "답",
}


class ConsoleConfig(AppConfig):
    name = "core.console"
    verbose_name = "콘솔"

    def ready(self) -> None:
        from core.companies.models import Permission
        from core.console import grid, history, home  # noqa: F401  grid registers its job
        from core.console.navigation import Entry, register

        register(
            Entry("", "홈", "console:home"),
            Entry("기록", "작업", "console:jobs"),
            Entry("기록", "감사", "console:events"),
            Entry("연동", "API 시크릿", "console:secrets", Permission.INTEGRATION),
            Entry("연동", "웹훅", "console:webhooks", Permission.INTEGRATION),
            Entry("연동", "구성원", "console:members", Permission.MEMBERS),
            Entry("연동", "브랜드", "console:brand", Permission.INTEGRATION),
            Entry("연동", "메일함", "console:messages", Permission.INTEGRATION),
        )
        home.register_banner(home.silent_processes)
        history.register_verbs(VERBS)
        history.register_nouns(NOUNS)
