import pytest

from partners.names import compare_names


@pytest.mark.parametrize(
    ("registered", "bank", "match"),
    [
        ("홍길동", "홍길동", "MATCH"),
        ("홍길동", "홍 길 동", "MATCH"),
        ("주식회사 아이콘", "(주)아이콘", "MATCH"),
        ("㈜아이콘", "주식회사아이콘", "MATCH"),
        ("Icon Inc.", "ICON  INC", "MATCH"),
        ("주식회사 코리아마켓플레이스", "(주)코리아마켓플", "REVIEW"),
        ("홍길동", "홍길동(길동상회)", "REVIEW"),
        ("홍길동(길동상회)", "홍길동", "REVIEW"),
        ("JOHN SMITH", "SMITH JOHN", "REVIEW"),
        ("홍길동", "홍길순", "MISMATCH"),
        ("홍길", "홍길동", "MISMATCH"),
        ("홍길동", "", "MISMATCH"),
        ("주식회사", "(주)", "MISMATCH"),
    ],
)
def test_holder_names(registered, bank, match):
    assert compare_names(registered, bank) == match
