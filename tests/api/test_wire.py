import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from core import clock
from core.api import authentication, idempotency, throttle
from core.api.errors import TooManyRequests
from core.api.models import IdempotencyRecord
from core.companies.identifiers import ulid
from core.companies.models import Permission
from core.companies.services import create_api_secret, parsed_networks, rotate_api_secret
from core.errors import Conflict, InvalidRequest
from core.events.models import Event
from tests.cast import assemble

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]
KEY = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _fresh_cache():
    authentication._callers.clear()
    throttle.forget()


@pytest.fixture
def cast():
    return assemble()


@pytest.fixture
def secret(cast):
    return create_api_secret(company=cast.market_a, name="시험")[1]


@pytest.fixture
def api(secret):
    return Api(secret)


class Api:
    def __init__(self, secret):
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"PortOne {secret}"}

    def post(self, body, *, query="", key=None, content_type="text/plain;charset=UTF-8"):
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"/platform/notes{query}", data, content_type=content_type, headers=headers
        )

    def patch(self, body, *, key):
        """The same work without a transaction around it."""
        headers = self.headers | {"Idempotency-Key": key}
        return self.client.patch("/platform/notes", json.dumps(body), headers=headers)

    def get(self, path="/platform/notes", **query):
        return self.client.get(path, query, headers=self.headers)


def notes():
    return list(
        Event.objects.filter(kind="note.written")
        .order_by("pk")
        .values_list("changes__text", flat=True)
    )


def test_json_is_read_whatever_the_content_type_says_and_answers_200(api):
    response = api.post({"text": "가"})
    assert (response.status_code, response.json()) == (200, {"text": "가", "isForTest": False})
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("query", "body", "is_test"),
    [
        ("", {}, False),
        ("?test=true", {}, True),
        ("", {"isForTest": True}, True),
        ("?test=false", {"isForTest": True}, False),
        ("", {"filter": {"isForTest": True}}, True),
    ],
)
def test_the_query_decides_the_environment_before_the_body(api, query, body, is_test):
    assert api.post({"text": "a", **body}, query=query).json()["isForTest"] is is_test


@pytest.mark.parametrize(
    "body",
    ['{"text": ', '{"text": null}', '{"text": 1}', "[]", '{"text": "a", "amount": -1}', b"\xff",
     '{"text": "a", "amount": 1.5}', '{"text": "\\u0000"}', "{" * 5000],
)  # fmt: skip
def test_malformed_bodies_are_invalid_requests(api, body):
    response = api.post(body)
    assert (response.status_code, response.json()["type"]) == (400, "INVALID_REQUEST")
    assert notes() == []


@pytest.mark.parametrize("header", ["", "PortOne", "PortOne wrong", "Bearer x", "PortOne js_a.b"])
def test_a_wrong_secret_is_401(api, header):
    api.headers = {"Authorization": header}
    assert (api.post({"text": "a"}).status_code, notes()) == (401, [])


def test_expired_and_revoked_secrets_are_401(cast):
    past = clock.now() - timedelta(seconds=1)
    expired = create_api_secret(company=cast.market_a, name="옛것", expires_at=past)[1]
    revoked_row, revoked = create_api_secret(company=cast.market_a, name="폐기")
    revoked_row.revoked_at = past
    revoked_row.save()
    assert [Api(s).post({"text": "a"}).status_code for s in (expired, revoked)] == [401, 401]


def test_a_secret_without_the_scope_is_403(cast):
    scopes = frozenset({Permission.TRANSFER_READ})
    reader = Api(create_api_secret(company=cast.market_a, name="읽기", scopes=scopes)[1])
    response = reader.post({"text": "a"})
    assert (response.status_code, response.json()["type"], notes()) == (403, "FORBIDDEN", [])


def test_the_framework_speaks_json_too(api):
    missing = api.get("/platform/nothing/가나/다")
    assert (missing.status_code, missing.json()["type"]) == (404, "NOT_FOUND")
    wrong = api.client.put("/platform/notes", "{}", headers=api.headers)
    assert (wrong.status_code, wrong.json()["type"]) == (405, "METHOD_NOT_ALLOWED")
    crash = api.post({"text": "crash"})
    assert (crash.status_code, crash.json()["type"]) == (500, "INTERNAL_ERROR")
    assert notes() == [], "a failed operation leaves nothing behind"


