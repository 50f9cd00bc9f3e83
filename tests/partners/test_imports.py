import io

import openpyxl
import pytest

from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.models import Event
from core.tables import TableRefused
from partners import services
from partners.imports import (
    export_partners,
    import_contracts,
    import_discount_share_policies,
    import_partners,
    preview_partners,
)
from partners.inputs import PartnerFilter
from partners.models import Contract, Partner, PartnerVersion, PropertyDefinition
from partners.queries import partners_matching
from tests.partners.bodies import account, contract_body

HEADER = (
    "파트너 ID,파트너명,파트너 유형,사업자등록번호,상호,대표자명,과세 유형,생년월일,기본 계약 ID,"
    "은행,계좌번호,예금주,통화,담당자명,담당자 이메일,담당자 전화번호,태그,메모"
)
SHOP = (
    "shop,마켓 상회,사업자,123-45-00018,마켓 상회,김사장,간이 과세(세금계산서 발행),,basic,"
    "국민은행,004-123-456789,김사장,KRW,담당,shop@example.com,+82-10-1234-5678,식품; 서울,메모"
)
WRITER = (
    "writer,이작가,원천징수 대상자,,,,,19900131,basic,"
    "카카오뱅크,3333012345678,이작가,,담당,writer@example.com,,,"
)


def table(*lines: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join(lines).encode(encoding))


def workbook(*rows: list[object]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file


@pytest.fixture
def load(workspace, actor):
    def load(file: io.BytesIO, where: Workspace = workspace):
        return import_partners(workspace=where, file=file, actor=actor)

    return load


def test_partners_from_a_file(load, contract):
    report = load(table(HEADER, SHOP, WRITER))
    assert report.as_json() == {
        "total": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "failed": 0,
        "unknown_columns": [],
    }
    shop = Partner.objects.get(public_id="shop")
    assert (shop.type, shop.taxation_type, shop.bank, shop.account_number) == (
        "BUSINESS",
        "SIMPLE_TAX_INVOICE_ISSUER",
        "KOOKMIN",
        "004123456789",
    )
    assert (shop.tags, shop.contact_phone) == (["식품", "서울"], "+82-10-1234-5678")
    writer = Partner.objects.get(public_id="writer")
    assert (writer.type, writer.birthdate, writer.currency) == ("WHT_PAYER", "1990-01-31", "KRW")
    assert PartnerVersion.objects.count() == 2
    said = Event.objects.get(kind="partner.bulk_created").changes
    assert (said["count"], len(said["ids"])) == (2, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_encodings(load, contract, encoding):
    assert load(table(HEADER, SHOP, encoding=encoding)).created == 1
    assert Partner.objects.get().name == "마켓 상회"


def test_workbooks_and_english_headings(load, contract):
    file = workbook(
        ["partner_id", "name", "type", "contract_id", "bank", "account_number", "account_holder",
         "contact_name", "email", "birthdate", "Something"],
        ["p-1", "이작가", "WHT_PAYER", "basic", "004", 123456789012, "이작가", "담당",
         "a@example.com", 19900131, "x"],
    )  # fmt: skip
    report = load(file)
    assert (report.created, report.unknown_columns) == (1, ["Something"])
    row = Partner.objects.get()
    assert (row.account_number, row.birthdate) == ("123456789012", "1990-01-31")


def test_the_same_file_twice_changes_nothing(load, contract):
    load(table(HEADER, SHOP, WRITER))
    report = load(table(HEADER, SHOP, WRITER))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert PartnerVersion.objects.count() == 2


def test_a_changed_row_changes_its_partner_and_an_empty_cell_nothing(load, contract):
    load(table(HEADER, SHOP, WRITER))
    report = load(table("파트너 ID,메모,담당자 이메일", "shop,새 메모,", "writer,,"))
    assert (report.updated, report.unchanged) == (1, 1)
    assert report.changes[0].fields == ("메모",)
    shop = Partner.objects.get(public_id="shop")
    assert (shop.memo, shop.contact_email) == ("새 메모", "shop@example.com")
    assert [v.number for v in shop.versions.order_by("number")] == [1, 2]


def test_another_account_in_a_file_is_looked_up_again(load, contract):
    load(table(HEADER, SHOP))
    services.run_due_checks()
    assert Partner.objects.get().account_status == "VERIFIED"
    load(table("파트너 ID,계좌번호", "shop,004-999-999999"))
    row = Partner.objects.get()
    assert (row.account_status, row.bank) == ("NOT_VERIFIED", "KOOKMIN")
    assert row.checks_due_at is not None
    assert Event.objects.get(kind="partner.account_changed").object_id == "shop"


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("파트너 유형", "기타", "사업자 · 원천징수 대상자 · 원천징수 비대상자"),
        ("사업자등록번호", "123-45-67890", "올바르지 않습니다"),
        ("사업자등록번호", "", "필요한 값"),
        ("과세 유형", "모름", "일반 과세 · 간이 과세"),
        ("기본 계약 ID", "nope", "계약을 찾을 수 없습니다"),
        ("은행", "동해은행", "모르는 은행"),
        ("은행", "KODIT", "지급할 수 없습니다"),
        ("계좌번호", "1.77E+11", "엑셀이 숫자를 줄였습니다"),
        ("통화", "CHF", "정산할 수 있는 통화"),
        ("담당자 이메일", "shop", "이메일 주소가 아닙니다"),
        ("파트너 ID", "상점 1", "아이디는 영문"),
        ("파트너 ID", "", "비어 있습니다"),
        ("메모", "가" * 257, "256자까지"),
        ("메모", "=1+1", "수식"),
        ("태그", ";".join("abcdefghijk"), "10개까지"),
    ],
)
def test_each_wrong_cell_is_named(load, contract, column, value, says):
    cells = dict(zip(HEADER.split(","), SHOP.split(","), strict=True)) | {column: value}
    report = load(table(HEADER, WRITER, ",".join(f'"{cell}"' for cell in cells.values())))
    failure = next(f for f in report.failures if f.column == column)
    assert failure.row == 3
    assert says in failure.message
    assert str(failure).startswith(f"3행 「{column}」: ")
    assert not report.applied
    assert not Partner.objects.exists()


