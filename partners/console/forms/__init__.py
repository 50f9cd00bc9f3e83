"""Forms that become request bodies: what people type, in the shapes of partners.inputs."""

from partners.console.forms.contract import ContractForm
from partners.console.forms.partner import PartnerForm
from partners.console.forms.policies import AdditionalFeeForm, DiscountShareForm
from partners.console.forms.settings import PropertyForm, SettingForm

__all__ = [
    "AdditionalFeeForm",
    "ContractForm",
    "DiscountShareForm",
    "PartnerForm",
    "PropertyForm",
    "SettingForm",
]