def test_too_large_a_body_is_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = api.post({"text": "a" * 200})
    assert (response.status_code, response.json()["type"]) == (413, "REQUEST_TOO_LARGE")


def test_refusals_carry_their_extra_fields(api):
    response = api.post({"text": "refused"})
    assert response.status_code == 409
    assert response.json() == {"type": "INVALID_REQUEST", "message": "안 됩니다.", "ids": ["a"]}


def test_a_get_reads_its_filter_from_the_query(api):
    assert api.get(requestBody='{"page": {"size": 3}}').json() == {"page": {"size": 3}}
    assert api.get().json() == {}
    assert api.get(requestBody="{").status_code == 400


def test_too_many_requests_are_429(api, settings):
    settings.API_REQUESTS_PER_SECOND = 3
    responses = [api.get() for _ in range(8)]
    refused = [r for r in responses if r.status_code == 429]
    assert refused
    assert refused[0].json()["type"] == "TOO_MANY_REQUESTS"
    assert refused[0]["Retry-After"] == "1"


class TestIdempotency:
    def test_the_answer_is_replayed_and_nothing_is_done_twice(self, api):
        first, second = api.post({"text": "a"}, key=KEY), api.post({"text": "a"}, key=KEY)
        assert first.content == second.content
        assert notes() == ["a"]

    def test_a_refusal_is_replayed_as_a_refusal(self, api):
        first, second = (
            api.post({"text": "refused"}, key=KEY),
            api.post({"text": "refused"}, key=KEY),
        )
        assert (first.status_code, second.status_code) == (409, 409)
        assert first.content == second.content

    def test_another_body_under_the_key_is_an_error(self, api):
        api.post({"text": "a"}, key=KEY)
        response = api.post({"text": "b"}, key=KEY)
        assert (response.status_code, response.json()["type"]) == (400, "INVALID_REQUEST")
        assert notes() == ["a"]

    def test_a_running_request_is_409_until_its_process_is_surely_dead(self, api, cast):
        api.post({"text": "a"}, key=KEY)
        IdempotencyRecord.objects.update(state="RUNNING")
        assert api.post({"text": "a"}, key=KEY).json()["type"] == "IDEMPOTENCY_OUTSTANDING_REQUEST"
        IdempotencyRecord.objects.update(
            claimed_at=clock.now() - idempotency.TAKEN_OVER_AFTER - timedelta(seconds=1)
        )
        assert api.post({"text": "a"}, key=KEY).status_code == 200
        assert notes() == ["a", "a"]

    def test_a_slow_request_that_was_taken_over_undoes_its_work(self, api, monkeypatch):
        """Without the fence around `complete` both would have written."""
        done = idempotency.complete

        def overtaken(record, answer):
            IdempotencyRecord.objects.update(claimed_at=clock.now())
            done(record, answer)

        monkeypatch.setattr(idempotency, "complete", overtaken)
        response = api.post({"text": "slow"}, key=KEY)
        assert response.json()["type"] == "IDEMPOTENCY_OUTSTANDING_REQUEST"
        assert notes() == []
        assert IdempotencyRecord.objects.get().state == "RUNNING", "the other one still holds it"

    def test_control_without_the_fence_the_overtaken_one_writes_too(self, api, monkeypatch):
        def unfenced(record, answer):
            IdempotencyRecord.objects.filter(pk=record.pk).update(claimed_at=clock.now())

        monkeypatch.setattr(idempotency, "complete", unfenced)
        assert api.post({"text": "slow"}, key=KEY).status_code == 200
        assert notes() == ["slow"]

    def test_a_key_belongs_to_one_query_however_long(self, api):
        long = "?x=" + "a" * 2000
        assert api.post({"text": "a"}, key=KEY, query=long).status_code == 200
        assert api.post({"text": "a"}, key=KEY, query=long).status_code == 200
        assert notes() == ["a"]
        assert len(IdempotencyRecord.objects.get().path) < 500

    def test_the_sweep_forgets_the_old_and_the_abandoned(self, api):
        for number in range(3):
            api.post({"text": "a"}, key=f"{KEY}{number}")
        old = clock.now() - idempotency.KEPT - timedelta(seconds=1)
        IdempotencyRecord.objects.filter(key=f"{KEY}0").update(created_at=old)
        IdempotencyRecord.objects.filter(key=f"{KEY}1").update(created_at=old, state="RUNNING")
        assert idempotency.forget_old() == 2
        assert [record.key for record in IdempotencyRecord.objects.all()] == [f"{KEY}2"]

    def test_after_three_hours_the_key_is_new(self, api):
        api.post({"text": "a"}, key=KEY)
        old = clock.now() - idempotency.KEPT - timedelta(seconds=1)
        IdempotencyRecord.objects.update(created_at=old)
        api.post({"text": "b"}, key=KEY)
        assert notes() == ["a", "b"]

    def test_a_crash_frees_the_key(self, api):
        assert api.post({"text": "crash"}, key=KEY).status_code == 500
        assert not IdempotencyRecord.objects.exists()

    def test_what_another_one_held_for_a_moment_may_be_tried_again(self, api):
        """The sentence says to try again later: the key must not repeat it for three hours."""
        assert api.post({"text": "busy"}, key=KEY).status_code == 409
        assert not IdempotencyRecord.objects.exists()

    @pytest.mark.parametrize(("text", "status"), [("crash", 500), ("busy", 409)])
    def test_what_broke_off_after_a_phase_was_committed_is_not_done_again(self, api, text, status):
        """The retry of a crash drafted and issued a second tax invoice."""
        assert api.patch({"text": text}, key=KEY).status_code == status
        assert api.patch({"text": text}, key=KEY).status_code == status
        assert notes() == [text]

    def test_nobody_repeats_what_a_dead_process_may_have_sent(self, api):
        api.patch({"text": "a"}, key=KEY)
        long_ago = clock.now() - idempotency.TAKEN_OVER_AFTER - timedelta(seconds=1)
        IdempotencyRecord.objects.update(state="RUNNING", claimed_at=long_ago)
        for _ in range(2):
            answer = api.patch({"text": "a"}, key=KEY)
            assert (answer.status_code, answer.json()["type"]) == (500, "INTERNAL_ERROR")
        assert notes() == ["a"]

    @pytest.mark.parametrize("key", ["short", "x" * 257, "has space in it!!"])
    def test_a_bad_key_is_refused(self, api, key):
        assert api.post({"text": "a"}, key=key).status_code == 400

    def test_two_companies_may_use_one_key(self, api, cast):
        other = Api(create_api_secret(company=cast.market_b, name="b")[1])
        api.post({"text": "a"}, key=KEY)
        other.post({"text": "b"}, key=KEY)
        assert notes() == ["a", "b"]


