"""The sandbox journal remembers like a provider: once per key, durable, with history."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.sandbox import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "bank" / "journal.sqlite3")


def test_a_key_is_put_once(journal: Journal) -> None:
    with journal.write() as book:
        assert book.put("transfer", "k1", "DONE", {"amount": 100})
        assert not book.put("transfer", "k1", "DONE", {"amount": 999})
    with journal.read() as book:
        record = book.get("transfer", "k1")
    assert record is not None
    assert record.body == {"amount": 100}


def test_kinds_do_not_share_keys(journal: Journal) -> None:
    with journal.write() as book:
        assert book.put("transfer", "k1", "DONE", {})
        assert book.put("account", "k1", "OPEN", {})


def test_a_failed_transaction_leaves_nothing(journal: Journal) -> None:
    with pytest.raises(KeyError), journal.write() as book:  # noqa: PT012
        book.put("transfer", "k1", "DONE", {})
        book.update("transfer", "nobody", "DONE", {})
    with journal.read() as book:
        assert book.get("transfer", "k1") is None


def test_history_keeps_every_state(journal: Journal) -> None:
    with journal.write() as book:
        book.put("transfer", "k1", "ASKED", {})
        book.update("transfer", "k1", "DONE", {"fee": 3})
    with journal.read() as book:
        assert book.history("transfer", "k1") == ["ASKED", "DONE"]
        assert [r.body for r in book.records("transfer", "DONE")] == [{"fee": 3}]
        assert list(book.records("transfer", "ASKED")) == []


def test_updating_an_unknown_key_is_refused(journal: Journal) -> None:
    with pytest.raises(KeyError), journal.write() as book:
        book.update("transfer", "nobody", "DONE", {})


def test_numbers_count_per_name(journal: Journal) -> None:
    with journal.write() as book:
        assert [book.next_number("a"), book.next_number("a"), book.next_number("b")] == [1, 2, 1]


def test_many_keys_are_read_at_once(journal: Journal) -> None:
    with journal.write() as book:
        for number in range(1200):
            book.put("invoice", f"k{number}", "ISSUED", {"n": number})
    with journal.read() as book:
        found = book.get_many("invoice", [f"k{n}" for n in range(0, 1300, 2)])
    assert len(found) == 600
    assert found["k1198"].body == {"n": 1198}


def test_many_first_visitors_at_once(tmp_path: Path) -> None:
    def visit(number: int) -> bool:
        with Journal(tmp_path / str(number // 8) / "journal.sqlite3").write() as book:
            return book.put("visit", str(number), "SEEN", {})

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(visit, range(160)))


def test_a_journal_whose_file_was_removed_starts_anew(tmp_path):
    journal = Journal(tmp_path / "book.sqlite3")
    with journal.write() as book:
        book.put("thing", "1", "NEW", {})
    for file in tmp_path.iterdir():
        file.unlink()
    with journal.write() as book:
        assert book.put("thing", "1", "NEW", {}) is True
