"""What inputs point at: contracts and property keys of one workspace, each read once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Workspace
from partners.errors import ContractNotFound, ContractsNotFound, UserDefinedPropertyNotFound
from partners.models import Contract, PropertyDefinition
from partners.snapshots import CONTRACT, id_pairs


class References:
    def __init__(self, workspace: Workspace, contract_ids: Iterable[str] = ()) -> None:
        self.workspace = workspace
        known = rows(Contract, workspace).filter(public_id__in=set(contract_ids))
        self._contracts = {row.public_id: row for row in known} if contract_ids else {}

    def contract(self, public_id: str) -> Contract:
        if public_id not in self._contracts:
            found = rows(Contract, self.workspace).filter(public_id=public_id).first()
            if found is None:
                raise ContractNotFound()
            self._contracts[public_id] = found
        return self._contracts[public_id]

    def require_contracts(self, public_ids: Iterable[str]) -> None:
        """Refuse with all missing ids at once."""
        missing = sorted(set(public_ids) - self._contracts.keys())
        if missing:
            raise ContractsNotFound(**id_pairs(CONTRACT, missing))

    @cached_property
    def property_keys(self) -> frozenset[str]:
        definitions = PropertyDefinition.objects.filter(
            workspace=self.workspace, object_type=PropertyDefinition.ObjectType.PARTNER
        )
        return frozenset(definitions.values_list("key", flat=True))

    def require_property(self, key: str) -> None:
        if key not in self.property_keys:
            message = _("정의되지 않은 사용자 정의 속성입니다: %(key)s") % {"key": key}
            raise UserDefinedPropertyNotFound(message)
