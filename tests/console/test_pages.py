"""The console's own pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from core.companies import otp
from core.companies.models import ApiSecret, Member, Role
from core.companies.services import create_api_secret, find_api_secret
from core.console import home, search
from core.console.home import Counter
from core.console.search import Hit, Source, as_amount
from core.events.models import Event, WebhookDelivery, WebhookEndpoint
from core.events.services import record
from core.jobs.models import Heartbeat, Job, JobFailure
from core.notifications.models import Message
from tests.cast import PASSWORD
from tests.console.conftest import job, jobs, text

LIVE = "/console/market-a/live/"


class TestHome:
    def test_counters_open_the_list_they_counted(self, browser, cast, monkeypatch):
        counter = Counter("실패한 작업", lambda workspace: 3, "console:jobs", "tab=FAILED")
        monkeypatch.setattr(home.REGISTRY, "counters", [counter])
        page = text(browser(cast.viewer).get(LIVE))
        assert 'href="/console/market-a/live/jobs?tab=FAILED"' in page
        assert "<b>3</b>" in page
        count = text(browser(cast.viewer).get(LIVE + "bell?part=count"))
        assert count.strip() == '<b class="count tone-waiting">3</b>'

    def test_a_silent_worker_is_said_on_every_page(self, browser, cast):
        beat = Heartbeat.objects.create(name="worker", seen_at=clock.now())
        assert "응답하지 않습니다" not in text(browser(cast.viewer).get(LIVE + "jobs"))
        beat.seen_at = clock.now() - timedelta(minutes=2)
        beat.save()
        assert "작업 처리기(worker)" in text(browser(cast.viewer).get(LIVE + "jobs"))


class TestSearch:
    @pytest.fixture
    def source(self, monkeypatch):
        def find(request, words):
            return [hit for hit in (Hit("김포트", "/x"), Hit("김철수", "/y")) if words in hit.title]

        monkeypatch.setattr(search, "SOURCES", [Source("파트너", find)])

    def test_one_hit_opens_at_once(self, browser, cast, source):
        response = browser(cast.viewer).get(LIVE + "search?q=김포트")
        assert response.headers["Location"] == "/x"

    def test_several_are_listed(self, browser, cast, source):
        page = text(browser(cast.viewer).get(LIVE + "search?q=김"))
        assert "찾은 것이 없습니다." in page  # one letter finds too much
        monkey = text(browser(cast.viewer).get(LIVE + "search?q=없음"))
        assert "찾은 것이 없습니다." in monkey

    @pytest.mark.parametrize(
        ("words", "amount"),
        [
            ("1,284,000", 1284000),
            ("1284000원", 1284000),
            ("−500", -500),
            ("김포트", None),
            ("-", None),
            ("--500", None),
            ("5²", None),
            ("9" * 30, None),
        ],
    )
    def test_amounts_are_understood(self, words, amount):
        assert as_amount(words) == amount


class TestJobs:
    def test_a_watched_job_that_fails_offers_what_can_be_done_now(self, browser, cast):
        running = job(cast.live, 1, status="RUNNING")
        running.save()
        page = LIVE + "jobs/job-00001"
        assert 'data-opens="cancel-job"' in text(browser(cast.owner).get(page))
        assert "hx-swap-oob" not in text(browser(cast.owner).get(f"{page}/progress"))

        Job.objects.update(status="FAILED", error="멈췄습니다.")
        told = text(browser(cast.owner).get(f"{page}/progress"))
        assert 'id="job-actions" class="page-actions" hx-swap-oob="true"' in told
        assert "멈춘 자리부터 다시 실행" in told
        assert "멈췄습니다." in told
        assert "cancel-job" not in told

    def test_failures_are_grouped_by_cause(self, browser, cast):
        failed = job(cast.live, 1, status="FAILED", failed_count=3)
        failed.save()
        for row, code in ((2, "A"), (3, "B"), (4, "B")):
            JobFailure.objects.create(
                job=failed, row_number=row, code=code, message=f"이유 {code}", raw={"이름": "=1"}
            )
        page = text(browser(cast.viewer).get(LIVE + "jobs/job-00001"))
        assert page.index("이유 B") < page.index("이유 A")
        assert "2건" in page
        lines = text(browser(cast.owner).get(LIVE + "jobs/job-00001/failures")).split("\r\n")
        assert lines[0] == "\ufeff행,항목,원인 코드,설명,이름"
        assert lines[1] == "2,,A,이유 A,'=1"

    def test_polling_stops_when_the_job_is_over(self, browser, cast):
        job(cast.live, 1, status="RUNNING", started_at=clock.now()).save()
        url = LIVE + "jobs/job-00001/progress"
        assert "hx-trigger" in text(browser(cast.viewer).get(url))
        Job.objects.update(status="SUCCEEDED", finished_at=clock.now())
        assert "hx-trigger" not in text(browser(cast.viewer).get(url))

    def test_without_scripts_a_running_page_refreshes_itself(self, browser, cast):
        job(cast.live, 1, status="RUNNING").save()
        page = text(browser(cast.viewer).get(LIVE + "jobs/job-00001"))
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page

    def test_cancelling_is_for_who_started_it_and_administrators(self, browser, cast):
        job(cast.live, 1, status="WAITING").save()
        url = LIVE + "jobs/job-00001/cancel"
        assert browser(cast.viewer).post(url).status_code == 403
        assert Job.objects.get().status == "WAITING"
        browser(cast.owner).post(url)
        assert Job.objects.get().status == "CANCELLED"

    def test_the_same_page_in_the_side_panel_has_no_frame(self, browser, cast):
        jobs(cast.live, 1)
        headers = {"HX-Request": "true", "HX-Target": "side-panel#panel"}
        panel = text(browser(cast.viewer).get(LIVE + "jobs/job-00001", headers=headers))
        assert "<html" not in panel
        assert "전체 화면" in panel


class TestTrail:
    def test_an_event_is_told_in_words(self, browser, cast):
        event = record(
            "job.failed",
            workspace=cast.live,
            object_type="job",
            object_id="job-1",
            actor=cast.actor,
            changes={"status": ["RUNNING", "FAILED"], "amount": [1000, 2000]},
        )
        page = text(browser(cast.viewer).get(f"{LIVE}events/{event.pk}"))
        assert "실패" in page
        assert "1,000원 → 2,000원" in page

    def test_events_of_others_are_not_there(self, browser, cast):
        event = record(
            "x", workspace=cast.foreign, object_type="x", object_id="1", actor=cast.actor
        )
        assert browser(cast.owner).get(f"{LIVE}events/{event.pk}").status_code == 404


class TestSecrets:
    def create(self, client):
        return client.post(
            LIVE + "secrets", {"name": "주문 서버", "scopes": ["TRANSFER_READ"], "expires_on": ""}
        )

    def test_a_secret_is_shown_once_and_works(self, browser, cast):
        client = browser(cast.owner)
        page = text(self.create(client))
        clear = re.search(r'class="secret">([^<]+)<', page).group(1)
        assert find_api_secret(clear) == ApiSecret.objects.get()
        assert clear not in text(client.get(LIVE + "secrets"))
        assert clear not in str(Event.objects.get(kind="apisecret.created").changes)

    def test_the_last_day_of_all_is_never(self, browser, cast):
        client = browser(cast.owner)
        form = {"name": "적재", "scopes": ["PARTNER_READ"], "expires_on": "9999-12-31"}
        assert client.post(LIVE + "secrets", form).status_code == 200
        assert ApiSecret.objects.get().expires_at is None

    def test_a_revoked_secret_is_dead_at_once(self, browser, cast):
        secret, clear = create_api_secret(company=cast.market_a, name="s")
        browser(cast.owner).post(f"{LIVE}secrets/{secret.pk}/revoke")
        assert find_api_secret(clear) is None
        browser(cast.owner).post(f"{LIVE}secrets/{secret.pk}/revoke")
        assert Event.objects.filter(kind="apisecret.revoked").count() == 1

    def test_nobody_grants_more_than_they_have(self, browser, cast):
        cast.finance.role = Role.DEV
        cast.finance.save()
        response = browser(cast.finance).post(
            LIVE + "secrets", {"name": "x", "scopes": ["TRANSFER_WRITE"]}
        )
        assert response.status_code == 403
        assert not ApiSecret.objects.exists()

    def test_a_foreign_secret_is_not_there(self, browser, cast):
        secret, _ = create_api_secret(company=cast.market_b, name="s")
        response = browser(cast.owner).post(f"{LIVE}secrets/{secret.pk}/revoke")
        assert response.status_code == 404
        secret.refresh_from_db()
        assert secret.revoked_at is None


class TestMembers:
    def test_the_last_owner_stays(self, browser, cast):
        url = f"{LIVE}members/{cast.owner.pk}"
        for change in ({"role": "ADMIN"}, {"is_active": "0"}):
            browser(cast.owner).post(url, change)
        owner = Member.objects.get(pk=cast.owner.pk)
        assert (owner.role, owner.is_active) == ("OWNER", True)

    @pytest.mark.parametrize("email", ["owner@a.example", "Finance@a.example"])
    def test_who_is_in_already_is_not_added_with_another_role(self, browser, cast, email):
        """The only owner became a manager, and nobody could invite or promote any more."""
        fields = {"name": "x", "email": email, "role": "MANAGER", "password": "a long secret 1"}
        answer = browser(cast.owner).post(LIVE + "members", fields, follow=True)
        assert "이미 구성원" in text(answer)
        roles = cast.market_a.members.order_by("pk").values_list("role", flat=True)
        assert list(roles) == ["OWNER", "ADMIN", "READ_ONLY"]

    def test_who_left_may_be_added_again(self, browser, cast):
        browser(cast.owner).post(f"{LIVE}members/{cast.viewer.pk}", {"is_active": "0"})
        fields = {"name": "x", "role": "MANAGER", "password": "a long secret 1"}
        email = cast.viewer.user.email
        browser(cast.owner).post(LIVE + "members", fields | {"email": email})
        viewer = Member.objects.get(pk=cast.viewer.pk)
        assert (viewer.role, viewer.is_active) == ("MANAGER", True)

    def test_a_new_member_may_come_in(self, browser, client, cast):
        fields = {
            "name": "새사람",
            "email": "new@a.example",
            "role": "MANAGER",
            "password": "a long enough secret",
        }
        browser(cast.owner).post(LIVE + "members", fields)
        client.post("/console/login", {"email": fields["email"], "password": fields["password"]})
        assert client.get(LIVE).status_code == 200
        assert Event.objects.get(kind="member.added").changes["role"] == "MANAGER"

    def test_an_administrator_may_not(self, browser, cast):
        response = browser(cast.finance).post(f"{LIVE}members/{cast.viewer.pk}", {"role": "OWNER"})
        assert response.status_code == 403
        cast.viewer.refresh_from_db()
        assert cast.viewer.role == Role.READ_ONLY


class TestPerson:
    def test_otp_is_set_up_by_showing_a_code(self, browser, cast):
        client = browser(cast.owner)
        page = text(client.get(LIVE + "me/otp"))
        secret = re.search(r'class="secret">([A-Z2-7]+)<', page).group(1)
        assert "<svg" in page
        assert "style=" not in page
        fields = {"code": "000000", "current": PASSWORD}
        assert "OTP 번호가 맞지 않거나" in text(client.post(LIVE + "me/otp", fields))
        client.post(LIVE + "me/otp", fields | {"code": pyotp.TOTP(secret).now()})
        cast.owner.user.refresh_from_db()
        assert otp.is_set_up(cast.owner.user)
        assert Event.objects.filter(kind="user.otp_set_up").count() == 1
        assert secret not in text(client.get(LIVE + "me/otp"))

    def test_an_open_session_alone_puts_no_otp_in_place(self, browser, cast):
        """Whoever sat down at it would approve payouts with an authenticator of their own."""
        client = browser(cast.owner)
        page = text(client.get(LIVE + "me/otp"))
        code = pyotp.TOTP(re.search(r'class="secret">([A-Z2-7]+)<', page).group(1)).now()

        def guess(password: str) -> str:
            return text(client.post(LIVE + "me/otp", {"code": code, "current": password}))

        assert "지금 비밀번호가 맞지 않습니다." in [guess(f"guess {n}") for n in range(10)][-1]
        assert "비밀번호를 여러 번 틀려" in guess(PASSWORD)
        cast.owner.user.refresh_from_db()
        assert not otp.is_set_up(cast.owner.user)

    def test_a_password_changes_for_who_knows_the_old_one(self, browser, cast):
        client = browser(cast.owner)
        fields = {"current": "not it", "new": "another long secret"}
        assert "지금 비밀번호가 맞지 않습니다." in text(client.post(LIVE + "me", fields))
        client.post(LIVE + "me", fields | {"current": PASSWORD})
        cast.owner.user.refresh_from_db()
        assert cast.owner.user.check_password("another long secret")
        assert client.get(LIVE).status_code == 200


class TestBrand:
    PNG = bytes.fromhex("89504e470d0a1a0a") + b"rest"

    def test_a_logo_is_kept_and_shown_without_a_login(
        self, browser, client, cast, settings, tmp_path
    ):
        settings.MEDIA_ROOT = tmp_path
        assert client.get("/console/logo/market-a").status_code == 404
        logo = SimpleUploadedFile("로고.png", self.PNG)
        fields = {"colour": "#AA3366", "sender_email": "", "logo": logo}
        browser(cast.owner).post(LIVE + "brand", fields)
        cast.market_a.refresh_from_db()
        assert cast.market_a.brand_colour == "#aa3366"
        shown = client.get("/console/logo/market-a")
        assert b"".join(shown.streaming_content) == self.PNG

    def test_a_colour_is_a_colour(self, browser, cast):
        response = browser(cast.owner).post(LIVE + "brand", {"colour": "red;}"})
        assert response.status_code == 422


class TestMailbox:
    def letter(self, workspace, html):
        return Message.objects.create(
            workspace=workspace,
            public_id="msg-1",
            key="k",
            template="t",
            recipient="p@x.example",
            subject="정산내역서",
            text="본문",
            html=html,
        )

    def test_a_letter_is_shown_in_a_frame_that_runs_nothing(self, browser, cast):
        self.letter(cast.live, "<b>안녕하세요</b><script>alert(1)</script>")
        client = browser(cast.owner)
        page = text(client.get(LIVE + "mailbox/msg-1"))
        assert "<script>alert" not in page
        assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
        body = client.get(LIVE + "mailbox/msg-1/body")
        policy = body.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert body.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_letters_of_the_other_environment_are_not_there(self, browser, cast):
        self.letter(cast.test, "")
        assert browser(cast.owner).get(LIVE + "mailbox/msg-1").status_code == 404


class TestErrors:
    def test_a_refused_write_returns_with_its_sentence(self, browser, cast):
        jobs(cast.live, 1, status="SUCCEEDED")
        response = browser(cast.owner).post(
            LIVE + "jobs/job-00001/retry",
            headers={"Referer": f"http://testserver{LIVE}jobs?tab=SUCCEEDED"},
            follow=True,
        )
        assert response.redirect_chain[0][0].endswith("/jobs?tab=SUCCEEDED")
        assert "완료 상태에서 대기(으)로 바꿀 수 없습니다." in text(response)

    @pytest.mark.parametrize("referrer", ["https://evil.example/", ""])
    def test_only_our_own_pages_are_returned_to(self, browser, cast, referrer):
        jobs(cast.live, 1, status="SUCCEEDED")
        response = browser(cast.owner).post(
            LIVE + "jobs/job-00001/retry", headers={"Referer": referrer}
        )
        assert response.headers["Location"] == "/console/"

    def test_an_unknown_page_is_a_korean_404(self, client, db):
        response = client.get("/console/nowhere/live/nothing")
        assert response.status_code == 404
        assert "찾을 수 없는 페이지입니다" in text(response)


class TestWebhooks:
    def made(self, browser, cast):
        page = text(
            browser(cast.owner).post(LIVE + "webhooks", {"url": "https://hooks.example.com/in"})
        )
        endpoint = WebhookEndpoint.objects.get()
        assert endpoint.secret in page
        return f"{LIVE}webhooks/{endpoint.public_id}"

    def test_the_secret_is_shown_once_and_the_endpoint_changed_and_deleted(self, browser, cast):
        path = self.made(browser, cast)
        owner = browser(cast.owner)
        assert WebhookEndpoint.objects.get().secret not in text(owner.get(LIVE + "webhooks"))
        chosen = {"url": "https://hooks.example.com/two", "event_types": ["Payout.Failed"]}
        assert owner.post(path, chosen).status_code == 302
        endpoint = WebhookEndpoint.objects.get()
        assert (endpoint.url, endpoint.event_types) == (chosen["url"], ["Payout.Failed"])
        page = text(owner.post(f"{path}/rotate", {"overlap_hours": "24"}))
        assert WebhookEndpoint.objects.get().secret in page
        assert owner.post(f"{path}/delete").status_code == 302
        assert owner.get(path).status_code == 404

    def test_an_inside_address_is_said_at_its_field(self, browser, cast):
        response = browser(cast.owner).post(LIVE + "webhooks", {"url": "https://10.0.0.1/"})
        assert response.status_code == 422
        assert "공개된 https 주소" in text(response)
        assert not WebhookEndpoint.objects.exists()

    def test_a_test_message_is_seen_and_replayed(self, browser, cast):
        path = self.made(browser, cast)
        owner = browser(cast.owner)
        owner.post(f"{path}/test")
        delivery = WebhookDelivery.objects.get()
        log = f"{LIVE}webhooks/deliveries/{delivery.public_id}"
        assert delivery.public_id in text(owner.get(log))
        assert owner.post(f"{log}/replay").status_code == 302
        assert "Webhook.Test" in text(owner.get(LIVE + "webhooks/deliveries"))
        assert "Webhook.Test" in text(owner.get(path))

    def test_only_for_those_who_integrate_and_never_across_companies(self, browser, cast):
        path = self.made(browser, cast)
        assert browser(cast.viewer).get(LIVE + "webhooks").status_code == 403
        foreign = path.replace("market-a", "market-b")
        assert browser(cast.stranger).get(foreign).status_code == 404


class TestSecretRotation:
    def test_both_are_on_the_page_and_the_new_one_shown_once(self, browser, cast):
        old, clear = create_api_secret(company=cast.market_a, name="정산 서버")
        owner = browser(cast.owner)
        page = text(owner.post(f"{LIVE}secrets/{old.pk}/rotate", {"overlap_hours": "24"}))
        new = ApiSecret.objects.exclude(pk=old.pk).get()
        assert f"{new.prefix}." in page
        assert find_api_secret(clear) == old
        assert "교체됨" in text(owner.get(LIVE + "secrets"))
        assert Event.objects.get(kind="apisecret.rotated").changes["prefix"] == [
            old.prefix,
            new.prefix,
        ]
        again = owner.post(f"{LIVE}secrets/{old.pk}/rotate", {"overlap_hours": "24"})
        assert again.status_code == 302
        assert ApiSecret.objects.count() == 2
