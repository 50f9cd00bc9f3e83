from itertools import product

import pytest

from core import clock
from core.errors import IllegalTransition, InvalidRequest, LostRace
from core.events.models import Event
from partners import inputs, services
from partners.errors import (
    AccountVerificationAlreadyUsed,
    AccountVerificationFailed,
    AccountVerificationNotFound,
    ArchivedPartner,
    ConnectedPartnerBrnUnchangeable,
    ConnectedPartnerTypeUnchangeable,
    ContractNotFound,
    ContractsNotFound,
    CurrencyNotSupported,
    InsufficientDataToChangePartnerType,
    PartnerIdAlreadyExists,
    PartnerIdsAlreadyExist,
    PartnerIdsDuplicated,
    PartnerPendingNtsOperation,
    UserDefinedPropertyNotFound,
)
from partners.models import (
    AccountVerification,
    CompanyVerification,
    ConnectionStatus,
    Partner,
    PartnerStatus,
    PropertyDefinition,
)
from partners.queries import partner_options, partner_terms, partners_matching, payable_problems
from partners.services import partners as partner_services
from partners.snapshots import partner_snapshot
from tests.partners.bodies import BUSINESS, account, partner_body


def change(partner, actor, **facts):
    update = inputs.parse(inputs.UpdatePartner, facts)
    return services.update_partner(partner=partner, update=update, actor=actor)


@pytest.fixture
def grade(workspace, actor) -> PropertyDefinition:
    return services.define_property(
        workspace=workspace,
        actor=actor,
        object_type=PropertyDefinition.ObjectType.PARTNER,
        key="grade",
        name="등급",
    )


def test_a_partner_is_answered_in_the_shape_of_the_contract(grade, contract, new_partner):
    row = new_partner(userDefinedProperties={"grade": {"string": "A"}}, memo="새 파트너")
    snapshot = partner_snapshot(row, clear_account=True)
    assert snapshot.pop("appliedAt").endswith("Z")
    assert snapshot == {
        "id": "seller",
        "graphqlId": "NDpzZWxsZXI=",
        "name": "홍길동 상점",
        "memo": "새 파트너",
        "isArchived": False,
        "isForTest": False,
        "contact": {"name": "담당", "email": "seller@example.com"},
        "account": {
            "bank": "SHINHAN",
            "currency": "KRW",
            "number": "110123456789",
            "holder": "홍길동",
            "status": "NOT_VERIFIED",
        },
        "status": "APPROVED",
        "defaultContractId": "basic",
        "tags": ["식품"],
        "type": {"type": "WHT_PAYER", "birthdate": "1990-01-31"},
        "userDefinedProperties": {"grade": {"string": "A"}},
    }


def test_account_numbers_are_encrypted_and_never_in_versions_or_events(partner, actor):
    change(partner, actor, account=account("999-888-777666"))
    assert partner.account_number == "110123456789"
    assert "110123456789" not in partner.account_number_encrypted
    told = [str(v.content) for v in partner.versions.all()]
    told += [str(e.changes) for e in Event.objects.all()]
    assert not any("110123456789" in text or "999888777666" in text for text in told)
    assert "****6789" in told[0]


def test_businesses(contract, new_partner):
    row = new_partner(type={"business": BUSINESS})
    assert row.business_registration_number == "1234500018"
    assert partner_snapshot(row)["type"] == {
        "type": "BUSINESS",
        "companyName": "마켓 상회",
        "taxationType": "NORMAL",
        "businessStatus": "NOT_VERIFIED",
        "businessRegistrationNumber": "1234500018",
        "representativeName": "김사장",
        "memberCompanyConnectionStatus": "NOT_CONNECTED",
    }
    assert row.checks_due_at is not None


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"defaultContractId": "nope"}, ContractNotFound),
        ({"account": account(currency="CHF")}, CurrencyNotSupported),
        ({"account": account(bank="KODIT")}, InvalidRequest),
        ({"account": account("12-AB-34567")}, InvalidRequest),
        ({"account": account(bank="DONGHAE")}, InvalidRequest),
        ({"type": {}}, InvalidRequest),
        ({"type": {"whtPayer": {}, "nonWhtPayer": {}}}, InvalidRequest),
        (
            {"type": {"business": BUSINESS | {"businessRegistrationNumber": "123-45-67890"}}},
            InvalidRequest,
        ),
        (
            {"type": {"business": BUSINESS | {"businessRegistrationNumber": "888-88-88888"}}},
            InvalidRequest,
        ),
        ({"tags": [str(n) for n in range(11)]}, InvalidRequest),
        ({"contact": {"name": "담당", "email": "no-mail"}}, InvalidRequest),
        ({"userDefinedProperties": {"none": {"string": "x"}}}, UserDefinedPropertyNotFound),
        ({"id": "batch"}, InvalidRequest),
    ],
)
def test_refused_registrations_leave_nothing(contract, new_partner, facts, error):
    with pytest.raises(error):
        new_partner(**{"public_id": "seller"} | facts) if "id" not in facts else new_partner(
            facts["id"]
        )
    assert not Partner.objects.exists()