def test_duplicates_and_unknown_properties(load, contract):
    report = load(table(f"{HEADER},속성:grade", f"{WRITER},A", f"{WRITER},B"))
    assert [(f.row, f.column) for f in report.failures] == [(2, "속성:grade"), (3, "파트너 ID")]


def test_properties_from_a_file(load, workspace, actor, contract):
    services.define_property(
        workspace=workspace,
        actor=actor,
        object_type=PropertyDefinition.ObjectType.PARTNER,
        key="grade",
        name="등급",
    )
    assert load(table(f"{HEADER},속성:grade", f"{WRITER},A")).created == 1
    assert Partner.objects.get().properties == {"grade": "A"}


def test_archived_partners_are_not_changed_by_a_file(load, contract, actor):
    load(table(HEADER, SHOP))
    services.archive_partner(partner=Partner.objects.get(), actor=actor)
    report = load(table("파트너 ID,메모", "shop,x"))
    assert "보관된 파트너" in str(report.failures[0])


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (table("이름,은행", "a,b"), "COLUMN_MISSING"),
        (table("파트너 ID,메모,메모", "a,b,c"), "COLUMN_TWICE"),
        (table(HEADER), "EMPTY"),
        (io.BytesIO(b""), "EMPTY"),
        (io.BytesIO(b"%PDF-1.4 ..."), "NOT_A_TABLE"),
    ],
)
def test_files_that_are_no_partner_table(load, contract, file, code):
    with pytest.raises(TableRefused) as refused:
        load(file)
    assert refused.value.code == code


def test_a_preview_writes_nothing(workspace, contract):
    report = preview_partners(workspace=workspace, file=table(HEADER, SHOP, WRITER))
    assert (report.created, [c.action for c in report.changes]) == (2, ["등록", "등록"])
    assert not Partner.objects.exists()


def test_a_file_stays_in_its_workspace(load, contract, other_workspace, new_contract):
    load(table(HEADER, SHOP))
    new_contract(where=other_workspace)
    assert load(table(HEADER, SHOP), other_workspace).created == 1
    assert Partner.objects.count() == 2


MANY = 250


def test_many_partners_take_few_queries(load, contract, django_assert_max_num_queries):
    lines = [WRITER.replace("writer", f"w-{n}") for n in range(MANY)]
    with django_assert_max_num_queries(25):
        assert load(table(HEADER, *lines)).created == MANY
    with django_assert_max_num_queries(25):
        assert load(table(HEADER, *lines)).unchanged == MANY
    changed = [line.replace("이작가", "새이름") for line in lines]
    with django_assert_max_num_queries(25 + MANY):  # an event for each changed account
        assert load(table(HEADER, *changed)).updated == MANY


