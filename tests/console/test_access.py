"""Who gets in: by login, by company, by role; and what the frame says."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core.companies.models import Role
from tests.cast import PASSWORD
from tests.console.conftest import jobs, text

HOME = "/console/market-a/live/"
OUTSIDE = {"landing", "log_in", "log_out", "logo", "choose_language"}
"""Views of the console that need no company."""


def test_a_stranger_is_sent_to_the_login_and_back(client, cast):
    response = client.get("/console/market-a/live/jobs?tab=FAILED")
    assert response.status_code == 302
    login = response.headers["Location"]
    assert login == "/console/login?next=/console/market-a/live/jobs%3Ftab%3DFAILED"
    response = client.post(
        "/console/login",
        {
            "email": "OWNER@a.example ",
            "password": PASSWORD,
            "next": "/console/market-a/live/jobs?tab=FAILED",
        },
    )
    assert response.headers["Location"] == "/console/market-a/live/jobs?tab=FAILED"


def test_login_never_leaves_the_site(client, cast):
    response = client.post(
        "/console/login",
        {"email": "owner@a.example", "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert response.headers["Location"] == "/console/"


@pytest.mark.parametrize("email", ["owner@a.example", "nobody@a.example"])
def test_a_wrong_pair_says_the_same_whoever_it_is(client, cast, email):
    response = client.post("/console/login", {"email": email, "password": "wrong"})
    assert response.status_code == 422
    assert "이메일 또는 비밀번호가 맞지 않습니다." in text(response)


def test_guessing_is_stopped_even_with_the_right_password(client, cast):
    for _ in range(10):
        client.post("/console/login", {"email": "owner@a.example", "password": "wrong"})
    response = client.post("/console/login", {"email": "owner@a.example", "password": PASSWORD})
    assert response.status_code == 429
    assert "_auth_user_id" not in client.session


def test_htmx_is_told_to_go_to_the_login(client, cast):
    response = client.get(
        HOME, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/x"}
    )
    assert response.headers["HX-Redirect"] == "/console/login?next=/x"


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(client, cast):
    answer = client.post(
        f"{HOME}approvals/a/approve", headers={"Referer": f"http://testserver{HOME}approvals/a"}
    )
    assert answer.headers["Location"] == f"/console/login?next={HOME}approvals/a"


def test_a_foreign_company_is_not_there(browser, cast):
    assert browser(cast.stranger).get(HOME).status_code == 404
    assert browser(cast.stranger).get("/console/market-b/live/").status_code == 200


def test_a_removed_member_is_out_at_once(browser, cast):
    client = browser(cast.viewer)
    assert client.get(HOME).status_code == 200
    cast.viewer.is_active = False
    cast.viewer.save()
    assert client.get(HOME).status_code == 404


def test_a_missing_permission_is_refused_in_words(browser, cast):
    response = browser(cast.viewer).get("/console/market-a/live/secrets")
    assert response.status_code == 403
    assert "이 작업을 할 권한이 없습니다." in text(response)


def test_rows_of_the_other_environment_are_not_there(browser, cast):
    jobs(cast.test, 1)
    client = browser(cast.owner)
    assert client.get("/console/market-a/test/jobs/job-00001").status_code == 200
    assert client.get("/console/market-a/live/jobs/job-00001").status_code == 404


def test_every_page_of_the_test_environment_says_so(browser, cast):
    client = browser(cast.owner)
    assert "테스트 환경" in text(client.get("/console/market-a/test/jobs"))
    assert "테스트 환경" not in text(client.get("/console/market-a/live/jobs"))


def test_the_switch_keeps_the_list(browser, cast):
    page = text(browser(cast.owner).get("/console/market-a/live/jobs"))
    assert '<a href="/console/market-a/test/jobs">테스트</a>' in page


def test_navigation_shows_what_the_role_may_open(browser, cast):
    owner = text(browser(cast.owner).get(HOME))
    viewer = text(browser(cast.viewer).get(HOME))
    assert ">API 시크릿</a>" in owner
    assert ">API 시크릿</a>" not in viewer
    assert ">작업</a>" in viewer
    assert owner.index("API 시크릿") < owner.index(">작업</a>")


def test_the_current_page_is_marked(browser, cast):
    page = text(browser(cast.owner).get("/console/market-a/live/jobs"))
    assert '<a href="/console/market-a/live/jobs" aria-current="page">작업</a>' in page


def test_headers_of_a_page(browser, cast):
    response = browser(cast.owner).get(HOME)
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "HX-Request" in response.headers["Vary"]
    assert response.headers["Cache-Control"] == "no-store"


def test_korean_whatever_the_browser_prefers(client, cast):
    page = text(client.get("/console/login", headers={"Accept-Language": "en-US"}))
    assert "비밀번호" in page


def console_views():
    for pattern in _walk(get_resolver().url_patterns, ""):
        if pattern[0].startswith("console/"):
            yield pattern


def _walk(patterns, prefix):
    for item in patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _walk(item.url_patterns, route)
        elif isinstance(item, URLPattern):
            yield route, item.callback


def test_every_console_view_passes_the_gate():
    """A view without `console_page` would serve rows to anyone."""
    unguarded = {
        view.__name__ for _, view in console_views() if not hasattr(view, "console_permission")
    }
    assert unguarded == OUTSIDE


@pytest.mark.parametrize("role", [role for role in Role if role != Role.API_SECRET])
def test_every_page_of_the_kit_answers_every_role_as_declared(browser, cast, role):
    cast.finance.role = role
    cast.finance.save()
    client = browser(cast.finance)
    for route, view in console_views():
        if "<str:" in route or "<int:" in route or not hasattr(view, "console_permission"):
            continue
        path = "/" + route.replace("<slug:company_slug>", "market-a")
        path = path.replace("<environment:environment>", "live")
        permission = view.console_permission
        allowed = permission is None or cast.finance.may(permission)
        status = client.get(path).status_code
        assert status in ((200, 302, 405) if allowed else (403, 405)), (path, role, status)


def test_logging_out_needs_a_post(browser, cast):
    client: Client = browser(cast.owner)
    assert client.get("/console/logout").status_code == 405
    client.post("/console/logout")
    assert client.get(HOME).status_code == 302


def test_a_language_is_chosen_and_remembered(browser, cast):
    """The browser's own wish is none: Korean until someone asks for English."""
    client = browser(cast.owner)
    korean = client.get(HOME, headers={"Accept-Language": "en-US"})
    assert '<html lang="ko"' in text(korean)
    answer = client.post("/console/language", {"language": "en"}, headers={"Referer": HOME})
    assert (answer.status_code, answer.headers["Location"]) == (302, HOME)
    assert '<html lang="en"' in text(client.get(HOME))
    assert "Log out" in text(client.get(HOME))
    answer = client.post("/console/language", {"language": "en", "page": "/p/abc/"})
    assert answer.headers["Location"] == "/p/abc/"
    answer = client.post("/console/language", {"language": "en", "page": "https://evil.example/"})
    assert answer.headers["Location"] == "/console/"
    client.post("/console/language", {"language": "tlh"})
    assert '<html lang="en"' in text(client.get(HOME))
    client.post("/console/language", {"language": "ko"})
    assert "로그아웃" in text(client.get(HOME))