class TestRates:
    @pytest.fixture(autouse=True)
    def clockwork(self, monkeypatch):
        """Time moves only by hand."""
        self.now = 1000.0
        monkeypatch.setattr(throttle, "monotonic", lambda: self.now)
        throttle.forget()

    def test_a_second_of_calls_at_once_then_as_they_drip_in(self):
        for _ in range(10):
            throttle.take(1, 10)
        with pytest.raises(TooManyRequests):
            throttle.take(1, 10)
        self.now += 0.1
        throttle.take(1, 10)
        with pytest.raises(TooManyRequests):
            throttle.take(1, 10)

    def test_one_secret_does_not_use_up_anothers(self):
        throttle.take(1, 1)
        throttle.take(2, 1)
        with pytest.raises(TooManyRequests) as refused:
            throttle.take(1, 1)
        assert refused.value.retry_after_seconds == 1

    def test_a_secret_may_have_a_limit_of_its_own(self, cast):
        _, clear = create_api_secret(company=cast.market_a, name="느린", requests_per_second=2)
        slow = Api(clear)
        assert [slow.get().status_code for _ in range(3)] == [200, 200, 429]
        assert slow.post({"text": "a"}).json()["type"] == "TOO_MANY_REQUESTS"
        assert notes() == []

    def test_control_all_threads_share_one_bucket(self):
        """Unlocked counters lose calls; of 4 × 50 together exactly 100 get through."""

        def call(_):
            try:
                throttle.take(7, 100)
            except TooManyRequests:
                return 0
            return 1

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(call, range(200))) == 100


