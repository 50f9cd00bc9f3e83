"""Our own operations beside PortOne's: files, formulas, properties, accounts, webhooks, records."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from unicodedata import normalize
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from core import clock
from core.api import authentication, throttle
from core.api.operations import WireView
from core.companies.models import Permission
from core.companies.services import rotate_api_secret
from core.events import relay
from core.events.models import Event, WebhookDelivery
from core.events.services import record
from core.events.webhooks import delivering
from core.jobs.models import Job, JobFailure
from core.jobs.services import run_job
from partners.models import PropertyDefinition
from settlements.models import CalculatorVersion, OrderUpload, Transfer
from tests.api.client import EVERYDAY, Api, refusal
from tests.cast import assemble
from tests.settlements.factories import make_contract, make_partner
from tests.settlements.upload.samples import HEADER, ORDER, csv_file, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    authentication._callers.clear()
    throttle.forget()


@pytest.fixture
def cast():
    return assemble()


@pytest.fixture
def api(cast):
    return Api(cast.market_a, EVERYDAY | {Permission.INTEGRATION})


@pytest.fixture
def stranger(cast):
    return Api(cast.market_b, EVERYDAY | {Permission.INTEGRATION})


def as_bytes(content):
    return content.encode() if isinstance(content, str) else content


def kinds(object_type):
    found = Event.objects.filter(object_type=object_type).order_by("pk")
    return list(found.values_list("kind", flat=True))


class TestFormulas:
    PATH = "/platform/settlement-calculator"

    def content(self, api, **changes):
        status, now = api.get(self.PATH)
        assert status == 200
        formula = now["settlementFormula"] | changes
        return {"settlementFormula": formula, "vatRoundType": now["vatRoundType"]}

    def test_the_documented_ones_are_in_force_until_others_are_saved(self, api):
        now = api.get(self.PATH)[1]
        assert "version" not in now
        assert now["settlementFormula"]["platformFee"]["formula"] == (
            "(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT"
        )
        fee = {"formula": "ORDER_AMOUNT * FIXED_RATE", "roundType": "UP"}
        status, saved = api.put(self.PATH, self.content(api, platformFee=fee))
        assert (status, saved["version"]["status"]) == (200, "APPLIED")
        assert api.get(self.PATH)[1]["settlementFormula"]["platformFee"] == fee
        assert [v["id"] for v in api.get(f"{self.PATH}/versions")[1]["items"]] == [
            saved["version"]["id"]
        ]
        assert kinds("calculatorversion") == ["calculatorversion.applied"]

    def test_problems_are_named_where_they_are_and_nothing_is_saved(self, api):
        broken = self.content(
            api, platformFee={"formula": "ORDER_AMOUNT * NOPE", "roundType": "UP"}
        )
        status, found = api.post(f"{self.PATH}/validate", broken)
        assert status == 200
        [problem] = found["problems"]
        assert (problem["formulaKey"], problem["kind"]) == ("platformFee", "UNKNOWN_IDENTIFIER")
        assert (problem["start"], problem["end"]) == (15, 19)
        status, refused = api.put(self.PATH, broken)
        assert (status, refused["type"], refused["problems"]) == (
            400,
            "INVALID_REQUEST",
            found["problems"],
        )
        assert not CalculatorVersion.objects.exists()

    def test_one_plan_at_a_time_and_it_can_be_taken_back(self, api):
        later = (clock.now() + timedelta(days=1)).isoformat()
        body = self.content(api) | {"scheduledAt": later}
        assert api.put(self.PATH, body)[1]["version"]["status"] == "SCHEDULED"
        taken = (409, "PLATFORM_SCHEDULED_VERSION_ALREADY_EXISTS")
        assert refusal(api.put(self.PATH, body)) == taken
        assert api.get(self.PATH)[1]["scheduled"]["status"] == "SCHEDULED"
        assert api.delete(f"{self.PATH}/schedule") == (200, {})
        gone = (404, "PLATFORM_SCHEDULED_CALCULATOR_NOT_FOUND")
        assert refusal(api.delete(f"{self.PATH}/schedule")) == gone

    def test_parameters(self, api, stranger):
        path = "/platform/settlement-parameters"
        body = {"key": "BONUS", "name": "보너스", "defaultDecimal": 15, "defaultDecimalScale": 1}
        assert api.post(path, body) == (200, {"parameter": body})
        assert refusal(api.post(path, body)) == (409, "INVALID_REQUEST")
        changed = api.patch(f"{path}/BONUS", {"name": "상여"})[1]["parameter"]
        assert changed == body | {"name": "상여"}
        assert api.get(path)[1] == {"items": [changed]}
        gone = (404, "PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND")
        assert refusal(stranger.patch(f"{path}/BONUS", {"name": "남"})) == gone


class TestProperties:
    PATH = "/platform/user-defined-properties"

    def test_defined_once_renamed_never_foreign(self, api, stranger):
        body = {"objectType": "PARTNER", "key": "grade", "name": "등급", "isSecret": False}
        assert api.post(self.PATH, body) == (200, {"userDefinedProperty": body})
        assert refusal(api.post(self.PATH, body)) == (409, "INVALID_REQUEST")
        changed = body | {"isSecret": True}
        assert api.patch(f"{self.PATH}/PARTNER/grade", {"isSecret": True})[1] == {
            "userDefinedProperty": changed
        }
        assert api.get(self.PATH)[1] == {"items": [changed]}
        assert api.get(self.PATH, test="true")[1] == {"items": []}
        assert stranger.patch(f"{self.PATH}/PARTNER/grade", {"name": "남"})[0] == 404
        assert kinds("property") == ["property.defined", "property.updated"]

    def test_ten_at_most(self, api):
        for number in range(10):
            api.post(self.PATH, {"objectType": "TRANSFER", "key": f"k{number}", "name": "값"})
        eleventh = {"objectType": "TRANSFER", "key": "k10", "name": "값"}
        assert refusal(api.post(self.PATH, eleventh)) == (409, "INVALID_REQUEST")
        assert PropertyDefinition.objects.count() == 10

    def test_secret_ones_are_not_even_named_to_who_may_not_see_them(self, cast, api):
        """As in the console: the name itself may say what nobody else is to know."""
        body = {"objectType": "PARTNER", "key": "UNDER_SUIT", "name": "소송 중", "isSecret": True}
        assert api.post(self.PATH, body)[0] == 200
        reader = Api(cast.market_a, {Permission.PROPERTY_READ})
        assert reader.get(self.PATH) == (200, {"items": []})
        assert api.get(self.PATH)[1] == {"items": [body]}


@pytest.mark.django_db(transaction=True)
class TestOrderUploads:
    PATH = "/platform/order-uploads"

    @pytest.fixture(autouse=True)
    def seller(self, cast):
        return make_partner(make_contract(cast.live), "seller")

    def send(self, api, content, **query):
        address = self.PATH + "?" + "&".join(f"{k}={v}" for k, v in query.items())
        answer = api.client.generic(
            "POST", address, as_bytes(content), "text/csv", headers=api.headers
        )
        return answer.status_code, answer.json()

    def checked(self, api, content, **query):
        status, answer = self.send(api, content, fileName="10월.csv", **query)
        assert status == 200, answer
        run_job(OrderUpload.objects.get(public_id=answer["orderUpload"]["id"]).job_id)
        return f"{self.PATH}/{answer['orderUpload']['id']}"

    def test_checked_first_then_registered_with_its_wrong_rows_said(self, api):
        wrong = row(결제ID="pay-2", 파트너ID="nobody")
        path = self.checked(api, csv_file([ORDER, wrong]).read())
        seen = api.get(path)[1]
        assert (seen["status"], seen["rowCount"], seen["rejectedRowCount"]) == ("READY", 2, 1)
        assert seen["fileName"] == "10월.csv"
        [rejected] = api.get(f"{path}/rejected-rows")[1]["items"]
        assert rejected["rowNumber"] == 3
        assert not Transfer.objects.exists()
        assert api.post(f"{path}/register")[1]["orderUpload"]["status"] == "REGISTERING"
        run_job(OrderUpload.objects.get().job_id)
        done = api.get(path)[1]
        assert (done["status"], done["transferCount"]) == ("REGISTERED", 1)
        assert Transfer.objects.count() == 1
        status, again = self.send(api, csv_file([ORDER, wrong]).read())
        assert (status, again["uploadId"]) == (409, done["id"])
        assert api.get(self.PATH)[1]["counts"]["registered"] == 1

    def test_discarded_files_may_come_again_as_a_form_too(self, api):
        path = self.checked(api, csv_file([ORDER]).read())
        assert api.post(f"{path}/discard")[1]["orderUpload"]["status"] == "DISCARDED"
        assert refusal(api.post(f"{path}/register")) == (409, "INVALID_REQUEST")
        form = {
            "file": SimpleUploadedFile("주문.csv", csv_file([ORDER]).read()),
            "mode": "ALL_OR_NOTHING",
            "mapping": "{}",
        }
        answer = api.client.post(self.PATH, form, headers=api.headers)
        assert answer.status_code == 200, answer.json()
        assert answer.json()["orderUpload"]["mode"] == "ALL_OR_NOTHING"

    def test_other_headings_are_read_by_a_mapping_and_bad_ones_refused(self, api):
        header = ["상품 주문번호" if each == "결제 ID" else each for each in HEADER]
        content = csv_file([ORDER], header=header).read()
        words = quote(json.dumps({"columns": {"상품 주문번호": "payment_id"}}))
        bad = quote(json.dumps({"columns": {"상품 주문번호": "nothing"}}))
        assert refusal(self.send(api, content, mapping=bad)) == (400, "INVALID_REQUEST")
        assert refusal(self.send(api, content, mapping="[")) == (400, "INVALID_REQUEST")
        assert api.get(self.checked(api, content, mapping=words))[1]["status"] == "READY"

    def test_words_refunds_by_sign_and_rows_left_out(self, api):
        header = ["상태", "결제 ID", "파트너 ID", "주문 금액"]
        rows = [
            ["판매", "a-1", "S-1", "9,000"],
            ["판매", "a-1", "S-1", "-4,000"],
            ["환불", "a-1", "S-1", "1,000"],
            ["대기", "a-2", "S-1", "700"],
            ["대기", "a-3", "S-1", "x"],
        ]
        said = {
            "columns": {"상태": "type"},
            "words": {
                "type": {"판매": "주문", "환불": "주문취소", "대기": "LEAVE_OUT"},
                "partner_id": {"S-1": "seller"},
            },
            "refundsBySign": True,
        }
        words = quote(json.dumps(said))
        path = self.checked(api, csv_file(rows, header).read(), mapping=words)
        seen = api.get(path)[1]
        assert (seen["status"], seen["rowCount"], seen["transferCount"]) == ("READY", 3, 3)
        assert seen["totals"]["ORDER.order_amount"] == 9_000
        assert seen["totals"]["ORDER_CANCEL.order_amount"] == 5_000
        assert seen["leftOut"] == [
            {"word": "대기", "currency": "KRW", "rows": 2, "amount": 700, "unread": 1}
        ]

    def test_the_sheet_that_is_named_is_read_or_none(self, api):
        workbook = openpyxl.Workbook()
        workbook.active.title = "요약"
        workbook.active.append(HEADER)
        detail = workbook.create_sheet("상세")
        for cells in (HEADER, ORDER):
            detail.append(cells)
        file = io.BytesIO()
        workbook.save(file)
        missing = quote(json.dumps({"sheet": "내역"}))
        assert refusal(self.send(api, file.getvalue(), mapping=missing)) == (
            400,
            "INVALID_REQUEST",
        )
        assert not OrderUpload.objects.exists()
        named = quote(json.dumps({"sheet": "상세"}))
        seen = api.get(self.checked(api, file.getvalue(), mapping=named))[1]
        assert (seen["status"], seen["transferCount"]) == ("READY", 1)

    def test_a_heading_that_is_named_is_there_or_nothing_is_read(self, api):
        """However a computer composes its Korean; without 구분 a refund would be an order."""
        rows = [["환불", *ORDER[1:]]]
        file = csv_file(rows, [normalize("NFD", "상태"), *HEADER[1:]]).read()
        said: dict[str, object] = {"words": {"type": {"환불": "ORDER_CANCEL"}}}
        missing = quote(json.dumps(said | {"columns": {"주문상태": "type"}}))
        answer = self.send(api, file, mapping=missing)
        assert refusal(answer) == (400, "INVALID_REQUEST")
        assert "「주문상태」: 열 설정에 있는 이 머리글이 파일에 없습니다." in answer[1]["message"]
        assert not OrderUpload.objects.exists()
        there = quote(json.dumps(said | {"columns": {"상태": "type"}}))
        seen = api.get(self.checked(api, file, mapping=there))[1]
        assert (seen["transferCount"], seen["rejectedRowCount"]) == (0, 1)

    def test_the_same_file_under_the_same_key_is_one_upload(self, api):
        headers = api.headers | {"Idempotency-Key": "orders-2026-10-31"}
        content = csv_file([ORDER]).read()
        first, second = (
            api.client.generic("POST", self.PATH, content, "text/csv", headers=headers)
            for _ in range(2)
        )
        assert (first.status_code, first.content) == (200, second.content)
        other = api.client.generic("POST", self.PATH, b"a,b", "text/csv", headers=headers)
        assert (other.status_code, other.json()["type"]) == (400, "INVALID_REQUEST")
        assert OrderUpload.objects.count() == 1

    def test_a_file_that_is_none_is_refused(self, api):
        assert refusal(self.send(api, "")) == (400, "INVALID_REQUEST")
        assert refusal(self.send(api, "a,b", mode="SOME")) == (400, "INVALID_REQUEST")
        broken = api.client.generic(
            "POST", self.PATH, b"nothing", "multipart/form-data", headers=api.headers
        )
        assert (broken.status_code, broken.json()["type"]) == (400, "INVALID_REQUEST")
        assert not OrderUpload.objects.exists()

    def test_a_file_above_the_limit_is_413(self, api, settings):
        settings.API_FILE_MAX_BYTES = 100
        assert refusal(self.send(api, "a" * 101)) == (413, "REQUEST_TOO_LARGE")

    def test_a_foreign_file_is_absent(self, api, stranger, cast):
        job = Job.objects.create(
            workspace=cast.live, public_id="job-1", kind="x", title="x", actor_kind="SYSTEM"
        )
        OrderUpload.objects.create(
            workspace=cast.live, public_id="upl-1", file_name="a.csv", file_sha256="0", job=job
        )
        assert api.get(f"{self.PATH}/upl-1")[0] == 200
        answers = [
            stranger.get(f"{self.PATH}/upl-1"),
            stranger.get(f"{self.PATH}/upl-1/rejected-rows"),
        ]
        answers += [stranger.post(f"{self.PATH}/upl-1/{verb}") for verb in ("register", "discard")]
        assert {refusal(answer) for answer in answers} == {(404, "ORDER_UPLOAD_NOT_FOUND")}


class TestAccounts:
    PATH = "/platform/funding-accounts"

    def test_nothing_of_nobody(self, api):
        assert api.get(self.PATH) == (200, {"items": []})
        gone = (404, "PLATFORM_BANK_ACCOUNT_NOT_FOUND")
        reads = ["", "/movements", "/recommended-withdrawal"]
        assert {refusal(api.get(f"{self.PATH}/va-9{path}")) for path in reads} == {gone}
        assert refusal(api.post(f"{self.PATH}/va-9/refresh")) == gone


class TestWebhooks:
    PATH = "/platform/webhook-endpoints"
    LOG = "/platform/webhook-deliveries"

    def created(self, api, **body):
        status, answer = api.post(self.PATH, {"url": "https://hooks.example.com/in", **body})
        assert status == 200, answer
        return answer

    def test_the_secret_is_shown_once(self, api):
        made = self.created(api, eventTypes=["Payout.Succeeded", "TaxInvoice.Issued"])
        assert made["secret"].startswith("whsec_")
        shown = made["webhookEndpoint"]
        assert shown["eventTypes"] == ["Payout.Succeeded", "TaxInvoice.Issued"]
        assert api.get(f"{self.PATH}/{shown['id']}") == (200, shown)
        listed = api.get(self.PATH)[1]
        assert listed["items"] == [shown]
        assert {"Partner.Created", "BulkPayout.Completed", "Settlement.PaidOut"} <= set(
            listed["eventTypes"]
        )
        rotated = api.post(f"{self.PATH}/{shown['id']}/rotate-secret", {"overlapHours": 1})[1]
        assert rotated["secret"] != made["secret"]
        assert "previousSecretUntil" in rotated["webhookEndpoint"]
        assert made["secret"] not in json.dumps([event.changes for event in Event.objects.all()])

    @pytest.mark.parametrize(
        "body", [{"url": "http://a.example/"}, {"url": "https://10.0.0.1/"}, {"eventTypes": ["No"]}]
    )
    def test_addresses_inside_and_unknown_events_are_refused(self, api, body):
        answer = api.post(self.PATH, {"url": "https://a.example/", **body})
        assert refusal(answer) == (400, "INVALID_REQUEST")

    def test_changed_tested_replayed_deleted(self, api, monkeypatch):
        path = f"{self.PATH}/{self.created(api)['webhookEndpoint']['id']}"
        changed = api.patch(path, {"isActive": False})[1]["webhookEndpoint"]
        assert (changed["isActive"], changed["url"]) == (False, "https://hooks.example.com/in")
        assert refusal(api.post(f"{path}/test")) == (409, "INVALID_REQUEST")
        api.patch(path, {"isActive": True})
        sent = api.post(f"{path}/test")[1]["webhookDelivery"]
        assert (sent["type"], sent["status"], sent["attempts"]) == ("Webhook.Test", "WAITING", [])
        monkeypatch.setattr(
            delivering.sending, "post", lambda *args: delivering.sending.Response(500, "down")
        )
        delivering.deliver_due()
        log = api.get(f"{self.LOG}/{sent['id']}")[1]
        assert (log["attemptCount"], log["attempts"][0]["responseBody"]) == (1, "down")
        assert log["payload"] == sent["payload"]
        replayed = api.post(f"{self.LOG}/{sent['id']}/replay")[1]["webhookDelivery"]
        assert (replayed["id"], replayed["status"]) == (sent["id"], "WAITING")
        assert api.get(self.LOG, {"filter": {"statuses": ["FAILED"]}})[1]["items"] == []
        assert api.delete(path) == (200, {})
        assert refusal(api.get(path)) == (404, "WEBHOOK_ENDPOINT_NOT_FOUND")
        assert WebhookDelivery.objects.get().status == "FAILED"

    def test_foreign_ones_are_absent(self, api, stranger):
        id = self.created(api)["webhookEndpoint"]["id"]
        delivery = api.post(f"{self.PATH}/{id}/test")[1]["webhookDelivery"]["id"]
        answers = [
            stranger.get(f"{self.PATH}/{id}"),
            stranger.patch(f"{self.PATH}/{id}", {"isActive": False}),
            stranger.delete(f"{self.PATH}/{id}"),
            stranger.post(f"{self.PATH}/{id}/rotate-secret", {}),
            stranger.post(f"{self.PATH}/{id}/test"),
            stranger.get(f"{self.LOG}/{delivery}"),
            stranger.post(f"{self.LOG}/{delivery}/replay"),
        ]
        assert {status for status, _ in answers} == {404}
        assert stranger.get(self.LOG)[1]["items"] == []


class TestRecords:
    def job(self, cast, api, **facts):
        values = {
            "workspace": cast.live,
            "public_id": "job-1",
            "kind": "test",
            "title": "주문 등록",
            "actor_kind": "API_SECRET",
            "actor_id": str(api.secret.pk),
            "actor_name": "시험 프로그램",
        }
        return Job.objects.create(**values | facts)

    def test_jobs_are_listed_read_and_cancelled_by_who_started_them(self, cast, api, stranger):
        job = self.job(cast, api)
        JobFailure.objects.create(job=job, row_number=3, code="BAD", message="나쁨", raw={"a": "1"})
        listed = api.get("/platform/jobs", {"filter": {"statuses": ["WAITING"]}})[1]
        assert listed["counts"] == {
            "waiting": 1, "running": 0, "succeeded": 0, "failed": 0, "cancelled": 0,
        }  # fmt: skip
        assert listed["items"] == [api.get("/platform/jobs/job-1")[1]]
        failures = api.get("/platform/jobs/job-1/failures")[1]["items"]
        assert failures == [{"rowNumber": 3, "code": "BAD", "message": "나쁨", "raw": {"a": "1"}}]
        other = Api(cast.market_a)
        assert refusal(other.post("/platform/jobs/job-1/cancel")) == (403, "FORBIDDEN")
        assert refusal(stranger.post("/platform/jobs/job-1/cancel")) == (404, "JOB_NOT_FOUND")
        assert api.post("/platform/jobs/job-1/cancel")[1]["job"]["status"] == "CANCELLED"
        assert refusal(api.post("/platform/jobs/job-1/cancel")) == (409, "INVALID_REQUEST")

    def test_a_rotated_secret_goes_on_with_the_jobs_of_the_one_before(self, cast, api):
        """The same program with its new secret could neither read why rows failed nor stop it."""
        job = self.job(cast, api)
        JobFailure.objects.create(job=job, row_number=3, code="BAD", message="나쁨")
        for _ in range(2):
            new, clear = rotate_api_secret(secret=api.secret, overlap=timedelta(0))
            api.secret, api.headers = new, {"Authorization": f"PortOne {clear}"}
        assert api.get("/platform/jobs/job-1/failures")[1]["items"][0]["code"] == "BAD"
        assert api.post("/platform/jobs/job-1/cancel")[1]["job"]["status"] == "CANCELLED"

    def test_a_running_job_is_asked_to_stop_and_the_asking_is_an_event(self, cast, api):
        self.job(cast, api, status="RUNNING")
        assert api.post("/platform/jobs/job-1/cancel")[1]["job"]["status"] == "RUNNING"
        assert Job.objects.get().cancel_requested_at is not None
        assert kinds("job") == ["job.stop_requested"]

    def test_events_are_read_from_the_newest_page_by_page(self, cast, api, stranger):
        for number in range(5):
            record(
                "thing.happened",
                workspace=cast.live,
                object_type="thing",
                object_id=str(number),
                actor=cast.actor,
            )
        body = {"filter": {"kinds": ["thing.happened"]}, "size": 2}
        seen, before = [], {}
        while True:
            page = api.get("/platform/events", body | before)[1]
            seen += [event["objectId"] for event in page["items"]]
            if "next" not in page:
                break
            before = {"before": page["next"]}
        assert seen == ["4", "3", "2", "1", "0"]
        assert stranger.get("/platform/events", body)[1]["items"] == []

    def test_events_are_followed_forwards_once_they_are_sealed(
        self, cast, api, stranger, monkeypatch
    ):
        def happen(*names):
            for name in names:
                facts = {"object_type": "thing", "object_id": name, "actor": cast.actor}
                record("thing.happened", workspace=cast.live, **facts)

        def follow(after, client=api):
            body = {"filter": {"kinds": ["thing.happened"]}, "size": 2, "after": after}
            page = client.get("/platform/events", body)[1]
            return [event["objectId"] for event in page["items"]], page["next"]

        happen("a", "b", "c")
        assert follow("0") == ([], "0"), "not sealed yet"
        monkeypatch.setattr(relay, "SETTLED_AFTER", timedelta(0))
        relay.seal(cast.live)
        first, cursor = follow("0")
        rest, cursor = follow(cursor)
        assert (first, rest) == (["a", "b"], ["c"])
        happen("d")
        assert follow(cursor) == ([], cursor)
        relay.seal(cast.live)
        assert follow(cursor)[0] == ["d"]
        assert follow("0", stranger) == ([], "0")
        both = {"before": "1", "after": "1"}
        assert refusal(api.get("/platform/events", both)) == (400, "INVALID_REQUEST")


def operations():
    """(path, method, operation) of every API route."""

    def walk(patterns, prefix=""):
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, prefix + str(each.pattern))
            elif isinstance(each, URLPattern):
                view = getattr(each.callback, "cls", None)
                if view is not None and issubclass(view, WireView):
                    yield prefix + str(each.pattern), view

    for path, view in walk(get_resolver().url_patterns):
        for method in ("get", "post", "put", "patch", "delete"):
            spec = getattr(getattr(view, method, None), "operation", None)
            if spec is not None:
                yield path, method.upper(), spec


def address(path):
    return "/" + re.sub(r"<[^>]+>", "x-1", path)


def test_every_route_wants_exactly_its_scope(cast):
    """All permissions but the one a route declares: 403; with it alone: anything else."""
    everything = frozenset(Permission)
    wrong = []
    without = {scope: Api(cast.market_a, everything - {scope}) for scope in Permission}
    alone = {scope: Api(cast.market_a, {scope}) for scope in Permission}
    scoped = [(path, method, spec) for path, method, spec in operations() if spec.scope]
    assert len(scoped) > 150
    for path, method, spec in scoped:
        refused = send(without[spec.scope], method, address(path))
        allowed = send(alone[spec.scope], method, address(path))
        if refused != 403 or allowed in {401, 403, 500}:
            wrong.append((method, path, spec.scope, refused, allowed))
    assert wrong == []


def send(api, method, path):
    """The scope is asked for before the body is read, so any body will do."""
    return api.client.generic(method, path, b"{}", headers=api.headers).status_code


def test_our_own_operations_are_named_once_and_say_what_they_do():
    found = list(operations())
    own = [(path, method, spec) for path, method, spec in found if spec.own]
    ids = [spec.operation_id for _, _, spec in own]
    assert len(ids) == len(set(ids))
    assert all(spec.summary and spec.scope and spec.operation_id for _, _, spec in own)
    assert all(path.startswith("platform/") for path, _, _ in own)
    assert len(own) == OWN_OPERATIONS


OWN_OPERATIONS = 64
