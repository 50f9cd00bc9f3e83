"""The lists: partners, their checks, contracts and policies."""

from partners.console.grids.checks import CheckGrid
from partners.console.grids.partners import PartnerGrid
from partners.console.grids.policies import AdditionalFeeGrid, ContractGrid, DiscountShareGrid

__all__ = ["AdditionalFeeGrid", "CheckGrid", "ContractGrid", "DiscountShareGrid", "PartnerGrid"]
