"""Look-ups through Popbill: what is asked, and its answers in our words."""

from datetime import date

import pytest

from core.popbill import PopbillRefused, PopbillSilent
from partners.providers.base import (
    BusinessFacts,
    BusinessQuery,
    HolderQuery,
    LookUpFailed,
    LookUpSilent,
)
from partners.providers.popbill import (
    PopbillBusinessRegistry,
    PopbillCompanyDirectory,
    PopbillHolderCheck,
)

MEMBER = "1248100998"


class Answering:
    """A client that answers one thing and remembers what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, None

    def get(self, *asked, **more):
        self.asked = (*asked, more) if more else asked
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    post = get


def corp(number, state, tax, **facts):
    return {"corpNum": number, "state": state, "taxType": tax} | facts


def test_two_and_three_are_swapped_versus_the_tax_office():
    client = Answering(
        [
            corp("1111111111", "1", "10"),
            corp("2222222222", "2", "30", stateDate="20230131"),
            corp("3333333333", "3", "31", stateDate="2024-02-01", typeDate="20240701"),
            corp("4444444444", "0", None),
            corp("5555555555", "1", "40"),
            corp("6666666666", None, None),
            corp("7777777777", "1", "20"),
        ]
    )
    numbers = [str(digit) * 10 for digit in range(1, 8)]
    registry = PopbillBusinessRegistry(client, MEMBER)
    found = registry.statuses([BusinessQuery(number) for number in numbers])
    assert client.asked == ("/CloseDown", MEMBER, numbers)
    assert list(found.values()) == [
        BusinessFacts("1111111111", "IN_BUSINESS", "NORMAL"),
        BusinessFacts("2222222222", "CLOSED", "SIMPLE", None, date(2023, 1, 31)),
        BusinessFacts(
            "3333333333",
            "SUSPENDED",
            "SIMPLE_TAX_INVOICE_ISSUER",
            date(2024, 7, 1),
            date(2024, 2, 1),
        ),
        BusinessFacts("4444444444", "NOT_FOUND"),
        BusinessFacts("5555555555", "IN_BUSINESS", "ASSIGNED_ID_NUMBER"),
        BusinessFacts("6666666666", "VERIFY_ERROR"),
        BusinessFacts("7777777777", "IN_BUSINESS", "TAX_FREE"),
    ]


@pytest.mark.parametrize(
    ("identity", "path", "more"),
    [
        ({}, "/EasyFin/AccountCheck", {}),
        ({"birthdate": "900131"}, "/EasyFin/DepositorCheck", {"t": "P", "p": "900131"}),
        ({"business_number": MEMBER}, "/EasyFin/DepositorCheck", {"t": "B", "p": MEMBER}),
    ],
)
def test_holders_by_name_or_by_identity(identity, path, more):
    client = Answering({"accountName": " 홍길동 ", "result": "1"})
    name = PopbillHolderCheck(client, MEMBER).look_up(
        HolderQuery("KOOKMIN", "123456", claimed_holder="김철수", **identity)
    )
    assert name == "홍길동"
    assert client.asked == (path, MEMBER, {"query": {"c": "0004", "n": "123456"} | more})


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"accountName": "", "resultMessage": "계좌번호 오류"}, LookUpFailed),
        (PopbillRefused(-18201001, "은행 코드 오류"), LookUpFailed),
        (PopbillRefused(-10010032, "동시 호출 한도 초과"), LookUpSilent),
        (PopbillSilent("502"), LookUpSilent),
    ],
)
def test_failures_keep_their_kind(answer, error):
    with pytest.raises(LookUpFailed) as raised:
        PopbillHolderCheck(Answering(answer), MEMBER).look_up(HolderQuery("KOOKMIN", "1"))
    assert type(raised.value) is error


def test_company_facts():
    client = Answering(
        {
            "corpName": "마켓 상회",
            "ceoname": "김사장",
            "addr": "서울 중구",
            "addrDetail": "3층",
            "bizType": "소매",
            "bizClass": "전자상거래",
        }
    )
    info = PopbillCompanyDirectory(client, MEMBER).look_up("2208162517")
    assert client.asked == ("/BizInfo/Check", MEMBER, {"CN": "2208162517"})
    assert (info.name, info.representative_name, info.address) == (
        "마켓 상회",
        "김사장",
        "서울 중구 3층",
    )
    nobody = Answering({"corpName": None, "result": "400"})
    assert PopbillCompanyDirectory(nobody, MEMBER).look_up("2208162517") is None


def test_test_workspaces_never_leave_the_house(settings, workspace):
    from partners import providers

    settings.HOLDER_CHECK = settings.BUSINESS_REGISTRY = settings.COMPANY_DIRECTORY = "popbill"
    test = workspace.company.workspaces.get(environment="TEST")
    assert isinstance(providers.holder_check(workspace), PopbillHolderCheck)
    assert not isinstance(providers.holder_check(test), PopbillHolderCheck)
    assert isinstance(providers.business_registry(workspace), PopbillBusinessRegistry)
    assert not isinstance(providers.business_registry(test), PopbillBusinessRegistry)
    assert isinstance(providers.company_directory(workspace), PopbillCompanyDirectory)
    assert not isinstance(providers.company_directory(test), PopbillCompanyDirectory)