@pytest.fixture
def secret_property(workspace, actor):
    for key, is_secret in (("grade", False), ("score", True)):
        services.define_property(
            workspace=workspace,
            actor=actor,
            object_type=PropertyDefinition.ObjectType.PARTNER,
            key=key,
            name=key,
            is_secret=is_secret,
        )


def export(workspace, actor, format="csv"):
    partners = partners_matching(workspace, PartnerFilter())
    return export_partners(workspace=workspace, partners=partners, actor=actor, format=format)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_export_comes_back_as_no_change(
    load, workspace, actor, contract, secret_property, format
):
    lines = [f"{HEADER},속성:grade,속성:score", f"{SHOP},A,7", f"{WRITER},,"]
    assert load(table(*lines)).created == 2
    exported = export(workspace, actor, format)
    report = load(io.BytesIO(exported))
    assert (report.failures, report.unchanged) == ([], 2)
    assert Event.objects.get(kind="partner.exported").changes == {"count": 2, "format": format}


def test_an_export_hides_what_must_not_be_seen(load, workspace, actor, contract, secret_property):
    load(table(f"{HEADER},속성:score", f"{SHOP},7"))
    viewer = Actor("MEMBER", "1", "보기", 1, frozenset())
    text = export(workspace, viewer).decode("utf-8-sig")
    assert "004123456789" not in text
    assert "****6789" in text
    assert "score" not in text
    assert "'+82-10-1234-5678" in text


def test_contracts_from_bodies(workspace, actor):
    bodies = [contract_body(id="a"), contract_body(id="b")]

    def load(*bodies):
        report = import_contracts(workspace=workspace, bodies=bodies, actor=actor)
        return (report.created, report.updated, report.unchanged)

    assert load(*bodies) == (2, 0, 0)
    assert load(*bodies) == (0, 0, 2)
    assert load(bodies[0], contract_body(id="b", name="새")) == (0, 1, 1)
    assert Contract.objects.get(public_id="b").versions.count() == 2
    with pytest.raises(Exception, match="2번째 계약"):
        load(contract_body(id="c"), contract_body(id="d", platformFee={}))
    assert not Contract.objects.filter(public_id="c").exists()


def test_other_policies_from_bodies(workspace, actor):
    bodies = [{"id": "half", "name": "반반", "partnerShareRate": 50_000}]
    for expected in ((1, 0), (0, 1)):
        report = import_discount_share_policies(workspace=workspace, bodies=bodies, actor=actor)
        assert (report.created, report.unchanged) == expected


def test_what_people_wrote_survives_the_way_out_and_back(
    workspace, actor, new_partner, new_contract
):
    """㈜ is one character on a form and (주) after unicode's normalisation: the holder looked
    changed, the account was unverified again and its payouts were held."""
    new_contract()
    new_partner(
        "-shop",
        name="㈜초록 …상회",
        account=account(holder="㈜초록"),
        tags=["식품, 서울", "ＧＳ"],
        memo=" 앞뒤 빈칸 ",
    )
    services.run_due_checks()
    written = Partner.objects.values().get()
    assert written["account_status"] == "VERIFIED"
    for format in ("csv", "xlsx"):
        partners = partners_matching(workspace, PartnerFilter())
        content = export_partners(
            workspace=workspace, partners=partners, actor=actor, format=format
        )
        report = import_partners(workspace=workspace, file=io.BytesIO(content), actor=actor)
        assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert Partner.objects.values().get() == written


@pytest.mark.parametrize("written", ["ｓｈｏｐ", "'-shop", "shop "])
def test_an_id_in_another_spelling_is_the_same_partner(load, contract, written):
    """It was taken for a new one, and its registration ended in an unexpected error."""
    plain = written.strip().replace("ｓｈｏｐ", "shop").removeprefix("'")
    load(table(HEADER, SHOP.replace("shop,", f"{plain},", 1)))
    report = load(table("파트너 ID,메모", f"{written},새 메모"))
    assert (report.created, report.updated) == (0, 1)
    assert Partner.objects.get(public_id=plain).memo == "새 메모"
