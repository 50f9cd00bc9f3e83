import pytest

from partners.banks import BANKS, bank_name, find_bank

REFUSED = {
    "SUHYUP_FEDERATION", "ICBC", "BANK_OF_CHINA", "UOB", "BOCOM", "CCB", "KODIT", "KIBO", "SGI",
    "KCIS",
}  # fmt: skip


def test_all_banks_of_the_contract_have_a_code_of_their_own():
    assert len(BANKS) == 79
    assert len({bank.code for bank in BANKS.values()}) == 79
    assert all(len(bank.code) == 3 for bank in BANKS.values())


@pytest.mark.parametrize(
    ("text", "bank"),
    [
        ("국민은행", "KOOKMIN"), ("KB국민", "KOOKMIN"), ("KB 국민은행", "KOOKMIN"),
        ("004", "KOOKMIN"), ("4", "KOOKMIN"), ("0004", "KOOKMIN"), ("kookmin", "KOOKMIN"),
        ("농협은행", "NONGHYUP"), ("지역농협", "LOCAL_NONGHYUP"), ("대구은행", "DAEGU"),
        ("iM뱅크", "DAEGU"), ("ＫＢ국민은행", "KOOKMIN"), ("카카오뱅크", "KAKAO"),
        ("토스", "TOSS"), ("토스증권", "TOSS_SECURITIES"), ("한국산업은행", "KDB"),
        ("새마을금고", "KFCC"), ("우체국", "POST"), ("기업은행", "IBK"),
        ("standard_chartered", "STANDARD_CHARTERED"), ("SC제일은행", "STANDARD_CHARTERED"),
        ("동해은행", None), ("", None), ("999", None),
    ],
)  # fmt: skip
def test_banks_are_found_by_id_code_and_name(text, bank):
    found = find_bank(text)
    assert (found.id if found else None) == bank


def test_every_way_of_writing_leads_to_one_bank():
    for bank in BANKS.values():
        for text in (bank.id, bank.code, bank.name, *bank.other_names):
            assert find_bank(text) is bank, text


def test_where_partners_may_have_accounts():
    assert {bank.id for bank in BANKS.values() if not bank.accepts_partners} == REFUSED
    assert not BANKS["BANK_OF_KOREA"].is_payout_target
    assert BANKS["SHINHAN"].is_payout_target


def test_bank_names():
    assert bank_name("KOOKMIN") == "국민은행"
    assert bank_name("SOMETHING_NEW") == "SOMETHING_NEW"