def test_a_partner_id_is_taken_once(partner, new_partner):
    with pytest.raises(PartnerIdAlreadyExists):
        new_partner()


def test_updates_merge(grade, partner, actor):
    row = change(
        partner,
        actor,
        contact={"email": "new@example.com"},
        userDefinedProperties={"grade": {"string": "B"}},
        tags=["식품", "신규", "식품"],
    )
    assert (row.contact_name, row.contact_email) == ("담당", "new@example.com")
    assert row.tags == ["식품", "신규"]
    assert row.properties == {"grade": "B"}
    assert row.account_number == "110123456789"
    row = change(partner, actor, userDefinedProperties={"grade": {"string": ""}})
    assert row.properties == {}
    assert [v.number for v in row.versions.order_by("number")] == [1, 2, 3]


def test_another_account_must_be_looked_up_again(partner, actor):
    Partner.objects.update(account_status="VERIFIED", checks_due_at=None)
    before = partner.account_changed_at
    same = change(partner, actor, account=account())
    assert (same.account_status, same.checks_due_at) == ("VERIFIED", None)
    moved = change(partner, actor, account=account("220123456789"))
    assert moved.account_status == "NOT_VERIFIED"
    assert moved.checks_due_at is not None
    assert moved.account_changed_at > before
    event = Event.objects.get(kind="partner.account_changed")
    assert event.changes == {
        "account.number": ["****", "****"],
        "account.status": ["VERIFIED", "NOT_VERIFIED"],
    }


def test_an_account_with_the_same_last_digits_is_another_account(partner, actor):
    row = change(partner, actor, account=account("999999996789"))
    assert row.account_number == "999999996789"
    assert row.versions.count() == 2


def test_a_type_change_needs_all_facts_of_the_new_type(partner, actor):
    with pytest.raises(InsufficientDataToChangePartnerType):
        change(partner, actor, type={"business": {"companyName": "상회"}})
    row = change(partner, actor, type={"business": BUSINESS})
    assert (row.type, row.birthdate, row.company_name) == ("BUSINESS", "", "마켓 상회")
    row = change(partner, actor, type={"business": {"companyName": "새 상회"}})
    assert (row.company_name, row.representative_name) == ("새 상회", "김사장")
    row = change(partner, actor, type={"nonWhtPayer": {}})
    assert (row.type, row.company_name, row.business_registration_number) == (
        "NON_WHT_PAYER",
        "",
        "",
    )


def test_a_linked_partner_keeps_its_type_and_number(contract, new_partner, actor):
    row = new_partner(type={"business": BUSINESS})
    for to in (ConnectionStatus.CONNECT_PENDING, ConnectionStatus.CONNECTED):
        services.set_connection_status(partner=row, to=to, actor=actor)
    with pytest.raises(ConnectedPartnerTypeUnchangeable):
        change(row, actor, type={"whtPayer": {}})
    with pytest.raises(ConnectedPartnerBrnUnchangeable):
        change(row, actor, type={"business": {"businessRegistrationNumber": "314-86-01237"}})
    assert change(row, actor, type={"business": {"companyName": "새"}}).company_name == "새"


def test_every_connection_move(contract, new_partner, actor):
    row = new_partner(type={"business": BUSINESS})
    for came_from, to in product(ConnectionStatus, ConnectionStatus):
        Partner.objects.update(connection_status=came_from)
        row.refresh_from_db()
        if to in Partner.CONNECTION_MOVES[came_from]:
            services.set_connection_status(partner=row, to=to, actor=actor, reason="까닭")
            row.refresh_from_db()
            assert row.connection_status == to
            assert row.connection_failed_reason == ("까닭" if to == "CONNECT_FAILED" else "")
        else:
            with pytest.raises(IllegalTransition):
                services.set_connection_status(partner=row, to=to, actor=actor)


def test_a_stale_connection_move_loses(partner, actor):
    stale = Partner.objects.get(pk=partner.pk)
    services.set_connection_status(
        partner=partner, to=ConnectionStatus.CONNECT_PENDING, actor=actor
    )
    with pytest.raises(LostRace):
        services.set_connection_status(
            partner=stale, to=ConnectionStatus.CONNECT_PENDING, actor=actor
        )