class TestSecrets:
    def test_only_from_the_addresses_on_its_list(self, cast, settings):
        _, clear = create_api_secret(
            company=cast.market_a,
            name="사무실",
            allowed_networks=["203.0.113.0/24", "2001:db8::/32"],
        )
        api = Api(clear)
        inside = [
            self.status(api, each) for each in ("203.0.113.7", "2001:db8::1", "::ffff:203.0.113.9")
        ]
        outside = [self.status(api, each) for each in ("203.0.114.7", "127.0.0.1", "")]
        assert (inside, outside) == ([200, 200, 200], [403, 403, 403])

    def status(self, api, address):
        return api.client.get(
            "/platform/notes", headers=api.headers, REMOTE_ADDR=address
        ).status_code

    def test_behind_a_proxy_its_word_counts_and_the_callers_does_not(self, cast, settings):
        _, clear = create_api_secret(
            company=cast.market_a, name="사무실", allowed_networks=["203.0.113.7"]
        )
        headers = {"Authorization": f"PortOne {clear}", "X-Forwarded-For": "203.0.113.7, 9.9.9.9"}
        client = Client()
        settings.BEHIND_PROXY = True
        assert client.get("/platform/notes", headers=headers).status_code == 403
        headers["X-Forwarded-For"] = "9.9.9.9, 203.0.113.7"
        assert client.get("/platform/notes", headers=headers).status_code == 200

    def test_rotation_keeps_both_until_the_overlap_ends(self, cast, monkeypatch):
        old, old_clear = create_api_secret(
            company=cast.market_a, name="정산 서버", scopes=frozenset({Permission.TRANSFER_WRITE})
        )
        new, new_clear = rotate_api_secret(secret=old, overlap=timedelta(hours=1))
        assert (new.name, new.scopes) == ("정산 서버", ["TRANSFER_WRITE"])
        answers = [Api(clear).post({"text": "a"}).status_code for clear in (old_clear, new_clear)]
        assert answers == [200, 200]
        later = clock.now() + timedelta(hours=1, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        answers = [Api(clear).post({"text": "a"}).status_code for clear in (old_clear, new_clear)]
        assert answers == [401, 200]

    def test_rotation_lengthens_no_life_and_happens_once(self, cast):
        soon = clock.now() + timedelta(minutes=5)
        old, _ = create_api_secret(company=cast.market_a, name="곧", expires_at=soon)
        new, _ = rotate_api_secret(secret=old, overlap=timedelta(days=7))
        old.refresh_from_db()
        assert (old.expires_at, new.expires_at) == (soon, soon)
        with pytest.raises(Conflict):
            rotate_api_secret(secret=old, overlap=timedelta(0))

    @pytest.mark.parametrize("text", ["300.1.1.1", "example.com", "10.0.0.0/40"])
    def test_lists_hold_addresses_only(self, text):
        with pytest.raises(InvalidRequest):
            parsed_networks(text)

    def test_lists_are_written_in_one_way(self):
        assert parsed_networks("10.1.2.3/8, 203.0.113.7\n203.0.113.7") == [
            "10.0.0.0/8",
            "203.0.113.7/32",
        ]


@pytest.mark.django_db(transaction=True)
def test_64_equal_calls_at_once_apply_once(secret):
    def call(_):
        try:
            return Api(secret).post({"text": "a"}, key=KEY).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(call, range(64)))
    assert set(statuses) <= {200, 409}
    assert statuses.count(200) >= 1
    assert notes() == ["a"]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_unique_claim_equal_calls_apply_again(secret, monkeypatch):
    def unclaimed(request, **_):
        return IdempotencyRecord.objects.create(
            workspace=request.workspace,
            key=f"{request.key}{ulid()}",
            method=request.method,
            path=request.place,
            body_hash=request.body_hash,
            claimed_at=clock.now(),
        )

    monkeypatch.setattr(idempotency, "claim", unclaimed)
    for _ in range(2):
        assert Api(secret).post({"text": "a"}, key=KEY).status_code == 200
    assert notes() == ["a", "a"]
