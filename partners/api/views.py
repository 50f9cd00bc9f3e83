"""Settings and the values that filters offer."""

from __future__ import annotations

from typing import Any

from core.api.operations import Call, Operation, WireView
from core.companies.models import Permission
from partners import inputs, queries, services
from partners.api.shapes import partners as partner_shapes
from partners.api.shapes import policies as policy_shapes
from partners.api.shapes import settings as setting_shapes
from partners.snapshots import setting_snapshot


class Setting(WireView):
    tag = "setting"

    @Operation(
        returns=setting_shapes.Setting,
        scope=Permission.POLICY_READ,
        operation_id="getPlatformSetting",
        summary="정산 설정 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return setting_snapshot(services.ensure_setting(call.workspace))

    @Operation(
        body=inputs.UpdateSetting,
        returns=setting_shapes.UpdateSettingResponse,
        scope=Permission.POLICY_WRITE,
        operation_id="updatePlatformSetting",
        summary="정산 설정 수정",
    )
    def patch(self, call: Call[inputs.UpdateSetting]) -> dict[str, Any]:
        setting = services.update_setting(
            workspace=call.workspace, actor=call.actor, update=call.body
        )
        return {"setting": setting_snapshot(setting)}


class PartnerFilterOptions(WireView):
    tag = "partners"

    @Operation(
        returns=partner_shapes.PartnerFilterOptions,
        scope=Permission.PARTNER_READ,
        query={"isArchived": bool},
        operation_id="getPlatformPartnerFilterOptions",
        summary="파트너 필터 선택지 조회",
        unstable=True,
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return queries.partner_options(call.workspace, is_archived=call.flag("isArchived"))


class DiscountShareFilterOptions(WireView):
    tag = "discount-share-policies"

    @Operation(
        returns=policy_shapes.DiscountSharePolicyFilterOptions,
        scope=Permission.POLICY_READ,
        query={"isArchived": bool},
        operation_id="getPlatformDiscountSharePolicyFilterOptions",
        summary="할인 분담 정책 필터 선택지 조회",
        unstable=True,
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return queries.discount_share_options(call.workspace, is_archived=call.flag("isArchived"))