def test_every_status_move(partner, actor):
    for came_from, to in product(PartnerStatus, PartnerStatus):
        Partner.objects.update(status=came_from)
        partner.refresh_from_db()
        act = {
            "APPROVED": lambda: services.approve_partner(partner=partner, actor=actor),
            "REJECTED": lambda: services.reject_partner(
                partner=partner, actor=actor, reason="서류"
            ),
        }.get(to)
        if act is None:
            continue
        if to in Partner.TRANSITIONS[came_from]:
            act()
            partner.refresh_from_db()
            assert partner.status == to
        else:
            with pytest.raises(IllegalTransition):
                act()


def test_archive_and_recover(partner, actor, monkeypatch):
    def in_use(row):
        raise InvalidRequest("진행 중")

    monkeypatch.setattr(partner_services, "ARCHIVE_GUARDS", [in_use])
    with pytest.raises(InvalidRequest, match="진행 중"):
        services.archive_partner(partner=partner, actor=actor)
    monkeypatch.setattr(partner_services, "ARCHIVE_GUARDS", [])
    assert services.archive_partner(partner=partner, actor=actor).is_archived
    with pytest.raises(ArchivedPartner):
        change(partner, actor, memo="x")
    assert not services.recover_partner(partner=partner, actor=actor).is_archived
    Partner.objects.update(connection_status="CONNECT_PENDING")
    for verb in (services.archive_partner, services.recover_partner):
        with pytest.raises(PartnerPendingNtsOperation):
            verb(partner=partner, actor=actor)


def account_verification(workspace, holder="홍길동", number="110123456789"):
    from core.crypto import search_hash

    return AccountVerification.objects.create(
        workspace=workspace,
        public_id="av-1",
        bank="SHINHAN",
        account_number_hash=search_hash(number),
        holder_name=holder,
    )


def test_a_verification_verifies_the_account_once(workspace, contract, new_partner):
    account_verification(workspace)
    row = new_partner(account=account(accountVerificationId="av-1"))
    assert (row.account_status, row.account_holder_found) == ("VERIFIED", "홍길동")
    assert row.checks_due_at is None
    assert payable_problems(row) == []
    with pytest.raises(AccountVerificationAlreadyUsed):
        new_partner("second", account=account(accountVerificationId="av-1"))
    with pytest.raises(AccountVerificationNotFound):
        new_partner("third", account=account(accountVerificationId="av-2"))


def test_a_verification_must_fit(workspace, contract, new_partner):
    account_verification(workspace, holder="김길동")
    with pytest.raises(AccountVerificationFailed):
        new_partner(account=account(accountVerificationId="av-1"))
    assert AccountVerification.objects.get().used_at is None


def test_a_foreign_verification_does_not_exist(other_workspace, contract, new_partner):
    account_verification(other_workspace)
    with pytest.raises(AccountVerificationNotFound):
        new_partner(account=account(accountVerificationId="av-1"))


def test_a_company_verification_sets_the_business_status(workspace, contract, new_partner):
    CompanyVerification.objects.create(
        workspace=workspace,
        public_id="cv-1",
        business_registration_number="1234500018",
        taxation_type="SIMPLE",
        business_status="CLOSED",
    )
    with pytest.raises(InvalidRequest, match="사업자등록번호가 다릅니다"):
        new_partner(
            type={
                "business": BUSINESS
                | {"businessRegistrationNumber": "3148601237", "companyVerificationId": "cv-1"}
            }
        )
    row = new_partner(type={"business": BUSINESS | {"companyVerificationId": "cv-1"}})
    assert (row.business_status, row.taxation_type_found) == ("CLOSED", "SIMPLE")


def bodies(*facts):
    return [inputs.parse(inputs.CreatePartner, partner_body(**f)) for f in facts]


def test_a_batch_registers_all_in_order(workspace, contract, actor, django_assert_max_num_queries):
    wanted = bodies(*({"id": f"s-{n}"} for n in range(50)))
    with django_assert_max_num_queries(10):
        made = services.create_partners(workspace=workspace, actor=actor, bodies=wanted)
    assert [p.public_id for p in made] == [f"s-{n}" for n in range(50)]
    said = Event.objects.get(kind="partner.bulk_created").changes
    assert said == {"count": 50, "ids": [f"s-{n}" for n in range(50)]}
    assert all(p.versions.get().content["id"] == p.public_id for p in made[:3])


