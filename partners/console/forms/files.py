from __future__ import annotations

from django import forms


class PartnerFileForm(forms.Form):
    file = forms.FileField(
        label="파트너 파일",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "올릴 파일을 골라 주세요.", "empty": "빈 파일입니다."},
    )
