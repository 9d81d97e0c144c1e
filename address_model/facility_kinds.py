"""The kinds of places of service of a community (村社资源)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class FacilityKind(StrEnum):
    """What a place of service is."""

    AED = "aed"
    SERVICE_CENTRE = "service_centre"
    HEALTH_STATION = "health_station"
    ELDER_CARE = "elder_care"
    ELDER_CANTEEN = "elder_canteen"
    CHILDREN = "children"
    SHELTER = "shelter"
    CULTURE_HALL = "culture_hall"
    TOILET = "toilet"


FACILITY_KIND_NAMES: Mapping[FacilityKind, str] = MappingProxyType(
    {
        FacilityKind.AED: "自动体外除颤器（AED）",
        FacilityKind.SERVICE_CENTRE: "便民服务中心",
        FacilityKind.HEALTH_STATION: "卫生服务站",
        FacilityKind.ELDER_CARE: "养老照料中心",
        FacilityKind.ELDER_CANTEEN: "老年食堂",
        FacilityKind.CHILDREN: "儿童之家",
        FacilityKind.SHELTER: "避灾安置场所",
        FacilityKind.CULTURE_HALL: "文化礼堂",
        FacilityKind.TOILET: "公共厕所",
    }
)
