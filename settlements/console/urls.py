from django.urls import path

from settlements.console.views import (
    adopting,
    calculator,
    manual_files,
    settlements,
    simulations,
    transfers,
    upload_fixing,
    upload_mappings,
    uploads,
)

app_name = "settlements"
# `+` begins what cannot be an id.
urlpatterns = [
    path("calculator", calculator.calculator, name="calculator"),
    path("calculator/edit", calculator.calculator_edit, name="calculator_edit"),
    path("calculator/unplan", calculator.calculator_unplan, name="calculator_unplan"),
    path("calculator/parameters", calculator.parameters, name="parameters"),
    path("calculator/parameters/<str:key>/edit", calculator.parameter_edit, name="parameter_edit"),
    path("settlements", settlements.settlement_list, name="settlements"),
    path("settlements/+settle", settlements.settle, name="settle"),
    path("settlements/<str:public_id>", settlements.settlement_detail, name="settlement"),
    path("simulations", simulations.simulation_list, name="simulations"),
    path("simulations/<str:public_id>", simulations.simulation, name="simulation"),
    path("simulations/<str:public_id>/run", simulations.simulation_run, name="simulation_run"),
    path("simulations/<str:public_id>/adopt", adopting.simulation_adopt, name="simulation_adopt"),
    path(
        "simulations/<str:public_id>/partners/<int:pk>",
        simulations.simulated_partner,
        name="simulated_partner",
    ),
    path(
        "simulations/<str:public_id>/transfers/<str:transfer_id>",
        simulations.simulated_transfer,
        name="simulated_transfer",
    ),
    path("transfers", transfers.transfer_list, name="transfers"),
    path("transfers/+manual", transfers.manual_new, name="manual_new"),
    path("transfers/+manual/file", manual_files.file_new, name="manual_file_new"),
    path("transfers/+manual/file/sample", manual_files.file_sample, name="manual_file_sample"),
    path("transfers/+manual/file/<str:public_id>", manual_files.file_preview, name="manual_file"),
    path(
        "transfers/+manual/file/<str:public_id>/register",
        manual_files.file_register,
        name="manual_file_register",
    ),
    path("transfers/<str:public_id>", transfers.transfer_detail, name="transfer"),
    path("transfers/<str:public_id>/delete", transfers.transfer_delete, name="transfer_delete"),
    path("uploads", uploads.upload_list, name="uploads"),
    path("uploads/+new", uploads.upload_new, name="upload_new"),
    path("uploads/+sample.csv", uploads.upload_sample, {"kind": "csv"}, name="upload_sample_csv"),
    path("uploads/+sample.xlsx", uploads.upload_sample, {"kind": "xlsx"}, name="upload_sample"),
    path("uploads/+mappings", upload_mappings.mapping_list, name="upload_mappings"),
    path(
        "uploads/+mappings/<str:public_id>", upload_mappings.mapping_detail, name="upload_mapping"
    ),
    path(
        "uploads/+mappings/<str:public_id>/delete",
        upload_mappings.mapping_delete,
        name="upload_mapping_delete",
    ),
    path("uploads/<str:public_id>", uploads.upload_detail, name="upload"),
    path("uploads/<str:public_id>/map", upload_mappings.upload_map, name="upload_map"),
    path("uploads/<str:public_id>/fix", upload_fixing.upload_fix, name="upload_fix"),
    path("uploads/<str:public_id>/close", upload_fixing.upload_close, name="upload_close"),
    path("uploads/<str:public_id>/register", uploads.upload_register, name="upload_register"),
    path("uploads/<str:public_id>/stop", uploads.upload_stop, name="upload_stop"),
    path("uploads/<str:public_id>/discard", uploads.upload_discard, name="upload_discard"),
    path(
        "uploads/<str:public_id>/rejected.csv",
        upload_fixing.upload_rejected,
        {"kind": "csv"},
        name="upload_rejected_csv",
    ),
    path(
        "uploads/<str:public_id>/rejected.xlsx",
        upload_fixing.upload_rejected,
        {"kind": "xlsx"},
        name="upload_rejected",
    ),
]