@pytest.mark.parametrize(
    ("facts", "error", "ids"),
    [
        (({"id": "a"}, {"id": "b"}, {"id": "a"}), PartnerIdsDuplicated, ["a"]),
        (({"id": "a"}, {"id": "seller"}), PartnerIdsAlreadyExist, ["seller"]),
        (
            ({"id": "a", "defaultContractId": "x"}, {"id": "b", "defaultContractId": "y"}),
            ContractsNotFound,
            ["x", "y"],
        ),
    ],
)
def test_a_batch_is_all_or_nothing(workspace, partner, actor, facts, error, ids):
    with pytest.raises(error) as raised:
        services.create_partners(workspace=workspace, actor=actor, bodies=bodies(*facts))
    assert raised.value.extra["ids"] == ids
    assert len(raised.value.extra["graphqlIds"]) == len(ids)
    assert Partner.objects.count() == 1


def test_a_batch_refuses_a_used_verification_as_invalid(workspace, contract, actor):
    with pytest.raises(InvalidRequest):
        services.create_partners(
            workspace=workspace,
            actor=actor,
            bodies=bodies({"account": account(accountVerificationId="av-9")}),
        )
    assert not Partner.objects.exists()


def test_filters_and_options(workspace, contract, new_contract, new_partner, actor):
    new_contract("vip")
    new_partner("a", type={"business": BUSINESS}, tags=["식품", "서울"])
    new_partner("b", defaultContractId="vip", account=account("220987654321", bank="KAKAO"))
    new_partner("c", tags=["의류"], memo="VIP 고객")
    services.archive_partner(partner=new_partner("d", tags=["옛날"]), actor=actor)

    def ids(**filter):
        found = partners_matching(workspace, inputs.parse(inputs.PartnerFilter, filter))
        return "".join(row.public_id for row in found)

    assert ids() == "cba"
    assert ids(isArchived=True) == "d"
    assert ids(tags=["서울", "의류"]) == "ca"
    assert ids(types=["BUSINESS"]) == "a"
    assert ids(banks=["KAKAO"], contractIds=["vip"]) == "b"
    assert ids(banks=["KAKAO"], contractIds=["basic"]) == ""
    assert ids(taxationTypes=["NORMAL"]) == "a"
    assert ids(businessStatuses=["NOT_VERIFIED"], types=["BUSINESS"]) == "a"
    assert ids(keyword={"businessRegistrationNumber": "45-000"}) == "a"
    assert ids(keyword={"accountNumber": "220-987-654321"}) == "b"
    assert ids(keyword={"accountNumber": "4321"}) == "b"
    assert ids(keyword={"memo": "vip"}) == "c"
    assert ids(keyword={"email": "SELLER@"}) == "cba"
    assert partner_options(workspace) == {
        "tags": ["서울", "식품", "의류"],
        "contractSummary": [{"id": "basic", "name": "기본"}, {"id": "vip", "name": "기본"}],
    }
    assert partner_options(workspace, is_archived=True)["tags"] == ["옛날"]


def test_workspaces_do_not_see_each_other(partner, other_workspace, new_partner):
    assert not partners_matching(other_workspace, inputs.PartnerFilter()).exists()
    assert partner_terms(other_workspace) == {}
    with pytest.raises(ContractNotFound):
        new_partner(where=other_workspace)


def test_partner_terms(workspace, partner):
    found = partner_terms(workspace, ["seller", "nobody"])
    assert set(found) == {"seller"}
    assert found["seller"].currency == "KRW"
    assert found["seller"].contract.on(clock.today()) == "basic"


def test_who_may_not_be_paid(partner):
    def codes(hold_hours=0, **facts):
        for name, value in ({"account_status": "VERIFIED"} | facts).items():
            setattr(partner, name, value)
        return [problem.code for problem in payable_problems(partner, hold_hours=hold_hours)]

    assert codes() == []
    assert codes(account_status="VERIFY_FAILED") == ["ACCOUNT_VERIFY_FAILED"]
    assert codes(account_status="NOT_VERIFIED", currency="USD") == []
    assert codes(currency="KRW", status="PENDING") == ["PARTNER_NOT_APPROVED"]
    assert codes(status="APPROVED", bank="KEXIM") == ["BANK_NOT_PAYABLE"]
    assert codes(bank="SHINHAN", hold_hours=24) == []
    assert codes(account_changed_at=clock.now(), hold_hours=24) == ["ACCOUNT_RECENTLY_CHANGED"]
    assert codes(hold_hours=0) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "shop\n"},
        {"contact": {"name": "담당", "email": "shop@example.com\n"}},
        {"account": account(currency="KRW\n")},
    ],
)
def test_no_newline_hides_at_the_end_of_an_id(wrong):
    """A line read from a file and sent as it is: nobody found that partner, nor mailed to it."""
    with pytest.raises(InvalidRequest):
        inputs.parse(inputs.CreatePartner, partner_body(**wrong))
