"""A bare Django view in our own server: three ORM reads and one insert, no rule kept."""

from __future__ import annotations

import json
from uuid import uuid4

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from config.urls import handler404, handler500, urlpatterns
from partners.models import Contract, ContractVersion, Partner
from settlements.models import Transfer

__all__ = ["handler404", "handler500", "urlpatterns"]


@csrf_exempt
def bare(request: HttpRequest) -> JsonResponse:
    body = json.loads(request.body)
    partner = Partner.objects.get(public_id=body["partnerId"])
    contract = Contract.objects.get(pk=partner.default_contract_id)
    version = ContractVersion.objects.get(subject=contract, number=1)
    amount = body["orderDetail"]["orderAmount"]
    transfer = Transfer.objects.create(
        workspace_id=partner.workspace_id,
        public_id=f"bare-{uuid4()}",
        type="ORDER",
        status="IN_PROCESS",
        status_updated_at=timezone.now(),
        partner=partner,
        contract=contract,
        contract_version=version,
        payment_id=body["paymentId"],
        settlement_start_date=timezone.localdate(),
        settlement_date=timezone.localdate(),
        order_amount=amount,
        payment_amount=amount,
        payment_supply_amount=amount,
        settlement_amount=amount,
    )
    return JsonResponse({"id": transfer.public_id})


urlpatterns = [path("bare", bare), *urlpatterns]