def test_who_guesses_behind_our_proxy_locks_out_nobody_else(client, cast, settings):
    """There every request comes from the proxy's own address."""
    settings.BEHIND_PROXY = True
    for number in range(10):
        wrong = {"email": f"guess-{number}@example.com", "password": "wrong"}
        client.post("/console/login", wrong, headers={"X-Forwarded-For": "198.51.100.7"})
    pair = {"email": cast.finance.user.email, "password": PASSWORD}
    elsewhere = client.post("/console/login", pair, headers={"X-Forwarded-For": "203.0.113.9"})
    assert elsewhere.status_code == 302
    client.logout()
    same = client.post("/console/login", pair, headers={"X-Forwarded-For": "9.9.9.9, 198.51.100.7"})
    assert same.status_code == 429


def test_a_very_long_address_is_only_a_wrong_pair(client, cast):
    pair = {"email": f"{'a' * 400}@example.com", "password": "wrong"}
    assert client.post("/console/login", pair).status_code == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("jobs?to=9999-12-31", 200),
        ("jobs?from=0001-01-01&to=0001-01-01", 200),
        ("jobs?page=%C2%B2", 200),
        ("jobs?view=%E2%91%A0", 200),
        ("jobs?q=%E2%80%8F%F0%9F%98%80", 200),
        ("search?q=--500", 200),
        ("jobs?q=%00", 400),
        ("search?q=a%00", 400),
        ("jobs/%00", 400),
    ],
)
def test_odd_addresses_are_answered(browser, cast, path, status):
    assert browser(cast.owner).get(HOME + path).status_code == status
